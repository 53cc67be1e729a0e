"""The real client against the GitHub stand-in: what each kind of failure is reported as, and where redirects lead."""

import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any

import pytest

from adapters.errors import AdapterError, Invalid, NotFound, OutcomeUnknown, Rejected, Unauthorized, Unavailable
from adapters.github.client import GitHubClient
from sandbox.github import GitHubStandIn
from tests.adapters import github_cases
from tests.adapters.github_cases import TIMEOUT, TOKEN, issues, made

github = github_cases.github
client = github_cases.client
hasty = github_cases.hasty


# --- a write whose outcome is in doubt -------------------------------------------------------------------------------

LOST_AFTER: list[dict[str, Any]] = [
    {"kind": "reset", "after": True},
    {"kind": "half", "after": True},
    {"kind": "drip", "after": True, "seconds": 0.01},
    {"kind": "hang", "after": True, "seconds": 2 * TIMEOUT},
    *({"kind": "status", "after": True, "status": status} for status in (408, 500, 502, 503, 504)),
    {"kind": "status", "after": True, "status": 502, "body": "<html>Bad gateway</html>"},
    {"kind": "status", "after": True, "status": 502, "body": '{"mess'},
    {"kind": "status", "after": True, "status": 502, "body": "[1]"},
    {"kind": "status", "after": True, "status": 201, "body": "<html>Welcome to the hotel</html>"},
    {"kind": "status", "after": True, "status": 201, "body": ""},
    {"kind": "status", "after": True, "status": 201, "body": "null"},
    {"kind": "status", "after": True, "status": 201, "body": "[]"},
    {"kind": "status", "after": True, "status": 201, "body": "[" * 100_000},
    {"kind": "status", "after": True, "status": 201, "body": {"id": "x", "number": [], "html_url": 1, "title": {}}},
]


@pytest.mark.parametrize("fault", LOST_AFTER)
def test_a_write_whose_answer_is_lost_is_sent_once_and_unknown(
    github: GitHubStandIn, client: GitHubClient, hasty: GitHubClient, fault: dict[str, Any]
) -> None:
    github.fault("issues/create", **fault)
    with pytest.raises(OutcomeUnknown):
        hasty.create_issue("acme/web", "Login fails", "…", "ct_1")
    assert issues(github) == ["Login fails"]
    found = client.find_issue("acme/web", "ct_1", github.now())
    assert found is not None
    assert made(github) == ["issues/create", "issues/list-for-repo"]


@pytest.mark.parametrize("fault", LOST_AFTER)
def test_a_comment_whose_answer_is_lost_is_sent_once_and_unknown(
    github: GitHubStandIn, client: GitHubClient, hasty: GitHubClient, fault: dict[str, Any]
) -> None:
    number = github.open_issue("acme/web", "Login fails")
    github.fault("issues/create-comment", **fault)
    with pytest.raises(OutcomeUnknown):
        hasty.add_comment("acme/web", number, "Seen", "ct_1")
    assert len(github.repos[0].tickets[number].comments) == 1
    assert client.find_comment("acme/web", number, "ct_1", github.now()) is not None


@pytest.mark.parametrize("kind", ["reset", "late"])
def test_a_connection_that_closes_without_an_answer_is_unknown(
    github: GitHubStandIn, client: GitHubClient, kind: str
) -> None:
    github.fault("issues/create", kind=kind, seconds=0.01)
    with pytest.raises(OutcomeUnknown):
        client.create_issue("acme/web", "Login fails", "…", "ct_1")
    assert made(github) == ["issues/create"]


@pytest.mark.parametrize("fault", LOST_AFTER)
def test_a_read_whose_answer_is_lost_can_be_tried_again(
    github: GitHubStandIn, client: GitHubClient, hasty: GitHubClient, fault: dict[str, Any]
) -> None:
    github.fault("*", **fault)
    with pytest.raises(Unavailable):
        hasty.repository("acme/web")
    assert client.repository("acme/web").full_name == "acme/web"
    assert made(github) == ["repos/get", "repos/get"]


def test_a_refused_connection_is_a_sure_no() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    client = GitHubClient(TOKEN, f"http://127.0.0.1:{port}", TIMEOUT)
    with pytest.raises(Unavailable):
        client.create_issue("acme/web", "Login fails", "…", "ct_1")


def test_a_connection_that_is_never_made_is_a_sure_no() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, socket.socket() as first, socket.socket() as second:
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        client = GitHubClient(TOKEN, f"http://127.0.0.1:{full.getsockname()[1]}", TIMEOUT)
        with pytest.raises(Unavailable):
            client.create_issue("acme/web", "Login fails", "…", "ct_1")


# --- a sure no -------------------------------------------------------------------------------------------------------

SECONDARY = {
    "message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
    "documentation_url": "https://docs.github.com/free-pro-team@latest/rest/overview/rate-limits-for-the-rest-api",
}


@pytest.mark.parametrize(
    ("status", "headers", "body", "wait"),
    [
        (403, {"Retry-After": "7"}, SECONDARY, 7.0),
        (429, {"Retry-After": "0"}, {}, 0.0),
        (403, {}, SECONDARY, 60.0),
        (429, {}, {}, 60.0),
        (429, {"Retry-After": "soon"}, {}, 60.0),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1500000000"}, {}, 1.0),
        (403, {"x-ratelimit-remaining": "0"}, {"message": "API rate limit exceeded for user ID 1."}, 60.0),
    ],
)
def test_a_rate_limit_names_the_time_to_wait(
    github: GitHubStandIn,
    client: GitHubClient,
    status: int,
    headers: dict[str, str],
    body: dict[str, Any],
    wait: float,
) -> None:
    github.fault("issues/create", status=status, headers=headers, body=body)
    with pytest.raises(Unavailable) as caught:
        client.create_issue("acme/web", "Login fails", "…", "ct_1")
    assert caught.value.retry_after == wait
    assert (issues(github), made(github)) == ([], ["issues/create"])


def test_the_time_to_wait_may_be_a_date(github: GitHubStandIn, client: GitHubClient) -> None:
    headers = {"Retry-After": format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)}
    github.fault("issues/create", status=429, headers=headers, body={})
    with pytest.raises(Unavailable) as caught:
        client.create_issue("acme/web", "Login fails", "…", "ct_1")
    assert caught.value.retry_after == pytest.approx(100, abs=10)


def test_the_end_of_a_rate_limit_is_counted_by_the_clock_of_github(
    github: GitHubStandIn, client: GitHubClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.github.failures.time", SimpleNamespace(time=lambda: 0.0))
    reset = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(github.now()) + 90)}
    github.fault("repos/get", status=403, headers=reset)
    with pytest.raises(Unavailable) as caught:
        client.repository("acme/web")
    assert caught.value.retry_after == pytest.approx(90, abs=3)


@pytest.mark.parametrize(
    ("status", "body", "error", "said"),
    [
        (400, {"message": "Problems parsing JSON"}, Rejected, "GitHub refused: Problems parsing JSON"),
        (403, {"message": "Resource not accessible"}, Rejected, "GitHub refused: Resource not accessible"),
        (403, "<html>No</html>", Rejected, "GitHub refused (status 403)."),
        (451, {"message": "Repository access blocked"}, Rejected, "GitHub refused: Repository access blocked"),
        (401, {"message": "Bad credentials"}, Unauthorized, "GitHub does not accept the token: Bad credentials"),
        (
            410,
            {"message": "Issues has been disabled in this repository."},
            NotFound,
            "GitHub does not have this, or the token may not see it: Issues has been disabled in this repository.",
        ),
        (
            404,
            {"message": "Not Found"},
            NotFound,
            "GitHub does not have this, or the token may not see it: Not Found",
        ),
    ],
)
def test_a_refusal_is_told_in_a_sentence(
    github: GitHubStandIn, client: GitHubClient, status: int, body: Any, error: type[AdapterError], said: str
) -> None:
    github.fault("issues/create", status=status, body=body)
    with pytest.raises(error) as caught:
        client.create_issue("acme/web", "Login fails", "…", "ct_1")
    assert (type(caught.value), str(caught.value), issues(github)) == (error, said, [])


def test_a_field_that_github_does_not_accept_is_named(client: GitHubClient) -> None:
    with pytest.raises(Invalid) as blank:
        client.create_issue("acme/web", " ", "…", "ct_1")
    assert blank.value.fields == {"title": "is required"}
    with pytest.raises(Invalid) as long:
        client.create_issue("acme/web", "x" * 257, "…", "ct_1")
    assert long.value.fields == {"title": "title is too long (maximum is 256 characters)"}
    assert str(blank.value) == "GitHub does not accept the content: Validation Failed title: is required."


@pytest.mark.parametrize("errors", [["Only one thing"], "Only one thing", [{"code": 5}], [None], {"a": 1}, None])
def test_validation_errors_of_any_shape_are_taken(github: GitHubStandIn, client: GitHubClient, errors: Any) -> None:
    github.fault("issues/create", status=422, body={"message": "Validation Failed", "errors": errors})
    with pytest.raises(Invalid, match="Validation Failed"):
        client.create_issue("acme/web", "t", "…", "ct_1")


def test_an_archived_repository_refuses_and_a_wrong_token_is_unauthorized(
    github: GitHubStandIn, client: GitHubClient
) -> None:
    github.repos[0].archived = True
    with pytest.raises(Rejected, match="Repository was archived so is read-only"):
        client.create_issue("acme/web", "t", "…", "ct_1")
    with pytest.raises(Unauthorized):
        GitHubClient("wrong", github.url, TIMEOUT).myself()


@pytest.mark.parametrize(
    "name",
    ["", "acme", "acme/web/issues", "../user", "acme/..", "acme/.", "./web", "a..b/c", "acme/web?x", "é/w", "a/b\n"],
)
def test_what_is_no_repository_name_never_becomes_an_address(
    github: GitHubStandIn, client: GitHubClient, name: str
) -> None:
    with pytest.raises(NotFound, match="is not the name of a GitHub repository"):
        client.create_issue(name, "t", "b", "m")
    assert github.calls == []


@pytest.mark.parametrize(
    "fault", [{"kind": "reset"}, {"status": 401}, {"status": 403}, {"status": 500}, {"status": 422}]
)
def test_no_error_tells_the_token(github: GitHubStandIn, client: GitHubClient, fault: dict[str, Any]) -> None:
    github.fault("issues/create", **fault)
    with pytest.raises(AdapterError) as caught:
        client.create_issue("acme/web", "t", "b", "m")
    chain = [caught.value, caught.value.__cause__, caught.value.__context__]
    assert not any(TOKEN in f"{error} {error!r}" for error in chain)
    assert TOKEN not in repr(client)


# --- a repository that moved -----------------------------------------------------------------------------------------


def test_a_renamed_repository_is_followed_by_its_id_with_the_whole_query(
    github: GitHubStandIn, client: GitHubClient
) -> None:
    github.rename_repository("acme/web", "site")
    assert client.repository("acme/web").full_name == "acme/site"
    issue = client.create_issue("acme/web", "Login fails", "…", "ct_1")
    github.close_issue("acme/site", issue.number)
    comment = client.add_comment("acme/web", issue.number, "…", "ct_2")
    assert client.find_issue("acme/web", "ct_1", github.now()) == issue
    assert client.find_comment("acme/web", issue.number, "ct_2", github.now()) == comment
    assert (issues(github, "acme/site"), len(github.calls_to("issues/create"))) == (["Login fails"], 2)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("path", ["/repositories/5/issues", "/collect"])
def test_a_redirect_to_another_host_is_refused_and_not_followed(
    github: GitHubStandIn, client: GitHubClient, status: int, path: str
) -> None:
    elsewhere = GitHubStandIn("webhook-secret", TOKEN)
    elsewhere.start()
    github.fault("issues/create", status=status, headers={"Location": elsewhere.url + path}, body={"message": "Moved"})
    with pytest.raises(Rejected, match="another address"):
        client.create_issue("acme/web", "t", "b", "m")
    elsewhere.stop()
    assert (elsewhere.calls, made(github)) == ([], ["issues/create"])


def test_redirects_in_a_circle_end(github: GitHubStandIn, client: GitHubClient) -> None:
    github.fault("issues/create", times=9, status=307, headers={"Location": f"{github.url}/repositories/5/issues"})
    github.fault("repos/get", times=9, status=301, headers={"Location": f"{github.url}/repositories/5"})
    with pytest.raises(Rejected, match="use its new name"):
        client.create_issue("acme/web", "t", "b", "m")
    assert made(github) == ["issues/create", "repos/get", "issues/create"]
