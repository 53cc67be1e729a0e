"""Subscriptions: which events of a repository or project reach which channel.

Each counts how often its channel refused for good since something last reached it (`strike`, `recover`); one that is
paused keeps its place, and nothing is planned for it until it is made again.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from storage.engine import insert_new
from storage.models import Subscription
from storage.prepared import Prepared, locked

_ROWS: Any = Subscription.__table__
_NOT_PAUSED: dict[str, Any] = {"strikes": 0, "paused_at": None, "paused_reason": None}


@dataclass(frozen=True)
class Wanted:
    """A subscription as its makers write it; `channel` is qualified (`team/channel`)."""

    source_service: str
    source: str
    channel: str
    events: Sequence[str]
    filters: Mapping[str, Any]
    private: bool
    created_by: str


@dataclass(frozen=True)
class Kept:
    """A subscription as it is kept."""

    id: int
    source_service: str
    source: str
    channel: str
    events: tuple[str, ...]
    filters: dict[str, Any]
    private: bool
    created_by: str
    paused: str
    """Why it is paused; empty if it is not."""


def source_key(service: str, source: str) -> str:
    """The source in the case that the service compares names in: GitHub ignores case, Jira's keys are upper."""
    return source.lower() if service == "github" else source.upper()


def put(connection: Connection, wanted: Wanted, now: datetime) -> int:
    """Store a subscription; the channel's earlier one for the same source is replaced, and its pause ends.

    Returns its id.
    """
    content = {
        "source": wanted.source, "events": json.dumps(list(wanted.events)), "filters": json.dumps(dict(wanted.filters)),
        "private": int(wanted.private), "created_by": wanted.created_by, "updated_at": now, **_NOT_PAUSED,
    }  # fmt: skip
    key = {
        "source_service": wanted.source_service,
        "source_key": source_key(wanted.source_service, wanted.source),
        "channel": wanted.channel,
    }
    values = key | content | {"created_at": now}
    row_id = insert_new(connection, Subscription.__table__, values)  # pyright: ignore[reportArgumentType]
    if row_id is not None:
        return row_id
    this = [_ROWS.c[name] == value for name, value in key.items()]
    known: int = connection.execute(select(_ROWS.c.id).where(*this).with_for_update()).scalar_one()
    _write(connection, known, content)
    return known


def change(connection: Connection, row_id: int, now: datetime, *, paused: str | None = None, **content: Any) -> bool:
    """Replace `events` or `filters` of a subscription; False if there is none with this id.

    `paused` is the reason to pause it for (one that is paused already keeps its own), or empty to end its pause.
    """
    row = _LOCKED.first(connection, {"row_id": row_id})
    if row is None:
        return False
    values = {name: json.dumps(value) for name, value in content.items()} | {"updated_at": now}
    if paused == "":
        values |= _NOT_PAUSED
    elif paused and row.paused_at is None:
        values |= _paused(paused, now)
    _write(connection, row_id, values)
    return True


def strike(connection: Connection, row_id: int, channel: str, reason: str, limit: int, now: datetime) -> Kept | None:
    """Count a refusal of the channel; returns the subscription if it is this one, the `limit`th, that pauses it."""
    row = _LOCKED.first(connection, {"row_id": row_id})
    # On SQLite the id of a subscription that ended may be another's by now: the channel tells them apart.
    if row is None or row.channel != channel or row.paused_at is not None:
        return None
    last = row.strikes + 1 >= limit
    _write(connection, row_id, {"strikes": row.strikes + 1, **(_paused(reason, now) if last else {})})
    return _kept(_LOCKED.first(connection, {"row_id": row_id})) if last else None


_HAS_STRIKES = (
    _ROWS.c.id == bindparam("row_id"), _ROWS.c.channel == bindparam("at"), _ROWS.c.strikes > 0,
    _ROWS.c.paused_at.is_(None),
)  # fmt: skip
_LOCKED = locked(_ROWS)
_STRUCK = Prepared(select(_ROWS.c.id).where(*_HAS_STRIKES))
_RECOVERED = update(_ROWS).where(*_HAS_STRIKES).values(strikes=0)
_OF_SOURCE = Prepared(
    select(_ROWS)
    .where(_ROWS.c.source_service == bindparam("service"), _ROWS.c.source_key == bindparam("source"))
    .order_by(_ROWS.c.id)
)


def recover(connection: Connection, row_id: int, channel: str) -> None:
    """Note that something reached the channel; nothing is written, and no lock taken, unless there are strikes."""
    this = {"row_id": row_id, "at": channel}
    if _STRUCK.first(connection, this) is not None:
        connection.execute(_RECOVERED, this)


def _paused(reason: str, now: datetime) -> dict[str, Any]:
    return {"paused_at": now, "updated_at": now, "paused_reason": reason[:255]}


def _write(connection: Connection, row_id: int, values: Mapping[str, Any]) -> None:
    connection.execute(update(_ROWS).where(_ROWS.c.id == row_id).values(values))


def remove(connection: Connection, service: str, source: str, channel: str) -> bool:
    """End a channel's subscription; False if it had none."""
    this = (
        _ROWS.c.source_service == service, _ROWS.c.source_key == source_key(service, source),
        _ROWS.c.channel == channel,
    )  # fmt: skip
    row_id = connection.scalar(select(_ROWS.c.id).where(*this))
    return row_id is not None and remove_id(connection, row_id)


def remove_id(connection: Connection, row_id: int) -> bool:
    """End a subscription by its id; False if there is none."""
    outcome: Any = connection.execute(delete(Subscription).where(Subscription.id == row_id))
    return bool(outcome.rowcount)


def of_source(connection: Connection, service: str, source: str) -> list[Kept]:
    """Who wants to hear of this repository or project."""
    given = {"service": service, "source": source_key(service, source)}
    return [_kept(row) for row in _OF_SOURCE.all(connection, given)]


def sources(connection: Connection, service: str) -> set[str]:
    """Every project or repository that a channel hears of, as `source_key` writes it."""
    return set(connection.scalars(select(_ROWS.c.source_key).where(_ROWS.c.source_service == service).distinct()))


def of_channel(connection: Connection, channel: str, service: str) -> list[Kept]:
    """What a channel hears of from one service."""
    these = select(_ROWS).where(_ROWS.c.channel == channel, _ROWS.c.source_service == service)
    return [_kept(row) for row in connection.execute(these.order_by(_ROWS.c.source_key))]


def _kept(row: Any) -> Kept:
    return Kept(
        row.id, row.source_service, row.source, row.channel, tuple(json.loads(row.events)), json.loads(row.filters),
        bool(row.private), row.created_by, (row.paused_reason or "") if row.paused_at else "",
    )  # fmt: skip
