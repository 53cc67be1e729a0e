"""The GitHub stand-in: what people do to issues and pull requests, and what GitHub refuses."""

from typing import Any

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


PULL = "/repos/acme/web/pulls/2"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"event": "APPROVE"}, "Can not approve your own pull request"),
        ({"event": "REQUEST_CHANGES", "body": "no"}, "Can not request changes on your own pull request"),
        ({"event": "NONSENSE"}, "Variable $event of type PullRequestReviewEvent"),
    ],
)
def test_a_review_of_ones_own_is_refused(github: GitHubStandIn, body: dict[str, str], message: str) -> None:
    answer = as_person(github, "octocat", "POST", f"{PULL}/reviews", body)
    assert (answer.status_code, answer.json()["errors"]) == (422, [message])


def test_reviews_are_listed_as_they_were_given(github: GitHubStandIn) -> None:
    made = call(github, "POST", f"{PULL}/reviews", {"event": "APPROVE", "body": "fine"})
    assert (made.status_code, made.json()["state"]) == (200, "APPROVED")
    assert call(github, "GET", f"{PULL}/reviews").json() == [made.json()]
    assert call(github, "POST", f"{PULL}/reviews", {"event": "REQUEST_CHANGES"}).status_code == 422
    assert call(github, "POST", f"{ISSUE.replace('issues', 'pulls')}/reviews", {"event": "APPROVE"}).status_code == 404


def test_only_what_was_looked_at_is_merged_and_only_once(github: GitHubStandIn) -> None:
    github.repos[0].merge_methods.discard("squash")
    sha = call(github, "GET", PULL).json()["head"]["sha"]
    answers = [
        call(github, "PUT", f"{PULL}/merge", body)
        for body in ({"sha": "0" * 40}, {"merge_method": "squash"}, {"merge_method": "x"}, {"sha": sha}, {"sha": sha})
    ]
    assert [answer.status_code for answer in answers] == [409, 405, 422, 200, 405]
    assert answers[3].json()["merged"] is True
    assert as_person(github, "eve", "PUT", f"{PULL}/merge", {}).status_code == 403


def test_a_draft_is_not_merged_and_a_branch_without_news_is_not_updated(github: GitHubStandIn) -> None:
    number = github.open_pull_request("acme/web", "Draft", head="draft", draft=True)
    answer = call(github, "PUT", f"/repos/acme/web/pulls/{number}/merge", {})
    assert (answer.status_code, answer.json()["message"]) == (405, "Pull Request is still a draft")
    assert call(github, "PUT", f"{PULL}/update-branch", {}).json()["message"].startswith("There are no new commits")
    github.push("acme/web", "main", [("New", "eve")])
    assert call(github, "PUT", f"{PULL}/update-branch", {"expected_head_sha": "0" * 40}).status_code == 422
    assert call(github, "PUT", f"{PULL}/update-branch", {}).status_code == 202


# --- reviewers, drafts, checks ---------------------------------------------------------------------------------------


def test_only_collaborators_and_teams_of_the_repository_are_asked_for_a_review(github: GitHubStandIn) -> None:
    github.allow("acme/web", "ada", "read")
    github.team_repositories["acme/core"] = {"acme/web"}
    where = f"{PULL}/requested_reviewers"
    bodies = (
        {"reviewers": ["ada"], "team_reviewers": ["core"]}, {"reviewers": ["zebra"]}, {"team_reviewers": ["none"]},
        {"reviewers": ["octocat"]},
    )  # fmt: skip
    github.allow("acme/web", "octocat", "write")
    answers = [call(github, "POST", where, body) for body in bodies]
    assert [answer.status_code for answer in answers] == [201, 422, 422, 422]
    pull = answers[0].json()
    assert [one["login"] for one in pull["requested_reviewers"]] == ["ada"]
    assert [one["slug"] for one in pull["requested_teams"]] == ["core"]
    assert as_person(github, "eve", "POST", where, {"reviewers": ["ada"]}).status_code == 403
    assert [one["login"] for one in call(github, "GET", "/repos/acme/web/assignees").json()] == [
        "acme", "ada", "octocat",
    ]  # fmt: skip
    assert [one["slug"] for one in call(github, "GET", "/repos/acme/web/teams").json()] == ["core"]


def test_a_draft_is_made_ready_by_graphql_which_answers_a_refusal_with_200(github: GitHubStandIn) -> None:
    number = github.open_pull_request("acme/web", "Draft", head="draft", draft=True)
    ident = call(github, "GET", f"/repos/acme/web/pulls/{number}").json()["node_id"]

    def mutate(name: str, login: str, node: str = ident) -> Any:
        query = f"mutation ($id: ID!) {{ {name}(input: {{pullRequestId: $id}}) {{ pullRequest {{ isDraft }} }} }}"
        answer = as_person(github, login, "POST", "/graphql", {"query": query, "variables": {"id": node}})
        return answer.json()["data"][name] or answer.json()["errors"][0]["type"]

    ready, draft = "markPullRequestReadyForReview", "convertPullRequestToDraft"
    assert mutate(ready, "eve") == "FORBIDDEN"
    assert mutate(ready, "octocat", "PR_0") == "NOT_FOUND"
    assert mutate(ready, "octocat") == {"pullRequest": {"isDraft": False}}
    assert mutate(ready, "octocat") == "UNPROCESSABLE"
    assert mutate(draft, "octocat") == {"pullRequest": {"isDraft": True}}


def test_what_its_base_requires_holds_back_who_does_not_administer_the_repository(github: GitHubStandIn) -> None:
    pull = github.repos[0].tickets[2].pull
    assert pull is not None
    pull.standing = "blocked"
    github.allow("acme/web", "ada", "write")
    refused = as_person(github, "ada", "PUT", f"{PULL}/merge", {})
    assert (refused.status_code, refused.json()["message"][:29]) == (405, "At least 1 approving review i")
    assert call(github, "PUT", f"{PULL}/merge", {}).status_code == 200


def test_what_cannot_be_merged_says_so_and_is_refused(github: GitHubStandIn) -> None:
    pull = github.repos[0].tickets[2].pull
    assert pull is not None
    github.allow("acme/web", "ada", "write")
    seen: list[object] = []
    for standing in ("unknown", "dirty", "blocked", "clean"):
        pull.standing = standing
        shown = call(github, "GET", "/repos/acme/web/pulls/2").json()
        seen.append((shown["mergeable"], shown["mergeable_state"]))
    assert seen == [(None, "unknown"), (False, "dirty"), (True, "blocked"), (True, "clean")]
    for standing in ("dirty", "blocked"):
        pull.standing = standing
        assert as_person(github, "ada", "PUT", "/repos/acme/web/pulls/2/merge", {}).status_code == 405
    assert call(github, "PUT", "/repos/acme/web/pulls/2/merge", {}).json()["merged"]
