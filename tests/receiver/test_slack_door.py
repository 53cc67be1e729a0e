"""`POST /slack/events`: verified before anything is read, stored before it is answered, never a 5xx for junk."""

import json
import logging
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from sandbox.slack import GENERAL, MEMBER
from tests.receiver.doors import (
    FORM,
    JSON,
    at_once,
    chunks,
    client,
    command,
    event,
    form,
    interaction,
    post,
    refused,
    slack_headers,
    stored,
    to_slack,
)
from tests.renderers.hostile import places, replaced
from tests.world import SECRETS, World

MIB = 1024 * 1024
MESSAGE = {"type": "message", "channel": "C0DEV00001", "user": "U0DEV00001", "ts": "1700000000.000100", "text": "hi"}
TEAM = {"id": "T0DEV00001", "domain": "sandbox"}
PERSON = {"id": "U0DEV00001", "name": "mia", "team_id": "T0DEV00001"}
VALUES = {
    "project": {"project": {"selected_option": {"value": "OPS"}}},
    "issue_type": {"issue_type": {"selected_option": {"value": "Task"}}},
    "summary": {"summary": {"value": "Printer is on fire"}},
    "description": {"description": {"value": "It burns."}},
}
SUBMISSION: dict[str, Any] = {
    "type": "view_submission", "team": TEAM, "user": PERSON, "trigger_id": "1.2.view", "response_urls": [],
    "view": {
        "id": "V1", "type": "modal", "callback_id": "create_issue", "private_metadata": "{}",
        "state": {"values": VALUES},
    },
}  # fmt: skip
SHORTCUT: dict[str, Any] = {
    "type": "message_action", "callback_id": "create_issue_from_message", "team": TEAM, "user": PERSON,
    "channel": {"id": "C0DEV00001"}, "trigger_id": "1.2.shortcut", "message": {**MESSAGE, "blocks": []},
    "message_ts": "1700000000.000100",
}  # fmt: skip
CLICK: dict[str, Any] = {
    "type": "block_actions", "team": TEAM, "user": PERSON, "channel": {"id": "C0DEV00001"}, "trigger_id": "1.2.click",
    "container": {"type": "message"}, "message": MESSAGE,
    "actions": [{"action_id": "gone", "block_id": "b", "type": "button", "value": "v"}],
}  # fmt: skip
OPTIONS: dict[str, Any] = {
    "type": "block_suggestion", "action_id": "issue_type", "block_id": "issue_type", "value": "b", "team": TEAM,
    "user": PERSON, "view": {"id": "V1", "state": {"values": VALUES}},
}  # fmt: skip
CLOSED: dict[str, Any] = {"type": "view_closed", "team": TEAM, "user": PERSON, "view": SUBMISSION["view"]}
BODIES = {"event": (event(MESSAGE), JSON), "command": (command("help"), FORM), "form": (interaction(CLICK), FORM)}

each_form = pytest.mark.parametrize(("body", "kind"), list(BODIES.values()), ids=list(BODIES))


# --- the signature ---------------------------------------------------------------------------------------------------


def _wrong_signatures() -> dict[str, Callable[[World, bytes], dict[str, str]]]:
    def with_good(**changed: str) -> Callable[[World, bytes], dict[str, str]]:
        names = {"timestamp": "X-Slack-Request-Timestamp", "signature": "X-Slack-Signature"}
        return lambda world, body: slack_headers(world, body) | {names[key]: value for key, value in changed.items()}

    return {
        "unsigned": lambda _, __: {},
        "another secret": lambda world, body: slack_headers(world, body, secret="guessed"),
        "the empty secret": lambda world, body: slack_headers(world, body, secret=""),
        "another body": lambda world, body: slack_headers(world, body + b" "),
        "five minutes old": lambda world, body: slack_headers(world, body, skew=-305),
        "five minutes early": lambda world, body: slack_headers(world, body, skew=305),
        "another time": with_good(timestamp="1700000000"),
        "no time": with_good(timestamp=""),
        "a time in words": with_good(timestamp="now"),
        "a time of 5000 digits": with_good(timestamp="9" * 5000),
        "a time in bytes": with_good(timestamp="17\xb2"),
        "no signature": with_good(signature=""),
        "half a signature": with_good(signature="v0="),
        "a signature in bytes": with_good(signature="v0=\xfc\xff" + "0" * 62),
        "another version": with_good(signature="v1=" + "0" * 64),
        "github's signature": with_good(signature="sha256=" + "0" * 64),
    }


@each_form
def test_what_slack_did_not_sign_is_refused_and_leaves_nothing(shared: World, body: bytes, kind: str) -> None:
    before = stored(shared)
    for name, headers in _wrong_signatures().items():
        answer = post(shared, "/slack/events", body, {"Content-Type": kind} | headers(shared, body))
        error = answer.json()["error"]
        assert (answer.status_code, answer.json(), error["code"]) == (
            401, {"success": False, "error": error}, "bad_signature",
        ), name  # fmt: skip
    assert stored(shared) == before


def test_clocks_may_differ_by_nearly_five_minutes(shared: World) -> None:
    body = form(ssl_check="1")
    for skew in (-295, 295):
        headers = {"Content-Type": FORM} | slack_headers(shared, body, skew=skew)
        assert post(shared, "/slack/events", body, headers).status_code == 200


def test_a_secret_is_rotated_by_a_comma_list(shared: World) -> None:
    door, body = client(shared, slack_signing_secret=" next , slack-secret "), form(ssl_check="1")
    statuses = {
        secret: door.post(
            "/slack/events", data=body, content_type=FORM, headers=slack_headers(shared, body, secret=secret)
        ).status_code
        for secret in ("next", SECRETS["slack"], "former", "", " next , slack-secret ")
    }
    assert statuses == {"next": 200, SECRETS["slack"]: 200, "former": 401, "": 401, " next , slack-secret ": 401}


@pytest.mark.parametrize("secret", ["", ",", " , "])
@each_form
def test_an_empty_secret_verifies_nothing_and_is_named(shared: World, secret: str, body: bytes, kind: str) -> None:
    before, door = stored(shared), client(shared, slack_signing_secret=secret)
    for key in ("", secret):
        answer = door.post(
            "/slack/events", data=body, content_type=kind, headers=slack_headers(shared, body, secret=key)
        )
        assert (answer.status_code, answer.json) == (
            503, refused("service_off", "slack is off: SLACK_SIGNING_SECRET is not set"),
        )  # fmt: skip
    assert stored(shared) == before


def test_without_a_token_the_door_says_which_variable_is_missing(shared: World) -> None:
    body = event(MESSAGE)
    answer = client(shared, slack_bot_token="").post(
        "/slack/events", data=body, content_type=JSON, headers=slack_headers(shared, body)
    )
    assert (answer.status_code, answer.json) == (
        503,
        refused("service_off", "slack is off: SLACK_BOT_TOKEN is not set"),
    )


# --- bodies ----------------------------------------------------------------------------------------------------------

DEEP = b"[" * 200_000
UNREADABLE = {
    "nothing": b"", "not JSON": b"{bad", "null": b"null", "a list": b"[1]", "a string": b'"x"', "a number": b"5",
    "an empty object": b"{}", "deep": DEEP, "deep inside": b'{"type":"event_callback","event":' + DEEP,
    "a huge integer": b'{"type":' + b"9" * 5000 + b"}", "NaN": b'{"type":"event_callback","event":NaN}',
    "bad UTF-8": b'{"type":"\xff\xfe"}', "UTF-16 without a mark": '{"type":"x"}'.encode("utf-16-le")[1:],
    "another type": b'{"type":"something_new"}', "no event": b'{"type":"event_callback","team_id":"T1"}',
    "no team": b'{"type":"event_callback","event":{"type":"message"}}',
    "a lone surrogate": event({"type": "message", "channel": "C\ud800"}),
    "an id with a line break": event(MESSAGE, event_id="E\nforged"), "an id of 161": event(MESSAGE, event_id="E" * 161),
    "an id that is no text": event(MESSAGE, event_id=5),
    "an id with half a character": event(MESSAGE, event_id="E\ud800"),
    "no challenge": b'{"type":"url_verification"}',
}  # fmt: skip
UNREADABLE_FORMS = {
    "nothing": b"", "neither": b"text=hello", "not JSON": b"payload={bad", "a list": form(payload="[1]"),
    "null": form(payload="null"), "a string": form(payload='"x"'), "no type": form(payload="{}"),
    "deep": form(payload="[" * 200_000), "a huge integer": form(payload='{"type":%s}' % ("9" * 5000)),
    "NaN": form(payload='{"type":"shortcut","x":NaN}'), "bad UTF-8": b"payload=%ff%fe", "raw bytes": b"command=\xff",
    "payload twice": form(payload='{"type":"shortcut"}') + b"&" + form(payload='{"type":"shortcut"}'),
    "command twice": b"command=%2Fjira&command=%2Fgithub", "many fields": b"&".join(b"a%d=1" % n for n in range(5000)),
    "an event in a form": interaction({"type": "event_callback", "event": MESSAGE, "team_id": "T0DEV00001"}),
    "a trigger that is no text": interaction({"type": "shortcut", "trigger_id": 5}),
    "a trigger with half a character": interaction({"type": "shortcut", "trigger_id": "\ud800"}),
}  # fmt: skip


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        *[pytest.param(body, JSON, id=f"JSON: {name}") for name, body in UNREADABLE.items()],
        *[pytest.param(body, FORM, id=f"form: {name}") for name, body in UNREADABLE_FORMS.items()],
        pytest.param(event(MESSAGE), "text/plain", id="another type of content"),
        pytest.param(b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x", id="multipart"),
    ],
)
def test_a_signed_body_that_cannot_be_read_is_a_400_and_leaves_nothing(shared: World, body: bytes, kind: str) -> None:
    before = stored(shared)
    answer = to_slack(shared, body, kind)
    message = answer.json()["error"]["message"]
    assert (answer.status_code, answer.json()) == (400, refused("malformed", message))
    assert "Traceback" not in answer.text
    assert stored(shared) == before


@pytest.mark.parametrize("kind", [JSON, FORM])
def test_a_body_past_a_mebibyte_is_a_413_chunked_or_not(shared: World, kind: str) -> None:
    before, large, fits = stored(shared), b"x" * (MIB + 1), b"x" * MIB
    expected = refused("request_entity_too_large", "The data value transmitted exceeds the capacity limit.")
    for sent in (large, chunks(large)):
        headers = {"Content-Type": kind} | slack_headers(shared, large)
        answer = post(shared, "/slack/events", sent, headers)
        assert (answer.status_code, answer.json()) == (413, expected)
    assert to_slack(shared, fits, kind).status_code == 400
    assert stored(shared) == before


def test_a_chunked_event_is_stored_like_any_other(shared: World) -> None:
    body = event(MESSAGE, event_id="EvChunked")
    headers = {"Content-Type": JSON} | slack_headers(shared, body)
    assert post(shared, "/slack/events", chunks(body), headers).status_code == 200
    assert [row["status"] for row in _named(shared, "T0DEV00001/EvChunked")] == ["pending"]


JUNK: tuple[Any, ...] = (None, 5, "x", [], {"a": 1})


def _spoiled(payload: dict[str, Any]) -> list[Any]:
    """The payload with each of its values in turn replaced by junk, or left out."""
    places_in = [at for at, _ in places(payload)]
    return [replaced(payload, at, junk) for at in places_in for junk in JUNK] + [
        {key: value for key, value in payload.items() if key != left_out} for left_out in payload
    ]


@pytest.mark.parametrize("payload", [SUBMISSION, SHORTCUT, CLICK, OPTIONS, CLOSED], ids=lambda payload: payload["type"])
def test_an_interaction_with_wrong_types_is_answered_or_refused(shared: World, payload: dict[str, Any]) -> None:
    # Every second one, for the time it takes; five kinds of junk in turn, so that each place gets some.
    statuses = [to_slack(shared, interaction(spoiled), FORM).status_code for spoiled in _spoiled(payload)[::2]]
    assert set(statuses) <= {200, 400}
    assert 200 in statuses


def test_a_command_with_fields_of_other_requests_is_answered_or_refused(shared: World) -> None:
    foreign = ("authorizations", "team", "user", "channel", "event", "view", "actions", "enterprise", "message")
    kinds = ("", "event_callback", "view_submission", "block_actions", "interactive_message")
    for kind in kinds:
        bodies = [command("help", type=kind, **{name: "type", "callback_id": "c"}) for name in foreign]
        assert {to_slack(shared, body, FORM).status_code for body in bodies} <= {200, 400}
    empty = ("team_id", "user_id", "channel_id", "trigger_id", "api_app_id")
    assert [to_slack(shared, command("create x", **{name: ""}), FORM).status_code for name in empty] == [200] * 5


def test_an_event_with_wrong_types_is_refused_or_stored_and_never_stops_the_worker(sqlite_world: World) -> None:
    world = sqlite_world
    reply: dict[str, Any] = {**MESSAGE, "thread_ts": "1.0", "message": {}}
    mention: dict[str, Any] = {
        **MESSAGE,
        "type": "app_mention",
        "text": "<@U0DEVBOT01> create x",
        "blocks": [{"type": "rich_text"}],
    }
    people = [{"team_id": "T0DEV00001", "user_id": "U0DEVBOT01", "is_bot": True}]
    statuses: set[int] = set()
    for inner in (reply, mention, STEP):
        whole: dict[str, Any] = {"event": inner, "authorizations": people, "is_ext_shared_channel": True}
        for number, spoiled in enumerate(_spoiled(whole)[::4]):
            body = event(**{"inner": None, "event_id": f"{inner['type']}{number}"} | spoiled)
            # Each in a thread of its own: what breaks is tried again, and holds up what comes after it.
            body = body.replace(b"1700000000.000100", b"17%08d.000100" % number)
            statuses.add(to_slack(world, body).status_code)
    assert statuses == {200, 400}
    for _ in range(12):
        world.clock.offset += timedelta(minutes=2)
        world.settle(20_000)
    assert world.rows("deliveries", "&status=pending") == []
    world.slack.say(MEMBER, GENERAL, "<@U0DEVBOT01> create task in OPS: still alive")
    world.settle(20_000)
    assert "still alive" in [issue.summary for issue in world.jira.issues.values()]


# --- what is stored before the answer --------------------------------------------------------------------------------


def _named(world: World, delivery_id: str) -> list[dict[str, Any]]:
    return world.rows("deliveries", f"&delivery_id={quote(delivery_id)}")


STEP = {
    "type": "function_executed", "function": {"callback_id": "create_jira_issue"}, "inputs": {"summary": "x"},
    "function_execution_id": "Fx1", "bot_access_token": "xwfp-secret",
}  # fmt: skip


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
    assert (payload["project"], payload["issue_type"], payload["summary"], payload["text"]) == (
        "OPS", "Task", "Printer is on fire", "It burns.",
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


# --- when a listener breaks ------------------------------------------------------------------------------------------


def _boom(*_: Any, **__: Any) -> None:
    raise LookupError("a bug with a secret xoxb-in-it")


def _number(sentence: str) -> str:
    found = re.fullmatch(
        "Something went wrong here, and nothing was done. If it happens again, tell your admin the number (\\w{8}).",
        sentence,
    )
    assert found, sentence
    return found[1]


def test_a_command_whose_listener_breaks_is_answered_with_a_sentence_and_a_number(
    shared: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = stored(shared)
    monkeypatch.setattr("bot.listeners.commands.help_message", _boom)
    answer = to_slack(shared, command("help"), FORM)
    assert (answer.status_code, answer.json()["response_type"]) == (200, "ephemeral")
    assert "secret" not in answer.text
    assert _number(answer.json()["text"]) in caplog.text
    assert stored(shared) == before


def test_a_form_whose_listener_breaks_stays_open_with_a_sentence_and_nothing_is_done(
    shared: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored(shared)
    monkeypatch.setattr("bot.modals.create_issue.creating_view", _boom)
    answer = to_slack(shared, interaction(SUBMISSION | {"trigger_id": "1.2.broken"}), FORM)
    errors = answer.json()["errors"]
    assert (answer.status_code, answer.json()["response_action"], list(errors)) == (200, "errors", ["project"])
    _number(errors["project"])
    assert stored(shared) == before


def test_a_shortcut_whose_listener_breaks_tells_the_person(
    sqlite_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = sqlite_world
    ts = world.slack.say(MEMBER, GENERAL, "the printer is on fire")
    monkeypatch.setattr("bot.listeners.shortcuts.open_form", _boom)
    assert world.slack.message_shortcut(MEMBER, GENERAL, ts, "create_issue_from_message").status == 200
    world.settle()
    [told] = world.slack.ephemeral(MEMBER)
    _number(told["text"])


def test_an_event_whose_listener_breaks_is_tried_thrice_and_shown_failed(
    sqlite_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = sqlite_world
    monkeypatch.setattr("bot.listeners.events.Said", _boom)
    world.slack.say(MEMBER, GENERAL, "<@U0DEVBOT01> create x")
    for _ in range(8):
        world.advance(60)
    rows = world.rows("deliveries")
    assert [(row["event"], row["status"], row["attempts"]) for row in rows] == [
        ("message", "failed", 3), ("app_mention", "failed", 3),
    ]  # fmt: skip
    assert all("LookupError" in row["detail"] for row in rows)


def test_a_message_that_slack_sends_about_itself_is_logged_with_its_type(
    shared: World, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        to_slack(shared, b'{"type":"app_rate_limited","team_id":"T1"}')
    assert "Slack says: app_rate_limited" in caplog.text
