"""Whatever connect does in Slack happens once, though an answer is lost, Slack stumbles or the worker dies; a table of
all that it does there, which a test holds against the operations there are.
"""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.operations.registry import OPERATIONS
from sandbox.slack import BOT_USER, DEV, GENERAL, MEMBER
from tests.journeys import forms
from tests.journeys.doing import account, press, send
from tests.journeys.lost import Deed, Told, answer_lost, deaths, later, nothing
from tests.journeys.test_approvals import ask as ask_to_approve
from tests.journeys.test_approvals import press as decide
from tests.journeys.test_from_message import opened_from
from tests.workflows import FUNCTIONS
from tests.world import World

NOT_SENT_AGAIN = "It was sent once and no answer came; it cannot be looked up, so it is not sent again."

# --- how it is asked for ---------------------------------------------------------------------------------------------


def _asked(ask: Callable[[World], object]) -> Callable[[World], Told]:
    def asked(world: World) -> Told:
        ask(world)
        return nothing

    return asked


def _typed(text: str) -> Callable[[World], Told]:
    return _asked(lambda world: world.slack.command(MEMBER, GENERAL, "/jira", text))


def _step(name: str, **given: Any) -> Callable[[World], Told]:
    def ask(world: World) -> None:
        world.slack.declare(FUNCTIONS)
        world.slack.run_step(name, given, MEMBER)

    return _asked(ask)


def _comment(world: World, then: str = "") -> Told:
    number = world.jira.comment("OPS-1", "Grace Hopper", "Found a moth")
    if then:
        world.settle()
    if then == "edit":
        world.jira.edit_comment("OPS-1", number, "Found two")
    elif then == "delete":
        world.jira.delete_comment("OPS-1", number)
    return nothing


def _file(world: World, then: str = "") -> Told:
    """A file of a comment is shown, and is removed, or its comment hidden from some."""
    ident = world.jira.attach("OPS-1", "Ada Lovelace", "log.txt", b"it burns")
    number = world.jira.comment("OPS-1", "Ada Lovelace", "see !log.txt|thumbnail!")
    if then:
        world.settle()
    if then == "remove":
        world.jira.detach(ident)
    elif then == "hide":
        world.jira.find_comment(number)[1].visibility = {"type": "role", "value": "Administrators"}
        world.jira.edit_comment("OPS-1", number, "see !log.txt|thumbnail! and weep")
    return nothing


def _transcript(world: World) -> Told:
    root = world.slack.say(MEMBER, GENERAL, "It leaks", files={"leak.png": b"water"})
    reply = world.slack.say(MEMBER, GENERAL, "since Monday", thread_ts=root, files={"a.log": b"1"})
    world.settle()
    opened_from(world, reply)
    forms.fill(world, {"Thread": True})
    world.slack.submit(MEMBER, forms.current(world)["id"])
    return nothing


def _merged(world: World) -> Told:
    world.slack.command(MEMBER, GENERAL, "/github", "subscribe acme/web pulls +reactions")
    number = world.github.open_pull_request("acme/web", "Oil the door")
    world.settle()
    world.github.merge_pull_request("acme/web", number)
    return nothing


def _filled(world: World) -> Told:
    press(world, "jira_comment")
    send(world, comment="It works")
    return nothing


def _channel(world: World, *, archived: bool = False) -> Told:
    world.slack.command(MEMBER, GENERAL, "/jira", "channel OPS-1")
    if archived:
        world.settle()
        world.jira.transition("OPS-1", "Done", "Ada Lovelace")
        world.settle()
        (place,) = [one for one in world.slack.channels.values() if one.creator == BOT_USER]
        world.slack.click(MEMBER, "jira_archive_channel", message=place.messages[-1]["ts"])
    return nothing


def _approved(world: World) -> Told:
    ask_to_approve(world, channel=DEV)
    decide(world, "step_approve", MEMBER, DEV)
    return nothing


def _linked(world: World) -> Told:
    world.slack.links.domains = {"127.0.0.1"}
    world.slack.say(MEMBER, GENERAL, f"See <{world.jira.url}/browse/OPS-1>")
    return nothing


def _panel(world: World, name: str) -> Told:
    world.slack.links.domains = {"127.0.0.1"}
    ts = world.slack.say(MEMBER, DEV, f"See <{world.jira.url}/browse/OPS-1>")
    world.settle()
    getattr(world.slack, name)(MEMBER, DEV, ts)
    return nothing


def _reacted(world: World) -> None:
    world.slack.react(MEMBER, GENERAL, world.slack.say(MEMBER, GENERAL, "The window is stuck"), "ticket")


DEEDS = {
    "comment": Deed("post_message", "chat.postMessage", _comment),
    "edited comment": Deed("edit_reply", "chat.update", lambda world: _comment(world, "edit")),
    "deleted comment": Deed("delete_reply", "chat.delete", lambda world: _comment(world, "delete")),
    "card": Deed("update_message", "chat.update",
                 _asked(lambda world: world.jira.edit("OPS-1", "Ada Lovelace", summary="Printer is out"))),
    "merged pull request": Deed("react", "reactions.add", _merged),
    "approval": Deed("replace_message", "chat.update", _approved),
    "form": Deed("update_view", "views.update", _filled),
    "home": Deed("publish_home", "views.publish", _asked(lambda world: world.slack.open_home(MEMBER))),
    "reaction of a person": Deed("read_message", "conversations.replies", _asked(_reacted)),
    "end of a step": Deed("complete_step", "functions.completeSuccess", _step("get_jira_issue", issue="OPS-1")),
    "failure of a step": Deed("fail_step", "functions.completeError", _step("get_jira_issue", issue="OPS-9")),
    "file": Deed("upload", "files.completeUploadExternal", _file),
    "removed file": Deed("delete_file", "files.delete", lambda world: _file(world, "remove")),
    "hidden file": Deed("hide_files", "files.delete", lambda world: _file(world, "hide")),
    "files of a thread": Deed("read_files", "conversations.replies", _transcript),
    "channel": Deed("create_channel", "conversations.create", _channel),
    "topic of a channel": Deed("describe_channel", "conversations.setTopic", _channel),
    "people of a channel": Deed("invite", "conversations.invite", _channel),
    "end of a channel": Deed("archive_channel", "conversations.archive", lambda world: _channel(world, archived=True)),
    "preview": Deed("unfurl", "chat.unfurl", _linked),
    "panel": Deed("present_details", "entity.presentDetails", lambda world: _panel(world, "open_object")),
    "comments in a panel": Deed("present_comments", "entity.presentComments",
                                lambda world: _panel(world, "open_comments")),
}  # fmt: skip
SEEN_BY_ONE = {
    "answer to a command": Deed("respond", "response_url", _typed("OPS-1")),
    "answer to a mention": Deed("post_ephemeral", "chat.postEphemeral", _asked(
        lambda world: world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> link OPS-1"))),
}  # fmt: skip
CALLS_NOBODY = {"tell", "find_threads"}
"""They wait for their turn, or read the database: there is no answer that could be lost."""
every_deed = pytest.mark.parametrize("deed", [pytest.param(deed, id=name) for name, deed in DEEDS.items()])
seen_by_one = pytest.mark.parametrize("deed", [pytest.param(deed, id=name) for name, deed in SEEN_BY_ONE.items()])

# --- what comes of it ------------------------------------------------------------------------------------------------


def _state(world: World) -> list[str]:
    """All that there is in Slack then, without what differs between two worlds: ids, times and ports."""
    slack = world.slack
    messages = sorted(
        repr((place.name, each["text"], each.get("blocks"), each.get("reactions"), each.get("attachments"),
              [(file.get("title"), file["mode"]) for file in each.get("files", [])]))
        for place in slack.channels.values() for each in place.messages
    )  # fmt: skip
    shown = [(each["text"], each.get("blocks")) for each in slack.ephemerals]
    places = [(each.name, each.topic, each.purpose, each.members, each.archived) for each in slack.channels.values()]
    steps = [(each["state"], each["outputs"], each["error"]) for each in slack.steps.values()]
    views = [each["blocks"] for each in (slack.current_view(MEMBER), slack.home(MEMBER)) if each]
    found = (messages, shown, slack.responses, places, steps, [*slack.links.panels.values()], views)
    seen = [_alike(repr(each)) for each in found]
    return [*seen, repr([issue.summary for issue in world.jira.issues.values()])]


def _alike(text: str) -> str:
    return re.sub(r"\d\d:\d\d UTC|127\.0\.0\.1:\d+|\d{10}\.?\d{6}|'expires[^,]*|\d{10}", "…", text)


type Run = Callable[[Callable[[World], object], Deed], tuple[list[str], list[str]]]


@pytest.fixture
def ended(sqlite_url: str, sqlite_template: Path) -> Run:
    """What there is in a world of its own after a deed and its mishap, and what became of the calls that it tells of.

    Jira's editions do not differ in what is done in Slack.
    """

    def run(mishap: Callable[[World], object], deed: Deed) -> tuple[list[str], list[str]]:
        shutil.copyfile(sqlite_template, sqlite_url.removeprefix("sqlite:///"))
        world = World(sqlite_url, cloud=False, slack_work_objects=True)
        world.jira.create("OPS", "Bug", "Printer is on fire")
        account(world)
        world.settle()
        world.slack.command(MEMBER, GENERAL, "/jira", "OPS-1 share")
        world.settle()
        deed.ask(world)
        world.jira.flush()
        world.github.flush()
        mishap(world)
        later(world)
        rows = world.rows("integrations")
        troubles = [_alike(row["error_message"]) for row in rows if row["status"] != "completed"]
        troubles += [row["status"] for row in rows if row["operation"] == deed.operation]
        state = _state(world)
        world.close()
        return state, troubles

    return run


@every_deed
def test_whatever_goes_wrong_with_a_call_slack_is_as_if_nothing_had(
    ended: Run, monkeypatch: pytest.MonkeyPatch, deed: Deed
) -> None:
    well = ended(lambda world: None, deed)
    assert well[1][-1] == "completed"
    assert ended(lambda world: answer_lost(world, world.slack, deed, "half"), deed) == well
    assert ended(lambda world: deaths(world, world.slack, deed, monkeypatch), deed) == well


@seen_by_one
def test_what_one_person_alone_sees_is_sent_once_and_its_row_says_that_nobody_knows_whether_it_came(
    ended: Run, deed: Deed
) -> None:
    state, well = ended(lambda world: None, deed)
    assert ended(lambda world: answer_lost(world, world.slack, deed, "reset"), deed) == (
        state, [*well[:-1], NOT_SENT_AGAIN, "failed"],
    )  # fmt: skip


def test_every_operation_of_slack_is_asked_for_here() -> None:
    asked = {deed.operation for deed in (*DEEDS.values(), *SEEN_BY_ONE.values())}
    assert asked | CALLS_NOBODY == {name for service, name in OPERATIONS if service == "slack"}
