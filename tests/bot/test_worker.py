"""The plans: a delivery whose plan breaks is put aside, and what it owes is paid."""

from datetime import timedelta
from typing import Any

import pytest

from bot.ending import POISON_ATTEMPTS
from bot.renderers import registry
from bot.worker import Worker
from sandbox.slack import GENERAL, MEMBER
from tests.bot.effects import LEASE, delivery, on_sqlite, subscribe
from tests.storage import rows
from tests.world import World

# --- plans -----------------------------------------------------------------------------------------------------------


def test_a_delivery_whose_plan_breaks_is_put_aside_and_the_others_flow(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Any) -> None:
        raise ValueError("a bug")

    subscribe(world, "github", "acme/web")
    monkeypatch.setitem(registry.GITHUB, "release.published", broken)
    world.github.release("acme/web", "v1", "One", "")
    world.github.open_issue("acme/web", "the printer")
    world.settle()
    assert (delivery(world, "issues.opened")["status"], len(world.slack.history(GENERAL))) == ("completed", 1)
    seen = [delivery(world, "release.published")["attempts"]]
    for _ in range(5):
        world.advance(100)
        seen.append(delivery(world, "release.published")["attempts"])
    ended = delivery(world, "release.published")
    assert seen == [1, 2, *[POISON_ATTEMPTS] * 4]
    assert (ended["status"], ended["detail"]) == ("failed", "ValueError: a bug")


def test_a_plan_that_is_mended_can_be_made_again_and_makes_nothing_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Any) -> None:
        raise ValueError("a bug")

    subscribe(world, "github", "acme/web")
    with monkeypatch.context() as patch:
        patch.setitem(registry.GITHUB, "issues.opened", broken)
        world.github.open_issue("acme/web", "the printer")
        world.settle()
        world.advance(100)
        world.advance(100)
    row_id = delivery(world, "issues.opened")["id"]
    for _ in range(3):
        assert world.call("POST", f"/api/v1/deliveries/{row_id}/replay").status_code == 200
        world.settle()
    assert delivery(world, "issues.opened")["status"] == "completed"
    assert len(world.slack.history(GENERAL)) == 1


@on_sqlite
def test_a_workflow_step_that_breaks_is_failed_with_a_sentence(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise ValueError("a bug")

    monkeypatch.setattr("bot.listeners.jira_steps.tickets.request_issue", broken)
    execution = world.slack.run_step("create_jira_issue", {"summary": "the printer"}, MEMBER)
    world.settle()
    assert world.slack.steps[execution]["state"] == "running"
    for _ in range(3):
        world.advance(100)
    step = world.slack.steps[execution]
    assert (delivery(world, "function_executed")["status"], step["state"]) == ("failed", "failed")
    assert (
        step["error"] == "connect could not read this step's inputs. Its operators find the reason in the delivery log."
    )


def test_a_worker_that_dies_while_it_plans_leaves_the_delivery_to_the_next_one(world: World) -> None:
    ts = world.slack.say(MEMBER, GENERAL, "<@U0DEVBOT01> create bug: the printer")
    world.slack.flush()
    now = world.services.now()
    while rows.claim_delivery(world.database, now):
        pass
    world.settle()
    assert world.rows("integrations") == []
    world.advance(LEASE + 1)
    assert (len(world.jira.issues), len(world.slack.thread(GENERAL, ts))) == (1, 2)


def test_a_plan_made_after_its_lease_was_lost_is_not_stored(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second worker planned something else (the renderer was mended meanwhile): that plan alone counts."""
    render, second = registry.GITHUB["issues.opened"], Worker(world.services, world.bolt)
    first_time = [True]

    def slow(payload: Any) -> Any:
        if not first_time:
            return None
        first_time.clear()
        world.clock.offset += timedelta(seconds=LEASE + 1)
        assert second.step()
        return render(payload)

    subscribe(world, "github", "acme/web")
    monkeypatch.setitem(registry.GITHUB, "issues.opened", slow)
    world.github.open_issue("acme/web", "the printer")
    world.settle()
    assert delivery(world, "issues.opened")["status"] == "ignored"
    assert (world.rows("integrations"), world.slack.history(GENERAL)) == ([], [])


def test_a_plan_and_the_end_of_its_delivery_are_stored_together(world: World) -> None:
    subscribe(world, "github", "acme/web")
    world.github.open_issue("acme/web", "the printer")
    world.github.flush()
    assert world.worker.step()
    assert (delivery(world, "issues.opened")["status"], [one["status"] for one in world.rows("integrations")]) == (
        "completed", ["pending"],
    )  # fmt: skip


def test_the_first_call_of_a_delivery_that_was_handed_over_leaves_once_its_plan_is_stored(world: World) -> None:
    subscribe(world, "github", "acme/web")
    seen: list[tuple[str, list[tuple[str, bool]]]] = []

    def look(_: Any) -> bool:
        calls = [(row["status"], row["sent_at"] is not None) for row in world.rows("integrations")]
        seen.append((delivery(world, "issues.opened")["status"], calls))
        return False

    world.slack.fault("chat.postMessage", where=look)
    world.github.open_issue("acme/web", "the printer")
    world.github.flush()
    held = rows.claim_delivery(world.database, world.services.now())
    assert held is not None
    assert world.worker.take(held)
    assert seen == [("completed", [("pending", True)])]
    assert [row["status"] for row in world.rows("integrations")] == ["completed"]


def test_events_of_one_resource_are_planned_in_the_order_in_which_they_came(world: World) -> None:
    subscribe(world, "github", "acme/web")
    number = world.github.open_issue("acme/web", "the printer")
    world.github.close_issue("acme/web", number)
    world.github.open_issue("acme/web", "the door")
    world.github.flush()
    now = world.services.now()
    held = rows.claim_delivery(world.database, now)
    assert held is not None
    world.settle()
    told = [one for one in world.rows("deliveries") if one["service"] == "github"]
    assert [(one["event"], one["status"]) for one in told] == [
        ("issues.opened", "pending"), ("issues.closed", "pending"), ("issues.opened", "completed"),
    ]  # fmt: skip
    world.advance(LEASE + 1)
    assert {one["status"] for one in world.rows("deliveries") if one["service"] == "github"} == {"completed"}
