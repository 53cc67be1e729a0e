"""Jira's webhooks: verified first, read whatever they hold, and never an exception that the door does not know."""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.jira.event import Change, CommentEvent, actor, changes, comment_of
from adapters.jira.webhook import parse
from adapters.webhook import BadSignature, Malformed, Webhook, WebhookError

SECRET = "It's a Secret to Everybody"
CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "jira"
PAYLOADS = sorted(CORPUS.glob("webhooks*/*.json"))


def signed(body: bytes, secret: str = SECRET, **headers: str) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature": f"sha256={digest}", **headers}


def read(payload: Any) -> Webhook:
    body = json.dumps(payload).encode()
    return parse(signed(body), body, [SECRET])


def load(name: str) -> dict[str, Any]:
    found = [path for path in PAYLOADS if path.name == name]
    if not found:
        pytest.skip("the corpus of real payloads (../shared/corpus) is not here")
    return json.loads(found[0].read_bytes())


# --- the signature ---------------------------------------------------------------------------------------------------


def test_the_published_vector_verifies_before_the_body_is_parsed() -> None:
    headers = {"X-Hub-Signature": "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"}
    with pytest.raises(Malformed):
        parse(headers, b"Hello World!", [SECRET])
    with pytest.raises(BadSignature):
        parse(headers, b"Hello World?", [SECRET])


@pytest.mark.parametrize("secrets", [[], [""], ["other"], ["", "other"]])
def test_a_body_that_no_usable_secret_signed_is_refused(secrets: list[str]) -> None:
    body = b'{"webhookEvent": "jira:issue_created"}'
    for headers in (signed(body), signed(body, ""), {}, {"X-Hub-Signature-256": signed(body)["X-Hub-Signature"]}):
        with pytest.raises(BadSignature):
            parse(headers, body, secrets)


def test_headers_are_found_in_any_case_and_any_of_the_secrets_will_do() -> None:
    body = b'{"webhookEvent": "jira:issue_created"}'
    headers = {name.lower(): value for name, value in signed(body).items()}
    assert parse(headers | {"x-ATLASSIAN-webhook-identifier": "b3a1f2e4"}, body, ["new", SECRET]) == Webhook(
        "jira", "b3a1f2e4", "jira:issue_created", "", "", {"webhookEvent": "jira:issue_created"}
    )


# --- what it speaks of -----------------------------------------------------------------------------------------------


def test_without_an_identifier_the_delivery_is_named_by_the_hash_of_its_body() -> None:
    body = b'{"webhookEvent":"comment_created"}'
    assert parse(signed(body), body, [SECRET]).delivery_id == hashlib.sha256(body).hexdigest()


@pytest.mark.parametrize(
    ("payload", "resource", "container"),
    [
        ({"issue": {"key": "OPS-7", "fields": {"project": {"key": "OPS"}}}}, "OPS-7", "OPS"),
        ({"issue": {"key": "OPS-7"}}, "OPS-7", "OPS"),
        ({"issue": {"key": "OPS-7", "fields": {"project": None}}}, "OPS-7", "OPS"),
        ({"project": {"key": "WEB", "id": 10001}}, "", "WEB"),
        ({"version": {"projectId": 10001}}, "", ""),
        ({"sprint": {"originBoardId": 1}}, "", ""),
        ({"comment": {"id": "1"}}, "", ""),
        ({"issue": {"key": "../../x"}, "project": {"key": "a/b"}}, "", ""),
        ({"issue": {"key": 7, "fields": [1]}, "project": "OPS"}, "", ""),
        ({"issue": {"key": "OPS-\u0667"}}, "", ""),
    ],
)
def test_resource_and_container_are_the_keys_of_issue_and_project(
    payload: dict[str, Any], resource: str, container: str
) -> None:
    webhook = read({"webhookEvent": "any"} | payload)
    assert (webhook.resource, webhook.container) == (resource, container)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"{" * 100_000,
        b'{"webhookEvent": null}',
        b'{"webhookEvent": ["jira:issue_created"]}',
        b'{"webhookEvent": ""}',
        b'{"webhookEvent": "\\ud800"}',
        b'{"webhookEvent": "a b"}',
        b'{"webhookEvent": "x", "n": ' + b"9" * 5000 + b"}",
        b'{"webhookEvent": "x", "n": NaN}',
    ],
    ids=lambda body: repr(body[:30]),
)
def test_a_signed_body_without_a_readable_event_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        parse(signed(body), body, [SECRET])


@pytest.mark.parametrize("identifier", ["x" * 201, "a\nb", "ä", "a b"])
def test_an_unreadable_identifier_is_malformed(identifier: str) -> None:
    body = b'{"webhookEvent": "x"}'
    with pytest.raises(Malformed):
        parse(signed(body) | {"X-Atlassian-Webhook-Identifier": identifier}, body, [SECRET])


# --- what happened ---------------------------------------------------------------------------------------------------


def test_every_changed_field_is_told_without_jiras_bookkeeping() -> None:
    items: list[Any] = [
        {"field": "status", "fieldId": "status", "from": "3", "fromString": "In Progress", "toString": "Done"},
        {"field": "Статус", "fieldId": "status", "fromString": "To Do", "toString": "Done"},
        {"field": "resolution", "fromString": None, "toString": "Done"},
        {"field": "Rank", "fromString": "", "toString": "Ranked higher"},
        {"field": "Workflow", "fromString": "a", "toString": "b"},
        {"field": None, "toString": "x"},
        {"field": "labels", "fromString": ["x"], "toString": {"y": 1}},
        "junk",
    ]
    assert changes({"changelog": {"items": items}}) == [
        Change("status", "In Progress", "Done", "status", "3", ""),
        Change("Статус", "To Do", "Done", "status"),
        Change("resolution", "", "Done", "resolution"),
        Change("labels", "", "", "labels"),
    ]


def test_a_cloud_comment_is_read_with_its_author() -> None:
    payload = load("comment_created.mattermost.cloud-comment-created-mention-user.json")
    assert comment_of(payload) == CommentEvent(
        id="10019",
        author="Test User",
        author_id="5c5f880629be9642ba529340",
        body="Added a comment with mentioned user [~user]",
        restricted=False,
        created="2019-02-15T19:11:18.321-0800",
        updated="2019-02-15T19:11:18.321-0800",
    )
    assert actor(payload) == ("Test User", "5c5f880629be9642ba529340")
    assert (read(payload).resource, read(payload).container) == ("TES-41", "TES")


def test_a_server_comment_without_its_issue_is_read_by_user_name() -> None:
    payload = load("comment_created.mattermost.server-comment-created.json")
    webhook = read(payload)
    assert (webhook.event, webhook.resource, webhook.container) == ("comment_created", "", "")
    comment = comment_of(payload)
    assert comment is not None
    assert (comment.id, comment.author_id, comment.body) == ("10082", "levbrouk", "unik")


def test_a_moved_issue_tells_its_old_key() -> None:
    payload = load("issue_updated.mobitel.issue-updated-move-issue.json")
    assert changes(payload) == [
        Change("issuetype", "Task", "Story", "issuetype", "10002", "10169"),
        Change("project", "Test Classic Project", "Internal Development", "project", "10169", "10105"),
        Change("status", "Backlog", "To Do", "status", "10029", "10257"),
        Change("Key", "TCP-2", "INDEV-130", "key"),
    ]


@pytest.mark.parametrize(
    ("comment", "restricted"),
    [
        ({}, False),
        ({"jsdPublic": True, "visibility": None}, False),
        ({"jsdPublic": False}, True),
        ({"jsdPublic": "yes"}, True),
        ({"visibility": {"type": "role", "value": "Administrators"}}, True),
        ({"properties": [{"key": "sd.public.comment", "value": {"internal": True}}]}, True),
        ({"properties": [{"key": "sd.public.comment", "value": {"internal": False}}]}, False),
        ({"properties": [{"key": "other", "value": 1}, None]}, False),
    ],
)
def test_a_comment_that_not_everyone_may_see_is_restricted(comment: dict[str, Any], *, restricted: bool) -> None:
    read_comment = comment_of({"comment": comment})
    assert read_comment is not None
    assert read_comment.restricted is restricted


def test_the_actor_is_the_user_or_else_whoever_wrote_last() -> None:
    ada, grace = {"displayName": "Ada", "accountId": "a"}, {"name": "grace"}
    assert actor({"user": ada, "comment": {"author": grace}}) == ("Ada", "a")
    assert actor({"user": None, "comment": {"author": ada, "updateAuthor": grace}}) == ("grace", "grace")
    assert actor({"worklog": {"author": ada}}) == ("Ada", "a")
    assert actor({"user": [], "comment": 5}) == ("", "")


@pytest.mark.skipif(not PAYLOADS, reason="the corpus of real payloads (../shared/corpus) is not here")
@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.stem[:60])
def test_every_real_payload_is_read(path: Path) -> None:
    body = path.read_bytes()
    webhook = parse(signed(body), body, [SECRET])
    payload: dict[str, Any] = json.loads(body)
    assert webhook.event == payload["webhookEvent"]
    assert webhook.resource == payload.get("issue", {}).get("key", "")
    assert webhook.container == webhook.resource.rpartition("-")[0] or "project" in payload
    shown = [
        item for item in payload.get("changelog", {}).get("items", []) if item["field"] not in ("Workflow", "Rank")
    ]
    assert [change.field for change in changes(payload)] == [item["field"] for item in shown]
    comment = comment_of(payload)
    assert (comment.id if comment else None) == payload.get("comment", {}).get("id")
    people = {"user", "comment", "worklog"} & payload.keys()
    assert bool(actor(payload)[0]) == bool(people)


WORDS = [
    *("webhookEvent", "issue", "fields", "project", "key", "changelog", "items", "field", "fromString", "toString"),
    *("comment", "author", "updateAuthor", "visibility", "jsdPublic", "properties", "user", "worklog", "displayName"),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=4), inner),
    max_leaves=12,
)


@settings(deadline=None, max_examples=60)
@given(st.fixed_dictionaries({"webhookEvent": st.just("jira:issue_updated")}, optional=dict.fromkeys(WORDS[1:], JSON)))
def test_no_payload_raises_anything(payload: dict[str, Any]) -> None:
    body = json.dumps(payload).encode()
    try:
        parse(signed(body), body, [SECRET])
    except WebhookError:
        pytest.fail("a well-formed object with an event is taken")
    changes(payload)
    comment_of(payload)
    actor(payload)
