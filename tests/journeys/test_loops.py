"""No echo goes round, and whatever order Slack and Jira tell things in, both sides end with the same text."""

import random
from datetime import timedelta

import pytest

from sandbox.slack import GENERAL, MEMBER
from sandbox.standin import Outgoing
from tests.journeys.threads import all_done, comments, said, ticket, world
from tests.world import World

__all__ = ["world"]

MANY = 100
MILLISECOND = timedelta(milliseconds=1)
SEQUENCES = 100
"""On each Jira."""
AT_A_TIME = 20
"""Sequences told in one world, each of a reply and a comment of its own."""


def test_a_hundred_replies_and_a_hundred_comments_make_exactly_as_many_copies(world: World) -> None:
    world.slack.metadata_in_events = True
    key, ts = ticket(world)
    for number in range(MANY):
        world.slack.say(MEMBER, GENERAL, f"reply {number}", thread_ts=ts)
        world.jira.comment(key, "Grace Hopper", f"comment {number}")
        if number % 10 == 0:
            world.settle(2000)
    world.settle(5000)
    world.advance(2)
    written = [f"Mia Member (in Slack):\n\nreply {number}" for number in range(MANY)]
    assert sorted(comments(world, key)) == sorted([*written, *(f"comment {number}" for number in range(MANY))])
    assert said(world, ts) == [f"*Grace Hopper* commented:\ncomment {number}" for number in range(MANY)]
    assert len(world.slack.thread(GENERAL, ts)) == 2 + 2 * MANY
    all_done(world)


def happens(world: World, key: str, ts: str, name: str, rng: random.Random) -> str:
    """A reply and a comment are made, edited up to three times, and perhaps deleted; returns what both say then."""
    reply = world.slack.say(MEMBER, GENERAL, f"{name} 0", thread_ts=ts)
    comment = world.jira.comment(key, "Grace Hopper", f"{name} 0")
    edits = rng.randint(0, 3)
    for number in range(1, edits + 1):
        world.clock.offset += MILLISECOND
        world.slack.edit(GENERAL, reply, f"{name} {number}")
        world.jira.edit_comment(key, comment, f"{name} {number}")
    if rng.random() < 0.4:
        world.clock.offset += MILLISECOND
        world.slack.delete(GENERAL, reply)
        world.jira.delete_comment(key, comment)
        return ""
    return f"{name} {edits}{' edited' if edits else ''}"


def shuffled(waiting: list[Outgoing], rng: random.Random) -> list[Outgoing]:
    """What waits to be told, in any order, and some of it twice."""
    doubled = [*waiting, *rng.sample(waiting, len(waiting) // 3)]
    rng.shuffle(doubled)
    return doubled


@pytest.mark.parametrize("seed", range(SEQUENCES // AT_A_TIME))
def test_events_in_any_order_and_told_twice_end_as_they_do_in_order(world: World, seed: int) -> None:
    rng = random.Random(seed)
    key, ts = ticket(world)
    stories = [happens(world, key, ts, f"story {number}", rng) for number in range(AT_A_TIME)]
    for standin in (world.slack, world.jira):
        standin.rearrange(lambda waiting: shuffled(waiting, rng))
    world.settle(5000)
    for _ in range(3):
        world.advance(2)
    left = [story for story in stories if story]
    words = [text.removesuffix(" edited") for text in left]
    edited = [" (edited)" if text.endswith(" edited") else "" for text in left]
    shown = [f"*Grace Hopper* commented{mark}:\n{text}" for mark, text in zip(edited, words, strict=True)]
    assert sorted(comments(world, key)) == sorted([*words, *(f"Mia Member (in Slack):\n\n{text}" for text in words)])
    assert sorted(said(world, ts)) == sorted(shown)
    all_done(world)
