"""The GitHub stand-in: what happens is told as GitHub tells it."""

import hashlib
import hmac

import pytest

from sandbox.github import GitHubStandIn
from tests.sandbox import github_cases
from tests.sandbox.github_cases import Receiver, call, events, everything, received

receiver = github_cases.receiver
github = github_cases.github


TOLD = [
    "pull_request.opened",
    "pull_request.ready_for_review",
    "pull_request.labeled",
    "push",
    "pull_request.synchronize",
    "pull_request.closed",
    "pull_request.reopened",
    "issue_comment.created",
    "pull_request.review_requested",
    "pull_request.review_requested",
    "issue_comment.created",
    "issue_comment.edited",
    "issue_comment.deleted",
    "pull_request_review.submitted",
    "pull_request_review.dismissed",
    "workflow_run.requested",
    "workflow_run.in_progress",
    "check_suite.completed",
    "workflow_run.completed",
    "workflow_run.requested",
    "workflow_run.in_progress",
    "deployment_review.requested",
    "deployment_review.approved",
    "workflow_run.in_progress",
    "check_suite.completed",
    "status",
    "create",
    "delete",
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


def test_what_happens_is_told_in_order_under_the_names_of_github(github: GitHubStandIn, receiver: Receiver) -> None:
    everything(github)
    assert events(github, receiver) == TOLD


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


def test_a_review_shows_less_of_its_pull_request_and_ends_the_request_for_it(
    github: GitHubStandIn, receiver: Receiver
) -> None:
    number = github.open_pull_request("acme/web", "Add login")
    github.request_review("acme/web", number, "hubot")
    github.review("acme/web", number, "hubot", "approved")
    _, (_, asked), (_, given) = received(github, receiver)
    assert [one["login"] for one in asked["pull_request"]["requested_reviewers"]] == ["hubot"]
    assert given["pull_request"]["requested_reviewers"] == []
    assert "additions" in asked["pull_request"]
    assert "additions" not in given["pull_request"]
    with pytest.raises(ValueError, match="of their own"):
        github.review("acme/web", number, "octocat", "approved")


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
