"""The GitHub stand-in: one thing by its id or name, valid by GitHub's own description."""

import base64

import pytest

from sandbox.github import GitHubStandIn
from tests.sandbox import github_cases
from tests.sandbox.github_cases import call
from tests.sandbox.test_github_schema import described, mistakes

receiver = github_cases.receiver
github = github_cases.github

HERE = "/repos/acme/web"
REPO = "/repos/{owner}/{repo}"


@pytest.fixture(autouse=True)
def things(github: GitHubStandIn) -> None:
    github.open_pull_request("acme/web", "Oil it", head="fix/oil")
    github.push("acme/web", "fix/oil", [("Oil the door", "octocat")])
    github.release("acme/web", "app/v1.0", "One", "All new")
    github.contents["acme/web", "src/a.py"] = "print(1)\n"
    github.contents["acme/web", "large.txt"] = "x" * (1024 * 1024 + 1)


def paths(github: GitHubStandIn) -> list[tuple[str, str]]:
    said, remark = github.comment("acme/web", 1, "hubot", "Nice"), github.remark("acme/web", 1, "hubot", "Here")
    review, suite = github.review("acme/web", 1, "hubot", "approved"), github.start_run("acme/web", "main")
    run, sha = github.repos[0].runs[suite].id, github.repos[0].heads["fix/oil"]
    return [
        (f"issues/comments/{said}", "issues/comments/{comment_id}"),
        (f"pulls/comments/{remark}", "pulls/comments/{comment_id}"),
        (f"pulls/1/reviews/{review}", "pulls/{pull_number}/reviews/{review_id}"),
        (f"commits/{sha}", "commits/{ref}"),
        (f"commits/{sha[:7]}", "commits/{ref}"),
        ("commits/main", "commits/{ref}"),
        ("contents/src/a.py?ref=fix/oil", "contents/{path}"),
        ("contents/src/a.py?ref=app/v1.0", "contents/{path}"),
        ("contents/src", "contents/{path}"),
        ("contents/large.txt", "contents/{path}"),
        ("releases/tags/app/v1.0", "releases/tags/{tag}"),
        (f"actions/runs/{run}", "actions/runs/{run_id}"),
        ("git/matching-refs/heads/fix", "git/matching-refs/{ref}"),
    ]


def test_every_answer_is_valid_by_the_description_of_github(github: GitHubStandIn) -> None:
    document = described("github-rest.reduced.json")
    found: dict[str, tuple[int, list[str]]] = {}
    for path, template in paths(github):
        answer = call(github, "GET", f"{HERE}/{path}")
        responses = document["paths"][f"{REPO}/{template}"]["get"]["responses"]
        schema = responses["200"]["content"]["application/json"]["schema"]
        found[path] = (answer.status_code, mistakes(document, schema, answer.json()))
    assert {path: answer for path, answer in found.items() if answer != (200, [])} == {}


def test_a_comment_on_a_line_is_told_as_github_describes_it(
    github: GitHubStandIn, receiver: github_cases.Receiver
) -> None:
    document = described("github-webhooks.reduced.json")
    github_cases.received(github, receiver)
    github.remark("acme/web", 1, "hubot", "Here")
    [(event, payload)] = github_cases.received(github, receiver)
    name = f"{event}-{payload['action']}".replace("_", "-")
    body = document["webhooks"][name]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert (name, mistakes(document, body, payload)) == ("pull-request-review-comment-created", [])


def test_an_issue_that_was_transferred_is_redirected_to_its_new_place_and_told(
    github: GitHubStandIn, receiver: github_cases.Receiver
) -> None:
    document = described("github-webhooks.reduced.json")
    number = github.open_issue("acme/web", "Move me")
    github_cases.received(github, receiver)
    new = github.transfer_issue("acme/web", number, "acme/secret")
    found = github_cases.received(github, receiver)
    assert [f"{event}.{payload['action']}" for event, payload in found] == ["issues.opened", "issues.transferred"]
    body = document["webhooks"]["issues-transferred"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert mistakes(document, body, found[1][1]) == []
    answer = call(github, "GET", f"{HERE}/issues/{number}/comments")
    there = f"{github.url}/repositories/{github.repos[1].id}/issues/{new}/comments"
    assert (answer.status_code, answer.headers["Location"]) == (301, there)
    assert github.open_issue("acme/web", "The next one") == number + 1


def test_a_file_is_read_where_a_branch_or_a_tag_has_it(github: GitHubStandIn) -> None:
    shown = call(github, "GET", f"{HERE}/contents/src/a.py?ref=fix/oil").json()
    assert base64.b64decode(shown["content"]) == b"print(1)\n"
    large = call(github, "GET", f"{HERE}/contents/large.txt").json()
    assert (large["encoding"], large["content"], large["size"]) == ("none", "", 1024 * 1024 + 1)
    refs = call(github, "GET", f"{HERE}/git/matching-refs/heads/fix").json()
    assert [each["ref"] for each in refs] == ["refs/heads/fix/oil"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("issues/comments/1", 404), ("pulls/comments/1", 404), ("pulls/1/reviews/1", 404), ("actions/runs/0", 404),
        ("commits/0123abc", 422), ("contents/src/a.py?ref=fix", 404), ("contents/none", 404),
        ("releases/tags/none", 404), ("pulls/9/reviews/1", 404),
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(github: GitHubStandIn, path: str, status: int) -> None:
    assert call(github, "GET", f"{HERE}/{path}").status_code == status
