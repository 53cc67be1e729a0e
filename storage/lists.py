"""Lists for the REST API: filtered, newest first, paged by id so that a page never shifts while rows come in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from storage.models import Delivery, IntegrationLog, ServiceMapping, Subscription

type Row = Delivery | IntegrationLog | ServiceMapping | Subscription


@dataclass(frozen=True)
class Page:
    """Some rows, how many there are in all, and the id to go on below (None: this was the last page)."""

    rows: list[Row]
    total: int
    before: int | None


def page(connection: Connection, table: type[Row], filters: Mapping[str, str], limit: int, before: int | None) -> Page:
    """The newest `limit` rows with an id below `before` whose columns equal the filters."""
    conditions: list[Any] = []
    for name, value in filters.items():
        column: InstrumentedAttribute[str] = getattr(table, name)
        conditions.append(column == value)
    total = connection.scalar(select(func.count()).select_from(table).where(*conditions)) or 0
    below = [*conditions, table.id < before] if before is not None else conditions
    with Session(connection) as session:
        rows = list(session.scalars(select(table).where(*below).order_by(table.id.desc()).limit(limit + 1)))
    more = len(rows) > limit
    return Page(rows[:limit], total, rows[limit - 1].id if more else None)


def one[R: Row](connection: Connection, table: type[R], row_id: int) -> R | None:
    """One row by its id."""
    with Session(connection) as session:
        return session.get(table, row_id)
