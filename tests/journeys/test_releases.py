"""GitHub tells of a release by several webhooks: people are told once, and once more when a pre-release becomes one."""

import pytest

from sandbox.slack import DEV, MEMBER
from tests.bot.effects import on_sqlite
from tests.journeys.test_github_subscriptions import titles
from tests.world import World

pytestmark = on_sqlite


@pytest.fixture(autouse=True)
def _subscribed(world: World) -> None:
    world.slack.command(MEMBER, DEV, "/github", "subscribe acme/web releases")
    world.settle()


def verbs(world: World) -> list[str]:
    """What the channel was told of releases: what was done, to which."""
    return [title.removeprefix("📦 *octocat* ").partition(" in <")[0] for title in titles(world) if "📦" in title]


def test_a_release_is_told_once(world: World) -> None:
    world.github.release("acme/web", "v1", "First", "")
    world.settle()
    page = f"{world.github.url}/acme/web/releases/tag/v1"
    assert verbs(world) == [f"released <{page}|v1: First>"]


def test_a_pre_release_that_becomes_a_release_is_told_once_more(world: World) -> None:
    world.github.release("acme/web", "v2-rc", "", "", prerelease=True)
    world.settle()
    world.github.promote("acme/web", "v2-rc")
    world.settle()
    world.github.promote("acme/web", "v2-rc")
    world.settle()
    page = f"{world.github.url}/acme/web/releases/tag/v2-rc"
    assert verbs(world) == [f"published the pre-release <{page}|v2-rc>", f"released <{page}|v2-rc>"]


def test_what_is_tried_shows_a_release_once(world: World) -> None:
    world.github.release("acme/web", "v1", "First", "")
    world.settle()
    shown = str(world.slack.command(MEMBER, DEV, "/github", "test acme/web").body)
    assert shown.count("releases published by octocat") == 1
    assert "releases released" not in shown
