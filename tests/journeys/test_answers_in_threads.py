"""Who writes to Jira or GitHub from a thread sees the answers there, though the channel did not ask for comments."""

import pytest

from sandbox.slack import DEV, MEMBER
from tests.journeys import github_threads, threads
from tests.journeys.github_threads import all_done, flow, pull, said, subscribe
from tests.journeys.test_jira_to_slack import replies
from tests.journeys.test_subscribed_comments import carded
from tests.world import World

made_of = github_threads.made_of
world = github_threads.world
on_either_jira = threads.world


def words(world: World, ts: str) -> list[str]:
    """What comments say that stand in a thread."""
    return [line.partition("\n")[2] for line in said(world, ts)]


def test_from_the_first_reply_on_a_thread_hears_the_comments_of_its_pull_request(world: World) -> None:
    subscribe(world, "acme/web pulls -bots")
    number, ts = pull(world)
    world.github.comment("acme/web", number, "octocat", "Looks good")
    flow(world)
    assert words(world, ts) == []
    world.slack.say(MEMBER, DEV, "// does it?", thread_ts=ts)
    flow(world)
    world.github.comment("acme/web", number, "octocat", "It does")
    flow(world)
    assert words(world, ts) == []
    world.slack.say(MEMBER, DEV, "Why?", thread_ts=ts)
    flow(world)
    answer = world.github.comment("acme/web", number, "octocat", "Becaus")
    world.github.comment("acme/web", number, "hubot", "beep")
    world.github.remark("acme/web", number, "octocat", "See here")
    world.github.review("acme/web", number, "octocat", "commented")
    flow(world)
    world.github.edit_comment("acme/web", number, answer, "Because")
    flow(world)
    assert words(world, ts) == ["Because", "See here"]
    assert "comments created by octocat" in str(world.slack.command(MEMBER, DEV, "/github", f"why acme/web#{number}"))
    other, there = pull(world, "Faster end")
    world.github.comment("acme/web", other, "octocat", "Nobody asked")
    flow(world)
    assert words(world, there) == []
    world.slack.command(MEMBER, DEV, "/github", "pause acme/web")
    world.github.comment("acme/web", number, "octocat", "In between")
    flow(world)
    assert words(world, ts) == ["Because", "See here"]
    all_done(world)


@pytest.mark.parametrize("manner", ["thread:off", "+reactions"])
def test_where_a_subscription_tells_nothing_in_threads_no_answer_is_told_either(world: World, manner: str) -> None:
    subscribe(world, f"acme/web pulls {manner}")
    number, ts = pull(world)
    world.slack.say(MEMBER, DEV, "Why?", thread_ts=ts)
    flow(world)
    before = len(world.slack.history(DEV))
    world.github.comment("acme/web", number, "octocat", "Because")
    flow(world)
    assert (words(world, ts), len(world.slack.history(DEV))) == ([], before)
    all_done(world)


def test_the_same_holds_for_an_issue_of_jiras(on_either_jira: World) -> None:
    world = on_either_jira
    key, ts = carded(world, events=["created"])
    world.jira.comment(key, "Grace Hopper", "It is stuck")
    world.settle()
    assert replies(world, DEV, ts) == []
    world.slack.say(MEMBER, DEV, "Which one?", thread_ts=ts)
    world.settle()
    world.jira.comment(key, "Grace Hopper", "The left one")
    world.jira.comment(key, "Grace Hopper", "Between us", restricted=True)
    world.settle()
    assert replies(world, DEV, ts)[1:] == ["*Grace Hopper* commented:\nThe left one"]
    world.slack.command(MEMBER, DEV, "/jira", f"sync {key} to-jira")
    world.jira.comment(key, "Grace Hopper", "In between")
    world.settle()
    assert replies(world, DEV, ts)[1:] == ["*Grace Hopper* commented:\nThe left one"]
    all_done(world)
