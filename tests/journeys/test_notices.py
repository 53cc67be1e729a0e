"""Notices: who asked for them is told in a direct message of what concerns them in Jira, on both Jiras."""

from typing import Any

import pytest

from sandbox.jira.model import User
from sandbox.slack import ADMIN, BOT_USER, GENERAL, GUEST, MEMBER
from tests.world import World


@pytest.fixture
def world(on_both_jiras: World) -> World:
    on_both_jiras.give_account(MEMBER)
    return on_both_jiras


def mia(world: World) -> User:
    return world.jira.person("Mia")


def notify(world: World, words: str, user: str = MEMBER) -> str:
    return world.slack.command(user, GENERAL, "/jira", f"notify {words}").body["text"]


def told(world: World, user: str = MEMBER) -> list[dict[str, Any]]:
    """The direct messages from connect to somebody, those in threads as well, in the order in which they came."""
    return [message for message in world.slack.channels[world.slack.direct(user).id].messages if "bot_id" in message]


def headlines(world: World, user: str = MEMBER) -> list[str]:
    return [message["blocks"][0]["text"]["text"] for message in told(world, user)]


def cards(world: World, user: str = MEMBER) -> list[dict[str, Any]]:
    """The messages that stand in the direct message itself."""
    return [message for message in world.slack.history(world.slack.direct(user).id) if message.get("bot_id")]


def words(message: dict[str, Any]) -> str:
    """All that a message shows, in one text."""
    return "\n".join(block["text"]["text"] for block in message["blocks"] if "text" in block)


def heading(world: World, key: str) -> str:
    return f"<{world.jira.url}/browse/{key}|{key}: {world.jira.issues[key].summary}>"


def mention(world: World, user: User) -> str:
    return f"[~accountid:{user.account_id}]" if world.jira.cloud else f"[~{user.name}]"


def test_who_asks_for_it_is_told_of_what_is_assigned_to_them_with_the_card(world: World) -> None:
    assert notify(world, "on") == (
        ":bell: From now on I tell you here when an issue is assigned to you, or somebody mentions you in an issue or "
        "a comment. `/jira notify off` ends it."
    )
    key = world.jira.create("OPS", "Bug", "Door stuck")
    world.jira.edit(key, "Ada Lovelace", assignee="Mia")
    world.settle()
    assert headlines(world) == [f"*Ada Lovelace* assigned {heading(world, key)} to you"]
    assert "To Do" in str(told(world)[0]["blocks"])
    assert f"{world.jira.url}/browse/{key}" in str(told(world)[0]["blocks"])


def test_an_issue_that_is_created_for_somebody_is_told_them_once(world: World) -> None:
    notify(world, "all")
    key = world.jira.create("OPS", "Bug", "Door stuck", assignee="Mia")
    world.jira.redeliver()
    world.settle()
    assert headlines(world) == [f"*Ada Lovelace* assigned {heading(world, key)} to you"]


def test_a_mention_in_a_comment_is_told_once_with_its_words(world: World) -> None:
    notify(world, "on")
    key = world.jira.create("OPS", "Bug", "Door stuck")
    world.jira.comment(key, "Grace Hopper", f"Could you look, {mention(world, mia(world))}?")
    world.settle()
    assert headlines(world) == [f"*Grace Hopper* mentioned you in {heading(world, key)}"]
    assert "Could you look" in words(told(world)[0])


def test_a_mention_that_is_added_to_the_description_is_told(world: World) -> None:
    notify(world, "mentioned")
    key = world.jira.create("OPS", "Bug", "Door stuck")
    for text in (f"Ask {mention(world, mia(world))}", f"Better ask {mention(world, mia(world))}"):
        world.jira.edit(key, "Ada Lovelace", description=text)
        world.settle()
    assert headlines(world) == [f"*Ada Lovelace* mentioned you in {heading(world, key)}"]


def test_who_reported_an_issue_hears_what_happens_to_it(world: World) -> None:
    notify(world, "reported")
    key = world.jira.create("OPS", "Bug", "Door stuck", actor="Grace Hopper", reporter="Mia")
    world.jira.transition(key, "In Progress", "Ada Lovelace")
    world.settle()
    assert headlines(world) == [f"News of {heading(world, key)}, which you reported"]
    assert "*Ada Lovelace* changed *Status*: To Do → In Progress" in words(told(world)[0])


def test_who_watches_an_issue_hears_what_happens_to_it(world: World) -> None:
    notify(world, "watching")
    watched, other = (world.jira.create("OPS", "Bug", name) for name in ("Door stuck", "Lift stuck"))
    world.jira.issues[watched].watchers += [mia(world), world.jira.person("Grace Hopper")]
    for key in (watched, other):
        world.jira.transition(key, "In Progress", "Ada Lovelace")
    world.settle()
    assert headlines(world) == [f"News of {heading(world, watched)}, which you watch"]


def test_who_is_concerned_in_several_ways_is_told_once_of_the_nearest(world: World) -> None:
    notify(world, "all")
    key = world.jira.create("OPS", "Bug", "Door stuck", actor="Grace Hopper", reporter="Mia")
    world.jira.issues[key].watchers.append(mia(world))
    world.jira.edit(key, "Ada Lovelace", assignee="Mia")
    world.settle()
    assert headlines(world) == [f"*Ada Lovelace* assigned {heading(world, key)} to you"]


def test_nobody_is_told_of_what_they_did_themselves(world: World) -> None:
    notify(world, "all")
    key = world.jira.create("OPS", "Bug", "Door stuck", actor="Mia", reporter="Mia", assignee="Mia")
    world.jira.comment(key, "Mia", f"I am {mention(world, mia(world))}")
    world.settle()
    assert headlines(world) == []


def test_what_somebody_did_through_connect_they_did_themselves(world: World) -> None:
    notify(world, "all")
    ts = world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> create bug in OPS: Door stuck")
    world.settle()
    world.slack.say(MEMBER, GENERAL, "it squeaks", thread_ts=ts)
    world.settle()
    assert [line for line in headlines(world) if "News" in line or "assigned" in line] == []


def test_nobody_is_told_unless_they_asked_for_it(world: World) -> None:
    key = world.jira.create("OPS", "Bug", "Door stuck", assignee="Mia")
    world.jira.comment(key, "Ada Lovelace", mention(world, mia(world)))
    world.settle()
    assert headlines(world) == []
    assert not [row for row in world.rows("integrations") if row["operation"] == "read_audience"]


def test_who_turned_it_off_is_left_alone(world: World) -> None:
    notify(world, "on")
    assert notify(world, "off") == (
        "I send you no direct messages about Jira any more. `/jira notify on` starts them again."
    )
    world.jira.create("OPS", "Bug", "Door stuck", assignee="Mia")
    world.settle()
    assert headlines(world) == []


def test_nobody_is_told_of_an_issue_that_jira_does_not_let_them_see(world: World) -> None:
    notify(world, "all")
    world.jira.denied_to = {"Mia": {"BROWSE_PROJECTS"}}
    key = world.jira.create("OPS", "Bug", "Door stuck", assignee="Mia")
    world.jira.comment(key, "Ada Lovelace", mention(world, mia(world)))
    world.settle()
    assert headlines(world) == []


def test_where_jira_tells_no_rights_who_is_only_mentioned_is_not_told(world: World) -> None:
    notify(world, "all")
    world.jira.rights_shown = False
    key = world.jira.create("OPS", "Bug", "Door stuck")
    world.jira.comment(key, "Ada Lovelace", mention(world, mia(world)))
    world.jira.edit(key, "Ada Lovelace", assignee="Mia")
    world.settle()
    assert headlines(world) == [f"*Ada Lovelace* assigned {heading(world, key)} to you"]


def test_a_restricted_comment_is_told_nobody(world: World) -> None:
    notify(world, "all")
    key = world.jira.create("OPS", "Bug", "Door stuck", reporter="Mia")
    world.jira.comment(key, "Ada Lovelace", f"secret, {mention(world, mia(world))}", restricted=True)
    world.settle()
    assert headlines(world) == []


def test_an_issue_that_is_gone_before_anybody_is_told_is_told_nobody(world: World) -> None:
    notify(world, "all")
    key = world.jira.create("OPS", "Bug", "Door stuck", assignee="Mia")
    world.jira.delete(key, "Ada Lovelace")
    world.settle()
    assert headlines(world) == []
    assert {row["status"] for row in world.rows("integrations")} <= {"completed"}


def test_what_there_is_to_choose_from_is_shown(world: World) -> None:
    names = "`assigned`, `mentioned`, `reported`, `watching`"
    assert notify(world, "") == (
        f"I send you no direct messages about Jira. `/jira notify on` starts them; or name some: {names}."
    )
    notify(world, "reported, watching")
    assert notify(world, "") == (
        ":bell: I tell you here when something happens to an issue that you reported or watch. "
        f"Name any of {names}, `all` or `off` to change it."
    )
    assert notify(world, "sometimes") == (
        "I do not know `sometimes`. Choose from: assigned, mentioned, reported, watching, `all` or `off`."
    )


def test_who_has_no_account_in_jira_and_who_is_a_guest_is_told_why_not(world: World) -> None:
    world.jira.users.remove(mia(world))
    assert "I do not know your account in Jira" in notify(world, "on")
    assert "Guests" in notify(world, "on", GUEST)


def test_what_connect_wrote_for_one_person_is_told_the_others_under_that_persons_name(world: World) -> None:
    world.give_account(ADMIN, "ada2")
    for user in (MEMBER, ADMIN):
        notify(world, "all", user)
    key = world.jira.create("OPS", "Bug", "Door stuck", reporter="Ada2", assignee="Mia")
    world.settle()
    world.slack.command(ADMIN, GENERAL, "/jira", f"watch {key}")
    world.settle()
    before = len(headlines(world, ADMIN)), len(headlines(world))
    world.slack.command(MEMBER, GENERAL, "/jira", f"comment {key} I have the key")
    world.settle()
    world.slack.command(MEMBER, GENERAL, "/jira", f"transition {key} Done")
    world.settle()
    news = f"News of {heading(world, key)}, which you reported"
    assert (headlines(world, ADMIN)[before[0] :], headlines(world)[before[1] :]) == ([news, f"<@{ADMIN}> {news}"], [])
    world.slack.command(MEMBER, GENERAL, "/jira", f"assign {key} ada2")
    world.settle()
    assert headlines(world, ADMIN)[-1] == f"<@{ADMIN}> *Mia Member* assigned {heading(world, key)} to you"


def test_of_two_who_change_an_issue_through_connect_each_hears_what_the_other_did(world: World) -> None:
    world.give_account(ADMIN, "ada2")
    key = world.jira.create("OPS", "Bug", "Door stuck", assignee="Mia", reporter="Ada2")
    world.settle()
    for user in (MEMBER, ADMIN):
        notify(world, "all", user)
        world.slack.command(user, GENERAL, "/jira", f"watch {key}")
    world.settle()
    for user, typed in (
        (MEMBER, f"transition {key} In Progress"), (ADMIN, f"assign {key} me"), (MEMBER, f"comment {key} on my way"),
        (ADMIN, f"transition {key} Done"), (ADMIN, f"comment {key} thanks"), (MEMBER, f"unassign {key}"),
    ):  # fmt: skip
        world.slack.command(user, GENERAL, "/jira", typed)
    world.settle()
    heard = [[message["blocks"][1]["text"]["text"] for message in told(world, user)] for user in (MEMBER, ADMIN)]
    resolved = "*Ada Admin* changed:\n• *Resolution*: _none_ → Done\n• *Status*: In Progress → Done"
    assert heard == [
        [
            "*Ada Admin* changed *Assignee*: Mia → Ada2", resolved, "*Ada Admin* commented:\nthanks",
        ],
        [
            "*Mia Member* changed *Status*: To Do → In Progress",
            "*Mia Member* commented:\non my way",
            "*Mia Member* changed *Assignee*: Ada2 → _nobody_",
        ],
    ]  # fmt: skip


def test_a_notice_has_the_card_with_its_buttons_which_act_as_whoever_presses_them(world: World) -> None:
    notify(world, "mentioned")
    key = world.jira.create("OPS", "Bug", "Door stuck")
    world.jira.comment(key, "Grace Hopper", f"Could you look, {mention(world, mia(world))}?")
    world.settle()
    (message,) = told(world)
    card = [{name: value for name, value in block.items() if name != "block_id"} for block in message["blocks"][2:]]
    world.slack.command(MEMBER, GENERAL, "/jira", key)
    world.settle()
    assert card == [
        {name: value for name, value in block.items() if name != "block_id"}
        for block in world.slack.ephemeral(MEMBER)[-1]["blocks"]
    ]
    assert world.slack.click(MEMBER, "jira_assign_me", value=key, message=message).trouble == ""
    world.settle()
    assert world.jira.issues[key].assignee == mia(world)
    assert world.slack.ephemeral(MEMBER)[-1]["text"] == f"{key} is assigned to you now."


def test_who_reported_an_issue_hears_that_it_was_deleted_and_nothing_of_what_was_in_it(world: World) -> None:
    notify(world, "all")
    key = world.jira.create("OPS", "Bug", "Door stuck", actor="Grace Hopper", reporter="Mia")
    mine = world.jira.create("OPS", "Bug", "Lift stuck", actor="Mia", reporter="Mia")
    world.settle()
    world.jira.delete(key, "Ada Lovelace")
    world.jira.delete(mine, "Mia")
    world.settle()
    assert headlines(world) == [f":wastebasket: *Ada Lovelace* deleted {key}, which you reported."]
