"""`POST /slack/events`: what is sent is stored before it is answered, once; what nobody wants leaves nothing."""

import json
import logging
from typing import Any
from urllib.parse import quote

import pytest

from sandbox.slack import GENERAL, MEMBER
from tests.receiver.doors import (
    FORM,
    JSON,
    at_once,
    chunks,
    command,
    event,
    form,
    interaction,
    post,
    slack_headers,
    stored,
    to_slack,
)
from tests.receiver.slack_requests import BURNS, CLICK, CLOSED, MESSAGE, OPTIONS, SHORTCUT, STEP, SUBMISSION
from tests.world import World

# --- what is stored before the answer --------------------------------------------------------------------------------


def _named(world: World, delivery_id: str) -> list[dict[str, Any]]:
    return world.rows("deliveries", f"&delivery_id={quote(delivery_id)}")


@pytest.mark.parametrize(
    "inner", [MESSAGE | {"type": "app_mention", "text": "<@U0DEVBOT01> create x"}, STEP], ids=["mention", "step"]
)
def test_an_event_is_stored_and_nothing_else_is_done_when_the_answer_arrives(
    world: World, inner: dict[str, Any]
) -> None:
    answer = to_slack(world, event(inner))
    assert (answer.status_code, answer.content) == (200, b"")
    [row] = world.rows("deliveries")
    assert {name: row[name] for name in ("service", "delivery_id", "event", "status", "detail", "attempts")} == {
        "service": "slack", "delivery_id": "T0DEV00001/Ev1", "event": inner["type"], "status": "pending", "detail": "",
        "attempts": 0,
    }  # fmt: skip
    assert "secret" not in str(row)
    assert (stored(world), world.slack.calls, world.jira.calls) == ((1, 0), [], [])


def test_a_chunked_event_is_stored_like_any_other(shared: World) -> None:
    body = event(MESSAGE, event_id="EvChunked")
    headers = {"Content-Type": JSON} | slack_headers(shared, body)
    assert post(shared, "/slack/events", chunks(body), headers).status_code == 200
    assert [row["status"] for row in _named(shared, "T0DEV00001/EvChunked")] == ["pending"]


def test_a_retry_with_a_fresh_signature_is_the_same_delivery(world: World) -> None:
    body = event(MESSAGE)
    for retry in range(4):
        number = {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"} if retry else {}
        headers = {"Content-Type": JSON} | slack_headers(world, body, skew=retry * 60) | number
        assert post(world, "/slack/events", body, headers).status_code == 200
    assert stored(world) == (1, 0)


def test_the_same_event_twenty_times_at_once_is_one_delivery(world: World) -> None:
    body = event(MESSAGE)
    assert at_once(20, lambda: to_slack(world, body).status_code) == [200] * 20
    assert stored(world) == (1, 0)


def test_ids_are_compared_byte_for_byte(world: World) -> None:
    ids = ["abc", "ABC", "abc ", "\u00e4bc", "a\u0308bc"]
    for event_id in (*ids, *ids):
        assert to_slack(world, event(MESSAGE, event_id=event_id)).status_code == 200
    assert [row["delivery_id"] for row in world.rows("deliveries")] == [f"T0DEV00001/{event_id}" for event_id in ids]
    assert [row["delivery_id"] for row in _named(world, "T0DEV00001/abc ")] == ["T0DEV00001/abc "]


def test_the_same_id_of_two_workspaces_is_two_events(shared: World) -> None:
    for team in ("T1", "T2"):
        assert to_slack(shared, event(MESSAGE, team_id=team, event_id="EvTeams")).status_code == 200
    assert [len(_named(shared, f"{team}/EvTeams")) for team in ("T1", "T2")] == [1, 1]


def test_what_a_command_causes_is_committed_when_the_answer_arrives(world: World) -> None:
    answer = world.slack.command(MEMBER, GENERAL, "/jira", "create Printer is on fire")
    assert (answer.status, answer.trouble, answer.body["response_type"]) == (200, "", "ephemeral")
    [delivery], [row] = world.rows("deliveries"), world.rows("integrations")
    assert (delivery["service"], delivery["event"], delivery["status"]) == ("slack", "/jira", "completed")
    wanted = {"source_service": "slack", "target_service": "jira", "operation": "create_issue", "event_type": "/jira",
              "status": "pending", "delivery_id": delivery["id"], "attempts": 0, "error_message": None}  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted
    assert world.jira.calls_to("createIssue") == []


def test_what_a_submitted_form_causes_is_committed_when_the_answer_arrives(world: World) -> None:
    answer = to_slack(world, interaction(SUBMISSION), FORM)
    assert (answer.status_code, answer.json()["response_action"]) == (200, "update")
    [delivery], [row] = world.rows("deliveries"), world.rows("integrations")
    assert (delivery["event"], delivery["status"]) == ("view_submission", "completed")
    assert (row["operation"], row["status"], row["delivery_id"]) == ("create_issue", "pending", delivery["id"])
    payload = json.loads(row["payload"])
    assert (payload["project"], payload["issue_type"], payload["summary"], payload["message"]) == (
        "OPS", "Task", "Printer is on fire", {"text": "", "blocks": [BURNS]},
    )  # fmt: skip
    assert world.jira.calls == []


@pytest.mark.parametrize("body", [command("create Once"), interaction(SUBMISSION)], ids=["command", "form"])
def test_what_a_person_sent_twenty_times_at_once_is_done_once(world: World, body: bytes) -> None:
    assert at_once(20, lambda: to_slack(world, body, FORM).status_code) == [200] * 20
    assert stored(world) == (1, 1)
    world.settle()
    assert len(world.jira.issues) == 1


def test_a_command_that_asks_for_nothing_leaves_no_row(shared: World) -> None:
    before = stored(shared)
    answer = to_slack(shared, command("help"), FORM)
    assert (answer.status_code, answer.json()["response_type"]) == (200, "ephemeral")
    assert stored(shared) == before


# --- what else Slack sends -------------------------------------------------------------------------------------------


def test_slacks_own_questions_are_answered_and_leave_nothing(shared: World) -> None:
    before = stored(shared)
    challenge = to_slack(shared, b'{"type":"url_verification","challenge":"3eZbrw1a","token":"t"}')
    assert (challenge.status_code, challenge.json()) == (200, {"challenge": "3eZbrw1a"})
    check = to_slack(shared, form(ssl_check="1", token="t"), FORM)
    assert (check.status_code, check.content) == (200, b"")
    limited = to_slack(shared, b'{"type":"app_rate_limited","team_id":"T1","minute_rate_limited":1}')
    assert (limited.status_code, limited.content) == (200, b"")
    assert stored(shared) == before


@pytest.mark.parametrize(
    "body",
    [
        command("", command="/unknown"), interaction(CLICK), interaction(CLOSED), interaction({"type": "new_in_2030"}),
        interaction(SUBMISSION | {"view": {**SUBMISSION["view"], "callback_id": "gone"}}),
        interaction(SHORTCUT | {"callback_id": "gone"}),
        interaction(SHORTCUT | {"type": "shortcut", "callback_id": ""}),
        interaction(OPTIONS | {"action_id": "gone"}),
    ],
    ids=["command", "action", "closed", "type", "view", "message shortcut", "global shortcut", "options"],
)  # fmt: skip
def test_what_nobody_listens_to_any_more_is_answered_with_200(shared: World, body: bytes) -> None:
    before = stored(shared)
    answer = to_slack(shared, body, FORM)
    assert (answer.status_code, answer.content) == (200, b"")
    assert stored(shared) == before


def test_other_methods_and_addresses_are_refused_in_the_usual_shape(shared: World) -> None:
    for path in ("/slack/events", "/slack", "/slack/events/"):
        answer = shared.call("GET", path)
        error = answer.json()["error"]
        expected = (405, "method_not_allowed") if path == "/slack/events" else (404, "not_found")
        assert (answer.status_code, error["code"], answer.json()["success"]) == (*expected, False)


def test_a_message_that_slack_sends_about_itself_is_logged_with_its_type(
    shared: World, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        to_slack(shared, b'{"type":"app_rate_limited","team_id":"T1"}')
    assert "Slack says: app_rate_limited" in caplog.text
