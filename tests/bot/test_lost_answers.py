"""A call whose answer is lost: one effect in the end, found by its marker or made again, and never a second one."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.operations.registry import OPERATIONS
from bot.worker import Worker
from sandbox.slack import GENERAL
from storage import lists
from storage.integrations import Integration
from storage.models import IntegrationLog
from tests.bot.effects import (
    EFFECTS,
    LEASE,
    SETTLE,
    Effect,
    ask_comment,
    ask_issue,
    assert_completed,
    claim,
    every_effect,
    on_sqlite,
    post,
    row,
    subscribe,
    texts,
)
from tests.world import World

# --- an answer that was lost -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind"),
    [("message", "reset"), ("message", "half"), ("message", "status"), ("reply", "half"), ("issue", "reset"),
     ("issue", "status"), ("comment", "half"), ("shown file", "reset"), ("shown file", "status"),
     ("github issue", "reset"), ("github issue", "half"), ("github reply", "reset"),
     ("github reply", "half")],
)  # fmt: skip
def test_an_effect_whose_answer_was_lost_is_found_and_not_made_again(world: World, name: str, kind: str) -> None:
    effect = EFFECTS[name]
    effect.standin(world).fault(effect.call, kind=kind, after=True, status=502, body="<html>")
    world.jira.target = ""  # its webhooks would confirm the effect before anything is looked up
    row_id = effect.ask(world)
    world.settle()
    assert (row(world, row_id)["status"], effect.calls(world), effect.looks(world)) == ("pending", 1, 0)
    world.advance(SETTLE - 3)
    assert (effect.calls(world), effect.looks(world)) == (1, 0)
    world.advance(4)
    assert effect.count(world) == 1
    assert_completed(world, row_id)


@every_effect
def test_a_call_without_any_effect_is_made_again_after_two_misses_with_the_same_marker(
    world: World, effect: Effect
) -> None:
    effect.standin(world).fault(effect.call, kind="reset")
    row_id = effect.ask(world)
    world.settle()
    world.advance(SETTLE + 1)
    assert (effect.calls(world), effect.count(world)) == (1, 0)
    looked = effect.looks(world)
    assert looked > 0
    world.advance(SETTLE / 2 + 1)
    first, *again = effect.standin(world).calls_to(effect.call)
    assert (effect.count(world), effect.looks(world)) == (1, 2 * looked)
    assert not effect.marked or again[0].body == first.body
    assert_completed(world, row_id)


@every_effect
def test_a_worker_that_dies_before_its_call_leaves_it_to_the_next_one(world: World, effect: Effect) -> None:
    row_id = effect.ask(world)
    claim(world)
    world.settle()
    world.advance(LEASE - 5)
    assert (effect.calls(world), effect.looks(world)) == (0, 0)
    world.advance(6)
    assert effect.calls(world) == 0
    world.advance(SETTLE / 2 + 1)
    assert (effect.calls(world), effect.count(world)) == (1, 1)
    assert_completed(world, row_id)


@every_effect
def test_a_worker_that_dies_after_its_call_has_not_worked_in_vain(world: World, effect: Effect) -> None:
    world.jira.target = ""
    row_id = effect.ask(world)
    claimed = claim(world)
    OPERATIONS[claimed.target_service, claimed.operation].perform(world.services, claimed)
    world.settle()
    world.advance(LEASE + 1)
    assert (effect.calls(world), effect.count(world)) == (1, 1)
    assert_completed(world, row_id)


@every_effect
def test_before_a_call_leaves_its_row_says_so_with_the_marker_inside_the_call(world: World, effect: Effect) -> None:
    seen: list[tuple[bool, bool]] = []

    def look(call: Any) -> bool:
        with world.database.read() as connection:
            kept = lists.one(connection, IntegrationLog, row_id)
            assert kept is not None
            seen.append((kept.sent_at is not None, kept.marker in json.dumps(call.body)))
        return True

    effect.standin(world).fault(effect.call, kind="hang", where=look)
    row_id = effect.ask(world)
    world.settle()
    assert seen == [(True, effect.marked)]
    assert_completed(world, row_id)


@on_sqlite
def test_an_answer_lost_again_and_again_is_still_one_effect(world: World) -> None:
    world.slack.fault("chat.postMessage", kind="reset", times=3)
    world.slack.fault("chat.postMessage", kind="reset", after=True)
    row_id = post(world)
    world.settle()
    for _ in range(12):
        world.advance(SETTLE / 2 + 1)
    assert len(texts(world)) == 1
    assert_completed(world, row_id)


def test_a_call_made_again_is_looked_for_twice_before_it_is_made_a_third_time(world: World) -> None:
    """The second call had its effect, and Slack shows it late: the misses of the first call do not count for it."""
    world.slack.fault("chat.postMessage", kind="reset")
    row_id = post(world)
    world.settle()
    world.advance(SETTLE + 1)
    world.slack.fault("chat.postMessage", kind="reset", after=True)
    world.slack.history_lag = SETTLE + 8
    world.advance(SETTLE / 2 + 1)
    assert len(texts(world)) == 1
    for _ in range(4):
        world.advance(SETTLE / 2 + 1)
    assert len(texts(world)) == 1
    assert_completed(world, row_id)


def test_an_effect_that_shows_late_is_found_at_the_second_look(world: World) -> None:
    world.jira.search_lag = SETTLE + 8
    world.jira.labels_on_screen = False
    world.jira.fault("createIssue", kind="reset", after=True)
    row_id = ask_issue(world)
    world.settle()
    world.advance(SETTLE + 1)
    world.advance(SETTLE / 2 + 1)
    assert (len(world.jira.issues), len(world.jira.calls_to("createIssue")) < 4) == (1, True)
    assert_completed(world, row_id)


def test_the_echo_of_a_creation_confirms_it_before_anything_is_looked_up(world: World) -> None:
    world.jira.fault("createIssue", kind="reset", after=True)
    row_id = ask_issue(world)
    world.settle()
    assert (row(world, row_id)["status"], len(world.jira.calls_to("searchIssues"))) == ("completed", 0)
    assert (row(world, row_id)["remote_id"], row(world, row_id)["target_id"]) == ("OPS-1", "OPS-1")
    assert_completed(world, row_id)


def test_a_delivery_that_may_be_an_echo_waits_until_the_call_is_judged(world: World) -> None:
    world.jira.fault("addComment", kind="reset", after=True)
    subscribe(world, "jira", "OPS")
    row_id = ask_comment(world)
    world.settle()
    waiting = [one for one in world.rows("deliveries") if one["status"] == "pending"]
    assert ("comment_created", 0) in [(one["event"], one["attempts"]) for one in waiting]
    assert "a comment of connect's on this issue is not judged yet" in [one["detail"] for one in waiting]
    before = len(world.slack.channels[GENERAL].messages)
    world.advance(SETTLE + 1)
    world.advance(2)
    (told,) = [one for one in world.rows("deliveries") if one["event"] == "comment_created"]
    assert (told["status"], told["detail"]) == ("ignored", "connect wrote this comment itself")
    assert len(world.slack.channels[GENERAL].messages) == before
    assert_completed(world, row_id)


# --- looking up ------------------------------------------------------------------------------------------------------


def test_a_token_revoked_while_the_outcome_is_unknown_does_not_make_it_known(world: World) -> None:
    world.slack.fault("chat.postMessage", kind="reset", after=True)
    row_id = post(world)
    world.settle()
    tokens = set(world.slack.tokens)
    world.slack.tokens.clear()
    world.advance(SETTLE + 1)
    world.slack.tokens |= tokens
    for _ in range(3):
        world.advance(world.settings.connect_retry_max_seconds + 1)
    assert len(texts(world)) == 1
    assert_completed(world, row_id)


@on_sqlite
def test_a_look_that_cannot_be_had_is_no_miss(world: World) -> None:
    world.slack.fault("chat.postMessage", kind="reset", after=True)
    row_id = post(world)
    world.settle()
    world.slack.fault("conversations.history", status=503)
    world.slack.history_lag = SETTLE + 12  # the second look has its answer: not there yet
    for seconds in (SETTLE + 1, 5, SETTLE / 2 + 1, SETTLE):
        world.advance(seconds)
    assert (len(texts(world)), len(world.slack.calls_to("chat.postMessage"))) == (1, 1)
    assert_completed(world, row_id)


@on_sqlite
def test_an_outage_during_the_look_gives_no_row_up_however_few_attempts_are_left(
    make_world: Callable[..., World],
) -> None:
    world = make_world(connect_max_attempts=2)
    world.slack.fault("chat.postMessage", kind="reset", after=True)
    row_id = post(world)
    world.settle()
    world.slack.fault("conversations.history", status=503, times=5)
    for _ in range(7):
        world.advance(SETTLE + 1)
    assert (len(texts(world)), len(world.slack.calls_to("chat.postMessage"))) == (1, 1)
    assert_completed(world, row_id)


@on_sqlite
def test_a_look_that_breaks_does_not_move_the_time_from_which_is_looked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    operation = OPERATIONS["slack", "post_message"]
    broken = [True, True]

    def find(services: Any, held: Integration) -> Any:
        if broken:
            broken.pop()
            raise KeyError("a bug")
        assert operation.find is not None
        return operation.find(services, held)

    world.slack.fault("chat.postMessage", kind="reset", after=True)
    monkeypatch.setitem(OPERATIONS, ("slack", "post_message"), replace(operation, find=find))
    row_id = post(world)
    sent_at = None
    for _ in range(3):
        world.advance(0 if sent_at is None else SETTLE + 1)
        sent_at = sent_at or row(world, row_id)["sent_at"]
        assert row(world, row_id)["sent_at"] == sent_at


@on_sqlite
def test_a_call_is_looked_for_from_when_it_left_however_long_it_took(make_world: Callable[..., World]) -> None:
    world = make_world(connect_lease_seconds=600, connect_http_timeout=300, connect_settle_seconds=400)
    taken = [0.0, 100.0]

    def slowly(_: Any) -> bool:
        world.clock.offset += timedelta(seconds=taken.pop(0) if taken else 0)
        return True

    world.slack.fault("chat.postMessage", kind="reset", after=True, where=slowly)
    row_id = post(world)
    world.settle()
    for _ in range(3):
        world.advance(401)
    assert len(texts(world)) == 1
    assert_completed(world, row_id)


def test_a_worker_that_lost_its_lease_while_it_prepared_does_not_send(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reads before the write may take longer than the lease: another worker has then made the call."""
    operation, second = OPERATIONS["jira", "create_issue"], Worker(world.services, world.bolt)
    waits = [LEASE + 1, SETTLE / 2 + 1]

    def perform(services: Any, held: Integration) -> Any:
        while waits:
            world.clock.offset += timedelta(seconds=waits.pop(0))
            second.step()
        return operation.perform(services, held)

    monkeypatch.setitem(OPERATIONS, ("jira", "create_issue"), replace(operation, perform=perform))
    row_id = ask_issue(world)
    world.settle()
    world.advance(LEASE + SETTLE)
    assert len(world.jira.issues) == 1
    assert_completed(world, row_id)


def test_a_call_settles_from_when_it_left_and_not_from_when_it_was_claimed(world: World) -> None:
    """The worker reads for almost all of its lease, sends, and dies; Jira's search shows the issue a little later."""
    world.jira.target, world.jira.search_lag = "", SETTLE - 5
    row_id = ask_issue(world)
    claimed = claim(world)
    world.clock.offset += timedelta(seconds=LEASE - 1)
    OPERATIONS["jira", "create_issue"].perform(world.services, claimed)
    for seconds in (2, SETTLE / 2 + 1, SETTLE, SETTLE):
        world.advance(seconds)
    assert len(world.jira.issues) == 1
    assert_completed(world, row_id)
