"""`POST /webhooks/github` and `/webhooks/jira`: verified before anything is read, stored before it is answered."""

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any, Literal

import pytest
import requests

from tests.receiver.doors import (
    FORM,
    JSON,
    Body,
    at_once,
    chunks,
    client,
    form,
    github_headers,
    post,
    refused,
    sha256,
    stored,
    to_github,
    to_jira,
)
from tests.renderers.hostile import places, replaced
from tests.renderers.pairs import FIXTURES
from tests.world import SECRETS, World

type Service = Literal["github", "jira"]

MIB = 1024 * 1024
LIMITS: dict[str, int] = {"github": 25 * MIB, "jira": MIB}
HEADER = {"github": "X-Hub-Signature-256", "jira": "X-Hub-Signature"}
BODIES: dict[str, bytes] = {
    "github": b'{"action":"opened","issue":{"number":7},"repository":{"full_name":"acme/web"}}',
    "jira": b'{"webhookEvent":"jira:issue_created","timestamp":1,"issue":{"key":"OPS-7"}}',
}
both = pytest.mark.parametrize("service", ["github", "jira"])


def send(world: World, service: Service, body: bytes, **headers: str) -> requests.Response:
    """The body with all headers of the service."""
    return send_as(world, service, body, body, **headers)


def send_as(world: World, service: Service, raw: bytes, body: Body, **headers: str) -> requests.Response:
    """The same, with the body in another form (in pieces, say)."""
    named = github_headers(raw) if service == "github" else {"X-Hub-Signature": sha256("jira", raw)}
    return post(world, f"/webhooks/{service}", body, {"Content-Type": JSON} | named | headers)


# --- the signature ---------------------------------------------------------------------------------------------------


def _wrong_signatures(service: Service, body: bytes) -> dict[str, str]:
    digest = sha256(service, body).removeprefix("sha256=")
    return {
        "nothing": "", "another secret": sha256(service, body, "guessed"), "another body": sha256(service, body + b" "),
        "SHA-1": "sha1=" + hmac.new(SECRETS[service].encode(), body, hashlib.sha1).hexdigest(),
        "SHA-1 called SHA-256": "sha256=" + hmac.new(SECRETS[service].encode(), body, hashlib.sha1).hexdigest(),
        "the digest alone": digest, "another case": f"sha256={digest.upper()}", "half": f"sha256={digest[:32]}",
        "no digest": "sha256=", "bytes": "sha256=\xfc\xff" + digest[2:], "no hexadecimal": "sha256=" + "z" * 64,
        "very long": "sha256=" + "0" * 5000,
        "the empty key": "sha256=" + hmac.new(b"", body, hashlib.sha256).hexdigest(),
    }  # fmt: skip


@both
def test_what_the_service_did_not_sign_is_refused_and_leaves_nothing(shared: World, service: Service) -> None:
    before, body = stored(shared), BODIES[service]
    for name, signature in _wrong_signatures(service, body).items():
        answer = send(shared, service, body, **{HEADER[service]: signature})
        error = answer.json()["error"]
        assert (answer.status_code, answer.json(), error["code"]) == (
            401, {"success": False, "error": error}, "bad_signature",
        ), name  # fmt: skip
    unsigned = post(shared, f"/webhooks/{service}", body, {"Content-Type": JSON})
    assert unsigned.status_code == 401
    assert stored(shared) == before


def test_a_github_delivery_with_its_old_signature_alone_is_refused(shared: World) -> None:
    before, body = stored(shared), BODIES["github"]
    old = "sha1=" + hmac.new(SECRETS["github"].encode(), body, hashlib.sha1).hexdigest()
    headers = {"Content-Type": JSON, "X-GitHub-Event": "issues", "X-GitHub-Delivery": "old", "X-Hub-Signature": old}
    assert post(shared, "/webhooks/github", body, headers).status_code == 401
    assert stored(shared) == before


@both
def test_what_is_not_signed_is_not_parsed(shared: World, service: Service) -> None:
    for body in (b"{bad", b"[" * 200_000, b"\xff", b'{"x":' + b"9" * 5000 + b"}"):
        assert send(shared, service, body, **{HEADER[service]: "sha256=" + "0" * 64}).status_code == 401


def _named(service: Service, body: bytes, ident: str, secret: str = "") -> dict[str, str]:
    """All headers, with an id of the sender's."""
    return github_headers(body, ident) | {
        "X-Atlassian-Webhook-Identifier": ident, HEADER[service]: sha256(service, body, secret),
    }  # fmt: skip


@both
def test_a_secret_is_rotated_by_a_comma_list(shared: World, service: Service) -> None:
    door, body = client(shared, **{f"{service}_webhook_secret": " next , former "}), BODIES[service]
    statuses = [
        door.post(
            f"/webhooks/{service}", data=body, content_type=JSON, headers=_named(service, body, f"by {secret}", secret)
        ).status_code
        for secret in ("next", "former", "gone", " next , former ")
    ]
    # An id with a space is none of theirs.
    assert statuses == [400, 400, 401, 401]
    headers = [_named(service, body, f"by-{secret}", secret) for secret in ("next", "former")]
    answers = [door.post(f"/webhooks/{service}", data=body, content_type=JSON, headers=each) for each in headers]
    assert [answer.status_code for answer in answers] == [202, 202]


@both
@pytest.mark.parametrize("secret", ["", ",", " , "])
def test_an_empty_secret_verifies_nothing_and_is_named(shared: World, service: Service, secret: str) -> None:
    before, body, variable = stored(shared), BODIES[service], f"{service.upper()}_WEBHOOK_SECRET"
    door = client(shared, **{f"{service}_webhook_secret": secret})
    signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = github_headers(body) | {HEADER[service]: signature}
    answer = door.post(f"/webhooks/{service}", data=body, content_type=JSON, headers=headers)
    expected = refused("service_off", f"{service} is off: {variable} is not set")
    assert (answer.status_code, answer.json) == (503, expected)
    assert stored(shared) == before


@pytest.mark.parametrize(
    ("service", "setting"), [("github", "github_token"), ("jira", "jira_api_token"), ("jira", "jira_base_url")]
)
def test_a_service_that_is_off_says_which_variable_is_missing(shared: World, service: Service, setting: str) -> None:
    body = BODIES[service]
    door = client(shared, **{setting: ""})
    answer = door.post(f"/webhooks/{service}", data=body, content_type=JSON, headers=github_headers(body))
    assert (answer.status_code, answer.json) == (
        503, refused("service_off", f"{service} is off: {setting.upper()} is not set"),
    )  # fmt: skip


# --- bodies ----------------------------------------------------------------------------------------------------------

UNREADABLE = {
    "nothing": b"", "not JSON": b"{bad", "null": b"null", "a list": b"[1]", "a string": b'"x"', "a number": b"5",
    "deep": b"[" * 200_000, "deep inside": b'{"action":' + b"[" * 200_000,
    "a huge integer": b'{"x":' + b"9" * 5000 + b"}",
    "NaN": b'{"x":NaN}', "infinity": b'{"x":-Infinity}', "bad UTF-8": b'{"x":"\xff\xfe"}', "two bodies": b"{}{}",
}  # fmt: skip
FORMS = {
    "no payload": b"action=opened", "nothing": b"", "payload twice": form(payload="{}") + b"&" + form(payload="{}"),
    "another field": form(payload="{}", more="1"), "not JSON": form(payload="{bad"), "a list": form(payload="[1]"),
    "bad UTF-8": b"payload=%ff%fe", "raw bytes": b"payload=\xff", "deep": form(payload="[" * 200_000),
    "many fields": b"&".join(b"payload=1" for _ in range(5000)),
}  # fmt: skip


def _malformed(world: World, service: Service, body: bytes, **headers: str) -> None:
    before = stored(world)
    answer = send(world, service, body, **headers)
    message = answer.json()["error"]["message"]
    assert (answer.status_code, answer.json()) == (400, refused("malformed", message))
    assert "Traceback" not in answer.text
    assert stored(world) == before


@both
@pytest.mark.parametrize("body", list(UNREADABLE.values()), ids=list(UNREADABLE))
def test_a_signed_body_that_cannot_be_read_is_a_400_and_leaves_nothing(
    shared: World, service: Service, body: bytes
) -> None:
    _malformed(shared, service, body)


@pytest.mark.parametrize("body", list(FORMS.values()), ids=list(FORMS))
def test_a_form_of_githubs_that_cannot_be_read_is_a_400_and_leaves_nothing(shared: World, body: bytes) -> None:
    _malformed(shared, "github", body, **{"Content-Type": FORM})


def test_what_is_neither_json_nor_a_form_is_a_400(shared: World) -> None:
    for kind in ("text/plain", "multipart/form-data; boundary=x", "application/json-seq", ""):
        _malformed(shared, "github", BODIES["github"], **{"Content-Type": kind})


@pytest.mark.parametrize("value", ["", "a b", "x" * 201, "\xe4\xf6", "id\tid"])
@pytest.mark.parametrize("header", ["X-GitHub-Delivery", "X-GitHub-Event"])
def test_a_github_delivery_without_a_usable_id_or_event_is_a_400(shared: World, header: str, value: str) -> None:
    _malformed(shared, "github", BODIES["github"], **{header: value})


@pytest.mark.parametrize("event", ["pull_request.opened", "../push", "Issues", "issues\x0b"])
def test_the_name_of_a_github_event_is_a_plain_word(shared: World, event: str) -> None:
    _malformed(shared, "github", BODIES["github"], **{"X-GitHub-Event": event})


@pytest.mark.parametrize("event", [None, "", 5, [], {}, "a b", "x" * 101, "jira:issue\ncreated", "\ud800"])
def test_a_jira_webhook_without_a_usable_event_is_a_400(shared: World, event: object) -> None:
    _malformed(shared, "jira", json.dumps({"webhookEvent": event}).encode())


@pytest.mark.parametrize("identifier", ["a b", "x" * 201, "\xe4\xf6"])
def test_a_jira_webhook_with_an_unusable_id_is_a_400(shared: World, identifier: str) -> None:
    _malformed(shared, "jira", BODIES["jira"], **{"X-Atlassian-Webhook-Identifier": identifier})


@both
def test_a_body_past_the_limit_is_a_413_chunked_or_not(shared: World, service: Service) -> None:
    before, large = stored(shared), b"x" * (LIMITS[service] + 1)
    expected = refused("request_entity_too_large", "The data value transmitted exceeds the capacity limit.")
    for sent in (large, chunks(large)):
        answer = send_as(shared, service, large, sent)
        assert (answer.status_code, answer.json()) == (413, expected)
    assert stored(shared) == before


@both
def test_a_body_of_exactly_the_limit_is_stored_whole(world: World, service: Service) -> None:
    head = BODIES[service][:-1] + b',"filler":"'
    words = " ".join(f"src/module_{number}.py" for number in range(LIMITS[service] // 16)).encode()
    body = head + words[: LIMITS[service] - len(head) - 2] + b'"}'
    assert len(body) == LIMITS[service]
    assert send(world, service, body).status_code == 202
    world.settle()
    assert [row["status"] for row in world.rows("deliveries")] == ["ignored"]


@both
def test_a_chunked_webhook_is_stored_like_any_other(shared: World, service: Service) -> None:
    body = BODIES[service][:-1] + b',"chunked":true}'
    headers = _named(service, body, "chunked")
    assert send_as(shared, service, body, chunks(body), **headers).status_code == 202
    [row] = shared.rows("deliveries", f"&service={service}&delivery_id=chunked")
    assert row["status"] == "pending"


# --- what is stored --------------------------------------------------------------------------------------------------


@both
def test_a_webhook_is_stored_and_nothing_else_is_done_when_the_answer_arrives(world: World, service: Service) -> None:
    body = BODIES[service]
    answer = send(world, service, body, **_named(service, body, "d-1"))
    assert (answer.status_code, answer.json()) == (202, {"success": True, "message": "Accepted"})
    [row] = world.rows("deliveries")
    event = {"github": "issues.opened", "jira": "jira:issue_created"}[service]
    wanted = {
        "service": service,
        "delivery_id": "d-1",
        "event": event,
        "status": "pending",
        "detail": "",
        "attempts": 0,
    }
    assert {name: row[name] for name in wanted} == wanted
    assert stored(world) == (1, 0)
    assert [standin.calls for standin in world.standins] == [[], [], []]


@both
def test_a_repetition_is_answered_with_2xx_and_changes_nothing(world: World, service: Service) -> None:
    body = BODIES[service]
    answers = [send(world, service, body, **_named(service, body, "d-1")) for _ in range(3)]
    assert [(answer.status_code, answer.json()["message"]) for answer in answers] == [
        (202, "Accepted"), (200, "Known already"), (200, "Known already"),
    ]  # fmt: skip
    world.settle()
    assert send(world, service, body, **_named(service, body, "d-1")).status_code == 200
    assert [row["status"] for row in world.rows("deliveries")] == ["ignored"]


@both
def test_the_same_webhook_twenty_times_at_once_is_one_delivery(world: World, service: Service) -> None:
    body = BODIES[service]
    statuses = at_once(20, lambda: send(world, service, body, **_named(service, body, "d-1")).status_code)
    assert sorted(statuses) == [200] * 19 + [202]
    assert stored(world) == (1, 0)


@both
def test_ids_are_compared_byte_for_byte(world: World, service: Service) -> None:
    body = BODIES[service]
    for ident in ("abc", "ABC", "Abc", "abc", "ABC"):
        assert send(world, service, body, **_named(service, body, ident)).status_code in (200, 202)
    assert [row["delivery_id"] for row in world.rows("deliveries")] == ["abc", "ABC", "Abc"]


def test_two_services_may_use_the_same_id(shared: World) -> None:
    services: tuple[Service, ...] = ("github", "jira")
    for service in services:
        body = BODIES[service]
        assert send(shared, service, body, **_named(service, body, "same")).status_code == 202


def test_a_webhook_of_data_center_is_known_by_its_bytes(shared: World) -> None:
    body = b'{"webhookEvent":"jira:issue_updated","timestamp":2,"issue":{"key":"OPS-8"}}'
    assert [to_jira(shared, sent).status_code for sent in (body, body + b" ", body)] == [202, 202, 200]
    [row] = shared.rows("deliveries", f"&delivery_id={hashlib.sha256(body).hexdigest()}")
    assert (row["service"], row["event"]) == ("jira", "jira:issue_updated")


def test_a_form_is_the_same_event_as_its_json(shared: World) -> None:
    body = form(payload=BODIES["github"].decode())
    assert to_github(shared, body, "as-form", kind=FORM).status_code == 202
    shared.settle(10_000)
    [row] = shared.rows("deliveries", "&delivery_id=as-form")
    assert (row["event"], row["status"]) == ("issues.opened", "ignored")


def test_githubs_ping_is_accepted(shared: World) -> None:
    assert to_github(shared, b'{"zen":"Half measures.","hook_id":1}', "ping", "ping").status_code == 202


@both
def test_other_methods_and_addresses_are_refused_in_the_usual_shape(shared: World, service: Service) -> None:
    for path, expected in (
        (f"/webhooks/{service}", (405, "method_not_allowed")), (f"/webhooks/{service}/", (404, "not_found")),
        ("/webhooks/gitlab", (404, "not_found")),
    ):  # fmt: skip
        answer = shared.call("GET", path)
        assert (answer.status_code, answer.json()["error"]["code"], answer.json()["success"]) == (*expected, False)


# --- wrong types, all the way --------------------------------------------------------------------------------------

JUNK: tuple[Any, ...] = (None, 5, "x", [], {"a": [None]}, "\ud800")
SAMPLES: list[tuple[Service, str]] = [
    ("github", "pull_request.opened"), ("github", "push"), ("jira", "issue_created"), ("jira", "issue_updated"),
]  # fmt: skip


def test_wrong_types_anywhere_are_stored_or_refused_and_slack_takes_what_comes_of_them(sqlite_world: World) -> None:
    world = sqlite_world
    for service, source in (("github", "octo/app"), ("jira", "OPS")):
        wanted = {"source_service": service, "source": source, "channel": "C0DEV00002", "events": ["all"]}
        assert world.call("POST", "/api/v1/subscriptions", wanted).status_code == 201
    statuses: set[int] = set()
    for service, name in SAMPLES:
        payload = json.loads((FIXTURES / service / f"{name}.json").read_bytes())
        for number, (at, _) in enumerate(list(places(payload))[::8]):
            body = json.dumps(replaced(payload, at, JUNK[number % len(JUNK)])).encode()
            headers = _named(service, body, f"{name}-{number}") | {"X-GitHub-Event": name.partition(".")[0]}
            statuses.add(send(world, service, body, **headers).status_code)
    assert statuses <= {202, 400}
    for _ in range(4):
        world.clock.offset += timedelta(minutes=2)
        world.settle(20_000)
    assert {row["status"] for row in world.rows("deliveries")} <= {"completed", "ignored"}
    assert [row["error_message"] for row in world.rows("integrations") if row["status"] != "completed"] == []
