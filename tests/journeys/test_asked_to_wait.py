"""While GitHub or Jira asks connect to wait, whoever waits for an answer is told so once, and until when."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from adapters.errors import Unavailable
from bot.flows.away import again
from bot.message import clock
from sandbox.slack import GENERAL, MEMBER
from tests.github_app import SIGNING_IN
from tests.journeys import forms
from tests.journeys.on_github import account
from tests.world import World

ASKED = {"status": 403, "headers": {"Retry-After": "600"}, "body": {"message": "You have exceeded a rate limit"}}
WAIT = ":hourglass: GitHub asked me to wait until AT. This is kept, and done then."
AGAIN = "GitHub asked me to wait until AT. Try again then."


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    made = World(sqlite_url, **SIGNING_IN)
    made.github.open_issue("acme/web", "Door stuck")
    made.settle()
    account(made, "write")
    yield made
    made.close()


def said(text: str) -> str:
    """With AT for a moment."""
    return re.sub(r"<!date\^\d+\^\{time\}\|\d\d:\d\d UTC>", "AT", text)


def ask(world: World, text: str, command: str = "/github") -> str:
    """Type a command; what is answered at once."""
    body = world.slack.command(MEMBER, GENERAL, command, text).body
    return said(body["text"]) if body else ""


def later(world: World) -> list[str]:
    """What came by itself since this was looked at last."""
    world.settle()
    texts = [said(each["body"]["text"]) for each in world.slack.responses]
    world.slack.responses.clear()
    return texts


@pytest.mark.parametrize("known", [False, True])
def test_a_form_for_an_issue_says_until_when_and_keeps_what_is_typed(world: World, *, known: bool) -> None:
    world.github.contents["acme/web", ".github/ISSUE_TEMPLATE/bug.md"] = "---\nname: Bug\nabout: It\n---\nText"
    world.github.fault("*", times=1000, **ASKED)
    if known:
        ask(world, "acme/web#1")
        world.settle()
    assert ask(world, "open acme/web") == ""
    first = [said(each) for each in forms.said(forms.current(world))]
    world.settle()
    wait = (
        "GitHub asked me to wait until AT. You can create with these fields now; what you type is kept, and the "
        "templates appear here then."
    )
    assert first == [wait if known else "Reading the templates of acme/web…"]
    assert [said(each) for each in forms.said(forms.current(world))] == [wait]
    forms.fill(world, {"Title": "Door", "Description": "It sticks"})
    world.github.faults.clear()
    for _ in range(12):
        world.advance(60)
    view = forms.current(world)
    assert forms.said(view) == []
    assert "Template" in forms.labels(view)
    assert (forms.shown(view, "Title"), forms.shown(view, "Description")) == ("Door", "It sticks")


def test_whoever_waits_for_github_is_told_once_until_when(world: World) -> None:
    world.github.fault("*", times=1000, **ASKED)
    assert ask(world, "acme/web#1") == ""
    assert later(world) == [WAIT]
    assert ask(world, "acme/web#1") == WAIT
    for words in ("close acme/web#1", "comment acme/web#1 Oil it"):
        assert ask(world, words).startswith(":hourglass_flowing_sand: ")
    assert later(world) == [WAIT, WAIT]
    assert ask(world, "reopen acme/web#1") == WAIT
    assert ask(world, "search door") == ""
    assert later(world) == [WAIT]
    assert ask(world, "open acme/web Loose hinge") == WAIT.replace("This", "*Loose hinge*").replace(
        "done then", "created in acme/web then"
    )
    assert ask(world, "todo") == WAIT
    assert ask(world, "login") == ask(world, "remind here acme/web daily 09:00") == AGAIN
    world.github.faults.clear()
    world.advance(300)
    assert later(world) == []
    for _ in range(20):
        world.advance(60)
    assert world.github.repos[0].tickets[1].state == "open"
    assert [comment.body.split("\n")[2] for comment in world.github.repos[0].tickets[1].comments] == ["Oil it"]
    assert not [text for text in later(world) if "asked me to wait" in text]


def test_whoever_waits_for_jira_is_told_once_until_when(world: World) -> None:
    key = world.jira.create("OPS", "Task", "Printer is on fire")
    world.settle()
    world.jira.fault("*", times=1000, status=429, headers={"Retry-After": "600"})
    wait = WAIT.replace("GitHub", "Jira")
    assert ask(world, key, "/jira") == ""
    assert later(world) == [wait]
    assert ask(world, key, "/jira") == wait
    forms.opened(world, GENERAL)
    forms.fill(world, {"Summary": "Door"})
    forms.submit(world)
    world.settle()
    view = said(str(forms.current(world)["blocks"]))
    assert wait.replace("This", "*Door*").replace("done", "created") in view
    assert ask(world, "create Third", "/jira") == wait.replace("This", "*Third*").replace("done", "created in OPS")


def test_a_few_seconds_are_nothing_to_tell_of(world: World) -> None:
    world.github.fault("*", **{**ASKED, "headers": {"Retry-After": "3"}})
    assert ask(world, "acme/web#1") == ""
    assert ask(world, "acme/web#1") == ""
    assert later(world) == []
    error = Unavailable("Wait", 3)
    assert again(world.services, "GitHub", error, "Try again.") == "Try again."


def test_a_moment_is_shown_by_the_readers_clock(world: World) -> None:
    moment = world.services.now().replace(hour=14, minute=5, second=0, microsecond=0) + timedelta(0)
    assert clock(moment) == f"<!date^{int(moment.timestamp())}^{{time}}|14:05 UTC>"
