"""`/github why` and `test` say of what has happened what became of it, and not the contrary."""

from sandbox.slack import DEV, GENERAL, MEMBER
from tests.journeys import on_github
from tests.journeys.github_cards import card
from tests.journeys.github_threads import subscribe
from tests.journeys.on_github import account, settle, type_
from tests.journeys.test_github_subscriptions import titles
from tests.world import World

world = on_github.world


def shown(world: World, words: str, channel: str = DEV) -> list[str]:
    """The lines of an answer that tell of events, the newest first: the mark, and what stands behind it."""
    body = world.slack.command(MEMBER, channel, "/github", words).body
    world.settle()
    parts = [str(block["text"]["text"]) for block in body["blocks"]]
    return "\n".join(parts).split("\n")[1:]


def test_a_run_that_was_a_turn_shows_as_told(world: World) -> None:
    world.slack.command(MEMBER, DEV, "/github", 'subscribe acme/web only workflows:{event:"push"} +only-changes')
    for conclusion in ("success", "failure", "failure", "success"):
        world.github.finish_run("acme/web", world.github.start_run("acme/web", "main", event="push"), conclusion)
        world.settle()
        world.advance(2)
    assert len([title for title in titles(world) if "CI" in title]) == 2
    marks = [line.partition(" ")[0] for line in shown(world, "test acme/web") if "completed" in line]
    assert marks == [":white_check_mark:", ":no_entry_sign:", ":white_check_mark:", ":no_entry_sign:"]


def test_after_its_card_was_deleted_it_says_that_nothing_more_is_told(world: World) -> None:
    world.slack.command(MEMBER, DEV, "/github", "subscribe acme/web issues comments")
    number = world.github.open_issue("acme/web", "Door stuck")
    world.settle()
    world.slack.delete(DEV, world.slack.history(DEV)[-1]["ts"])
    world.settle()
    world.github.close_issue("acme/web", number)
    world.settle()
    lines = shown(world, f"why acme/web#{number}")
    assert [line.endswith(": its card was deleted here, so nothing more of it is told") for line in lines] == [
        True,
        True,
    ]


def test_it_names_whom_the_thread_names(world: World) -> None:
    account(world, "write")
    subscribe(world, "acme/web issues comments", GENERAL)
    card(world, 1)
    type_(world, "close acme/web#1")
    type_(world, "comment acme/web#1 It works")
    world.github.comment("acme/web", 1, "octocat", "Indeed")
    settle(world)
    lines = shown(world, "why acme/web#1", GENERAL)
    assert [line.rpartition(" · ")[2] for line in lines][:3] == [
        "comments created by octocat", "comments created by Mia Member", "issues closed by Mia Member",
    ]  # fmt: skip
