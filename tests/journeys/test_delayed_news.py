"""What a channel is told of its subscriptions while a service has connect wait."""

from sandbox.slack import DEV, MEMBER
from tests.bot.effects import on_sqlite
from tests.journeys.test_slack_to_github import ticket
from tests.world import World

COMMENT = {"repository": "acme/web", "number": 1, "body": "hello"}


def said(world: World, service: str) -> str:
    blocks = world.slack.command(MEMBER, DEV, f"/{service}", "subscribe list").body["blocks"]
    return (
        blocks[0]["elements"][0]["text"].partition(" I ask again <!date")[0] if blocks[0]["type"] == "context" else ""
    )


@on_sqlite
def test_the_list_says_whom_the_news_waits_for_and_only_for_as_long(world: World) -> None:
    world.slack.command(MEMBER, DEV, "/github", "subscribe acme/web")
    world.slack.command(MEMBER, DEV, "/jira", "subscribe OPS")
    world.github.open_issue("acme/web", "Door stuck")
    world.settle()
    assert (said(world, "github"), said(world, "jira")) == ("", "")
    world.github.fault("issues/create-comment", status=429, headers={"Retry-After": "90"})
    world.ask("slack", "github", "add_comment", COMMENT)
    world.settle()
    assert (said(world, "github"), said(world, "jira")) == (":hourglass: GitHub asked me to wait.", "")
    [paused] = world.call("GET", "/health").json()["paused"]
    assert (paused["service"], paused["calls"], paused["why"]) == ("github", "api", "asked connect to wait")
    world.advance(91)
    assert said(world, "github") == ""
    assert world.call("GET", "/health").json()["paused"] == []
    assert [comment.body.splitlines()[0] for comment in ticket(world, 1).comments] == ["hello"]
