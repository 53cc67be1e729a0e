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

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    TextualSelect,
    Update,
    bindparam,
    select,
    text,
    update,
)

from storage.columns import Key, Utc
from storage.models import Delivery, IntegrationLog
from storage.prepared import Prepared

type Work = type[Delivery] | type[IntegrationLog]

URGENT, BULK, DONE = 1, 2, 0
HEADS = (URGENT, BULK)
_OPEN = (*HEADS, -URGENT, -BULK)
PAGE = 32
"""Lanes that are looked at together."""
CHOICE = 4
"""How many lanes a worker tries before it says that there is nothing to do: others may be quicker."""
BULK_FIRST_EVERY = 4
"""One claim in so many begins with what nobody waits for, so that it goes on even while people keep connect busy."""

type Usable = Callable[[Connection, Collection[str]], Collection[str]]
"""Those of some lanes that may be used now."""


@dataclass(frozen=True)
class Place:
    """Where a row is due."""

    turn: int
    lane: str


# A loose index scan, which neither database does by itself: from lane to lane, without the rows between.
_FROM_LANE_TO_LANE = """
{name} (lane, place) AS (
    SELECT MIN(lane), 1 FROM {table} WHERE turn = {turn} AND lane > :after_{turn}
    UNION ALL
    SELECT (SELECT MIN(lane) FROM {table} WHERE turn = {turn} AND lane > {name}.lane), place + 1
    FROM {name} WHERE {name}.lane IS NOT NULL AND place < :page
)"""
_WITH_TIME = """
SELECT {turn} AS turn, lane,
    (SELECT MIN(due_at) FROM {table} WHERE turn = {turn} AND {table}.lane = {name}.lane) AS due_at
FROM {name} WHERE lane IS NOT NULL"""


def _lanes(table: str) -> TextualSelect:
    names = {URGENT: "urgent_lanes", BULK: "bulk_lanes"}
    parts = [_FROM_LANE_TO_LANE.format(name=name, table=table, turn=turn) for turn, name in names.items()]
    found = [_WITH_TIME.format(name=name, table=table, turn=turn) for turn, name in names.items()]
    statement = text(f"WITH RECURSIVE {', '.join(parts)} {' UNION ALL '.join(found)}")
    after = [bindparam(f"after_{turn}", type_=Key(255)) for turn in names]
    return statement.bindparams(*after).columns(turn=Integer, lane=Key(255), due_at=Utc)


_LANES = {table.__tablename__: Prepared(_lanes(table.__tablename__)) for table in (Delivery, IntegrationLog)}


def by_key[*Columns](table: Work, statement: Select[*Columns], alias: Any = None) -> Select[*Columns]:
    """The statement, read by the index on the ordering key: MySQL may prefer to walk along all that is pending."""
    hint = f"FORCE INDEX (ix_{table.__tablename__}_ordering_key_turn_id)"
    for dialect in ("mysql", "mariadb"):
        statement = statement.with_hint(table if alias is None else alias, hint, dialect)
    return statement


def at_head(turn: Any) -> ColumnElement[bool]:
    """Whether this is the turn of a head."""
    return (turn == URGENT) | (turn == BULK)


def _heads(table: Work) -> Select[*tuple[Any, ...]]:
    rows: Any = table.__table__
    of_key = select(rows.c.id).where(rows.c.ordering_key == bindparam("key"), at_head(rows.c.turn))
    return by_key(table, of_key, rows).with_for_update(read=True)


# MIN by MIN, each one step into the index: in one go, everything that waits would have to be sorted.
_FIRST_OF = "(SELECT MIN(id) FROM {table} WHERE ordering_key = :key AND turn = {turn})"


def _firsts(table: Work) -> TextualSelect:
    firsts = [_FIRST_OF.format(table=table.__tablename__, turn=turn) for turn in (-URGENT, -BULK)]
    statement = text(f"SELECT {', '.join(firsts)}").bindparams(bindparam("key", type_=Key(255)))
    return statement.columns(urgent=Integer, bulk=Integer)


def _raise(table: Work) -> Update:
    rows: Any = table.__table__
    return update(rows).where(rows.c.id == bindparam("row_id"), rows.c.turn < DONE).values(turn=-rows.c.turn)


_TABLES = (Delivery, IntegrationLog)
_OLDER_HEAD = {
    table.__tablename__: Prepared(_heads(table).where(table.__table__.c.id < bindparam("before")).limit(1))
    for table in _TABLES
}
_EVERY_HEAD = {table.__tablename__: Prepared(_heads(table)) for table in _TABLES}
_FIRST = {table.__tablename__: Prepared(_firsts(table)) for table in _TABLES}
_RAISE = {table.__tablename__: Prepared(_raise(table)) for table in _TABLES}
_NEWEST = 2**63 - 1


def turn_of(connection: Connection, table: Work, ordering_key: str, *, urgent: bool, before: int = _NEWEST) -> int:
    """The turn of a new row, or of one with the id `before` that is taken up again.

    The head that it waits behind is locked, so that it cannot end before the row is committed.
    """
    turn = URGENT if urgent else BULK
    return -turn if has_head(connection, table, ordering_key, before) else turn


def has_head(connection: Connection, table: Work, ordering_key: str, before: int = _NEWEST) -> bool:
    """Whether a key has a head that is older than the row `before`; the head is locked until the transaction ends."""
    given = {"key": ordering_key, "before": before}
    return _OLDER_HEAD[table.__tablename__].first(connection, given) is not None


def advance(connection: Connection, table: Work, ordering_key: str) -> None:
    """Bring the oldest pending row of a key to its head; to be called when a row of it has ended.

    Who ends a row has it locked, so a new row that is to wait behind it is either committed by now or will not wait.
    """
    given, name = {"key": ordering_key}, table.__tablename__
    waiting = [row_id for row_id in _FIRST[name].first(connection, given) if row_id is not None]
    if not waiting:
        return
    # Locked: of two heads that end at the same moment neither may take the other for the one that is left.
    heads = [row.id for row in _EVERY_HEAD[name].all(connection, given)]
    if min(waiting) < min(heads, default=_NEWEST):
        _RAISE[name].run(connection, {"row_id": min(waiting)})


def mend(connection: Connection, table: Work, most: int = 500) -> int:
    """Give a turn to rows that an older version of connect, at work beside this one, left without; returns how many.

    It stores rows as if they were done, and ends rows as if they were still at the head.
    """
    ended = select(table.id, table.ordering_key).where(table.turn.in_(_OPEN), table.status != "pending").limit(most)
    lost = select(table.id, table.ordering_key).where(table.status == "pending", table.turn == DONE)
    gone, found = connection.execute(ended).all(), connection.execute(lost.order_by(table.id).limit(most)).all()
    service: Any = Delivery.service if table is Delivery else IntegrationLog.target_service
    changes: list[tuple[Any, dict[str, Any]]] = [(gone, {"turn": DONE}), (found, {"turn": -BULK, "lane": service})]
    for rows, new in changes:
        ids = [row.id for row in rows]
        connection.execute(update(table).where(table.id.in_(ids)).values(new))
    for key in dict.fromkeys(row.ordering_key for row in (*gone, *found)):
        advance(connection, table, key)
    return len(gone) + len(found)


def lanes_after(connection: Connection, table: Work, after: Mapping[int, str]) -> dict[int, list[tuple[str, datetime]]]:
    """For both turns the lanes with heads, by name from `after` on, at most `PAGE`, and when the first row is due."""
    given = {f"after_{turn}": after[turn] for turn in (URGENT, BULK)}
    found: dict[int, list[tuple[str, datetime]]] = {URGENT: [], BULK: []}
    for row in _LANES[table.__tablename__].all(connection, {**given, "page": PAGE}):
        found[row.turn].append((row.lane, row.due_at))
    return {turn: sorted(lanes) for turn, lanes in found.items()}


class Rounds:
    """One worker's way round the lanes: what a person waits for first, and each lane in its turn.

    So a lane that is full of work gets no more of a worker than one with a single row.
    """

    def __init__(self, table: Work) -> None:
        self._table = table
        self._last = {URGENT: "", BULK: ""}
        self._count = 0

    def due(self, connection: Connection, now: datetime, usable: Usable = lambda _, lanes: lanes) -> list[Place]:
        """Some places where a row is due, in the order in which to try them."""
        self._count += 1
        turns = (BULK, URGENT) if self._count % BULK_FIRST_EVERY == 0 else (URGENT, BULK)
        pages = lanes_after(connection, self._table, {URGENT: "", BULK: ""})
        found: list[Place] = []
        for turn in turns:
            for lane in self._round(connection, turn, now, usable, pages[turn]):
                found.append(Place(turn, lane))
                if len(found) == CHOICE:
                    return found
        return found

    def served(self, place: Place) -> None:
        """Go on behind this lane next time."""
        self._last[place.turn] = place.lane

    def _round(
        self, connection: Connection, turn: int, now: datetime, usable: Usable, page: list[tuple[str, datetime]]
    ) -> Iterator[str]:
        """The lanes with a row that is due, from the last one on and round to it; `page` are the first of all."""
        last = self._last[turn]
        for lanes in self._pages(connection, turn, last, page):
            due = [lane for lane, due_at in lanes if due_at <= now]
            open_now = usable(connection, due) if due else ()
            yield from (lane for lane in due if lane in open_now)

    def _pages(
        self, connection: Connection, turn: int, last: str, first: list[tuple[str, datetime]]
    ) -> Iterator[list[tuple[str, datetime]]]:
        if len(first) < PAGE:
            yield [one for one in first if one[0] > last] + [one for one in first if one[0] <= last]
            return
        after, wrapped = last, False
        while True:
            page = lanes_after(connection, self._table, {URGENT: "", BULK: "", turn: after})[turn]
            yield [one for one in page if not wrapped or one[0] <= last]
            if wrapped and (len(page) < PAGE or page[-1][0] >= last):
                return
            wrapped = wrapped or len(page) < PAGE
            after = page[-1][0] if len(page) == PAGE else ""
