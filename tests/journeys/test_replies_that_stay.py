"""Replies where GitHub has no comments: they stay in Slack, and who writes one is told so once."""

from bot.flows.replies import KEPT
from sandbox.slack import ADMIN, DEV, MEMBER
from tests.journeys import github_threads
from tests.journeys.github_threads import all_done, card_of, flow, subscribe, told
from tests.world import World

made_of = github_threads.made_of
world = github_threads.world


def kept(world: World, user: str = MEMBER) -> list[str]:
    return [text for text in told(world, user) if "stays in Slack" in text]


def test_who_replies_to_a_deployment_or_a_run_learns_once_that_it_stays_in_slack(world: World) -> None:
    subscribe(world, "acme/web deployments workflows:*")
    world.github.push("acme/web", "main", [("Oil", "octocat")])
    deployed = world.github.deploy("acme/web", "production", "main")
    world.github.deployment_status("acme/web", deployed, "success")
    world.github.finish_run("acme/web", world.github.start_run("acme/web", "main", "CI", "push"), "failure")
    flow(world)
    deployment, run = card_of(world, "production"), card_of(world, "CI")
    reply = world.slack.say(MEMBER, DEV, "Rolling back", thread_ts=deployment)
    flow(world)
    world.slack.edit(DEV, reply, "Rolled back")
    world.slack.say(MEMBER, DEV, "And again", thread_ts=deployment)
    world.slack.say(MEMBER, DEV, "Who broke it?", thread_ts=run)
    world.slack.say(ADMIN, DEV, "// not me", thread_ts=run)
    flow(world)
    assert (kept(world), kept(world, ADMIN)) == ([KEPT], [])
    world.slack.say(ADMIN, DEV, "Me", thread_ts=run)
    flow(world)
    assert kept(world, ADMIN) == [KEPT]
    all_done(world)


def test_nothing_is_said_where_replies_are_turned_off_or_where_there_is_no_thread_of_connects(world: World) -> None:
    subscribe(world, "acme/web deployments commits releases -replies")
    world.github.push("acme/web", "main", [("Oil the door", "octocat")])
    world.github.release("acme/web", "v1", "First", "")
    deployed = world.github.deploy("acme/web", "production", "main")
    world.github.deployment_status("acme/web", deployed, "success")
    flow(world)
    for title in ("Oil the door", "First", "production"):
        world.slack.say(MEMBER, DEV, "Nice", thread_ts=card_of(world, title))
    flow(world)
    assert kept(world) == []
    assert [call.operation for call in world.github.calls if call.method != "GET"] == []
    all_done(world)
