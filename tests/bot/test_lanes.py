"""Lanes at work: one message at a time into a channel and one write at a time to GitHub, over any number of workers."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.calling import Caller
from bot.lanes import LONGEST_INTERVAL, Watch, interval
from sandbox.slack import GENERAL
from storage import integrations
from storage.lanes import lane_of, rest_of, service_of
from storage.models import Lane
from tests.bot.effects import LEASE, claim, on_sqlite, row, texts
from tests.storage import rows
from tests.world import World

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
CHANNEL = f"T0DEV00001/{GENERAL}"


def plan(world: World, count: int, service: str = "slack") -> list[int]:
    """Calls of one lane that wait for nothing but it."""
    kinds: dict[str, dict[str, Any]] = {
        "slack": {"operation": "post_message", "payload": {"channel": CHANNEL, "text": "hello", "blocks": []}},
        "github": {"operation": "create_issue", "target_service": "github",
                   "payload": {"repository": "acme/web", "title": "hello", "body": "", "channel": ""}},
    }  # fmt: skip
    new = [rows.planned(f"k{number}", ordering_key=f"k{number}", **kinds[service]) for number in range(count)]
    now = world.services.now()
    return world.database.run(lambda connection: integrations.add(connection, new, None, now))


class Open:
    """Counts how many calls a stand-in has under way at the same time, and keeps each open for a moment."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = 0
        self.most = 0

    def __call__(self, _: Any) -> bool:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        threading.Event().wait(0.02)
        with self._lock:
            self._now -= 1
        return False


@pytest.mark.parametrize("service", ["slack", "github"])
def test_a_serial_lane_has_one_call_under_way_over_many_threads_of_many_processes(world: World, service: str) -> None:
    plan(world, 8, service)
    under_way = Open()
    standin, call = (world.slack, "chat.postMessage") if service == "slack" else (world.github, "issues/create")
    standin.lock = threading.RLock()
    callers = [Caller(replace(world.services, watch=Watch())) for _ in range(5)]
    seen: list[int] = []
    perform = standin._effect  # pyright: ignore[reportPrivateUsage]

    def effect(environ: Any) -> Any:
        under_way(environ)
        return perform(environ)

    standin._effect = effect  # pyright: ignore
    with ThreadPoolExecutor(5) as threads:
        for _ in range(40):
            seen.append(len(standin.calls_to(call)))
            if seen[-1] == 8:
                break
            list(threads.map(Caller.step, callers))
            world.clock.offset += timedelta(seconds=1.01)
    assert (under_way.most, len(standin.calls_to(call))) == (1, 8)
    assert rows.column(world.database, "status") == ["completed"] * 8
    assert rows.column(world.database, "attempts") == [1] * 8


@on_sqlite
def test_github_has_a_second_between_two_writes(world: World) -> None:
    ids = plan(world, 3, "github")
    for done in (1, 2, 3):
        assert world.worker.step()
        assert len(world.github.calls_to("issues/create")) == done
        with world.database.read() as connection:
            lane = connection.execute(select(Lane.__table__).where(Lane.name == "github:api")).one()
        assert lane.paused_until - lane.updated_at == timedelta(seconds=1)
        world.clock.offset += timedelta(seconds=1)
    assert [row(world, one)["status"] for one in ids] == ["completed"] * 3


@on_sqlite
def test_slack_takes_one_message_after_the_other_without_a_rest(world: World) -> None:
    plan(world, 5)
    world.settle()
    assert len(texts(world)) == 5


@on_sqlite
def test_a_worker_that_dies_with_a_message_holds_up_its_channel_for_a_lease_and_no_other(world: World) -> None:
    ids = plan(world, 3)
    claim(world)
    other = world.ask("jira", "slack", "post_message", {"channel": "C0DEV00002", "text": "elsewhere"})
    world.settle()
    assert (row(world, other)["status"], texts(world)) == ("completed", [])
    world.advance(LEASE - 1)
    assert texts(world) == []
    world.advance(2)
    assert len(texts(world)) == 2
    world.advance(LEASE)
    assert {row(world, one)["status"] for one in ids} == {"completed"}
    assert len(texts(world)) == 3


@on_sqlite
def test_what_one_thread_has_just_learned_the_next_one_obeys_before_its_call(world: World) -> None:
    (row_id,) = plan(world, 1)
    lane = lane_of("slack", "post_message", {"channel": CHANNEL})
    world.services.watch.pause(lane, world.services.now() + timedelta(seconds=40))
    world.settle()
    waiting = row(world, row_id)
    assert (waiting["attempts"], waiting["sent_at"], world.slack.calls_to("chat.postMessage")) == (0, None, [])
    world.advance(39)
    assert texts(world) == []
    world.advance(2)
    assert len(texts(world)) == 1


# --- pure ------------------------------------------------------------------------------------------------------------


def test_slack_counts_by_method_and_channel_and_github_by_account() -> None:
    assert lane_of("slack", "post_message", {"channel": "T1/C1"}) == "slack:post_message:T1/C1"
    assert lane_of("slack", "complete_step", {}) == "slack:complete_step"
    assert lane_of("github", "create_issue", {"channel": "T1/C1"}) == lane_of("github", "add_comment", {})
    assert lane_of("jira", "create_issue", {"channel": "T1/C1"}) == lane_of("jira", "create_issue", {})
    assert len(lane_of("slack", "post_message", {"channel": "ö" * 400}).encode()) <= 255


def test_the_service_and_the_rest_of_a_lane_are_in_its_name() -> None:
    lanes = [lane_of("slack", "post_message", {"channel": "T1/C1"}), lane_of("github", "create_issue", {}),
             lane_of("jira", "create_issue", {}), lane_of("slack", "update_message", {"channel": "T1/C1"})]  # fmt: skip
    assert [service_of(lane) for lane in lanes] == ["slack", "github", "jira", "slack"]
    assert [rest_of(lane) for lane in lanes] == [timedelta(0), timedelta(seconds=1), None, None]


@pytest.mark.parametrize("base", [0.001, 2.0, 86_400.0])
def test_the_intervals_between_probes_double_up_to_a_limit(base: float) -> None:
    found = [interval(failures, base) for failures in range(1, 2000, 7)]
    assert found == sorted(found)
    assert found[0] == min(LONGEST_INTERVAL, timedelta(seconds=2 * base))
    assert found[-1] <= LONGEST_INTERVAL


def test_a_watch_forgets_a_pause_that_is_over() -> None:
    watch = Watch()
    until = NOW + timedelta(seconds=5)
    watch.pause("a", until)
    assert (watch.paused_until("a", NOW), watch.paused_until("b", NOW)) == (until, None)
    assert (watch.paused_until("a", until), watch.paused_until("a", NOW)) == (None, None)


def test_of_many_threads_one_asks_whether_a_service_is_there_once_a_second() -> None:
    watch = Watch()
    with ThreadPoolExecutor(8) as threads:
        for now in (0.0, 1.0, 2.5):
            asked = list(threads.map(watch.may_ask, ["slack"] * 8, [now] * 8))
            assert asked.count(True) == 1
    assert not watch.may_ask("slack", 3.4)
    assert watch.may_ask("jira", 2.6)
