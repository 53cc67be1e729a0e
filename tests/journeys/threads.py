"""An issue and its thread, as the journeys of two-way threads begin: on both Jiras, with one database.

What goes on in the thread is seen from both ends: `said` is what Slack shows, `comments` what Jira has.
"""

import re
from collections.abc import Iterator

import pytest

from sandbox.slack import BOT_USER, GENERAL, MEMBER
from tests.world import World


@pytest.fixture(params=[True, False], ids=["cloud", "data center"])
def world(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[World]:
    """The world of a journey, once with each kind of Jira."""
    made = World(sqlite_url, cloud=request.param)
    yield made
    made.close()


def ticket(world: World, channel: str = GENERAL, text: str = "the printer is on fire") -> tuple[str, str]:
    """An issue made from a message: its key and its thread's ts."""
    ts = world.slack.say(MEMBER, channel, f"<@{BOT_USER}> create bug in OPS: {text}")
    world.settle()
    return next(key for key, issue in world.jira.issues.items() if issue.summary == text), ts


def said(world: World, ts: str, channel: str = GENERAL) -> list[str]:
    """What connect wrote in a thread after its card."""
    return [message["text"] for message in world.slack.thread(channel, ts) if message.get("bot_id")][1:]


def comments(world: World, key: str) -> list[str]:
    """The comments of an issue in plain words, with their author's name as Data Center's wiki text has it in bold."""
    texts = [comment.text for comment in world.jira.issues[key].comments]
    return [re.sub(r"^\*(.+ \(in Slack\):)\*", r"\1", text) for text in texts]


def told(world: World, user: str = MEMBER) -> list[str]:
    """What only this person was shown."""
    return [message["text"] for message in world.slack.ephemeral(user)]


def all_done(world: World) -> None:
    """Nothing waits and nothing failed."""
    assert {row["status"] for row in world.rows("integrations")} <= {"completed"}, world.rows("integrations")
    assert {row["status"] for row in world.rows("deliveries")} <= {"completed", "ignored"}
