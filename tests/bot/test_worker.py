"""The worker's promise against every way in which a call can go wrong: one effect in the end, and never a second one.

The stand-ins of the three services lose answers, refuse, ask to wait or fall silent; the test moves the clock.
"""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from bot.flows import outcomes
from bot.flows.plan import Consequences, to_slack
from bot.message import Message
from bot.operations.registry import OPERATIONS
from bot.renderers import registry
from bot.worker import POISON_ATTEMPTS, Worker
from sandbox.slack import GENERAL, MEMBER
from sandbox.standin import StandIn
from storage import deliveries, integrations, subscriptions
from storage.integrations import Integration
from storage.subscriptions import Wanted
from tests.world import World

TEAM = "T0DEV00001"
CHANNEL = f"{TEAM}/{GENERAL}"
SETTLE, LEASE = 30.0, 60.0


# --- what is asked for, and what came of it --------------------------------------------------------------------------


@dataclass(frozen=True)
class Effect:
    """A kind of outside call: how a test asks for one, what the service calls it, and how often it happened."""

    service: str
    call: str
    look: str
    ask: Callable[[World], int]
    count: Callable[[World], int]

    def standin(self, world: World) -> StandIn:
        return getattr(world, self.service)

    def calls(self, world: World) -> int:
        return len(self.standin(world).calls_to(self.call))

    def looks(self, world: World) -> int:
        return len(self.standin(world).calls_to(self.look))


def post(world: World, text: str = "hello", **payload: str) -> int:
    return world.ask("jira", "slack", "post_message", {"channel": GENERAL, "text": text, **payload})


def texts(world: World, text: str = "hello") -> list[dict[str, Any]]:
    return [message for message in world.slack.channels[GENERAL].messages if message["text"] == text]


def _post_in_thread(world: World) -> int:
    return post(world, thread_ts=world.slack.say(MEMBER, GENERAL, "a thread"))


def _comment(world: World) -> int:
    key = world.jira.create("OPS", "Task", "the printer")
    return world.ask("slack", "jira", "add_comment", {"issue": key, "message": "hello"})


def _comments(world: World) -> int:
    return sum(len(issue.comments) for issue in world.jira.issues.values())


def _issue(world: World) -> int:
    return world.ask("slack", "jira", "create_ticket", {"message": "hello", "channel": GENERAL})


def _github_issue(world: World) -> int:
    given = {"repository": "acme/web", "title": "hello", "channel": GENERAL}
    return world.ask("slack", "github", "create_issue", given)


def _github_issues(world: World) -> int:
    repo = world.github.repo("acme/web")
    assert repo is not None
    return len(repo.tickets)


EFFECTS = {
    "message": Effect("slack", "chat.postMessage", "conversations.history", post, lambda world: len(texts(world))),
    "reply": Effect("slack", "chat.postMessage", "conversations.replies", _post_in_thread,
                    lambda world: len(texts(world))),
    "issue": Effect("jira", "createIssue", "searchIssues", _issue, lambda world: len(world.jira.issues)),
    "comment": Effect("jira", "addComment", "getComments", _comment, _comments),
    "github issue": Effect("github", "issues/create", "issues/list-for-repo", _github_issue, _github_issues),
}  # fmt: skip

every_effect = pytest.mark.parametrize(
    ("database_url", "effect"),
    [pytest.param("sqlite", effect, id=f"sqlite-{name}") for name, effect in EFFECTS.items()]
    + [pytest.param("mysql", EFFECTS[name], id=f"mysql-{name}") for name in ("reply", "issue")],
    indirect=["database_url"],
)
# Where nothing but the service's answer matters, one kind of database is enough.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def row(world: World, row_id: int) -> dict[str, Any]:
    return world.call("GET", f"/api/v1/integrations/{row_id}").json()["integration"]


def assert_completed(world: World, row_id: int) -> None:
    """The row and all that followed from it is done, and nothing else waits."""
    assert {one["status"] for one in world.rows("integrations")} == {"completed"}, world.rows("integrations")
    assert row(world, row_id)["remote_id"]
    assert {one["status"] for one in world.rows("deliveries")} <= {"completed", "ignored"}, world.rows("deliveries")


def claim(world: World) -> Integration:
    """What a worker does first, by hand: the test then is a worker that dies."""
    now, lease = world.services.now(), world.settings.connect_lease_seconds
    claimed = world.database.run(lambda session: integrations.claim(session, now, lease))
    assert claimed is not None
    return claimed


def add(world: World, operation: str, payload: dict[str, Any], key: str = "k1") -> int:
    """A call to Slack that no REST request asks for."""
    cause = {"source_service": "slack", "event_type": "/jira", "source_id": ""}
    new = to_slack(operation, key, key, cause, CHANNEL, payload, Message("only you see this"))
    return world.database.run(lambda session: integrations.add(session, [new], None, world.services.now()))[0]


# --- an answer that was lost -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind"),
    [("message", "reset"), ("message", "half"), ("message", "status"), ("reply", "half"), ("issue", "reset"),
     ("issue", "status"), ("comment", "half"), ("github issue", "reset"), ("github issue", "half")],
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
    assert again[0].body == first.body
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
        with world.database.read() as session:
            kept = session.get(integrations.IntegrationLog, row_id)
            assert kept is not None
            seen.append((kept.sent_at is not None, kept.marker in json.dumps(call.body)))
        return True

    effect.standin(world).fault(effect.call, kind="hang", where=look)
    row_id = effect.ask(world)
    world.settle()
    assert seen == [(True, True)]
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
    row_id = _issue(world)
    world.settle()
    world.advance(SETTLE + 1)
    world.advance(SETTLE / 2 + 1)
    assert (len(world.jira.issues), len(world.jira.calls_to("createIssue")) < 4) == (1, True)
    assert_completed(world, row_id)


def test_the_echo_of_a_creation_confirms_it_before_anything_is_looked_up(world: World) -> None:
    world.jira.fault("createIssue", kind="reset", after=True)
    row_id = _issue(world)
    world.settle()
    assert (row(world, row_id)["status"], len(world.jira.calls_to("searchIssues"))) == ("completed", 0)
    assert (row(world, row_id)["remote_id"], row(world, row_id)["target_id"]) == ("OPS-1", "OPS-1")
    assert_completed(world, row_id)


def test_a_delivery_that_may_be_an_echo_waits_until_the_call_is_judged(world: World) -> None:
    world.jira.fault("addComment", kind="reset", after=True)
    subscribe(world, "jira", "OPS")
    row_id = _comment(world)
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
    world.slack.fault("conversations.history", status=503, times=4)
    for _ in range(8):
        world.advance(SETTLE)
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
    row_id = _issue(world)
    world.settle()
    world.advance(LEASE + SETTLE)
    assert len(world.jira.issues) == 1
    assert_completed(world, row_id)


def test_a_call_settles_from_when_it_left_and_not_from_when_it_was_claimed(world: World) -> None:
    """The worker reads for almost all of its lease, sends, and dies; Jira's search shows the issue a little later."""
    world.jira.target, world.jira.search_lag = "", SETTLE - 5
    row_id = _issue(world)
    claimed = claim(world)
    world.clock.offset += timedelta(seconds=LEASE - 1)
    OPERATIONS["jira", "create_issue"].perform(world.services, claimed)
    for seconds in (2, SETTLE / 2 + 1, SETTLE, SETTLE):
        world.advance(seconds)
    assert len(world.jira.issues) == 1
    assert_completed(world, row_id)


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
    row_id = _issue(world)
    post(world)
    world.settle()
    assert (row(world, row_id)["status"], len(texts(world))) == ("pending", 1)


@on_sqlite
def test_a_service_that_refuses_connections_is_asked_again_later_without_a_look(world: World) -> None:
    port = int(world.jira.url.rpartition(":")[2])
    world.jira.stop()
    row_id = _issue(world)
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
    row_id = _issue(world)
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
    row_id = _issue(world)
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
    row_id = _issue(world)
    off = make_world(jira_api_token="")
    off.settle()
    assert (row(off, row_id)["status"], row(off, row_id)["attempts"]) == ("pending", 0)
    world.advance(world.settings.connect_retry_max_seconds + 1)
    assert len(world.jira.issues) == 1
    assert_completed(world, row_id)


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
    operation = OPERATIONS["slack", "post_message"]

    def perform(services: Any, held: Integration) -> Any:
        effect = operation.perform(services, held)
        world.clock.offset += timedelta(seconds=LEASE + 1)
        claim(world)
        return effect

    monkeypatch.setitem(OPERATIONS, ("slack", "post_message"), replace(operation, perform=perform))
    row_id = post(world)
    world.settle()
    late = row(world, row_id)
    assert (late["status"], late["remote_id"]) == ("pending", texts(world)[0]["ts"])
    world.advance(LEASE + 1)
    assert len(texts(world)) == 1
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


# --- plans -----------------------------------------------------------------------------------------------------------


def subscribe(world: World, service: str, source: str) -> None:
    wanted = Wanted(service, source, CHANNEL, ("all",), {}, True, f"{TEAM}/{MEMBER}")
    world.database.run(lambda session: subscriptions.put(session, wanted, world.services.now()))


def delivery(world: World, event: str) -> dict[str, Any]:
    (found,) = [one for one in world.rows("deliveries") if one["event"] == event]
    return found


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

    monkeypatch.setattr("bot.listeners.workflow_steps.tickets.request_issue", broken)
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
    while world.database.run(lambda session: deliveries.claim(session, now, LEASE)):
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


def test_a_plan_and_the_end_of_its_delivery_are_stored_together(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    subscribe(world, "github", "acme/web")
    world.github.open_issue("acme/web", "the printer")
    world.github.flush()
    assert world.worker.step()
    assert (delivery(world, "issues.opened")["status"], [one["status"] for one in world.rows("integrations")]) == (
        "completed", ["pending"],
    )  # fmt: skip


def test_events_of_one_resource_are_planned_in_the_order_in_which_they_came(world: World) -> None:
    subscribe(world, "github", "acme/web")
    number = world.github.open_issue("acme/web", "the printer")
    world.github.close_issue("acme/web", number)
    world.github.open_issue("acme/web", "the door")
    world.github.flush()
    now = world.services.now()
    held = world.database.run(lambda session: deliveries.claim(session, now, LEASE))
    assert held is not None
    world.settle()
    told = [one for one in world.rows("deliveries") if one["service"] == "github"]
    assert [(one["event"], one["status"]) for one in told] == [
        ("issues.opened", "pending"), ("issues.closed", "pending"), ("issues.opened", "completed"),
    ]  # fmt: skip
    world.advance(LEASE + 1)
    assert {one["status"] for one in world.rows("deliveries") if one["service"] == "github"} == {"completed"}
