"""What a person is told of an issue in their direct message: one live card, and later notices in its thread."""

from typing import Any

import pytest

from sandbox.slack import ADMIN, GENERAL, MEMBER
from tests.journeys.threads import all_done, comments, world
from tests.world import World

__all__ = ["world"]
SETTLE = 30


@pytest.fixture(autouse=True)
def wanting(world: World) -> None:
    world.give_account(MEMBER)
    world.slack.command(MEMBER, GENERAL, "/jira", "notify all")


def place(world: World, user: str = MEMBER) -> str:
    return world.slack.direct(user).id


def top(world: World, user: str = MEMBER) -> list[dict[str, Any]]:
    """What stands in the direct message itself."""
    return world.slack.history(place(world, user))


def replies(world: World, user: str = MEMBER) -> list[str]:
    """What connect says in the thread of the first card."""
    return [each["text"] for each in world.slack.thread(place(world, user), top(world, user)[0]["ts"])[1:]]


def status(message: dict[str, Any]) -> str:
    return next(word for word in ("To Do", "In Progress", "Done", "deleted") if word in str(message["blocks"]))


def title(world: World, key: str = "OPS-1") -> str:
    return f"<{world.jira.url}/browse/{key}|{key}: {world.jira.issues[key].summary}>"


def assigned(world: World, summary: str = "Door stuck", **fields: Any) -> str:
    """An issue that was just assigned to Mia."""
    key = world.jira.create("OPS", "Bug", summary, assignee="Mia", **fields)
    world.settle()
    return key


def test_an_issue_has_one_card_that_is_edited_in_place_and_later_notices_are_replies_that_name_the_person(
    world: World,
) -> None:
    key = assigned(world, reporter="Mia")
    world.jira.transition(key, "In Progress", "Grace Hopper")
    world.settle()
    world.jira.comment(key, "Grace Hopper", "on it")
    world.settle()
    (card,) = top(world)
    assert card["blocks"][0]["text"]["text"] == f"*Ada Lovelace* assigned {title(world)} to you"
    assert status(card) == "In Progress"
    news = f"<@{MEMBER}> News of {title(world)}, which you reported"
    assert replies(world) == [
        f"{news}\n*Grace Hopper* changed *Status*: To Do → In Progress",
        f"{news}\n*Grace Hopper* commented:\non it",
    ]
    all_done(world)


def test_each_issue_has_a_card_of_its_own_and_so_has_each_person(world: World) -> None:
    world.give_account(ADMIN, "grace2")
    world.slack.command(ADMIN, GENERAL, "/jira", "notify all")
    for summary in ("Door stuck", "Lift stuck"):
        key = assigned(world, summary)
        world.jira.edit(key, "Ada Lovelace", assignee="Grace2")
        world.settle()
    heads = [[message["blocks"][0]["text"]["text"] for message in top(world, user)] for user in (MEMBER, ADMIN)]
    each = [f"*Ada Lovelace* assigned {title(world, key)} to you" for key in ("OPS-1", "OPS-2")]
    assert heads == [each, each]


def test_a_change_of_which_the_person_is_not_told_edits_the_card_without_a_word(world: World) -> None:
    world.slack.command(MEMBER, GENERAL, "/jira", "notify assigned")
    key = assigned(world)
    posts = len(world.slack.calls_to("chat.postMessage"))
    world.jira.transition(key, "Done", "Grace Hopper")
    world.settle()
    (card,) = top(world)
    assert (status(card), replies(world)) == ("Done", [])
    assert len(world.slack.calls_to("chat.postMessage")) == posts


def test_the_cards_buttons_show_at_once_what_they_did(world: World) -> None:
    key = world.jira.create("OPS", "Bug", "Door stuck", reporter="Mia")
    world.jira.transition(key, "In Progress", "Grace Hopper")
    world.settle()
    world.jira.target = ""  # no webhook says so
    world.slack.click(MEMBER, "jira_assign_me", value=key, message=top(world)[0])
    world.settle()
    (card,) = top(world)
    assert "Assigned to Mia" in str(card["blocks"])


def test_a_reply_in_its_thread_becomes_a_comment_of_which_its_author_is_not_told(world: World) -> None:
    key = assigned(world, reporter="Mia")
    world.slack.say(MEMBER, place(world), "I have the key", thread_ts=top(world)[0]["ts"])
    world.settle()
    assert comments(world, key) == ["Mia Member (in Slack):\n\nI have the key"]
    assert replies(world) == ["I have the key"]
    all_done(world)


def test_a_channel_hears_nothing_of_a_persons_own_card(world: World) -> None:
    key = assigned(world)
    world.jira.comment(key, "Grace Hopper", "hm")
    world.settle()
    assert world.slack.history(GENERAL) == []


def test_who_may_not_see_the_issue_any_more_keeps_the_card_as_it_was(world: World) -> None:
    key = assigned(world)
    before = top(world)
    world.jira.denied_to = {"Mia": {"BROWSE_PROJECTS"}}
    world.jira.edit(key, "Grace Hopper", summary="The secret door")
    world.settle()
    assert (top(world), replies(world)) == (before, [])


def test_who_turned_the_thread_quiet_still_has_the_card(world: World) -> None:
    key = assigned(world, reporter="Mia")
    world.slack.command(MEMBER, place(world), "/jira", f"sync {key} to-jira")
    world.jira.transition(key, "Done", "Grace Hopper")
    world.settle()
    assert (status(top(world)[0]), replies(world)) == ("Done", [])


def test_where_the_card_was_deleted_the_next_notice_is_a_new_card(world: World) -> None:
    key = assigned(world, reporter="Mia")
    world.slack.delete(place(world), top(world)[0]["ts"])
    for text in ("on it", "done"):
        world.jira.comment(key, "Grace Hopper", text)
        world.settle()
    news, (card,) = f"News of {title(world)}, which you reported", top(world)
    assert (card["blocks"][0]["text"]["text"], status(card)) == (news, "To Do")
    assert [text.partition("commented:\n")[2] for text in replies(world)] == ["done"]
    all_done(world)


def test_where_only_the_thread_of_the_card_is_found_gone_it_is_the_same(world: World) -> None:
    key = assigned(world, reporter="Mia")
    world.slack.fault("chat.postMessage", body='{"ok": false, "error": "thread_not_found"}', status=200)
    for text in ("on it", "done"):
        world.jira.comment(key, "Grace Hopper", text)
        world.settle()
    news, (_, first, second) = f"News of {title(world)}, which you reported", top(world)
    assert first["text"] == f"<@{MEMBER}> {news}\n*Grace Hopper* commented:\non it"
    assert second["blocks"][0]["text"]["text"] == news
    all_done(world)


def test_a_notice_whose_answer_was_lost_is_found_in_its_thread_and_not_sent_again(world: World) -> None:
    key = assigned(world, reporter="Mia")
    world.slack.fault("chat.postMessage", kind="reset", after=True)
    world.jira.comment(key, "Grace Hopper", "on it")
    world.settle()
    world.advance(SETTLE + 1)
    assert replies(world) == [
        f"<@{MEMBER}> News of {title(world)}, which you reported\n*Grace Hopper* commented:\non it"
    ]
    all_done(world)


# --- deletion --------------------------------------------------------------------------------------------------------


def deletion(world: World, key: str = "OPS-1", by: str = "Ada Lovelace") -> None:
    world.jira.delete(key, by)
    world.settle()


def said(world: World, user: str = MEMBER) -> list[str]:
    """Everything that connect says in somebody's direct message."""
    return [each["text"] for each in world.slack.channels[place(world, user)].messages if "bot_id" in each]


def watched(world: World, **fields: Any) -> str:
    """An issue that Mia watches, as connect learned when something happened to it."""
    key = world.jira.create("OPS", "Bug", "Door stuck", **fields)
    world.jira.issues[key].watchers.append(world.jira.person("Mia"))
    world.settle()
    return key


def test_the_card_of_a_deleted_issue_says_so_and_nothing_of_what_was_in_it(world: World) -> None:
    key = assigned(world, reporter="Mia")
    deletion(world, key)
    (card,) = top(world)
    assert [block["text"]["text"] for block in card["blocks"]] == [":wastebasket: OPS-1 was deleted."]
    assert replies(world) == [f"<@{MEMBER}> :wastebasket: *Ada Lovelace* deleted OPS-1, which you reported."]
    all_done(world)


def test_who_watches_an_issue_is_told_once_that_it_was_deleted(world: World) -> None:
    watched(world)
    deletion(world)
    world.jira.redeliver()
    world.settle()
    assert said(world) == [":wastebasket: *Ada Lovelace* deleted OPS-1, which you watched."]
    assert [row for row in world.rows("mappings") if row["mapping_type"] == "audience"] == []


def test_who_watches_through_connect_is_told_as_well_and_who_ended_it_is_not(world: World) -> None:
    world.slack.command(MEMBER, GENERAL, "/jira", "notify off")
    for summary in ("Door stuck", "Lift stuck"):
        world.jira.create("OPS", "Bug", summary)
    world.settle()
    for words in ("watch OPS-1", "watch OPS-2", "unwatch OPS-2"):
        world.slack.command(MEMBER, GENERAL, "/jira", words)
        world.settle()
    world.slack.command(MEMBER, GENERAL, "/jira", "notify watching")
    for key in ("OPS-1", "OPS-2"):
        deletion(world, key)
    assert said(world) == [":wastebasket: *Ada Lovelace* deleted OPS-1, which you watched."]


def test_nobody_is_told_of_a_deletion_who_did_it_or_has_not_asked_for_it(world: World) -> None:
    watched(world, reporter="Mia")
    deletion(world, by="Mia")
    world.slack.command(MEMBER, GENERAL, "/jira", "notify assigned")
    watched(world, reporter="Mia")
    deletion(world, "OPS-2")
    assert said(world) == []


def test_of_a_restricted_issue_those_are_told_who_could_see_it(world: World) -> None:
    watched(world, reporter="Mia", security="Staff")
    deletion(world)
    assert said(world) == [":wastebasket: *Ada Lovelace* deleted OPS-1, which you reported."]


def test_of_a_restricted_issue_nobody_is_told_who_could_not_see_it(world: World) -> None:
    world.jira.denied_to = {"Mia": {"BROWSE_PROJECTS"}}
    watched(world, reporter="Mia", security="Staff")
    deletion(world)
    assert said(world) == []


def test_who_was_shut_out_just_before_the_deletion_is_not_told(world: World) -> None:
    key = watched(world, reporter="Mia")
    before = said(world)
    world.jira.denied_to = {"Mia": {"BROWSE_PROJECTS"}}
    world.jira.edit(key, "Grace Hopper", security="Staff")
    world.jira.delete(key, "Ada Lovelace")  # both events come before Jira could be asked
    world.settle()
    assert said(world) == before
