"""A channel that others come to share hears nothing private any more, and is told how it can go on."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.flows.shared_channels import PUBLIC, SHARED
from sandbox.slack import ADMIN, DEV, GENERAL, MEMBER, PRIVATE
from tests.journeys.test_github_subscriptions import said, titles
from tests.journeys.test_subscription_manners import at
from tests.world import World

PATH = "/api/v1/subscriptions"


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    made = World(sqlite_url)
    made.github.person("ada").email = made.slack.users[MEMBER]["profile"]["email"]
    made.github.allow("acme/secret", "ada", "read")
    yield made
    made.close()


def paused(world: World) -> dict[str, str | None]:
    return {row["source"]: row["paused_reason"] for row in world.rows("subscriptions")}


def two_subscriptions(world: World) -> None:
    said(world, "subscribe acme/secret issues", channel=PRIVATE)
    said(world, "subscribe acme/web issues security", channel=PRIVATE)
    world.slack.connect_channel(PRIVATE)


def test_what_is_private_pauses_once_others_share_the_channel_and_the_channel_is_told_once(world: World) -> None:
    two_subscriptions(world)
    world.settle()
    world.slack.redeliver(2)
    world.settle()
    assert paused(world) == {"acme/secret": SHARED, "acme/web": None}
    [told] = titles(world, PRIVATE)
    assert "is shared with another organization now" in told
    assert "secret" not in told
    world.github.open_issue("acme/secret", "hidden")
    world.github.open_issue("acme/web", "for everybody")
    world.settle()
    assert ["for everybody" in title for title in titles(world, PRIVATE)] == [False, True]
    assert "acme/secret is private and this channel is not" in said(world, "resume acme/secret", channel=PRIVATE)


def test_nothing_private_is_told_before_github_has_answered(world: World) -> None:
    two_subscriptions(world)
    world.github.fault("repos/get", kind="status", status=500, times=1)
    world.github.open_issue("acme/secret", "hidden")
    world.settle()
    assert titles(world, PRIVATE) == []
    world.advance(600)
    assert paused(world) == {"acme/secret": SHARED, "acme/web": None}


def test_a_repository_that_cannot_be_looked_at_counts_as_private(world: World) -> None:
    two_subscriptions(world)
    world.github.fault("repos/get", kind="status", status=404, times=2)
    world.settle()
    assert paused(world) == {"acme/secret": SHARED, "acme/web": SHARED}


def test_it_goes_on_when_somebody_says_so_after_the_others_have_left(world: World) -> None:
    two_subscriptions(world)
    world.settle()
    world.slack.disconnect_channel(PRIVATE)
    world.settle()
    assert paused(world)["acme/secret"] == SHARED
    assert "stays so until somebody who may read it" in titles(world, PRIVATE)[-1]
    assert "*acme/secret*, *acme/web* are told here again" in said(world, "resume", channel=PRIVATE)
    world.github.open_issue("acme/secret", "again")
    world.settle()
    assert "again" in titles(world, PRIVATE)[-1]


def test_what_an_admin_allowed_before_pauses_too_and_an_admin_can_let_it_go_on(world: World) -> None:
    body: dict[str, Any] = {"source_service": "github", "source": "acme/secret", "channel": DEV, "events": ["issues"]}
    ident = world.call("POST", PATH, body).json()["subscription_id"]
    world.slack.connect_channel(DEV)
    world.settle()
    assert paused(world) == {"acme/secret": SHARED}
    assert "private and this channel is not" in said(world, "resume")
    assert world.call("PATCH", f"{PATH}/{ident}", {"paused": False}).status_code == 200
    world.github.open_issue("acme/secret", "allowed again")
    world.settle()
    assert "allowed again" in titles(world)[-1]


def test_an_end_of_a_pause_that_people_made_lets_nothing_private_in(world: World) -> None:
    said(world, "subscribe acme/web issues")
    said(world, "pause")
    ident = world.rows("subscriptions")[0]["id"]
    assert world.call("PATCH", f"{PATH}/{ident}", {"paused": False}).status_code == 200
    world.github.repos[0].private = True
    world.github.open_issue("acme/web", "hidden")
    world.settle()
    assert titles(world) == []


def everything(world: World) -> str:
    return str(world.slack.channels[PRIVATE].messages)


def test_what_is_private_stays_so_once_the_channel_is_made_public(world: World) -> None:
    number, shared = (world.github.open_issue("acme/secret", title) for title in ("Subscribed", "Shared"))
    world.settle()
    world.slack.command(MEMBER, PRIVATE, "/github", f"acme/secret#{shared} share")
    world.settle()
    said(world, "subscribe acme/secret issues comments", channel=PRIVATE)
    said(world, "subscribe acme/web issues security", channel=PRIVATE)
    world.github.comment("acme/secret", shared, "octocat", "among us")
    world.settle()
    assert "among us" in everything(world)
    world.slack.convert(ADMIN, PRIVATE)
    world.settle()
    world.slack.redeliver()
    world.settle()
    assert paused(world) == {"acme/secret": PUBLIC, "acme/web": None}
    assert [title.startswith(":lock: This channel is public now.") for title in titles(world, PRIVATE)] == [False, True]
    for one in (number, shared):
        world.github.comment("acme/secret", one, "octocat", "hidden")
        world.github.close_issue("acme/secret", one)
    world.github.open_issue("acme/secret", "hidden")
    world.github.open_issue("acme/web", "for everybody")
    world.settle()
    assert ("hidden" in everything(world), "for everybody" in everything(world)) == (False, True)
    again = "`/github resume acme/secret` starts it again once the channel is private and not shared"
    assert again in world.slack.command(MEMBER, PRIVATE, "/github", "list").body["text"]
    assert "acme/secret is private and this channel is not" in said(world, "resume acme/secret", channel=PRIVATE)
    world.slack.convert(ADMIN, PRIVATE, private=True)
    world.settle()
    assert "This channel is private again. What was paused" in titles(world, PRIVATE)[-1]
    assert "*acme/secret*, *acme/web* are told here again" in said(world, "resume", channel=PRIVATE)
    world.github.comment("acme/secret", shared, "octocat", "among us again")
    world.settle()
    assert "among us again" in everything(world)


def test_a_channel_without_anything_private_is_left_alone(world: World) -> None:
    said(world, "subscribe acme/web issues", channel=GENERAL)
    world.slack.connect_channel(GENERAL)
    world.slack.disconnect_channel(GENERAL)
    world.settle()
    assert (titles(world, GENERAL), paused(world)) == ([], {"acme/web": None})


def test_what_waited_for_the_morning_is_not_told_once_others_can_read_the_channel(world: World) -> None:
    at(world, 21)
    for repository in ("acme/secret", "acme/web"):
        said(world, f'subscribe {repository} issues quiet:"20:00-07:00 UTC"', channel=PRIVATE)
    for repository in ("acme/secret", "acme/web"):
        world.github.open_issue(repository, f"of {repository}")
    world.settle()
    assert titles(world, PRIVATE) == []
    world.slack.convert(ADMIN, PRIVATE)
    at(world, 8)
    assert ("of acme/secret" in everything(world), "of acme/web" in everything(world)) == (False, True)


# --- where no event came ---------------------------------------------------------------------------------------------


def opened_unseen(world: World, *, shared: bool = False) -> None:
    """Others come to read the channel while connect is away, and it never hears of that."""
    with world.slack.lock:
        if shared:
            world.slack.channels[PRIVATE].shared = True
        else:
            world.slack.channels[PRIVATE].kind = "channel"


@pytest.mark.parametrize(("shared", "reason"), [(True, SHARED), (False, PUBLIC)])
def test_a_channel_that_others_read_unknown_to_connect_is_found_out_before_something_private_goes_there(
    world: World, *, shared: bool, reason: str
) -> None:
    said(world, "subscribe acme/secret issues comments", channel=PRIVATE)
    said(world, "subscribe acme/web issues", channel=PRIVATE)
    number = world.github.open_issue("acme/secret", "Among us")
    world.settle()
    opened_unseen(world, shared=shared)
    world.advance(600)
    world.github.comment("acme/secret", number, "octocat", "hidden")
    world.github.open_issue("acme/secret", "hidden")
    world.settle()
    world.github.open_issue("acme/web", "for everybody")
    world.github.label("acme/secret", number, "hidden")
    world.settle()
    assert ("hidden" in everything(world), "for everybody" in everything(world)) == (False, True)
    assert paused(world) == {"acme/secret": reason, "acme/web": None}
    told = [title for title in titles(world, PRIVATE) if title.startswith(":lock:")]
    assert len(told) == 1


def test_a_card_there_is_not_redrawn_either(world: World) -> None:
    said(world, "subscribe acme/secret issues", channel=PRIVATE)
    number = world.github.open_issue("acme/secret", "Among us")
    world.settle()
    opened_unseen(world)
    world.advance(600)
    world.github.label("acme/secret", number, "hidden")
    world.settle()
    assert "hidden" not in everything(world)


def test_slack_is_asked_once_in_five_minutes_who_can_read_a_channel_and_never_for_what_is_public(world: World) -> None:
    said(world, "subscribe acme/secret issues", channel=PRIVATE)
    said(world, "subscribe acme/web issues", channel=PRIVATE)
    before = len(world.slack.calls_to("conversations.info"))
    asked = list[int]()
    for repository, seconds in (("acme/web", 0), ("acme/secret", 0), ("acme/secret", 200), ("acme/secret", 200)):
        world.advance(seconds)
        world.github.open_issue(repository, "Door stuck")
        world.settle()
        asked.append(len(world.slack.calls_to("conversations.info")) - before)
    assert asked == [0, 1, 1, 2]


def test_what_an_admin_let_into_a_public_channel_comes_there_still(world: World) -> None:
    world.call(
        "POST", PATH, {"source_service": "github", "source": "acme/secret", "channel": DEV, "events": ["issues"]}
    )
    for seconds in (0, 600):
        world.advance(seconds)
        world.github.open_issue("acme/secret", f"allowed after {seconds}")
        world.settle()
    assert ["allowed" in title for title in titles(world)] == [True, True]


def test_a_press_beneath_a_card_that_others_came_to_read_redraws_nothing_and_is_told_why_privately(
    world: World,
) -> None:
    number = world.github.open_issue("acme/secret", "Among us")
    world.settle()
    world.slack.command(MEMBER, PRIVATE, "/github", f"acme/secret#{number} share")
    world.settle()
    card = next(each for each in world.slack.history(PRIVATE) if "Among us" in each["text"])
    world.slack.convert(ADMIN, PRIVATE)
    world.github.allow("acme/secret", "ada", "write")
    world.settle()
    before = everything(world)
    world.slack.responses.clear()
    assert world.slack.click(MEMBER, "github_close", value=f"acme/secret#{number}", message=card).status == 200
    world.settle()
    world.advance(3600)
    told = [response["body"]["text"] for response in world.slack.responses if response["user"] == MEMBER]
    assert [text.startswith(":lock: Others can read this channel") for text in told] == [False, True]
    assert "is closed now" in told[0]
    assert everything(world) == before
