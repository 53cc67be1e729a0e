"""Accepting many at once: each stored once, one of each key at its head, whatever else is in the batch."""

import random
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from storage import deliveries
from storage.deliveries import Arrival, Row, Stored
from storage.engine import Database
from storage.models import Delivery
from storage.together import Together
from storage.turns import BULK, DONE, URGENT
from tests.storage.rows import LEASE, NOW, accept, after, arrival, at_once, claim_delivery, column
from tests.storage.turning import drain, pending, stuck


def store(database: Database, *arrivals: Arrival) -> list[Stored | None]:
    rows = [deliveries.prepared(one, NOW) for one in arrivals]
    return database.run(lambda connection: deliveries.accept_many(connection, rows))


def stored(database: Database) -> dict[str, int]:
    names = column(database, "delivery_id", "deliveries")
    return dict(zip(names, column(database, "turn", "deliveries"), strict=True))


def everything(database: Database) -> list[dict[str, Any]]:
    with database.read() as connection:
        return [dict(row) for row in connection.execute(select(Delivery.__table__)).mappings()]


def together(database: Database) -> Together[Row, Stored | None]:
    return Together(database, deliveries.accept_many)


def test_each_of_a_batch_is_a_row_of_its_own(database: Database) -> None:
    names = ["b", "a", "B", "a ", "ä", "x" * 300, "x" * 300 + "y"]
    new = store(database, *(arrival(name, ordering_key=name) for name in names))
    assert new == [Stored(None, claimed=False)] * len(names)
    assert [kept[:2] for kept in column(database, "delivery_id", "deliveries")] == [name[:2] for name in names]


def test_one_by_itself_is_told_its_id(database: Database) -> None:
    (first,), (second,) = store(database, arrival("a")), store(database, arrival("b"))
    assert [first, second] == [Stored(row_id, claimed=False) for row_id in column(database, "id", "deliveries")]
    assert store(database, arrival("a")) == [None]


def test_a_row_is_the_same_whether_it_was_stored_alone_or_with_others(database: Database) -> None:
    hard = {"X-GitHub-Event": "p\udc00ü %s ? ' \\"}
    for name in ("alone", "one", "other"):
        given = [
            Arrival("github", name, "push\udc00 %s", f"key {name}", hard, b"\x00%s'\xff" * 9, "acme/web", urgent=True)
        ]
        store(database, *(given if name == "alone" else [*given, arrival(f"with {name}", ordering_key=f"with {name}")]))
    rows = {row["delivery_id"]: row for row in everything(database)}
    own = ("id", "delivery_id", "ordering_key")
    alone, one, other = ({k: v for k, v in rows[name].items() if k not in own} for name in ("alone", "one", "other"))
    assert alone == one == other


def test_of_several_of_one_key_in_a_batch_the_first_is_at_the_head(database: Database) -> None:
    store(database, arrival("a"), arrival("b"), arrival("c", urgent=True), arrival("d", ordering_key="other"))
    assert stored(database) == {"a": BULK, "b": -BULK, "c": -URGENT, "d": BULK}


def test_a_batch_waits_behind_what_is_pending_of_its_keys_already(database: Database) -> None:
    accept(database, arrival("first"))
    store(database, arrival("a"), arrival("b", ordering_key="other"), arrival("c"))
    assert stored(database) == {"first": BULK, "a": -BULK, "b": BULK, "c": -BULK}
    held = claim_delivery(database)
    assert held is not None
    database.run(lambda connection: deliveries.finish(connection, held, "failed", "", NOW))
    assert stored(database) == {"first": DONE, "a": BULK, "b": BULK, "c": -BULK}


def test_what_is_over_in_a_batch_makes_nobody_wait(database: Database) -> None:
    over = deliveries.prepared(arrival("over"), NOW, "completed")
    rows = [over, deliveries.prepared(arrival("a"), NOW), {**over, "delivery_id": "over too"}]
    database.run(lambda connection: deliveries.accept_many(connection, rows))
    assert stored(database) == {"over": DONE, "a": BULK, "over too": DONE}


def test_a_batch_that_holds_something_known_stores_nothing(database: Database) -> None:
    accept(database, arrival("known"))
    for batch in ([arrival("new"), arrival("known")], [arrival("twin"), arrival("twin")]):
        with pytest.raises(IntegrityError):
            store(database, *batch)
    assert list(stored(database)) == ["known"]


def test_the_same_id_of_two_services_is_two_deliveries(database: Database) -> None:
    store(database, arrival("a"), arrival("a", service="jira"), arrival("a", service="slack"))
    assert sorted(column(database, "service", "deliveries")) == ["github", "jira", "slack"]


def test_twins_among_many_threads_are_stored_once_and_each_is_told_so(database: Database) -> None:
    inbox = together(database)
    wanted = [f"d{number % 20}" for number in range(60)]

    def send(number: int) -> Stored | None:
        name = wanted[number]
        return inbox.run(deliveries.prepared(arrival(name, ordering_key=f"key {int(name[1:]) % 3}"), NOW))

    given = at_once(30, lambda first: [send(first), send(first + 30)])
    assert len([new for pair in given for new in pair if new is not None]) == 20
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
                database.run(lambda connection, row=row: deliveries.finish(connection, row, "completed", "", NOW))

    at_once(10, lambda number: send(number) if number < 8 else plan())
    assert stuck(database) == []
    drain(database, NOW)
    assert (pending(database), len(stored(database))) == ([], 96)


# --- claimed as it is stored -----------------------------------------------------------------------------------------


def claimed(database: Database, *arrivals: Arrival) -> list[Stored | None]:
    rows = [deliveries.prepared(one, NOW, lease_seconds=LEASE) for one in arrivals]
    return database.run(lambda connection: deliveries.accept_many(connection, rows))


def hands(database: Database) -> list[tuple[bool, int, datetime]]:
    return [(row["lease_token"] is not None, row["attempts"], row["due_at"]) for row in everything(database)]


def test_what_is_stored_as_claimed_is_in_one_pair_of_hands_until_its_lease_ends(database: Database) -> None:
    row = deliveries.prepared(arrival("a"), NOW, lease_seconds=LEASE)
    (stored_as,) = database.run(lambda connection: deliveries.accept_many(connection, [row]))
    (row_id,) = column(database, "id", "deliveries")
    assert stored_as == Stored(row_id, claimed=True)
    assert hands(database) == [(True, 1, after(LEASE))]
    assert claim_delivery(database) is None
    held = deliveries.claimed(row, row_id, b"{}")
    assert (held.body, held.event, held.attempts, held.crashes) == (b"{}", "push", 1, 0)
    late = claim_delivery(database, after(LEASE + 1))
    assert late is not None
    assert (late.id, late.attempts, late.crashes) == (row_id, 2, 1)
    assert not database.run(lambda connection: deliveries.finish(connection, held, "completed", "", NOW))
    assert database.run(lambda connection: deliveries.finish(connection, late, "completed", "", NOW))


def test_what_waits_behind_another_is_claimed_by_nobody(database: Database) -> None:
    accept(database, arrival("first"))
    second = claimed(database, arrival("second"))
    assert second == [Stored(column(database, "id", "deliveries")[1], claimed=False)]
    assert hands(database)[1] == (False, 0, NOW)


def test_of_several_that_are_stored_at_once_none_is_claimed(database: Database) -> None:
    both = claimed(database, arrival("a"), arrival("b", ordering_key="other"))
    assert both == [Stored(None, claimed=False)] * 2
    assert hands(database) == [(False, 0, NOW)] * 2


def test_what_is_known_already_is_not_claimed(database: Database) -> None:
    accept(database, arrival("a"))
    assert claimed(database, arrival("a")) == [None]
    assert hands(database) == [(False, 0, NOW)]
