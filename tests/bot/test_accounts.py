"""Whose account in Jira a person has, and whether Jira lets them do what they ask for; on both Jiras."""

import pytest

from adapters.errors import AdapterError, Rejected, Unreachable
from bot.operations.accounts import CANNOT_ASK, NO_ACCOUNT, acting
from sandbox.jira.model import User
from sandbox.slack import GUEST, MEMBER
from storage import mappings
from storage.mappings import NewMapping
from tests.world import World

WHO = f"T0DEV00001/{MEMBER}"


@pytest.fixture
def world(on_both_jiras: World) -> World:
    on_both_jiras.jira.create("OPS", "Bug", "Door stuck")
    return on_both_jiras


def refused(world: World, user: str = WHO) -> str:
    with pytest.raises(Rejected) as caught:
        acting(world.services, user, "OPS-1", "ADD_COMMENTS")
    return str(caught.value)


def test_a_person_acts_by_the_account_with_their_email_address(world: World) -> None:
    user = world.give_account(MEMBER)
    who = acting(world.services, WHO, "OPS-1", "ADD_COMMENTS")
    assert who.account.id == (user.account_id if world.jira.cloud else user.name)
    assert (who.key, who.account.display, who.person.id) == ("OPS-1", "Mia", MEMBER)


def test_an_account_that_was_mapped_comes_before_the_email_address(world: World) -> None:
    world.give_account(MEMBER)
    other = world.jira.person("Grace Hopper")
    ident = other.account_id if world.jira.cloud else other.name
    new = NewMapping("user", "slack", WHO, "jira", ident, "", {"name": other.name, "display": other.display})
    world.database.run(lambda connection: mappings.put(connection, new, world.clock()))
    assert acting(world.services, WHO, "OPS-1", "ADD_COMMENTS").account.id == ident


def test_who_has_no_account_is_told_how_to_name_it(world: World) -> None:
    assert refused(world) == NO_ACCOUNT.format("Jira")


def test_who_may_not_in_jira_may_not_here(world: World) -> None:
    world.jira.denied_to = {world.give_account(MEMBER).display: {"ADD_COMMENTS"}}
    assert refused(world) == "Jira does not permit you to do this to OPS-1."
    assert acting(world.services, WHO, "OPS-1", "EDIT_ISSUES").key == "OPS-1"


def test_an_account_whose_name_begins_like_another_is_not_taken_for_it(world: World) -> None:
    mine = world.give_account(MEMBER)
    world.jira.users.append(User("712020:mia2", "mia2", "Mia Two", "mia2@example.com"))
    world.jira.denied_to = {mine.display: {"ADD_COMMENTS"}}
    assert refused(world) == "Jira does not permit you to do this to OPS-1."


def test_where_jira_does_not_tell_what_people_may_do_nothing_is_done(world: World) -> None:
    world.give_account(MEMBER)
    world.jira.rights_shown = False
    assert refused(world) == CANNOT_ASK


def test_a_guest_may_not_act(world: World) -> None:
    assert "Guests" in refused(world, f"T0DEV00001/{GUEST}")


def test_a_jira_that_is_away_is_no_refusal(world: World) -> None:
    world.give_account(MEMBER)
    world.jira.stop()
    with pytest.raises(AdapterError) as caught:
        acting(world.services, WHO, "OPS-1", "ADD_COMMENTS")
    assert isinstance(caught.value, Unreachable)
