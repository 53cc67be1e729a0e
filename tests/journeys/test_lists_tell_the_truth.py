"""What `/github subscribe` and the list say of a subscription is what will come of it."""

from collections.abc import Callable

import pytest

from sandbox.slack import GENERAL, MEMBER, PRIVATE
from tests.journeys.on_github import account
from tests.world import World

MUTE = (
    "Of *acme/secret* only what is public is told here. `/github subscribe` lets the rest come, typed again by "
    "somebody who may read the repository."
)


@pytest.fixture
def world(made_of: Callable[..., World]) -> World:
    return made_of()


def ask(world: World, text: str, channel: str = PRIVATE) -> str:
    answer = world.slack.command(MEMBER, channel, "/github", text)
    assert (answer.status, answer.trouble) == (200, "")
    return str(answer.body)


def test_a_mute_subscription_is_shown_as_one_until_somebody_who_may_read_it_types_it_again(world: World) -> None:
    account(world, "none")
    ask(world, "subscribe acme/secret")
    assert MUTE in ask(world, "list")
    assert MUTE in ask(world, "settings acme/secret")
    assert MUTE in ask(world, "why acme/secret#1")
    ask(world, "subscribe acme/web")
    assert MUTE in ask(world, "list")
    world.github.allow("acme/secret", "ada", "read")
    world.advance(400)
    ask(world, "subscribe acme/secret")
    assert "only what is public" not in ask(world, "list")


def test_a_public_channel_is_told_what_never_comes_there(world: World) -> None:
    assert "But security alerts and what happens in secret teams come into private channels only." in ask(
        world, "subscribe acme/web security members", GENERAL
    )
    assert "private channels only" not in ask(world, "subscribe acme/web security")


def test_a_message_that_cannot_be_posted_shows_in_the_list_until_one_can(world: World) -> None:
    ask(world, "subscribe acme/web", GENERAL)
    world.slack.fault("chat.postMessage", body='{"ok": false, "error": "not_in_channel"}', status=200)
    world.github.open_issue("acme/web", "Door stuck")
    world.settle()
    said = ":warning: the last message could not be posted: I am not in the channel any more: type `/invite @connect`"
    assert said in ask(world, "list", GENERAL)
    world.github.open_issue("acme/web", "Loose hinge")
    world.settle()
    assert ":warning:" not in ask(world, "list", GENERAL)


def test_resuming_several_that_are_not_to_be_seen_says_why_once(world: World) -> None:
    account(world, "none")
    for name in ("acme/secret", "acme/nowhere"):
        ask(world, f"subscribe {name}")
    ask(world, "pause")
    for _ in range(2):
        said = str(world.slack.command(MEMBER, PRIVATE, "/github", "resume").body["text"])
        assert said.count("Until I know that you may read it") == 1
        assert said.count("GitHub does not show acme/nowhere, acme/secret to you and me") + said.count(
            "GitHub does not show acme/secret, acme/nowhere to you and me"
        ) == said.count("GitHub does not show")


def test_a_conversation_with_connect_is_no_channel(world: World) -> None:
    direct = world.slack.direct(MEMBER).id
    assert ":white_check_mark: This conversation now hears of *acme/web*" in ask(world, "subscribe acme/web", direct)
    assert "This conversation hears of:" in ask(world, "list", direct)


def test_where_github_is_off_nothing_is_promised(made_of: Callable[..., World]) -> None:
    world = made_of(github_token="")
    said = ask(world, "subscribe acme/web", GENERAL)
    assert "GitHub is off here, so nothing of it comes: whoever runs connect has to give me access to it first." in said
    assert "only what is public" not in said
