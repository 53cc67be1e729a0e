"""What an issue is opened with, and the search: the real client against the stand-in."""

import pytest

from adapters.errors import Invalid
from adapters.github.apps import AppKey
from adapters.github.client import GitHubClient
from adapters.github.issues import Issue
from adapters.github.repositories import Listed, Milestone
from adapters.github.searching import Hit
from sandbox.github import GitHubStandIn
from sandbox.github.access import APP_ID
from tests.adapters import github_cases
from tests.adapters.github_cases import made
from tests.github_app import pems

github = github_cases.github
client = github_cases.client


def test_an_issue_is_opened_with_all_that_it_may_have(github: GitHubStandIn, client: GitHubClient) -> None:
    github.allow("acme/web", "ada", "read")
    github.add_milestone("acme/web", "1.0")
    assert client.milestones("acme/web") == [Milestone(1, "1.0")]
    assert client.people("acme/web") == ["acme", "ada"]
    issue = client.create_issue("acme/web", "T", "B", "ct_1", ["bug"], ["ada"], 1)
    ticket = github.repos[0].tickets[1]
    whole = Issue(ticket.id, 1, f"{github.url}/acme/web/issues/1", "T", ("bug",), ("ada",), 1)
    assert (issue, client.find_issue("acme/web", "ct_1", ticket.created_at)) == (whole, whole)
    with pytest.raises(Invalid) as refused:
        client.create_issue("acme/web", "T", "B", "ct_2", (), ["zebra"])
    assert refused.value.fields == {"assignees": "is not valid"}


def test_an_issue_has_a_type_that_its_owner_has(github: GitHubStandIn, client: GitHubClient) -> None:
    github.repos[0].types = ("Bug",)
    issue = client.create_issue("acme/web", "T", "B", "ct_1", type="Bug")
    found = client.find_issue("acme/web", "ct_1", github.repos[0].tickets[1].created_at)
    assert (issue.type, found) == ("Bug", issue)
    with pytest.raises(Invalid) as refused:
        client.create_issue("acme/web", "T", "B", "ct_2", type="Wish")
    assert refused.value.fields == {"type": "is not valid"}


def test_the_files_of_a_folder_are_named(github: GitHubStandIn, client: GitHubClient) -> None:
    for path in (".github/ISSUE_TEMPLATE/bug.md", ".github/ISSUE_TEMPLATE/old/form.yml", "README.md"):
        github.contents["acme/web", path] = "text"
    paths = (".github/ISSUE_TEMPLATE", "", ".github/none", "README.md")
    assert [client.folder("acme/web", path) for path in paths] == [["bug.md"], ["README.md"], [], []]


def test_repositories_are_those_of_the_account_or_of_the_installations(
    github: GitHubStandIn, client: GitHubClient
) -> None:
    github.repos[1].archived = True
    both = [Listed("acme/secret", True, False), Listed("acme/web", False, True)]
    assert sorted(client.repositories(), key=lambda each: each.full_name) == both
    private, github.app_keys[APP_ID] = pems()
    app = GitHubClient(AppKey(APP_ID, private), github.url, 10)
    github.install("acme", frozenset({"web"}))
    assert (app.owners(), client.owners(), app.repositories()) == (["acme"], [], [both[1]])


def test_a_page_of_what_is_found(github: GitHubStandIn, client: GitHubClient) -> None:
    github.open_issue("acme/web", "Door stuck", author="ada")
    for state, head in (("open", "a"), ("merged", "b"), ("draft", "c")):
        number = github.open_pull_request("acme/web", f"Door {state}", head=head, draft=state == "draft")
        if state == "merged":
            github.merge_pull_request("acme/web", number)
    hits, more = client.search_tickets("door user:acme", size=3)
    assert (len(hits), more, client.search_tickets("door user:acme", 2, size=3)[1]) == (3, True, False)
    found = {hit.number: hit for hit in (*hits, *client.search_tickets("door user:acme", 2, size=3)[0])}
    assert [found[number].state for number in (1, 2, 3, 4)] == ["open", "open", "merged", "draft"]
    assert found[1] == Hit(
        "acme/web", 1, "Door stuck", f"{github.url}/acme/web/issues/1", "open", False, "ada", (), found[1].updated
    )
    assert found[1].resource == "acme/web#1"
    assert made(github)[-1] == "search/issues-and-pull-requests"
