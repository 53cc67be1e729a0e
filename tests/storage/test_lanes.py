"""Lanes: held by one row, paused for all, suspected and trusted again, and given back only by whoever has them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from storage import integrations, lanes
from storage.engine import Database
from storage.integrations import Integration
from tests.storage.rows import LEASE, NOW, add, after, at_once, claim, column, planned

LANE = "slack:post_message:C1"


def hold(database: Database, token: str, now: float = 0.0, seconds: float = LEASE, name: str = LANE) -> bool:
    return database.run(lambda connection: lanes.hold(connection, name, token, after(now + seconds), after(now)))


def release(database: Database, token: str, now: float = 0.0, until: float = 0.0, name: str = LANE) -> None:
    database.run(lambda connection: lanes.release(connection, name, token, after(until), after(now)))


def pause(database: Database, until: float, now: float = 0.0, name: str = LANE) -> None:
    database.run(lambda connection: lanes.pause(connection, name, after(until), "asked to wait", after(now)))


def open_at(database: Database, seconds: float, name: str = LANE) -> bool:
    with database.read() as connection:
        return name in integrations.usable(connection, [name], after(seconds))


def suspect(database: Database, now: float, *, probe: bool) -> float:
    until = database.run(
        lambda connection: lanes.suspect(
            connection, "slack", "no answer", after(now), lambda n: timedelta(seconds=10 * n), probe=probe
        )
    )
    return (until - NOW).total_seconds()


def post(database: Database, *channels: str, **other: Any) -> list[int]:
    """A message for each channel, each with an ordering key of its own."""
    count = len(column(database, "id"))
    new = [
        planned(f"{count}-{number}", ordering_key=f"{count}-{number}", payload={"channel": channel}, **other)
        for number, channel in enumerate(channels)
    ]
    return add(database, *new)


# --- held ------------------------------------------------------------------------------------------------------------


def test_a_lane_is_held_by_one_until_it_is_released(database: Database) -> None:
    assert (hold(database, "a"), hold(database, "b"), open_at(database, 0)) == (True, False, False)
    release(database, "a")
    assert (open_at(database, 0), hold(database, "b")) == (True, True)


def test_a_lane_whose_holder_died_is_open_when_its_lease_ends(database: Database) -> None:
    hold(database, "a")
    assert (hold(database, "b", LEASE - 0.001), hold(database, "b", LEASE)) == (False, True)


def test_a_late_release_frees_nothing_that_another_holds_by_now(database: Database) -> None:
    hold(database, "late")
    hold(database, "present", LEASE)
    release(database, "late", LEASE, LEASE)
    assert not hold(database, "third", LEASE + 1)
    release(database, "present", LEASE + 2, LEASE + 2)
    assert hold(database, "third", LEASE + 2)


def test_a_release_ends_no_pause_that_came_meanwhile(database: Database) -> None:
    hold(database, "a")
    pause(database, 90)
    release(database, "a", 1, 1)
    assert (open_at(database, 89), open_at(database, 90)) == (False, True)


def test_a_lane_rests_for_as_long_as_its_release_says(database: Database) -> None:
    hold(database, "a")
    release(database, "a", 5, 6)
    assert (hold(database, "b", 5.9), hold(database, "b", 6)) == (False, True)


@pytest.mark.parametrize("known", [False, True], ids=["a new lane", "a known lane"])
def test_of_many_that_take_a_lane_at_the_same_moment_one_has_it(database: Database, known: bool) -> None:  # noqa: FBT001
    for number in range(10):
        name = f"{LANE}-{number}"
        if known:
            hold(database, "before", -LEASE, 1, name)
        assert sorted(at_once(6, lambda one, name=name: hold(database, str(one), name=name))) == [False] * 5 + [True]


def test_a_release_and_a_hold_at_the_same_moment_leave_one_holder_at_most(database: Database) -> None:
    for number in range(15):
        name = f"{LANE}-{number}"
        hold(database, "a", name=name)
        taken = at_once(
            3,
            lambda one, name=name: (
                release(database, "a", name=name) if one == 0 else hold(database, str(one), name=name)
            ),
        )
        assert taken.count(True) <= 1
        assert hold(database, "last", name=name) == (True not in taken)


# --- paused ----------------------------------------------------------------------------------------------------------


def test_a_paused_lane_delays_nobody_else(database: Database) -> None:
    first, second = post(database, "C1", "C2")
    pause(database, 90)
    row = claim(database)
    assert (row and row.id, claim(database)) == (second, None)
    again = claim(database, after(90), suspects=False)
    assert again is not None
    assert again.id == first


def test_a_paused_service_delays_all_of_its_lanes_and_no_other_services(database: Database) -> None:
    post(database, "C1", "C2")
    (other,) = post(database, "", target_service="jira", operation="create_issue")
    pause(database, 90, name="slack")
    row = claim(database)
    assert (row and row.id, claim(database, after(LEASE - 1))) == (other, None)


def test_many_pauses_at_the_same_moment_leave_one_row_and_the_lane_closed(database: Database) -> None:
    at_once(6, lambda number: pause(database, 90 + number))
    assert column(database, "name", "lanes") == [LANE]
    assert not open_at(database, 89)


def test_a_pause_is_not_shortened_by_a_shorter_one(database: Database) -> None:
    pause(database, 90)
    pause(database, 5, 1)
    assert not open_at(database, 6)


def test_a_pause_that_is_shorter_than_a_lease_takes_the_lane_from_nobody(database: Database) -> None:
    """Who asks for it is a worker that lost its lease; the present holder's call is still under way."""
    hold(database, "present")
    pause(database, 1)
    assert not hold(database, "third", 2)


def test_a_reason_of_any_length_can_be_kept(database: Database) -> None:
    database.run(lambda connection: lanes.pause(connection, LANE, after(9), "ö" * 5000, NOW))
    assert not open_at(database, 8)


# --- suspected -------------------------------------------------------------------------------------------------------


def test_of_the_calls_under_way_when_a_service_goes_away_only_the_first_counts(database: Database) -> None:
    assert [suspect(database, now, probe=False) for now in (0, 1, 5)] == [10, 10, 10]
    assert column(database, "failures", "lanes") == [1]
    assert [suspect(database, now, probe=True) for now in (10, 30)] == [30, 60]
    assert column(database, "failures", "lanes") == [3]


def test_many_that_notice_at_the_same_moment_count_as_one(database: Database) -> None:
    at_once(6, lambda _: suspect(database, 0, probe=False))
    assert column(database, "failures", "lanes") == [1]


def test_a_suspected_service_is_tried_by_one_row_and_by_the_next_one_when_that_dies(database: Database) -> None:
    post(database, "C1", "C2", "C3")
    suspect(database, 0, probe=False)
    assert claim(database, after(9)) is None
    probe = claim(database, after(10))
    assert probe is not None
    assert (probe.probe, claim(database, after(11)), claim(database, after(9 + LEASE))) == (True, None, None)
    following = claim(database, after(10 + LEASE), suspects=False)
    assert following is not None
    assert (following.probe, following.id != probe.id) == (True, True)


def test_a_probe_that_is_not_to_be_had_leaves_its_serial_lane_open(database: Database) -> None:
    post(database, "C1")
    suspect(database, 0, probe=False)
    hold(database, "probe", 10, name="slack")
    assert claim(database, after(11)) is None
    database.run(lambda connection: lanes.trust(connection, "slack", after(12)))
    assert claim(database, after(12)) is not None


def test_of_many_that_claim_when_a_pause_ends_one_is_the_probe(database: Database) -> None:
    post(database, *(f"C{number}" for number in range(12)))
    suspect(database, 0, probe=False)
    rows = at_once(6, lambda _: claim(database, after(10)))
    assert [row.probe for row in rows if row is not None] == [True]


def test_trust_opens_a_suspected_service_and_lengthens_or_ends_no_plain_pause(database: Database) -> None:
    suspect(database, 0, probe=False)
    database.run(lambda connection: lanes.trust(connection, "slack", after(3)))
    assert (open_at(database, 3), column(database, "failures", "lanes")) == (True, [0])
    pause(database, 90, 4, name="slack")
    database.run(lambda connection: lanes.trust(connection, "slack", after(5)))
    assert not open_at(database, 6)


# --- serial lanes ----------------------------------------------------------------------------------------------------

SERIAL: list[dict[str, Any]] = [
    {"target_service": "slack", "operation": "post_message", "payload": {"channel": "C1"}},
    {"target_service": "github", "operation": "create_issue", "payload": {}},
]


def serial(database: Database, count: int, kind: dict[str, Any]) -> None:
    add(database, *(planned(str(number), ordering_key=str(number), **kind) for number in range(count)))


@pytest.mark.parametrize("kind", SERIAL, ids=["slack", "github"])
def test_a_serial_lane_has_one_row_in_hand_over_many_threads(database: Database, kind: dict[str, Any]) -> None:
    serial(database, 12, kind)
    for number in range(12):
        now = after(2.0 * number)
        rows: list[Integration | None] = at_once(5, lambda _, now=now: claim(database, now))
        (row,) = [row for row in rows if row is not None]
        database.run(lambda connection, row=row, now=now: integrations.complete(connection, row, "remote", "", now))
    assert column(database, "status") == ["completed"] * 12


@pytest.mark.parametrize("how", ["completed", "failed", "postponed"])
@pytest.mark.parametrize(("kind", "rest"), [(SERIAL[0], 0.0), (SERIAL[1], 1.0)], ids=["slack", "github"])
def test_a_serial_lane_rests_after_each_row_however_it_ends(
    database: Database, kind: dict[str, Any], rest: float, how: str
) -> None:
    serial(database, 2, kind)
    row = claim(database)
    assert row is not None

    def give_back(connection: Any) -> None:
        if how == "completed":
            integrations.complete(connection, row, "remote", "", after(3))
        elif how == "failed":
            integrations.fail(connection, row, "no", after(3), sent_at=None)
        else:
            integrations.postpone(connection, row, after(500), "", after(3), sent_at=None)

    database.run(give_back)
    assert rest == 0 or claim(database, after(3 + rest - 0.01)) is None
    assert claim(database, after(3 + rest)) is not None


@pytest.mark.parametrize("kind", SERIAL, ids=["slack", "github"])
def test_a_worker_that_dies_with_a_serial_lane_holds_it_up_for_a_lease_at_most(
    database: Database, kind: dict[str, Any]
) -> None:
    serial(database, 2, kind)
    first = claim(database)
    assert first is not None
    assert claim(database, after(LEASE - 0.01)) is None
    second = claim(database, after(LEASE), suspects=False)
    assert second is not None
    assert second.id != first.id


def test_a_late_worker_that_ends_its_row_leaves_the_lane_to_its_present_holder(database: Database) -> None:
    serial(database, 3, SERIAL[0])
    late = claim(database)
    assert late is not None
    assert claim(database, after(LEASE), suspects=False) is not None
    database.run(lambda connection: integrations.complete(connection, late, "remote", "", after(LEASE + 1)))
    assert claim(database, after(LEASE + 2)) is None


# --- jobs and old rows -----------------------------------------------------------------------------------------------


def job(database: Database, now: float, first: float | None = None) -> bool:
    at_start = timedelta(seconds=first) if first is not None else None
    every = timedelta(seconds=300)
    return database.run(lambda connection: lanes.take_job(connection, "sweep", after(now), every, first=at_start))


def test_a_job_is_taken_once_in_its_time(database: Database) -> None:
    assert [job(database, now) for now in (0, 1, 299, 300, 301, 600)] == [True, False, False, True, False, True]


def test_a_process_that_starts_takes_a_job_earlier_unless_it_was_just_begun(database: Database) -> None:
    assert [job(database, now, 30) for now in (0, 29, 30, 31)] == [True, False, True, False]


def test_of_many_processes_one_takes_a_job(database: Database) -> None:
    for now in (0, 300, 600):
        assert sorted(at_once(6, lambda _, now=now: job(database, now, 30))) == [False] * 5 + [True]


def test_a_job_with_more_to_do_is_due_earlier_and_never_later(database: Database) -> None:
    job(database, 0)
    database.run(lambda connection: lanes.job_again(connection, "sweep", after(400)))
    database.run(lambda connection: lanes.job_again(connection, "sweep", after(60)))
    assert [job(database, now) for now in (59, 60)] == [False, True]


def test_what_is_forgotten_is_neither_in_use_nor_paused_nor_suspected(database: Database) -> None:
    hold(database, "a", name="held", seconds=1e6)
    pause(database, 1e6, name="paused")
    pause(database, 5, name="over")
    suspect(database, 0, probe=False)
    hold(database, "b", 2000, name="lately")
    database.run(lambda connection: lanes.forget(connection, after(1000)))
    with database.read() as connection:
        left = {
            str(name, "utf-8") if isinstance(name, bytes) else name
            for (name,) in connection.execute(text("SELECT name FROM lanes"))
        }
    assert left == {"held", "paused", "slack", "lately"}


def test_a_lane_that_is_forgotten_while_it_is_taken_is_taken_all_the_same(database: Database) -> None:
    for number in range(10):
        name = f"{LANE}-{number}"
        pause(database, -2000, -2000, name=name)
        both = at_once(
            2,
            lambda one, name=name: (
                hold(database, "a", name=name)
                if one
                else database.run(lambda connection: lanes.forget(connection, after(-1000)))
            ),
        )
        assert both[1]
        assert not open_at(database, 1, name)
