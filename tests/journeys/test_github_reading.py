"""A private repository is heard of only where somebody who can read it said so: by words, by buttons, of an owner."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.slack import DEV, MEMBER, PARTNERS, PRIVATE
from storage import subscriptions
from tests.journeys.test_github_subscriptions import kept, said, titles
from tests.world import World

UNREAD = "acme/secret is private, and GitHub does not say that you may read it."
PUBLIC = "Until I know that you may read it, only what is public is told here."


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    made = World(sqlite_url)
    yield made
    made.close()


def known_as(world: World, login: str = "ada") -> None:
    """MEMBER has an account on GitHub, whose profile shows their e-mail address."""
    world.github.person(login).email = world.slack.users[MEMBER]["profile"]["email"]


def private(world: World) -> list[bool]:
    with world.database.read() as connection:
        return [one.private for one in subscriptions.of_service(connection, "github")]


def test_who_cannot_read_a_private_repository_is_told_how_to_say_who_they_are(world: World) -> None:
    answer = said(world, "subscribe acme/secret issues", channel=PRIVATE)
    assert answer.startswith(f"{UNREAD} Type `/github me` to see which account I take for yours.")
    known_as(world)
    world.advance(3600)
    assert said(world, "subscribe acme/secret issues", channel=PRIVATE).startswith(UNREAD)
    assert kept(world) == []
    world.github.allow("acme/secret", "ada", "read")
    assert "now hears of *acme/secret*" in said(world, "subscribe acme/secret issues", channel=PRIVATE)
    world.github.open_issue("acme/secret", "for readers")
    world.settle()
    assert ["for readers" in title for title in titles(world, PRIVATE)] == [True]


@pytest.mark.parametrize("channel", [DEV, PARTNERS])
def test_no_channel_that_others_see_hears_of_it_whoever_asks(world: World, channel: str) -> None:
    known_as(world)
    world.github.allow("acme/secret", "ada", "admin")
    assert "acme/secret is private and this channel is not." in said(world, "subscribe acme/secret", channel=channel)
    assert kept(world) == []


def test_an_admin_may_let_a_public_channel_hear_of_it_over_rest_and_people_may_add_to_that(world: World) -> None:
    body: dict[str, Any] = {"source_service": "github", "source": "acme/secret", "channel": DEV, "events": ["issues"]}
    assert world.call("POST", "/api/v1/subscriptions", body).status_code == 201
    world.github.open_issue("acme/secret", "allowed")
    world.settle()
    assert ["allowed" in title for title in titles(world)] == [True]
    assert "paused" in said(world, "pause acme/secret")
    assert "*acme/secret* is going on" in said(world, "resume acme/secret")
    assert private(world) == [True]


def test_what_connect_cannot_see_tells_what_is_public(world: World) -> None:
    assert PUBLIC in said(world, "subscribe acme/unknown", channel=PRIVATE)
    world.github.fault("repos/get", kind="status", status=500, times=10)
    assert PUBLIC in said(world, "subscribe acme/secret issues", channel=PRIVATE)
    assert private(world) == [False, False]
    world.github.faults.clear()
    world.github.open_issue("acme/secret", "hidden")
    world.settle()
    assert titles(world, PRIVATE) == []
    why = "the repository is private, and only what is public is told here"
    assert why in said(world, "why acme/secret#1", channel=PRIVATE)


def test_an_owner_that_is_not_there_is_taken_for_a_typing_mistake(world: World) -> None:
    assert said(world, "subscribe acmee").startswith("GitHub has no user or organization acmee that I can see.")
    assert kept(world) == []


def test_all_of_an_owners_repositories_come_with_the_private_ones_only_for_an_owner(world: World) -> None:
    assert "Private repositories are left out" in said(world, "subscribe acme issues", channel=PRIVATE)
    known_as(world)
    world.github.organization_roles["acme", "ada"] = "member"
    world.advance(3600)
    assert "Private repositories are left out" in said(world, "subscribe acme issues", channel=PRIVATE)
    world.github.open_issue("acme/secret", "not yet")
    world.github.open_issue("acme/web", "public")
    world.settle()
    assert ["public" in title for title in titles(world, PRIVATE)] == [True]
    world.github.organization_roles["acme", "ada"] = "admin"
    assert "left out" not in said(world, "subscribe acme issues", channel=PRIVATE)
    world.github.open_issue("acme/secret", "now")
    world.settle()
    assert ["now" in title for title in titles(world, PRIVATE)] == [False, True]
    assert "left out" not in said(world, "subscribe acme issues")
    assert private(world) == [True, False]


def test_a_person_owns_their_own_repositories(world: World) -> None:
    known_as(world)
    assert "left out" not in said(world, "subscribe ada", channel=PRIVATE)
    assert "left out" in said(world, "subscribe octocat", channel=PRIVATE)
    assert private(world) == [True, False]


def test_the_button_that_resumes_asks_too(world: World) -> None:
    known_as(world)
    world.github.allow("acme/secret", "ada", "read")
    said(world, "subscribe acme/secret issues", channel=PRIVATE)
    said(world, "pause", channel=PRIVATE)
    world.github.allow("acme/secret", "ada", "none")
    said(world, "list", channel=PRIVATE)
    world.slack.click(MEMBER, "subscription_resume", message=world.slack.ephemeral(MEMBER)[-1])
    world.settle()
    assert world.slack.responses[-1]["body"]["text"].startswith(UNREAD)
    assert [row["paused"] for row in world.rows("subscriptions")] == [True]
