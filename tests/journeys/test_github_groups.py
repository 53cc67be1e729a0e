"""A team on GitHub is a group in Slack, as an admin says: a review asked of the team mentions it where it may."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from sandbox.slack import ADMIN, BOT_USER, DEV, GENERAL, GUEST, MEMBER
from tests.github_app import SIGNING_IN
from tests.journeys.github_threads import flow, known_as, pull, said, subscribe
from tests.journeys.test_github_notices import headlines
from tests.journeys.threads import all_done
from tests.world import World

GROUP = "<!subteam^S0DEV00001|@core>"


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """Mia and Ada are in the team `acme/core` and want to be told of reviews; only Ada is not in the channel."""
    made = World(sqlite_url, **SIGNING_IN)
    made.github.teams["acme/core"] = {"mia", "ada"}
    for user, login in ((MEMBER, "mia"), (ADMIN, "ada")):
        known_as(made, user, login)
        made.slack.command(user, GENERAL, "/github", "notify review_requested")
    made.slack.channels[DEV].members[:] = [BOT_USER, MEMBER]
    subscribe(made)
    yield made
    made.close()


def connect(world: World, words: str, user: str = ADMIN) -> str:
    answer = world.slack.command(user, GENERAL, "/connect", words).body
    return "\n".join([answer["text"], *(block.get("text", {}).get("text", "") for block in answer["blocks"])])


def mentions(world: World, words: str, user: str = MEMBER) -> str:
    return world.slack.command(user, DEV, "/github", f"mentions {words}").body["text"]


def ask(world: World, number: int) -> None:
    world.github.request_team_review("acme/web", number, "core")
    flow(world)


def test_a_review_asked_of_a_team_mentions_its_group_and_tells_nobody_twice(world: World) -> None:
    number, ts = pull(world)
    assert "is `acme/core` on GitHub" in connect(world, f"map {GROUP} github:acme/core")
    world.advance(120)
    ask(world, number)
    assert said(world, ts) == ["*octocat* asked *Core* for a review"]
    assert mentions(world, "here on").startswith(":white_check_mark: Where a review is asked of a team, I mention")
    before = len(headlines(world))
    other, there = pull(world, "Mend the lift")
    world.advance(120)
    ask(world, other)
    assert said(world, there) == ["*octocat* asked <!subteam^S0DEV00001> for a review"]
    told = "*octocat* requested a review of acme/web#{} from your team acme/core"
    assert (before, headlines(world)[before:]) == (1, [])
    assert headlines(world, ADMIN) == [
        told.format("1 Faster start"), told.format("2 Mend the lift"),
    ]  # fmt: skip
    assert mentions(world, "here off").endswith("I name it here and mention nobody.")
    assert mentions(world, "here") == (
        "Where a review is asked of a team, I name its group here. Type `/github mentions here on` or `off`."
    )
    all_done(world)


def test_who_may_say_it_what_there_is_and_how_it_ends(world: World) -> None:
    assert "Only admins" in connect(world, f"map {GROUP} github:acme/core", MEMBER)
    assert "GitHub has no team `acme/none` that I can see." in connect(world, f"map {GROUP} github:acme/none")
    assert "Name a group and its team on GitHub" in connect(world, f"map {GROUP} github:core")
    connect(world, f"map {GROUP} github:acme/core")
    assert "*Groups and teams*\n• <!subteam^S0DEV00001> is `acme/core` on GitHub" in connect(world, "people")
    mentions(world, "here on")
    assert "I keep no team for <!subteam^S0DEV00001> any more." in connect(world, f"unmap {GROUP}")
    assert "I kept no team for <!subteam^S0DEV00001>." in connect(world, f"unmap {GROUP}")
    number, ts = pull(world)
    world.advance(120)
    ask(world, number)
    assert said(world, ts) == ["*octocat* asked *Core* for a review"]
    assert "Guests" in mentions(world, "here on", GUEST)


def test_what_is_kept_over_quiet_hours_mentions_the_group_too(world: World) -> None:
    connect(world, f"map {GROUP} github:acme/core")
    mentions(world, "here on")
    number, ts = pull(world)
    world.advance(120)
    now = world.services.now()
    hours = f"{now:%H:%M}-{now + timedelta(hours=2):%H:%M} UTC"
    world.slack.command(MEMBER, DEV, "/github", f'subscribe acme/web quiet:"{hours}"')
    world.github.label("acme/web", number, "bug")
    world.settle()
    world.github.request_team_review("acme/web", number, "core")
    world.settle()
    assert said(world, ts) == []
    world.advance(2 * 3600)
    flow(world)
    assert ["asked <!subteam^S0DEV00001> for a review" in text for text in said(world, ts)] == [True]
