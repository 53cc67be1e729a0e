"""Turns: whose row is next, the same for both work tables, in a time that does not grow with the tables.

Only the oldest pending row of an `ordering_key` is at the *head*; the others wait behind it. `turn` says which:

| turn | the row |
|---|---|
| 1, 2 | is at the head of its key: a person waits for it, or nobody does |
| -1, -2 | waits behind an older row of its key |
| 0 | is finished |

So a claim looks at heads alone, lane by lane, however much waits behind them and however much was done before. A row
that ends brings the next one of its key to the head, in the same transaction; a new row locks the head that it finds
there, so that the two cannot miss each other.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, inspect, select, text, update
from sqlalchemy.orm import Session

from storage.models import Delivery, IntegrationLog, Key, Utc

type Work = type[Delivery] | type[IntegrationLog]

URGENT, BULK, DONE = 1, 2, 0
PAGE = 32
"""Lanes that are looked at together."""
CHOICE = 4
"""How many lanes a worker tries before it says that there is nothing to do: others may be quicker."""
BULK_FIRST_EVERY = 4
"""One claim in so many begins with what nobody waits for, so that it goes on even while people keep connect busy."""

type Usable = Callable[[Session, Collection[str]], Collection[str]]
"""Those of some lanes that may be used now."""


@dataclass(frozen=True)
class Place:
    """Where a row is due."""

    turn: int
    lane: str


# A loose index scan, which neither database does by itself: from lane to lane, without the rows between.
_LANES = """
WITH RECURSIVE found (lane, place) AS (
    SELECT MIN(lane), 1 FROM {table} WHERE turn = :turn AND lane > :after
    UNION ALL
    SELECT (SELECT MIN(lane) FROM {table} WHERE turn = :turn AND lane > found.lane), place + 1
    FROM found WHERE found.lane IS NOT NULL AND place < :page
)
SELECT lane, (SELECT MIN(due_at) FROM {table} WHERE turn = :turn AND {table}.lane = found.lane) AS due_at
FROM found WHERE lane IS NOT NULL
"""
_STATEMENTS = {
    table.__tablename__: text(_LANES.format(table=table.__tablename__))
    .bindparams(bindparam("after", type_=Key(255)))
    .columns(lane=Key(255), due_at=Utc)
    for table in (Delivery, IntegrationLog)
}


def by_key[*Columns](table: Any, statement: Select[*Columns]) -> Select[*Columns]:
    """The statement, read by the index on the ordering key: MySQL may prefer to walk along all that is pending."""
    hint = f"FORCE INDEX (ix_{inspect(table).mapper.local_table.name}_ordering_key_status_id)"
    for dialect in ("mysql", "mariadb"):
        statement = statement.with_hint(table, hint, dialect)
    return statement


def _older(table: Work) -> Select[int]:
    same = (table.ordering_key == bindparam("key", type_=Key(255)), table.status == "pending")
    older = by_key(table, select(table.id)).where(*same, table.id < bindparam("before"))
    return older.order_by(table.id).limit(1).with_for_update(read=True)


_OLDER = {table.__tablename__: _older(table) for table in (Delivery, IntegrationLog)}


def turn_of(session: Session, table: Work, ordering_key: str, *, urgent: bool, before: int = 2**63 - 1) -> int:
    """The turn of a new row, or of one that is taken up again and is older than those with an id above `before`.

    The row that it waits behind is locked, so that it cannot end before the new one is committed.
    """
    turn = URGENT if urgent else BULK
    found = session.scalar(_OLDER[table.__tablename__], {"key": ordering_key, "before": before})
    return turn if found is None else -turn


def advance(session: Session, table: Work, ordering_key: str) -> None:
    """Bring the oldest pending row of a key to its head; to be called after a row of the key has ended."""
    rows = by_key(table, select(table.id, table.turn))
    waiting = rows.where(table.ordering_key == ordering_key, table.status == "pending")
    oldest = session.execute(waiting.order_by(table.id).limit(1)).first()
    if oldest is not None and oldest.turn < 0:
        head = update(table).where(table.id == oldest.id, table.turn < 0)
        session.execute(head.values(turn=-oldest.turn).execution_options(synchronize_session=False))


def lanes_after(session: Session, table: Work, turn: int, after: str) -> list[tuple[str, datetime]]:
    """The lanes with heads, by name from `after` on, at most `PAGE`, and when the first head of each is due."""
    rows = session.execute(_STATEMENTS[table.__tablename__], {"turn": turn, "after": after, "page": PAGE})
    return [(row.lane, row.due_at) for row in rows]


class Rounds:
    """One worker's way round the lanes: what a person waits for first, and each lane in its turn.

    So a lane that is full of work gets no more of a worker than one with a single row.
    """

    def __init__(self, table: Work) -> None:
        self._table = table
        self._last = {URGENT: "", BULK: ""}
        self._count = 0

    def due(self, session: Session, now: datetime, usable: Usable = lambda _, lanes: lanes) -> list[Place]:
        """Some places where a row is due, in the order in which to try them."""
        self._count += 1
        turns = (BULK, URGENT) if self._count % BULK_FIRST_EVERY == 0 else (URGENT, BULK)
        found: list[Place] = []
        for turn in turns:
            for lane in self._round(session, turn, now, usable):
                found.append(Place(turn, lane))
                if len(found) == CHOICE:
                    return found
        return found

    def served(self, place: Place) -> None:
        """Go on behind this lane next time."""
        self._last[place.turn] = place.lane

    def _round(self, session: Session, turn: int, now: datetime, usable: Usable) -> Iterator[str]:
        last = self._last[turn]
        yield from self._stretch(session, turn, now, usable, last, None)
        if last:
            yield from self._stretch(session, turn, now, usable, "", last)

    def _stretch(
        self, session: Session, turn: int, now: datetime, usable: Usable, after: str, until: str | None
    ) -> Iterator[str]:
        while True:
            page = lanes_after(session, self._table, turn, after)
            due = [lane for lane, due_at in page if due_at <= now and (until is None or lane <= until)]
            open_now = usable(session, due) if due else ()
            yield from (lane for lane in due if lane in open_now)
            if len(page) < PAGE or (until is not None and page[-1][0] > until):
                return
            after = page[-1][0]
