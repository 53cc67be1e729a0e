"""The Slack client over HTTP against the stand-in: what it makes of every way a call can go wrong."""

import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from adapters.errors import AdapterError, Invalid, NotFound, OutcomeUnknown, Rejected, Unauthorized, Unavailable
from adapters.slack.client import Posted, SlackClient
from sandbox.slack import DEV, HIDDEN, OLD, OUTSIDE, SlackStandIn
from tests.adapters import slack_cases
from tests.adapters.slack_cases import BLOCKS, MODAL, TOKEN, described, read, write

slack = slack_cases.slack
client = slack_cases.client


# --- the connection --------------------------------------------------------------------------------------------------


class KeptAlive(BaseHTTPRequestHandler):
    """A server that keeps connections open, which the stand-in's cannot, and notes where requests come from."""

    protocol_version = "HTTP/1.1"
    peers: ClassVar[list[int]] = []

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.peers.append(self.client_address[1])
        body = b'{"ok": true, "channel": "C1", "ts": "1.0"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name that http.server gives it)
        pass


def test_ten_calls_use_one_connection() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), KeptAlive) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        client = SlackClient(TOKEN, f"http://127.0.0.1:{server.server_port}/api/", timeout=5)
        for _ in range(10):
            write(client)
        server.shutdown()
    assert (len(KeptAlive.peers), len(set(KeptAlive.peers))) == (10, 1)


def test_a_lost_answer_leaves_one_message_and_is_found_again(slack: SlackStandIn, client: SlackClient) -> None:
    slack.fault("chat.postMessage", kind="reset", after=True)
    since = slack.now()
    with pytest.raises(OutcomeUnknown):
        client.post_message(DEV, "hello", [], marker="ct_1")
    [message] = slack.history(DEV)
    assert len(slack.calls_to("chat.postMessage")) == 1
    assert client.find_message(DEV, "ct_1", since=since) == Posted(DEV, message["ts"])


def html(status: int) -> dict[str, Any]:
    return {"status": status, "body": "<html>proxy</html>"}


LOST: dict[str, dict[str, Any]] = {
    "reset": {"kind": "reset"},
    "reset after": {"kind": "reset", "after": True},
    "half": {"kind": "half", "after": True},
    "drip": {"kind": "drip", "after": True, "seconds": 0.05},
    "hang": {"kind": "hang", "after": True, "seconds": 0.6},
    "500": {"status": 500},
    "500 after": {"status": 500, "after": True},
    "502 of a proxy": html(502),
    "200 of a proxy": html(200),
    "404 of a proxy": html(404),
    "a list": {"status": 200, "body": [1]},
    "nothing": {"status": 200, "body": ""},
    "ok without anything": {"status": 200, "body": {"ok": True}},
} | {
    code: {"status": 200, "body": {"ok": False, "error": code}}
    for code in ("internal_error", "fatal_error", "request_timeout", "service_unavailable")
}


@pytest.mark.parametrize("fault", LOST.values(), ids=LOST)
def test_without_a_readable_answer_a_write_is_unknown_and_a_read_unavailable(
    slack: SlackStandIn, fault: dict[str, Any]
) -> None:
    client = SlackClient(TOKEN, slack.api_url, timeout=0.3)
    outcomes: list[tuple[type[AdapterError], int]] = []
    for call, method in ((write, "chat.postMessage"), (read, "users.info")):
        slack.fault(method, **fault)
        with pytest.raises(AdapterError) as caught:
            call(client)
        outcomes.append((type(caught.value), len(slack.calls_to(method))))
    assert outcomes == [(OutcomeUnknown, 1), (Unavailable, 1)]


def test_a_refused_connection_means_that_nothing_was_sent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        client = SlackClient(TOKEN, f"http://127.0.0.1:{taken.getsockname()[1]}/api/", timeout=1)
        for call in (write, read):
            with pytest.raises(Unavailable, match="No connection to Slack could be made"):
                call(client)


def test_an_unknown_host_means_that_nothing_was_sent() -> None:
    client = SlackClient(TOKEN, "http://slack.invalid/api/", timeout=1)
    with pytest.raises(Unavailable):
        write(client)


@pytest.mark.parametrize(
    ("status", "headers", "body", "expected"),
    [
        (429, {"Retry-After": "30"}, {"ok": False, "error": "ratelimited"}, 30.0),
        (429, {"retry-after": "1.5"}, "", 1.5),
        (429, {}, "<html>", None),
        (429, {"Retry-After": "4"}, "[1]", 4.0),
        (429, {"Retry-After": "soon"}, "", None),
        (200, {"Retry-After": "7"}, {"ok": False, "error": "ratelimited"}, 7.0),
        (200, {}, {"ok": False, "error": "rate_limited"}, None),
    ],
)
def test_a_rate_limit_is_a_sure_no_with_a_time(
    slack: SlackStandIn, client: SlackClient, status: int, headers: dict[str, str], body: Any, expected: float | None
) -> None:
    slack.fault("chat.postMessage", status=status, headers=headers, body=body)
    with pytest.raises(Unavailable) as caught:
        write(client)
    assert (caught.value.retry_after, slack.history(DEV)) == (expected, [])


def test_a_rate_limit_may_name_a_date(slack: SlackStandIn, client: SlackClient) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    slack.fault("users.info", status=429, headers={"Retry-After": later})
    with pytest.raises(Unavailable) as caught:
        read(client)
    assert caught.value.retry_after == pytest.approx(60, abs=5)


# --- refusals --------------------------------------------------------------------------------------------------------


REFUSALS: list[tuple[Callable[[SlackClient], object], type[AdapterError], str, str]] = [
    (
        lambda client: client.post_message(HIDDEN, "hello", []),
        NotFound,
        "channel_not_found",
        "Slack says the channel does not exist or connect cannot see it.",
    ),
    (
        lambda client: client.post_message(OLD, "hello", []),
        Rejected,
        "is_archived",
        "Slack says the channel is archived.",
    ),
    (
        lambda client: client.post_message(OUTSIDE, "hello", []),
        Rejected,
        "not_in_channel",
        "Slack says connect is not in the channel: type `/invite @connect` there, and try again.",
    ),
    (
        lambda client: client.post_message(DEV, "x" * 40_001, []),
        Invalid,
        "msg_too_long",
        "Slack says the message is too long.",
    ),
    (
        lambda client: client.post_message(DEV, "hello", [{"type": "header"}]),
        Invalid,
        "invalid_blocks",
        "Slack refused the call (invalid_blocks). /blocks/0: missing required field: text.",
    ),
    (
        lambda client: client.user("U_NOBODY"),
        NotFound,
        "user_not_found",
        "Slack says there is nobody of that name: type @ and choose the person from the list.",
    ),
    (
        lambda client: client.update_message(DEV, "1.000000", "hello", []),
        NotFound,
        "message_not_found",
        "Slack says the message does not exist.",
    ),
    (
        lambda client: client.open_view("1.2.3", MODAL),
        Rejected,
        "invalid_trigger_id",
        "Slack refused the call (invalid_trigger_id).",
    ),
    (
        lambda client: client.complete_step("", {}),
        Invalid,
        "invalid_arguments",
        "Slack refused the call (invalid_arguments). : missing required field: function_execution_id.",
    ),
]


@pytest.mark.parametrize(("call", "error", "code", "sentence"), REFUSALS)
def test_a_refusal_says_what_to_do(
    client: SlackClient, call: Callable[[SlackClient], object], error: type[AdapterError], code: str, sentence: str
) -> None:
    with pytest.raises(AdapterError) as caught:
        call(client)
    assert described(caught.value) == (error, code, sentence)


def test_an_invalid_message_names_its_places(client: SlackClient) -> None:
    with pytest.raises(Invalid) as caught:
        client.post_message(DEV, "hello", [BLOCKS[0], {"type": "actions", "elements": []}])
    assert caught.value.fields == {"/blocks/1/elements": "no fewer than 1 items allowed"}


@pytest.mark.parametrize(
    "code", ["not_authed", "token_revoked", "token_expired", "account_inactive", "invalid_auth", "missing_scope"]
)
def test_refused_credentials_are_told_apart_from_refused_calls(
    slack: SlackStandIn, client: SlackClient, code: str
) -> None:
    slack.fault("chat.postMessage", status=200, body={"ok": False, "error": code})
    with pytest.raises(Unauthorized) as caught:
        write(client)
    assert caught.value.code == code


def test_no_error_shows_the_token(slack: SlackStandIn) -> None:
    stranger = SlackClient("xoxb-wrong-token", slack.api_url, timeout=1)
    with pytest.raises(Unauthorized) as caught:
        write(stranger)
    assert described(caught.value) == (
        Unauthorized,
        "invalid_auth",
        "Slack says connect's token is not valid.",
    )
    assert "xoxb" not in repr(caught.value) + repr(caught.value.__cause__) + repr(vars(caught.value)) + repr(stranger)
