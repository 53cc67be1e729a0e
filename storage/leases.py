"""Claims, the same for both work tables: which row is due, and who may still finish it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, Select, Update, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from storage.models import Delivery, IntegrationLog

type Work = type[Delivery] | type[IntegrationLog]


def due[T: (Delivery, IntegrationLog)](table: type[T], now: datetime) -> Select[T]:
    """Pending rows whose time has come and whose ordering key has no older pending row, the longest waiting first."""
    older = aliased(table)
    blocked = exists().where(older.ordering_key == table.ordering_key, older.status == "pending", older.id < table.id)
    return (
        select(table).where(table.status == "pending", table.due_at <= now, ~blocked).order_by(table.due_at, table.id)
    )


def leave(session: Session, table: Work, row_id: int, token: str, now: datetime, **values: object) -> bool:
    """Write a claimed row and give up its lease; False, and nothing written, if the lease was lost meanwhile."""
    return (
        changed(
            session,
            update(table)
            .where(table.id == row_id, table.lease_token == token, table.status == "pending")
            .values(lease_token=None, updated_at=now, **values),
        )
        == 1
    )


def changed(session: Session, statement: Update) -> int:
    """Run an UPDATE; returns how many rows it found."""
    outcome: CursorResult[Any] = session.execute(statement)  # pyright: ignore[reportAssignmentType]
    return outcome.rowcount


def backlog(session: Session, now: datetime) -> dict[str, Any]:
    """How much waits, and for how long the oldest has: the three numbers of `/health`."""
    found = [
        session.execute(select(func.count(), func.min(since)).where(table.status == "pending")).one()
        for table, since in ((Delivery, Delivery.received_at), (IntegrationLog, IntegrationLog.created_at))
    ]
    oldest: list[datetime | None] = [row[1] for row in found]
    ages = [(now - since).total_seconds() for since in oldest if since is not None]
    return {
        "deliveries": int(found[0][0]),
        "integrations": int(found[1][0]),
        "oldest_seconds": round(max([0.0, *ages]), 3),
    }
