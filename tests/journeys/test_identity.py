"""Who is who: by e-mail address, by an admin, by a table, or claimed by a comment in Jira; on both Jiras."""

import argparse
import re
from pathlib import Path
from typing import Any

import pytest

from bot import roster
from bot.operations.accounts import acting
from sandbox.jira.model import User
from sandbox.slack import ADMIN, BOT_USER, GENERAL, GUEST, MEMBER
from storage import preferences
from tests.world import World

TEAM = "T0DEV00001"
DAY = 24 * 3600


@pytest.fixture
def world(on_both_jiras: World) -> World:
    return on_both_jiras


def say(world: World, text: str, user: str = MEMBER, command: str = "/jira") -> str:
    answer = world.slack.command(user, GENERAL, command, text)
    assert (answer.status, answer.trouble) == (200, "")
    return answer.body["text"]


def ident(world: World, name: str) -> str:
    user = world.jira.person(name)
    return user.account_id if world.jira.cloud else user.name


def people(world: World) -> list[tuple[str, str, str]]:
    return [(row["slack"], row["jira"], row["by"]) for row in world.rows("people")]


def add_mia(world: World, email: str) -> User:
    user = User("712020:mia", "mia", "Mia M", email)
    world.jira.users.append(user)
    return user


# --- by e-mail -------------------------------------------------------------------------------------------------------


def test_an_account_found_by_its_email_address_is_kept_and_shown(world: World) -> None:
    world.give_account(MEMBER)
    assert say(world, "me") == "In Jira you are *Mia* (found by your e-mail address)."
    assert people(world) == [(MEMBER, ident(world, "Mia"), "email")]
    (row,) = world.rows("mappings")
    assert (row["mapping_type"], row["source_service"], row["source_id"]) == ("user", "slack", f"{TEAM}/{MEMBER}")
    asked = len(world.jira.calls)
    say(world, "me")
    assert len(world.jira.calls) == asked


def test_who_has_no_account_is_told_what_to_do(world: World) -> None:
    assert say(world, "me") == (
        "I do not know your account in Jira: none has your e-mail address. `/jira me claim` says which one is yours."
    )
    assert "`/connect jira me claim`" in say(world, "jira me", command="/connect")
    assert "Guests" in say(world, "me", GUEST)


def test_after_a_day_an_account_that_is_no_longer_active_is_dropped_and_looked_for_anew(world: World) -> None:
    mine = world.give_account(MEMBER)
    say(world, "me")
    world.jira.inactive = {mine.display}
    assert "*Mia*" in say(world, "me")
    world.advance(DAY + 1)
    assert say(world, "me").startswith("I do not know your account")
    assert people(world) == []


def test_after_a_day_an_account_follows_the_email_address(world: World) -> None:
    world.give_account(MEMBER)
    say(world, "me")
    world.jira.users.append(User("712020:mia2", "mia2", "Mia Two", "married@example.com"))
    world.slack.users[MEMBER]["profile"]["email"] = "married@example.com"
    world.advance(DAY + 1)
    assert "*Mia Two*" in say(world, "me")
    assert people(world) == [(MEMBER, ident(world, "Mia Two"), "email")]


def test_while_jira_is_away_what_is_kept_still_counts_after_a_day(world: World) -> None:
    world.give_account(MEMBER)
    say(world, "me")
    world.advance(DAY + 1)
    world.jira.fault("findUsers", status=503)
    assert "*Mia*" in say(world, "me")


# --- claimed ---------------------------------------------------------------------------------------------------------


def code_for(world: World, user: str = MEMBER) -> str:
    shown = say(world, "me claim", user)
    found = re.search(r"`(connect-[A-Z0-9]{10})`", shown)
    assert found
    return found[1]


def test_a_comment_with_the_code_proves_whose_account_it_is(world: World) -> None:
    key = world.jira.create("OPS", "Task", "Anything")
    mia = add_mia(world, "private@example.com")
    code = code_for(world)
    world.jira.comment(key, mia.display, f"It is me: {code.lower()}")
    world.settle()
    assert people(world) == [(MEMBER, ident(world, "Mia M"), "claim")]
    direct = [message["text"] for message in world.slack.direct(MEMBER).messages]
    assert direct == [":white_check_mark: From now on you are *Mia M* in Jira."]
    assert say(world, "me") == "In Jira you are *Mia M* (confirmed by you in Jira)."
    assert acting(world.services, f"{TEAM}/{MEMBER}", key, "ADD_COMMENTS").account.id == ident(world, "Mia M")


def test_a_comment_with_a_code_is_told_in_no_thread(world: World) -> None:
    ts = world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> create bug in OPS: the printer is on fire")
    world.settle()
    before = len(world.slack.thread(GENERAL, ts))
    world.jira.comment("OPS-1", "Grace Hopper", code_for(world))
    world.jira.comment("OPS-1", "Grace Hopper", "connect-AAAAAAAAAA")
    world.settle()
    assert len(world.slack.thread(GENERAL, ts)) == before
    world.jira.comment("OPS-1", "Grace Hopper", "an ordinary one")
    world.settle()
    assert len(world.slack.thread(GENERAL, ts)) == before + 1


def test_a_code_counts_once_for_an_hour_and_the_last_one_only(world: World) -> None:
    key = world.jira.create("OPS", "Task", "Anything")
    first, second = code_for(world), code_for(world)
    world.jira.comment(key, "Grace Hopper", first)
    world.settle()
    assert people(world) == []
    world.jira.comment(key, "Grace Hopper", second)
    world.jira.comment(key, "Ada Lovelace", second)
    world.settle()
    assert people(world) == [(MEMBER, ident(world, "Grace Hopper"), "claim")]
    late = code_for(world, ADMIN)
    world.advance(3601)
    world.jira.comment(key, "Ada Lovelace", late)
    world.settle()
    assert [slack for slack, _, _ in people(world)] == [MEMBER]


def test_a_code_written_into_somebody_elses_comment_proves_nothing(world: World) -> None:
    key = world.jira.create("OPS", "Task", "Anything")
    comment = world.jira.comment(key, "Grace Hopper", "mine")
    world.settle()
    world.jira.edit_comment(key, comment, code_for(world), "Ada Lovelace")
    world.settle()
    assert people(world) == []


def test_only_the_hash_of_a_code_is_kept(world: World) -> None:
    code = code_for(world)
    with world.database.read() as connection:
        kept = preferences.subjects(connection, "jira_claim")
    assert list(kept) == [f"{TEAM}/{MEMBER}"]
    assert code.removeprefix("connect-") not in str(kept)
    assert code not in str(world.rows("integrations"))
    world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> me claim")
    world.settle()
    assert world.slack.ephemeral(MEMBER)[-1]["text"].startswith("For your safety I show a code to a command only")


# --- by an admin -----------------------------------------------------------------------------------------------------


def test_an_admin_says_which_account_is_whose_and_takes_it_back(world: World) -> None:
    grace = ident(world, "Grace Hopper")
    told = say(world, f"map <@{MEMBER}|mia> jira:{grace}", ADMIN, "/connect")
    assert told == ":white_check_mark: *Mia Member* is *Grace Hopper* in Jira."
    assert say(world, "me") == "In Jira you are *Grace Hopper* (named by an admin)."
    assert say(world, f"map <@{MEMBER}|mia> ada@example.com", ADMIN, "/connect").endswith("*Ada Lovelace* in Jira.")
    assert people(world) == [(MEMBER, ident(world, "Ada Lovelace"), "admin")]
    assert say(world, "people", ADMIN, "/connect") == "Who is who in Jira"
    assert f"• <@{MEMBER}> is *Ada Lovelace* (admin)" in str(world.slack.ephemeral(ADMIN)[-1]["blocks"])
    assert "no account" in say(world, f"unmap <@{MEMBER}|mia>", ADMIN, "/connect")
    assert people(world) == []


@pytest.mark.parametrize("text", ["map <@U0DEV00001|mia> jira:ada", "unmap <@U0DEV00001|mia>", "people"])
def test_only_admins_say_who_is_who(world: World, text: str) -> None:
    assert say(world, text, MEMBER, "/connect") == "Only admins of this workspace can do this."
    assert people(world) == []


def test_a_name_that_nobody_has_is_answered_with_a_sentence(world: World) -> None:
    say_so = "Jira has no active account nobody@example.com that I can see."
    assert say(world, f"map <@{MEMBER}|mia> jira:nobody@example.com", ADMIN, "/connect") == say_so
    assert say(world, "map mia ada", ADMIN, "/connect").startswith("Name a person and their account:")
    assert say(world, f"map <@{BOT_USER}|connect> ada@example.com", ADMIN, "/connect").endswith("of this workspace.")


# --- REST and CSV ----------------------------------------------------------------------------------------------------


def test_rest_names_lists_and_forgets(world: World) -> None:
    made = world.call("POST", "/api/v1/people", {"slack": MEMBER, "jira": "ada@example.com"})
    assert (made.status_code, made.json()) == (201, {"success": True, "person_id": made.json()["person_id"]})
    (row,) = world.rows("people")
    assert (row["slack"], row["jira"], row["name"], row["by"]) == (
        MEMBER, ident(world, "Ada Lovelace"), "Ada Lovelace", "admin",
    )  # fmt: skip
    assert world.call("GET", f"/api/v1/people/{row['id']}").json()["person"] == row
    assert [mapping["mapping_type"] for mapping in world.rows("mappings")] == ["user"]
    assert world.call("DELETE", f"/api/v1/people/{row['id']}").json() == {"success": True}
    assert world.call("DELETE", f"/api/v1/people/{row['id']}").status_code == 404
    assert people(world) == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"slack": "U0NOBODY99", "jira": "ada@example.com"}, "Slack knows nobody U0NOBODY99."),
        ({"slack": MEMBER, "jira": "nobody"}, "Jira has no active account nobody that I can see."),
        ({"slack": MEMBER}, "jira: Field required"),
    ],
)
def test_rest_refuses_whom_nobody_knows(world: World, body: dict[str, Any], message: str) -> None:
    answer = world.call("POST", "/api/v1/people", body)
    assert (answer.status_code, answer.json()["error"]["message"]) == (422, message)


TABLE = """jira;slack
ada@example.com;{email}
{grace};U0DEV00002

nobody@example.com;U0DEV00001
ada@example.com;U0NOBODY99
"""


def table(world: World) -> str:
    return TABLE.format(email=world.slack.users[MEMBER]["profile"]["email"], grace=ident(world, "Grace Hopper"))


def test_a_table_is_taken_line_by_line_and_twice_is_once(world: World, tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "people.csv"
    file.write_text("\ufeff" + table(world), encoding="utf-8")
    given = argparse.Namespace(action="import", file=file)
    assert roster.run(given, world.services) == 1
    refused = (
        "  line 5: Jira has no active account nobody@example.com that I can see.\n"
        "  line 6: Slack knows nobody U0NOBODY99.\n"
    )
    assert capsys.readouterr().out == "2 taken, 0 already known, 2 not taken\n" + refused
    assert roster.run(given, world.services) == 1
    assert capsys.readouterr().out == "0 taken, 2 already known, 2 not taken\n" + refused
    assert people(world) == [
        (MEMBER, ident(world, "Ada Lovelace"), "csv"), (ADMIN, ident(world, "Grace Hopper"), "csv"),
    ]  # fmt: skip
    assert say(world, "me") == "In Jira you are *Ada Lovelace* (named in your admins' table)."


def test_a_table_may_be_sent_over_rest(world: World) -> None:
    answer = world.send("POST", "/api/v1/people", table(world).encode(), "text/csv")
    assert answer.status_code == 200
    report = answer.json()
    assert (report["taken"], report["known"], [each["line"] for each in report["refused"]]) == (2, 0, [5, 6])
    assert report["stopped"] is None


def test_a_table_stops_where_jira_does_not_answer_and_says_so(world: World) -> None:
    world.jira.fault("findUsers", status=503, times=9)
    answer = world.send("POST", "/api/v1/people", table(world).encode(), "text/csv").json()
    assert (answer["taken"], answer["stopped"][:46]) == (0, "Line 2 and what follows was not looked at. Jir")
