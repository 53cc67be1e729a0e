"""Previews whose answers are lost, or whose worker dies between reading and showing: nothing twice, nothing missing."""

from datetime import timedelta

import pytest

from bot.operations.registry import OPERATIONS
from sandbox.slack import GENERAL, MEMBER
from tests.bot.effects import claim
from tests.journeys import test_github_previews as on_github
from tests.journeys.test_previews import previewed
from tests.world import World

world = on_github.world


def unfurls(world: World) -> int:
    return len(world.slack.calls_to("chat.unfurl"))


def statuses(world: World) -> dict[str, str]:
    return {row["operation"]: row["status"] for row in world.rows("integrations")}


def wait(world: World) -> None:
    for _ in range(8):
        world.advance(60)


def until(world: World, operation: str) -> None:
    """One step of a worker after the other, up to the row of an operation."""
    world.slack.flush()
    while operation not in statuses(world):
        assert world.worker.step()


def test_a_lost_answer_shows_a_preview_once_more_in_the_same_place(world: World) -> None:
    world.slack.fault("chat.unfurl", kind="reset", after=True)
    ts = on_github.share(world)
    wait(world)
    assert (previewed(world, ts), statuses(world)["unfurl"]) == ([on_github.page(world)], "completed")
    assert unfurls(world) == 2


def test_a_lost_answer_of_a_reply_makes_no_second_one(world: World) -> None:
    world.slack.command(MEMBER, GENERAL, "/github", "previews on")
    world.slack.command(MEMBER, GENERAL, "/github", "subscribe acme/web issues")
    world.slack.fault("chat.postMessage", kind="reset", after=True)
    ts = world.slack.say(MEMBER, GENERAL, "It is acme/web#1, I think")
    world.settle()
    wait(world)
    assert on_github.replies(world, ts) == ["acme/web#1: Door &lt;stuck&gt; &amp; *jammed* (Open)"]


@pytest.mark.parametrize("service", ["github", "jira"])
@pytest.mark.parametrize("made", [False, True])
def test_a_worker_that_dies_while_it_reads_or_before_it_shows(world: World, service: str, *, made: bool) -> None:
    """`made`: it dies after the call, with what it noted or did, and before it said so."""
    url = f"{world.jira.url}/browse/{world.jira.create('OPS', 'Bug', 'Fire')}"
    url, read = (url, "preview_issue") if service == "jira" else (on_github.page(world), "read_preview")
    world.give_account(MEMBER)
    ts = world.slack.say(MEMBER, GENERAL, f"See <{url}>")
    for operation in (read, "unfurl"):
        until(world, operation)
        dying = claim(world)
        assert dying.operation == operation
        if made:
            OPERATIONS[dying.target_service, dying.operation].perform(world.services, dying)
        world.clock.offset += timedelta(seconds=world.settings.connect_lease_seconds + 1)
    world.settle()
    wait(world)
    assert previewed(world, ts) == [url]
    assert statuses(world) == {read: "completed", "unfurl": "completed"}
