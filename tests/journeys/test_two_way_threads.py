"""A thread and its issue: replies and comments follow each other's edits and deletions, whatever their order."""

from datetime import timedelta

from bot.operations.outsiders import KEPT
from sandbox.slack import ADMIN, DEV, GENERAL, GUEST, MEMBER, PARTNERS, STRANGER
from tests.browser import LINKING, link
from tests.journeys.test_jira_to_slack import bot_messages, replies, subscribe
from tests.journeys.threads import all_done, comments, said, ticket, told, world
from tests.world import World

__all__ = ["world"]

# --- from Slack to Jira ----------------------------------------------------------------------------------------------

GONE = "*Mia Member*’s reply here is no comment in Jira any more: it was deleted there."


def test_an_edited_reply_is_edited_in_jira_and_a_deleted_one_deleted(world: World) -> None:
    key, ts = ticket(world)
    reply = world.slack.say(ADMIN, GENERAL, "I unpluged it", thread_ts=ts)
    world.settle()
    world.slack.edit(GENERAL, reply, "I unplugged it")
    world.settle()
    assert comments(world, key) == ["Ada Admin (in Slack):\n\nI unplugged it"]
    world.slack.delete(GENERAL, reply)
    world.settle()
    assert comments(world, key) == []
    assert said(world, ts) == []
    all_done(world)


def test_an_edit_of_a_reply_that_is_not_in_jira_yet_waits_for_it(world: World) -> None:
    key, ts = ticket(world)
    world.jira.fault("addComment", status=429, headers={"Retry-After": "20"})
    reply = world.slack.say(MEMBER, GENERAL, "first", thread_ts=ts)
    world.settle()
    world.slack.edit(GENERAL, reply, "second")
    world.settle()
    assert comments(world, key) == []
    world.advance(21)
    assert comments(world, key) == ["Mia Member (in Slack):\n\nsecond"]
    all_done(world)


def test_nothing_of_guests_and_people_of_other_workspaces_is_copied_to_jira(world: World) -> None:
    (key, ts), (other, there) = ticket(world), ticket(world, PARTNERS, "the door too")
    reply = world.slack.say(GUEST, GENERAL, "It is not", thread_ts=ts, files={"a.txt": b"a"})
    world.slack.say(STRANGER, PARTNERS, "// no", thread_ts=there)
    foreign = world.slack.say(STRANGER, PARTNERS, "It is not", thread_ts=there)
    world.settle()
    world.slack.edit(GENERAL, reply, "It is")
    world.slack.edit(PARTNERS, foreign, "It is")
    world.slack.say(MEMBER, PARTNERS, "It is", thread_ts=there)
    world.settle()
    assert (comments(world, key), comments(world, other)) == ([], ["Mia Member (in Slack):\n\nIt is"])
    assert world.jira.issues[key].attachments == []
    assert (told(world, GUEST), told(world, STRANGER)) == ([KEPT], [KEPT])
    all_done(world)


def test_a_preview_beneath_a_reply_is_no_edit(world: World) -> None:
    _, ts = ticket(world)
    reply = world.slack.say(MEMBER, GENERAL, "see https://example.com", thread_ts=ts)
    world.settle()
    place, message = world.slack.located(reply)
    world.slack.change(place, message, {"attachments": [{"title": "Example"}]}, MEMBER)
    world.settle()
    assert world.jira.calls_to("updateComment") == []


def test_replies_from_before_the_link_stay_untouched_in_slack(world: World) -> None:
    ts = world.slack.say(MEMBER, GENERAL, "the printer is on fire")
    early = world.slack.say(ADMIN, GENERAL, "is it?", thread_ts=ts)
    world.settle()
    world.ask("slack", "jira", "create_ticket", {"message": "fire", "channel": GENERAL, "thread_ts": ts})
    world.settle()
    (key,) = world.jira.issues
    world.slack.edit(GENERAL, early, "is it really?")
    world.slack.delete(GENERAL, early)
    world.settle()
    assert comments(world, key) == []
    assert world.jira.calls_to("deleteComment") == []
    all_done(world)


def test_an_edit_that_is_lost_on_the_way_is_made_again_and_comes_back_as_no_news(world: World) -> None:
    key, ts = ticket(world)
    reply = world.slack.say(MEMBER, GENERAL, "first", thread_ts=ts)
    world.settle()
    world.jira.fault("updateComment", kind="reset", after=True)
    world.slack.edit(GENERAL, reply, "second")
    world.settle()
    world.advance(40)
    world.advance(2)
    assert comments(world, key) == ["Mia Member (in Slack):\n\nsecond"]
    assert said(world, ts) == []
    all_done(world)


def test_a_refused_edit_or_deletion_is_told_to_the_replys_author_alone(world: World) -> None:
    _, ts = ticket(world)
    reply = world.slack.say(MEMBER, GENERAL, "first", thread_ts=ts)
    world.settle()
    for call in ("updateComment", "deleteComment"):
        world.jira.fault(call, status=403, body='{"errorMessages": ["No."]}')
    world.slack.edit(GENERAL, reply, "second")
    world.slack.delete(GENERAL, reply)
    world.settle()
    assert told(world) == [
        "Your edit did not reach OPS-1: the comment there still says what it said before. "
        "Jira does not permit this: No.",
        "The comment in OPS-1 that was made of your reply could not be deleted. Jira does not permit this: No.",
    ]


def test_a_reply_with_the_private_mark_stays_in_slack(world: World) -> None:
    key, ts = ticket(world)
    private = world.slack.say(MEMBER, GENERAL, "// is this theirs or ours?", thread_ts=ts)
    public = world.slack.say(MEMBER, GENERAL, "we look into it", thread_ts=ts)
    world.settle()
    assert comments(world, key) == ["Mia Member (in Slack):\n\nwe look into it"]
    world.slack.edit(GENERAL, public, "// we look into it, somehow")
    world.slack.edit(GENERAL, private, "// is this ours?")
    world.settle()
    assert comments(world, key) == []
    world.slack.edit(GENERAL, private, "It is ours.")
    world.slack.edit(GENERAL, public, "We look into it")
    world.settle()
    world.slack.edit(GENERAL, public, "We look into it now")
    world.settle()
    assert comments(world, key) == [
        "Mia Member (in Slack):\n\nIt is ours.", "Mia Member (in Slack):\n\nWe look into it now",
    ]  # fmt: skip
    all_done(world)


# --- from Jira to Slack ----------------------------------------------------------------------------------------------


def test_an_edited_comment_changes_its_reply_and_a_deleted_one_takes_it_away(world: World) -> None:
    key, ts = ticket(world)
    number = world.jira.comment(key, "Grace Hopper", "Found a moth")
    world.settle()
    world.jira.edit_comment(key, number, "Found *two* moths")
    world.settle()
    assert said(world, ts) == ["*Grace Hopper* commented (edited):\nFound *two* moths"]
    world.jira.delete_comment(key, number)
    world.settle()
    assert said(world, ts) == []
    all_done(world)


def test_an_edit_by_somebody_else_says_so(world: World) -> None:
    key, ts = ticket(world)
    number = world.jira.comment(key, "Grace Hopper", "Found a moth")
    world.settle()
    world.jira.edit_comment(key, number, "Found a bug", "Ada Lovelace")
    world.settle()
    assert said(world, ts) == ["*Grace Hopper* commented (edited by *Ada Lovelace*):\nFound a bug"]


def test_an_edit_of_a_comment_that_is_not_in_slack_yet_waits_for_it(world: World) -> None:
    key, ts = ticket(world)
    world.slack.fault("chat.postMessage", status=429, headers={"Retry-After": "20"})
    number = world.jira.comment(key, "Grace Hopper", "first")
    world.settle()
    world.jira.edit_comment(key, number, "second")
    world.settle()
    assert said(world, ts) == []
    world.advance(21)
    assert said(world, ts) == ["*Grace Hopper* commented (edited):\nsecond"]
    all_done(world)


def test_a_comment_from_slack_that_is_edited_in_jira_is_told_and_follows_from_then_on(world: World) -> None:
    key, ts = ticket(world)
    world.slack.say(MEMBER, GENERAL, "at noon", thread_ts=ts)
    world.settle()
    number = world.jira.issues[key].comments[0].id
    world.advance(2)
    world.jira.edit_comment(key, number, "at one", "Ada Lovelace")
    world.settle()
    world.jira.edit_comment(key, number, "at two", "Ada Lovelace")
    world.settle()
    assert said(world, ts) == ["*Mia Member* commented (edited by *Ada Lovelace*):\nat two"]
    world.jira.delete_comment(key, number, "Ada Lovelace")
    world.settle()
    assert said(world, ts) == [GONE]


def test_whoever_edits_a_reply_whose_comment_was_deleted_in_jira_learns_that_it_stays_in_slack(world: World) -> None:
    key, ts = ticket(world)
    reply = world.slack.say(MEMBER, GENERAL, "at noon", thread_ts=ts)
    world.settle()
    world.jira.delete_comment(key, world.jira.issues[key].comments[0].id, "Ada Lovelace")
    world.settle()
    for words in ("at one", "at two"):
        world.slack.edit(GENERAL, reply, words)
        world.settle()
    assert (said(world, ts), world.jira.issues[key].comments) == ([GONE], [])
    assert [message["text"] for message in world.slack.ephemeral(MEMBER)] == [
        "Your edit stays in Slack: the comment in Jira that your reply had become, in OPS-1, was deleted there. Write "
        "a new reply to say it again."
    ]


def test_a_comment_becomes_restricted_and_leaves_the_thread(world: World) -> None:
    key, ts = ticket(world)
    number = world.jira.comment(key, "Grace Hopper", "the password is moth")
    hidden = world.jira.comment(key, "Grace Hopper", "for admins", restricted=True)
    world.settle()
    _, comment = world.jira.find_comment(number, key)
    comment.visibility = {"type": "role", "value": "Administrators"}
    world.jira.edit_comment(key, number, "the password is bug")
    world.jira.edit_comment(key, hidden, "for admins only")
    world.settle()
    assert said(world, ts) == []
    all_done(world)


def test_a_reply_that_somebody_deleted_in_slack_is_let_go(world: World) -> None:
    key, ts = ticket(world)
    number = world.jira.comment(key, "Grace Hopper", "Found a moth")
    world.settle()
    world.slack.delete(GENERAL, world.slack.thread(GENERAL, ts)[-1]["ts"])
    world.settle()
    world.jira.edit_comment(key, number, "Found two")
    world.jira.edit_comment(key, number, "Found three")
    world.jira.delete_comment(key, number)
    world.settle()
    assert said(world, ts) == []
    assert comments(world, key) == []
    all_done(world)


def test_a_subscribed_channel_that_hears_of_an_old_issue_by_its_comment_follows_the_comment(world: World) -> None:
    key = world.jira.create("OPS", "Task", "Older than the subscription")
    world.settle()
    subscribe(world, DEV)
    number = world.jira.comment(key, "Grace Hopper", "still there?")
    world.clock.offset += timedelta(seconds=1)
    world.jira.edit_comment(key, number, "still there, anybody?")
    world.settle()
    world.advance(2)
    (card,) = bot_messages(world, DEV)
    assert replies(world, DEV, card["ts"]) == ["*Grace Hopper* commented (edited):\nstill there, anybody?"]
    world.jira.delete_comment(key, number)
    world.settle()
    assert replies(world, DEV, card["ts"]) == []
    all_done(world)


def test_a_reply_in_one_channel_is_heard_in_the_issues_other_thread_and_followed(world: World) -> None:
    subscribe(world, DEV)
    key, ts = ticket(world)
    (card,) = bot_messages(world, DEV)
    reply = world.slack.say(MEMBER, GENERAL, "at noon", thread_ts=ts)
    world.settle()
    assert len(replies(world, DEV, card["ts"])) == 1
    assert "at noon" in replies(world, DEV, card["ts"])[0]
    world.advance(2)
    world.slack.edit(GENERAL, reply, "at one")
    world.settle()
    assert ["at one" in text for text in replies(world, DEV, card["ts"])] == [True]
    world.slack.delete(GENERAL, reply)
    world.settle()
    assert replies(world, DEV, card["ts"]) == []
    assert said(world, ts) == []
    assert comments(world, key) == []


def test_who_has_linked_their_account_edits_and_deletes_their_comment_by_it(sqlite_url: str) -> None:
    world = World(sqlite_url, cloud=True, **LINKING)
    key, ts = ticket(world)
    before = world.slack.say(MEMBER, GENERAL, "as connect", thread_ts=ts)
    world.settle()
    link(world, "Ada Lovelace")
    reply = world.slack.say(MEMBER, GENERAL, "as myself", thread_ts=ts)
    world.settle()
    world.slack.edit(GENERAL, reply, "as myself, again")
    world.slack.edit(GENERAL, before, "as connect, again")
    world.settle()
    found = world.jira.issues[key].comments
    assert [(each.text, each.author.display, each.update_author.display) for each in found] == [
        ("Mia Member (in Slack):\n\nas connect, again", "connect", "connect"),
        ("as myself, again", "Ada Lovelace", "Ada Lovelace"),
    ]
    assert said(world, ts) == []
    world.slack.delete(GENERAL, reply)
    world.settle()
    assert comments(world, key) == ["Mia Member (in Slack):\n\nas connect, again"]
    all_done(world)
    world.close()
