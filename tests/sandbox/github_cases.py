"""What the tests of the GitHub stand-in share: it, a receiver of its webhooks, and what arrived there."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from sandbox.github import GitHubStandIn
from tests.sandbox.receiving import Receiver, receiver

__all__ = ["Receiver", "receiver"]

TOKEN = {"Authorization": "Bearer ghp-sandbox"}


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


def everything(github: GitHubStandIn) -> None:
    """One of each thing that can happen."""
    pull = github.open_pull_request("acme/web", "Add login", draft=True, body="Closes #9")
    github.ready_for_review("acme/web", pull)
    github.label("acme/web", pull, "bug")
    github.push("acme/web", "feature", [("Fix it", "hubot")])
    github.close_pull_request("acme/web", pull)
    github.reopen_pull_request("acme/web", pull)
    github.comment("acme/web", pull, "hubot", "Nice")
    github.request_review("acme/web", pull, "hubot")
    github.request_team_review("acme/web", pull, "core")
    said = github.comment("acme/web", pull, "hubot", "Nce")
    github.edit_comment("acme/web", pull, said, "Nice")
    github.delete_comment("acme/web", pull, said)
    github.dismiss_review("acme/web", pull, github.review("acme/web", pull, "hubot", "approved", "Fine"))
    github.finish_run("acme/web", github.start_run("acme/web", "feature"), "failure")
    deploys = github.start_run("acme/web", "feature", "Deploy")
    gate = github.gate("acme/web", deploys, "production", ["connect-app"])
    place = f"/repos/acme/web/actions/runs/{github.repos[0].runs[deploys].id}/pending_deployments"
    call(github, "POST", place, {"environment_ids": [gate], "state": "approved", "comment": "Go"})
    github.check_suite("acme/web", "feature", "Lint")
    github.commit_status("acme/web", "feature", "ci/preview", "success")
    github.create_branch("acme/web", "short-lived")
    github.delete_branch("acme/web", "short-lived")
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
