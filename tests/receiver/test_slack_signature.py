"""The signature at `POST /slack/events`: it is verified before anything is read, and without it nothing is left."""

from collections.abc import Callable

import pytest

from tests.receiver.doors import (
    FORM,
    JSON,
    client,
    command,
    event,
    form,
    interaction,
    post,
    refused,
    slack_headers,
    stored,
)
from tests.receiver.slack_requests import CLICK, MESSAGE
from tests.world import SECRETS, World

BODIES = {"event": (event(MESSAGE), JSON), "command": (command("help"), FORM), "form": (interaction(CLICK), FORM)}

each_form = pytest.mark.parametrize(("body", "kind"), list(BODIES.values()), ids=list(BODIES))


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
