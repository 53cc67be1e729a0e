"""The GitHub stand-in: what an issue is opened with, and its search."""

from typing import Any

import pytest

from sandbox.github import GitHubStandIn
from sandbox.github.access import Granted
from tests.sandbox import github_cases
from tests.sandbox.github_cases import call

receiver = github_cases.receiver
github = github_cases.github

WEB = "/repos/acme/web"
TEMPLATES = ".github/ISSUE_TEMPLATE"


def found(github: GitHubStandIn, query: str, token: str = "") -> list[str]:
    given = {"headers": {"Authorization": f"Bearer {token}"}} if token else {}
    answer = call(github, "GET", f"/search/issues?q={query}", **given)
    assert answer.status_code == 200, answer.text
    return [f"{'/'.join(each['repository_url'].split('/')[-2:])}#{each['number']}" for each in answer.json()["items"]]


def test_an_issue_is_opened_with_labels_people_and_a_milestone(github: GitHubStandIn) -> None:
    github.allow("acme/web", "ada", "read")
    github.add_milestone("acme/web", "1.0")
    assert [each["title"] for each in call(github, "GET", f"{WEB}/milestones").json()] == ["1.0"]
    assert [each["login"] for each in call(github, "GET", f"{WEB}/assignees").json()] == ["acme", "ada"]
    whole: dict[str, Any] = {"title": "T", "labels": ["bug"], "assignees": ["ada"], "milestone": 1}
    made = call(github, "POST", f"{WEB}/issues", whole).json()
    shown = ([each["name"] for each in made["labels"]], made["assignee"]["login"], made["milestone"]["title"])
    assert shown == (["bug"], "ada", "1.0")
    for field, value in (("assignees", ["zebra"]), ("milestone", 7)):
        answer = call(github, "POST", f"{WEB}/issues", {"title": "T", field: value})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    github.granted["gho_eve"] = Granted(github.person("eve"), float("inf"))
    eve = {"Authorization": "Bearer gho_eve"}
    left = call(github, "POST", f"{WEB}/issues", whole, headers=eve).json()
    assert (left["labels"], left["assignees"], left["milestone"]) == ([], [], None)


def test_a_folder_is_a_list_of_what_is_in_it(github: GitHubStandIn) -> None:
    for path in (f"{TEMPLATES}/bug.md", f"{TEMPLATES}/old/form.yml"):
        github.contents["acme/web", path] = "text"
    listed = call(github, "GET", f"{WEB}/contents/{TEMPLATES}").json()
    assert [(each["name"], each["type"]) for each in listed] == [("bug.md", "file"), ("old", "dir")]
    assert call(github, "GET", f"{WEB}/contents/{TEMPLATES}/bug.md").json()["type"] == "file"
    assert call(github, "GET", "/repos/acme/secret/contents/.github").status_code == 404


def test_repositories_are_listed_for_who_has_a_part_in_them(github: GitHubStandIn) -> None:
    github.allow("acme/secret", "ada", "read")
    github.granted["gho_ada"] = Granted(github.person("ada"), float("inf"))
    listed = call(github, "GET", "/user/repos", headers={"Authorization": "Bearer gho_ada"}).json()
    assert [(each["full_name"], each["permissions"]["push"]) for each in listed] == [("acme/secret", False)]
    assert len(call(github, "GET", "/user/repos").json()) == len(github.repos)
    assert call(github, "GET", "/installation/repositories").status_code == 403


def test_the_search_finds_by_words_and_qualifiers(github: GitHubStandIn) -> None:
    github.open_issue("acme/web", "Door stuck", author="ada")
    github.open_pull_request("acme/web", "Oil the door")
    github.close_issue("acme/web", 1)
    github.open_issue("acme/secret", "Hidden door")
    assert sorted(found(github, "door user:acme is:open")) == ["acme/secret#1", "acme/web#2"]
    assert found(github, "author:ada is:issue") == ["acme/web#1"]
    assert found(github, "(door) -is:pr repo:acme/web") == ["acme/web#1"]
    github.granted["gho_eve"] = Granted(github.person("eve"), float("inf"))
    assert found(github, "door is:issue", "gho_eve") == ["acme/web#1"]


@pytest.mark.parametrize("query", ["", "door repo:acme/none"])
def test_what_cannot_be_searched_is_refused(github: GitHubStandIn, query: str) -> None:
    assert call(github, "GET", f"/search/issues?q={query}").status_code == 422


def test_a_person_searches_for_issues_or_for_pull_requests(github: GitHubStandIn) -> None:
    github.granted["gho_eve"] = Granted(github.person("eve"), float("inf"))
    answer = call(github, "GET", "/search/issues?q=door", headers={"Authorization": "Bearer gho_eve"})
    assert (answer.status_code, answer.json()["message"]) == (422, "Query must include 'is:issue' or 'is:pull-request'")
