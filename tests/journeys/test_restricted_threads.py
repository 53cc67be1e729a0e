"""A thread whose issue gets a security level: it hears nothing more of it, until the level is gone."""

import pytest

from sandbox.slack import GENERAL, MEMBER, PRIVATE
from tests.journeys.threads import all_done, comments, said, ticket, world
from tests.world import World

__all__ = ["world"]
RESTRICTED = "OPS-1 is restricted in Jira now, so nothing more of it is told here."


def happen(world: World, key: str) -> None:
    """A change, a comment and its edit, each with words that nobody in the thread may read."""
    world.jira.edit(key, "Grace Hopper", summary="the secret printer", priority="High")
    world.settle()
    note = world.jira.comment(key, "Grace Hopper", "a secret")
    world.settle()
    world.jira.edit_comment(key, note, "another secret")
    world.settle()


def restrict(world: World, key: str, level: str | None = "Staff") -> None:
    world.jira.edit(key, "Grace Hopper", security=level)
    world.settle()


def test_a_thread_of_people_is_told_once_and_hears_no_more_nor_does_its_card_change(world: World) -> None:
    key, ts = ticket(world)
    card = world.slack.thread(GENERAL, ts)[1]
    before = (card["text"], card["blocks"])
    restrict(world, key)
    happen(world, key)
    assert said(world, ts) == [RESTRICTED]
    card = world.slack.thread(GENERAL, ts)[1]
    assert (card["text"], card["blocks"]) == before
    assert "secret" not in str(world.slack.channels[GENERAL].messages)
    all_done(world)


def test_replies_of_those_who_may_comment_still_reach_the_issue(world: World) -> None:
    world.give_account(MEMBER)
    key, ts = ticket(world)
    restrict(world, key)
    world.slack.say(MEMBER, GENERAL, "from Slack", thread_ts=ts)
    world.settle()
    assert comments(world, key) == ["Mia Member (in Slack):\n\nfrom Slack"]


def test_it_goes_on_when_the_level_is_gone_and_is_told_again_when_there_is_one_again(world: World) -> None:
    key, ts = ticket(world)
    restrict(world, key)
    restrict(world, key, None)
    world.jira.comment(key, "Grace Hopper", "open again")
    world.settle()
    heard = said(world, ts)
    assert (heard[0], heard[-1]) == (RESTRICTED, "*Grace Hopper* commented:\nopen again")
    restrict(world, key)
    happen(world, key)
    assert said(world, ts) == [*heard, RESTRICTED]


def test_a_comment_that_was_told_before_leaves_with_its_deletion(world: World) -> None:
    key, ts = ticket(world)
    note = world.jira.comment(key, "Grace Hopper", "from Jira")
    world.settle()
    restrict(world, key)
    world.jira.delete_comment(key, note)
    world.settle()
    assert said(world, ts) == [RESTRICTED]


def test_a_thread_that_wants_to_hear_nothing_is_not_told_that_either(world: World) -> None:
    key, ts = ticket(world)
    world.slack.command(MEMBER, GENERAL, "/jira", f"sync {key} to-jira")
    restrict(world, key)
    assert said(world, ts) == []


@pytest.mark.parametrize("of_people", [True, False])
def test_where_a_subscription_of_a_private_channel_may_see_it_the_thread_goes_on(
    world: World, *, of_people: bool
) -> None:
    world.slack.channels[GENERAL].kind = "group"
    world.slack.command(MEMBER, GENERAL, "/jira", "subscribe OPS all")
    if of_people:
        key, ts = ticket(world)
    else:
        key = world.jira.create("OPS", "Bug", "the printer is on fire")
        world.settle()
        ts = next(message["ts"] for message in world.slack.history(GENERAL) if message.get("bot_id"))
    restrict(world, key)
    world.jira.comment(key, "Grace Hopper", "for our eyes only")
    world.settle()
    assert RESTRICTED not in said(world, ts)
    assert said(world, ts)[-1] == "*Grace Hopper* commented:\nfor our eyes only"


def test_a_private_channel_hears_nothing_restricted_once_it_is_public_and_is_told_that_once(world: World) -> None:
    assert "now hears of" in world.slack.command(MEMBER, PRIVATE, "/jira", "subscribe OPS all").body["text"]
    key = world.jira.create("OPS", "Bug", "Payroll", security="Staff")
    world.settle()
    world.slack.convert(MEMBER, PRIVATE)
    world.settle()
    world.slack.redeliver()
    world.settle()
    before = len(world.slack.channels[PRIVATE].messages)
    world.jira.comment(key, "Grace Hopper", "between us")
    world.settle()
    happen(world, key)
    world.jira.create("OPS", "Bug", "More of it", security="Staff")
    world.settle()
    messages = [each["text"] for each in world.slack.channels[PRIVATE].messages]
    assert len(messages) == before
    assert [text.startswith(":lock: This channel is public now. Of Jira") for text in messages[-2:]] == [False, True]
    world.jira.create("OPS", "Bug", "For all")
    world.settle()
    assert "For all" in world.slack.history(PRIVATE)[-1]["text"]
