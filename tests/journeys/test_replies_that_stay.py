"""Replies that stay in Slack: where GitHub has no comments, and of outsiders; who writes one is told so once."""

from bot.flows.replies import KEPT
from bot.operations import outsiders
from sandbox.slack import ADMIN, DEV, GENERAL, GUEST, MEMBER, PARTNERS, STRANGER
from tests.journeys import github_threads
from tests.journeys.github_threads import all_done, card_of, comments, flow, issue, subscribe, told
from tests.world import World

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


def test_replies_of_guests_apps_and_other_workspaces_stay_which_they_learn_once(world: World) -> None:
    bot = world.slack.add_user("U0DEVBOT01", "Robo", bot=True)
    for channel in (GENERAL, PARTNERS):
        subscribe(world, "acme/web issues comments", channel)
    number = world.github.open_issue("acme/web", "Blank page")
    flow(world)
    replies = [
        (channel, world.slack.say(user, channel, "No", thread_ts=card_of(world, "Blank page", channel)))
        for user, channel in ((GUEST, GENERAL), (STRANGER, PARTNERS), (bot, GENERAL), (GUEST, GENERAL))
    ]
    flow(world)
    world.slack.edit(*replies[0], "Yes")
    world.slack.edit(*replies[1], "Yes")
    world.slack.delete(*replies[2])
    world.slack.say(MEMBER, PARTNERS, "Mine", thread_ts=card_of(world, "Blank page", PARTNERS))
    flow(world)
    assert comments(world, number) == ["**Mia Member (in Slack):**\n\nMine"]
    assert (kept(world, GUEST), kept(world, STRANGER)) == ([], [])
    assert [told(world, user) for user in (GUEST, STRANGER, bot)] == [[outsiders.KEPT], [outsiders.KEPT], []]
    all_done(world)


def test_a_reply_waits_until_slack_says_whose_it_is_and_stays_if_slack_does_not_show_them(world: World) -> None:
    subscribe(world)
    number, ts = issue(world)
    world.slack.add_user("U0DEVGONE1", "Nobody")
    world.slack.say("U0DEVGONE1", DEV, "Hello", thread_ts=ts)
    del world.slack.users["U0DEVGONE1"]
    world.slack.fault("users.info", status=500)
    flow(world)
    rows = [row for row in world.rows("integrations") if row["operation"] == "add_comment"]
    assert [(row["status"], row["attempts"]) for row in rows] == [("completed", 2)]
    assert comments(world, number) == []
