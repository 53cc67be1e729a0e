"""Files that leave: what is removed in Jira leaves the threads, and what a reply had brought goes with the reply."""

import pytest

from sandbox.slack import ADMIN, DEV, GENERAL, MEMBER
from tests.journeys.test_jira_to_slack import subscribe
from tests.journeys.test_shown_files import ADA, attach, card, shown
from tests.journeys.threads import all_done, comments, said, ticket, told, world
from tests.world import World

__all__ = ["world"]
LOG = {"log.txt": b"it burns"}


def names(world: World, key: str) -> list[str]:
    return [each.name for each in world.jira.issues[key].attachments]


def removed(world: World, ident: str) -> None:
    """Somebody removes a file in Jira."""
    world.jira.detach(ident, ADA)
    world.settle()


def file_of(world: World, ts: str) -> str:
    """The id of the file of a message."""
    (file,) = world.slack.thread(GENERAL, ts)[0]["files"]
    return file["id"]


def reply(world: World, ts: str, text: str = "see", user: str = MEMBER) -> str:
    said_at = world.slack.say(user, GENERAL, text, thread_ts=ts, files=LOG)
    world.settle()
    return said_at


# --- removed in Jira -------------------------------------------------------------------------------------------------


def test_what_is_removed_in_jira_leaves_the_thread_and_no_other_file_does(world: World) -> None:
    key, ts = ticket(world)
    kept, gone = attach(world, key, "kept.txt", b"kept"), attach(world, key, "gone.txt", b"gone")
    removed(world, gone)
    assert shown(world, ts) == [("kept.txt", b"kept")]
    assert said(world, ts)[-1] == f"*{ADA}* removed the attachment gone.txt from Jira"
    world.jira.redeliver()
    world.slack.redeliver()
    world.settle()
    assert (len(world.slack.calls_to("files.delete")), names(world, key), kept) == (1, ["kept.txt"], kept)
    all_done(world)


def test_it_leaves_every_channel_that_shows_it(world: World) -> None:
    for channel in (DEV, GENERAL):
        subscribe(world, channel, events=["created", "attachments"])
    key = world.jira.create("OPS", "Task", "Printer")
    world.settle()
    ident = attach(world, key)
    removed(world, ident)
    assert [shown(world, card(world, channel), channel) for channel in (DEV, GENERAL)] == [[], []]
    assert len(world.slack.calls_to("files.delete")) == 2
    all_done(world)


def test_a_file_that_a_person_shared_stays_and_the_thread_says_that_jira_has_it_no_more(world: World) -> None:
    key, ts = ticket(world)
    reply(world, ts)
    removed(world, world.jira.issues[key].attachments[0].id)
    assert shown(world, ts) == [("log.txt", b"it burns")]
    assert said(world, ts) == [f"*{ADA}* removed the attachment log.txt from Jira"]
    assert world.slack.calls_to("files.delete") == []
    all_done(world)


def test_what_was_removed_in_jira_is_attached_anew_when_it_is_shared_anew(world: World) -> None:
    key, ts = ticket(world)
    first = reply(world, ts)
    removed(world, world.jira.issues[key].attachments[0].id)
    world.slack.share(MEMBER, GENERAL, file_of(world, first), thread_ts=ts)
    world.settle()
    assert names(world, key) == ["log.txt"]


@pytest.mark.parametrize("before", ["sync {key} off", "sync {key} to-jira"])
def test_it_leaves_also_a_thread_that_is_told_nothing_of_jira(world: World, before: str) -> None:
    key, ts = ticket(world)
    ident = attach(world, key)
    world.slack.command(MEMBER, GENERAL, "/jira", before.format(key=key))
    heard = said(world, ts)
    removed(world, ident)
    assert (shown(world, ts), said(world, ts)) == ([], heard)


def test_it_leaves_also_the_thread_of_an_issue_that_is_restricted_by_now(world: World) -> None:
    key, ts = ticket(world)
    ident = attach(world, key)
    world.jira.edit(key, ADA, security="Staff")
    world.settle()
    removed(world, ident)
    assert shown(world, ts) == []
    assert said(world, ts)[-1] == f"{key} is restricted in Jira now, so nothing more of it is told here."


def test_a_file_that_is_removed_while_it_is_on_its_way_is_taken_away_behind_that(world: World) -> None:
    key, ts = ticket(world)
    world.slack.fault("files.completeUploadExternal", status=429, headers={"Retry-After": "20"})
    ident = attach(world, key)
    removed(world, ident)
    for _ in range(4):
        world.advance(world.settings.connect_settle_seconds + 1)
    assert shown(world, ts) == []
    all_done(world)


def test_a_lost_answer_is_no_harm_nor_is_a_file_that_a_person_took_away_before(world: World) -> None:
    key, ts = ticket(world)
    first, second = attach(world, key, "one.txt", b"1"), attach(world, key, "two.txt", b"2")
    world.slack.fault("files.delete", kind="reset", after=True)
    removed(world, first)
    world.advance(world.settings.connect_settle_seconds + 1)
    (file,) = [file["id"] for message in world.slack.thread(GENERAL, ts) for file in message.get("files", [])]
    world.slack.delete_file(file)
    world.settle()
    removed(world, second)
    assert (shown(world, ts), names(world, key)) == ([], [])
    all_done(world)


def test_where_slack_lets_no_file_be_deleted_the_thread_is_told_what_to_do(world: World) -> None:
    key, ts = ticket(world)
    ident = attach(world, key, "log<!channel>.txt", b"it burns")
    world.slack.fault("files.delete", status=200, body={"ok": False, "error": "file_deleting_disabled"})
    removed(world, ident)
    assert said(world, ts)[-1] == (
        f"“log&lt;!channel&gt;.txt” was removed from {key} in Jira, but it is still here. Slack says the workspace's "
        "settings do not let files be deleted. An owner or admin of the workspace can delete "
        "it."
    )


# --- a deleted reply -------------------------------------------------------------------------------------------------


def test_with_a_reply_go_its_comment_and_its_files_and_nothing_is_told_of_it(world: World) -> None:
    key, ts = ticket(world)
    world.jira.attach(key, ADA, "jiras.txt", b"own")
    gone, kept = reply(world, ts, "gone"), reply(world, ts, "kept", ADMIN)
    before = said(world, ts)
    world.slack.delete(GENERAL, gone)
    world.settle()
    assert names(world, key) == ["jiras.txt", "log.txt"]
    assert comments(world, key) == ["Ada Admin (in Slack):\n\nkept\n\n📎 log.txt"]
    assert said(world, ts) == before
    world.slack.redeliver()
    world.jira.redeliver()
    world.slack.delete(GENERAL, kept)
    world.settle()
    assert (names(world, key), comments(world, key), said(world, ts)) == (["jiras.txt"], [], before)
    assert len(world.jira.calls_to("removeAttachment")) == 2
    all_done(world)


def test_a_reply_without_files_asks_for_no_more_than_its_comments_deletion(world: World) -> None:
    _, ts = ticket(world)
    gone = world.slack.say(MEMBER, GENERAL, "never mind", thread_ts=ts)
    world.settle()
    world.slack.delete(GENERAL, gone)
    world.settle()
    assert [row for row in world.rows("integrations") if row["operation"] == "delete_attachments"] == []


def test_a_file_that_two_replies_share_goes_with_the_second(world: World) -> None:
    key, ts = ticket(world)
    first = reply(world, ts)
    second = world.slack.share(ADMIN, GENERAL, file_of(world, first), thread_ts=ts)
    world.settle()
    assert names(world, key) == ["log.txt"]
    world.slack.delete(GENERAL, first)
    world.settle()
    assert names(world, key) == ["log.txt"]
    world.slack.delete(GENERAL, second)
    world.settle()
    assert (names(world, key), comments(world, key)) == ([], [])
    all_done(world)


def test_a_file_that_the_issue_was_created_with_stays_though_it_was_shared_in_a_reply_too(world: World) -> None:
    asked = world.slack.say(MEMBER, GENERAL, "<@U0DEVBOT01> create: the printer is on fire", files=LOG)
    world.settle()
    (key,) = world.jira.issues
    again = world.slack.share(MEMBER, GENERAL, file_of(world, asked), thread_ts=asked)
    world.settle()
    assert names(world, key) == ["log.txt"]
    world.slack.delete(GENERAL, again)
    world.settle()
    assert names(world, key) == ["log.txt"]
    all_done(world)


def test_what_connect_itself_shows_is_not_attached_when_people_share_it_nor_deleted_in_jira(world: World) -> None:
    key, ts = ticket(world)
    attach(world, key, "log.txt", b"it burns")
    (file,) = [file["id"] for message in world.slack.thread(GENERAL, ts) for file in message.get("files", [])]
    again = world.slack.share(MEMBER, GENERAL, file, thread_ts=ts)
    world.settle()
    world.slack.delete(GENERAL, again)
    world.settle()
    assert names(world, key) == ["log.txt"]
    all_done(world)


def test_a_reply_that_is_made_private_takes_its_files_along_and_brings_them_back_when_it_is_not(world: World) -> None:
    key, ts = ticket(world)
    said_at, mark = reply(world, ts), world.settings.connect_private_mark
    world.slack.edit(GENERAL, said_at, f"{mark} for us")
    world.settle()
    assert (names(world, key), comments(world, key)) == ([], [])
    world.slack.edit(GENERAL, said_at, "for all")
    world.settle()
    assert (names(world, key), len(comments(world, key))) == (["log.txt"], 1)
    world.slack.delete(GENERAL, said_at)
    world.settle()
    assert (names(world, key), comments(world, key)) == ([], [])
    all_done(world)


def test_a_reply_that_is_deleted_before_its_file_is_attached_leaves_none(world: World) -> None:
    key, ts = ticket(world)
    world.jira.fault("addAttachment", status=429, headers={"Retry-After": "20"})
    gone = reply(world, ts)
    world.slack.delete(GENERAL, gone)
    world.settle()
    world.advance(21)
    assert (names(world, key), comments(world, key)) == ([], [])
    all_done(world)


def test_a_lost_answer_to_the_deletion_in_jira_is_no_harm(world: World) -> None:
    key, ts = ticket(world)
    gone = reply(world, ts)
    world.jira.fault("removeAttachment", kind="reset", after=True)
    world.slack.delete(GENERAL, gone)
    world.settle()
    for _ in range(2):
        world.advance(world.settings.connect_settle_seconds + 1)
    assert (names(world, key), said(world, ts)) == ([], [])
    all_done(world)


def test_what_jira_does_not_let_connect_delete_is_told_to_who_wrote_the_reply(world: World) -> None:
    key, ts = ticket(world)
    gone = reply(world, ts)
    world.jira.denied = {"DELETE_OWN_ATTACHMENTS", "DELETE_ALL_ATTACHMENTS"}
    world.slack.delete(GENERAL, gone)
    world.settle()
    ident = world.jira.issues[key].attachments[0].id
    assert told(world) == [
        f"{key} still has a file that your reply had brought. Jira does not permit this: You do not have permission to "
        f"delete attachment with id: {ident}"
    ]
    assert comments(world, key) == []


@pytest.mark.parametrize("mode", ["to-slack", "off"])
def test_in_a_thread_that_does_not_go_to_jira_any_more_nothing_is_deleted_there(world: World, mode: str) -> None:
    key, ts = ticket(world)
    gone = reply(world, ts)
    world.slack.command(MEMBER, GENERAL, "/jira", f"sync {key} {mode}")
    world.slack.delete(GENERAL, gone)
    world.settle()
    assert (names(world, key), len(comments(world, key))) == (["log.txt"], 1)
