"""Mentions on GitHub become real ones in Slack for people who allow it, and for nobody else."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.operations.github_notices import MENTIONS
from sandbox.slack import ADMIN, DEV, GENERAL, GUEST, MEMBER
from storage import mappings, preferences
from storage.mappings import NewMapping
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


def test_who_is_somebody_in_another_workspace_alone_is_named_also_in_what_waits_or_has_to_be_asked(
    world: World,
) -> None:
    """By night, where lines are added to what waits, and where GitHub is asked for the files first."""
    zoe, now = world.github.person("zoe", "Zoe"), world.clock()
    known = NewMapping("user", "slack", "T0OTHER001/U0ZOE00001", "github", "zoe", f"github/user/{zoe.id}", {})
    world.services.database.run(lambda connection: mappings.put(connection, known, now))
    chosen = (known.source_id, MENTIONS, "on", now)
    world.services.database.run(lambda connection: preferences.put(connection, *chosen))
    world.slack.command(MEMBER, DEV, "/github", "unsubscribe acme/web")
    begin, end = ((now + timedelta(hours=hours)).strftime("%H:00") for hours in (1, 4))
    body = {"source_service": "github", "source": "acme/web", "channel": DEV, "events": ["pulls"]}
    body |= {"quiet_hours": {"from": begin, "to": end, "timezone": "UTC"}}
    assert world.call("POST", "/api/v1/subscriptions", body).status_code == 201
    body |= {"channel": GENERAL, "filters": {"paths": ["services/**"]}, "quiet_hours": None}
    assert world.call("POST", "/api/v1/subscriptions", body).status_code == 201
    world.github.changed["acme/web", 1] = ["services/a.py"]
    number = world.github.open_pull_request("acme/web", "Oil the door", body="For @zoe")
    flow(world)
    there = world.github.repo("acme/web")
    assert there is not None
    world.advance(2 * 3600)
    world.github.assign(there, there.tickets[number], zoe, world.github.person("octocat"))
    for reviewer in ("zoe", "mia"):
        world.github.request_review("acme/web", number, reviewer)
        world.advance(5)
    world.advance(4 * 3600)
    for channel in (DEV, GENERAL):
        shown = world.slack.channels[channel].messages
        assert "@zoe" in str(shown)
        assert "U0ZOE00001" not in str(shown)
    (line,) = [one["text"] for one in world.slack.channels[DEV].messages if "assigned" in one["text"]]
    assert line == "*octocat* assigned @zoe\n*octocat* asked @zoe for a review\n*octocat* asked *mia* for a review"
