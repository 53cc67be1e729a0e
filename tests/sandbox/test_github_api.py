"""The GitHub stand-in: its API answers as GitHub's does, and it refuses what GitHub refuses."""

from collections.abc import Callable

import pytest
import requests

from sandbox.github import GitHubStandIn
from tests.sandbox import github_cases
from tests.sandbox.github_cases import call

receiver = github_cases.receiver
github = github_cases.github


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({}, "Requires authentication"),
        ({"Authorization": "Bearer wrong"}, "Bad credentials"),
        ({"Authorization": "Basic ghp-sandbox"}, "Bad credentials"),
    ],
)
def test_a_request_without_the_token_is_refused(github: GitHubStandIn, headers: dict[str, str], message: str) -> None:
    answer = call(github, "GET", "/user", headers=headers)
    assert (answer.status_code, answer.json()) == (
        401,
        {"message": message, "documentation_url": "https://docs.github.com/rest", "status": "401"},
    )


def archive(github: GitHubStandIn) -> None:
    github.repos[0].archived = True


def disable_issues(github: GitHubStandIn) -> None:
    github.repos[0].has_issues = False


def nothing(github: GitHubStandIn) -> None:
    del github


def invalid(field: str, code: str, message: str = "", resource: str = "Issue") -> list[dict[str, str]]:
    return [{"resource": resource, "code": code, "field": field} | ({"message": message} if message else {})]


ISSUES, COMMENTS = "/repos/acme/web/issues", "/repos/acme/web/issues/1/comments"


@pytest.mark.parametrize(
    ("prepare", "method", "path", "body", "status", "message", "errors"),
    [
        (nothing, "GET", "/repos/acme/none", None, 404, "Not Found", None),
        (nothing, "GET", "/nothing/here", None, 404, "Not Found", None),
        (nothing, "GET", "/users/nobody", None, 404, "Not Found", None),
        (nothing, "GET", f"{ISSUES}/99", None, 404, "Not Found", None),
        (nothing, "GET", "/repos/acme/web/pulls/1", None, 404, "Not Found", None),
        (nothing, "POST", ISSUES, [], 400, "Problems parsing JSON", None),
        (nothing, "POST", ISSUES, {}, 422, 'Invalid request.\n\n"title" wasn\'t supplied.', None),
        (
            nothing,
            "POST",
            ISSUES,
            {"title": 5},
            422,
            "Invalid request.\n\nFor 'properties/title', 5 is not a string.",
            None,
        ),
        (nothing, "POST", ISSUES, {"title": " "}, 422, "Validation Failed", invalid("title", "missing_field")),
        (
            nothing,
            "POST",
            ISSUES,
            {"title": "T", "body": "x" * 65537},
            422,
            "Validation Failed",
            invalid("body", "custom", "body is too long (maximum is 65536 characters)"),
        ),
        (nothing, "PATCH", f"{ISSUES}/1", {"state": "odd"}, 422, "Validation Failed", invalid("state", "invalid")),
        (
            nothing,
            "POST",
            COMMENTS,
            {"body": " "},
            422,
            "Validation Failed",
            invalid("data", "unprocessable", "Body cannot be blank", "IssueComment"),
        ),
        (
            nothing,
            "GET",
            f"{ISSUES}?state=odd",
            None,
            422,
            "Validation Failed",
            [{"resource": "Issue", "code": "invalid"}],
        ),
        (archive, "POST", ISSUES, {"title": "T"}, 403, "Repository was archived so is read-only.", None),
        (archive, "POST", COMMENTS, {"body": "C"}, 403, "Repository was archived so is read-only.", None),
        (disable_issues, "POST", ISSUES, {"title": "T"}, 410, "Issues has been disabled in this repository.", None),
    ],
)
def test_a_refusal_has_the_form_of_github(
    github: GitHubStandIn,
    prepare: Callable[[GitHubStandIn], None],
    method: str,
    path: str,
    body: object,
    status: int,
    message: str,
    errors: object,
) -> None:
    github.open_issue("acme/web", "T")
    prepare(github)
    answer = call(github, method, path, body)
    expected = {"message": message, "documentation_url": "https://docs.github.com/rest", "status": str(status)}
    assert (answer.status_code, answer.json()) == (status, expected | ({"errors": errors} if errors else {}))
    assert len(github.repos[0].tickets) == 1


def numbers(answer: requests.Response) -> list[int]:
    return [each["number"] for each in answer.json()]


def test_a_list_of_issues_is_filtered_and_sorted(github: GitHubStandIn) -> None:
    now = 1795388400.0
    github.now = lambda: now
    for title in ("a", "b", "c"):
        github.open_issue("acme/web", title)
        now += 1
    github.comment("acme/web", 1, "octocat", "touched")
    github.close_issue("acme/web", 2)
    assert numbers(call(github, "GET", ISSUES)) == [3, 1]
    assert numbers(call(github, "GET", f"{ISSUES}?state=closed")) == [2]
    assert numbers(call(github, "GET", f"{ISSUES}?state=all&direction=asc")) == [1, 2, 3]
    assert numbers(call(github, "GET", f"{ISSUES}?state=all&sort=comments")) == [1, 3, 2]
    assert numbers(call(github, "GET", f"{ISSUES}?state=all&sort=updated&direction=asc")) == [3, 1, 2]
    assert numbers(call(github, "GET", f"{ISSUES}?state=all&since=2026-11-22T23:00:03Z")) == [2, 1]
    assert numbers(call(github, "GET", "/repos/ACME/Web/issues")) == [3, 1]


def test_a_list_is_paged_with_links(github: GitHubStandIn) -> None:
    for title in "abcde":
        github.open_issue("acme/web", title)
    page = f"{github.url}{ISSUES}?per_page=2&page="
    first, middle, last = (call(github, "GET", f"{ISSUES}?per_page=2&page={n}") for n in (1, 2, 3))
    assert [numbers(first), numbers(middle), numbers(last)] == [[5, 4], [3, 2], [1]]
    assert first.headers["Link"] == f'<{page}2>; rel="next", <{page}3>; rel="last"'
    assert {name: link["url"] for name, link in middle.links.items()} == {
        "next": f"{page}3",
        "last": f"{page}3",
        "prev": f"{page}1",
        "first": f"{page}1",
    }
    assert sorted(last.links) == ["first", "prev"]
    assert "Link" not in call(github, "GET", ISSUES).headers


def test_a_lagging_list_leaves_out_what_is_new(github: GitHubStandIn) -> None:
    now = 1795388400.0
    github.now, github.list_lag = lambda: now, 3.0
    github.open_issue("acme/web", "T")
    github.comment("acme/web", 1, "octocat", "C")
    assert (numbers(call(github, "GET", ISSUES)), call(github, "GET", COMMENTS).json()) == ([], [])
    assert call(github, "GET", f"{ISSUES}/1").json()["comments"] == 1
    now += 3
    assert (numbers(call(github, "GET", ISSUES)), len(call(github, "GET", COMMENTS).json())) == ([1], 1)


def test_a_pull_request_is_an_issue_too(github: GitHubStandIn) -> None:
    number = github.open_pull_request("acme/web", "Add login", head="login", draft=True)
    (listed,) = call(github, "GET", ISSUES).json()
    pull = call(github, "GET", f"/repos/acme/web/pulls/{number}").json()
    assert listed["pull_request"]["url"] == pull["url"] == f"{github.url}/repos/acme/web/pulls/1"
    assert listed["html_url"] == pull["html_url"] == f"{github.url}/acme/web/pull/1"
    assert (pull["head"]["ref"], pull["base"]["ref"], pull["draft"]) == ("login", "main", True)


@pytest.mark.parametrize(("method", "status"), [("GET", 301), ("POST", 307)])
def test_a_former_name_leads_to_the_id_with_path_and_query(github: GitHubStandIn, method: str, status: int) -> None:
    repo_id = github.repos[0].id
    github.rename_repository("acme/web", "site")
    answer = call(github, method, "/repos/acme/web/issues?state=all&page=2", {"title": "T"})
    place = f"{github.url}/repositories/{repo_id}/issues?state=all&page=2"
    assert (answer.status_code, answer.headers["Location"]) == (status, place)
    assert call(github, "GET", f"/repositories/{repo_id}").json()["full_name"] == "acme/site"
    assert github.repos[0].tickets == {}


def test_operations_have_the_names_of_github(github: GitHubStandIn) -> None:
    call(github, "GET", "/repos/acme/web")
    call(github, "GET", f"/repositories/{github.repos[0].id}/issues")
    call(github, "DELETE", "/repos/acme/web")
    assert [each.operation for each in github.calls] == ["repos/get", "issues/list-for-repo", "DELETE /repos/acme/web"]
    assert github.calls_to("repos/get")[0].path == "/repos/acme/web"


def test_every_answer_tells_the_rate_limit(github: GitHubStandIn) -> None:
    answer = call(github, "GET", "/user")
    names = ("limit", "used", "reset", "resource")
    assert [answer.headers[f"x-ratelimit-{name}"] for name in names] == ["5000", "1", "1795392000", "core"]


def test_the_driver_knows_only_what_there_is(github: GitHubStandIn) -> None:
    with pytest.raises(KeyError):
        github.open_issue("acme/none", "T")
    with pytest.raises(KeyError):
        github.comment("acme/web", 1, "octocat", "C")
