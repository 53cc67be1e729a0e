"""The thread of a discussion's card: replies are comments there, and follow each other's edits and deletions."""

from collections.abc import Callable

import pytest

from sandbox.slack import DEV, MEMBER
from sandbox.standin import Call
from tests.github_app import SIGNING_IN
from tests.journeys import github_threads
from tests.journeys.github_threads import all_done, card_of, flow, link, said, subscribe, told
from tests.world import World

made_of = github_threads.made_of
world = github_threads.world
SIGNED = "**Mia Member (in Slack):**\n\n"


@pytest.fixture
def begun(world: World) -> tuple[int, str]:
    """A discussion with its card: its number, and the thread's ts."""
    return begin(world)


def begin(world: World) -> tuple[int, str]:
    subscribe(world, "acme/web discussions")
    number = world.github.discuss("acme/web", "More doors")
    world.settle()
    return number, card_of(world, "More doors")


def comments(world: World, number: int) -> list[tuple[str, str]]:
    """Who said what, without the marker at its end."""
    found = world.github.repos[0].discussions[number].comments
    return [(each.author.login, each.body.partition("\n\n<!-- connect:")[0]) for each in found]


def test_a_reply_is_a_comment_that_follows_it_and_is_told_nowhere_twice(world: World, begun: tuple[int, str]) -> None:
    number, ts = begun
    reply = world.slack.say(MEMBER, DEV, "Why more?", thread_ts=ts)
    flow(world)
    assert comments(world, number) == [("connect-app", f"{SIGNED}Why more?")]
    world.slack.edit(DEV, reply, "Why fewer?")
    flow(world)
    assert (comments(world, number), said(world, ts)) == ([("connect-app", f"{SIGNED}Why fewer?")], [])
    [comment] = world.github.repos[0].discussions[number].comments
    world.advance(2)
    world.github.reword_in_discussion("acme/web", number, comment.id, "Why, indeed?", "octocat")
    flow(world)
    assert ["octocat" in line and "Why, indeed?" in line for line in said(world, ts)] == [True]
    world.slack.delete(DEV, reply)
    flow(world)
    assert (comments(world, number), said(world, ts)) == ([], [])
    link(world, "mia-gh")
    world.slack.say(MEMBER, DEV, "As myself", thread_ts=ts)
    world.slack.say(MEMBER, DEV, "// between us", thread_ts=ts)
    flow(world)
    assert comments(world, number) == [("mia-gh", "As myself")]
    ident = world.github.say_in_discussion("acme/web", number, "octocat", "By ship")
    flow(world)
    assert ["By ship" in line for line in said(world, ts)] == [True]
    world.github.unsay_in_discussion("acme/web", number, ident, "octocat")
    flow(world)
    assert said(world, ts) == []
    all_done(world)


def _adds(call: Call) -> bool:
    return "addDiscussion" in str(call.body)


@pytest.mark.parametrize("heard", [True, False])
def test_a_comment_whose_answer_was_lost_is_made_once(world: World, begun: tuple[int, str], *, heard: bool) -> None:
    number, ts = begun
    world.github.target = world.url if heard else ""
    world.github.fault("graphql", kind="reset", after=True, where=_adds)
    reply = world.slack.say(MEMBER, DEV, "first", thread_ts=ts)
    world.settle()
    for _ in range(4):
        world.advance(16)
    assert ("comments(last: 100" in str(world.github.calls_to("graphql"))) is not heard
    world.slack.edit(DEV, reply, "second")
    flow(world)
    assert (comments(world, number), said(world, ts)) == ([("connect-app", f"{SIGNED}second")], [])
    all_done(world)


def test_where_connect_may_not_write_in_discussions_the_person_is_told(made_of: Callable[..., World]) -> None:
    world = made_of(**SIGNING_IN)
    number, ts = begin(world)
    world.github.may_discuss = False
    world.slack.say(MEMBER, DEV, "Why?", thread_ts=ts)
    flow(world)
    assert comments(world, number) == []
    assert told(world)[-1] == (
        f"Your reply did not reach acme/web#{number}. GitHub does not let connect write in discussions there: whoever "
        "runs connect can give its GitHub App or its token the right to write in “Discussions”."
    )
