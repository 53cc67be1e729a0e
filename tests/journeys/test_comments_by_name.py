"""A comment that somebody makes by a form, a command or a workflow's step: in the issue's thread it is theirs, once,
and the reply follows what becomes of the comment in Jira.
"""

from collections.abc import Callable
from typing import Any

import pytest

from bot.worker import Worker
from sandbox.slack import DEV, GENERAL, MEMBER
from tests.browser import LINKING, link
from tests.journeys import doing
from tests.journeys.doing import account, card, issue, press, send, told, type_
from tests.journeys.test_jira_to_slack import subscribe
from tests.workflows import run
from tests.world import World

world = doing.world


def said(world: World) -> list[str]:
    """What connect wrote in the issue's thread."""
    return [message["text"] for message in world.slack.thread(GENERAL, card(world)["ts"])[1:]]


def by_command(world: World) -> None:
    type_(world, "comment OPS-1 It *burns*")


def by_form(world: World) -> None:
    press(world, "jira_comment")
    send(world, comment="It burns")
    world.settle()


def by_step(world: World) -> None:
    run(world, "comment_on_jira_issue", MEMBER, issue="OPS-1", text="It burns")


ways = pytest.mark.parametrize("comment", [by_command, by_form, by_step])


@ways
def test_it_is_shown_under_the_persons_name_once_and_follows_jira(
    world: World, comment: Callable[[World], None]
) -> None:
    account(world)
    comment(world)
    (made,) = issue(world).comments
    assert made.author.display == "connect"
    words = "*burns*" if comment is by_command else "burns"
    assert said(world) == [f"*Mia Member* commented:\nIt {words}"]
    world.jira.edit_comment("OPS-1", made.id, "It is *out*", "Ada Lovelace")
    world.settle()
    assert [text.split("\n")[0] for text in said(world)] == ["*Mia Member* commented (edited by *Ada Lovelace*):"]
    assert "out" in said(world)[0]
    world.jira.delete_comment("OPS-1", made.id, "Ada Lovelace")
    world.settle()
    assert said(world) == []
    assert doing.statuses(world) == {"completed"}


@ways
def test_an_edit_in_jira_that_keeps_the_name_shows_it_once(world: World, comment: Callable[[World], None]) -> None:
    account(world)
    comment(world)
    (made,) = issue(world).comments
    body: Any = made.body
    world.jira.edit_comment("OPS-1", made.id, body, "Ada Lovelace")
    world.settle()
    words = "*burns*" if comment is by_command else "burns"
    assert said(world) == [f"*Mia Member* commented (edited by *Ada Lovelace*):\nIt {words}"]


def test_every_thread_of_the_issue_shows_it_so(world: World) -> None:
    account(world)
    subscribe(world, DEV)
    world.jira.edit("OPS-1", "Ada Lovelace", summary="Printer is out")
    world.settle()
    by_command(world)
    shown = [message["text"] for message in world.slack.history(DEV)]
    root = world.slack.history(DEV)[-1]["ts"]
    shown += [message["text"] for message in world.slack.thread(DEV, root)]
    assert [text for text in shown if "burns" in text] == ["*Mia Member* commented:\nIt *burns*"]
    assert said(world)[-1] == "*Mia Member* commented:\nIt *burns*"


def test_a_reply_in_one_thread_is_shown_in_another_under_its_authors_name(world: World) -> None:
    subscribe(world, DEV)
    world.jira.edit("OPS-1", "Ada Lovelace", summary="Printer is out")
    world.settle()
    world.slack.say(MEMBER, GENERAL, "I am on it", thread_ts=card(world)["ts"])
    world.settle()
    root = world.slack.history(DEV)[-1]["ts"]
    shown = [message["text"] for message in world.slack.thread(DEV, root)]
    assert [text for text in shown if "on it" in text] == ["*Mia Member* commented:\nI am on it"]


@pytest.mark.parametrize("lost", [True, False])
def test_its_webhook_waits_until_it_is_known_whose_it_is(world: World, *, lost: bool) -> None:
    account(world)
    second, details = Worker(world.services, world.bolt), list[str]()

    def overtake(_: Any) -> None:
        world.jira.flush()
        for _step in range(6):
            second.step()
        details.extend(one["detail"] for one in world.rows("deliveries", "&status=pending"))

    if lost:
        world.jira.fault("addComment", kind="reset", after=True)
    else:
        world.jira.fault("addComment", kind="hang", seconds=0.1, after=True, notice=overtake)
    by_command(world)
    world.advance(world.settings.connect_settle_seconds + 1)
    world.advance(2)
    assert lost or "a comment of connect's on this issue is not judged yet" in details
    assert len(issue(world).comments) == 1
    assert said(world) == ["*Mia Member* commented:\nIt *burns*"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("cloud", [True, False], ids=["cloud", "data center"])
def test_by_an_account_of_ones_own_no_name_stands_in_the_text(make_world: Callable[..., World], *, cloud: bool) -> None:
    world = make_world(cloud=cloud, **LINKING)
    world.jira.create("OPS", "Bug", "Printer is on fire")
    world.slack.command(MEMBER, GENERAL, "/jira", "OPS-1 share")
    world.settle()
    link(world, "Ada Lovelace")
    by_command(world)
    (made,) = issue(world).comments
    assert made.author.display == "Ada Lovelace"
    assert made.text == ("It burns" if world.jira.cloud else "It *burns*")
    assert said(world) == ["*Mia Member* commented:\nIt *burns*"]
    assert told(world)[-1] == "Your comment is on OPS-1."
