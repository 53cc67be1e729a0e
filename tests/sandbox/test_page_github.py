"""The GitHub pane of the sandbox's page: what is there at the start, and what a visitor can do about it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.page import github_acts, github_shown
from sandbox.page.given import Impossible
from sandbox.page.opening import prepare
from sandbox.playground import Playground


@pytest.fixture
def playground(tmp_path: Path) -> Iterator[Playground]:
    made = Playground(tmp_path, {})
    prepare(made)
    made.github.target = "http://127.0.0.1:9"
    yield made
    made.close()


def do(playground: Playground, act: str, /, **given: Any) -> Any:
    common = {"repository": "acme/web", "author": "octocat", "by": "octocat"}
    return github_acts.ACTS[act](playground, common | given)


def web(playground: Playground) -> dict[str, Any]:
    return github_shown.shown(playground)["repositories"][0]


def ticket(playground: Playground, number: int) -> dict[str, Any]:
    return next(each for each in web(playground)["tickets"] if each["number"] == number)


def told(playground: Playground) -> list[str]:
    """The webhooks that wait for connect."""
    return [each.description for each in playground.github.take()]


def test_the_opening_has_a_reviewed_pull_request_and_a_branch_that_waits_for_one(playground: Playground) -> None:
    shown = [(each["number"], each["title"], each["state"], bool(each["pull"])) for each in web(playground)["tickets"]]
    assert shown == [
        (3, "WEB-1 Opening hours on the start page", "open", True),
        (2, "Describe how a release is made", "open", False),
        (1, "The login button does nothing on Safari", "open", False),
    ]
    pull = ticket(playground, 3)["pull"]
    assert pull["reviewers"] == [{"login": "ada", "verdict": "commented"}, {"login": "octocat", "verdict": "asked"}]
    assert [(each["name"], each["conclusion"]) for each in pull["checks"]] == [("CI", "success")]
    branches = {each["name"]: [one["message"] for one in each["commits"]] for each in web(playground)["branches"]}
    assert branches["OPS-2-fire-door"] == [
        "OPS-2 Let the fire door close by itself",
        "OPS-2 Test the spring of the door",
    ]
    assert told(playground) == []


def test_a_pull_request_lives_from_a_push_to_its_merge(playground: Playground) -> None:
    do(playground, "push", branch="faster", message="OPS-2 Oil the hinge\nOPS-2 Oil it again\n")
    number = do(playground, "open-pull-request", title="OPS-2 Faster doors", head="faster", draft=True)
    with pytest.raises(Impossible, match="It is a draft"):
        do(playground, "merge", number=number)
    do(playground, "draft", number=number, draft=False)
    run = do(playground, "start-run", branch="faster")
    do(playground, "finish-run", run=run, conclusion="failure")
    do(playground, "request-review", number=number, reviewer="grace")
    do(playground, "review", number=number, author="grace", verdict="approved")
    do(playground, "merge", number=number)
    merged = ticket(playground, number)
    assert (merged["state"], merged["pull"]["mergedBy"]) == ("merged", "octocat")
    assert merged["pull"]["reviewers"] == [{"login": "grace", "verdict": "approved"}]
    assert [(each["kind"], each["author"]) for each in merged["timeline"]] == [
        ("commit", "octocat"), ("commit", "octocat"), ("review", "grace"),
    ]  # fmt: skip
    assert told(playground) == [
        "create", "push", "pull_request.opened", "pull_request.ready_for_review", "workflow_run.requested",
        "workflow_run.in_progress", "check_suite.completed", "workflow_run.completed", "pull_request.review_requested",
        "pull_request_review.submitted", "pull_request.closed", "push",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("act", "given", "why"),
    [
        ("open-pull-request", {"title": "Again", "head": "opening-hours"}, "#3 is open for opening-hours already"),
        ("open-pull-request", {"title": "Nothing", "head": "main"}, "There is nothing to compare"),
        ("open-pull-request", {"title": "Nothing", "head": "gone"}, "There is no branch gone"),
        ("review", {"number": 3, "author": "grace", "verdict": "approved"}, "Nobody can approve"),
        ("review", {"number": 3, "author": "ada", "verdict": "commented"}, "write a few words first"),
        ("request-review", {"number": 3, "reviewer": "grace"}, "Nobody can review their own"),
        ("merge", {"number": 1}, "#1 is not a pull request"),
        ("comment", {"number": 99, "body": "Hello"}, "There is no #99"),
        ("comment", {"number": 1, "body": " "}, "“Body” is empty"),
        ("delete-branch", {"branch": "main"}, "main is the default branch"),
        ("delete-branch", {"branch": "opening-hours"}, "A pull request is open for opening-hours"),
        ("release", {"tag": "v1.3.0"}, "There is a release v1.3.0 already"),
        ("rename", {"name": "secret"}, "acme has a repository secret already"),
        ("push", {"branch": "no..way", "message": "x"}, "A branch has a name of letters"),
        ("answer-code", {"code": "ABCD-EFGH", "who": "ada"}, "There is no such code"),
    ],
)
def test_what_github_refuses_is_told_in_a_sentence(
    playground: Playground, act: str, given: dict[str, Any], why: str
) -> None:
    with pytest.raises(Impossible, match=why):
        do(playground, act, **given)
    assert told(playground) == []


def test_issues_are_opened_talked_about_and_closed(playground: Playground) -> None:
    number = do(playground, "open-issue", title="Too slow", body="**Very.** <b>No tags</b>")
    said = do(playground, "comment", number=number, body="Where?")
    do(playground, "edit-comment", number=number, comment=said, body="Where exactly?")
    do(playground, "label", number=number, name="bug")
    do(playground, "assign", number=number, whom="ada")
    do(playground, "close", number=number, reason="not_planned")
    shown = ticket(playground, number)
    assert (shown["state"], shown["reason"], shown["labels"], shown["assignees"]) == (
        "closed", "not_planned", ["bug"], ["ada"],
    )  # fmt: skip
    assert shown["html"] == "<p><strong>Very.</strong> &lt;b&gt;No tags&lt;/b&gt;</p>\n"
    assert [(each["body"], each["edited"]) for each in shown["timeline"]] == [("Where exactly?", True)]
    do(playground, "label", number=number, name="bug", off=True)
    do(playground, "assign", number=number, whom="ada", off=True)
    do(playground, "delete-comment", number=number, comment=said)
    do(playground, "reopen", number=number)
    shown = ticket(playground, number)
    assert (shown["state"], shown["labels"], shown["assignees"], shown["timeline"]) == ("open", [], [], [])


def test_releases_and_deployments_are_made_by_whoever_the_visitor_is(playground: Playground) -> None:
    do(playground, "release", tag="v2", name="", body="- new", by="grace")
    deployment = do(playground, "deploy", environment="staging", by="grace")
    do(playground, "deployment-status", deployment=deployment, state="in_progress")
    do(playground, "deployment-status", deployment=deployment, state="failure")
    shown = web(playground)
    assert (shown["releases"][0]["name"], shown["releases"][0]["author"]) == ("v2", "grace")
    deployed = shown["deployments"][0]
    assert (deployed["by"], deployed["state"], [each["state"] for each in deployed["history"]]) == (
        "grace", "failure", ["in_progress", "failure"],
    )  # fmt: skip


def test_a_repository_changes_its_name_its_owner_and_who_sees_it(playground: Playground) -> None:
    assert do(playground, "rename", name="site") == "acme/site"
    assert do(playground, "transfer", repository="acme/site", owner="globex") == "globex/site"
    do(playground, "hide", repository="globex/site")
    shown = web(playground)
    assert (shown["name"], shown["private"], shown["formerNames"]) == ("globex/site", True, ["acme/web", "acme/site"])
    assert told(playground) == ["repository.renamed", "repository.transferred", "repository.privatized"]


def test_people_discuss(playground: Playground) -> None:
    number = do(playground, "discuss", title="Paper or plastic?", category="General")
    do(playground, "say-in-discussion", number=number, body="Paper.")
    (shown,) = web(playground)["discussions"]
    assert (shown["title"], shown["category"], [each["body"] for each in shown["comments"]]) == (
        "Paper or plastic?", "General", ["Paper."],
    )  # fmt: skip
