"""A service that is away is left alone as a whole, one that asks for time in that lane alone; no attempt is burnt."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from typing import Any

import pytest

from sandbox.slack import GENERAL
from storage import integrations, lanes
from storage.integrations import NewIntegration
from tests.bot.effects import CHANNEL, EFFECTS, LEASE, SETTLE, add, ask_issue, on_sqlite, post, row, texts
from tests.storage import rows
from tests.world import World

RANDOM = "C0DEV00002"


def messages(world: World, count: int, start: int = 0) -> list[int]:
    """Messages that wait for nothing but Slack: each has an ordering key of its own."""
    payload: dict[str, Any] = {"channel": CHANNEL, "text": "hello", "blocks": []}
    numbers = range(start, start + count)
    new = [rows.planned(f"m{number}", ordering_key=f"m{number}", payload=payload) for number in numbers]
    return _add(world, *new)


def _add(world: World, *new: NewIntegration) -> list[int]:
    return world.database.run(lambda connection: integrations.add(connection, new, None, world.services.now()))


def revoke(world: World) -> Callable[[], object]:
    tokens, world.slack.tokens = world.slack.tokens, set()
    return lambda: world.slack.tokens.update(tokens)


def refuse(world: World) -> Callable[[], object]:
    port = int(world.slack.url.rpartition(":")[2])
    world.slack.stop()
    return lambda: world.slack.start(port)


def break_down(world: World) -> Callable[[], object]:
    fault = world.slack.fault("*", status=500, times=10_000)
    return lambda: world.slack.faults.remove(fault)


def cut_off(world: World) -> Callable[[], object]:
    fault = world.slack.fault("*", kind="reset", times=10_000)
    return lambda: world.slack.faults.remove(fault)


WAYS = [revoke, refuse, break_down, cut_off]


def into_general(call: Any) -> bool:
    return call.body.get("channel") == GENERAL


def suspected(world: World, service: str = "slack") -> bool:
    with world.database.read() as connection:
        state = lanes.closed(connection, [service], world.services.now()).get(service)
    return state is not None and state.failures > 0


@on_sqlite
@pytest.mark.parametrize("way", WAYS)
def test_a_service_that_is_away_gets_a_few_calls_and_costs_no_row_an_attempt(
    world: World, way: Callable[[World], Callable[[], object]]
) -> None:
    issue = ask_issue(world)
    back = way(world)
    ids = messages(world, 30)
    world.settle()
    for _ in range(60):
        world.advance(1)
    assert len(world.slack.calls) <= 10
    assert len(world.jira.issues) == 1  # other services go on
    assert row(world, issue)["status"] == "completed"
    waiting = [row(world, one) for one in ids]
    assert {(one["status"], one["attempts"]) for one in waiting} == {("pending", 0)}
    back()
    for seconds in (15, SETTLE, SETTLE, SETTLE):
        world.advance(seconds)
    assert {row(world, one)["status"] for one in ids} == {"completed"}
    assert len(texts(world)) == 30
    assert not suspected(world)


@on_sqlite
def test_a_service_that_stays_away_is_asked_at_growing_intervals_up_to_a_limit(world: World) -> None:
    revoke(world)
    messages(world, 3)
    world.settle()
    asked = [0.0]
    before = len(world.slack.calls)
    for second in range(1, 80):
        world.advance(1)
        if len(world.slack.calls) > before:
            asked.append(float(second))
            before = len(world.slack.calls)
    gaps = [later - sooner for sooner, later in pairwise(asked)]
    assert gaps == sorted(gaps)
    assert 4 <= gaps[0] <= 5
    assert 8 <= gaps[1] <= 9
    assert max(gaps) <= 16


@on_sqlite
def test_calls_that_get_no_answer_from_a_service_that_is_there_pause_nothing_else(world: World) -> None:
    world.slack.fault("chat.postMessage", status=500, times=3)
    ids = messages(world, 3)
    told = add(world, "post_ephemeral", {"channel": CHANNEL, "user": "T0DEV00001/U0DEV00001"}, "told")
    world.settle()
    assert not suspected(world)
    assert row(world, told)["status"] == "completed"
    assert {row(world, one)["attempts"] for one in ids} == {1}
    for _ in range(4):
        world.advance(SETTLE)
    assert len(texts(world)) == 3


@on_sqlite
def test_a_permission_that_is_missing_for_one_call_pauses_that_lane_alone(world: World) -> None:
    fault = world.slack.fault(
        "chat.postMessage", status=200, body={"ok": False, "error": "missing_scope"}, times=99,
        where=into_general,
    )  # fmt: skip
    ids = messages(world, 5)
    other = world.ask("jira", "slack", "post_message", {"channel": RANDOM, "text": "elsewhere"})
    world.settle()
    for _ in range(10):
        world.advance(20)
    assert (row(world, other)["status"], suspected(world)) == ("completed", False)
    assert len([call for call in world.slack.calls_to("chat.postMessage") if call.body.get("channel") == GENERAL]) == 1
    assert {(one["status"], one["attempts"]) for one in (row(world, row_id) for row_id in ids)} == {("pending", 0)}
    world.slack.faults.remove(fault)
    world.advance(world.settings.connect_retry_max_seconds)
    assert len(texts(world)) == 5


# --- a service that asks for time ------------------------------------------------------------------------------------


@on_sqlite
@pytest.mark.parametrize("as_date", [False, True], ids=["seconds", "date"])
def test_a_time_to_wait_holds_for_every_row_of_the_lane_and_for_no_other(world: World, as_date: bool) -> None:  # noqa: FBT001
    value = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True) if as_date else "90"
    world.slack.fault("chat.postMessage", status=429, headers={"Retry-After": value})
    ids = messages(world, 4)
    other = world.ask("jira", "slack", "post_message", {"channel": RANDOM, "text": "elsewhere"})
    world.settle()
    for _ in range(8):
        world.advance(10)
    assert (len(texts(world)), row(world, other)["status"]) == (0, "completed")
    assert {row(world, one)["attempts"] for one in ids} == {0}
    world.advance(11)
    assert len(texts(world)) == 4


ABSURD = ["0", "-5", "", "soon", "1e400", "nan", "99999999999999999999", "Thu, 01 Jan 1970 00:00:00 GMT",
          "Fri, 31 Dec 9999 23:59:59 GMT"]  # fmt: skip
FAR = "Mon, 01 Jan 2035 00:00:00 +99999999999999999999"


@on_sqlite
@pytest.mark.parametrize("effect", ["message", "issue", "github issue"])
def test_no_time_to_wait_however_absurd_breaks_a_row_or_its_service(world: World, effect: str) -> None:
    kind = EFFECTS[effect]
    for value in ABSURD:
        world.advance(2)  # GitHub has a rest after each write
        kind.standin(world).fault(kind.call, status=429, headers={"Retry-After": value}, body={"ok": False})
        row_id = kind.ask(world)
        world.settle()
        waiting = row(world, row_id)
        assert (waiting["status"], waiting["sent_at"]) == ("pending", None), value
        assert not suspected(world, kind.service)
        world.advance(86_401)
        assert row(world, row_id)["status"] == "completed", (value, row(world, row_id))


@on_sqlite
@pytest.mark.parametrize("effect", ["message", "issue", "github issue"])
def test_a_date_in_no_time_zone_of_this_world_is_no_bug_of_ours(world: World, effect: str) -> None:
    kind = EFFECTS[effect]
    kind.standin(world).fault(kind.call, status=429, headers={"Retry-After": FAR}, body={"ok": False})
    row_id = kind.ask(world)
    world.settle()
    waiting = row(world, row_id)
    assert (waiting["status"], waiting["sent_at"]) == ("pending", None), waiting


@on_sqlite
def test_a_time_to_wait_that_a_look_is_told_holds_for_looks_and_not_for_calls(world: World) -> None:
    world.slack.fault("chat.postMessage", kind="reset", after=True)
    lost = messages(world, 1)[0]
    world.settle()
    world.slack.fault("conversations.history", status=429, headers={"Retry-After": "90"})
    world.advance(SETTLE + 1)
    assert len(world.slack.calls_to("conversations.history")) == 1
    (other,) = messages(world, 1, start=1)
    world.settle()
    assert row(world, other)["status"] == "completed"
    for _ in range(8):
        world.advance(11)
    assert len(world.slack.calls_to("conversations.history")) == 1
    world.advance(3)
    assert (row(world, lost)["status"], len(texts(world))) == ("completed", 2)


def ask_twice(world: World, effect: str) -> tuple[int, int]:
    kind = EFFECTS[effect]
    if effect == "message":
        first, second = messages(world, 2)
        return first, second
    return kind.ask(world), kind.ask(world)


@on_sqlite
@pytest.mark.parametrize("effect", ["message", "issue", "github issue"])
def test_an_outage_with_a_time_to_wait_leaves_the_outcome_unknown_and_the_lane_alone(world: World, effect: str) -> None:
    kind = EFFECTS[effect]
    kind.standin(world).fault(kind.call, status=503, headers={"Retry-After": "90"})
    first, second = ask_twice(world, effect)
    world.settle()
    assert (row(world, first)["status"], row(world, first)["sent_at"] is not None) == ("pending", True)
    for _ in range(8):
        world.advance(11)
    assert kind.calls(world) == 1
    assert row(world, second)["attempts"] == 0
    for _ in range(6):
        world.advance(SETTLE)
    assert {row(world, one)["status"] for one in (first, second)} == {"completed"}
    assert kind.count(world) == 2


@on_sqlite
def test_a_time_to_wait_holds_for_the_lane_even_if_its_row_is_given_up(make_world: Callable[..., World]) -> None:
    world = make_world(connect_max_attempts=1)
    world.slack.fault("chat.postMessage", status=503, headers={"Retry-After": "90"})
    first, _ = messages(world, 2)
    world.settle()
    assert row(world, first)["status"] == "failed"
    world.advance(80)
    assert len(world.slack.calls_to("chat.postMessage")) == 1


@on_sqlite
def test_an_outage_fails_no_row_however_few_attempts_it_has_left(make_world: Callable[..., World]) -> None:
    world = make_world(connect_max_attempts=1)
    break_down(world)
    ids = messages(world, 5)
    world.settle()
    assert {row(world, one)["status"] for one in ids} == {"pending"}


# --- who tries whether it is back ------------------------------------------------------------------------------------


@on_sqlite
def test_a_worker_that_dies_while_it_tries_the_service_holds_it_up_for_a_lease_at_most(world: World) -> None:
    back = revoke(world)
    messages(world, 4)
    world.settle()
    world.clock.offset += timedelta(seconds=16)
    probe = rows.claim(world.database, world.services.now(), lease=LEASE)
    assert probe is not None
    assert probe.probe
    back()
    world.advance(LEASE - 5)
    assert texts(world) == []
    world.advance(6)
    for _ in range(3):
        world.advance(SETTLE)
    assert len(texts(world)) == 4


@on_sqlite
def test_two_processes_learn_of_an_outage_from_each_other(world: World, make_world: Callable[..., Any]) -> None:
    back = revoke(world)
    messages(world, 6)
    other = make_world(slack_api_url=world.slack.api_url)
    world.settle()
    before = len(world.slack.calls)
    assert not other.worker.step()
    assert len(world.slack.calls) == before
    back()
    other.advance(16)
    assert len(texts(world)) == 6
    world.clock.offset += timedelta(seconds=16)
    post(world, "hello")
    world.settle()
    assert len(texts(world)) == 7
