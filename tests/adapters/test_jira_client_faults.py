"""The real client against the stand-in, as Cloud and as Data Center: what it makes of every fault."""

import socket
import time
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

import pytest

from adapters.document import plain
from adapters.errors import AdapterError, Invalid, NotFound, OutcomeUnknown, Rejected, Unauthorized, Unavailable
from adapters.jira.client import JiraClient
from adapters.jira.comments import Comment
from adapters.jira.errors import retry_after
from sandbox.jira import JiraStandIn
from sandbox.jira.views import stamp
from tests.adapters import jira_cases
from tests.adapters.jira_cases import MARKER, TOKEN, client_of, create

jira = jira_cases.jira
client = jira_cases.client


def test_a_lost_answer_leaves_one_issue_an_unknown_outcome_and_a_marker(jira: JiraStandIn, client: JiraClient) -> None:
    jira.fault("createIssue", kind="reset", after=True)
    with pytest.raises(OutcomeUnknown) as caught:
        create(client)
    assert str(caught.value) == "The connection to Jira broke before a whole answer came."
    assert len(jira.calls) == len(jira.issues) == 1
    found = client.find_issue(MARKER, "OPS")
    assert found is not None
    assert found.key == "OPS-1"


def test_a_lost_comment_is_found_again(jira: JiraStandIn, client: JiraClient) -> None:
    jira.create("OPS", "Task", "Disk full")
    jira.fault("addComment", kind="half", after=True)
    with pytest.raises(OutcomeUnknown):
        client.add_comment("OPS-1", plain("On it."), MARKER)
    kept = jira.issues["OPS-1"].comments
    assert client.find_comment("OPS-1", MARKER, time.time()) == Comment(
        kept[0].id, stamp(kept[0].created), stamp(kept[0].updated), kept[0].body
    )
    assert len(kept) == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "reset"},
        {"kind": "half", "after": True},
        {"kind": "hang", "after": True, "seconds": 1.5},
        {"kind": "drip", "after": True, "seconds": 0.05},
        {"status": 408},
        {"status": 500},
        {"status": 502, "body": "<html>Bad gateway</html>"},
        {"status": 503, "headers": {"Retry-After": "7"}},
        {"status": 504, "after": True},
        {"status": 200, "body": "<html>Maintenance</html>"},
        {"status": 201, "body": "{" * 100_000},
        {"status": 201, "body": "[]"},
    ],
    ids=lambda fault: str(fault)[:40],
)
def test_what_is_no_sure_no_is_unknown_for_a_write_and_unavailable_for_a_read(
    jira: JiraStandIn, fault: dict[str, Any]
) -> None:
    client = client_of(jira, timeout=1.0)
    jira.create("OPS", "Task", "Disk full")
    jira.fault("*", **fault, times=3)
    with pytest.raises(OutcomeUnknown):
        create(client)
    with pytest.raises(OutcomeUnknown):
        client.add_comment("OPS-1", plain("On it."), MARKER)
    with pytest.raises(Unavailable):
        client.issue("OPS-1")
    assert [call.operation for call in jira.calls] == ["createIssue", "addComment", "getIssue"]


@pytest.mark.parametrize(
    ("status", "body", "kind", "message"),
    [
        (400, {"errorMessages": ["Field 'x' is odd."]}, Invalid, "Jira does not accept the content: Field 'x' is odd."),
        (400, "<html>", Invalid, "Jira does not accept the content."),
        (401, {"errorMessages": [], "errors": {}}, Unauthorized, "Jira does not accept the credentials."),
        (403, {"errorMessages": ["No."]}, Rejected, "Jira does not permit this: No."),
        (404, {"errorMessages": ["Gone?"]}, NotFound, "Jira does not find it: Gone?"),
        (410, {"errorMessage": "Removed."}, NotFound, "Jira no longer has it: Removed."),
        (409, {"errorMessages": []}, Unavailable, "Jira asks to try again later."),
        (413, {"errors": {"comment": "Long."}}, Invalid, "The content is too large for Jira: Long."),
        (415, "5", Rejected, "Jira refuses the request (415)."),
        (429, {"message": "Slow down."}, Unavailable, "Jira asks to try again later: Slow down."),
    ],
)
def test_a_sure_no_is_told_in_jiras_own_words(
    jira: JiraStandIn, client: JiraClient, status: int, body: Any, kind: type[AdapterError], message: str
) -> None:
    jira.fault("*", status=status, body=body, times=2)
    calls: list[Callable[[], object]] = [lambda: create(client), lambda: client.issue("OPS-1")]
    for call in calls:
        with pytest.raises(AdapterError) as caught:
            call()
        assert (type(caught.value), str(caught.value)) == (kind, message)
    assert len(jira.calls) == 2


@pytest.mark.parametrize(
    "body",
    [
        "5",
        "null",
        "[[]]",
        '{"errorMessages": 5}',
        '{"errorMessages": [{}], "errors": []}',
        '{"errors": {"a": [1]}}',
        "[",
    ],
)
def test_an_error_body_of_unexpected_shape_is_still_a_refusal(jira: JiraStandIn, client: JiraClient, body: str) -> None:
    jira.fault("createIssue", status=400, body=body)
    with pytest.raises(Invalid) as caught:
        create(client)
    assert (str(caught.value), caught.value.fields) == ("Jira does not accept the content.", {})


def test_the_time_to_wait_is_read_from_both_forms_of_retry_after(jira: JiraStandIn, client: JiraClient) -> None:
    jira.fault("createIssue", status=429, headers={"Retry-After": "17"})
    with pytest.raises(Unavailable) as caught:
        create(client)
    assert caught.value.retry_after == 17.0
    assert retry_after({"Retry-After": formatdate(1_800_000_060, usegmt=True)}, 1_800_000_000.0) == 60.0
    assert retry_after({"Retry-After": formatdate(1_800_000_000, usegmt=True)}, 1_800_000_060.0) == 0.0
    assert [retry_after({"Retry-After": junk}, 0.0) for junk in ("", "soon", "nan", "inf")] == [None] * 4
    assert jira.issues == {}


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(jira: JiraStandIn, client: JiraClient, status: int) -> None:
    jira.fault("*", status=status, headers={"Location": f"{jira.url}/rest/api/3/myself"})
    with pytest.raises(Rejected) as caught:
        create(client)
    assert "redirect" in str(caught.value)
    assert len(jira.calls) == 1


def test_a_refused_connection_is_a_sure_no() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    client = JiraClient(f"http://127.0.0.1:{port}", "connect@example.com", TOKEN, 1.0)
    with pytest.raises(Unavailable) as caught:
        create(client)
    assert str(caught.value) == "Jira cannot be reached."


@pytest.mark.parametrize(("base", "token"), [("http://[", TOKEN), ("nowhere", TOKEN), ("http://127.0.0.1:1", "a\nb")])
def test_unusable_settings_are_told_apart_from_a_service_that_is_down(base: str, token: str) -> None:
    with pytest.raises(Rejected) as caught:
        JiraClient(base, "", token, 1.0).myself()
    assert caught.value.code == "settings"


def test_refused_credentials_show_nothing_of_themselves(jira: JiraStandIn) -> None:
    client = JiraClient(jira.url, jira.email if jira.cloud else "", "s3cret-token", 5.0)
    with pytest.raises(Unauthorized) as caught:
        create(client)
    words = "Client must be authenticated to access this resource."
    assert str(caught.value) == f"Jira does not accept the credentials: {words}"
    assert "s3cret-token" not in repr(caught.value) + repr(client) + repr(caught.value.__cause__)
