"""Mappings: which identifier on one side belongs to which on the other.

A mapping is written from where it came (`slack → jira` for a ticket made of a message, `jira → slack` for a card that a
webhook opened) and found from either end.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, Connection, bindparam, delete, select, union_all, update

from storage.engine import insert_new
from storage.keys import fit
from storage.models import ServiceMapping
from storage.prepared import Prepared

NONE = "\x00"
_ROWS: Any = ServiceMapping.__table__


@dataclass(frozen=True)
class NewMapping:
    """Two ends that belong together. `uid` is the numeric id behind the Jira or GitHub end (`jira/10001`)."""

    mapping_type: str
    source_service: str
    source_id: str
    target_service: str
    target_id: str
    uid: str
    extra: Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """A mapping seen from one end: `id` is the other end."""

    row_id: int
    id: str
    source_service: str
    """Where the mapping came from: `slack` for a thread that people opened."""
    extra: dict[str, Any]
    uid: str = ""
    """The numeric id behind the Jira or GitHub end, with what it is an id of (`github/discussion/7`)."""


def put(connection: Connection, new: NewMapping, now: datetime) -> int:
    """Store a mapping; one that exists gets the new extra data added to its own. Returns the row's id."""
    pair = {
        "source_service": new.source_service, "source_id": fit(new.source_id),
        "target_service": new.target_service, "target_id": fit(new.target_id), "mapping_type": new.mapping_type,
    }  # fmt: skip
    values = pair | {"uid": fit(new.uid), "extra_data": json.dumps(dict(new.extra)), "created_at": now}
    row_id = insert_new(connection, ServiceMapping.__table__, values)  # pyright: ignore[reportArgumentType]
    if row_id is not None:
        return row_id
    this = [_ROWS.c[name] == value for name, value in pair.items()]
    known = connection.execute(select(_ROWS.c.id).where(*this)).scalar_one()
    add_extra(connection, known, new.extra)
    return known


def forget(connection: Connection, row_id: int) -> None:
    """Forget a mapping."""
    connection.execute(delete(_ROWS).where(_ROWS.c.id == row_id))


def add_extra(connection: Connection, row_id: int, extra: Mapping[str, Any]) -> None:
    """Add to a mapping's extra data."""
    this = _ROWS.c.id == row_id
    data = connection.scalar(select(_ROWS.c.extra_data).where(this).with_for_update())
    if data is not None:
        new = json.dumps(json.loads(data) | dict(extra))
        connection.execute(update(_ROWS).where(this).values(extra_data=new))


def of_type(connection: Connection, mapping_type: str, source: str, target: str) -> list[tuple[str, Found]]:
    """All mappings of a type from one service to another, the oldest first: each with its source's id."""
    these = (_ROWS.c.mapping_type == mapping_type, _ROWS.c.source_service == source, _ROWS.c.target_service == target)
    rows = connection.execute(select(_ROWS).where(*these).order_by(_ROWS.c.id))
    return [(row.source_id, _found(row, source)) for row in rows]


def rename(connection: Connection, service: str, uid: str, resource: str) -> None:
    """Note the new key of what has this numeric id: an issue that was moved to another project, with its threads."""
    of_uid = select(_ROWS).where(_ROWS.c.uid == fit(f"{service}/{uid}"))
    rows: list[Any] = list(connection.execute(of_uid)) if uid else []
    there = {_pair(row, service) for row in rows}
    for row in rows:
        name, slack_end, kind = _near(row, service), *_pair(row, service)[:2]
        if getattr(row, name) != resource and (slack_end, kind, resource) not in there:
            connection.execute(update(_ROWS).where(_ROWS.c.id == row.id).values({name: fit(resource)}))


def _near(row: Any, service: str) -> str:
    """The column that holds the end of this service."""
    return "source_id" if row.source_service == service else "target_id"


def _pair(row: Any, service: str) -> tuple[str, str, str]:
    """The other end, the type and the end of this service."""
    near = _near(row, service)
    return (row.target_id if near == "source_id" else row.source_id), row.mapping_type, getattr(row, near)


def other_ends(
    connection: Connection, mapping_type: str, service: str, ident: str, other: str, uid: str = ""
) -> list[Found]:
    """What belongs to `ident` (or to the numeric id `uid`) of `service` on the `other` side, the oldest first."""
    return _seen_from(connection, service, ident, f"{service}/{uid}" if uid else "", other, mapping_type)


def threads_of(connection: Connection, service: str, resource: str, uid: str) -> list[Found]:
    """The Slack threads (`team/channel/ts`) of an issue or pull request, found by its name or its numeric id."""
    return _seen_from(connection, service, resource, f"{service}/{uid}" if uid else "", "slack", "thread")


def having_threads(connection: Connection, service: str, resources: Collection[str]) -> set[str]:
    """Those among some issues or pull requests that have a Slack thread, by the names that they are given here."""
    named, found = {fit(name): name for name in resources}, set[str]()
    for here, ident in ((_ROWS.c.source_service, _ROWS.c.source_id), (_ROWS.c.target_service, _ROWS.c.target_id)):
        these = (_ROWS.c.mapping_type == "thread", here == service, ident.in_(list(named)))
        found |= {named[name] for name in connection.scalars(select(ident).where(*these))}
    return found


def has_threads(connection: Connection, place: str, service: str, beginning: str) -> bool:
    """Whether a Slack channel (`team/channel`) has a thread of something of `service` whose name begins so (`OPS-`)."""
    columns = _ROWS.c
    ends = [
        (columns.source_service, columns.source_id, columns.target_service, columns.target_id),
        (columns.target_service, columns.target_id, columns.source_service, columns.source_id),
    ]
    looks = [
        select(columns.id).where(
            columns.mapping_type == "thread", here == "slack", there == service,
            *_begins(thread, f"{place}/"), *_begins(name, beginning),
        )
        for here, thread, there, name in ends
    ]  # fmt: skip
    return any(connection.scalar(look.limit(1)) is not None for look in looks)


def _begins(column: Any, beginning: str) -> tuple[Any, Any]:
    # Not LIKE, which ignores case on SQLite and uses no index there.
    return column >= beginning, column < beginning[:-1] + chr(ord(beginning[-1]) + 1)


def _by_an_end() -> CompoundSelect[Any]:
    columns = _ROWS.c
    given: Any = bindparam
    here, there, ident = given("here"), given("there"), given("ident")
    by_source = (columns.source_service == here, columns.target_service == there, columns.source_id == ident)
    by_target = (columns.target_service == here, columns.source_service == there, columns.target_id == ident)
    by_uid = (columns.uid == bindparam("uid"), (columns.source_service == there) | (columns.target_service == there))
    # One look-up for each index: MySQL uses none for an OR over several columns.
    looks = [
        select(_ROWS).where(columns.mapping_type == bindparam("kind"), *end) for end in (by_source, by_target, by_uid)
    ]
    return union_all(*looks)


_BY_AN_END = Prepared(_by_an_end())


def _seen_from(
    connection: Connection, service: str, ident: str, uid: str, other: str, mapping_type: str
) -> list[Found]:
    # No row has the id NONE; every mapping without a numeric id has the empty one.
    given = {"here": service, "there": other, "ident": fit(ident) or NONE, "uid": fit(uid) or NONE}
    found = _BY_AN_END.all(connection, {**given, "kind": mapping_type})
    rows = {row.id: row for row in found}
    return [_found(row, service) for _, row in sorted(rows.items())]


def _found(row: Any, service: str) -> Found:
    there = row.target_id if row.source_service == service else row.source_id
    return Found(row.id, there, row.source_service, json.loads(row.extra_data), row.uid)
