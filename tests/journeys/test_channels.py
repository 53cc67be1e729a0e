"""A channel of its own for an issue: made, found again, told of the issue's end, and archived; on both Jiras."""

from typing import Any

import pytest

from sandbox.slack import ADMIN, BOT_USER, DEV, GENERAL, GUEST, HIDDEN, MEMBER, PRIVATE
from sandbox.slack.wire import Conversation
from tests.journeys import threads
from tests.journeys.threads import comments, said
from tests.world import World

both = threads.world
TEAM = "T0DEV00001"
NAME = "ops-1-printer-is-on-fire"
ASKING = ":hourglass_flowing_sand: Asking for the channel of OPS-1…"
NO_SCOPE = (
    "Slack does not let connect do this: a permission is missing. An admin of this workspace has to reinstall the app "
    "with the scopes of its manifest (channels:manage and groups:write)."
)


@pytest.fixture(name="world")
def with_issue(both: World) -> World:
    both.give_account(MEMBER)
    both.give_account(ADMIN, "nadine")
    both.jira.create("OPS", "Bug", "Printer is on fire")
    both.settle()
    return both


def ask(world: World, user: str = MEMBER, where: str = GENERAL, issue: str = "OPS-1") -> str:
    """Type the command, and let it be done; returns what the person is told at last."""
    answer = world.slack.command(user, where, "/jira", f"channel {issue}")
    assert (answer.status, answer.trouble) == (200, "")
    world.settle()
    return last(world)


def last(world: World) -> str:
    return world.slack.responses[-1]["body"]["text"] if world.slack.responses else ""


def made(world: World) -> list[Conversation]:
    return [place for place in world.slack.channels.values() if place.creator == BOT_USER]


def kept(world: World) -> list[tuple[str, str]]:
    found = [row for row in world.rows("mappings") if row["mapping_type"] == "channel"]
    return [(row["source_id"], row["target_id"]) for row in found]


def count(world: World, method: str) -> int:
    return len([call for call in world.slack.calls if call.operation == method])


def of_connect(place: Conversation) -> list[dict[str, Any]]:
    return [message for message in place.messages if message.get("bot_id")]


def resolve(world: World) -> dict[str, Any]:
    """Resolve the issue; returns the message that says so in its channel."""
    world.jira.transition("OPS-1", "Done", "Grace Hopper")
    world.settle()
    return of_connect(made(world)[0])[-1]


def offers(place: Conversation) -> int:
    return len([message for message in of_connect(place) if "Archive channel" in str(message.get("blocks"))])


# --- a new channel ---------------------------------------------------------------------------------------------------


def test_an_issue_gets_a_channel_with_its_card_and_whoever_asked(world: World) -> None:
    answer = world.slack.command(MEMBER, GENERAL, "/jira", "channel ops-1")
    assert answer.body["text"] == ASKING
    world.settle()
    (place,) = made(world)
    assert (place.name, place.kind, place.members) == (NAME, "channel", [BOT_USER, MEMBER])
    assert place.topic == f"OPS-1 · To Do · {world.jira.url}/browse/OPS-1"
    assert place.purpose == "The channel of OPS-1: Printer is on fire"
    assert [message["text"] for message in of_connect(place)] == ["OPS-1: Printer is on fire (To Do)"]
    assert kept(world) == [("OPS-1", f"{TEAM}/{place.id}")]
    assert last(world) == f"OPS-1 has its own channel now: <#{place.id}>."
    assert {row["status"] for row in world.rows("integrations")} == {"completed"}


def test_what_is_said_in_the_channel_stays_there_and_the_cards_thread_goes_both_ways(world: World) -> None:
    ask(world)
    (place,) = made(world)
    card = of_connect(place)[0]["ts"]
    world.slack.say(MEMBER, place.id, "between us")
    world.slack.say(MEMBER, place.id, "I unplugged it", thread_ts=card)
    world.settle()
    assert comments(world, "OPS-1") == ["Mia Member (in Slack):\n\nI unplugged it"]
    world.jira.comment("OPS-1", "Grace Hopper", "thanks")
    world.settle()
    assert said(world, card, place.id) == ["*Grace Hopper* commented:\nthanks"]


def test_assignee_and_reporter_are_invited_if_they_are_known_and_jira_lets_them_see_it(world: World) -> None:
    for user in (ADMIN, MEMBER):  # whoever has looked at it is known
        world.slack.command(user, GENERAL, "/jira", "me")
    world.settle()
    world.jira.create("OPS", "Bug", "Door stuck", "Nadine", assignee="mia")
    world.settle()
    assert "I invited" in ask(world, ADMIN, issue="OPS-2")
    (place,) = made(world)
    assert place.members == [BOT_USER, ADMIN, MEMBER]
    world.jira.denied_to = {"Nadine": {"BROWSE_PROJECTS"}}
    world.jira.create("OPS", "Bug", "Window open", "Nadine", assignee="mia")
    world.settle()
    ask(world, MEMBER, issue="OPS-3")
    assert made(world)[1].members == [BOT_USER, MEMBER]


def test_whoever_cannot_be_invited_is_named(world: World) -> None:
    world.slack.command(ADMIN, GENERAL, "/jira", "me")
    world.settle()
    world.jira.create("OPS", "Bug", "Door stuck", "Nadine")
    world.settle()
    world.slack.users[ADMIN]["deleted"] = True
    told = ask(world, MEMBER, issue="OPS-2")
    assert told == (
        f"OPS-2 has its own channel now: <#{made(world)[0].id}>. I could not invite <@{ADMIN}>: "
        "Slack says the user cannot be invited to this channel."
    )


@pytest.mark.parametrize(("where", "kind"), [(PRIVATE, "group"), (DEV, "channel"), (HIDDEN, "group")])
def test_it_is_as_private_as_where_it_was_asked_for(world: World, where: str, kind: str) -> None:
    ask(world, ADMIN, where)
    assert [place.kind for place in made(world)] == [kind]


def test_it_is_private_where_a_security_level_hides_the_issue_and_hears_of_it_all_the_same(world: World) -> None:
    world.jira.create("OPS", "Bug", "Payroll", security="Staff only")
    world.settle()
    ask(world, issue="OPS-2")
    (place,) = made(world)
    assert (place.kind, place.name) == ("group", "ops-2-payroll")
    world.jira.comment("OPS-2", "Grace Hopper", "between us")
    world.settle()
    assert said(world, of_connect(place)[0]["ts"], place.id) == ["*Grace Hopper* commented:\nbetween us"]
    world.slack.convert(ADMIN, place.id)
    world.settle()
    before, topic = len(place.messages), place.topic
    assert "This channel is public now. Of Jira nothing is told here" in place.messages[-1]["text"]
    world.jira.comment("OPS-2", "Grace Hopper", "nobody else")
    world.jira.edit("OPS-2", "Grace Hopper", summary="Wages")
    world.jira.transition("OPS-2", "Done", "Grace Hopper")
    world.settle()
    assert (len(place.messages), place.topic) == (before, topic)


def test_a_name_that_somebody_else_has_taken_gets_a_number(world: World) -> None:
    world.slack.add_channel("C0OTHERS01", NAME, members=(ADMIN,))
    ask(world)
    assert [place.name for place in made(world)] == [f"{NAME}-2"]


def test_the_form_of_the_card_has_a_button_for_it(world: World) -> None:
    world.slack.command(MEMBER, GENERAL, "/jira", "OPS-1")
    world.settle()
    card = world.slack.ephemeral(MEMBER)[-1]["ts"]
    world.slack.click(MEMBER, "jira_more", value="thread OPS-1", message=card)
    form = world.slack.current_view(MEMBER)
    assert form is not None
    assert world.slack.click(MEMBER, "jira_channel", view=form["id"]).trouble == ""
    world.settle()
    told, shown = f"OPS-1 has its own channel now: <#{made(world)[0].id}>.", world.slack.current_view(MEMBER)
    assert shown is not None
    assert (last(world), shown["blocks"][0]["text"]["text"]) == (told, told)


def test_a_mention_asks_for_it_too(world: World) -> None:
    world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> channel OPS-1")
    world.settle()
    assert [place.name for place in made(world)] == [NAME]


def test_without_an_issue_the_command_explains_itself(world: World) -> None:
    answer = world.slack.command(MEMBER, GENERAL, "/jira", "channel printer")
    assert answer.body["text"] == "Name the issue: `/jira channel OPS-1`"


# --- a channel that there is -----------------------------------------------------------------------------------------


def test_who_asks_later_is_invited_to_the_channel_that_there_is(world: World) -> None:
    ask(world)
    (place,) = made(world)
    assert ask(world, ADMIN) == f"OPS-1 has a channel already: <#{place.id}>."
    assert (len(made(world)), place.members, len(of_connect(place))) == (1, [BOT_USER, MEMBER, ADMIN], 1)


def test_two_who_ask_at_once_get_one_channel(world: World) -> None:
    for user in (MEMBER, ADMIN):
        world.slack.command(user, GENERAL, "/jira", "channel OPS-1")
    world.settle()
    (place,) = made(world)
    assert (place.members, count(world, "conversations.create")) == ([BOT_USER, MEMBER, ADMIN], 1)


@pytest.mark.parametrize("how", ["archived", "deleted"])
def test_a_channel_that_people_archived_or_deleted_is_followed_by_a_new_one(world: World, how: str) -> None:
    ask(world)
    (first,) = made(world)
    if how == "archived":
        world.slack.archive(ADMIN, first.id)
    else:
        del world.slack.channels[first.id]
    world.settle()
    ask(world)
    second = made(world)[-1]
    assert second.name == (f"{NAME}-2" if how == "archived" else NAME)
    assert kept(world) == [("OPS-1", f"{TEAM}/{second.id}")]
    assert [message["text"] for message in of_connect(second)] == ["OPS-1: Printer is on fire (To Do)"]


# --- lost answers ----------------------------------------------------------------------------------------------------


def test_a_channel_whose_answer_was_lost_is_found_and_not_made_again(world: World) -> None:
    world.slack.fault("conversations.create", kind="reset", after=True)
    ask(world)
    world.advance(world.settings.connect_settle_seconds + 1)
    (place,) = made(world)
    assert (place.members, count(world, "conversations.create")) == ([BOT_USER, MEMBER], 1)
    assert kept(world) == [("OPS-1", f"{TEAM}/{place.id}")]
    assert last(world) == f"OPS-1 has its own channel now: <#{place.id}>."


def test_a_channel_that_was_not_made_is_made_once_it_was_looked_for_twice(world: World) -> None:
    world.slack.fault("conversations.create", kind="reset")
    ask(world)
    for _ in range(2):
        world.advance(world.settings.connect_settle_seconds + 1)
    assert [place.name for place in made(world)] == [NAME]


def test_a_channel_that_slack_showed_late_is_known_by_its_name_and_maker(world: World) -> None:
    world.slack.fault("conversations.create", kind="reset", after=True)
    world.slack.fault("users.conversations", body='{"ok": true, "channels": []}', status=200, times=2)
    ask(world)
    for _ in range(2):
        world.advance(world.settings.connect_settle_seconds + 1)
    (place,) = made(world)
    assert (kept(world), count(world, "conversations.create")) == ([("OPS-1", f"{TEAM}/{place.id}")], 2)


@pytest.mark.parametrize("method", ["conversations.setTopic", "conversations.invite"])
def test_a_lost_answer_to_what_may_be_repeated_is_repeated(world: World, method: str) -> None:
    world.slack.fault(method, kind="reset", after=True)
    ask(world)
    world.advance(10)
    (place,) = made(world)
    assert place.members == [BOT_USER, MEMBER]
    assert place.topic.startswith("OPS-1 · To Do")
    assert last(world) == f"OPS-1 has its own channel now: <#{place.id}>."


def test_slacks_limit_is_obeyed_for_all_channels(world: World) -> None:
    world.jira.create("OPS", "Bug", "Door stuck")
    world.slack.fault("conversations.create", status=429, headers={"Retry-After": "30"})
    ask(world)
    ask(world, issue="OPS-2")
    assert count(world, "conversations.create") == 1
    world.advance(31)
    assert sorted(place.name for place in made(world)) == ["ops-1-printer-is-on-fire", "ops-2-door-stuck"]


# --- who may not -----------------------------------------------------------------------------------------------------


def test_guests_may_not(world: World) -> None:
    answer = world.slack.command(GUEST, GENERAL, "/jira", "channel OPS-1")
    world.settle()
    assert answer.body["text"] == "Guests of this workspace cannot do this. Ask a full member to do it for you."
    assert made(world) == []


def test_who_may_not_see_the_issue_is_told_so(world: World) -> None:
    world.jira.denied_to = {"Mia": {"BROWSE_PROJECTS"}}
    assert ask(world) == "Jira does not permit you to do this to OPS-1."
    assert made(world) == []


def test_a_missing_scope_is_told_with_what_an_admin_has_to_do_and_holds_up_nothing(world: World) -> None:
    world.slack.scopes -= {"channels:manage", "groups:write"}
    assert ask(world) == NO_SCOPE
    assert [row["status"] for row in world.rows("integrations") if row["operation"] == "create_channel"] == ["failed"]


def test_a_workspace_that_does_not_let_apps_make_channels_is_told(world: World) -> None:
    world.slack.fault("conversations.create", body='{"ok": false, "error": "restricted_action"}', status=200)
    assert ask(world) == "Slack says a workspace setting does not let connect do this."


# --- the end ---------------------------------------------------------------------------------------------------------


def test_a_resolved_issue_is_told_once_with_a_button_that_archives(world: World) -> None:
    ask(world)
    (place,) = made(world)
    message = resolve(world)
    assert message["text"] == (
        f":white_check_mark: <{world.jira.url}/browse/OPS-1|OPS-1: Printer is on fire> was resolved by Grace Hopper."
    )
    assert (place.archived, offers(place)) == (False, 1)
    assert place.topic.startswith("OPS-1 · Done")
    world.slack.click(MEMBER, "jira_archive_channel", message=message["ts"])
    world.settle()
    assert place.archived
    assert {row["status"] for row in world.rows("integrations")} == {"completed"}


def test_the_button_acts_once(world: World) -> None:
    ask(world)
    (place,) = made(world)
    message = resolve(world)
    for user in (MEMBER, ADMIN):
        world.slack.click(user, "jira_archive_channel", message=message["ts"])
    world.settle()
    assert (count(world, "conversations.archive"), last(world)) == (1, "This button was used already.")
    world.slack.archive(ADMIN, place.id, back=True)
    world.slack.click(MEMBER, "jira_archive_channel", message=message["ts"])
    world.settle()
    assert (place.archived, last(world)) == (False, "This button was used already.")


def test_a_channel_that_is_archived_by_then_counts_as_done(world: World) -> None:
    ask(world)
    (place,) = made(world)
    message = resolve(world)
    place.archived = True
    world.slack.click(MEMBER, "jira_archive_channel", message=message["ts"])
    world.settle()
    assert [row["status"] for row in world.rows("integrations", "&status=failed")] == []


def test_only_a_member_who_may_act_on_the_issue_archives(world: World) -> None:
    ask(world)
    (place,) = made(world)
    message = resolve(world)
    world.slack.invite(MEMBER, place.id, GUEST)
    world.slack.click(GUEST, "jira_archive_channel", message=message["ts"])
    world.settle()
    assert last(world) == "Guests of this workspace cannot do this. Ask a full member to do it for you."
    world.jira.denied_to = {"Mia": {"TRANSITION_ISSUES"}}
    world.slack.click(MEMBER, "jira_archive_channel", message=message["ts"])
    world.settle()
    assert (last(world), place.archived) == ("Jira does not permit you to do this to OPS-1.", False)


def test_an_issue_that_is_reopened_and_resolved_again_is_told_again(world: World) -> None:
    ask(world)
    (place,) = made(world)
    resolve(world)
    world.jira.transition("OPS-1", "To Do", "Grace Hopper")
    world.settle()
    assert offers(place) == 1
    assert "To Do" in said(world, of_connect(place)[0]["ts"], place.id)[-1]
    resolve(world)
    assert offers(place) == 2


def test_an_issue_that_moves_to_another_project_takes_its_channel_along(world: World) -> None:
    ask(world)
    (place,) = made(world)
    key = world.jira.move("OPS-1", "WEB")
    world.settle()
    assert kept(world) == [(key, f"{TEAM}/{place.id}")]
    assert (place.topic.partition(" ")[0], place.purpose) == (key, f"The channel of {key}: Printer is on fire")
    ask(world, issue=key)
    assert len(made(world)) == 1


def test_an_archived_channel_hears_nothing_more(world: World) -> None:
    ask(world)
    (place,) = made(world)
    world.slack.archive(ADMIN, place.id)
    world.settle()
    world.jira.transition("OPS-1", "Done", "Grace Hopper")
    world.settle()
    assert offers(place) == 0
    assert {row["status"] for row in world.rows("integrations")} == {"completed"}
