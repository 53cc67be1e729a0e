"""The end of a call: what is made at most once, and what is stored with the effect or not at all."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.flows import outcomes
from bot.flows.plan import Consequences
from bot.operations.registry import OPERATIONS
from sandbox.slack import GENERAL, MEMBER
from storage.integrations import Integration
from tests.bot.effects import (
    CHANNEL,
    LEASE,
    SETTLE,
    TEAM,
    add,
    ask_issue,
    assert_completed,
    claim,
    on_sqlite,
    post,
    row,
    texts,
)
from tests.world import World

# --- at most once ----------------------------------------------------------------------------------------------------


def _ephemeral(world: World) -> dict[str, Any]:
    return {"channel": CHANNEL, "user": f"{TEAM}/{MEMBER}"}


def _response(world: World) -> dict[str, Any]:
    return {"response_url": world.slack.response_url(MEMBER, GENERAL)}


private = pytest.mark.parametrize(
    ("operation", "call", "payload"),
    [("post_ephemeral", "chat.postEphemeral", _ephemeral), ("respond", "response_url", _response)],
)


@on_sqlite
@private
@pytest.mark.parametrize("after", [True, False])
def test_what_only_one_person_sees_is_never_sent_twice(
    world: World, operation: str, call: str, payload: Callable[[World], dict[str, Any]], *, after: bool
) -> None:
    world.slack.fault(call, kind="reset", after=after)
    row_id = add(world, operation, payload(world))
    world.settle()
    world.advance(1000)
    ended = row(world, row_id)
    assert (ended["status"], len(world.slack.calls_to(call))) == ("failed", 1)
    assert ended["error_message"] == (
        "It was sent once and no answer came; it cannot be looked up, so it is not sent again."
    )
    assert len(world.slack.ephemeral(MEMBER)) == int(after)
    world.call("POST", f"/api/v1/integrations/{row_id}/retry")
    world.settle()
    assert len(world.slack.calls_to(call)) == 1


@on_sqlite
@private
def test_what_only_one_person_sees_is_sent_again_after_a_sure_no(
    world: World, operation: str, call: str, payload: Callable[[World], dict[str, Any]]
) -> None:
    world.slack.fault(call, status=429, headers={"Retry-After": "5"})
    row_id = add(world, operation, payload(world))
    world.settle()
    world.advance(6)
    assert (row(world, row_id)["status"], len(world.slack.ephemeral(MEMBER))) == ("completed", 1)


@on_sqlite
def test_a_worker_that_died_with_a_private_answer_does_not_send_it_again(world: World) -> None:
    row_id = add(world, "post_ephemeral", _ephemeral(world))
    claim(world)
    world.advance(LEASE + 1)
    assert (row(world, row_id)["status"], world.slack.calls_to("chat.postEphemeral")) == ("failed", [])


@on_sqlite
def test_a_call_that_may_be_repeated_is_simply_made_again(world: World) -> None:
    execution = world.slack.run_step("unknown_step", {}, MEMBER)
    world.slack.fault("functions.completeSuccess", kind="reset", times=2)
    row_id = add(world, "complete_step", {"execution_id": execution, "outputs": {}})
    world.settle()
    world.advance(5)
    world.advance(5)
    assert (row(world, row_id)["status"], world.slack.steps[execution]["state"]) == ("completed", "completed")


# --- the end of a row ------------------------------------------------------------------------------------------------


def test_an_effect_and_what_follows_from_it_are_stored_together_or_not_at_all(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow = outcomes._COMPLETED["jira", "create_issue"]  # pyright: ignore[reportPrivateUsage]

    def broken(held: Integration, data: Any) -> Consequences:
        whole = follow(held, data)
        return replace(whole, integrations=(*whole.integrations, replace(whole.integrations[0], payload={1: {2}})))

    with monkeypatch.context() as patch:
        patch.setitem(outcomes._COMPLETED, ("jira", "create_issue"), broken)  # pyright: ignore[reportPrivateUsage]
        thread = world.slack.say(MEMBER, GENERAL, "a thread")
        row_id = world.ask(
            "slack", "jira", "create_ticket", {"message": "hello", "channel": GENERAL, "thread_ts": thread}
        )
        assert world.worker.step()
        assert ([one["status"] for one in world.rows("integrations")], world.rows("mappings")) == (["pending"], [])
    world.jira.target = ""
    world.settle()
    world.advance(SETTLE + 1)
    assert (len(world.jira.issues), len(world.rows("mappings")), len(world.rows("integrations"))) == (1, 1, 2)
    assert_completed(world, row_id)


def test_a_worker_that_comes_late_adds_the_remote_id_and_nothing_else(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    operation = OPERATIONS["jira", "create_issue"]

    def perform(services: Any, held: Integration) -> Any:
        effect = operation.perform(services, held)
        world.clock.offset += timedelta(seconds=LEASE + 1)
        claim(world)
        return effect

    world.jira.target = ""
    monkeypatch.setitem(OPERATIONS, ("jira", "create_issue"), replace(operation, perform=perform))
    row_id = ask_issue(world)
    world.settle()
    (late,) = world.rows("integrations")
    assert (late["id"], late["status"], late["remote_id"]) == (row_id, "pending", "OPS-1")
    world.advance(LEASE + 1)
    assert len(world.jira.issues) == 1
    assert_completed(world, row_id)


@on_sqlite
def test_a_database_that_is_away_when_a_call_returns_costs_no_second_call(world: World) -> None:
    path = world.database.url.database or ""
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:

        def lock(_: Any) -> bool:
            if not other.in_transaction:
                other.execute("BEGIN EXCLUSIVE")
            return True

        row_id = post(world)
        world.slack.fault("chat.postMessage", kind="hang", where=lock)
        assert world.worker.step()
        other.execute("ROLLBACK")
    assert row(world, row_id)["status"] == "pending"
    world.advance(LEASE + 1)
    assert len(texts(world)) == 1
    assert_completed(world, row_id)


@on_sqlite
def test_a_call_that_nobody_knows_any_more_fails_and_stops_nothing(world: World) -> None:
    unknown = add(world, "no_such_call", {})
    following = post(world)
    world.settle()
    assert (row(world, unknown)["status"], row(world, following)["status"]) == ("failed", "completed")
