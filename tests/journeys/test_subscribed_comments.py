"""Comments in channels that subscribed: the reply follows its comment, whatever the subscription's manner is."""

from datetime import timedelta
from typing import Any

from sandbox.slack import DEV, GENERAL, MEMBER
from tests.journeys.test_jira_to_slack import bot_messages, replies, subscribe
from tests.journeys.test_subscription_manners import at, texts
from tests.journeys.threads import all_done, ticket, world
from tests.world import World

__all__ = ["world"]

GRACE = "Grace Hopper"
MILLISECOND = timedelta(milliseconds=1)
NIGHT: dict[str, Any] = {"quiet_hours": {"from": "20:00", "to": "07:00", "timezone": "UTC"}}


def carded(world: World, **wanted: Any) -> tuple[str, str]:
    """An issue with its card in a channel that subscribed so: its key, and the card's ts."""
    subscribe(world, DEV, **wanted)
    key = world.jira.create("OPS", "Bug", "Door stuck")
    world.settle()
    return key, bot_messages(world, DEV)[0]["ts"]


def test_a_reply_follows_its_comment_where_only_new_comments_are_asked_for(world: World) -> None:
    key, ts = carded(world, events=["created", "comment_created"])
    comment = world.jira.comment(key, GRACE, "first")
    world.settle()
    world.jira.edit_comment(key, comment, "second")
    world.settle()
    assert replies(world, DEV, ts) == [f"*{GRACE}* commented (edited):\nsecond"]
    world.jira.delete_comment(key, comment)
    world.settle()
    assert replies(world, DEV, ts) == []
    all_done(world)


def test_an_edit_is_told_where_only_edits_are_asked_for_and_once(world: World) -> None:
    key, ts = carded(world, events=["created", "comment_edited"])
    comment = world.jira.comment(key, GRACE, "first")
    world.settle()
    assert replies(world, DEV, ts) == []
    for words in ("second", "third"):
        world.jira.edit_comment(key, comment, words)
        world.settle()
    assert replies(world, DEV, ts) == [f"*{GRACE}* commented (edited):\nthird"]


def test_that_a_comment_was_deleted_is_said_where_that_is_asked_for(world: World) -> None:
    key, ts = carded(world, events=["created", "commented", "comment_deleted"])
    comment = world.jira.comment(key, GRACE, "never mind")
    world.settle()
    world.jira.delete_comment(key, comment, GRACE)
    world.settle()
    (line,) = replies(world, DEV, ts)
    assert line in (f"*{GRACE}* deleted a comment", f"A comment by *{GRACE}* was deleted")


def test_a_comment_that_went_with_its_reply_is_no_news(world: World) -> None:
    subscribe(world, GENERAL, events=["comment_deleted"])
    key, ts = ticket(world)
    reply = world.slack.say(MEMBER, GENERAL, "never mind", thread_ts=ts)
    world.settle()
    before = replies(world, GENERAL, ts)
    world.slack.delete(GENERAL, reply)
    world.settle()
    assert (len(before), world.jira.issues[key].comments) == (2, [])
    assert [text for text in replies(world, GENERAL, ts) if "delete" in text] == []


def test_in_the_channel_an_edited_comment_still_names_its_issue(world: World) -> None:
    key, _ = carded(world, thread="channel")
    comment = world.jira.comment(key, GRACE, "first")
    world.settle()
    world.jira.edit_comment(key, comment, "second")
    world.settle()
    link = f"<{world.jira.url}/browse/{key}|{key}: Door stuck>"
    assert texts(world)[1:] == [f"{link}\n*{GRACE}* commented (edited):\nsecond"]


def test_what_a_thread_begins_with_follows_its_comment_and_stays_without_its_words(world: World) -> None:
    key = world.jira.create("OPS", "Bug", "Door stuck")
    world.settle()
    subscribe(world, DEV, style="line")
    comment = world.jira.comment(key, GRACE, "first")
    world.settle()
    world.jira.edit_comment(key, comment, "second")
    world.settle()
    link = f"<{world.jira.url}/browse/{key}|{key}: Door stuck>"
    assert texts(world) == [f"{link}  ·  *{GRACE}* commented (edited): second"]
    world.jira.delete_comment(key, comment)
    world.settle()
    assert texts(world) == [link]
    world.jira.comment(key, GRACE, "third")
    world.settle()
    assert replies(world, DEV, bot_messages(world, DEV)[0]["ts"]) == [f"*{GRACE}* commented: third"]


def test_comments_of_the_night_are_a_reply_each_in_their_last_state(world: World) -> None:
    at(world, 12)
    key, ts = carded(world, **NIGHT)
    at(world, 22)
    kept, edited, gone, hidden = (world.jira.comment(key, GRACE, word) for word in ("kept", "edit me", "gone", "hide"))
    world.settle()
    world.jira.edit_comment(key, edited, "edited")
    world.jira.delete_comment(key, gone)
    _restrict(world, key, hidden)
    world.settle()
    assert (replies(world, DEV, ts), len({kept, edited, gone, hidden})) == ([], 4)
    before = len(world.slack.calls_to("chat.postMessage"))
    at(world, 7, 1)
    assert replies(world, DEV, ts) == [f"*{GRACE}* commented:\nkept", f"*{GRACE}* commented (edited):\nedited"]
    assert len(world.slack.calls_to("chat.postMessage")) == before + 2
    all_done(world)


def test_a_comment_that_jira_is_asked_about_is_told_in_its_last_state(world: World) -> None:
    key = world.jira.create("OPS", "Bug", "Door stuck")
    world.settle()
    subscribe(world, DEV, filters={"jql": "issuetype = Bug"})
    for word in ("first", "second"):
        comment = world.jira.comment(key, GRACE, f"{word} draft")
        world.clock.offset += MILLISECOND
        world.jira.edit_comment(key, comment, word)
    doomed = world.jira.comment(key, GRACE, "never mind")
    world.jira.delete_comment(key, doomed)
    world.settle()
    world.advance(5)
    told = replies(world, DEV, bot_messages(world, DEV)[0]["ts"])
    assert told == [f"*{GRACE}* commented (edited):\n{word}" for word in ("first", "second")]
    all_done(world)


def test_comments_for_some_alone_are_told_and_followed_where_the_subscription_says_so(world: World) -> None:
    key, ts = carded(world, filters={"comments": "all"})
    comment = world.jira.comment(key, GRACE, "for admins", restricted=True)
    world.settle()
    world.jira.edit_comment(key, comment, "for admins alone")
    world.settle()
    assert replies(world, DEV, ts) == [f"*{GRACE}* commented (edited):\nfor admins alone"]


def _restrict(world: World, key: str, comment: str) -> None:
    _, found = world.jira.find_comment(comment, key)
    found.visibility = {"type": "role", "value": "Administrators"}
    world.jira.edit_comment(key, comment, found.text)
