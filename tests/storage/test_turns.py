"""Whose row is next: every key with pending rows has a head, whatever ends, comes in or is taken up again meanwhile."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from sqlalchemy import event, text

from storage import deliveries, history, integrations
from storage.engine import Database
from storage.turns import BULK, DONE, URGENT, Place
from tests.storage.rows import LEASE, NOW, accept, add, after, arrival, at_once, claim, claim_delivery, column, planned
from tests.storage.turning import Player, drain, pending, stuck

# On SQLite one transaction at a time is open, so that two never end together.
lost_on_mysql = pytest.mark.parametrize(
    "database_url",
    ["sqlite", "mysql"],
    indirect=True,
)


def turns(database: Database, table: str = "integration_logs") -> list[int]:
    return column(database, "turn", table)


def complete(database: Database, row: Any, now: Any = NOW) -> bool:
    return database.run(lambda connection: integrations.complete(connection, row, "remote", "", now))


def fail(database: Database, row: Any) -> bool:
    return database.run(lambda connection: integrations.fail(connection, row, "no", NOW, sent_at=None))


def retry(database: Database, row_id: int) -> bool:
    return database.run(lambda connection: integrations.retry(connection, row_id, NOW))


def replay(database: Database, row_id: int) -> bool:
    return database.run(lambda connection: deliveries.replay(connection, row_id, NOW))


def confirm(database: Database, row_id: int) -> None:
    """What the echo of a row's effect does."""
    with database.read() as connection:
        marker: Any = connection.scalar(text("SELECT marker FROM integration_logs WHERE id = :id"), {"id": row_id})
    name = marker.decode() if isinstance(marker, bytes) else marker

    def write(connection: Any) -> None:
        row = integrations.take_marked(connection, name, NOW)
        assert row is not None
        integrations.complete(connection, row, "remote", "", NOW)

    database.run(write)


def in_hand(database: Database) -> Any:
    row = claim(database)
    assert row is not None
    return row


def kept(*names: str, **other: Any) -> Any:
    """Calls of one key that share no lane which only one may use."""
    return [planned(name, **({"operation": "update_message", "ordering_key": "one"} | other)) for name in names]


# --- the three states ------------------------------------------------------------------------------------------------


def test_the_first_of_a_key_is_at_its_head_and_the_others_wait(database: Database) -> None:
    add(database, *kept("a", "b"), *kept("c", source_service="slack"), *kept("d", ordering_key="two"))
    assert turns(database) == [BULK, -BULK, -URGENT, BULK]


def test_a_delivery_waits_behind_an_older_one_of_its_key_and_of_no_other(database: Database) -> None:
    urgent = arrival("c", service="slack", urgent=True)
    accept(database, arrival("a"), arrival("b"), urgent, arrival("d", service="slack", urgent=True))
    assert turns(database, "deliveries") == [BULK, -BULK, URGENT, -URGENT]


def test_an_arrival_that_is_over_at_once_takes_no_turn_and_makes_nobody_wait(database: Database) -> None:
    database.run(lambda connection: deliveries.accept(connection, arrival("a"), NOW, "completed"))
    accept(database, arrival("b"))
    database.run(lambda connection: deliveries.accept(connection, arrival("c"), NOW, "ignored"))
    assert turns(database, "deliveries") == [DONE, BULK, DONE]


@pytest.mark.parametrize("end", [complete, fail], ids=["completed", "failed"])
def test_each_row_comes_up_when_the_one_before_it_ends_however_many_wait(
    database: Database, end: Callable[[Database, Any], bool]
) -> None:
    add(database, *kept(*map(str, range(30))), *kept("last", source_service="slack"))
    for number in range(30):
        assert end(database, in_hand(database))
        waiting = [-BULK] * (29 - number - 1) + [-URGENT] if number < 29 else []
        assert turns(database) == [DONE] * (number + 1) + ([BULK, *waiting] if number < 29 else [URGENT])


def test_a_row_that_is_in_hand_put_off_or_left_behind_by_the_dead_stays_the_head(database: Database) -> None:
    add(database, *kept("a", "b"))
    row = in_hand(database)
    assert turns(database) == [BULK, -BULK]
    database.run(lambda connection: integrations.postpone(connection, row, after(9), "", NOW, sent_at=None))
    assert (turns(database), claim(database, after(8))) == ([BULK, -BULK], None)
    assert claim(database, after(10)) is not None
    add(database, *kept("c"))
    assert turns(database) == [BULK, -BULK, -BULK]


def test_an_end_by_one_who_lost_its_lease_brings_nobody_up(database: Database) -> None:
    add(database, *kept("a", "b"))
    late = in_hand(database)
    present = claim(database, after(LEASE))
    assert not complete(database, late)
    assert turns(database) == [BULK, -BULK]
    assert complete(database, present)
    assert turns(database) == [DONE, BULK]


def test_the_echo_of_a_row_that_waits_ends_it_and_leaves_the_head_alone(database: Database) -> None:
    ids = add(database, *kept("a", "b", "c"))
    confirm(database, ids[1])
    assert turns(database) == [BULK, DONE, -BULK]
    confirm(database, ids[0])
    assert turns(database) == [DONE, DONE, BULK]


# --- taken up again --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("younger", ["head", "in hand", "put off", "dead"])
def test_a_failed_row_that_is_tried_again_blocks_nobody_for_ever(database: Database, younger: str) -> None:
    (first,) = add(database, *kept("a"))
    fail(database, in_hand(database))
    add(database, *kept("b", "c"))
    row: Any = in_hand(database) if younger != "head" else None
    if younger == "put off":
        database.run(lambda connection: integrations.postpone(connection, row, after(5), "", NOW, sent_at=None))
    assert retry(database, first)
    assert (turns(database), stuck(database)) == ([BULK, BULK, -BULK], [])
    if younger == "in hand":
        assert complete(database, row)
    drain(database, after(2 * LEASE))
    assert column(database, "status") == ["completed"] * 3


@pytest.mark.parametrize("ends", ["the older first", "the younger first"])
def test_two_heads_of_one_key_let_the_third_up_in_whichever_order_they_end(database: Database, ends: str) -> None:
    older, younger = two_in_hand(database)
    first, second = (older, younger) if ends == "the older first" else (younger, older)
    assert complete(database, first)
    assert (turns(database)[2], stuck(database)) == (-BULK, [])
    assert complete(database, second)
    assert turns(database) == [DONE, DONE, BULK]


def test_one_that_is_tried_again_waits_for_what_is_older_and_goes_before_what_is_younger(database: Database) -> None:
    first, second, third = add(database, *kept("a", "b", "c"))
    for row_id in (first, second):
        held = in_hand(database)
        assert (held.id, fail(database, held)) == (row_id, True)
    assert (retry(database, first), retry(database, second)) == (True, True)
    done: list[int] = []
    while (row := claim(database)) is not None:
        done.append(row.id)
        complete(database, row)
    assert done == [first, second, third]


def test_a_delivery_that_is_planned_again_blocks_nobody_whatever_its_state(database: Database) -> None:
    ids = accept(database, *(arrival(name) for name in "abc"))
    assert all(replay(database, row_id or 0) for row_id in ids)  # the head, and two that wait
    assert turns(database, "deliveries") == [BULK, -BULK, -BULK]
    held = claim_delivery(database)
    assert replay(database, ids[0] or 0)  # in hand
    assert stuck(database) == []
    assert held is not None
    assert not database.run(lambda connection: deliveries.finish(connection, held, "completed", "", NOW))
    drain(database, NOW)
    assert replay(database, ids[1] or 0)  # done
    accept(database, arrival("d"))
    assert turns(database, "deliveries") == [DONE, BULK, DONE, -BULK]
    drain(database, NOW)
    assert pending(database) == []


def test_nothing_of_another_tables_key_holds_a_row_back(database: Database) -> None:
    accept(database, arrival("a", service="github", ordering_key="one"))
    add(database, *kept("a", ordering_key="github:one"))
    assert (turns(database), turns(database, "deliveries")) == ([BULK], [BULK])


def test_keys_that_differ_in_case_or_in_a_space_at_the_end_do_not_wait_for_each_other(database: Database) -> None:
    add(database, *(planned(key, ordering_key=key) for key in ("a", "A", "a ", "ä", "a" * 300, "a" * 300 + "b")))
    assert turns(database) == [BULK] * 6


def test_one_that_is_tried_again_and_waits_may_have_been_sent_before(database: Database) -> None:
    add(database, *kept("a"))
    older = in_hand(database)
    fail(database, older)
    add(database, *kept("b"))
    younger = in_hand(database)
    database.run(lambda connection: integrations.fail(connection, younger, "no answer", NOW, sent_at=NOW))
    assert (retry(database, older.id), retry(database, younger.id)) == (True, True)
    with database.read() as connection:
        assert history.in_flight(connection, "one", "update_message")


# --- at the same moment ----------------------------------------------------------------------------------------------


def two_in_hand(database: Database) -> tuple[Any, Any]:
    """Two rows of one key, both in hand since the older one was tried again, and a third that waits."""
    (first,) = add(database, *kept("a"))
    fail(database, in_hand(database))
    add(database, *kept("b", "c"))
    younger = in_hand(database)
    retry(database, first)
    return in_hand(database), younger


@contextmanager
def together_before_commit(database: Database, count: int) -> Generator[None]:
    """Commits wait until as many transactions have come as far, or for half a second: some must wait for each other."""
    meeting = threading.Barrier(count)

    def meet(_: object) -> None:
        with suppress(threading.BrokenBarrierError):
            meeting.wait(0.5)

    event.listen(database.engine, "commit", meet)
    yield
    event.remove(database.engine, "commit", meet)


@lost_on_mysql
def test_two_rows_of_a_key_that_end_at_the_same_moment_let_the_third_one_up(database: Database) -> None:
    held = two_in_hand(database)
    with together_before_commit(database, 2):
        assert at_once(2, lambda number: complete(database, held[number])) == [True, True]
    assert stuck(database) == []
    drain(database, NOW)
    assert pending(database) == []


@lost_on_mysql
def test_a_head_and_the_echo_of_the_row_behind_it_that_end_at_the_same_moment_let_the_third_up(
    database: Database,
) -> None:
    ids = add(database, *kept("a", "b", "c"))
    row = in_hand(database)
    with together_before_commit(database, 2):
        at_once(2, lambda number: complete(database, row) if number else confirm(database, ids[1]))
    assert stuck(database) == []


def test_two_that_come_at_the_same_moment_and_end_at_the_same_moment_leave_the_next_one_a_head(
    database: Database,
) -> None:
    with together_before_commit(database, 2):
        at_once(2, lambda number: add(database, *kept(str(number))))
    add(database, *kept("third"))
    drain(database, NOW)
    assert (stuck(database), pending(database)) == ([], [])


@pytest.mark.parametrize("end", [complete, fail], ids=["completed", "failed"])
@pytest.mark.parametrize("comes", ["added", "added behind others", "tried again"])
def test_a_row_that_comes_while_the_head_of_its_key_ends_is_not_left_without_one(
    database: Database, comes: str, end: Callable[[Database, Any], bool]
) -> None:
    failed: list[int] = []
    for number in range(8):
        order = f"key {number}"
        failed = add(database, *kept(f"{number}-0", f"{number}-1", ordering_key=order))
        for _ in failed:
            fail(database, in_hand(database))
        add(database, *kept(f"{number}-2", ordering_key=order))
        if comes == "added behind others":
            add(database, *kept(f"{number}-3", f"{number}-4", ordering_key=order))
        row = in_hand(database)
        new = kept(f"{number}-5", ordering_key=order)

        def work(which: int, row: Any = row, new: Any = new, failed: list[int] = failed) -> object:
            if which == 0:
                return end(database, row)
            return retry(database, failed[1]) if comes == "tried again" else add(database, *new)

        at_once(2, work)
        assert stuck(database) == []
        drain(database, NOW)
    assert pending(database) == []


def test_a_delivery_that_arrives_while_the_one_before_it_is_finished_is_not_left_without_a_head(
    database: Database,
) -> None:
    for number in range(15):
        accept(database, arrival(f"{number}-a"))
        held = claim_delivery(database)
        assert held is not None

        def work(which: int, held: Any = held, number: int = number) -> object:
            if which == 0:
                return database.run(lambda connection: deliveries.finish(connection, held, "completed", "", NOW))
            return accept(database, arrival(f"{number}-b"))

        at_once(2, work)
        assert stuck(database) == []
        drain(database, NOW)
    assert pending(database) == []


# --- anything at all -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_every_key_has_a_head(database: Database, seed: int) -> None:
    player, moves = Player(database, seed), list[str]()
    for _ in range(120):
        moves.append(player.play())
        assert stuck(database) == [], moves
    drain(database, after(1e6))
    assert pending(database) == []


@pytest.mark.parametrize("seed", range(2))
def test_whatever_happens_at_the_same_time_every_key_has_a_head_in_the_end(database: Database, seed: int) -> None:
    players = [Player(database, seed * 10 + number, f"{seed}-{number}") for number in range(4)]

    def play(number: int) -> None:
        for _ in range(40):
            players[number].play()

    at_once(4, play)
    assert stuck(database) == []
    drain(database, after(1e6))
    assert pending(database) == []


def test_a_place_without_anything_due_gives_nothing(database: Database) -> None:
    add(database, *kept("a", "b"))
    for place in (Place(URGENT, "slack:update_message"), Place(BULK, "slack:other"), Place(-BULK, "slack:other")):
        assert (
            database.run(lambda connection, at=place: integrations.claim(connection, at, NOW, LEASE, suspects=True))
            is None
        )
    assert claim(database, after(-1)) is None
