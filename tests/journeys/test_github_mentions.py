"""Mentions on GitHub become real ones in Slack for people who allow it, and for nobody else."""

from collections.abc import Iterator

import pytest

from sandbox.slack import ADMIN, DEV, GENERAL, GUEST, MEMBER
from tests.github_app import SIGNING_IN
from tests.journeys.github_threads import flow, known_as, pull, said, subscribe
from tests.world import World


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    """Mia is `mia` on GitHub, and Ada is `ada`; connect knows it, since each asked who they are."""
    made = World(sqlite_url, **SIGNING_IN)
    for user, login in ((MEMBER, "mia"), (ADMIN, "ada")):
        known_as(made, user, login)
        made.slack.command(user, GENERAL, "/github", "me")
    subscribe(made)
    yield made
    made.close()


def mentions(world: World, words: str, user: str = MEMBER) -> str:
    return world.slack.command(user, GENERAL, "/github", f"mentions {words}").body["text"]


def test_only_those_are_mentioned_who_allow_it_whatever_is_typed(world: World) -> None:
    number, ts = pull(world)
    assert mentions(world, "on").startswith(":white_check_mark: When somebody on GitHub mentions you,")
    world.github.comment("acme/web", number, "octocat", f"@Mia and @ada, `@mia` <@{MEMBER}> @mia-x")
    world.github.request_review("acme/web", number, "mia")
    world.github.request_review("acme/web", number, "ada")
    flow(world)
    (comment,) = [text for text in said(world, ts) if "commented" in text]
    assert comment.partition(":\n")[2] == f"<@{MEMBER}> and @ada, `@mia` &lt;<@{MEMBER}>&gt; @mia-x".replace(
        f"&lt;<@{MEMBER}>&gt;", f"&lt;@{MEMBER}&gt;"
    )
    world.github.comment("acme/web", number, "mia", "I am @mia")
    flow(world)
    assert said(world, ts)[-1].endswith("I am @mia")
    assert mentions(world, "off").startswith(":white_check_mark: Channels that hear of what concerns you on GitHub")
    world.github.comment("acme/web", number, "octocat", "@mia?")
    flow(world)
    assert said(world, ts)[-1].endswith("@mia?")


def test_a_card_mentions_whom_its_text_does_and_a_line_whom_it_is_about(world: World) -> None:
    mentions(world, "on")
    number = world.github.open_pull_request("acme/web", "Oil the door", body="For @mia")
    flow(world)
    world.advance(120)
    there = world.github.repo("acme/web")
    assert there is not None
    world.github.assign(there, there.tickets[number], world.github.person("mia"), world.github.person("octocat"))
    world.github.request_review("acme/web", number, "mia")
    flow(world)
    (first,) = [call.body for call in world.slack.calls_to("chat.postMessage") if "Oil the door" in call.body["text"]]
    assert f"For <@{MEMBER}>" in str(first["blocks"])
    (card,) = [each for each in world.slack.history(DEV) if "Oil the door" in each["text"]]
    assert said(world, card["ts"]) == [
        f"*octocat* assigned <@{MEMBER}>", f"*octocat* asked <@{MEMBER}> for a review",
    ]  # fmt: skip


def test_who_is_told_in_a_direct_message_is_not_mentioned_besides(world: World) -> None:
    mentions(world, "on")
    world.slack.command(MEMBER, GENERAL, "/github", "notify mentioned")
    number, ts = pull(world)
    world.github.comment("acme/web", number, "octocat", "@mia?")
    flow(world)
    assert said(world, ts)[-1].endswith("@mia?")
    assert len(world.slack.history(world.slack.direct(MEMBER).id)) == 1


def test_what_somebody_has_chosen_is_shown_and_guests_choose_nothing(world: World) -> None:
    assert mentions(world, "") == (
        "Where a channel hears of what concerns you on GitHub, I show your name only. Type `/github mentions on` or "
        "`off`."
    )
    mentions(world, "on")
    assert "I really mention you." in mentions(world, "sometimes")
    assert "Guests" in mentions(world, "on", GUEST)
