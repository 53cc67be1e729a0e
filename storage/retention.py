"""Forgetting: raw bodies after some days, finished rows after some more; mappings, subscriptions and hooks never.

Of the preferences those that are no choice but a note, such as when a channel saw an issue, are forgotten too.

Each call is one batch of a walk in the order of the primary key, for a short transaction of its own: it looks at
`limit` rows after a cursor and stops at the first that is too young. So nobody waits for it and no table is scanned.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from storage.leases import changed
from storage.models import Conclusion, Delivery, IntegrationLog, Preference

_FINISHED = ("completed", "ignored", "failed")
_UNDERSTOOD = ("completed", "ignored")

type Table = type[Delivery] | type[IntegrationLog]


@dataclass(frozen=True)
class Walked:
    """One batch: how many rows it changed, after which row the next begins, and whether there is a next."""

    changed: int
    after_id: int
    more: bool


def forget_bodies(connection: Connection, before: datetime, after_id: int, limit: int) -> Walked:
    """Empty the bodies and headers of what arrived before a time and was understood.

    A failed delivery keeps them until it is deleted: it can be planned again.
    """
    size = func.length(Delivery.body)
    rows = connection.execute(
        select(Delivery.id, Delivery.received_at, Delivery.status, size)
        .where(Delivery.id > after_id)
        .order_by(Delivery.id)
        .limit(limit)
    ).all()
    old = _older([(row[0], row[1]) for row in rows], before)
    full = [row[0] for row in rows[: len(old)] if row[2] in _UNDERSTOOD and row[3]]
    # The state is asked for again where it counts: a delivery may be replayed meanwhile.
    emptied = update(Delivery).where(Delivery.id.in_(full), Delivery.status.in_(_UNDERSTOOD))
    count = changed(connection, emptied.values(body=b"", headers="{}")) if full else 0
    return _walked(count, old, after_id, limit)


def delete_finished(connection: Connection, table: Table, before: datetime, after_id: int, limit: int) -> Walked:
    """Delete what came in before a time, is finished, and was not touched since.

    A delivery whose calls are not all judged stays, and so does each table's newest row: SQLite would give its id to
    the next one, whose calls then had the keys of calls that were made long ago.
    """
    since = table.received_at if table is Delivery else IntegrationLog.created_at
    statement = select(table.id, since).where(table.id > after_id).order_by(table.id).limit(limit)
    old = _older([(row[0], row[1]) for row in connection.execute(statement)], before)
    stays = {connection.scalar(select(func.max(table.id))), *(_awaited(connection, old) if table is Delivery else ())}
    ids = [one for one in old if one not in stays]
    finished = delete(table).where(table.id.in_(ids), table.status.in_(_FINISHED), table.updated_at < before)
    count = changed(connection, finished) if ids else 0
    return _walked(count, old, after_id, limit)


def forget_notes(connection: Connection, name: str, before: datetime, after_id: int, limit: int) -> Walked:
    """Delete preferences of one name that were written before a time."""
    return _forget(connection, Preference, (Preference.name == name, Preference.updated_at < before), after_id, limit)


def forget_conclusions(connection: Connection, before: datetime, after_id: int, limit: int) -> Walked:
    """Delete how workflows ended on branches of which nothing was heard since a time."""
    return _forget(connection, Conclusion, (Conclusion.updated_at < before,), after_id, limit)


def _forget(
    connection: Connection, table: type[Preference] | type[Conclusion], old: tuple[Any, ...], after_id: int, limit: int
) -> Walked:
    ids = list(connection.scalars(select(table.id).where(*old, table.id > after_id).order_by(table.id).limit(limit)))
    count = changed(connection, delete(table).where(table.id.in_(ids), *old)) if ids else 0
    return _walked(count, ids, after_id, limit)


def _older(rows: Sequence[tuple[int, datetime]], before: datetime) -> list[int]:
    """The ids up to the first row that is too young."""
    young = next((number for number, (_, since) in enumerate(rows) if since >= before), len(rows))
    return [row_id for row_id, _ in rows[:young]]


def _awaited(connection: Connection, deliveries: Collection[int]) -> set[int | None]:
    """The deliveries on whose account a call is still to be made."""
    pending = select(IntegrationLog.delivery_id).where(
        IntegrationLog.delivery_id.in_(deliveries), IntegrationLog.status == "pending"
    )
    return set(connection.scalars(pending)) if deliveries else set()


def _walked(count: int, old: Sequence[int], after_id: int, limit: int) -> Walked:
    return Walked(count, old[-1] if old else after_id, len(old) == limit)
