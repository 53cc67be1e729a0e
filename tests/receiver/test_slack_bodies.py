"""Bodies at `POST /slack/events`: what cannot be read, is too large or has wrong types is never answered by a 5xx."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox.slack import GENERAL, MEMBER
from tests.receiver.doors import (
    FORM,
    JSON,
    chunks,
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
from tests.receiver.slack_requests import CLICK, CLOSED, MESSAGE, OPTIONS, SHORTCUT, STEP, SUBMISSION
from tests.renderers.hostile import places, replaced
from tests.world import World

MIB = 1024 * 1024
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
