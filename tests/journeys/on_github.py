"""What the journeys of doing things on GitHub share: an issue, a pull request, people with accounts, what they see."""

from collections.abc import Iterator

import pytest

from sandbox.github.access import Granted
from sandbox.github.state import Ticket
from sandbox.slack import GENERAL, MEMBER
from tests.github_app import SIGNING_IN
from tests.world import World

TEAM = "T0DEV00001"
ISSUE, PULL = "acme/web#1", "acme/web#2"
HOURGLASS = ":hourglass_flowing_sand:"


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """One database: how rows are kept is tested elsewhere. `acme/web` has an issue and a pull request."""
    made = World(sqlite_url, **SIGNING_IN)
    made.github.open_issue("acme/web", "Door stuck", body="It *sticks*")
    made.github.open_pull_request("acme/web", "Oil the door", head="oil")
    made.settle()
    yield made
    made.close()


def account(world: World, role: str = "triage", user: str = MEMBER, login: str = "ada", repo: str = "acme/web") -> None:
    """An account on GitHub, whose profile shows the e-mail address of somebody in Slack, with a role."""
    world.github.person(login, login.title()).email = world.slack.users[user]["profile"]["email"]
    if role != "none":
        world.github.allow(repo, login, role)


def link(world: World, login: str = "ada", user: str = MEMBER) -> None:
    """Somebody links their account on GitHub."""
    world.slack.command(user, GENERAL, "/github", "login")
    world.github.allow_device(world.github.asked[-1].user_code, login)
    world.advance(6)
    assert isinstance(next(iter(world.github.granted.values())), Granted)
    world.slack.responses.clear()


def ticket(world: World, number: int = 1, repo: int = 0) -> Ticket:
    return world.github.repos[repo].tickets[number]


def type_(world: World, text: str, user: str = MEMBER, command: str = "/github", channel: str = GENERAL) -> str:
    """Type a command, and let it be done; returns what was answered at once."""
    answer = world.slack.command(user, channel, command, text)
    assert (answer.status, answer.trouble) == (200, "")
    settle(world)
    return answer.body["text"] if answer.body else ""


def settle(world: World) -> None:
    """Let it be done; between two writes GitHub wants a second."""
    world.settle()
    world.advance(1.1)


def told(world: World, user: str = MEMBER) -> list[str]:
    """What connect told somebody privately after it had answered, with links to GitHub as their words."""
    return [plain(world, response["body"]["text"]) for response in world.slack.responses if response["user"] == user]


def plain(world: World, text: str) -> str:
    """A text with the addresses of issue and pull request taken out of their links."""
    for name, path in ((ISSUE, "issues/1"), (PULL, "pull/2")):
        text = text.replace(f"<{world.github.url}/acme/web/{path}|{name}>", name)
    return text
