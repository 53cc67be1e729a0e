"""Whatever people do in Jira from Slack happens once and is told once, though an answer is lost, Jira stumbles or the
worker dies; a table of all that connect asks of Jira, which a test holds against the operations there are.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot.operations.registry import OPERATIONS
from sandbox.jira import rest_doing, views
from sandbox.jira.model import Transition
from sandbox.slack import ADMIN, BOT_USER, DEV, GENERAL, MEMBER
from tests.journeys import doing
from tests.journeys.at_home import listed
from tests.journeys.doing import account, card, issue, press, send, shown, told, view
from tests.journeys.lost import Deed, Told, answer_lost, deaths, nothing, waiting
from tests.journeys.test_approvals import ask as ask_to_approve
from tests.journeys.test_approvals import press as decide
from tests.journeys.test_jira_to_slack import subscribe
from tests.journeys.test_previews import previewed
from tests.journeys.threads import comments
from tests.workflows import FUNCTIONS, direct, ended
from tests.world import World

world = doing.world
FIRE = "Printer is on fire"

# --- how it is asked for ---------------------------------------------------------------------------------------------


def _form(world: World) -> list[str]:
    """What the form says at last, and what is said besides."""
    return [shown(world).removeprefix(":white_check_mark: "), *told(world)]


def _private(world: World) -> list[str]:
    return [message["text"] for message in world.slack.ephemeral(MEMBER)]


def _typed(text: str, before: Callable[[World], object] | None = None) -> Callable[[World], Told]:
    def ask(world: World) -> Told:
        if before:
            before(world)
            world.settle()
            world.slack.responses.clear()
        world.slack.command(MEMBER, GENERAL, "/jira", text)
        return told

    return ask


def _button(action: str, value: str = "OPS-1") -> Callable[[World], Told]:
    def ask(world: World) -> Told:
        world.slack.click(MEMBER, action, value=value, message=card(world))
        return told

    return ask


def _filled(action: str, value: str = "OPS-1", **given: Any) -> Callable[[World], Told]:
    def ask(world: World) -> Told:
        press(world, action, value)
        send(world, **given)
        return _form

    return ask


def _said(text: str) -> Callable[[World], Told]:
    def ask(world: World) -> Told:
        world.slack.say(MEMBER, DEV, f"<@{BOT_USER}> {text}")
        return _private

    return ask


def _step(name: str, handed_on: str = "issue_key", **given: Any) -> Callable[[World], Told]:
    def ask(world: World) -> Told:
        world.slack.declare(FUNCTIONS)
        execution = world.slack.run_step(name, given, MEMBER)
        return lambda world: [ended(world.slack.steps[execution])[handed_on]]

    return ask


def _reply(*, then: str = "", file: bool = False) -> Callable[[World], Told]:
    """A reply in the card's thread, which is edited or deleted when it is in Jira."""

    def ask(world: World) -> Told:
        files = {"log.txt": b"it burns"} if file else None
        at = world.slack.say(MEMBER, GENERAL, "first", thread_ts=card(world)["ts"], files=files)
        if then:
            world.settle()
        if then == "edit":
            world.slack.edit(GENERAL, at, "second")
        elif then == "delete":
            world.slack.delete(GENERAL, at)
        return _private

    return ask


def _file_away(world: World) -> Told:
    """A reply that had brought a file is deleted."""
    at = world.slack.say(MEMBER, GENERAL, "see", thread_ts=card(world)["ts"], files={"log.txt": b"it burns"})
    world.settle()
    world.slack.delete(GENERAL, at)
    return _private


def _moved(world: World) -> Told:
    press(world, "jira_status")
    world.slack.click(MEMBER, "jira_step", value="41", view=view(world)["id"])
    world.settle()
    send(world, step=doing.option("41", "Done"))
    return _form


def _approved(world: World) -> Told:
    step = ask_to_approve(world, channel=DEV)
    decide(world, "step_approve", MEMBER, DEV)
    return lambda _: [str(ended(step)["decided_by"])]


def _pull(world: World, *, merged: bool = False, renamed: bool = False) -> Told:
    world.slack.command(ADMIN, GENERAL, "/connect", "transitions OPS merged:Done")
    number = world.github.open_pull_request("acme/web", "OPS-1: oil")
    if merged or renamed:
        world.settle()
    if merged:
        world.github.merge_pull_request("acme/web", number)
    elif renamed:
        repo = world.github.repos[0]
        world.github.edit(repo, repo.tickets[number], world.github.person("octocat"), {"title": "Oil"})
    world.github.flush()
    return nothing


def _tell_me(world: World) -> Told:
    """An issue is assigned to somebody who wants to be told."""
    world.slack.command(MEMBER, GENERAL, "/jira", "notify on")
    world.jira.edit("OPS-1", "Ada Lovelace", assignee="Mia")
    return lambda world: [text.replace(world.jira.url, "…") for text in direct(world, MEMBER)]


def _heard(world: World, *, version: bool = False) -> Told:
    """A channel's subscription asks Jira whether an issue matches, or which project a version is of."""
    subscribe(world, DEV, events=["versions", "created"], filters={} if version else {"jql": "priority = Medium"})
    if version:
        world.jira.version("OPS", "2.4.0", "deleted")
    else:
        world.jira.create("OPS", "Task", "Window")
    return lambda world: [one["text"] for one in world.slack.history(DEV) if one.get("bot_id")]


def _previewed(world: World) -> Told:
    world.slack.links.domains = {"127.0.0.1"}
    ts = world.slack.say(MEMBER, GENERAL, f"See <{world.jira.url}/browse/OPS-1>")
    return lambda world: [address.replace(world.jira.url, "…") for address in previewed(world, ts)]


def _fields(world: World) -> Told:
    world.slack.click(MEMBER, "jira_more", value="edit OPS-1", message=card(world))
    return _form


def _home(world: World) -> Told:
    world.jira.edit("OPS-1", "Ada Lovelace", assignee="Mia")
    world.settle()
    world.slack.open_home(MEMBER)
    return listed


def _archive(world: World) -> Told:
    world.slack.command(MEMBER, GENERAL, "/jira", "channel OPS-1")
    world.settle()
    world.slack.responses.clear()
    world.jira.transition("OPS-1", "Done", "Ada Lovelace")
    world.settle()
    (place,) = [one for one in world.slack.channels.values() if one.creator == BOT_USER]
    world.slack.click(MEMBER, "jira_archive_channel", message=place.messages[-1]["ts"])
    return lambda _: [str(place.archived)]


def _taken(world: World) -> None:
    world.jira.edit("OPS-1", "Ada Lovelace", assignee="Grace Hopper")


def _watched(world: World) -> None:
    issue(world).watchers.append(world.jira.person("mia"))


def _unlinked(world: World) -> Told:
    ts = world.slack.say(MEMBER, DEV, f"<@{BOT_USER}> link OPS-1")
    world.settle()
    world.slack.say(MEMBER, DEV, f"<@{BOT_USER}> unlink", thread_ts=ts)
    return _private


CREATED, UPDATED = ["jira:issue_created"], ["jira:issue_updated"]
COMMENTED = ["comment_created", *UPDATED]
BY_MIA = "Mia Member (in Slack):\n\n"
LINKED = ["Thread in Slack"]
DEEDS = {
    "create by mention": Deed("create_issue", "createIssue", _said("create bug in OPS: the window is stuck"),
                              effect={"issues": [FIRE, "the window is stuck"]}, events=CREATED),
    "create by command": Deed("create_issue", "createIssue", _typed("create Window"),
                              effect={"issues": [FIRE, "Window"]}, events=CREATED),
    "create by step": Deed("create_issue", "createIssue",
                           _step("create_jira_issue", project="OPS", type="Task", summary="Window"), ["OPS-2"],
                           {"issues": [FIRE, "Window"]}, CREATED),
    "reply": Deed("add_comment", "addComment", _reply(), effect={"comments": [f"{BY_MIA}first"]}, events=COMMENTED),
    "edited reply": Deed("edit_comment", "updateComment", _reply(then="edit"), effect={"comments": [f"{BY_MIA}second"]},
                         events=["comment_updated", *UPDATED] * 2),  # the same text twice
    "deleted reply": Deed("delete_comment", "deleteComment", _reply(then="delete"), effect={"comments": []},
                          events=["comment_deleted", *UPDATED]),
    "file of a reply": Deed("attach", "addAttachment", _reply(file=True),
                            effect={"comments": [f"{BY_MIA}first\n\n📎 log.txt"], "files": ["log.txt"]},
                            events=[*COMMENTED, *UPDATED]),
    "file of a deleted reply": Deed("delete_attachments", "removeAttachment", _file_away,
                                    effect={"comments": [], "files": []},
                                    events=["comment_deleted", *UPDATED, *UPDATED]),
    "comment by command": Deed("comment", "addComment", _typed("comment OPS-1 It works"),
                               ["Your comment is on OPS-1."], {"comments": [f"{BY_MIA}It works"]}, COMMENTED),
    "comment by form": Deed("comment", "addComment", _filled("jira_comment", comment="It works"),
                            ["Your comment is on OPS-1."], {"comments": [f"{BY_MIA}It works"]}, COMMENTED),
    "comment by step": Deed("comment", "addComment", _step("comment_on_jira_issue", issue="OPS-1", text="It works"),
                            ["OPS-1"], {"comments": [f"{BY_MIA}It works"]}, COMMENTED),
    "assign by button": Deed("assign", "assignIssue", _button("jira_assign_me"), ["OPS-1 is assigned to you now."],
                             {"assignee": "Mia"}, UPDATED),
    "unassign by command": Deed("assign", "assignIssue", _typed("unassign OPS-1", _taken),
                                ["OPS-1 is assigned to nobody now."], {"assignee": ""}, UPDATED),
    "transition by form": Deed("transition", "doTransition", _moved, ["OPS-1 is *Done* now."], {"status": "Done"},
                               UPDATED),
    "transition by command": Deed("transition", "doTransition", _typed("transition OPS-1 done"),
                                  ["OPS-1 is *Done* now."], {"status": "Done"}, UPDATED),
    "transition by the name of a step": Deed("transition", "doTransition", _typed("transition OPS-1 start work"),
                                             ["OPS-1 is *In Progress* now."], {"status": "In Progress"}, UPDATED),
    "transition by step": Deed("transition", "doTransition",
                               _step("transition_jira_issue", issue="OPS-1", project="OPS", status="Done"), ["OPS-1"],
                               {"status": "Done"}, UPDATED),
    "decision": Deed("decide", "doTransition", _approved, [MEMBER], {"status": "Done"}, UPDATED),
    "pull request is merged": Deed("move_issue", "doTransition", lambda world: _pull(world, merged=True),
                                   effect={"status": "Done"}, events=UPDATED),
    "pull request": Deed("link_pull", "createOrUpdateRemoteIssueLink", _pull,
                         effect={"links": ["acme/web#1 OPS-1: oil"]}),
    "pull request of another issue": Deed("unlink_pull", "deleteRemoteIssueLinkByGlobalId",
                                          lambda world: _pull(world, renamed=True), effect={"links": []}),
    "edit": Deed("edit", "editIssue", _filled("jira_more", "edit OPS-1", summary="Printer is out", labels=["cold"]),
                 ["OPS-1 was changed: Summary, Labels."], {"issues": ["Printer is out"], "labels": ["cold"]}, UPDATED),
    "watch": Deed("watch", "addWatcher", _button("jira_watch"),
                  ["You watch OPS-1 now. `/jira unwatch OPS-1` ends it."], {"watchers": ["Mia"]}),
    "stop watching": Deed("unwatch", "removeWatcher", _typed("unwatch OPS-1", _watched),
                          ["You do not watch OPS-1 any more."], {"watchers": []}),
    "log work": Deed("log_work", "addWorklog",
                     _filled("jira_more", "log_work OPS-1", spent="1h 30m", comment="Put it out"),
                     ["1h 30m logged on OPS-1."], {"worklogs": [5400]}, UPDATED),
    "tie": Deed("tie_thread", "getIssue", _said("link OPS-1"), effect={"links": LINKED}),
    "link": Deed("link_thread", "createOrUpdateRemoteIssueLink", _said("link OPS-1"), effect={"links": LINKED}),
    "unlink": Deed("untie_thread", "deleteRemoteIssueLinkByGlobalId", _unlinked,
                   effect={"links": []}),
    "notice": Deed("read_audience", "getIssue", _tell_me,
                   [f"*Ada Lovelace* assigned <…/browse/OPS-1|OPS-1: {FIRE}> to you"]),
    "jql of a subscription": Deed("read_issue", "matchIssues|searchIssues", _heard, ["OPS-2: Window (To Do)"]),
    "version": Deed("find_projects", "getProject", lambda world: _heard(world, version=True),
                    ["*OPS*  ·  🗑️ Version *2.4.0* was deleted"]),
    "preview": Deed("preview_issue", "getIssue", _previewed, ["…/browse/OPS-1"]),
    "form": Deed("prepare_form", "getEditIssueMeta", _fields,
                 ["Summary\nPriority\nLabels\nDue date\nAssignee\nDescription"]),
    "show": Deed("show_issue", "getIssue", _typed("OPS-1"), [f"OPS-1: {FIRE} (To Do)"]),
    "search": Deed("search_issues", "searchIssues", _typed("search printer"), [f"Issues for *printer*: OPS-1 {FIRE}"]),
    "home": Deed("read_home", "searchIssues", _home, ["OPS-1"]),
    "channel": Deed("ask_channel", "getIssue", _typed("channel OPS-1"),
                    ["OPS-1 has its own channel now: <#C0MADE00006>."], {"links": LINKED}),
    "end of a channel": Deed("ask_archive", "findUsersWithAllPermissions", _archive, ["True"]),
    "read in a step": Deed("read_for_step", "getIssue", _step("get_jira_issue", issue="OPS-1"), ["OPS-1"]),
    "find in a step": Deed("find_for_step", "searchIssues",
                           _step("find_jira_issues", "first_key", jql="project = OPS"), ["OPS-1"]),
}  # fmt: skip
every_deed = pytest.mark.parametrize("deed", [pytest.param(deed, id=name) for name, deed in DEEDS.items()])

# --- what comes of it ------------------------------------------------------------------------------------------------


def _state(world: World) -> dict[str, Any]:
    """All that these deeds can change in Jira."""
    found = issue(world)
    return {
        "issues": [each.summary for each in world.jira.issues.values()], "status": found.status.name,
        "assignee": found.assignee.display if found.assignee else "", "labels": list(found.labels),
        "comments": comments(world, "OPS-1"), "files": [each.name for each in found.attachments],
        "watchers": [each.display for each in found.watchers], "worklogs": [each.seconds for each in found.worklogs],
        "links": [each["object"]["title"] for each in found.links],
    }  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What somebody with an account in Jira asked for, whose webhooks are kept back."""

    deed: Deed
    told: Told
    before: dict[str, Any]

    def assert_once(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        """Jira did it once, and whoever asked has heard of it once; its webhooks, late as they come, change nothing."""
        after = _state(world)
        changed = {name: value for name, value in after.items() if value != self.before[name]}
        rows = [row["status"] for row in world.rows("integrations") if row["operation"] == self.deed.operation]
        assert (changed, self.told(world), {*rows}) == (self.deed.effect, self.deed.said, {"completed"})
        assert waiting(world.jira) == self.deed.events
        monkeypatch.undo()
        for _ in range(3):
            world.advance(2)
        assert (_state(world), self.told(world), waiting(world.jira)) == (after, self.deed.said, [])
        assert doing.statuses(world) == {"completed"}


def _asked(world: World, deed: Deed, monkeypatch: pytest.MonkeyPatch) -> Asked:
    account(world)
    told_in = deed.ask(world)
    world.jira.flush()
    monkeypatch.setattr(world.jira, "flush", lambda: 0)
    return Asked(deed, told_in, _state(world))


@every_deed
def test_what_jira_did_without_an_answer_is_not_done_again(
    world: World, monkeypatch: pytest.MonkeyPatch, deed: Deed
) -> None:
    asked = _asked(world, deed, monkeypatch)
    answer_lost(world, world.jira, deed, "reset" if world.jira.cloud else "half")
    asked.assert_once(world, monkeypatch)


@every_deed
def test_what_dies_before_its_call_is_refused_then_and_dies_after_its_call_is_done_once(
    world: World, monkeypatch: pytest.MonkeyPatch, deed: Deed
) -> None:
    asked = _asked(world, deed, monkeypatch)
    deaths(world, world.jira, deed, monkeypatch)
    asked.assert_once(world, monkeypatch)


def test_a_step_whose_name_leads_further_behind_it_is_taken_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    following = [
        Transition("81", "Next", "In Progress", frozenset({"To Do"})),
        Transition("82", "Next", "Done", frozenset({"In Progress"})),
    ]
    for module in (rest_doing, views):
        monkeypatch.setattr(module, "TRANSITIONS", following)
    deed = replace(DEEDS["transition by the name of a step"], ask=_typed("transition OPS-1 next"))
    asked = _asked(world, deed, monkeypatch)
    answer_lost(world, world.jira, deed, "reset")
    asked.assert_once(world, monkeypatch)


def test_every_operation_of_jira_is_asked_for_here() -> None:
    assert {deed.operation for deed in DEEDS.values()} == {name for service, name in OPERATIONS if service == "jira"}
