"""Subscriptions: which events of a repository or project reach which channel.

Each counts how often its channel refused for good since something last reached it (`strike`, `recover`); one that is
paused keeps its place, and nothing is planned for it until it is made again.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from storage.engine import insert_new
from storage.models import Subscription

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


def put(session: Session, wanted: Wanted, now: datetime) -> int:
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
    row_id = insert_new(session, Subscription.__table__, values)  # pyright: ignore[reportArgumentType]
    if row_id is not None:
        return row_id
    row = session.scalars(select(Subscription).filter_by(**key).with_for_update()).one()
    for name, value in content.items():
        setattr(row, name, value)
    return row.id


def change(session: Session, row_id: int, now: datetime, *, paused: str | None = None, **content: Any) -> bool:
    """Replace `events` or `filters` of a subscription; False if there is none with this id.

    `paused` is the reason to pause it for (one that is paused already keeps its own), or empty to end its pause.
    """
    row = session.get(Subscription, row_id, with_for_update=True)
    if row is None:
        return False
    for name, value in content.items():
        setattr(row, name, json.dumps(value))
    row.updated_at = now
    if paused == "":
        for name, value in _NOT_PAUSED.items():
            setattr(row, name, value)
    elif paused and row.paused_at is None:
        _pause(row, paused, now)
    return True


def strike(session: Session, row_id: int, channel: str, reason: str, limit: int, now: datetime) -> Kept | None:
    """Count a refusal of the channel; returns the subscription if it is this one, the `limit`th, that pauses it."""
    row = session.get(Subscription, row_id, with_for_update=True)
    # On SQLite the id of a subscription that ended may be another's by now: the channel tells them apart.
    if row is None or row.channel != channel or row.paused_at is not None:
        return None
    row.strikes += 1
    if row.strikes < limit:
        return None
    _pause(row, reason, now)
    return _kept(row)


_ROWS: Any = Subscription.__table__
_HAS_STRIKES = (
    _ROWS.c.id == bindparam("row_id"), _ROWS.c.channel == bindparam("at"), _ROWS.c.strikes > 0,
    _ROWS.c.paused_at.is_(None),
)  # fmt: skip
_STRUCK = select(_ROWS.c.id).where(*_HAS_STRIKES)
_RECOVERED = update(_ROWS).where(*_HAS_STRIKES).values(strikes=0)
_OF_SOURCE = (
    select(_ROWS)
    .where(_ROWS.c.source_service == bindparam("service"), _ROWS.c.source_key == bindparam("source"))
    .order_by(_ROWS.c.id)
)


def recover(session: Session, row_id: int, channel: str) -> None:
    """Note that something reached the channel; nothing is written, and no lock taken, unless there are strikes."""
    this = {"row_id": row_id, "at": channel}
    if session.execute(_STRUCK, this).first() is not None:
        session.execute(_RECOVERED, this)


def _pause(row: Subscription, reason: str, now: datetime) -> None:
    row.paused_at = row.updated_at = now
    row.paused_reason = reason[:255]


def remove(session: Session, service: str, source: str, channel: str) -> bool:
    """End a channel's subscription; False if it had none."""
    statement = select(Subscription).filter_by(
        source_service=service, source_key=source_key(service, source), channel=channel
    )
    row = session.scalars(statement).first()
    return row is not None and remove_id(session, row.id)


def remove_id(session: Session, row_id: int) -> bool:
    """End a subscription by its id; False if there is none."""
    outcome: Any = session.execute(delete(Subscription).where(Subscription.id == row_id))
    return bool(outcome.rowcount)


def of_source(session: Session, service: str, source: str) -> list[Kept]:
    """Who wants to hear of this repository or project."""
    given = {"service": service, "source": source_key(service, source)}
    return [_kept(row) for row in session.execute(_OF_SOURCE, given)]


def of_channel(session: Session, channel: str, service: str) -> list[Kept]:
    """What a channel hears of from one service."""
    statement = select(Subscription).filter_by(channel=channel, source_service=service)
    return [_kept(row) for row in session.scalars(statement.order_by(Subscription.source_key))]


def _kept(row: Any) -> Kept:
    return Kept(
        row.id, row.source_service, row.source, row.channel, tuple(json.loads(row.events)), json.loads(row.filters),
        bool(row.private), row.created_by, (row.paused_reason or "") if row.paused_at else "",
    )  # fmt: skip
