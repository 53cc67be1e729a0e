"""With `thread:off` a comment is a message of its own: what is written beneath it is a comment of the same thing."""

from collections.abc import Callable

import pytest

from sandbox.slack import DEV, GENERAL, MEMBER
from tests.journeys import github_threads
from tests.journeys.github_threads import all_done, comments, flow, issue, pull, said, subscribe, told
from tests.world import World

world = github_threads.world


@pytest.mark.parametrize("begin", [pull, issue])
def test_a_reply_beneath_a_comments_own_message_becomes_a_comment_and_follows_it(
    world: World, begin: Callable[[World], tuple[int, str]]
) -> None:
    subscribe(world, "acme/web issues pulls comments thread:off")
    number, _ = begin(world)
    world.github.comment("acme/web", number, "octocat", "Is it plugged in?")
    flow(world)
    message = world.slack.history(DEV)[-1]
    assert "Is it plugged in?" in message["text"]
    reply = world.slack.say(MEMBER, DEV, "It is", thread_ts=message["ts"])
    flow(world)
    assert comments(world, number)[1:] == ["**Mia Member (in Slack):**\n\nIt is"]
    world.slack.edit(DEV, reply, "It is now")
    flow(world)
    assert comments(world, number)[1:] == ["**Mia Member (in Slack):**\n\nIt is now"]
    world.slack.delete(DEV, reply)
    flow(world)
    assert (comments(world, number), said(world, message["ts"])) == (["Is it plugged in?"], [])
    all_done(world)


def test_replies_stay_in_slack_where_a_subscription_says_so(world: World) -> None:
    subscribe(world, "acme/web issues comments thread:off -replies")
    number, _ = issue(world)
    world.github.comment("acme/web", number, "octocat", "Is it plugged in?")
    flow(world)
    world.slack.say(MEMBER, DEV, "It is", thread_ts=world.slack.history(DEV)[-1]["ts"])
    flow(world)
    assert comments(world, number) == ["Is it plugged in?"]


def test_beneath_a_comment_of_jira_too(world: World) -> None:
    body = {"source_service": "jira", "source": "OPS", "channel": GENERAL, "events": ["commented"], "thread": "off"}
    assert world.call("POST", "/api/v1/subscriptions", body).status_code == 201
    key = world.jira.create("OPS", "Bug", "Printer is on fire")
    world.settle()
    world.jira.comment(key, "Grace Hopper", "Is it plugged in?")
    flow(world)
    message = world.slack.history(GENERAL)[-1]
    assert "Is it plugged in?" in message["text"]
    world.slack.say(MEMBER, GENERAL, "It is", thread_ts=message["ts"])
    flow(world)
    assert len(world.jira.issues[key].comments) == 2
    assert told(world) == []
