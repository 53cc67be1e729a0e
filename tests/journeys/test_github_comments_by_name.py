"""A comment that somebody makes on GitHub by a command, a form or a workflow's step: in the thread it is theirs, once,
and the reply follows what becomes of the comment there.
"""

from collections.abc import Callable

import pytest

from sandbox.slack import DEV, GENERAL, MEMBER
from sandbox.slack.wire import rich_text
from tests.journeys import on_github
from tests.journeys.doing import send
from tests.journeys.github_cards import press
from tests.journeys.github_threads import all_done, card_of, said, subscribe
from tests.journeys.on_github import account, link, settle, ticket, type_
from tests.workflows import run
from tests.world import World

world = on_github.world


def by_command(world: World) -> None:
    type_(world, "comment acme/web#2 It *burns*")


def by_form(world: World) -> None:
    press(world, 2, "github_comment")
    send(world, comment="It *burns*")
    settle(world)


def by_step(world: World) -> None:
    run(world, "comment_on_github", MEMBER, item="acme/web#2", text=rich_text("It *burns*"))
    settle(world)


def carded(world: World) -> None:
    """The pull request has its card in the channels."""
    world.github.close_pull_request("acme/web", 2)
    world.github.reopen_pull_request("acme/web", 2)
    settle(world)


def thread(world: World) -> str:
    return card_of(world, "Oil the door", GENERAL)


@pytest.mark.parametrize("comment", [by_command, by_form, by_step])
def test_it_is_shown_under_the_persons_name_once_and_follows_github(
    world: World, comment: Callable[[World], None]
) -> None:
    subscribe(world, "acme/web issues pulls comments", GENERAL)
    account(world)
    carded(world)
    comment(world)
    ts, made = thread(world), ticket(world, 2).comments[0]
    url = f"{world.github.url}/acme/web/pull/2#issuecomment-{made.id}"
    shown = [text for text in said(world, ts, GENERAL) if "burns" in text]
    assert made.author.login == "connect-app"
    assert [text.partition("\n")[0] for text in shown] == [f"*Mia Member* <{url}|commented>:"]
    assert "(in Slack)" not in shown[0]
    world.advance(2)
    world.github.edit_comment("acme/web", 2, made.id, made.body.replace("burns", "is out"), "octocat")
    settle(world)
    shown = [text for text in said(world, ts, GENERAL) if "is out" in text]
    assert [text.partition("\n")[0] for text in shown] == [f"*Mia Member* <{url}|commented> (edited by *octocat*):"]
    assert "(in Slack)" not in shown[0]
    world.github.delete_comment("acme/web", 2, made.id, "octocat")
    settle(world)
    assert [text for text in said(world, ts, GENERAL) if "commented" in text] == []
    all_done(world)


@pytest.mark.parametrize("lost", [True, False])
def test_it_brings_the_answers_into_the_thread_where_no_comments_are_asked_for(world: World, *, lost: bool) -> None:
    subscribe(world, "acme/web issues pulls", GENERAL)
    account(world)
    link(world)
    carded(world)
    if lost:
        world.github.fault("issues/create-comment", kind="reset", after=True)
    by_command(world)
    for _ in range(4):
        world.advance(16)
    world.github.comment("acme/web", 2, "octocat", "Where?")
    settle(world)
    shown = [text for text in said(world, thread(world), GENERAL) if "commented" in text]
    assert [(text.partition(" <")[0], text.partition("\n")[2]) for text in shown] == [
        ("*Mia Member*", "It *burns*"), ("*octocat*", "Where?"),
    ]  # fmt: skip
    all_done(world)


def test_a_reply_in_one_channel_is_shown_in_another_under_its_authors_name(world: World) -> None:
    for channel in (GENERAL, DEV):
        subscribe(world, "acme/web issues pulls comments", channel)
    carded(world)
    world.slack.say(MEMBER, GENERAL, "I am on it", thread_ts=thread(world))
    settle(world)
    shown = [text for text in said(world, card_of(world, "Oil the door", DEV), DEV) if "on it" in text]
    assert [(text.partition(" <")[0], text.partition("\n")[2]) for text in shown] == [("*Mia Member*", "I am on it")]
