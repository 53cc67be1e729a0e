"""Slack's signed requests: what is taken, what is refused, and how an event becomes a `Webhook`."""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.webhook import Request, parse, verify
from adapters.webhook import BadSignature, Malformed, Webhook

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "slack"
NOW = 1_700_000_000.0
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

# Slack's published example: https://docs.slack.dev/authentication/verifying-requests-from-slack
VECTOR_BODY = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
    b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)
VECTOR_HEADERS = {
    "X-Slack-Request-Timestamp": "1531420618",
    "X-Slack-Signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    "Content-Type": FORM,
}


def signed(body: bytes, content_type: str = JSON, *, at: float = NOW, secret: str = SECRET) -> dict[str, str]:
    timestamp = str(int(at))
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": f"v0={digest}",
    }


def take(body: bytes, content_type: str = JSON) -> Request:
    return parse(signed(body, content_type), body, [SECRET], NOW)


def event(inner: Any, **envelope: Any) -> bytes:
    base: dict[str, Any] = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": inner}
    return json.dumps(base | envelope).encode()


def webhook(body: bytes) -> tuple[str, str, str, str]:
    found = take(body).webhook
    assert found is not None
    return found.delivery_id, found.event, found.resource, found.container


def test_slacks_published_example_is_a_command() -> None:
    request = parse(VECTOR_HEADERS, VECTOR_BODY, [SECRET], 1531420618.0)

    assert request == Request(
        kind="command",
        payload={
            "token": "xyzz0WbapA4vBCDEFasx0q6G",
            "team_id": "T1DC2JH3J",
            "team_domain": "testteamnow",
            "channel_id": "G8PSS9T3V",
            "channel_name": "foobar",
            "user_id": "U2CERLKJA",
            "user_name": "roadrunner",
            "command": "/webhook-collect",
            "text": "",
            "response_url": "https://hooks.slack.com/commands/T1DC2JH3J/397700885554/96rGlfmibIGlgcZRskXaIFfN",
            "trigger_id": "398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
        },
        webhook=None,
        dedupe="398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
    )


def test_any_of_several_secrets_verifies() -> None:
    verify(VECTOR_HEADERS, VECTOR_BODY, ["next", SECRET], 1531420618.0)


@pytest.mark.parametrize("seconds", [-300, 300])
def test_five_minutes_of_clock_difference_are_borne(seconds: int) -> None:
    verify(VECTOR_HEADERS, VECTOR_BODY, [SECRET], 1531420618.0 + seconds)


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_signature_older_or_newer_than_five_minutes_is_refused(seconds: int) -> None:
    with pytest.raises(BadSignature, match="too old"):
        verify(VECTOR_HEADERS, VECTOR_BODY, [SECRET], 1531420618.0 + seconds)


def test_an_empty_secret_verifies_nothing() -> None:
    body = b"{}"
    for secrets in ([], [""], ["", ""]):
        with pytest.raises(BadSignature):
            verify(signed(body, secret=""), body, secrets, NOW)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0="},
        {"X-Slack-Signature": "v0=ü" + "0" * 63},
        {"X-Slack-Signature": "v1=" + "0" * 64},
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "soon"},
        {"X-Slack-Request-Timestamp": "1531420618.5"},
        {"X-Slack-Request-Timestamp": "-1531420618"},
        {"X-Slack-Request-Timestamp": "١٥٣١٤٢٠٦١٨"},
        {"X-Slack-Request-Timestamp": "9" * 5000},
        {"X-Slack-Request-Timestamp": "1531420618\n"},
    ],
)
def test_junk_in_the_headers_is_a_bad_signature_and_nothing_worse(headers: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        verify(VECTOR_HEADERS | headers if headers else {}, VECTOR_BODY, [SECRET], 1531420618.0)


@given(body=st.binary(max_size=200), timestamp=st.text(max_size=20), signature=st.text(max_size=80))
def test_no_unsigned_input_gets_past_the_signature(body: bytes, timestamp: str, signature: str) -> None:
    headers = {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}
    with pytest.raises(BadSignature):
        parse(headers, body, [SECRET], NOW)


@given(body=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_whatever_is_signed_is_read_or_malformed(body: bytes) -> None:
    for content_type in (JSON, FORM, "text/plain"):
        try:
            take(body, content_type)
        except Malformed:
            continue


def test_headers_are_found_in_any_case() -> None:
    body = b'{"type": "url_verification", "challenge": "x"}'
    headers = {name.lower(): value for name, value in signed(body, "application/json; charset=utf-8").items()}
    expected = Request("url_verification", {"type": "url_verification", "challenge": "x"}, None, "")
    assert parse(headers, body, [SECRET], NOW) == expected


def test_an_event_becomes_a_webhook() -> None:
    body = event({"type": "app_mention", "channel": "C1", "ts": "1.2"})
    payload = json.loads(body)
    assert take(body) == Request(
        "event", payload, Webhook("slack", "T1/Ev1", "app_mention", "T1/C1/1.2", "T1/C1", payload), "T1/Ev1"
    )


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ({"type": "message", "channel": "C1", "ts": "2.0", "thread_ts": "1.0"}, ("message", "T1/C1/1.0", "T1/C1")),
        (
            {
                "type": "message",
                "subtype": "message_changed",
                "channel": "C1",
                "ts": "9.0",
                "message": {"ts": "2.0", "thread_ts": "1.0"},
            },
            ("message.message_changed", "T1/C1/1.0", "T1/C1"),
        ),
        (
            {"type": "message", "subtype": "message_deleted", "channel": "C1", "ts": "9.0", "deleted_ts": "2.0"},
            ("message.message_deleted", "T1/C1/2.0", "T1/C1"),
        ),
        (
            {"type": "reaction_added", "item": {"type": "message", "channel": "C1", "ts": "2.0"}},
            ("reaction_added", "T1/C1/2.0", "T1/C1"),
        ),
        ({"type": "link_shared", "channel": "C1", "message_ts": "2.0"}, ("link_shared", "T1/C1/2.0", "T1/C1")),
        ({"type": "channel_rename", "channel": {"id": "C1", "name": "x"}}, ("channel_rename", "", "T1/C1")),
        ({"type": "app_home_opened", "channel": "D1"}, ("app_home_opened", "", "T1/D1")),
        ({"type": "function_executed"}, ("function_executed", "", "")),
    ],
)
def test_an_event_names_the_thread_it_speaks_of(inner: dict[str, Any], expected: tuple[str, str, str]) -> None:
    assert webhook(event(inner))[1:] == expected


def test_in_a_shared_channel_the_workspace_is_the_one_connect_is_installed_in() -> None:
    inner = {"type": "message", "channel": "C1", "ts": "1.0"}
    body = event(inner, team_id="T_OTHER", authorizations=[{"team_id": "T1", "is_bot": True}])
    assert webhook(body) == ("T1/Ev1", "message", "T1/C1/1.0", "T1/C1")


def test_an_event_without_an_id_is_known_by_its_bytes() -> None:
    body = event({"type": "message"}, event_id=None)
    assert webhook(body)[0] == "T1/sha256-" + hashlib.sha256(body).hexdigest()


@pytest.mark.parametrize(
    "body",
    [
        event(None),
        event({}),
        event([]),
        event("message"),
        event({"type": 7}),
        event({"type": ["message"]}),
        event({"type": "message", "channel": 5}),
        event({"type": "message", "channel": {"name": "no id"}}),
        event({"type": "message", "channel": "C1", "ts": 1.5}),
        event({"type": "message", "channel": "C 1", "ts": "1.5"}),
        event({"type": "message", "channel": "C1\ud800"}),
        event({"type": "message", "message": "text"}),
        event({"type": "message"}, event_id=5),
        event({"type": "message"}, event_id="E" * 161),
        event({"type": "message"}, team_id=None),
        event({"type": "message"}, authorizations=["T1"]),
        b'{"type": "url_verification"}',
        b'{"type": "url_verification", "challenge": 5}',
        b'{"type": "something_new"}',
        b"{}",
        b"null",
        b"[1]",
        b'"x"',
        b"",
        b"{bad",
        b"\xff\xfe",
        b"[" * 200_000,
        b'{"type": ' + b"9" * 5000 + b"}",
        b'{"type": NaN}',
    ],
    ids=lambda body: repr(body[:60]),
)
def test_a_signed_body_of_the_wrong_shape_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        take(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"text=hello",
        b"ssl_check=0",
        b"payload={bad",
        b"payload=[1]",
        b"payload={}",
        b"payload=%7B%22type%22%3A5%7D",
        b"payload=%7B%22type%22%3A%22shortcut%22%7D&payload=%7B%22type%22%3A%22shortcut%22%7D",
        b"command=%2Fa&command=%2Fb",
        b"command=%2Fa&text=%ff%fe",
        b"command=\xff",
        b"payload=%7B%22type%22%3A%22shortcut%22%2C%22trigger_id%22%3A5%7D",
        b"command",
        b"&".join(b"a%d=1" % number for number in range(200)),
    ],
    ids=lambda body: repr(body[:60]),
)
def test_a_signed_form_of_the_wrong_shape_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        take(body, FORM)


def test_a_body_that_is_neither_json_nor_a_form_is_malformed() -> None:
    with pytest.raises(Malformed, match="neither JSON nor a form"):
        take(b"{}", "multipart/form-data; boundary=x")


def test_an_interaction_without_a_trigger_is_known_by_its_bytes() -> None:
    body = b"payload=%7B%22type%22%3A%22view_closed%22%7D"
    assert take(body, FORM) == Request(
        "interactive", {"type": "view_closed"}, None, "sha256-" + hashlib.sha256(body).hexdigest()
    )


def corpus(pattern: str) -> list[Path]:
    return sorted(path for path in CORPUS.glob(pattern) if "shape" not in path.parts and "inner" not in path.parts)


def needs_corpus() -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real payloads is not beside the checkout")


def test_every_event_of_the_corpus_is_read() -> None:
    needs_corpus()
    kinds = {"url_verification": "url_verification", "app_rate_limited": "notice"}
    for path in corpus("events*/*.json"):
        payload = json.loads(path.read_bytes())
        request = take(path.read_bytes())
        assert request.kind == kinds.get(payload["type"], "event"), path.name
        if request.webhook is not None:
            inner = payload["event"]
            subtype = f".{inner['subtype']}" if "subtype" in inner else ""
            assert request.webhook.event == inner["type"] + subtype, path.name
            assert request.webhook.delivery_id.startswith(("T", "E", "INSTALLED")), path.name


def test_every_interaction_and_command_of_the_corpus_is_read() -> None:
    needs_corpus()
    for path in corpus("interactivity/*.json"):
        text = "".join(f"%{byte:02x}" for byte in path.read_bytes())
        request = take(b"payload=" + text.encode(), FORM)
        assert (request.kind, request.payload) == ("interactive", json.loads(path.read_bytes())), path.name
    for path in corpus("slash-commands*/*.form"):
        body = path.read_bytes().strip()
        assert take(body, FORM).kind == ("ssl_check" if path.stem == "ssl_check" else "command"), path.name
