"""A private channel without connect is one that it cannot even see: it says so, and nothing that it does not know."""

import pytest

from sandbox.slack import ADMIN, BOT_USER, HIDDEN
from tests.bot.effects import on_sqlite
from tests.world import World

pytestmark = on_sqlite

ASKED = "*I am not in this channel:* type `/invite @connect`, then do this again."


@pytest.fixture
def reader(world: World) -> World:
    """A world in which the admin may read the private repository."""
    mona = world.github.person("mona")
    mona.email = world.slack.users[ADMIN]["profile"]["email"]
    world.github.allow("acme/secret", "mona", "write")
    return world


def said(world: World, command: str, words: str) -> str:
    answer = world.slack.command(ADMIN, HIDDEN, command, words)
    world.settle()
    return answer.body["text"]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/github", "subscribe acme/web"), ("/github", "subscribe acme/secret"), ("/github", "subscribe acme"),
        ("/github", "default acme/secret"), ("/jira", "subscribe OPS all"),
    ],
)  # fmt: skip
def test_it_asks_for_an_invitation_and_keeps_nothing(reader: World, command: str, words: str) -> None:
    assert said(reader, command, words) == ASKED
    assert reader.rows("subscriptions") == []


def test_once_invited_it_hears_of_the_private_repository(reader: World) -> None:
    assert said(reader, "/github", "subscribe acme/secret pulls") == ASKED
    reader.slack.invite(ADMIN, HIDDEN, BOT_USER)
    reader.settle()
    assert "This channel now hears of *acme/secret*" in said(reader, "/github", "subscribe acme/secret pulls")
    reader.github.open_pull_request("acme/secret", "Door")
    reader.settle()
    assert "Door" in str(reader.slack.history(HIDDEN)[-1])


def test_what_slack_does_not_say_in_time_is_no_reason_to_refuse(reader: World) -> None:
    reader.slack.fault("conversations.info", status=503)
    assert ":white_check_mark:" in said(reader, "/github", "subscribe acme/web pulls")
