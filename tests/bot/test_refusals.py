"""A sure no: asked to wait, refused, or not let in. Nothing is sent early, nothing burnt, nothing sent for ever."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.slack import GENERAL
from tests.bot.effects import EFFECTS, SETTLE, ask_issue, assert_completed, on_sqlite, post, row, texts
from tests.world import World

# --- a sure no -------------------------------------------------------------------------------------------------------


@on_sqlite
@pytest.mark.parametrize(
    ("effect", "headers"),
    [("message", {"Retry-After": "90"}), ("issue", {"Retry-After": "90"}), ("comment", {"Retry-After": "90"}),
     ("github issue", {"Retry-After": "90"})],
    ids=["slack", "jira issue", "jira comment", "github"],
)  # fmt: skip
def test_no_call_is_made_before_the_time_that_a_service_names(
    world: World, effect: str, headers: dict[str, str]
) -> None:
    kind = EFFECTS[effect]
    kind.standin(world).fault(kind.call, status=429, headers=headers, body={"ok": False, "error": "ratelimited"})
    row_id = kind.ask(world)
    world.settle()
    for _ in range(4):
        world.advance(21)
    assert (kind.calls(world), kind.count(world), row(world, row_id)["attempts"]) == (1, 0, 0)
    world.advance(7)
    assert (kind.calls(world), kind.count(world), kind.looks(world)) == (2, 1, 0)
    assert_completed(world, row_id)


@on_sqlite
@pytest.mark.parametrize("wait", ["1e15", "99999999999999999999"])
def test_a_time_to_wait_beyond_all_measure_breaks_nothing(world: World, wait: str) -> None:
    world.jira.fault("createIssue", status=429, headers={"Retry-After": wait})
    row_id = ask_issue(world)
    post(world)
    world.settle()
    waiting = row(world, row_id)
    assert (waiting["status"], waiting["attempts"], waiting["sent_at"], len(texts(world))) == ("pending", 0, None, 1)


@on_sqlite
def test_a_service_that_refuses_connections_is_asked_again_later_without_a_look(world: World) -> None:
    port = int(world.jira.url.rpartition(":")[2])
    world.jira.stop()
    row_id = ask_issue(world)
    world.settle()
    waiting = row(world, row_id)
    assert (waiting["status"], waiting["sent_at"], waiting["error_message"]) == (
        "pending", None, "Jira cannot be reached.",
    )  # fmt: skip
    world.jira.start(port)
    world.advance(5)
    assert (len(world.jira.issues), len(world.jira.calls_to("searchIssues"))) == (1, 0)
    assert_completed(world, row_id)


@on_sqlite
def test_attempts_wait_longer_each_time_and_end_with_the_last_one(make_world: Callable[..., World]) -> None:
    world = make_world(connect_max_attempts=4)
    world.jira.fault("createIssue", status=409, times=99)
    row_id = ask_issue(world)
    world.settle()
    seen = [row(world, row_id)["attempts"]]
    for seconds in (2, 4, 8, 1000):
        world.advance(seconds)
        seen.append(row(world, row_id)["attempts"])
    ended = row(world, row_id)
    assert (seen, ended["status"], ended["sent_at"]) == ([1, 2, 3, 4, 4], "failed", None)
    assert len(world.jira.calls_to("createIssue")) == 4


@on_sqlite
def test_a_call_that_is_never_answered_ends_with_its_last_attempt_too(make_world: Callable[..., World]) -> None:
    world = make_world(connect_max_attempts=3)
    world.slack.fault("chat.postMessage", status=500, times=99)
    row_id = post(world)
    world.settle()
    for _ in range(12):
        world.advance(SETTLE)
    ended = row(world, row_id)
    assert (ended["status"], ended["attempts"], len(world.slack.calls_to("chat.postMessage"))) == ("failed", 3, 3)
    assert ended["sent_at"] is not None


@on_sqlite
@pytest.mark.parametrize(
    ("effect", "answer"),
    [
        ("message", {"status": 200, "body": {"ok": False, "error": "is_archived"}}),
        ("issue", {"status": 400, "body": {"errorMessages": [], "errors": {"summary": "Too dull."}}}),
        ("comment", {"status": 403, "body": {"errorMessages": ["No comments here."]}}),
        ("github issue", {"status": 410, "body": {"message": "Issues are disabled for this repo"}}),
    ],
)
def test_a_permanent_refusal_ends_at_once_and_is_told(world: World, effect: str, answer: dict[str, Any]) -> None:
    kind = EFFECTS[effect]
    kind.standin(world).fault(kind.call, **answer)
    row_id = kind.ask(world)
    world.settle()
    world.advance(1000)
    ended = row(world, row_id)
    assert (ended["status"], ended["attempts"], ended["sent_at"], kind.calls(world)) == ("failed", 1, None, 1)
    assert ended["error_message"]


def test_a_failed_row_lets_the_next_one_of_its_key_through(world: World) -> None:
    world.slack.fault("chat.postMessage", status=200, body={"ok": False, "error": "restricted_action"})
    failed, following = post(world, "first"), post(world, "second")
    world.settle()
    assert [row(world, one)["status"] for one in (failed, following)] == ["failed", "completed"]


def test_a_row_that_waits_holds_back_its_key_and_no_other(world: World) -> None:
    world.slack.fault("chat.postMessage", kind="reset", after=True)
    for text in ("one", "two"):
        post(world, text)
    world.ask("jira", "slack", "post_message", {"channel": "C0DEV00002", "text": "elsewhere"})
    world.settle()
    shown = [message["text"] for channel in (GENERAL, "C0DEV00002") for message in world.slack.history(channel)]
    assert shown == ["one", "elsewhere"]
    world.advance(SETTLE + 1)
    assert [message["text"] for message in world.slack.history(GENERAL)] == ["one", "two"]


def test_a_failed_row_can_be_tried_again_by_hand(world: World) -> None:
    world.jira.denied.add("CREATE_ISSUES")
    row_id = ask_issue(world)
    world.settle()
    world.jira.denied.clear()
    assert world.call("POST", f"/api/v1/integrations/{row_id}/retry").status_code == 200
    world.settle()
    assert (row(world, row_id)["status"], len(world.jira.issues)) == ("completed", 1)


# --- credentials -----------------------------------------------------------------------------------------------------


@on_sqlite
@pytest.mark.parametrize("effect", ["message", "issue", "github issue"])
def test_a_revoked_token_pauses_the_work_without_using_up_attempts(world: World, effect: str) -> None:
    kind = EFFECTS[effect]
    row_id = kind.ask(world)
    tokens, world.slack.tokens = world.slack.tokens, set()
    world.jira.token, world.github.token = "other", "other"
    world.settle()
    for _ in range(3):
        world.advance(world.settings.connect_retry_max_seconds + 1)
    waiting = row(world, row_id)
    assert (waiting["status"], waiting["attempts"], waiting["sent_at"], kind.count(world)) == ("pending", 0, None, 0)
    world.slack.tokens = tokens
    world.jira.token, world.github.token = "jira-token", "ghp-sandbox"
    world.advance(world.settings.connect_retry_max_seconds + 1)
    assert kind.count(world) == 1
    assert_completed(world, row_id)


@on_sqlite
def test_a_service_that_is_off_keeps_its_work_until_it_is_on(make_world: Callable[..., World]) -> None:
    world = make_world()
    row_id = ask_issue(world)
    off = make_world(jira_api_token="")
    off.settle()
    assert (row(off, row_id)["status"], row(off, row_id)["attempts"]) == ("pending", 0)
    world.advance(world.settings.connect_retry_max_seconds + 1)
    assert len(world.jira.issues) == 1
    assert_completed(world, row_id)
