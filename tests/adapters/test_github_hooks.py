"""The real client of webhooks against the GitHub stand-in: whole lists, wishes sent once, failures told apart."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from adapters.errors import AdapterError, NotFound, OutcomeUnknown, Rejected, Unauthorized, Unavailable
from adapters.github.apps import AppKey
from adapters.github.hooks import Attempt, Hook, HookClient
from sandbox.github import GitHubStandIn
from sandbox.standin import Call
from tests.adapters import github_cases
from tests.adapters.github_cases import THEN, TIMEOUT, TOKEN, made
from tests.mariadb import free_port

github = github_cases.github

WEB = Hook("repository", "acme/web", 292430182)
AT = datetime.fromtimestamp(THEN, UTC)
LONG_AGO = AT - timedelta(days=3)
LIST, REPEAT = "repos/list-webhook-deliveries", "repos/redeliver-webhook-delivery"


@pytest.fixture
def hooks(github: GitHubStandIn) -> HookClient:
    return HookClient(TOKEN, github.url, 10)


@pytest.fixture
def hasty(github: GitHubStandIn) -> HookClient:
    return HookClient(TOKEN, github.url, TIMEOUT)


def send(github: GitHubStandIn, *titles: str, at: float = THEN, repo: str = "acme/web") -> None:
    """Have events delivered to nobody at some time."""
    github.now = lambda: at
    github.target = f"http://127.0.0.1:{free_port()}"
    for title in titles:
        github.open_issue(repo, title)
    github.flush()


def test_an_attempt_is_read_with_what_came_of_it(github: GitHubStandIn, hooks: HookClient) -> None:
    send(github, "Lost")
    (found,) = hooks.deliveries(WEB, LONG_AGO)
    guid = github.hooks[0].sent[0].sending.guid
    assert found == Attempt(github.hooks[0].sent[0].id, guid, AT, 502, redelivery=False, event="issues")
    assert [(code, Attempt(1, "g", AT, code, False, "push").arrived) for code in (0, 199, 200, 202, 299, 302, 503)] == [
        (0, False), (199, False), (200, True), (202, True), (299, True), (302, False), (503, False),
    ]  # fmt: skip


def test_every_page_is_read_until_the_time_that_was_asked_for(github: GitHubStandIn, hooks: HookClient) -> None:
    for day in range(3):
        send(github, *(f"{day}-{number}" for number in range(90)), at=THEN + day * 86400)
    assert len(hooks.deliveries(WEB, LONG_AGO)) == 270
    assert [call.query for call in github.calls] == [
        {"per_page": "100"},
        *({"per_page": "100", "cursor": f"v1_{github.hooks[0].sent[place].id}"} for place in (169, 69)),
    ]
    github.calls.clear()
    found = hooks.deliveries(WEB, AT + timedelta(days=1))
    assert [each.delivered_at for each in found] == [AT + timedelta(days=2)] * 90 + [AT + timedelta(days=1)] * 90
    assert len(github.calls) == 2


def test_of_too_many_deliveries_the_newest_are_read(
    github: GitHubStandIn, hooks: HookClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.github.hooks.MOST_PAGES", 2)
    send(github, *(str(number) for number in range(201)))
    found = hooks.deliveries(WEB, LONG_AGO)
    assert [each.id for each in found] == [sent.id for sent in reversed(github.hooks[0].sent[1:])]


def test_a_wish_is_sent_once_and_the_event_comes_again(github: GitHubStandIn, hooks: HookClient) -> None:
    send(github, "Lost")
    (lost,) = hooks.deliveries(WEB, LONG_AGO)
    hooks.redeliver(WEB, lost.id)
    github.flush()
    again, first = hooks.deliveries(WEB, LONG_AGO)
    assert (again.guid, again.redelivery, first) == (lost.guid, True, lost)
    assert made(github) == [LIST, REPEAT, LIST]


def test_the_hook_of_an_organization_has_a_place_of_its_own(github: GitHubStandIn, hooks: HookClient) -> None:
    there = Hook("organization", "acme", github.add_hook(github.people["acme"]).id)
    send(github, "Lost", repo="acme/secret")
    (lost,) = hooks.deliveries(there, LONG_AGO)
    hooks.redeliver(there, lost.id)
    assert (made(github), github.flush()) == (["orgs/list-webhook-deliveries", "orgs/redeliver-webhook-delivery"], 1)


def test_a_repository_that_moved_is_found_by_its_old_name(github: GitHubStandIn, hooks: HookClient) -> None:
    send(github, "Lost")
    github.target = ""
    github.rename_repository("acme/web", "site")
    (lost,) = hooks.deliveries(WEB, LONG_AGO)
    github.target = f"http://127.0.0.1:{free_port()}"
    hooks.redeliver(WEB, lost.id)
    assert github.flush() == 1


# --- GitHub Apps -----------------------------------------------------------------------------------------------------


def pems() -> tuple[str, str]:
    """A private key and its public half."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    return private.decode(), key.public_key().public_bytes(
        pem, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


def test_the_hook_of_an_app_is_asked_about_with_the_key_of_the_app(github: GitHubStandIn) -> None:
    private, public = pems()
    github.app_keys["4711"] = public
    there = Hook("integration", "", github.add_hook(4711).id)
    hooks = HookClient(TOKEN, github.url, 10, AppKey("4711", private), lambda: THEN)
    send(github, "Lost")
    (lost,) = hooks.deliveries(there, LONG_AGO)
    hooks.redeliver(there, lost.id)
    assert [each.event for each in hooks.deliveries(WEB, LONG_AGO)] == ["issues"]
    assert made(github) == ["apps/list-webhook-deliveries", "apps/redeliver-webhook-delivery", LIST]
    tokens = [call.headers["Authorization"].partition(" ")[2] for call in github.calls]
    assert [token == TOKEN for token in tokens] == [False, False, True]


@pytest.mark.parametrize("key", ["none", "wrong", "another"])
def test_an_app_without_its_key_is_not_asked_about(github: GitHubStandIn, key: str) -> None:
    there = Hook("integration", "", github.add_hook(4711).id)
    github.app_keys["4711"] = pems()[1]
    wrong = "-----BEGIN RSA PRIVATE KEY-----\ngeheim\n-----END RSA PRIVATE KEY-----\n"
    app = {"none": None, "wrong": AppKey("4711", wrong), "another": AppKey("4711", pems()[0])}[key]
    with pytest.raises(Unauthorized) as refused:
        HookClient(TOKEN, github.url, 10, app, lambda: THEN).deliveries(there, LONG_AGO)
    assert "geheim" not in f"{refused.value} {refused.value.__cause__}"
    assert made(github) == (["apps/list-webhook-deliveries"] if key == "another" else [])


# --- what goes wrong -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (401, {}, Unauthorized), (403, {}, Rejected), (404, {}, NotFound), (410, {}, NotFound), (422, {}, Rejected),
        (429, {"Retry-After": "7"}, Unavailable), (403, {"Retry-After": "7"}, Unavailable),
    ],
)  # fmt: skip
@pytest.mark.parametrize("operation", [LIST, REPEAT])
def test_a_refusal_is_told_apart_from_a_wait(
    github: GitHubStandIn,
    hooks: HookClient,
    operation: str,
    status: int,
    headers: dict[str, str],
    expected: type[AdapterError],
) -> None:
    github.fault(operation, status=status, headers=headers, body={"message": "No"})
    with pytest.raises(expected) as caught:
        hooks.deliveries(WEB, LONG_AGO) if operation == LIST else hooks.redeliver(WEB, 1)
    assert made(github) == [operation]
    assert TOKEN not in str(caught.value)
    if isinstance(caught.value, Unavailable):
        assert caught.value.retry_after == 7


UNREADABLE: list[dict[str, Any]] = [
    {"kind": "status", "status": 502, "body": "<html>Bad gateway</html>"},
    {"kind": "reset", "after": True},
    {"kind": "half", "after": True},
    {"kind": "hang", "after": True, "seconds": 2 * TIMEOUT},
    *({"kind": "status", "status": 200, "body": body} for body in (
        "", "<html>", "{}", "[1]", "[null]", '[{"id": 1}]', "[[]]",
        '[{"id": "x", "guid": 1, "delivered_at": 5, "status_code": {}, "redelivery": 1, "event": null}]',
        '[{"id": 1, "guid": "g", "delivered_at": "soon", "status_code": 1, "redelivery": false, "event": "e"}]',
    )),
]  # fmt: skip


@pytest.mark.parametrize("fault", UNREADABLE)
def test_a_list_that_cannot_be_read_can_be_asked_for_later(
    github: GitHubStandIn, hasty: HookClient, fault: dict[str, Any]
) -> None:
    send(github, "Lost")
    github.fault(LIST, **fault)
    with pytest.raises(Unavailable):
        hasty.deliveries(WEB, LONG_AGO)
    assert len(hasty.deliveries(WEB, LONG_AGO)) == 1


def test_a_second_page_that_fails_leaves_no_half_of_a_list(github: GitHubStandIn, hooks: HookClient) -> None:
    def later(call: Call) -> bool:
        return "cursor" in call.query

    send(github, *(str(number) for number in range(101)))
    github.fault(LIST, status=500, where=later)
    with pytest.raises(Unavailable):
        hooks.deliveries(WEB, LONG_AGO)


@pytest.mark.parametrize(
    "fault",
    [{"kind": "reset", "after": True}, {"kind": "hang", "after": True, "seconds": 2 * TIMEOUT}, {"status": 502}],
)
def test_a_wish_whose_answer_is_lost_is_sent_once_and_unknown(
    github: GitHubStandIn, hasty: HookClient, fault: dict[str, Any]
) -> None:
    send(github, "Lost")
    (lost,) = hasty.deliveries(WEB, LONG_AGO)
    github.fault(REPEAT, **fault)
    with pytest.raises(OutcomeUnknown):
        hasty.redeliver(WEB, lost.id)
    assert made(github) == [LIST, REPEAT]


def test_a_link_to_another_host_is_not_followed(github: GitHubStandIn, hooks: HookClient) -> None:
    send(github, "Lost")
    entry = {"id": 9, "guid": "g", "delivered_at": "2026-11-23T00:00:00Z", "status_code": None, "redelivery": True,
         "event": "push"}  # fmt: skip
    elsewhere = '<http://192.0.2.1/hooks?cursor=v1_1>; rel="next", <http://192.0.2.1/>; rel="last"'
    github.fault(LIST, status=200, headers={"Link": elsewhere}, body=[entry])
    (found,) = hooks.deliveries(WEB, LONG_AGO)
    assert (found.id, found.status_code, found.redelivery) == (9, 0, True)
    assert [call.query.get("cursor") for call in github.calls] == [None, "v1_1"]


@pytest.mark.parametrize(
    "hook",
    [Hook("repository", "acme/../orgs", 1), Hook("repository", "", 1), Hook("organization", "acme/hooks", 1),
     Hook("organization", "..", 1), Hook("business", "acme", 1)],
)  # fmt: skip
def test_a_name_that_is_none_never_becomes_part_of_an_address(
    github: GitHubStandIn, hooks: HookClient, hook: Hook
) -> None:
    for use in (lambda: hooks.deliveries(hook, LONG_AGO), lambda: hooks.redeliver(hook, 1)):
        with pytest.raises(NotFound):
            use()
    assert made(github) == []
