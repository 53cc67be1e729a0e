"""A worker that does not come back: its row is taken over with care, not for ever, and nothing else suffers for it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.calling import CRASHES
from bot.renderers import registry
from bot.worker import Worker
from sandbox.slack import GENERAL, MEMBER
from tests.bot.effects import LEASE, SETTLE, ask_issue, claim, delivery, on_sqlite, post, row, subscribe, texts
from tests.storage import rows
from tests.world import World


def crash(world: World, times: int, take: Callable[[World], Any] = claim) -> None:
    """Workers that take a row and are never heard of again, each after the lease of the one before it."""
    for _ in range(times):
        assert take(world) is not None
        world.clock.offset += timedelta(seconds=LEASE + 1)


def plan(world: World) -> Any:
    return rows.claim_delivery(world.database, world.services.now())


def crashes(world: World, table: str = "integration_logs") -> list[int]:
    return rows.column(world.database, "crashes", table)


def careful(world: World) -> Worker:
    return Worker(world.services, world.bolt, suspects=False)


# --- who takes it over -----------------------------------------------------------------------------------------------


def test_what_a_worker_did_not_come_back_from_is_taken_over_by_one_of_the_threads_alone(world: World) -> None:
    row_id = post(world)
    crash(world, 1)
    worker = careful(world)
    assert [worker.step() for _ in range(3)] == [False] * 3
    assert crashes(world) == [0]
    world.settle()
    world.advance(SETTLE)
    assert (row(world, row_id)["status"], len(texts(world))) == ("completed", 1)


def test_a_delivery_that_a_worker_did_not_come_back_from_is_taken_over_by_one_of_the_threads_alone(
    world: World,
) -> None:
    world.github.open_issue("acme/web", "the printer")
    world.github.flush()
    crash(world, 1, plan)
    assert not careful(world).step()
    world.settle()
    assert delivery(world, "issues.opened")["status"] != "pending"


@on_sqlite
def test_the_others_go_on_with_what_lies_behind_it_in_its_lane(world: World) -> None:
    payload: dict[str, Any] = {"channel": f"T0DEV00001/{GENERAL}", "text": "hello", "blocks": []}
    new = [rows.planned(f"k{number}", ordering_key=f"k{number}", payload=payload) for number in range(6)]
    rows.add(world.database, *new)
    crash(world, 1)
    worker = careful(world)
    for _ in range(12):
        worker.step()
    assert rows.column(world.database, "status") == ["pending"] + ["completed"] * 5


@on_sqlite
def test_many_rows_of_the_dead_do_not_hide_what_is_due_beside_them(world: World) -> None:
    """More lanes than a worker tries at a time begin with what it must not take."""
    new = [
        rows.planned(f"k{number}", ordering_key=f"k{number}", payload={"channel": f"T0DEV00001/C0{number:02}"})
        for number in range(12)
    ]
    rows.add(world.database, *new)
    for _ in range(12):
        assert claim(world) is not None
    world.clock.offset += timedelta(seconds=LEASE + 1)
    post(world)
    worker = careful(world)
    for _ in range(5):
        worker.step()
    assert len(texts(world)) == 1


# --- not for ever ----------------------------------------------------------------------------------------------------


@on_sqlite
def test_a_call_that_its_workers_do_not_survive_is_put_aside_with_a_sentence(world: World) -> None:
    row_id, other = post(world), post(world, "after it")
    crash(world, CRASHES)
    world.settle()
    ended = row(world, row_id)
    assert (ended["status"], ended["error_message"]) == (
        "failed", "connect ended 5 times in a row while it was at this call.",
    )  # fmt: skip
    assert ended["sent_at"] is not None  # whether it had its effect nobody knows
    assert (row(world, other)["status"], texts(world)) == ("completed", [])
    assert world.call("POST", f"/api/v1/integrations/{row_id}/retry").status_code == 200
    world.settle()
    world.advance(SETTLE)
    world.advance(SETTLE)
    assert (row(world, row_id)["status"], crashes(world)[0]) == ("completed", 0)


@on_sqlite
def test_one_crash_less_and_the_call_is_made(world: World) -> None:
    row_id = post(world)
    crash(world, CRASHES - 1)
    world.settle()
    world.advance(SETTLE)
    assert (row(world, row_id)["status"], len(texts(world))) == ("completed", 1)


@on_sqlite
def test_a_row_that_was_given_back_properly_begins_to_count_anew(world: World) -> None:
    row_id = post(world)
    crash(world, CRASHES - 2)
    world.settle()  # looked for once
    assert (row(world, row_id)["status"], crashes(world)) == ("pending", [0])
    world.clock.offset += timedelta(seconds=SETTLE)
    crash(world, CRASHES - 1)
    for _ in range(3):
        world.advance(SETTLE)
    assert (row(world, row_id)["status"], crashes(world), len(texts(world))) == ("completed", [0], 1)


@on_sqlite
def test_a_plan_that_its_workers_do_not_survive_is_put_aside_with_a_sentence(world: World) -> None:
    world.github.open_issue("acme/web", "the printer")
    world.github.flush()
    crash(world, CRASHES, plan)
    world.settle()
    ended = delivery(world, "issues.opened")
    assert (ended["status"], ended["detail"]) == ("failed", "connect ended 5 times in a row while it was at this.")
    assert world.call("POST", f"/api/v1/deliveries/{ended['id']}/replay").status_code == 200
    assert crashes(world, "deliveries") == [0]
    world.settle()
    assert delivery(world, "issues.opened")["status"] in ("completed", "ignored")


@on_sqlite
def test_a_workflow_step_whose_workers_die_is_failed_with_a_sentence(world: World) -> None:
    execution = world.slack.run_step("create_jira_issue", {"summary": "the printer"}, MEMBER)
    world.slack.flush()
    crash(world, CRASHES, plan)
    world.settle()
    step = world.slack.steps[execution]
    assert (delivery(world, "function_executed")["status"], step["state"]) == ("failed", "failed")
    assert step["error"].startswith("connect could not read this step's inputs.")


# --- a database that goes away in the middle -------------------------------------------------------------------------


def _rename(world: World, old: str, new: str) -> None:
    with world.database.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


@pytest.mark.parametrize("service", ["slack", "jira"])
def test_a_call_whose_end_cannot_be_written_is_found_when_the_database_is_back(world: World, service: str) -> None:
    world.jira.target = ""
    standin, call = (world.slack, "chat.postMessage") if service == "slack" else (world.jira, "createIssue")
    row_id = post(world) if service == "slack" else ask_issue(world)

    def then_away(_: Any) -> None:
        _rename(world, "integration_logs", "elsewhere")

    standin.fault(call, kind="hang", after=True, notice=then_away)
    assert world.worker.step()
    _rename(world, "elsewhere", "integration_logs")
    assert (row(world, row_id)["status"], row(world, row_id)["sent_at"] is not None) == ("pending", True)
    world.advance(LEASE + 1)
    world.advance(SETTLE)
    effects = len(texts(world)) if service == "slack" else len(world.jira.issues)
    assert (row(world, row_id)["status"], effects, len(standin.calls_to(call))) == ("completed", 1, 1)


@on_sqlite
def test_a_plan_whose_end_cannot_be_written_is_made_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    render, broken = registry.GITHUB["issues.opened"], [True]

    def then_away(payload: Any) -> Any:
        if broken.pop() if broken else False:
            _rename(world, "integration_logs", "elsewhere")
        return render(payload)

    subscribe(world, "github", "acme/web")
    monkeypatch.setitem(registry.GITHUB, "issues.opened", then_away)
    world.github.open_issue("acme/web", "the printer")
    world.github.flush()
    world.worker._plan_one()  # pyright: ignore[reportPrivateUsage]
    _rename(world, "elsewhere", "integration_logs")
    assert delivery(world, "issues.opened")["status"] == "pending"
    world.advance(LEASE + 1)
    assert delivery(world, "issues.opened")["status"] == "completed"
    assert len(world.slack.history(GENERAL)) == 1
