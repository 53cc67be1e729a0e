"""Claims, the same for both work tables: who holds a row, and who may still finish it.

The statements are Core's and are built once: these are the ones that run for every row.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Protocol

from sqlalchemy import Connection, Delete, Update, bindparam, func, select, update

from storage.models import Delivery, IntegrationLog
from storage.prepared import Prepared
from storage.turns import DONE, Place, Work, advance, at_head, by_key


class Held(Protocol):
    """A row in a worker's hands."""

    @property
    def id(self) -> int: ...
    @property
    def ordering_key(self) -> str: ...
    @property
    def lease_token(self) -> str: ...


def head(connection: Connection, table: Work, place: Place, now: datetime, *, suspects: bool) -> dict[str, Any] | None:
    """The due row of a lane that has waited longest, locked, all columns; None if there is none.

    Without `suspects` it is none whose worker did not come back.
    """
    at = {"turn_": place.turn, "lane_": place.lane, "now": now}
    found = _head(table, suspects).first(connection, at)
    return found._asdict() if found is not None else None


@cache
def _head(table: Work, suspects: bool) -> Prepared:  # noqa: FBT001
    core: Any = table.__table__
    rows, older = core.c, core.alias("older")
    before = (older.c.ordering_key == rows.ordering_key, at_head(older.c.turn), older.c.id < rows.id)
    blocked = by_key(table, select(older.c.id), older).where(*before).correlate(core).exists()
    here = (rows.turn == bindparam("turn_"), rows.lane == bindparam("lane_"), rows.due_at <= bindparam("now"))
    # An older version of connect beside this one ends rows without a word about their turn (see `turns.mend`).
    due = select(*rows).where(*here, rows.status == "pending", ~blocked)
    if not suspects:
        due = due.where(rows.lease_token.is_(None))
    return Prepared(due.order_by(rows.due_at, rows.id).limit(1).with_for_update(skip_locked=True))


def lease(
    connection: Connection,
    table: Work,
    row: Mapping[str, Any],
    token: str,
    now: datetime,
    seconds: float,
    **more: object,
) -> dict[str, Any]:
    """Take a locked row, by column; the attempt is counted, and the crash if its last holder never gave it back.

    Returns what is new of the row.
    """
    taken = {
        "attempts": row["attempts"] + 1,
        "crashes": row["crashes"] + 1 if row["lease_token"] is not None else 0,
        "lease_token": token,
        "due_at": now + timedelta(seconds=seconds),
        "updated_at": now,
        **more,
    }
    set_row(connection, table, row["id"], **taken)
    return taken


def set_row(connection: Connection, table: Work, row_id: int, **values: object) -> None:
    """Write some columns of a row that this transaction has locked."""
    _update(table, tuple(values), held=False).run(connection, {"row_id": row_id, **_named(values)})


def again(now: datetime) -> dict[str, Any]:
    """What makes an ended row one that was never tried; its turn is another matter."""
    return {
        "status": "pending", "attempts": 0, "crashes": 0, "due_at": now, "lease_token": None, "updated_at": now,
    }  # fmt: skip


def leave(connection: Connection, table: Work, row_id: int, token: str, now: datetime, **values: object) -> bool:
    """Give a claimed row back; False, and nothing written, if the lease was lost meanwhile."""
    values = {**values, "lease_token": None, "crashes": 0, "updated_at": now}
    mine = {"row_id": row_id, "token": token, **_named(values)}
    return _update(table, tuple(values), held=True).run(connection, mine).rowcount == 1


@cache
def _update(table: Work, names: tuple[str, ...], held: bool) -> Prepared:  # noqa: FBT001
    rows: Any = table.__table__
    new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    mine = update(rows).where(rows.c.id == bindparam("row_id")).values(new)
    if held:
        mine = mine.where(rows.c.lease_token == bindparam("token"), rows.c.status == "pending")
    return Prepared(mine)


def _named(values: Mapping[str, object]) -> dict[str, object]:
    return {f"new_{name}": value for name, value in values.items()}


def end(connection: Connection, table: Work, row: Held, now: datetime, **values: object) -> bool:
    """End a claimed row and let the next one of its key come up; False if the lease was lost meanwhile."""
    ended = leave(connection, table, row.id, row.lease_token, now, turn=DONE, **values)
    if ended:
        advance(connection, table, row.ordering_key)
    return ended


def changed(connection: Connection, statement: Update | Delete) -> int:
    """Run an UPDATE or a DELETE; returns how many rows it found."""
    return connection.execute(statement).rowcount


def backlog(connection: Connection, now: datetime) -> dict[str, Any]:
    """How much waits, and for how long the oldest has: the three numbers of `/health`."""
    deliveries, oldest_delivery = _waiting(connection, Delivery, Delivery.received_at, now)
    integrations, oldest_integration = _waiting(connection, IntegrationLog, IntegrationLog.created_at, now)
    ages = [(now - since).total_seconds() for since in (oldest_delivery, oldest_integration) if since is not None]
    return {
        "deliveries": deliveries,
        "integrations": integrations,
        "oldest_seconds": round(max([0.0, *ages]), 3),
    }


def _waiting(connection: Connection, table: Work, since: Any, now: datetime) -> tuple[int, datetime | None]:
    # What was planned for later (quiet hours) is no backlog before its time.
    pending = (table.status == "pending") & ((table.attempts > 0) | (table.due_at <= now))
    count = connection.scalar(select(func.count()).select_from(table).where(pending)) or 0
    # By the index on status: the lowest id is the oldest row.
    return count, connection.scalar(select(since).where(pending).order_by(table.id).limit(1)) if count else None
