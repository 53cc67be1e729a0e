"""What links to GitHub lead to: the real client against the stand-in."""

from typing import Any

import pytest

from adapters.errors import NotFound
from adapters.github.addresses import Linked
from adapters.github.apps import AppKey
from adapters.github.client import GitHubClient
from sandbox.github import GitHubStandIn
from sandbox.github.access import APP_ID
from tests.adapters import github_cases
from tests.adapters.github_cases import THEN, made
from tests.github_app import pems

github = github_cases.github
client = github_cases.client

WEB = "acme/web"


@pytest.fixture(autouse=True)
def things(github: GitHubStandIn) -> None:
    github.now = lambda: float(THEN)
    github.open_pull_request(WEB, "Oil it", head="fix/oil")
    github.push(WEB, "fix/oil", [("Oil the door\n\nIt squeaks.", "octocat")])
    github.release(WEB, "app/v1.0", "One", "All new")
    github.contents[WEB, "src/a.py"] = "".join(f"line {number}\r\n" for number in range(1, 41))
    github.contents[WEB, "picture.png"] = "a\0b"
    github.contents[WEB, "large.txt"] = "x" * (1024 * 1024 + 1)


def lines(ref: str, first: int, last: int, repository: str = WEB) -> Linked:
    return Linked("lines", repository, ref=ref, first=first, last=last)


def code(client: GitHubClient, linked: Linked) -> dict[str, Any]:
    return client.shown(linked)["code"]


def test_lines_are_those_of_the_link_and_no_more_than_are_shown(client: GitHubClient) -> None:
    assert code(client, lines("main/src/a.py", 10, 11)) == {
        "path": "src/a.py", "ref": "main", "first": 10, "last": 11, "text": "line 10\nline 11", "more": 0,
    }  # fmt: skip
    many = code(client, lines("main/src/a.py", 10, 99))
    shown = many["text"].split("\n")
    assert (len(shown), shown[-1], many["more"], many["last"]) == (20, "line 29", 11, 40)


def test_a_branch_or_a_tag_may_have_slashes(github: GitHubStandIn, client: GitHubClient) -> None:
    github.create_branch(WEB, "fix/oil-more")
    assert code(client, lines("fix/oil/src/a.py", 1, 1))["ref"] == "fix/oil"
    assert code(client, lines("app/v1.0/src/a.py", 1, 1))["ref"] == "app/v1.0"
    sha = github.repos[0].heads["fix/oil"]
    github.calls.clear()
    assert code(client, lines(f"{sha}/src/a.py", 1, 1))["ref"] == sha
    with pytest.raises(NotFound):
        client.shown(lines(f"{sha}/src/b.py", 1, 1))
    assert made(github) == ["repos/get-content"] * 2


@pytest.mark.parametrize("ref", ["main/none.py", "gone/src/a.py", "main/src", "main/picture.png", "main/large.txt"])
def test_what_is_no_text_is_not_found(client: GitHubClient, ref: str) -> None:
    with pytest.raises(NotFound):
        client.shown(lines(ref, 1, 2))


def test_lines_beyond_the_end_are_not_found(client: GitHubClient) -> None:
    with pytest.raises(NotFound):
        client.shown(lines("main/src/a.py", 41, 50))


def test_a_commit_comes_without_its_files(github: GitHubStandIn, client: GitHubClient) -> None:
    sha = github.repos[0].heads["fix/oil"]
    [(_, commit)] = client.shown(Linked("commit", WEB, ref=sha[:9])).items()
    assert (commit["sha"], commit["commit"]["message"], commit["stats"]["additions"], commit["changed_files"]) == (
        sha, "Oil the door\n\nIt squeaks.", 12, 1,
    )  # fmt: skip
    with pytest.raises(NotFound):
        client.shown(Linked("commit", WEB, ref="0123abc"))


def test_a_comment_comes_with_what_it_is_on_whatever_number_the_link_has(
    github: GitHubStandIn, client: GitHubClient
) -> None:
    said, remark = github.comment(WEB, 1, "hubot", "Nice"), github.remark(WEB, 1, "hubot", "Here")
    review = github.review(WEB, 1, "hubot", "approved", "Fine")
    for linked, body in (
        (Linked("comment", WEB, 99, said), "Nice"),
        (Linked("review_comment", WEB, 99, remark), "Here"),
        (Linked("review", WEB, 1, review), "Fine"),
    ):
        found = client.shown(linked)
        words = found.get("comment") or found["review"]
        assert (words["body"], found["issue"]["title"]) == (body, "Oil it")


def test_releases_runs_accounts_and_repositories_are_read_by_themselves(
    github: GitHubStandIn, client: GitHubClient
) -> None:
    run = github.repos[0].runs[github.start_run(WEB, "main", event="push")]
    github.calls.clear()
    assert client.shown(Linked("release", WEB, ref="app/v1.0"))["release"]["name"] == "One"
    assert client.shown(Linked("run", WEB, ident=run.id))["workflow_run"]["name"] == "CI"
    assert client.shown(Linked("account", ref="octocat"))["account"]["name"] == "Mona"
    assert client.repository_shown(WEB)["private"] is False
    assert made(github) == [
        "repos/get-release-by-tag", "actions/get-workflow-run", "users/get-by-username", "repos/get",
    ]  # fmt: skip


def test_what_is_asked_again_is_asked_for_changes_only(github: GitHubStandIn, client: GitHubClient) -> None:
    for _ in range(2):
        code(client, lines("main/src/a.py", 1, 2))
    assert [bool(call.headers.get("If-None-Match")) for call in github.calls] == [False, True]


def test_an_issue_that_was_transferred_is_not_taken_for_another_with_its_number(
    github: GitHubStandIn, client: GitHubClient
) -> None:
    other = github.open_issue("acme/secret", "Confidential"), github.open_issue("acme/secret", "Another")
    number = github.open_issue(WEB, "Move me")
    github.transfer_issue(WEB, number, "acme/secret")
    assert number in other
    for look in (
        lambda: client.shown(Linked("ticket", WEB, number)),
        lambda: client.ticket(WEB, number),
        lambda: client.set_state(WEB, number, "closed"),
        lambda: client.add_comment(WEB, number, "Hello", "ct_1"),
    ):
        with pytest.raises(NotFound):
            look()
    assert [(each.state, each.comments) for each in github.repos[1].tickets.values()] == [("open", [])] * 3


def test_an_app_that_is_not_installed_there_reads_what_is_public(github: GitHubStandIn) -> None:
    private, public = pems()
    github.app_keys[APP_ID] = public
    app = GitHubClient(AppKey(APP_ID, private), github.url, 10, lambda: float(THEN))
    github.install(repos=frozenset())
    assert app.repository_shown(WEB)["full_name"] == WEB
    assert app.shown(Linked("ticket", WEB, 1))["pull_request"]["title"] == "Oil it"
    with pytest.raises(NotFound):
        app.repository_shown("acme/secret")
