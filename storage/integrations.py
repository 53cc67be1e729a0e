"""The outbox and the log: one row for each outside call, from its planning to its end.

A row is pending until it is completed or failed. `sent_at` is committed before the call leaves and is null again only
when it is sure that the call had no effect: so a pending row with `sent_at` is one whose outcome is unknown.
"""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from storage.engine import insert_new
from storage.keys import fit
from storage.leases import changed, due, leave
from storage.models import IntegrationLog


@dataclass(frozen=True)
class NewIntegration:
    """An outside call to make. `key` is unique for ever; rows of one `ordering_key` are done one after the other."""

    operation: str
    key: str
    ordering_key: str
    source_service: str
    target_service: str
    event_type: str
    source_id: str
    target_id: str
    payload: Mapping[str, Any]


@dataclass(frozen=True)
class Integration:
    """A row in a worker's hands; only the holder of `lease_token` may finish it."""

    id: int
    delivery_id: int | None
    operation: str
    key: str
    ordering_key: str
    source_service: str
    target_service: str
    event_type: str
    source_id: str
    target_id: str
    payload: dict[str, Any]
    marker: str
    attempts: int
    misses: int
    lease_token: str
    lease_until: datetime
    """When another worker may take the row over: nothing is sent any more."""
    leaves_at: datetime
    """When the call leaves that this claim is for."""
    sent_at: datetime | None
    """When an earlier call left whose outcome is still unknown; None if there is none."""
    created_at: datetime


def add(session: Session, planned: Iterable[NewIntegration], delivery_id: int | None, now: datetime) -> list[int]:
    """Store planned calls; those whose key is known already are left as they are. Returns the ids of the new rows."""
    ids: list[int] = []
    for new in planned:
        values = {
            "delivery_id": delivery_id, "key": fit(new.key), "ordering_key": fit(new.ordering_key),
            "source_service": new.source_service, "target_service": new.target_service,
            "event_type": new.event_type[:150], "source_id": fit(new.source_id), "target_id": fit(new.target_id),
            "operation": new.operation, "payload": json.dumps(new.payload), "status": "pending",
            "marker": f"ct{secrets.token_hex(10)}", "due_at": now, "attempts": 0, "misses": 0,
            "created_at": now, "updated_at": now,
        }  # fmt: skip
        row_id = insert_new(session, IntegrationLog.__table__, values)  # pyright: ignore[reportArgumentType]
        if row_id is not None:
            ids.append(row_id)
    return ids


def any_due(session: Session, now: datetime) -> bool:
    """Whether `claim` would find something: a look that takes no write lock."""
    return session.scalar(due(IntegrationLog, now).with_only_columns(IntegrationLog.id).limit(1)) is not None


def claim(session: Session, now: datetime, lease_seconds: float) -> Integration | None:
    """Take the oldest due row whose ordering key has no older one pending.

    The attempt is counted, and `sent_at` is set if it was null, in the transaction that takes the lease: whatever
    happens after its commit, the row says that a call may have left.
    """
    row = session.scalars(due(IntegrationLog, now).limit(1).with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    earlier = row.sent_at
    row.attempts += 1
    row.lease_token = secrets.token_hex(8)
    row.due_at = now + timedelta(seconds=lease_seconds)
    row.sent_at = earlier or now
    row.updated_at = now
    return _integration(row, earlier)


def complete(session: Session, done: Integration, remote_id: str, target_id: str, now: datetime) -> bool:
    """Finish a row with what the far side calls the effect; False if the lease was lost (the id is kept even so)."""
    finished = leave(
        session, IntegrationLog, done.id, done.lease_token, now, status="completed", error_message=None,
        remote_id=fit(remote_id), target_id=fit(target_id or done.target_id),
    )  # fmt: skip
    if not finished:
        nameless = update(IntegrationLog).where(IntegrationLog.id == done.id, IntegrationLog.remote_id.is_(None))
        changed(session, nameless.values(remote_id=fit(remote_id)))
    return finished


def fail(session: Session, held: Integration, error: str, now: datetime, *, sent_at: datetime | None) -> bool:
    """End a row for good; `sent_at` None says that the call surely had no effect. False if the lease was lost."""
    return leave(
        session, IntegrationLog, held.id, held.lease_token, now, status="failed", error_message=error, sent_at=sent_at
    )


def postpone(
    session: Session, held: Integration, due_at: datetime, error: str, now: datetime, *, sent_at: datetime | None,
    misses: int = 0, burn: bool = True,
) -> bool:  # fmt: skip
    """Give a row back until `due_at`; `sent_at` None says that the call surely had no effect."""
    attempts = held.attempts if burn else held.attempts - 1
    return leave(
        session, IntegrationLog, held.id, held.lease_token, now, due_at=due_at, error_message=error or None,
        sent_at=sent_at, misses=misses, attempts=attempts,
    )  # fmt: skip


def leaves(session: Session, held: Integration, now: datetime) -> bool:
    """Note, before a call is made, that it leaves now; False if the lease was lost."""
    mine = (IntegrationLog.id == held.id, IntegrationLog.lease_token == held.lease_token)
    return changed(session, update(IntegrationLog).where(*mine).values(sent_at=now, misses=0, updated_at=now)) == 1


def take_marked(session: Session, marker: str, now: datetime) -> Integration | None:
    """The pending row with this marker, taken from whoever holds it: its effect was seen on the far side."""
    statement = select(IntegrationLog).where(IntegrationLog.marker == marker, IntegrationLog.status == "pending")
    row = session.scalars(statement.with_for_update()).first()
    if row is None:
        return None
    row.lease_token = secrets.token_hex(8)
    row.updated_at = now
    session.flush()
    return _integration(row, row.sent_at)


def in_flight(session: Session, ordering_key: str, operation: str) -> bool:
    """Whether a call of this operation may have left and is not judged yet."""
    sent = exists().where(
        IntegrationLog.ordering_key == fit(ordering_key),
        IntegrationLog.status == "pending",
        IntegrationLog.operation == operation,
        IntegrationLog.sent_at.is_not(None),
    )
    return bool(session.scalar(select(sent)))


def sent_pending(session: Session, operation: str) -> list[dict[str, Any]]:
    """The payloads of the calls of one operation that may have left and are not judged yet."""
    rows = select(IntegrationLog.payload).where(
        IntegrationLog.status == "pending",
        IntegrationLog.operation == operation,
        IntegrationLog.sent_at.is_not(None),
    )
    return [json.loads(payload) for payload in session.scalars(rows)]


def has_remote_id(session: Session, operation: str, remote_id: str) -> bool:
    """Whether a call of this operation made what the far side calls by this id."""
    rows = exists().where(IntegrationLog.remote_id == fit(remote_id), IntegrationLog.operation == operation)
    return bool(session.scalar(select(rows)))


def retry(session: Session, row_id: int, now: datetime) -> bool:
    """Make a failed row pending again; False unless it is failed. What is unknown of it stays unknown."""
    failed = update(IntegrationLog).where(IntegrationLog.id == row_id, IntegrationLog.status == "failed")
    again = {"status": "pending", "attempts": 0, "due_at": now, "lease_token": None, "updated_at": now}
    return changed(session, failed.values(again)) == 1


def with_key(session: Session, key: str) -> IntegrationLog | None:
    """The row with this key, in any state."""
    return session.scalars(select(IntegrationLog).where(IntegrationLog.key == fit(key))).first()


def _integration(row: IntegrationLog, earlier: datetime | None) -> Integration:
    return Integration(
        row.id, row.delivery_id, row.operation, row.key, row.ordering_key, row.source_service, row.target_service,
        row.event_type, row.source_id, row.target_id, json.loads(row.payload), row.marker, row.attempts, row.misses,
        row.lease_token or "", row.due_at, row.updated_at, earlier, row.created_at,
    )  # fmt: skip
