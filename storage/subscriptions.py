"""Subscriptions: which events of a repository or project reach which channel."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from storage.engine import insert_new
from storage.models import Subscription


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


def source_key(service: str, source: str) -> str:
    """The source in the case that the service compares names in: GitHub ignores case, Jira's keys are upper."""
    return source.lower() if service == "github" else source.upper()


def put(session: Session, wanted: Wanted, now: datetime) -> int:
    """Store a subscription; the channel's earlier one for the same source is replaced. Returns its id."""
    content = {
        "source": wanted.source, "events": json.dumps(list(wanted.events)), "filters": json.dumps(dict(wanted.filters)),
        "private": int(wanted.private), "updated_at": now,
    }  # fmt: skip
    key = {
        "source_service": wanted.source_service,
        "source_key": source_key(wanted.source_service, wanted.source),
        "channel": wanted.channel,
    }
    values = key | content | {"created_by": wanted.created_by, "created_at": now}
    row_id = insert_new(session, Subscription.__table__, values)  # pyright: ignore[reportArgumentType]
    if row_id is not None:
        return row_id
    row = session.scalars(select(Subscription).filter_by(**key).with_for_update()).one()
    for name, value in content.items():
        setattr(row, name, value)
    return row.id


def change(session: Session, row_id: int, now: datetime, **content: Any) -> bool:
    """Replace `events` or `filters` of a subscription; False if there is none with this id."""
    row = session.get(Subscription, row_id, with_for_update=True)
    if row is None:
        return False
    for name, value in content.items():
        setattr(row, name, json.dumps(value))
    row.updated_at = now
    return True


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
    statement = select(Subscription).filter_by(source_service=service, source_key=source_key(service, source))
    return [_kept(row) for row in session.scalars(statement.order_by(Subscription.id))]


def of_channel(session: Session, channel: str, service: str) -> list[Kept]:
    """What a channel hears of from one service."""
    statement = select(Subscription).filter_by(channel=channel, source_service=service)
    return [_kept(row) for row in session.scalars(statement.order_by(Subscription.source_key))]


def _kept(row: Subscription) -> Kept:
    return Kept(
        row.id, row.source_service, row.source, row.channel, tuple(json.loads(row.events)), json.loads(row.filters),
        bool(row.private),
    )  # fmt: skip
