"""The GitHub stand-in: workflow runs that are started again, cancelled or held up, and deployments."""

import pytest

from sandbox.github import GitHubStandIn
from sandbox.github.state import Run
from tests.sandbox import github_cases
from tests.sandbox.github_cases import Receiver, call, events

receiver = github_cases.receiver
github = github_cases.github

THERE = "/repos/acme/web"


@pytest.fixture
def run(github: GitHubStandIn) -> Run:
    return github.repos[0].runs[github.start_run("acme/web", "main")]


def test_only_what_has_ended_runs_again_and_only_what_failed_in_parts(github: GitHubStandIn, run: Run) -> None:
    where = f"{THERE}/actions/runs/{run.id}"
    assert call(github, "POST", f"{where}/rerun").status_code == 403
    assert call(github, "POST", f"{where}/cancel").status_code == 202
    assert call(github, "POST", f"{where}/cancel").status_code == 409
    assert call(github, "POST", f"{where}/rerun-failed-jobs").status_code == 201
    github.finish_run("acme/web", run.suite_id, "success")
    refused = call(github, "POST", f"{where}/rerun-failed-jobs")
    assert (refused.status_code, run.attempt) == (403, 2)
    assert call(github, "GET", f"{THERE}/actions/runs/1").status_code == 404


def test_a_gate_is_opened_by_who_is_asked_and_told_of(github: GitHubStandIn, receiver: Receiver, run: Run) -> None:
    github.gate("acme/web", run.suite_id, "staging", ["eve"])
    github.gate("acme/web", run.suite_id, "production", [], ["ops"])
    github.teams["acme/ops"] = {"connect-app"}
    where = f"{THERE}/actions/runs/{run.id}"
    staging, production = call(github, "GET", f"{where}/pending_deployments").json()
    assert [one["current_user_can_approve"] for one in (staging, production)] == [False, True]
    assert [one["reviewers"][0]["type"] for one in (staging, production)] == ["User", "Team"]
    events(github, receiver)
    said = {"state": "rejected", "comment": ""}
    for wanted, status in ((staging, 422), (production, 200), (production, 422)):
        body = said | {"environment_ids": [wanted["environment"]["id"]]}
        assert call(github, "POST", f"{where}/pending_deployments", body).status_code == status
    assert events(github, receiver) == [
        "deployment_review.rejected", "check_suite.completed", "workflow_run.completed",
    ]  # fmt: skip
    (made,) = call(github, "GET", f"{where}/approvals").json()
    assert (made["state"], made["user"]["login"]) == ("rejected", "connect-app")


def test_two_commits_of_a_branch_are_compared(github: GitHubStandIn) -> None:
    first = github.repos[0].heads["main"]
    github.push("acme/web", "main", [("One", "octocat"), ("Two", "hubot")])
    last = github.repos[0].heads["main"]
    ahead, back, same = (
        call(github, "GET", f"{THERE}/compare/{ends}").json()
        for ends in (f"{first}...{last}", f"{last}...{first}", f"{last}...{last}")
    )
    assert [each["commit"]["message"] for each in ahead["commits"]] == ["One", "Two"]
    assert [(one["status"], one["ahead_by"], one["behind_by"]) for one in (ahead, back, same)] == [
        ("ahead", 2, 0), ("behind", 0, 2), ("identical", 0, 0),
    ]  # fmt: skip
    assert call(github, "GET", f"{THERE}/compare/{first}...{'0' * 40}").status_code == 404
