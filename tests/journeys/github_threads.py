"""A pull request or an issue and its card's thread, as the journeys of replies to GitHub begin.

What goes on in the thread is seen from both ends: `said` is what Slack shows, `comments` what GitHub has.
"""

from collections.abc import Callable

import pytest

from sandbox.github.state import Comment
from sandbox.slack import DEV, MEMBER
from tests.github_app import SIGNING_IN
from tests.journeys.threads import all_done
from tests.world import World

__all__ = ["all_done"]


@pytest.fixture
def world(made_of: Callable[..., World]) -> World:
    return made_of(**SIGNING_IN)


def subscribe(world: World, words: str = "acme/web issues pulls comments", channel: str = DEV) -> None:
    answer = world.slack.command(MEMBER, channel, "/github", f"subscribe {words}").body["text"]
    assert "now hears of" in answer, answer


def card_of(world: World, title: str, channel: str = DEV) -> str:
    """The ts of the card with this title."""
    cards = [each for each in world.slack.history(channel) if each.get("bot_id") and title in each["text"]]
    (card,) = cards
    return card["ts"]


def pull(world: World, title: str = "Faster start") -> tuple[int, str]:
    """A pull request with its card: its number, and the thread's ts."""
    number = world.github.open_pull_request("acme/web", title)
    world.settle()
    return number, card_of(world, title)


def issue(world: World, title: str = "The page is blank") -> tuple[int, str]:
    """An issue with its card."""
    number = world.github.open_issue("acme/web", title)
    world.settle()
    return number, card_of(world, title)


def flow(world: World) -> None:
    """All that is under way comes to its end: between two changes on GitHub a second has to pass."""
    world.settle()
    while any(row["status"] == "pending" for row in world.rows("integrations")):
        world.advance(2)
    world.advance(2)


def stored(world: World, number: int) -> list[Comment]:
    repo = world.github.repo("acme/web")
    assert repo is not None
    return repo.tickets[number].comments


def comments(world: World, number: int) -> list[str]:
    """The comments without the marker at their end."""
    return [each.body.partition("\n\n<!-- connect:")[0] for each in stored(world, number)]


def said(world: World, ts: str, channel: str = DEV) -> list[str]:
    """What connect wrote in a thread after its card."""
    return [each["text"] for each in world.slack.thread(channel, ts)[1:] if each.get("bot_id")]


def told(world: World, user: str = MEMBER) -> list[str]:
    """What only this person was shown."""
    return [message["text"] for message in world.slack.ephemeral(user)]


def known_as(world: World, user: str, login: str) -> None:
    """The profile of an account shows the e-mail address of somebody in Slack."""
    world.github.person(login, login.title()).email = world.slack.users[user]["profile"]["email"]


def link(world: World, login: str, user: str = MEMBER) -> None:
    """Somebody links their own account on GitHub."""
    world.slack.command(user, DEV, "/github", "login")
    world.settle()
    world.github.allow_device(world.github.asked[-1].user_code, login)
    world.advance(6)
