"""The GitHub stand-in: its answers and payloads have GitHub's own shape, and it refuses what GitHub refuses."""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import requests
from flask import Response
from jsonschema import Draft202012Validator

from sandbox.github import GitHubStandIn
from sandbox.standin import StandIn

OPENAPI = Path(__file__).parents[3] / "shared" / "corpus" / "openapi"
TOKEN = {"Authorization": "Bearer ghp-sandbox"}


class Receiver(StandIn):
    """Takes webhooks, as connect does."""

    service = "receiver"

    def __init__(self) -> None:
        super().__init__()
        self.app.add_url_rule("/webhooks/github", "github", lambda: Response(status=202), methods=["POST"])


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    stand_in = Receiver()
    stand_in.start()
    yield stand_in
    stand_in.stop()


@pytest.fixture
def github(receiver: Receiver) -> Iterator[GitHubStandIn]:
    stand_in = GitHubStandIn("webhook-secret")
    stand_in.target = receiver.url
    stand_in.now = lambda: 1795388400.0
    stand_in.start()
    yield stand_in
    stand_in.stop()


def call(github: GitHubStandIn, method: str, path: str, body: object = None, **given: Any) -> requests.Response:
    given.setdefault("headers", TOKEN)
    return requests.request(method, github.url + path, json=body, timeout=5, allow_redirects=False, **given)


def received(github: GitHubStandIn, receiver: Receiver) -> list[tuple[str, dict[str, Any]]]:
    """Flush, and give back what arrived as (event, payload)."""
    before = len(receiver.calls)
    github.flush()
    return [(each.headers["X-Github-Event"], each.body) for each in receiver.calls[before:]]


def events(github: GitHubStandIn, receiver: Receiver) -> list[str]:
    return [
        f"{event}.{payload['action']}" if "action" in payload else event
        for event, payload in received(github, receiver)
    ]


# --- the schema of GitHub --------------------------------------------------------------------------------------------


def described(name: str) -> dict[str, Any]:
    path = OPENAPI / name
    if not path.exists():
        pytest.skip(f"GitHub's description is not at {path}")
    return cast("dict[str, Any]", _as_json_schema(json.loads(path.read_text())))


def _as_json_schema(node: Any) -> Any:
    """OpenAPI 3.0 says `nullable` where JSON Schema lists another type."""
    if isinstance(node, list):
        return [_as_json_schema(each) for each in cast("list[Any]", node)]
    if not isinstance(node, dict):
        return node
    made = {key: _as_json_schema(value) for key, value in cast("dict[str, Any]", node).items()}
    if made.pop("nullable", False) is True and isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
        if "enum" in made:
            made["enum"] = [*made["enum"], None]
    return made


def mistakes(document: dict[str, Any], schema: dict[str, Any], value: Any) -> list[str]:
    validator: Any = Draft202012Validator(schema | {"components": document["components"]})
    return [f"{list(error.absolute_path)}: {error.message}" for error in validator.iter_errors(value)]


def everything(github: GitHubStandIn) -> None:
    """One of each thing that can happen."""
    pull = github.open_pull_request("acme/web", "Add login", draft=True, body="Closes #9")
    github.ready_for_review("acme/web", pull)
    github.label("acme/web", pull, "bug")
    github.push("acme/web", "feature", [("Fix it", "hubot")])
    github.close_pull_request("acme/web", pull)
    github.reopen_pull_request("acme/web", pull)
    github.comment("acme/web", pull, "hubot", "Nice")
    github.merge_pull_request("acme/web", pull)
    issue = github.open_issue("acme/secret", "Login fails", "octocat", "Always")
    github.label("acme/secret", issue, "brand new")
    github.comment("acme/secret", issue, "octocat", "Still")
    github.close_issue("acme/secret", issue, "not_planned")
    github.reopen_issue("acme/secret", issue)
    github.push("acme/web", "other", [("One", "octocat"), ("Two", "hubot")], forced=True)
    github.release("acme/web", "v1.0", "One", "All new")
    github.release("acme/web", "v1.1rc1", "", "", prerelease=True)
    deployment = github.deploy("acme/web", "production", "main")
    github.deployment_status("acme/web", deployment, "success", "Live")
    call(github, "PATCH", "/repos/acme/secret/issues/1", {"title": "Login fails always"})
    github.rename_repository("acme/web", "site")
    github.ping("acme/site")


def test_every_payload_is_valid_by_the_description_of_github(github: GitHubStandIn, receiver: Receiver) -> None:
    document = described("github-webhooks.reduced.json")
    everything(github)
    found: dict[str, list[str]] = {}
    for event, payload in received(github, receiver):
        action = f"-{payload['action']}" if "action" in payload else ""
        name = f"{event}{action}".replace("_", "-")
        body = document["webhooks"][name]["post"]["requestBody"]["content"]["application/json"]["schema"]
        found[name] = mistakes(document, body, payload)
        assert event == "ping" or mistakes(document, body, payload | {"repository": None}) != []
    assert (len(found), {name: wrong for name, wrong in found.items() if wrong}) == (21, {})


def test_every_answer_is_valid_by_the_description_of_github(github: GitHubStandIn) -> None:
    document = described("github-rest.reduced.json")
    everything(github)
    repo, issue = "/repos/{owner}/{repo}", "/repos/{owner}/{repo}/issues/{issue_number}"
    there = "/repos/acme/site"
    pull = github.open_pull_request("acme/site", "Open")
    checks: list[tuple[str, str, str, object, int]] = [
        ("get", "/user", "/user", None, 200),
        ("get", "/users/octocat", "/users/{username}", None, 200),
        ("get", "/users/nobody", "/users/{username}", None, 404),
        ("get", "/rate_limit", "/rate_limit", None, 200),
        ("get", there, repo, None, 200),
        ("get", "/repos/acme/none", repo, None, 404),
        ("get", "/repos/acme/web", repo, None, 301),
        ("get", f"{there}/labels", f"{repo}/labels", None, 200),
        ("get", f"{there}/issues?state=all", f"{repo}/issues", None, 200),
        ("post", f"{there}/issues", f"{repo}/issues", {"title": "T", "labels": ["bug"]}, 201),
        ("post", f"{there}/issues", f"{repo}/issues", {"title": ""}, 422),
        ("get", "/repos/acme/secret/issues/1", issue, None, 200),
        ("patch", f"{there}/issues/3", issue, {"state": "closed", "body": "Done"}, 200),
        ("get", f"{there}/issues/1/comments", f"{issue}/comments", None, 200),
        ("post", f"{there}/issues/1/comments", f"{issue}/comments", {"body": "Hi"}, 201),
        ("get", f"{there}/issues/1/labels", f"{issue}/labels", None, 200),
        ("post", f"{there}/issues/1/labels", f"{issue}/labels", {"labels": ["docs"]}, 200),
        ("get", f"{there}/pulls/1", f"{repo}/pulls/{{pull_number}}", None, 200),
        ("get", f"{there}/pulls/{pull}", f"{repo}/pulls/{{pull_number}}", None, 200),
    ]
    for method, path, template, body, status in checks:
        answer = call(github, method, path, body)
        assert (path, answer.status_code) == (path, status)
        response = document["paths"][template][method]["responses"][str(status)]
        if "$ref" in response:
            response = document["components"]["responses"][response["$ref"].rpartition("/")[2]]
        schema = response["content"]["application/json"]["schema"]
        assert (path, mistakes(document, schema, answer.json())) == (path, [])


# --- webhooks --------------------------------------------------------------------------------------------------------


def test_what_happens_is_told_in_order_under_the_names_of_github(github: GitHubStandIn, receiver: Receiver) -> None:
    everything(github)
    assert events(github, receiver) == [
        "pull_request.opened",
        "pull_request.ready_for_review",
        "pull_request.labeled",
        "push",
        "pull_request.synchronize",
        "pull_request.closed",
        "pull_request.reopened",
        "issue_comment.created",
        "pull_request.closed",
        "push",
        "issues.opened",
        "issues.labeled",
        "issue_comment.created",
        "issues.closed",
        "issues.reopened",
        "push",
        "release.published",
        "release.created",
        "release.released",
        "release.published",
        "release.created",
        "release.prereleased",
        "deployment.created",
        "deployment_status.created",
        "issues.edited",
        "repository.renamed",
        "ping",
    ]


def test_a_webhook_is_signed_and_named(github: GitHubStandIn, receiver: Receiver) -> None:
    github.open_issue("acme/web", "Ünïcode")
    github.flush()
    ((outgoing, status),) = github.sent
    (arrived,) = receiver.calls
    digest = hmac.new(b"webhook-secret", outgoing.body, hashlib.sha256).hexdigest()
    names = ("X-Hub-Signature-256", "X-Github-Event", "X-Github-Hook-Id", "Content-Type", "User-Agent")
    assert status == 202
    assert [arrived.headers[name] for name in names] == [
        f"sha256={digest}",
        "issues",
        "292430182",
        "application/json",
        "GitHub-Hookshot/044aadd",
    ]
    assert len(arrived.headers["X-Github-Delivery"]) == 36
    assert arrived.body["issue"]["title"] == "Ünïcode"


def test_a_redelivery_repeats_the_id_and_another_event_does_not(github: GitHubStandIn, receiver: Receiver) -> None:
    github.redeliver()
    github.open_issue("acme/web", "One")
    github.redeliver(2)
    github.open_issue("acme/web", "Two")
    github.flush()
    ids = [each.headers["X-Github-Delivery"] for each in receiver.calls]
    assert [ids.index(each) for each in ids] == [0, 0, 0, 3]
    assert [each.body["issue"]["title"] for each in receiver.calls] == ["One", "One", "One", "Two"]


def test_what_the_api_writes_is_told_with_the_account_of_the_token_as_sender(
    github: GitHubStandIn, receiver: Receiver
) -> None:
    call(github, "POST", "/repos/acme/web/issues", {"title": "T", "body": "B", "labels": ["bug", {"name": "new"}]})
    call(github, "POST", "/repos/acme/web/issues/1/comments", {"body": "C"})
    call(github, "PATCH", "/repos/acme/web/issues/1", {"title": "U", "state": "closed", "labels": ["bug"]})
    call(github, "PATCH", "/repos/acme/web/issues/1", {"title": "U", "state": "open"})
    arrived = received(github, receiver)
    assert [f"{event}.{payload['action']}" for event, payload in arrived] == [
        "issues.opened",
        "issues.labeled",
        "issues.labeled",
        "issue_comment.created",
        "issues.edited",
        "issues.closed",
        "issues.reopened",
    ]
    assert {payload["sender"]["login"] for _, payload in arrived} == {"connect-app"}
    assert arrived[4][1]["changes"] == {"title": {"from": "T"}}


def test_a_merge_shows_who_merged_and_pushes_to_the_base(github: GitHubStandIn, receiver: Receiver) -> None:
    number = github.open_pull_request("acme/web", "Add login")
    github.merge_pull_request("acme/web", number, by="hubot")
    _, (_, closed), (_, push) = received(github, receiver)
    pull = closed["pull_request"]
    assert (pull["state"], pull["merged"], pull["merged_by"]["login"]) == ("closed", True, "hubot")
    assert (push["ref"], push["after"], push["head_commit"]["id"]) == (
        "refs/heads/main",
        *[pull["merge_commit_sha"]] * 2,
    )
    assert push["before"] == pull["base"]["sha"]
    with pytest.raises(ValueError, match="cannot be merged"):
        github.merge_pull_request("acme/web", number)


def test_a_push_to_a_new_branch_has_nothing_before(github: GitHubStandIn, receiver: Receiver) -> None:
    github.push("acme/web", "new", [("One", "octocat")])
    github.push("acme/web", "new", [("Two", "hubot")], forced=True)
    (_, first), (_, second) = received(github, receiver)
    assert (first["created"], first["before"], first["forced"]) == (True, "0" * 40, False)
    assert (second["created"], second["before"], second["forced"]) == (False, first["after"], True)
    assert (second["pusher"]["name"], second["sender"]["login"]) == ("Hubot", "hubot")


def test_closing_twice_is_told_once(github: GitHubStandIn, receiver: Receiver) -> None:
    number = github.open_issue("acme/web", "T")
    github.close_issue("acme/web", number)
    github.close_issue("acme/web", number)
    github.label("acme/web", number, "bug")
    github.label("acme/web", number, "bug")
    github.ready_for_review("acme/web", number)
    assert events(github, receiver) == ["issues.opened", "issues.closed", "issues.labeled"]


# --- the API ---------------------------------------------------------------------------------------------------------


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
