"""Accepting many at once: each stored once, one of each key at its head, whatever else is in the batch."""

import random

import pytest
from sqlalchemy.exc import IntegrityError

from storage import deliveries
from storage.deliveries import Arrival, Row
from storage.engine import Database
from storage.together import Together
from storage.turns import BULK, DONE, URGENT
from tests.storage.rows import NOW, accept, arrival, at_once, claim_delivery, column
from tests.storage.turning import drain, pending, stuck


def store(database: Database, *arrivals: Arrival) -> list[int | None]:
    rows = [deliveries.prepared(one, NOW) for one in arrivals]
    return database.run(lambda session: deliveries.accept_many(session, rows))


def stored(database: Database) -> dict[str, int]:
    names = column(database, "delivery_id", "deliveries")
    return dict(zip(names, column(database, "turn", "deliveries"), strict=True))


def together(database: Database) -> Together[Row, int | None]:
    return Together(database, deliveries.accept_many)


def test_each_gets_the_id_of_its_own_row(database: Database) -> None:
    names = ["b", "a", "B", "a ", "ä", "x" * 300, "x" * 300 + "y"]
    ids = store(database, *(arrival(name, ordering_key=name) for name in names))
    assert sorted(row_id or 0 for row_id in ids) == column(database, "id", "deliveries")
    kept = dict(zip(column(database, "id", "deliveries"), column(database, "delivery_id", "deliveries"), strict=True))
    assert [kept[row_id or 0][:2] for row_id in ids] == [name[:2] for name in names]


def test_of_several_of_one_key_in_a_batch_the_first_is_at_the_head(database: Database) -> None:
    store(database, arrival("a"), arrival("b"), arrival("c", urgent=True), arrival("d", ordering_key="other"))
    assert stored(database) == {"a": BULK, "b": -BULK, "c": -URGENT, "d": BULK}


def test_a_batch_waits_behind_what_is_pending_of_its_keys_already(database: Database) -> None:
    accept(database, arrival("first"))
    store(database, arrival("a"), arrival("b", ordering_key="other"), arrival("c"))
    assert stored(database) == {"first": BULK, "a": -BULK, "b": BULK, "c": -BULK}
    held = claim_delivery(database)
    assert held is not None
    database.run(lambda session: deliveries.finish(session, held, "failed", "", NOW))
    assert stored(database) == {"first": DONE, "a": BULK, "b": BULK, "c": -BULK}


def test_what_is_over_in_a_batch_makes_nobody_wait(database: Database) -> None:
    over = deliveries.prepared(arrival("over"), NOW, "completed")
    rows = [over, deliveries.prepared(arrival("a"), NOW), {**over, "delivery_id": "over too"}]
    database.run(lambda session: deliveries.accept_many(session, rows))
    assert stored(database) == {"over": DONE, "a": BULK, "over too": DONE}


def test_a_batch_that_holds_something_known_stores_nothing(database: Database) -> None:
    accept(database, arrival("known"))
    for batch in ([arrival("new"), arrival("known")], [arrival("twin"), arrival("twin")]):
        with pytest.raises(IntegrityError):
            store(database, *batch)
    assert list(stored(database)) == ["known"]


def test_the_same_id_of_two_services_is_two_deliveries(database: Database) -> None:
    ids = store(database, arrival("a"), arrival("a", service="jira"), arrival("a", service="slack"))
    assert len(set(ids)) == 3


def test_twins_among_many_threads_are_stored_once_and_each_is_told_so(database: Database) -> None:
    inbox = together(database)
    wanted = [f"d{number % 20}" for number in range(60)]

    def send(number: int) -> int | None:
        name = wanted[number]
        return inbox.run(deliveries.prepared(arrival(name, ordering_key=f"key {int(name[1:]) % 3}"), NOW))

    given = at_once(30, lambda first: [send(first), send(first + 30)])
    ids = [row_id for pair in given for row_id in pair if row_id is not None]
    assert sorted(ids) == column(database, "id", "deliveries")
    assert sorted(stored(database)) == sorted(set(wanted))
    assert stuck(database) == []


@pytest.mark.parametrize(
    "database_url",
    ["sqlite", "mysql"],
    indirect=True,
)
def test_many_of_a_few_keys_from_two_processes_while_they_are_planned_all_get_done(database: Database) -> None:
    """Two processes take them in, two plan; nothing is left that waits for nobody."""
    doors = [together(database), together(database)]
    dice = [random.Random(number) for number in range(10)]

    def send(number: int) -> None:
        for turn in range(12):
            one = arrival(f"{number}-{turn}", ordering_key=dice[number].choice("abc"), urgent=turn % 3 == 0)
            assert doors[number % 2].run(deliveries.prepared(one, NOW))

    def plan() -> None:
        for _ in range(40):
            row = claim_delivery(database)
            if row is not None:
                database.run(lambda session, row=row: deliveries.finish(session, row, "completed", "", NOW))

    at_once(10, lambda number: send(number) if number < 8 else plan())
    assert stuck(database) == []
    drain(database, NOW)
    assert (pending(database), len(stored(database))) == ([], 96)
