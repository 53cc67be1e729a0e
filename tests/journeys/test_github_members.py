"""An account on GitHub is found by the address that an organization sees of its members at its verified domains."""

from collections.abc import Iterator

import pytest

from sandbox.slack import ADMIN, DEV, MEMBER
from tests.github_app import SIGNING_IN
from tests.journeys.github_threads import subscribe
from tests.world import World


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    made = World(sqlite_url, **SIGNING_IN)
    yield made
    made.close()


def me(world: World, user: str = MEMBER) -> str:
    return world.slack.command(user, DEV, "/github", "me").body["text"]


def test_who_shows_no_address_is_found_by_the_one_that_their_organization_sees(world: World) -> None:
    email = world.slack.users[MEMBER]["profile"]["email"]
    world.github.person("mia", "Mia")
    world.github.verified_emails["acme", "mia"] = ["other@example.org", email.upper()]
    assert me(world).startswith("I do not know your account on GitHub")
    subscribe(world, "acme/web")
    world.advance(301)
    assert me(world).startswith("On GitHub you are *mia* (found by your e-mail address).")
    (row,) = world.rows("people")
    assert (row["slack"], row["github"], row["by"]) == (MEMBER, "mia", "email")
    assert me(world, ADMIN).startswith("I do not know your account on GitHub")
    asked = len(world.github.calls_to("graphql"))
    world.advance(200)
    assert me(world, ADMIN).startswith("I do not know your account on GitHub")
    assert len(world.github.calls_to("graphql")) == asked


def test_an_owner_who_is_no_organization_or_tells_nothing_is_left_out(world: World) -> None:
    world.slack.command(MEMBER, DEV, "/github", "subscribe elsewhere/web")
    world.github.fault("graphql", status=403)
    assert me(world).startswith("I do not know your account on GitHub")
    world.advance(301)
    assert me(world).startswith("I do not know your account on GitHub")


def test_all_pages_of_members_are_read_where_nobody_waits(world: World) -> None:
    for number in range(150):
        world.github.verified_emails["acme", f"p{number:03}"] = [f"p{number}@example.com"]
    github = world.services.github
    assert github is not None
    everybody = github.verified_members("acme")
    assert (len(everybody), everybody["p149@example.com"].name, len(github.verified_members("acme", 1))) == (
        150, "p149", 100,
    )  # fmt: skip
