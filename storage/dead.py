"""The dead rows: what failed for good, in the order and the choice in which an operator looks at it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from storage.models import Delivery, IntegrationLog


@dataclass(frozen=True)
class Choice:
    """Which of them: of one service (empty: of all), of one operation, failed at or after a time."""

    service: str = ""
    operation: str = ""
    since: datetime | None = None


def integrations(connection: Connection, choice: Choice, limit: int) -> tuple[Sequence[IntegrationLog], int]:
    """The newest calls that failed, and how many there are in all; a call's service is the one that it goes to."""
    conditions = _calls(choice)
    total = connection.scalar(select(func.count()).select_from(IntegrationLog).where(*conditions)) or 0
    newest = select(IntegrationLog).where(*conditions).order_by(IntegrationLog.id.desc()).limit(limit)
    with Session(connection) as session:
        return session.scalars(newest).all(), total


def integration_ids(connection: Connection, choice: Choice) -> Sequence[int]:
    """The ids of the calls that failed, the oldest first: in the order in which they were to be made."""
    return connection.scalars(select(IntegrationLog.id).where(*_calls(choice)).order_by(IntegrationLog.id)).all()


def deliveries(connection: Connection, choice: Choice, limit: int) -> tuple[Sequence[Delivery], int]:
    """The newest deliveries that could not be planned, and how many there are in all."""
    conditions: list[Any] = [Delivery.status == "failed"]
    if choice.service:
        conditions.append(Delivery.service == choice.service)
    if choice.since:
        conditions.append(Delivery.updated_at >= choice.since)
    total = connection.scalar(select(func.count()).select_from(Delivery).where(*conditions)) or 0
    newest = select(Delivery).where(*conditions).order_by(Delivery.id.desc()).limit(limit)
    with Session(connection) as session:
        return session.scalars(newest).all(), total


def _calls(choice: Choice) -> list[Any]:
    conditions: list[Any] = [IntegrationLog.status == "failed"]
    if choice.service:
        conditions.append(IntegrationLog.target_service == choice.service)
    if choice.operation:
        conditions.append(IntegrationLog.operation == choice.operation)
    if choice.since:
        conditions.append(IntegrationLog.updated_at >= choice.since)
    return conditions
