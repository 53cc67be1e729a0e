"""Whatever people do on GitHub from Slack happens once and is told once, though an answer is lost, GitHub stumbles or
the worker dies; a table of all that connect can change there, which a test holds against the operations there are.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bot.operations.base import Effect
from bot.operations.registry import OPERATIONS
from bot.services import Services
from sandbox.slack import DEV, GENERAL, MEMBER
from sandbox.slack.wire import rich_text
from sandbox.standin import Outgoing
from storage.integrations import Integration
from tests.journeys import on_github
from tests.journeys.deaths import Killed
from tests.journeys.doing import send, shown
from tests.journeys.github_cards import card, change, press, values
from tests.journeys.github_threads import pull, subscribe
from tests.journeys.on_github import account, settle, told
from tests.workflows import FUNCTIONS, ended
from tests.world import World

world = on_github.world
RELIABILITY = Path(__file__).parents[2] / "docs" / "reliability.md"
type Told = Callable[[World], list[str]]


@dataclass(frozen=True)
class Deed:
    """What somebody asks for: `ask` does all that comes before the call, and says where to see what they are told."""

    operation: str
    call: str
    """GitHub's name of the call that changes something."""
    ask: Callable[[World], Told]
    events: list[str]
    """The webhooks that GitHub sends for it: what happened, and how often."""
    said: str


# --- how it is asked for ---------------------------------------------------------------------------------------------


def _answers(world: World) -> list[str]:
    return [re.sub(r"<[^|>]*\|([^>]*)>", r"\1", text) for text in told(world)]


def _form(world: World) -> list[str]:
    """What the form says at last, and what is said besides."""
    last = re.sub(r"<[^|>]*\|([^>]*)>", r"\1", shown(world)).removeprefix(":white_check_mark: ")
    return [last, *_answers(world)]


def _button(number: int, name: str, before: Callable[[World], None] | None = None) -> Callable[[World], Told]:
    def ask(world: World) -> Told:
        if before:
            before(world)
        message = card(world, number)
        action = name if name.startswith("github_") else "github_more"
        world.slack.click(MEMBER, action, value=values(message)[name], message=message)
        return _answers

    return ask


def _filled(number: int, name: str, before: Callable[[World], None] | None = None, **given: Any) -> Any:
    def ask(world: World) -> Told:
        if before:
            before(world)
        press(world, number, name)
        send(world, **given)
        return _form

    return ask


def _typed(text: str, before: Callable[[World], None] | None = None) -> Callable[[World], Told]:
    def ask(world: World) -> Told:
        if before:
            before(world)
        world.slack.command(MEMBER, GENERAL, "/github", text)
        return _answers

    return ask


def _step(name: str, **given: Any) -> Callable[[World], Told]:
    def ask(world: World) -> Told:
        world.slack.declare(FUNCTIONS)
        execution = world.slack.run_step(name, given, MEMBER)
        return lambda world: [str(ended(world.slack.steps[execution])["repository"])]

    return ask


def _run(name: str, conclusion: str = "") -> Callable[[World], Told]:
    def ask(world: World) -> Told:
        message = _run_card(world, conclusion)
        world.slack.click(MEMBER, name, value=values(message)[name], message=message)
        return _answers

    return ask


def _run_card(world: World, conclusion: str = "", *people: str) -> dict[str, Any]:
    subscribe(world, 'acme/web workflows:{event:"push"} deployments')
    suite = world.github.start_run("acme/web", "main", event="push")
    if people:
        world.github.gate("acme/web", suite, "production", people)
    if conclusion:
        world.github.finish_run("acme/web", suite, conclusion)
    world.settle()
    return next(message for message in world.slack.history(DEV) if message["text"].startswith("acme/web: CI #1"))


def _decision(world: World) -> Told:
    message = _run_card(world, "", "connect-app", "ada")
    world.slack.click(MEMBER, "github_review_deployment", value=values(message)["github_review_deployment"],
                      message=message)  # fmt: skip
    settle(world)
    (run,) = world.github.repos[0].runs.values()
    send(world, decision="approved", comment="Ship it", environments=[str(gate.id) for gate in run.gates])
    return _form


def _reply(world: World, *, change_of: str = "") -> Told:
    subscribe(world)
    _, ts = pull(world)
    world.slack.ephemerals.clear()
    at = world.slack.say(MEMBER, DEV, "first", thread_ts=ts)
    if change_of:
        settle(world)
        if change_of == "edit":
            world.slack.edit(DEV, at, "second")
        else:
            world.slack.delete(DEV, at)
    return lambda world: [message["text"] for message in world.slack.ephemeral(MEMBER)]


def _closed(world: World) -> None:
    world.github.close(world.github.repos[0], world.github.repos[0].tickets[1], world.github.person("eve"))


def _taken(world: World) -> None:
    repo = world.github.repos[0]
    world.github.assign(repo, repo.tickets[1], world.github.person("ada"), world.github.person("eve"))


def _draft(world: World) -> None:
    change(world).draft = True


def _behind(world: World) -> None:
    world.github.push("acme/web", "main", [("New", "eve")])


def _deploy(world: World) -> Told:
    world.github.add_workflow("acme/web", "Deploy", {})
    return _step("run_github_workflow", repository="acme/web", workflow="deploy.yml")(world)


DEEDS = {
    "close by command": Deed("set_state", "issues/update", _typed("close acme/web#1"), ["issues.closed"],
                             "acme/web#1 is closed now, as completed."),
    "close by button": Deed("set_state", "issues/update", _button(1, "not_planned"), ["issues.closed"],
                            "acme/web#1 is closed now, as not planned."),
    "reopen": Deed("set_state", "issues/update", _typed("reopen acme/web#1", _closed), ["issues.reopened"],
                   "acme/web#1 is open again."),
    "assign": Deed("assign", "issues/add-assignees", _button(1, "github_assign_me"), ["issues.assigned"],
                   "acme/web#1 is assigned to you now."),
    "unassign": Deed("unassign", "issues/remove-assignees", _typed("unassign acme/web#1", _taken),
                     ["issues.unassigned"], "acme/web#1 is assigned to nobody now."),
    "label": Deed("label", "issues/add-labels", _typed("label acme/web#1 bug"), ["issues.labeled"],
                  "acme/web#1 has these labels now: bug."),
    "comment by command": Deed("comment", "issues/create-comment", _typed("comment acme/web#1 It works"),
                               ["issue_comment.created"], "Your comment is on acme/web#1."),
    "comment by form": Deed("comment", "issues/create-comment", _filled(2, "github_comment", comment="It works"),
                            ["issue_comment.created"], "Your comment is on acme/web#2."),
    "comment by step": Deed("comment", "issues/create-comment",
                            _step("comment_on_github", item="acme/web#1", text=rich_text("It works")),
                            ["issue_comment.created"], "acme/web"),
    "approve": Deed("review", "pulls/create-review", _button(2, "github_approve"),
                    ["pull_request_review.submitted"], "You approved acme/web#2."),
    "request changes": Deed("review", "pulls/create-review", _filled(2, "request_changes", comment="More oil"),
                            ["pull_request_review.submitted"], "You requested changes to acme/web#2."),
    "merge by form": Deed("merge", "pulls/merge", _filled(2, "github_merge", method="squash"),
                          ["pull_request.closed", "push"], "acme/web#2 is merged."),
    "merge by step": Deed("merge", "pulls/merge", _step("merge_github_pull", item="acme/web#2"),
                          ["pull_request.closed", "push"], "acme/web"),
    "update branch": Deed("update_branch", "pulls/update-branch", _button(2, "update_branch", _behind),
                          ["push", "pull_request.synchronize"],
                          "acme/web#2 has all of `main` now."),
    "edit": Deed("edit", "issues/update", _filled(1, "github_edit", title="Door jams", labels=["bug"]),
                 ["issues.labeled", "issues.edited"], "acme/web#1 was changed: title, labels."),
    "request review": Deed("request_review", "pulls/request-reviewers",
                           _filled(2, "request_review", reviewers=["ada"]), ["pull_request.review_requested"],
                           "You asked ada to review acme/web#2."),
    "draft": Deed("set_draft", "graphql", _button(2, "draft"), ["pull_request.converted_to_draft"],
                  "acme/web#2 is a draft again."),
    "ready": Deed("set_draft", "graphql", _button(2, "github_ready", _draft),
                  ["pull_request.ready_for_review"], "acme/web#2 is ready for review now."),
    "run again": Deed("rerun", "actions/re-run-workflow", _run("github_rerun", "failure"),
                      ["workflow_run.requested"], "CI #1 runs again."),
    "run what failed again": Deed("rerun", "actions/re-run-workflow-failed-jobs",
                                  _run("github_rerun_failed", "failure"), ["workflow_run.requested"],
                                  "CI #1 runs again."),
    "cancel": Deed("cancel_run", "actions/cancel-workflow-run", _run("github_cancel_run"),
                   ["check_suite.completed", "workflow_run.completed"], "CI #1 is cancelled."),
    "decide": Deed("decide", "actions/review-pending-deployments-for-run", _decision,
                   ["deployment_review.approved", "workflow_run.in_progress"],
                   "You let CI #1 deploy to production."),
    "open by command": Deed("create_issue", "issues/create", _typed("open acme/web Window"), ["issues.opened"],
                            "Created acme/web#3 Window."),
    "open by step": Deed("create_issue", "issues/create",
                         _step("create_github_issue", repository="acme/web", title="Window"), ["issues.opened"],
                         "acme/web"),
    "dispatch": Deed("dispatch_workflow", "actions/create-workflow-dispatch", _deploy, ["workflow_run.requested"],
                     "acme/web"),
    "reply": Deed("add_comment", "issues/create-comment", _reply, ["issue_comment.created"], ""),
    "edited reply": Deed("edit_comment", "issues/update-comment", lambda world: _reply(world, change_of="edit"),
                         ["issue_comment.edited"] * 2, ""),  # the same text twice
    "deleted reply": Deed("delete_comment", "issues/delete-comment", lambda world: _reply(world, change_of="delete"),
                          ["issue_comment.deleted"], ""),
}  # fmt: skip
ELSEWHERE = {"sign_in"}
"""A code that is typed in: `test_acting_on_github`."""
every_deed = pytest.mark.parametrize("deed", [pytest.param(deed, id=name) for name, deed in DEEDS.items()])

# --- what comes of it ------------------------------------------------------------------------------------------------


def _later(world: World) -> None:
    """All that is waited for before something is looked up or made again, and a little more."""
    for _ in range(6):
        world.advance(61)


def _asked(world: World, deed: Deed, monkeypatch: pytest.MonkeyPatch) -> Told:
    """Somebody with the right to push asks; what GitHub would tell of from now on is kept back."""
    account(world, "write")
    told_in = deed.ask(world)
    world.github.flush()
    monkeypatch.setattr(world.github, "flush", lambda: 0)
    return told_in


def _kept_back(world: World) -> list[str]:
    kept: list[Outgoing] = []
    world.github.rearrange(lambda waiting: kept.extend(waiting) or waiting)
    return [outgoing.description for outgoing in kept]


def _assert_once(world: World, deed: Deed, told_in: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """GitHub did it once, and whoever asked has heard of it once; its webhooks, late as they come, change nothing."""
    said = [deed.said] if deed.said else []
    assert (_kept_back(world), told_in(world)) == (deed.events, said)
    rows = [row for row in world.rows("integrations") if row["operation"] == deed.operation]
    assert [row["status"] for row in rows] == ["completed"]
    monkeypatch.undo()
    for _ in range(5):
        world.advance(2)
    assert (_kept_back(world), told_in(world)) == ([], said)
    assert {row["status"] for row in world.rows("integrations")} == {"completed"}


@every_deed
def test_what_github_did_without_an_answer_is_not_done_again(
    world: World, monkeypatch: pytest.MonkeyPatch, deed: Deed
) -> None:
    told_in = _asked(world, deed, monkeypatch)
    world.github.fault(deed.call, kind="reset", after=True)
    _later(world)
    _assert_once(world, deed, told_in, monkeypatch)


@every_deed
def test_what_dies_before_its_call_is_refused_then_and_dies_after_its_call_is_done_once(
    world: World, monkeypatch: pytest.MonkeyPatch, deed: Deed
) -> None:
    told_in = _asked(world, deed, monkeypatch)
    operation, deaths = OPERATIONS["github", deed.operation], ["before", "after"]

    def perform(services: Services, row: Integration) -> Effect:
        if deaths == ["before", "after"]:
            raise Killed(deaths.pop(0))
        made = operation.perform(services, row)
        if deaths:
            raise Killed(deaths.pop())
        return made

    monkeypatch.setitem(OPERATIONS, ("github", deed.operation), replace(operation, perform=perform))
    with pytest.raises(Killed, match="before"):
        world.settle()
    world.github.fault(deed.call, status=502)
    with pytest.raises(Killed, match="after"):
        _later(world)
    _later(world)
    _assert_once(world, deed, told_in, monkeypatch)


# --- the table is whole ----------------------------------------------------------------------------------------------


def test_every_operation_that_changes_something_on_github_is_asked_for_here() -> None:
    rows = re.findall(r"^\| github \| `(\w+)` \| [^|]+ \| ([^|]+) \|$", RELIABILITY.read_text(encoding="utf-8"), re.M)
    known = {name for service, name in OPERATIONS if service == "github"}
    assert {name for name, _ in rows} == known
    reads = {name for name, how in rows if how.startswith("it changes nothing")}
    assert {deed.operation for deed in DEEDS.values()} == known - reads - ELSEWHERE
