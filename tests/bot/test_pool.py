"""The worker threads: woken by work, not stopped by trouble, and ended without leaving anything half done."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.pool import Pool
from bot.worker import Worker
from sandbox.slack import GENERAL
from storage.engine import DatabaseUnavailable
from tests.world import World

PATIENCE = 10.0
"""Seconds after which a test gives up."""

type Start = Callable[..., Pool]


@pytest.fixture
def start(world: World) -> Iterator[Start]:
    """Starts pools on the world, and ends them with the test."""
    pools: list[Pool] = []

    def started(count: int = 1, make: Callable[[bool], Worker] | None = None) -> Pool:
        def usual(first: bool) -> Worker:  # noqa: FBT001
            return Worker(world.services, world.bolt, suspects=first)

        pools.append(Pool(make or usual, count, world.services.work))
        pools[-1].start()
        return pools[-1]

    yield started
    for pool in pools:
        assert pool.stop(PATIENCE)


class Gate:
    """Holds a call to Slack open until the test lets it go."""

    def __init__(self, world: World) -> None:
        self.reached, self._open = threading.Event(), threading.Event()
        world.slack.fault("chat.postMessage", kind="hang", where=self._wait)

    def open(self) -> None:
        self._open.set()

    def _wait(self, _: Any) -> bool:
        self.reached.set()
        return self._open.wait(PATIENCE)


def post(world: World, text: str) -> int:
    return world.ask("jira", "slack", "post_message", {"channel": GENERAL, "text": text})


def states(world: World) -> list[str]:
    return [row["status"] for row in world.rows("integrations")]


def arrives(world: World) -> threading.Event:
    """An event that is set when the next message has reached Slack."""
    gate = Gate(world)
    gate.open()
    return gate.reached


def test_what_is_under_way_is_finished_and_nothing_new_is_begun(world: World, start: Start) -> None:
    gate, _ = Gate(world), [post(world, text) for text in ("first", "second", "third")]
    pool = start(2)
    assert gate.reached.wait(PATIENCE)
    threading.Timer(0.2, gate.open).start()
    assert pool.stop(PATIENCE)
    assert states(world) == ["completed", "pending", "pending"]
    assert [message["text"] for message in world.slack.history(GENERAL)] == ["first"]


def test_one_slow_thread_may_use_all_the_time_there_is(world: World, start: Start) -> None:
    gate, _ = Gate(world), post(world, "slow")
    pool = start(4)
    assert gate.reached.wait(PATIENCE)
    threading.Timer(0.6, gate.open).start()
    assert pool.stop(2.0)
    assert states(world) == ["completed"]


def test_what_does_not_end_in_time_is_said_so(world: World, start: Start) -> None:
    gate, _ = Gate(world), post(world, "stuck")
    pool = start(2)
    assert gate.reached.wait(PATIENCE)
    assert not pool.stop(0.05)
    gate.open()


def test_work_is_begun_when_it_comes_in_and_not_at_the_next_look(
    world: World, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.pool.POLL_SECONDS", 600.0)
    start(2)
    for text in ("one", "two", "three"):
        arrived = arrives(world)
        post(world, text)
        assert arrived.wait(PATIENCE)


def test_a_webhook_is_told_in_the_channel_by_the_threads_alone(world: World, start: Start) -> None:
    body = {"source_service": "github", "source": "acme/web", "channel": GENERAL}
    assert world.call("POST", "/api/v1/subscriptions", body).status_code == 201
    start(4)
    arrived = arrives(world)
    world.github.open_issue("acme/web", "the printer")
    world.github.flush()
    assert arrived.wait(PATIENCE)


class Blind(Worker):
    """A worker that finds nothing by itself."""

    def step(self) -> bool:
        return False


def test_a_webhook_goes_straight_into_the_hands_of_a_thread_that_waits(world: World, start: Start) -> None:
    body = {"source_service": "github", "source": "acme/web", "channel": GENERAL}
    assert world.call("POST", "/api/v1/subscriptions", body).status_code == 201

    def blind(first: bool) -> Worker:  # noqa: FBT001
        return Blind(world.services, world.bolt, suspects=first)

    start(1, blind)
    deadline = time.monotonic() + PATIENCE
    while not world.services.work.reserve():
        assert time.monotonic() < deadline
    world.services.work.hand(None)
    arrived = arrives(world)
    world.github.open_issue("acme/web", "the printer")
    world.github.flush()
    assert arrived.wait(PATIENCE)
    told = [row for row in world.rows("deliveries") if row["service"] == "github"]
    assert [(row["status"], row["attempts"]) for row in told] == [("completed", 1)]


def test_many_threads_post_every_message_once_and_in_order(world: World, start: Start) -> None:
    wanted = [f"message {number}" for number in range(12)]
    for text in wanted:
        post(world, text)
    last = threading.Event()

    def is_last(call: Any) -> bool:
        if call.body.get("text") == wanted[-1]:
            last.set()
        return False

    world.slack.fault("chat.postMessage", where=is_last)
    pool = start(4)
    assert last.wait(PATIENCE)
    assert pool.stop(PATIENCE)
    assert [message["text"] for message in world.slack.history(GENERAL)] == wanted
    assert states(world) == ["completed"] * len(wanted)


class Stumbling(Worker):
    """A worker whose first step breaks."""

    def __init__(self, world: World, trouble: Exception) -> None:
        super().__init__(world.services, world.bolt)
        self._trouble = [trouble]

    def step(self) -> bool:
        if self._trouble:
            raise self._trouble.pop()
        return super().step()


@pytest.mark.parametrize("trouble", [ValueError("a bug"), DatabaseUnavailable("away")], ids=["bug", "database"])
def test_a_thread_outlives_whatever_breaks_in_a_step(world: World, start: Start, trouble: Exception) -> None:
    arrived = arrives(world)
    post(world, "still here")

    def stumbling(first: bool) -> Worker:  # noqa: FBT001
        return Stumbling(world, trouble)

    start(1, stumbling)
    assert arrived.wait(PATIENCE)
