"""The App Home: who somebody is on GitHub, and what they are told of there."""

from collections.abc import Iterator

import pytest

from sandbox.slack import GENERAL, MEMBER
from tests.github_app import SIGNING_IN
from tests.journeys.at_home import at_once, direct, home, open_home, use, words
from tests.journeys.doing import shown
from tests.journeys.github_threads import flow, known_as
from tests.journeys.test_previews import shown as unfurled
from tests.world import World


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    made = World(sqlite_url, **SIGNING_IN)
    made.give_account(MEMBER)
    yield made
    made.close()


def test_notices_of_github_are_ticked_there_once_the_account_is_known(world: World) -> None:
    open_home(world)
    assert "On GitHub I do not know your account." in words(world)
    use(world, "home_github_notices", "merged")
    assert words(world)[0].startswith("I do not know your account on GitHub.")
    world.advance(301)
    known_as(world, MEMBER, "mia")
    at_once(world, "home_github_notices", "merged,assigned")
    at_once(world, "home_github_mentions", "on")
    use(world, "home_again")
    assert "On GitHub you are *mia* (found by your e-mail address)." in words(world)
    boxes = [each for block in home(world)["blocks"] for each in block.get("elements", ()) if "options" in each]
    ticked = {box["action_id"]: [one["value"] for one in box.get("initial_options", [])] for box in boxes}
    assert (ticked["home_github_notices"], ticked["home_github_mentions"]) == (["assigned", "merged"], ["on"])
    number = world.github.open_pull_request("acme/web", "Oil the door", "mia")
    world.github.merge_pull_request("acme/web", number, "octocat")
    flow(world)
    assert [message["text"].partition(" <")[0] for message in direct(world)] == ["*octocat* merged your pull request"]


def test_the_account_is_linked_by_a_code_in_a_window_and_unlinked(world: World) -> None:
    open_home(world)
    use(world, "home_github_login")
    code = world.github.asked[-1].user_code
    assert code in shown(world)
    assert code not in str(world.rows("integrations"))
    world.github.allow_device(code, "ada")
    world.advance(6)
    use(world, "home_again")
    assert "On GitHub you are *ada* (linked by you)." in words(world)
    use(world, "home_github_logout")
    assert words(world)[0].startswith("Done: *ada* is no longer linked")
    assert "On GitHub I do not know your account." in words(world)


def test_previews_of_github_are_ticked_beside_those_of_jira(world: World) -> None:
    def ticked() -> list[str]:
        [box] = [
            each for block in home(world)["blocks"] for each in block.get("elements", ())
            if each.get("action_id") == "home_previews"
        ]  # fmt: skip
        assert [one["value"] for one in box["options"]] == ["on", "github"]
        return [one["value"] for one in box.get("initial_options", [])]

    world.slack.links.domains = {"127.0.0.1"}
    world.github.open_issue("acme/web", "Door")
    open_home(world)
    assert ticked() == ["on", "github"]
    for chosen, previewed in (("on", 0), ("github", 1)):
        at_once(world, "home_previews", chosen)
        use(world, "home_again")
        assert ticked() == [chosen]
        ts = world.slack.say(MEMBER, GENERAL, f"See <{world.github.url}/acme/web/issues/1>")
        world.settle()
        assert len(unfurled(world, ts)) == previewed
