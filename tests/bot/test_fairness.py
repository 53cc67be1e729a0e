"""Each lane in its turn: nobody is served twice before everybody was served once, and who waits for it goes first."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event

from bot.calling import claim
from storage import deliveries, integrations, lanes
from storage.engine import Database
from storage.models import Delivery
from storage.turns import BULK, CHOICE, PAGE, URGENT, Place, Rounds
from tests.bot.effects import LEASE, on_sqlite
from tests.storage.rows import NOW, after, arrival
from tests.world import World


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.dispose()


def fill(database: Database, lanes_of: dict[str, int], *, urgent: bool = False) -> None:
    """So many deliveries for each lane, every one with an ordering key of its own."""
    rows = [
        deliveries.prepared(
            arrival(f"{lane} {number} {urgent}", lane=lane, ordering_key=f"{lane} {number} {urgent}", urgent=urgent),
            NOW,
        )
        for lane, count in lanes_of.items()
        for number in range(count)
    ]
    for start in range(0, len(rows), 60):
        database.run(lambda connection, start=start: deliveries.accept_many(connection, rows[start : start + 60]))


def serve(database: Database, rounds: Rounds, times: int) -> list[Place]:
    """What a worker does that many times; returns where it found its row."""
    served: list[Place] = []
    for _ in range(times):
        with database.read() as connection:
            choice = rounds.due(connection, NOW)
        assert len(choice) <= CHOICE
        for place in choice:
            rounds.served(place)

            def take(connection: Any, place: Place = place) -> bool:
                row = deliveries.claim(connection, place, NOW, LEASE, suspects=True)
                return row is not None and deliveries.finish(connection, row, "completed", "", NOW)

            if database.run(take):
                served.append(place)
                break
    return served


def names(places: list[Place]) -> list[str]:
    return [place.lane.removeprefix("github:") for place in places]


@pytest.mark.parametrize("count", [1, PAGE - 1, PAGE, PAGE + 1, 100])
def test_every_lane_is_served_once_before_any_is_served_twice(database: Database, count: int) -> None:
    wanted = [f"lane {number:03}" for number in range(count)]
    fill(database, dict.fromkeys(wanted, 2))
    rounds = Rounds(Delivery)
    assert sorted(names(serve(database, rounds, count))) == wanted
    assert sorted(names(serve(database, rounds, count))) == wanted
    assert serve(database, rounds, 1) == []


@pytest.mark.parametrize("other", ["a", "z"], ids=["before it", "behind it"])
def test_a_lane_with_a_thousand_rows_gets_no_more_than_one_with_a_few(database: Database, other: str) -> None:
    fill(database, {"m": 1000, other: 5})
    assert Counter(names(serve(database, Rounds(Delivery), 10))) == {"m": 5, other: 5}


def test_a_lane_that_appears_is_served_within_the_round(database: Database) -> None:
    fill(database, {f"lane {number:03}": 3 for number in range(40)})
    rounds = Rounds(Delivery)
    serve(database, rounds, 20)
    fill(database, {"lane 000 new": 1, "lane 030 new": 1})
    assert {"lane 000 new", "lane 030 new"} <= set(names(serve(database, rounds, 42)))


def test_names_of_any_kind_take_their_turns(database: Database) -> None:
    wanted = ["a", "A", "a ", "ä", "é", "Z", "z", "~", "💥", "lane/with/much", "x" * 300] * 1
    fill(database, dict.fromkeys(wanted, 2))
    rounds = Rounds(Delivery)
    served = [serve(database, rounds, len(wanted)) for _ in range(2)]
    assert [len(set(names(one))) for one in served] == [len(wanted)] * 2


def test_what_a_person_waits_for_goes_first_and_every_fourth_claim_is_for_the_rest(database: Database) -> None:
    fill(database, {"bulk": 40})
    fill(database, {"person a": 20, "person b": 20}, urgent=True)
    turns = [place.turn for place in serve(database, Rounds(Delivery), 40)]
    assert turns == [URGENT, URGENT, URGENT, BULK] * 10


def test_one_turn_alone_gets_every_claim(database: Database) -> None:
    fill(database, {"bulk": 12})
    assert len(serve(database, Rounds(Delivery), 12)) == 12
    fill(database, {"person": 12}, urgent=True)
    assert len(serve(database, Rounds(Delivery), 12)) == 12


def test_two_workers_do_not_both_serve_the_first_lanes_only(database: Database) -> None:
    fill(database, {f"lane {number}": 10 for number in range(6)})
    first, second = Rounds(Delivery), Rounds(Delivery)
    served: list[str] = []
    for _ in range(6):
        served += names(serve(database, first, 1) + serve(database, second, 1))
    assert set(Counter(served).values()) == {2}


def test_lanes_that_may_not_be_used_are_passed_over_however_many_they_are(database: Database) -> None:
    fill(database, {f"lane {number:03}": 1 for number in range(100)})
    asked: list[str] = []

    def usable(_: Any, lanes: Any) -> list[str]:
        asked.extend(lanes)
        return [lane for lane in lanes if lane == "github:lane 077"]

    with database.read() as connection:
        rounds = Rounds(Delivery)
        assert [place.lane for place in rounds.due(connection, NOW, usable)] == ["github:lane 077"]
        rounds.served(Place(BULK, "github:lane 077"))
        assert [place.lane for place in rounds.due(connection, NOW, usable)] == ["github:lane 077"]
        assert rounds.due(connection, NOW, lambda _session, _lanes: []) == []
        assert rounds.due(connection, after(-1)) == []
    assert len(set(asked)) == 100


def test_a_lane_whose_rows_are_due_later_is_passed_over(database: Database) -> None:
    fill(database, {"a": 1, "b": 1, "c": 1})
    first = Place(BULK, "github:a")
    held = database.run(lambda connection: deliveries.claim(connection, first, NOW, LEASE, suspects=True))
    assert held is not None
    database.run(lambda connection: deliveries.postpone(connection, held, after(30), "", NOW, burn=True))
    assert names(serve(database, Rounds(Delivery), 3)) == ["b", "c"]


# --- what a look costs -----------------------------------------------------------------------------------------------


def statements(world: World) -> list[str]:
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.append(statement.strip())

    event.listen(world.database.engine, "before_cursor_execute", note)
    return found


def writes(found: list[str]) -> list[str]:
    words = ("INSERT", "UPDATE", "DELETE", "BEGIN IMMEDIATE")
    return [one for one in found if one.startswith(words) or "FOR UPDATE" in one or "FOR SHARE" in one]


def test_a_worker_with_nothing_to_do_writes_nothing(world: World) -> None:
    world.settle()
    found = statements(world)
    for _ in range(4):
        assert not world.worker.step()
    assert (writes(found), len(found) <= 24) == ([], True), found


def test_a_worker_whose_lanes_are_all_paused_writes_nothing(world: World) -> None:
    for number in range(40):
        text = {"channel": f"C0{number:08}", "text": "hello"}
        world.ask("jira", "slack", "post_message", text)
    now = world.services.now()
    world.database.run(lambda connection: lanes.pause(connection, "slack", now.replace(year=now.year + 1), "away", now))
    found = statements(world)
    for _ in range(4):
        assert not world.worker.step()
    assert writes(found) == []


@on_sqlite
def test_a_claim_that_finds_a_place_taken_goes_on_to_the_next_one(world: World) -> None:
    """Between the look and the claim another worker was quicker."""
    for number in range(3):
        world.ask("jira", "slack", "post_message", {"channel": f"C0{number:08}", "text": "hello"})
    tried: list[str] = []

    def take(connection: Any, place: Place, now: Any) -> Any:
        tried.append(place.lane)
        if len(tried) < 3:
            return None
        return integrations.claim(connection, place, now, LEASE, suspects=True)

    assert claim(world.services, Rounds(integrations.IntegrationLog), integrations.usable, take) is not None
    assert len(set(tried)) == 3
