"""Claims, the same for both work tables: who holds a row, and who may still finish it."""

from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import CursorResult, Update, func, select, update
from sqlalchemy.orm import Session, aliased

from storage.models import Delivery, IntegrationLog
from storage.turns import DONE, Place, Work, advance, by_key


class Held(Protocol):
    """A row in a worker's hands."""

    @property
    def id(self) -> int: ...
    @property
    def ordering_key(self) -> str: ...
    @property
    def lease_token(self) -> str: ...


def head[T: (Delivery, IntegrationLog)](
    session: Session, table: type[T], place: Place, now: datetime, *, suspects: bool
) -> T | None:
    """The due row of a lane that has waited longest, locked; without `suspects` none whose worker did not come back."""
    older = aliased(table)
    before = (older.ordering_key == table.ordering_key, older.status == "pending", older.id < table.id)
    blocked = by_key(older, select(older.id)).where(*before).correlate(table).exists()
    due = select(table).where(table.turn == place.turn, table.lane == place.lane, table.due_at <= now, ~blocked)
    if not suspects:
        due = due.where(table.lease_token.is_(None))
    return session.scalars(due.order_by(table.due_at, table.id).limit(1).with_for_update(skip_locked=True)).first()


def lease(row: Delivery | IntegrationLog, token: str, now: datetime, seconds: float) -> None:
    """Take a locked row; the attempt is counted, and the crash if its last holder never gave it back."""
    row.crashes = row.crashes + 1 if row.lease_token is not None else 0
    row.attempts += 1
    row.lease_token = token
    row.due_at = now + timedelta(seconds=seconds)
    row.updated_at = now


def leave(session: Session, table: Work, row_id: int, token: str, now: datetime, **values: object) -> bool:
    """Give a claimed row back; False, and nothing written, if the lease was lost meanwhile."""
    return (
        changed(
            session,
            update(table)
            .where(table.id == row_id, table.lease_token == token, table.status == "pending")
            .values(lease_token=None, crashes=0, updated_at=now, **values),
        )
        == 1
    )


def end(session: Session, table: Work, row: Held, now: datetime, **values: object) -> bool:
    """End a claimed row and let the next one of its key come up; False if the lease was lost meanwhile."""
    ended = leave(session, table, row.id, row.lease_token, now, turn=DONE, **values)
    if ended:
        advance(session, table, row.ordering_key)
    return ended


def changed(session: Session, statement: Update) -> int:
    """Run an UPDATE; returns how many rows it found."""
    outcome: CursorResult[Any] = session.execute(statement)  # pyright: ignore[reportAssignmentType]
    return outcome.rowcount


def backlog(session: Session, now: datetime) -> dict[str, Any]:
    """How much waits, and for how long the oldest has: the three numbers of `/health`."""
    deliveries, oldest_delivery = _waiting(session, Delivery, Delivery.received_at)
    integrations, oldest_integration = _waiting(session, IntegrationLog, IntegrationLog.created_at)
    ages = [(now - since).total_seconds() for since in (oldest_delivery, oldest_integration) if since is not None]
    return {
        "deliveries": deliveries,
        "integrations": integrations,
        "oldest_seconds": round(max([0.0, *ages]), 3),
    }


def _waiting(session: Session, table: Work, since: Any) -> tuple[int, datetime | None]:
    pending = table.status == "pending"
    count = session.scalar(select(func.count()).select_from(table).where(pending)) or 0
    # By the index on status: the lowest id is the oldest row.
    return count, session.scalar(select(since).where(pending).order_by(table.id).limit(1)) if count else None
