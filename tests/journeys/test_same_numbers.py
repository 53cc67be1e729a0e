"""Each service, and on GitHub each kind of thing, counts for itself: what has the same number is not the same."""

import pytest

from sandbox.slack import DEV, GENERAL, MEMBER
from sandbox.standin import StandIn
from tests.journeys import github_threads
from tests.journeys.github_threads import card_of, flow, pull, said, subscribe
from tests.world import World

world = github_threads.world


def numbered(monkeypatch: pytest.MonkeyPatch, service: StandIn, same: int) -> None:
    """Whatever this service makes from now on has the same number."""
    monkeypatch.setattr(service, "next_id", lambda: same)


def test_a_comment_in_jira_is_told_that_has_the_number_of_one_connect_wrote_on_github(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe(world)
    on, ts = pull(world)
    key = world.jira.create("OPS", "Task", "the printer")
    world.slack.command(MEMBER, GENERAL, "/jira", "subscribe OPS commented")
    numbered(monkeypatch, world.github, 20050)
    world.slack.say(MEMBER, DEV, "on it", thread_ts=ts)
    flow(world)
    assert [comment.id for comment in world.github.repos[0].tickets[on].comments] == [20050]
    numbered(monkeypatch, world.jira, 10050)  # its comments have 10000 more
    assert world.jira.comment(key, "Grace Hopper", "me too") == "20050"
    flow(world)
    (line,) = said(world, card_of(world, "the printer", GENERAL), GENERAL)
    assert line.endswith("me too")


def test_a_pull_request_an_issue_and_a_deployment_of_one_number_have_a_card_each(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe(world, "acme/web issues pulls deployments")
    _, ts = pull(world)
    (ticket,) = world.github.repos[0].tickets.values()
    assert ticket.pull is not None
    numbered(monkeypatch, world.github, ticket.pull.id)
    world.github.open_issue("acme/web", "Blank")
    world.github.deployment_status("acme/web", world.github.deploy("acme/web", "production", "main"), "success")
    flow(world)
    cards = [message["text"].partition(" (")[0] for message in world.slack.history(DEV) if message.get("bot_id")]
    assert cards[-3:] == ["acme/web#1: Faster start", "acme/web#2: Blank", "acme/web: deployment to production"]
    assert (said(world, ts), card_of(world, "Faster start")) == ([], ts)
