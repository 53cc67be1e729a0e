"""No echo goes round, and whatever order Slack and GitHub tell things in, both sides end with the same text."""

import random
from datetime import timedelta

import pytest

from sandbox.slack import DEV, MEMBER, wire
from tests.journeys import github_threads
from tests.journeys.github_threads import all_done, comments, flow, issue, pull, said, subscribe
from tests.journeys.test_loops import shuffled
from tests.world import World

world = github_threads.world

MANY = 50
SECOND = timedelta(seconds=1)
"""GitHub's own time has no fractions."""
SEQUENCES = 100
AT_A_TIME = 10
"""Sequences told in one world, each of a reply and a comment of its own."""


def in_order(number: int) -> str:
    return f"**Mia Member (in Slack):**\n\nreply {number}"


def test_many_replies_and_as_many_comments_make_exactly_as_many_copies(world: World) -> None:
    world.slack.metadata_in_events = True
    subscribe(world)
    number, ts = pull(world)
    for nth in range(MANY):
        world.slack.say(MEMBER, DEV, f"reply {nth}", thread_ts=ts)
        world.github.comment("acme/web", number, "octocat", f"comment {nth}")
        if nth % 10 == 0:
            world.settle(2000)
    world.settle(2000)
    flow(world)
    written = [f"comment {nth}" for nth in range(MANY)]
    assert sorted(comments(world, number)) == sorted([*map(in_order, range(MANY)), *written])
    assert [line.partition("\n")[2] for line in said(world, ts)] == written
    assert len(world.slack.thread(DEV, ts)) == 1 + 2 * MANY
    all_done(world)


def test_bots_that_answer_whatever_they_hear_do_not_go_round_by_way_of_connect(world: World) -> None:
    """One on GitHub answers each comment, one in Slack each message of the thread, and two on GitHub one another."""
    subscribe(world)
    number, ts = pull(world)
    heard, answered, rounds = set[str](), set[str](), 0
    world.slack.say(MEMBER, DEV, "hello", thread_ts=ts)
    flow(world)
    while rounds < 5:
        there = [body for body in comments(world, number) if body not in heard and "beep" not in body]
        here = [one for one in said(world, ts) if one not in answered and "boop" not in one]
        if not there and not here:
            break
        rounds += 1
        for body in there:
            world.github.comment("acme/web", number, "helper[bot]", f"beep {len(heard)}")
            heard.add(body)
        for one in here:
            other = {"bot_id": "B0OTHER001", "app_id": "A0OTHER001", "user": "U0OTHERBOT"}
            content = wire.bot_fields(world.slack.team) | other | {"text": f"boop {len(answered)}"}
            world.slack.store(world.slack.channels[DEV], content, ts)
            answered.add(one)
        flow(world)
    assert comments(world, number) == ["**Mia Member (in Slack):**\n\nhello", "beep 0"]
    assert (rounds, [line.partition("\n")[2] for line in said(world, ts) if "boop" not in line]) == (2, ["beep 0"])
    for nth in range(10):
        world.github.comment("acme/web", number, ("helper[bot]", "other[bot]")[nth % 2], f"talk {nth}")
        flow(world)
    assert len(comments(world, number)) == 12
    assert [line.partition("\n")[2] for line in said(world, ts)[-10:]] == [f"talk {nth}" for nth in range(10)]
    all_done(world)


def happens(world: World, number: int, ts: str, name: str, rng: random.Random) -> str:
    """A reply and a comment are made, edited up to three times, and perhaps deleted; returns what both say then."""
    reply = world.slack.say(MEMBER, DEV, f"{name} 0", thread_ts=ts)
    ident = world.github.comment("acme/web", number, "octocat", f"{name} 0")
    edits = rng.randint(0, 3)
    for nth in range(1, edits + 1):
        world.clock.offset += SECOND
        world.slack.edit(DEV, reply, f"{name} {nth}")
        world.github.edit_comment("acme/web", number, ident, f"{name} {nth}")
    if rng.random() < 0.4:
        world.clock.offset += SECOND
        world.slack.delete(DEV, reply)
        world.github.delete_comment("acme/web", number, ident)
        return ""
    return f"{name} {edits}"


@pytest.mark.parametrize("seed", range(SEQUENCES // AT_A_TIME))
def test_events_in_any_order_and_told_twice_end_as_they_do_in_order(world: World, seed: int) -> None:
    rng = random.Random(seed)
    subscribe(world)
    number, ts = (pull if seed % 2 else issue)(world)
    stories = [happens(world, number, ts, f"story {nth}", rng) for nth in range(AT_A_TIME)]
    for standin in (world.slack, world.github):
        standin.rearrange(lambda waiting: shuffled(waiting, rng))
    flow(world)
    left = [story for story in stories if story]
    assert sorted(comments(world, number)) == sorted(
        [*left, *(f"**Mia Member (in Slack):**\n\n{text}" for text in left)]
    )
    assert sorted(line.partition("\n")[2] for line in said(world, ts)) == sorted(left)
    all_done(world)
