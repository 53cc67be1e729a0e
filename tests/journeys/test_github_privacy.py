"""What not everybody may see: security alerts and secret teams reach private channels only, unless an admin says so."""

from collections.abc import Iterator

import pytest

from sandbox.slack import BOT_USER, DEV, GENERAL, MEMBER, PARTNERS, PRIVATE, STRANGER
from tests.renderers import pairs
from tests.world import World

ENVELOPE = ("repository", "organization", "sender")


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """A world on SQLite: what is told does not depend on the database."""
    made = World(sqlite_url)
    yield made
    made.close()


def arrives(world: World, name: str) -> None:
    """The webhook of a fixture, from the repository acme/web."""
    payload = {key: value for key, value in pairs.payload("github", name).items() if key not in ENVELOPE}
    event = pairs.event("github", name).partition(".")[0]
    world.github.announce(event, world.github.repos[0], world.github.person("octocat"), payload)
    world.settle()


def said(world: World, channel: str) -> list[str]:
    """The first lines of what connect said in a channel."""
    return [message["text"].split("\n")[0] for message in world.slack.history(channel) if message.get("bot_id")]


def subscribed(world: World, channel: str) -> None:
    answer = world.slack.command(MEMBER, channel, "/github", "subscribe acme/web security members")
    assert "now hears" in answer.body["text"]


def test_security_alerts_reach_private_channels_only(world: World) -> None:
    subscribed(world, DEV)
    subscribed(world, PRIVATE)
    for name in ("dependabot_alert.created", "code_scanning_alert.created", "secret_scanning_alert.created",
                 "repository_advisory.reported"):  # fmt: skip
        arrives(world, name)
    where = f"in <{world.github.url}/acme/web|acme/web>"
    assert said(world, PRIVATE) == [
        f"🛡️ Dependabot alert found {where}",
        f"🛡️ Code scanning alert found {where}",
        f"🛡️ Secret scanning alert found {where}",
        f"🛡️ Security advisory reported {where}",
    ]
    assert said(world, DEV) == []


def test_a_delivery_that_no_channel_may_see_says_why(world: World) -> None:
    subscribed(world, DEV)
    arrives(world, "dependabot_alert.created")
    assert world.rows("deliveries")[-1]["detail"] == "it is for private channels only"


def test_of_what_a_channel_may_not_see_its_subscription_shows_nothing(world: World) -> None:
    subscribed(world, DEV)
    subscribed(world, PRIVATE)
    for name in ("dependabot_alert.created", "membership.added--secret"):
        arrives(world, name)

    def shown(channel: str, words: str) -> str:
        return str(world.slack.command(MEMBER, channel, "/github", words).body).casefold()

    asked = ("test acme/web", "list", "settings acme/web")
    traces = ("dependabot", "security created", "members added", "held back", "for private channels only")
    assert [trace for words in asked for trace in traces if trace in shown(DEV, words)] == []
    assert "security created" in shown(PRIVATE, "test acme/web")


def test_people_of_other_workspaces_are_not_told_what_a_channel_hears_of(world: World) -> None:
    subscribed(world, PARTNERS)
    words = ("github list", "github settings acme/web", "github test acme/web", "github why acme/web#1")
    for each in (*words, "jira subscribe list", "github remind"):
        world.slack.say(STRANGER, PARTNERS, f"<@{BOT_USER}> {each}")
        world.settle()
    told = [message["text"] for message in world.slack.ephemeral(STRANGER)]
    assert told == ["Only members of this workspace can do this."] * 6


def test_an_administrator_may_let_alerts_into_a_public_channel(world: World) -> None:
    kept = {"source_service": "github", "source": "acme/web", "channel": GENERAL, "events": ["security"]}
    assert world.call("POST", "/api/v1/subscriptions", kept).status_code == 201
    arrives(world, "dependabot_alert.created")
    assert len(said(world, GENERAL)) == 1


def test_a_secret_team_is_named_in_private_channels_only(world: World) -> None:
    subscribed(world, DEV)
    subscribed(world, PRIVATE)
    arrives(world, "membership.added--secret")
    arrives(world, "member.added")
    assert [len(said(world, channel)) for channel in (PRIVATE, DEV)] == [2, 1]


def test_what_is_not_told_is_stored_with_the_reason(world: World) -> None:
    subscribed(world, DEV)
    for event, payload in (("star", {"action": "deleted", "starred_at": None}), ("workflow_job", {"action": "queued"}),
                           ("from_the_future", {"action": "begun"})):  # fmt: skip
        world.github.announce(event, world.github.repos[0], world.github.person("octocat"), payload)
    world.settle()
    assert [(row["event"], row["status"], row["detail"]) for row in world.rows("deliveries")[-3:]] == [
        ("star.deleted", "ignored", "nobody needs to be told"),
        ("workflow_job.queued", "ignored", "another event tells it: `workflow_run` does"),
        ("from_the_future.begun", "ignored", "nothing to tell of from_the_future.begun"),
    ]
