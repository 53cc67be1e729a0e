"""Periodic jobs: each done by one process, at its time, whatever breaks."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app import jobs
from bot.schedule import Job, Schedule
from tests.bot.effects import on_sqlite
from tests.world import World

PATIENCE = 10.0
EVERY = timedelta(minutes=5)

type Make = Callable[..., Schedule]


class Count:
    """A job's work: counts how often it was begun, and may do more than that."""

    def __init__(self, then: Callable[[], object] = lambda: None) -> None:
        self.times = 0
        self._changed = threading.Condition()
        self._then = then

    def __call__(self) -> object:
        with self._changed:
            self.times += 1
            self._changed.notify_all()
        return self._then()

    def reaches(self, times: int) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self.times >= times, PATIENCE)


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.schedule.LOOK_SECONDS", 0.01)


@pytest.fixture
def make(world: World) -> Iterator[Make]:
    """Makes schedules, each as of a process of its own, with a job that says when it has looked."""
    made: list[tuple[Schedule, Count]] = []

    def build(*given: Job) -> Schedule:
        schedule, looks = Schedule(world.services), Count()
        for job in (*given, Job(f"look {len(made)}", timedelta(0), looks)):
            schedule.add(job)
        made.append((schedule, looks))
        schedule.start()
        return schedule

    build.looks = lambda: all(looks.reaches(looks.times + 3) for _, looks in made)  # pyright: ignore
    yield build
    for schedule, _ in made:
        schedule.stop(PATIENCE)


def looked(make: Any) -> bool:
    """True when every schedule has looked again from beginning to end."""
    return make.looks()


def test_one_of_two_processes_does_a_job_and_does_it_again_in_time(world: World, make: Make) -> None:
    count = Count()
    for _ in range(2):
        make(Job("sweep", EVERY, count))
    for times in (1, 2, 3):
        assert count.reaches(times)
        assert looked(make)
        assert count.times == times
        world.clock.offset += EVERY


@on_sqlite
def test_a_process_that_starts_does_a_job_at_once_unless_another_has_just_done_it(world: World, make: Make) -> None:
    count = Count()
    job = Job("sweep", EVERY, count, at_start=timedelta(seconds=30))
    make(job)
    assert count.reaches(1)
    make(job)
    assert looked(make)
    assert count.times == 1
    world.clock.offset += timedelta(seconds=31)
    assert looked(make)
    assert count.times == 1  # who has started long ago waits for its time
    make(job)
    assert count.reaches(2)
    assert looked(make)
    assert count.times == 2


@on_sqlite
def test_a_job_without_a_start_of_its_own_waits_for_its_time(world: World, make: Make) -> None:
    count = Count()
    make(Job("sweep", EVERY, count))
    assert count.reaches(1)
    world.clock.offset += timedelta(seconds=290)
    make(Job("sweep", EVERY, count))
    assert looked(make)
    assert count.times == 1


@on_sqlite
def test_a_job_with_more_to_do_goes_on_after_a_minute(world: World, make: Make) -> None:
    more = [True]
    count = Count(lambda: more.pop() if more else 1)
    make(Job("sweep", EVERY, count))
    assert count.reaches(1)
    assert looked(make)
    world.clock.offset += timedelta(seconds=50)
    assert looked(make)
    assert count.times == 1
    world.clock.offset += timedelta(seconds=11)
    assert count.reaches(2)
    world.clock.offset += timedelta(seconds=61)
    assert looked(make)
    assert count.times == 2  # anything but True says that it is done


@on_sqlite
def test_a_job_that_breaks_is_logged_and_done_again_at_its_time(
    world: World, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise ValueError("a bug")

    count, other = Count(broken), Count()
    make(Job("sweep", EVERY, count), Job("other", EVERY, other))
    assert count.reaches(1)
    assert other.reaches(1)
    assert looked(make)
    assert count.times == 1
    assert "the job sweep broke" in caplog.text
    world.clock.offset += EVERY
    assert count.reaches(2)


@on_sqlite
def test_a_stop_while_a_job_is_under_way_waits_for_no_longer_than_it_is_told_to(world: World, make: Make) -> None:
    begun, let_go, after = threading.Event(), threading.Event(), Count()

    def slow() -> None:
        begun.set()
        let_go.wait(PATIENCE)

    schedule = make(Job("sweep", EVERY, slow), Job("after", EVERY, after))
    assert begun.wait(PATIENCE)
    since = time.monotonic()
    schedule.stop(0.1)
    assert time.monotonic() - since < 2
    let_go.set()
    schedule.stop(PATIENCE)
    assert after.times == 0  # nothing new is begun


@on_sqlite
def test_a_stop_between_two_looks_does_not_wait_for_the_next_one(
    world: World, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.schedule.LOOK_SECONDS", 600.0)
    count = Count()
    schedule = make(Job("sweep", EVERY, count))
    assert count.reaches(1)
    since = time.monotonic()
    schedule.stop(PATIENCE)
    assert time.monotonic() - since < PATIENCE / 2


@on_sqlite
def test_a_database_that_is_away_stops_no_schedule(world: World, make: Make) -> None:
    rename(world, "lanes", "elsewhere")
    count = Count()
    make(Job("sweep", EVERY, count))
    rename(world, "elsewhere", "lanes")
    assert count.reaches(1)


@on_sqlite
def test_a_job_of_the_start_is_done_when_the_database_comes_back(
    world: World, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    count = Count()
    job = Job("sweep", EVERY, count, at_start=timedelta(seconds=30))
    earlier = Schedule(world.services)
    earlier.add(job)
    earlier.start()
    assert count.reaches(1)
    earlier.stop(PATIENCE)
    world.clock.offset += timedelta(seconds=31)
    rename(world, "lanes", "elsewhere")
    make(job)
    deadline = time.monotonic() + PATIENCE
    while "the job sweep waits" not in caplog.text and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    rename(world, "elsewhere", "lanes")
    assert looked(make)
    assert count.times == 2


@on_sqlite
def test_the_jobs_of_connect_begin_and_end(world: World) -> None:
    schedule = jobs(world.services)
    schedule.start()
    deadline = time.monotonic() + PATIENCE
    while len(begun(world)) < 4 and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    schedule.stop(PATIENCE)
    assert begun(world) == ["job:catch-up", "job:housekeeping", "job:reminders", "job:turns"]


def begun(world: World) -> list[str]:
    with world.database.read() as connection:
        return sorted(connection.scalars(text("SELECT name FROM lanes WHERE name LIKE 'job:%'")).all())


def rename(world: World, old: str, new: str) -> None:
    with world.database.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))
