"""The GitHub stand-in: what people do to issues and pull requests, and what GitHub refuses."""

import pytest
import requests

from sandbox.github import GitHubStandIn
from sandbox.github.access import Granted
from tests.sandbox import github_cases
from tests.sandbox.github_cases import call

receiver = github_cases.receiver
github = github_cases.github

ISSUE = "/repos/acme/web/issues/1"


@pytest.fixture(autouse=True)
def an_issue(github: GitHubStandIn) -> None:
    github.open_issue("acme/web", "Door stuck")
    github.open_pull_request("acme/web", "Oil it", head="oil")


def as_person(github: GitHubStandIn, login: str, method: str, path: str, body: object) -> requests.Response:
    """A call with the token of a person who has no role in the repository."""
    github.granted[f"gho_{login}"] = Granted(github.person(login), float("inf"))
    return call(github, method, path, body, headers={"Authorization": f"Bearer gho_{login}"})


def test_whom_it_can_be_assigned_to_is_assigned_and_others_are_left_out(github: GitHubStandIn) -> None:
    github.allow("acme/web", "ada", "read")
    answer = call(github, "POST", f"{ISSUE}/assignees", {"assignees": ["ADA", "zebra"]})
    assert (answer.status_code, [one["login"] for one in answer.json()["assignees"]]) == (201, ["ada"])
    assert [call(github, "GET", f"/repos/acme/web/assignees/{who}").status_code for who in ("ada", "zebra")] == [
        204, 404,
    ]  # fmt: skip
    answer = call(github, "DELETE", f"{ISSUE}/assignees", {"assignees": ["ada"]})
    assert (answer.status_code, answer.json()["assignees"]) == (200, [])


def test_who_has_no_right_assigns_nobody_and_is_told_nothing(github: GitHubStandIn) -> None:
    github.allow("acme/web", "ada", "write")
    answer = as_person(github, "eve", "POST", f"{ISSUE}/assignees", {"assignees": ["ada"]})
    assert (answer.status_code, answer.json()["assignees"]) == (201, [])


def test_a_label_is_taken_off_once(github: GitHubStandIn) -> None:
    call(github, "POST", f"{ISSUE}/labels", {"labels": ["bug"]})
    answers = [call(github, "DELETE", f"{ISSUE}/labels/bug") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 404]
    assert (answers[0].json(), answers[1].json()["message"]) == ([], "Label does not exist")


def test_a_state_is_changed_by_who_may_and_to_what_there_is(github: GitHubStandIn) -> None:
    refused = as_person(github, "eve", "PATCH", ISSUE, {"state": "closed"})
    assert (refused.status_code, refused.json()["message"]) == (403, "Must have admin rights to Repository.")
    assert as_person(github, "octocat", "PATCH", ISSUE, {"state": "closed"}).json()["state"] == "closed"
    assert call(github, "PATCH", ISSUE, {"state": "closed", "state_reason": "boring"}).status_code == 422
    github.merge_pull_request("acme/web", 2)
    answer = call(github, "PATCH", "/repos/acme/web/issues/2", {"state": "open"})
    assert answer.json()["errors"][0]["message"] == "The pull request cannot be reopened."
