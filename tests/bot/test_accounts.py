"""Whose account in Jira a person has, and whether Jira lets them do what they ask for; on both Jiras."""

import pytest

from adapters.errors import AdapterError, Rejected, Unreachable
from bot.message import escape
from bot.operations.accounts import CANNOT_ASK, CANNOT_LOOK, NO_ACCOUNT, NO_LOOK, acting
from sandbox.jira.model import User
from sandbox.slack import GENERAL, GUEST, MEMBER
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


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (403, {"errorMessages": ["No."]}, CANNOT_LOOK.format("Jira")),
        (403, "<html>Forbidden</html>", CANNOT_LOOK.format("Jira")),
        (404, "<html>Nothing here</html>", NO_LOOK.format("Jira", "Jira does not find it.")),
    ],
)
def test_where_jira_does_not_let_connect_look_people_up_that_is_what_is_said(
    world: World, status: int, body: object, why: str
) -> None:
    world.give_account(MEMBER)
    world.jira.fault("*", status=status, body=body, times=3)
    assert refused(world) == why
    for command in ("me", "notify on"):
        assert world.slack.command(MEMBER, GENERAL, "/jira", command).body["text"] == escape(why)


def test_an_answer_that_is_no_json_is_no_account_either(world: World) -> None:
    world.jira.fault("*", status=200, body="<html>Log in</html>")
    assert world.slack.command(MEMBER, GENERAL, "/jira", "me").body["text"] == (
        "Jira did not tell me. Try again in a moment. (Jira's answer cannot be read.)"
    )


def test_an_issue_is_created_though_jira_does_not_let_connect_look_people_up(world: World) -> None:
    world.jira.fault("findUsers", status=403, times=9)
    world.slack.command(MEMBER, GENERAL, "/jira", "create Printer is on fire")
    world.settle()
    assert world.jira.issues["OPS-2"].summary == "Printer is on fire"


def test_a_guest_may_not_act(world: World) -> None:
    assert "Guests" in refused(world, f"T0DEV00001/{GUEST}")


def test_a_jira_that_is_away_is_no_refusal(world: World) -> None:
    world.give_account(MEMBER)
    world.jira.stop()
    with pytest.raises(AdapterError) as caught:
        acting(world.services, WHO, "OPS-1", "ADD_COMMENTS")
    assert isinstance(caught.value, Unreachable)
