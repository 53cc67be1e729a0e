"""A private repository is heard of only where somebody who can read it said so: by words, by buttons, of an owner."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.slack import DEV, MEMBER, PARTNERS, PRIVATE
from storage import subscriptions
from tests.journeys.test_github_subscriptions import kept, said, titles
from tests.world import World

UNREAD = "GitHub does not show acme/secret to you and me: check the name"
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


@pytest.mark.parametrize("channel", [DEV, PARTNERS, PRIVATE])
def test_who_cannot_read_a_private_repository_is_answered_as_if_there_were_none(world: World, channel: str) -> None:
    def asked(repository: str) -> list[str]:
        typed = ("subscribe {} issues", "test {}", "why {}#1", "list", "settings {}", "pause {}", "resume {}",
                 "default {}", "remind here daily {}", "subscribe {} named x branch:main", "unsubscribe {} named x",
                 "unsubscribe {}")  # fmt: skip
        answers = list[str]()
        for nth, words in enumerate(typed):
            world.slack.command(MEMBER, channel, "/github", words.format(repository))
            answers.append(json.dumps(world.slack.ephemeral(MEMBER)[-1]["blocks"]).replace(repository, "…"))
            if nth == 0 and repository == "acme/secret":
                world.github.open_issue(repository, "hidden")
                world.github.rename_repository(repository, "hush")
                world.github.rename_repository("acme/hush", "secret")
                world.settle()
        return answers

    def without_times(answers: list[str]) -> list[str]:
        return [re.sub(r"<!date[^>]*>|[0-9]+", "", answer) for answer in answers]

    none = asked("acme/nothing")
    assert without_times(asked("acme/secret")) == without_times(none)
    assert "GitHub does not show … to you and me: check the name" in none[0]
    assert PUBLIC in none[0]
    known_as(world)
    world.advance(3600)
    assert without_times(asked("acme/secret")) == without_times(none)
    assert titles(world, channel) == []


def test_who_can_read_it_learns_that_it_is_private_and_what_the_channel_hears(world: World) -> None:
    known_as(world)
    world.github.allow("acme/secret", "ada", "read")
    for channel in (DEV, PARTNERS):
        assert "acme/secret is private and this channel is not." in said(
            world, "subscribe acme/secret", channel=channel
        )
    assert kept(world) == []
    answer = said(world, "subscribe acme/secret issues", channel=PRIVATE)
    assert "now hears of *acme/secret*" in answer
    assert PUBLIC not in answer
    world.github.open_issue("acme/secret", "for readers")
    world.settle()
    assert ["for readers" in title for title in titles(world, PRIVATE)] == [True]


def test_who_cannot_read_it_changes_nothing_of_what_others_made_of_it(world: World) -> None:
    known_as(world)
    world.github.allow("acme/secret", "ada", "read")
    said(world, "subscribe acme/secret issues", channel=PRIVATE)
    before = kept(world)
    world.github.allow("acme/secret", "ada", "none")
    assert said(world, "subscribe acme/secret pulls", channel=PRIVATE).endswith("Nothing has changed.")
    assert kept(world) == before
    said(world, "pause", channel=PRIVATE)
    said(world, "list", channel=PRIVATE)
    world.slack.click(MEMBER, "subscription_resume", message=world.slack.ephemeral(MEMBER)[-1])
    world.settle()
    assert world.slack.responses[-1]["body"]["text"].startswith(UNREAD)
    assert [row["paused"] for row in world.rows("subscriptions")] == [True]


def test_where_connect_may_not_ask_who_may_read_it_nobody_learns_that_it_is_there(world: World) -> None:
    known_as(world)
    world.github.connect_role = "read"

    def asked(repository: str) -> list[str]:
        world.slack.responses.clear()
        typed = (f"{repository}#1", f"close {repository}#1", f"open {repository} Door", f"default {repository}",
                 f"search repo:{repository} door", f"comment {repository}#1 Hm",
                 f"remind me daily {repository}")  # fmt: skip
        answers = list[str]()
        for words in typed:
            answers.append(str(world.slack.command(MEMBER, PRIVATE, "/github", words).body))
            world.settle()
            world.advance(61)
        answers += [response["body"]["text"] for response in world.slack.responses]
        return [answer.replace(repository, "…") for answer in answers]

    world.github.open_issue("acme/secret", "hidden")
    world.settle()
    assert asked("acme/secret") == asked("acme/nothing")


def test_an_admin_may_let_a_public_channel_hear_of_it_over_rest_and_people_may_add_to_that(world: World) -> None:
    body: dict[str, Any] = {"source_service": "github", "source": "acme/secret", "channel": DEV, "events": ["issues"]}
    assert world.call("POST", "/api/v1/subscriptions", body).status_code == 201
    world.github.open_issue("acme/secret", "allowed")
    world.settle()
    assert ["allowed" in title for title in titles(world)] == [True]
    assert "paused" in said(world, "pause acme/secret")
    assert "*acme/secret* is told here again" in said(world, "resume acme/secret")
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
    assert "Nothing of acme/secret#1 has arrived" in said(world, "why acme/secret#1", channel=PRIVATE)
    known_as(world)
    world.github.allow("acme/secret", "ada", "read")
    world.advance(3600)
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
