"""`link` and `unlink`: a thread and an issue that exists belong together from now on, or no longer; on both Jiras."""

from typing import Any

import pytest

from sandbox.slack import ADMIN, BOT_USER, GENERAL, GUEST, MEMBER, OUTSIDE
from tests.world import World

TEAM = "T0DEV00001"


@pytest.fixture
def world(on_both_jiras: World) -> World:
    on_both_jiras.give_account(MEMBER)
    on_both_jiras.jira.create("OPS", "Bug", "Printer is on fire")
    on_both_jiras.settle()
    return on_both_jiras


def ties(world: World) -> list[tuple[str, str]]:
    found = [row for row in world.rows("mappings") if row["mapping_type"] == "thread"]
    return [(row["source_id"], row["target_id"]) for row in found]


def links(world: World, key: str = "OPS-1") -> list[tuple[str, str]]:
    return [(link["object"]["url"], link["object"]["title"]) for link in world.jira.issues[key].links]


def permalink(ts: str, channel: str = GENERAL) -> str:
    return f"https://sandbox.slack.com/archives/{channel}/p{ts.replace('.', '')}"


def thread_with_words(world: World) -> str:
    ts = world.slack.say(ADMIN, GENERAL, "The printer smells")
    world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> link ops-1", thread_ts=ts)
    world.settle()
    return ts


def own(world: World, ts: str) -> list[str]:
    return [message["text"] for message in world.slack.thread(GENERAL, ts) if message.get("bot_id")]


def assert_live(world: World, ts: str) -> None:
    """Replies become comments, comments become replies, and the card follows."""
    world.slack.say(ADMIN, GENERAL, "I unplugged it", thread_ts=ts)
    world.settle()
    assert ["I unplugged it" in comment.text for comment in world.jira.issues["OPS-1"].comments] == [True]
    world.jira.transition("OPS-1", "Done", "Grace Hopper")
    world.jira.comment("OPS-1", "Grace Hopper", "thanks")
    world.settle()
    said = own(world, ts)
    assert said[0] == "OPS-1: Printer is on fire (Done)"
    assert said[-1] == "*Grace Hopper* commented:\nthanks"


def test_words_in_a_thread_tie_it_to_an_issue(world: World) -> None:
    ts = thread_with_words(world)
    assert ties(world) == [(f"{TEAM}/{GENERAL}/{ts}", "OPS-1")]
    assert own(world, ts) == ["OPS-1: Printer is on fire (To Do)"]
    card = world.slack.thread(GENERAL, ts)[-1]
    assert card["blocks"][-1]["elements"][0]["text"] == (
        f"<@{MEMBER}> linked this thread with <{world.jira.url}/browse/OPS-1|OPS-1>: replies become comments."
    )
    assert links(world) == [(permalink(ts), "Thread in Slack")]
    assert {row["status"] for row in world.rows("integrations")} == {"completed"}
    assert_live(world, ts)


def test_a_command_opens_the_issues_thread_in_the_channel(world: World) -> None:
    world.slack.command(MEMBER, GENERAL, "/jira", "link OPS-1")
    world.settle()
    (card,) = [message for message in world.slack.history(GENERAL) if message.get("bot_id")]
    assert ties(world) == [(f"{TEAM}/{GENERAL}/{card['ts']}", "OPS-1")]
    assert links(world) == [(permalink(card["ts"]), "Thread in Slack")]
    assert_live(world, card["ts"])


def test_a_mention_outside_a_thread_begins_one(world: World) -> None:
    ts = world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> link <{world.jira.url}/browse/OPS-1>")
    world.settle()
    assert ties(world) == [(f"{TEAM}/{GENERAL}/{ts}", "OPS-1")]
    assert own(world, ts) == ["OPS-1: Printer is on fire (To Do)"]


def test_the_shortcut_finds_the_issue_as_one_types(world: World) -> None:
    world.jira.create("OPS", "Task", "Printer paper", security="Staff")
    world.jira.create("OPS", "Task", "Printer ink")
    world.jira.create("OPS", "Task", "Printers in the attic")
    world.jira.hidden = {"Mia": {"OPS-3"}}
    ts = world.slack.say(ADMIN, GENERAL, "The printer smells")
    reply = world.slack.say(ADMIN, GENERAL, "badly", thread_ts=ts)
    world.settle()
    world.slack.message_shortcut(MEMBER, GENERAL, reply, "link_issue")
    view = open_view(world)
    offered = world.slack.options(MEMBER, view["id"], "linked_issue", "prin")
    assert sorted(option["value"] for option in offered) == ["OPS-1", "OPS-4"]
    (named,) = world.slack.options(MEMBER, view["id"], "linked_issue", "ops-1")
    assert named["text"]["text"] == "OPS-1 Printer is on fire"
    assert world.slack.options(MEMBER, view["id"], "linked_issue", "OPS-3") == []
    world.slack.submit(MEMBER, view["id"], chosen(named))
    assert "Linking this thread with OPS-1" in str(open_view(world)["blocks"])
    world.settle()
    assert "This thread belongs to" in str(open_view(world)["blocks"])
    assert (ties(world), links(world)) == ([(f"{TEAM}/{GENERAL}/{ts}", "OPS-1")], [(permalink(ts), "Thread in Slack")])
    assert_live(world, ts)


def open_view(world: World) -> dict[str, Any]:
    view = world.slack.current_view(MEMBER)
    assert view is not None
    return view


def chosen(option: dict[str, Any]) -> dict[str, Any]:
    return {"linked_issue": {"linked_issue": {"selected_option": option}}}


def test_a_refusal_comes_back_into_the_form_with_what_was_chosen(world: World) -> None:
    world.jira.denied_to = {"Mia": {"LINK_ISSUES"}}
    ts = world.slack.say(ADMIN, GENERAL, "The printer smells")
    world.slack.message_shortcut(MEMBER, GENERAL, ts, "link_issue")
    view = open_view(world)
    (option,) = world.slack.options(MEMBER, view["id"], "linked_issue", "OPS-1")
    world.slack.submit(MEMBER, view["id"], chosen(option))
    world.settle()
    shown = open_view(world)
    assert "Jira does not permit you to do this to OPS-1." in str(shown["blocks"][0])
    assert shown["blocks"][1]["element"]["initial_option"] == option
    assert (ties(world), links(world), own(world, ts)) == ([], [], [])


def test_a_form_that_was_closed_is_answered_by_a_message(world: World) -> None:
    world.jira.denied_to = {"Mia": {"LINK_ISSUES"}}
    ts = world.slack.say(ADMIN, GENERAL, "The printer smells")
    world.slack.message_shortcut(MEMBER, GENERAL, ts, "link_issue")
    view = open_view(world)
    (option,) = world.slack.options(MEMBER, view["id"], "linked_issue", "OPS-1")
    world.slack.submit(MEMBER, view["id"], chosen(option))
    world.slack.close_view(MEMBER, view["id"])
    world.settle()
    assert [message["text"] for message in world.slack.ephemeral(MEMBER)] == [
        "Jira does not permit you to do this to OPS-1."
    ]


def test_while_jira_is_away_the_menu_offers_a_key_as_it_is(world: World) -> None:
    ts = world.slack.say(ADMIN, GENERAL, "The printer smells")
    world.slack.message_shortcut(MEMBER, GENERAL, ts, "link_issue")
    view = open_view(world)
    world.jira.fault("*", status=503, times=99)
    assert [option["value"] for option in world.slack.options(MEMBER, view["id"], "linked_issue", "ops-7")] == ["OPS-7"]
    assert world.slack.options(MEMBER, view["id"], "linked_issue", "printer") == []


def test_a_thread_belongs_to_one_issue_and_an_issue_has_one_thread_in_a_channel(world: World) -> None:
    world.jira.create("OPS", "Bug", "Another")
    ts = thread_with_words(world)
    world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> link OPS-2", thread_ts=ts)
    world.settle()
    assert world.slack.ephemeral(MEMBER)[-1]["text"] == (
        "This thread is tied to OPS-1 already. `@connect unlink` here ends that."
    )
    world.slack.command(MEMBER, GENERAL, "/jira", "link OPS-1")
    world.settle()
    assert world.slack.ephemeral(MEMBER)[-1]["text"] == (
        f"OPS-1 has its thread in this channel already: {permalink(ts)}"
    )
    assert ties(world) == [(f"{TEAM}/{GENERAL}/{ts}", "OPS-1")]


@pytest.mark.parametrize("words", ["unlink", "unlink OPS-1"])
def test_unlink_ends_it_and_the_thread_is_only_a_thread_again(world: World, words: str) -> None:
    ts = thread_with_words(world)
    if words == "unlink":
        world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> {words}", thread_ts=ts)
    else:
        world.slack.command(MEMBER, GENERAL, "/jira", words)
    world.settle()
    assert (ties(world), links(world)) == ([], [])
    said = own(world, ts)
    assert said[1:] == [
        f"<@{MEMBER}> ended the link with OPS-1: replies here stay here, and nothing more of it is told."
    ]
    world.slack.say(ADMIN, GENERAL, "a private word", thread_ts=ts)
    world.jira.transition("OPS-1", "Done", "Grace Hopper")
    world.settle()
    assert (world.jira.issues["OPS-1"].comments, own(world, ts)) == ([], said)


def test_what_was_unlinked_can_be_linked_again(world: World) -> None:
    ts = thread_with_words(world)
    for words in ("unlink", "link OPS-1"):
        world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> {words}", thread_ts=ts)
        world.settle()
    assert (ties(world), links(world)) == ([(f"{TEAM}/{GENERAL}/{ts}", "OPS-1")], [(permalink(ts), "Thread in Slack")])


def test_after_unlink_the_channels_subscription_opens_a_card_of_its_own(world: World) -> None:
    ts = thread_with_words(world)
    world.slack.command(MEMBER, GENERAL, "/jira", "subscribe OPS all")
    world.slack.command(MEMBER, GENERAL, "/jira", "unlink OPS-1")
    world.settle()
    world.jira.transition("OPS-1", "Done", "Grace Hopper")
    world.settle()
    cards = [message["text"] for message in world.slack.history(GENERAL) if message.get("bot_id")]
    assert cards == ["OPS-1: Printer is on fire (Done)"]
    assert len(own(world, ts)) == 2


def test_who_may_not_link_in_jira_may_not_here(world: World) -> None:
    world.jira.denied_to = {"Mia": {"LINK_ISSUES"}}
    ts = thread_with_words(world)
    assert world.slack.ephemeral(MEMBER)[-1]["text"] == "Jira does not permit you to do this to OPS-1."
    world.jira.denied_to = {}
    world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> link OPS-1", thread_ts=ts)
    world.settle()
    world.jira.denied_to = {"Mia": {"LINK_ISSUES"}}
    world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> unlink", thread_ts=ts)
    world.settle()
    assert world.slack.ephemeral(MEMBER)[-1]["text"] == "Jira does not permit you to do this to OPS-1."
    assert len(ties(world)) == len(links(world)) == 1
    world.slack.say(GUEST, GENERAL, f"<@{BOT_USER}> unlink", thread_ts=ts)
    world.settle()
    assert "Guests" in world.slack.ephemeral(GUEST)[-1]["text"]


def test_an_issue_that_is_gone_can_still_be_unlinked(world: World) -> None:
    ts = thread_with_words(world)
    world.jira.delete("OPS-1", "Grace Hopper")
    world.settle()
    world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> unlink", thread_ts=ts)
    world.settle()
    assert ties(world) == []


def test_a_restricted_issue_is_not_brought_into_a_thread(world: World) -> None:
    world.jira.edit("OPS-1", "Ada Lovelace", security="Staff")
    thread_with_words(world)
    assert world.slack.ephemeral(MEMBER)[-1]["text"].startswith("OPS-1 is restricted in Jira")
    assert ties(world) == []


def test_where_the_card_cannot_be_posted_nothing_is_linked_and_the_person_is_told(world: World) -> None:
    world.slack.command(MEMBER, OUTSIDE, "/jira", "link OPS-1")
    world.settle()
    told = world.slack.ephemeral(MEMBER)[-1]["text"]
    assert "was not linked: I could not post its card there." in told
    assert "type `/invite @connect` there" in told
    assert (ties(world), links(world)) == ([], [])


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("link", "Name the issue: `/jira link OPS-1`"),
        ("link printer", "Name the issue: `/jira link OPS-1`"),
        ("unlink", "Name it: `/jira unlink OPS-1`"),
        ("unlink OPS-1", "OPS-1 has no thread in this channel."),
    ],
)
def test_what_names_no_issue_is_answered_at_once(world: World, text: str, answer: str) -> None:
    assert world.slack.command(MEMBER, GENERAL, "/jira", text).body["text"] == answer


def test_an_issue_that_jira_does_not_have_is_answered_privately(world: World) -> None:
    world.slack.command(MEMBER, GENERAL, "/jira", "link OPS-99")
    world.settle()
    assert "Issue does not exist" in world.slack.ephemeral(MEMBER)[-1]["text"]
