"""Bare keys: a message that names an issue gets its preview as a reply, where the channel wants it; on both Jiras."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.slack import BOT_USER, GENERAL, GUEST, MEMBER, PARTNERS
from tests.journeys.test_previews import HALF_AN_HOUR, link, prepared, share, shown
from tests.world import World


@pytest.fixture(params=[True, False], ids=["cloud", "data center"])
def world(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[World]:
    world = prepared(World(sqlite_url, cloud=request.param))
    world.settle()
    world.slack.command(MEMBER, GENERAL, "/jira", "subscribe OPS created")
    yield world
    world.close()


def say(world: World, text: str, user: str = MEMBER, thread: str = "", channel: str = GENERAL) -> str:
    ts = world.slack.say(user, channel, text, thread)
    world.settle()
    return ts


def replies(world: World, ts: str, channel: str = GENERAL) -> list[dict[str, Any]]:
    """What connect said in a thread."""
    return [message for message in world.slack.thread(channel, ts) if message.get("bot_id")]


def texts(world: World, ts: str, channel: str = GENERAL) -> list[str]:
    return [message["text"] for message in replies(world, ts, channel)]


def test_a_message_that_names_an_issue_gets_its_preview_in_its_thread(world: World) -> None:
    [reply] = replies(world, say(world, "Somebody look at OPS-1, please"))
    assert reply["text"] == "OPS-1: Door &lt;stuck&gt; &amp; *jammed*"
    assert [block["text"]["text"] for block in reply["blocks"] if block["type"] == "section"] == [
        f"*<{link(world, 'OPS-1')}|OPS-1: Door &lt;stuck&gt; &amp; ∗jammed∗>*\n⚪ *To Do*  ·  Bug"
    ]
    assert {row["status"] for row in world.rows("integrations")} == {"completed"}


def test_a_reply_gets_it_in_the_same_thread_unless_that_is_the_issues_own(world: World) -> None:
    ts = say(world, f"<@{BOT_USER}> create task in OPS: the second one")
    before = len(replies(world, ts))
    say(world, "OPS-2 is what this is about", thread=ts)
    assert len(replies(world, ts)) == before
    say(world, "it is like OPS-1", thread=ts)
    assert texts(world, ts)[before:] == ["OPS-1: Door &lt;stuck&gt; &amp; *jammed*"]


def test_what_was_previewed_just_now_is_not_again_as_a_link_or_as_a_key(world: World) -> None:
    first, second = say(world, "OPS-1"), say(world, "OPS-1 again")
    assert (len(replies(world, first)), replies(world, second), shown(world, share(world))) == (1, [], [])
    world.advance(HALF_AN_HOUR)
    assert (len(shown(world, share(world))), replies(world, say(world, "OPS-1"))) == (1, [])


def test_a_message_with_the_link_and_the_key_gets_one_preview(world: World) -> None:
    ts = say(world, f"OPS-1 is here: <{link(world, 'OPS-1')}>")
    assert (len(shown(world, ts)), replies(world, ts)) == (1, [])


def test_three_keys_are_a_list_and_two_come_in_one_message(world: World) -> None:
    for summary in ("Two", "Three"):
        world.jira.create("OPS", "Task", summary)
    world.settle()
    before = len(world.slack.history(GENERAL))
    assert replies(world, say(world, "OPS-1 OPS-2 OPS-3")) == []
    assert replies(world, say(world, f"OPS-2, OPS-3 and <{link(world, 'OPS-1')}>")) == []
    assert texts(world, say(world, "OPS-2 and OPS-3")) == ["OPS-2: Two\nOPS-3: Three"]
    assert len(world.slack.history(GENERAL)) == before + 3


def test_of_other_projects_only_where_the_channel_has_turned_previews_on(world: World) -> None:
    key = world.jira.create("WEB", "Task", "Elsewhere")
    direct = world.slack.direct(MEMBER).id
    for channel in (GENERAL, direct):
        assert replies(world, say(world, key, channel=channel), channel) == []
    world.slack.command(MEMBER, direct, "/jira", "previews on")
    assert texts(world, say(world, "and OPS-1", channel=direct), direct) == [
        "OPS-1: Door &lt;stuck&gt; &amp; *jammed*"
    ]  # the default project
    assert replies(world, say(world, f"{key} and UTF-8", channel=direct), direct) == []
    world.slack.command(MEMBER, GENERAL, "/jira", "subscribe WEB created")
    assert texts(world, say(world, f"{key} and UTF-8", channel=direct), direct) == [f"{key}: Elsewhere"]


@pytest.mark.parametrize("choice", ["previews links", "previews off", "previews me off"])
def test_not_where_the_channel_or_the_person_has_turned_it_off(world: World, choice: str) -> None:
    world.slack.command(MEMBER, GENERAL, "/jira", choice)
    assert replies(world, say(world, "OPS-1")) == []


def test_what_is_code_a_link_or_part_of_a_word_names_no_issue(world: World) -> None:
    told = (
        "`OPS-1` ```log of OPS-1``` <https://example.com/OPS-1|OPS-1> ops-1 X-OPS-1 OPS-1x OPS-1-2 /OPS-1 OPS-1.txt "
        "<#C0DEV00001|OPS-1> a@OPS-1"
    )
    assert replies(world, say(world, told)) == []
    assert len(replies(world, say(world, "(OPS-1)."))) == 1


def test_bots_guests_edits_and_words_for_connect_get_none(world: World) -> None:
    ts = say(world, "nothing yet")
    world.slack.edit(GENERAL, ts, "OPS-1")
    world.settle()
    assert replies(world, ts) == []
    assert replies(world, say(world, "OPS-1", GUEST)) == []
    world.ask("jira", "slack", "post_message", {"channel": GENERAL, "text": "OPS-1"})
    say(world, f"<@{BOT_USER}> create task in OPS: like OPS-1")
    assert [call for call in world.slack.calls_to("chat.postMessage") if "Door" in str(call.body)] == []


def test_in_a_channel_shared_with_another_organization_only_if_it_asks_for_it(world: World) -> None:
    world.slack.command(MEMBER, PARTNERS, "/jira", "subscribe OPS created")
    assert replies(world, say(world, "OPS-1", channel=PARTNERS), PARTNERS) == []
    world.slack.command(MEMBER, PARTNERS, "/jira", "previews on")
    assert len(replies(world, say(world, "OPS-1", channel=PARTNERS), PARTNERS)) == 1


def test_what_jira_does_not_have_is_no_issue(world: World) -> None:
    assert replies(world, say(world, "OPS-4711")) == []
    assert {row["status"] for row in world.rows("integrations")} == {"completed"}


def test_an_answer_that_was_lost_is_looked_up_and_the_preview_posted_once(world: World) -> None:
    world.slack.fault("chat.postMessage", kind="reset", after=True)
    ts = say(world, "OPS-1")
    world.advance(world.settings.connect_settle_seconds + 1)
    assert len(replies(world, ts)) == 1
