"""What was planned and done before: questions to the log by the keys of its rows and what the far side calls things."""

import json
from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Unicode, bindparam, cast, exists, func, select

from storage.keys import fit
from storage.models import IntegrationLog
from storage.prepared import Prepared, locked
from storage.turns import DONE

NEWEST = 300
"""Rows that `posted_since` looks at."""
NEWEST_CALLS = 5000
"""Rows that `sent_about` looks at."""
READING = ("read_", "find_", "look_", "search_")
"""How the names of operations begin that change nothing."""
MOST_UNENDED = 20
"""Rows that `unended` gives."""
_ROWS: Any = IntegrationLog.__table__
_WITH_KEY = Prepared(select(_ROWS).where(_ROWS.c.key == bindparam("wanted")))
_LOCKED = locked(_ROWS)
_NEWEST = Prepared(
    select(_ROWS.c.id).where(_ROWS.c.ordering_key == bindparam("of")).order_by(_ROWS.c.id.desc()).limit(1)
)


def in_flight(connection: Connection, ordering_key: str, operation: str) -> bool:
    """Whether a call of this operation may have left and is not judged yet."""
    sent = exists().where(
        IntegrationLog.ordering_key == fit(ordering_key),
        IntegrationLog.turn != DONE,
        IntegrationLog.operation == operation,
        IntegrationLog.sent_at.is_not(None),
    )
    return bool(connection.scalar(select(sent)))


def tried(connection: Connection, ordering_key: str, operation: str) -> bool:
    """Whether a call of this operation is not done yet and may have had its effect; for one that may be repeated."""
    begun = exists().where(
        IntegrationLog.ordering_key == fit(ordering_key),
        IntegrationLog.turn != DONE,
        IntegrationLog.operation == operation,
        IntegrationLog.attempts > 0,
    )
    return bool(connection.scalar(select(begun)))


def waiting(connection: Connection, ordering_key: str, operations: Collection[str] = ()) -> bool:
    """Whether a call of this ordering key, and of one of these operations if any are named, is not ended yet."""
    named = {f"operation{place}": operation for place, operation in enumerate(operations)}
    return _waiting(tuple(named)).first(connection, {"of": fit(ordering_key), **named}) is not None


@cache
def _waiting(names: tuple[str, ...]) -> Prepared:
    """`waiting` for as many operations as there are names of parameters."""
    these = [_ROWS.c.ordering_key == bindparam("of"), _ROWS.c.turn != DONE]
    if names:
        these.append(_ROWS.c.operation.in_([bindparam(name) for name in names]))
    return Prepared(select(_ROWS.c.id).where(*these).limit(1))


def unended(connection: Connection, ordering_key: str) -> list[Any]:
    """The calls of this ordering key that are not ended yet, as their rows, the youngest first."""
    these = select(_ROWS).where(_ROWS.c.ordering_key == fit(ordering_key), _ROWS.c.turn != DONE)
    return list(connection.execute(these.order_by(_ROWS.c.id.desc()).limit(MOST_UNENDED)))


def unended_within(connection: Connection, prefix: str) -> list[Any]:
    """The calls whose ordering key begins so (in plain ASCII) that are not ended yet, as their rows, oldest first."""
    end = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    these = (_ROWS.c.ordering_key >= prefix, _ROWS.c.ordering_key < end, _ROWS.c.turn != DONE)
    return list(connection.execute(select(_ROWS).where(*these).order_by(_ROWS.c.id)))


def sent_pending(connection: Connection, operation: str) -> list[dict[str, Any]]:
    """The payloads of the calls of one operation that may have left and are not judged yet."""
    rows = select(IntegrationLog.payload).where(
        IntegrationLog.status == "pending",
        IntegrationLog.operation == operation,
        IntegrationLog.sent_at.is_not(None),
    )
    return [json.loads(payload) for payload in connection.scalars(rows)]


def has_remote_id(connection: Connection, service: str, operation: str, remote_id: str) -> bool:
    """Whether a call of this operation made what this service calls by this id: another may call its own so too."""
    rows = exists().where(
        IntegrationLog.remote_id == fit(remote_id),
        IntegrationLog.operation == operation,
        IntegrationLog.target_service == service,
    )
    return bool(connection.scalar(select(rows)))


def with_key(connection: Connection, key: str) -> Any:
    """The row with this key, in any state."""
    return _WITH_KEY.first(connection, {"wanted": fit(key)})


def locked_with_key(connection: Connection, key: str) -> Any:
    """As `with_key`, locked."""
    row = with_key(connection, key)
    return None if row is None else _LOCKED.first(connection, {"row_id": row.id})


def with_prefix(connection: Connection, prefix: str) -> list[Any]:
    """The rows whose key begins so (a short one, in plain ASCII), in any state, by their keys."""
    end = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    return list(connection.execute(select(_ROWS).where(_ROWS.c.key >= prefix, _ROWS.c.key < end).order_by(_ROWS.c.key)))


def newest(connection: Connection, ordering_key: str) -> Any:
    """The newest row of an ordering key, in any state, locked; None if there is none."""
    row = _NEWEST.first(connection, {"of": fit(ordering_key)})
    return None if row is None else _LOCKED.first(connection, {"row_id": row.id})


def newest_of(connection: Connection, ordering_key: str, operation: str, limit: int) -> list[Any]:
    """The newest calls of an operation of an ordering key, in any state, the newest first."""
    rows = select(_ROWS).where(_ROWS.c.ordering_key == fit(ordering_key), _ROWS.c.operation == operation)
    return list(connection.execute(rows.order_by(_ROWS.c.id.desc()).limit(limit)))


def without_effect(connection: Connection, ordering_key: str, operation: str) -> list[Any]:
    """The calls of an ordering key that were left out, or are not ended yet; not those that failed."""
    idle = select(_ROWS).where(
        _ROWS.c.ordering_key == fit(ordering_key), _ROWS.c.operation == operation, _ROWS.c.status != "failed",
        (_ROWS.c.remote_id == "") | _ROWS.c.remote_id.is_(None),
    )  # fmt: skip
    return list(connection.execute(idle.order_by(_ROWS.c.id)))


def superseded(connection: Connection, row_id: int, ordering_key: str) -> bool:
    """Whether a newer row than this one of the same ordering key was planned."""
    newer = exists().where(IntegrationLog.ordering_key == fit(ordering_key), IntegrationLog.id > row_id)
    return bool(connection.scalar(select(newer)))


def posted_since(connection: Connection, channel: str, since: datetime) -> list[dict[str, Any]]:
    """The payloads of what was planned, changed or posted in a channel since then, so far as it is among the newest."""
    newest = connection.scalar(select(func.max(_ROWS.c.id))) or 0
    rows = select(_ROWS.c.payload).where(
        _ROWS.c.id > newest - NEWEST,
        _ROWS.c.target_id.startswith(channel, autoescape=True),  # what was posted has its own id behind it
        _ROWS.c.operation == "post_message",
        _ROWS.c.updated_at >= since,
    )
    return [json.loads(payload) for payload in connection.scalars(rows)]


def marked(connection: Connection, operation: str, marker: str) -> dict[str, Any] | None:
    """The payload of the call of an operation that has this marker and did not fail; None if there is none."""
    found = select(_ROWS.c.payload).where(
        _ROWS.c.marker == fit(marker), _ROWS.c.operation == operation, _ROWS.c.status != "failed"
    )
    payload = connection.scalar(found.limit(1))
    return None if payload is None else json.loads(payload)


def askers(connection: Connection, service: str, operations: Collection[str], remote_ids: Collection[str]) -> list[str]:
    """The people (`team/user`) at whose wish such calls made what this service calls by one of these ids."""
    rows = select(_ROWS.c.payload).where(
        _ROWS.c.operation.in_(operations),
        _ROWS.c.target_service == service,
        _ROWS.c.status != "failed",
        _ROWS.c.remote_id.in_(list(map(fit, remote_ids))),
    )
    found = [json.loads(payload).get("requester") for payload in connection.scalars(rows)]
    return sorted({asker for asker in found if asker})


def _is_to(target: str) -> ColumnElement[bool]:
    # MySQL has no small letters for bytes, which is what keys are there.
    return func.lower(cast(_ROWS.c.target_id, Unicode(255))) == fit(target).lower()


def sent_about(
    connection: Connection, target: str, operations: Collection[str], since: datetime, until: datetime
) -> list[Any]:
    """The calls of these operations to a target (an issue) that left in that time and did not fail, the oldest first.

    So far as they are among the newest rows; small and capital letters alike, since people type names in either.
    """
    newest = connection.scalar(select(func.max(_ROWS.c.id))) or 0
    rows = select(_ROWS).where(
        _ROWS.c.id > newest - NEWEST_CALLS,
        _is_to(target),
        _ROWS.c.operation.in_(operations),
        _ROWS.c.status != "failed",
        _ROWS.c.sent_at.between(since, until),
    )
    return list(connection.execute(rows.order_by(_ROWS.c.id)))


def written_about(connection: Connection, service: str, target: str, since: datetime, until: datetime) -> list[Any]:
    """All calls to a target that may have changed something there, otherwise as `sent_about`."""
    newest = connection.scalar(select(func.max(_ROWS.c.id))) or 0
    rows = select(_ROWS).where(
        _ROWS.c.id > newest - NEWEST_CALLS,
        _ROWS.c.target_service == service,
        _is_to(target),
        *(_ROWS.c.operation.not_like(f"{reading}%") for reading in READING),
        _ROWS.c.status != "failed",
        _ROWS.c.sent_at.between(since, until),
    )
    return list(connection.execute(rows.order_by(_ROWS.c.id)))


def payload_of(row: Any) -> dict[str, Any]:
    """The payload of a row as `with_key` and `with_prefix` give it."""
    return json.loads(row.payload)
