"""Signatures, forms, and what a delivery speaks of, over invented and over real payloads."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.github.webhook import parse
from adapters.webhook import BadSignature, Malformed, Webhook, WebhookError

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "github" / "webhooks"
SECRET = "current"


def signed(body: bytes, changes: Mapping[str, str | None] | None = None, secret: str = SECRET) -> dict[str, str]:
    headers: dict[str, str | None] = {
        "Content-Type": "application/json",
        "X-GitHub-Delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
        "X-GitHub-Event": "issues",
        "X-Hub-Signature-256": f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}",
    }
    headers |= changes or {}
    return {name: value for name, value in headers.items() if value is not None}


def parsed(payload: object, event: str = "issues") -> Webhook:
    body = json.dumps(payload).encode()
    return parse(signed(body, {"X-GitHub-Event": event}), body, [SECRET])


def test_a_signed_delivery_is_read() -> None:
    payload: dict[str, Any] = {
        "action": "opened",
        "issue": {"number": 7},
        "repository": {"full_name": "octo/app"},
    }
    expected = Webhook(
        "github", "72d3162e-cc78-11e3-81ab-4c9367dc0958", "issues.opened", "octo/app#7", "octo/app", payload
    )
    assert parsed(payload) == expected


def test_the_published_signature_vector_verifies() -> None:
    headers = {
        "X-Hub-Signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        "X-GitHub-Delivery": "1",
        "X-GitHub-Event": "ping",
        "Content-Type": "application/json",
    }
    with pytest.raises(Malformed, match="not readable JSON"):
        parse(headers, b"Hello, World!", ["It's a Secret to Everybody"])
    with pytest.raises(BadSignature):
        parse(headers, b"Hello, World?", ["It's a Secret to Everybody"])


@pytest.mark.parametrize("secrets", [["current"], ["previous", "current"], ["", "current"]])
def test_any_of_several_secrets_verifies(secrets: list[str]) -> None:
    assert parse(signed(b"{}"), b"{}", secrets).payload == {}


@pytest.mark.parametrize(
    ("headers", "secrets"),
    [
        (signed(b"{}"), ["other"]),
        (signed(b"{}"), []),
        (signed(b"{}", secret=""), [""]),
        (signed(b"{}", {"X-Hub-Signature-256": None}), ["current"]),
        (signed(b"{}", {"X-Hub-Signature-256": "sha256=é"}), ["current"]),
        (signed(b"{ }"), ["current"]),
        (
            signed(b"{}", {"X-Hub-Signature-256": None})
            | {"X-Hub-Signature": f"sha1={hmac.new(b'current', b'{}', hashlib.sha1).hexdigest()}"},
            ["current"],
        ),
    ],
)
def test_anything_but_a_sha256_signature_of_these_bytes_is_refused(headers: dict[str, str], secrets: list[str]) -> None:
    with pytest.raises(BadSignature):
        parse(headers, b"{}", secrets)


def test_the_signature_is_looked_at_before_anything_else() -> None:
    with pytest.raises(BadSignature):
        parse({}, b"\xff", ["current"])


@pytest.mark.parametrize("change", [str.lower, str.upper, str.title])
def test_header_names_have_no_case(change: Any) -> None:
    headers = {change(name): value for name, value in signed(b"{}").items()}
    assert parse(headers, b"{}", [SECRET]).event == "issues"


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-GitHub-Delivery", None),
        ("X-GitHub-Delivery", ""),
        ("X-GitHub-Delivery", "x" * 201),
        ("X-GitHub-Delivery", "a b"),
        ("X-GitHub-Event", None),
        ("X-GitHub-Event", ""),
        ("X-GitHub-Event", "Issues; DROP"),
        ("X-GitHub-Event", "issues\n"),
        ("Content-Type", None),
        ("Content-Type", "text/plain"),
        ("Content-Type", "multipart/form-data; boundary=x"),
    ],
)
def test_a_header_that_cannot_be_used_is_malformed(header: str, value: str | None) -> None:
    with pytest.raises(Malformed):
        parse(signed(b"{}", {header: value}), b"{}", [SECRET])


# --- forms -----------------------------------------------------------------------------------------------------------

FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}


def test_a_form_is_verified_raw_and_read_from_its_one_field() -> None:
    payload = {"action": "opened", "issue": {"number": 7, "title": "ü & = +"}, "repository": {"full_name": "octo/app"}}
    body = urlencode({"payload": json.dumps(payload, ensure_ascii=False)}).encode()
    webhook = parse(signed(body, FORM), body, [SECRET])
    assert (webhook.resource, webhook.payload) == ("octo/app#7", payload)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"payload",
        b"payload=",
        b"payload=[]",
        b"payload=%7B%7D&payload=%7B%7D",
        b"payload=%7B%7D&other=1",
        b"payload=%7B%7D&other=1&third=1",
        b"other=%7B%7D",
        b"payload=%FF",
        b"payload=\xff",
        b"payload=" + quote_plus("[" * 200_000).encode(),
    ],
)
def test_a_form_of_any_other_kind_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        parse(signed(body, FORM), body, [SECRET])


# --- what it speaks of -----------------------------------------------------------------------------------------------

REPOSITORY: dict[str, Any] = {"repository": {"full_name": "octo/app"}}


@pytest.mark.parametrize(
    ("event", "payload", "resource"),
    [
        ("pull_request", {"pull_request": {"number": 7}}, "octo/app#7"),
        ("pull_request_review", {"pull_request": {"number": 7}, "review": {"id": 1}}, "octo/app#7"),
        ("issue_comment", {"issue": {"number": 7}, "comment": {"id": 1}}, "octo/app#7"),
        ("discussion", {"discussion": {"number": 7}}, "octo/app#7"),
        ("deployment", {"deployment": {"id": 123}}, "octo/app@deployment/123"),
        ("deployment_status", {"deployment": {"id": 123}, "deployment_status": {"id": 5}}, "octo/app@deployment/123"),
        ("push", {"ref": "refs/heads/a/b"}, "octo/app@refs/heads/a/b"),
        ("push", {"ref": "refs/tags/v1"}, "octo/app@refs/tags/v1"),
        ("release", {"release": {"tag_name": "v1.0"}}, "octo/app@release/v1.0"),
        ("watch", {}, "octo/app"),
        ("create", {"ref": "refs/heads/x"}, "octo/app"),
        ("workflow_job", {"deployment": {"id": 123}}, "octo/app"),
        ("projects_v2_item", {"projects_v2_item": {"id": 5}}, "octo/app"),
        ("issues", {"issue": {"number": True}}, "octo/app"),
        ("issues", {"issue": {"number": "7"}}, "octo/app"),
        ("issues", {"issue": {"number": 10**4000}}, "octo/app"),
        ("issues", {"issue": None, "pull_request": []}, "octo/app"),
        ("push", {"ref": "refs/heads/\ud800"}, "octo/app"),
        ("push", {"ref": "refs/heads/" + "x" * 255}, "octo/app"),
    ],
)
def test_the_resource_is_the_nearest_thing_with_a_name(event: str, payload: dict[str, Any], resource: str) -> None:
    webhook = parsed(REPOSITORY | payload, event)
    assert (webhook.resource, webhook.container, webhook.event) == (resource, "octo/app", event)


@pytest.mark.parametrize(
    ("payload", "container"),
    [
        ({"organization": {"login": "octo"}}, "octo"),
        ({"repository": {"full_name": "octo/app"}, "organization": {"login": "octo"}}, "octo/app"),
        ({"repository": None, "organization": {"login": "octo"}, "issue": {"number": 7}}, "octo"),
        ({"repository": {"full_name": "octo/\ud800"}}, ""),
        ({"repository": {"full_name": "../x/y"}}, ""),
        ({"repository": "octo/app", "organization": 5}, ""),
        ({}, ""),
    ],
)
def test_the_container_is_the_repository_or_else_the_organization(payload: dict[str, Any], container: str) -> None:
    webhook = parsed(payload)
    assert (webhook.container, webhook.resource) == (container, container)


@pytest.mark.parametrize("action", [None, 5, "", "a b", "x" * 101, ["opened"]])
def test_an_action_that_is_no_word_is_left_out_of_the_event(action: object) -> None:
    assert parsed({"action": action}).event == "issues"


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(json.dumps).map(str.encode)
)
def test_whatever_arrives_it_is_a_webhook_or_refused(body: bytes) -> None:
    for content_type in ("application/json", "application/x-www-form-urlencoded"):
        try:
            webhook = parse(signed(body, {"Content-Type": content_type}), body, [SECRET])
        except WebhookError:
            continue
        assert isinstance(webhook, Webhook)


@given(
    st.dictionaries(
        st.sampled_from(
            ["action", "ref", "issue", "pull_request", "deployment", "release", "repository", "organization"]
        ),
        st.none()
        | st.text()
        | st.integers()
        | st.lists(st.integers())
        | st.dictionaries(
            st.sampled_from(["number", "id", "tag_name", "full_name", "login"]),
            st.none() | st.integers() | st.text() | st.booleans() | st.lists(st.text()),
        ),
    )
)
def test_known_fields_of_any_type_are_taken(payload: dict[str, Any]) -> None:
    webhook = parsed(payload, "push")
    assert webhook.resource.startswith(webhook.container)
    assert len(webhook.resource.encode("utf-8", "surrogatepass")) == len(webhook.resource.encode()) <= 4 * 255


# --- real payloads ---------------------------------------------------------------------------------------------------

NUMBERED = ("issues", "issue_comment", "pull_request", "discussion")


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.json")) or [None], ids=lambda path: path and path.name)
def test_every_published_payload_is_placed(path: Path | None) -> None:
    if path is None:
        pytest.skip(f"the corpus is not at {CORPUS}")
    body, event = path.read_bytes(), path.name.partition(".")[0]
    payload: dict[str, Any] = json.loads(body)
    webhook = parse(signed(body, {"X-GitHub-Event": event}), body, [SECRET])
    action = payload.get("action")
    assert webhook.event == (f"{event}.{action}" if action else event)
    owners: list[dict[str, Any]] = [payload.get("repository") or {}, payload.get("organization") or {}]
    container = owners[0].get("full_name") or owners[1].get("login") or ""
    assert webhook.container == container
    assert webhook.resource == container + within(event, payload)


def within(event: str, payload: dict[str, Any]) -> str:
    if event.startswith(NUMBERED):
        kind = next(key for key in ("pull_request", "issue", "discussion") if key in payload)
        return f"#{payload[kind]['number']}"
    if event in ("deployment", "deployment_status"):
        return f"@deployment/{payload['deployment']['id']}"
    if event == "release":
        return f"@release/{payload['release']['tag_name']}"
    return f"@{payload['ref']}" if event == "push" else ""
