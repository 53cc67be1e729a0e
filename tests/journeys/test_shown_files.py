"""Jira → Slack: what is attached to an issue is shown in its threads, once in each, to those who may see it."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.operations.files import MEGABYTE
from sandbox.jira import JiraStandIn
from sandbox.slack import DEV, GENERAL, MEMBER
from tests.journeys.test_jira_to_slack import bot_messages, subscribe
from tests.journeys.threads import all_done, comments, said, ticket, world
from tests.world import World

__all__ = ["world"]
ADA = "Ada Lovelace"
LARGE = bytes(range(256)) * 8192


MEDIA = {"type": "media", "attrs": {"id": "0b1c", "type": "file", "collection": "", "alt": "salaries.pdf"}}
IN_ADF = {"type": "doc", "version": 1, "content": [{"type": "mediaSingle", "content": [MEDIA]}]}


def shown(world: World, ts: str, channel: str = GENERAL) -> list[tuple[str, bytes]]:
    """The files that connect shared in a thread: their names and contents."""
    files = [file for message in world.slack.thread(channel, ts)[1:] for file in message.get("files", [])]
    return [(file["title"], world.slack.contents[file["id"]]) for file in files]


def attach(world: World, key: str, name: str = "picture.png", content: bytes = LARGE) -> str:
    """Somebody attaches a file in Jira; returns its id."""
    ident = world.jira.attach(key, ADA, name, content)
    world.settle()
    return ident


def card(world: World, channel: str) -> str:
    """Where the issue's thread begins in a channel."""
    messages = bot_messages(world, channel)
    return next(message["ts"] for message in messages if message.get("thread_ts", message["ts"]) == message["ts"])


def uploads(world: World) -> list[dict[str, Any]]:
    return [row for row in world.rows("integrations") if row["operation"] == "upload"]


def test_a_file_attached_in_jira_is_shown_in_the_thread_and_does_not_come_back(world: World) -> None:
    key, ts = ticket(world)
    ident = attach(world, key)
    assert shown(world, ts) == [("picture.png", LARGE)]
    assert [text.split("<")[0] for text in said(world, ts)] == [f"*{ADA}* attached "]
    files = [row for row in world.rows("mappings") if row["mapping_type"] == "file"]
    assert [(row["source_service"], row["source_id"], row["target_service"]) for row in files] == [
        ("jira", ident, "slack")
    ]
    world.slack.redeliver()
    world.jira.redeliver()
    world.settle()
    assert (len(world.jira.issues[key].attachments), comments(world, key)) == (1, [])
    assert len(shown(world, ts)) == 1
    all_done(world)


def test_no_secret_and_no_content_is_in_the_row(world: World) -> None:
    key, ts = ticket(world)
    attach(world, key, "log.txt", b"it burns")
    (row,) = uploads(world)
    payload = json.loads(row["payload"])
    assert (sorted(payload), sorted(payload["file"])) == (
        ["card_of", "channel", "file", "issue", "told"], ["comment", "id", "mimetype", "name", "size", "url"],
    )  # fmt: skip
    assert (row["status"], shown(world, ts)) == ("completed", [("log.txt", b"it burns")])


def test_each_channel_of_the_issue_shows_the_file(world: World) -> None:
    for channel in (DEV, GENERAL):
        subscribe(world, channel, events=["created", "attachments"])
    key = world.jira.create("OPS", "Task", "Printer")
    world.settle()
    attach(world, key)
    assert [shown(world, card(world, channel), channel) for channel in (DEV, GENERAL)] == [[("picture.png", LARGE)]] * 2
    all_done(world)


def test_in_quiet_hours_a_file_waits_with_the_line_that_tells_of_it(world: World) -> None:
    now = world.clock()
    hours = {"from": f"{now - timedelta(hours=1):%H:%M}", "to": f"{now + timedelta(hours=1):%H:%M}", "timezone": "UTC"}
    subscribe(world, DEV, events=["created"])
    key = world.jira.create("OPS", "Task", "Printer")
    world.settle()
    subscribe(world, DEV, events=["all"], quiet_hours=hours)
    attach(world, key, "one.txt", b"1")
    attach(world, key, "two.txt", b"2")
    thread = card(world, DEV)
    assert shown(world, thread, DEV) == []
    world.advance(2 * 3600)
    assert sorted(shown(world, thread, DEV)) == [("one.txt", b"1"), ("two.txt", b"2")]
    all_done(world)


@pytest.mark.parametrize("manner", [{"style": "line"}, {"thread": "channel"}])
def test_a_file_of_an_issue_without_a_card_is_shown_beneath_what_tells_of_it(
    world: World, manner: dict[str, str]
) -> None:
    subscribe(world, DEV, events=["attachments"], **manner)
    key = world.jira.create("OPS", "Task", "Printer")
    world.settle()
    attach(world, key)
    assert shown(world, card(world, DEV), DEV) == [("picture.png", LARGE)]
    all_done(world)


def test_where_a_subscription_may_see_a_secured_issue_its_files_are_shown(world: World) -> None:
    subscribe(world, GENERAL, events=["attachments"])
    key, ts = ticket(world)
    world.jira.edit(key, ADA, security="Staff")
    world.settle()
    attach(world, key)
    assert shown(world, ts) == [("picture.png", LARGE)]


def test_a_subscription_that_does_not_ask_for_attachments_shows_none(world: World) -> None:
    subscribe(world, DEV, events=["created"])
    key, ts = ticket(world)
    attach(world, key)
    assert len(shown(world, ts)) == len(uploads(world)) == 1


def test_an_upload_whose_answer_was_lost_is_found_and_not_made_again(world: World) -> None:
    key, ts = ticket(world)
    world.slack.fault("files.completeUploadExternal", kind="reset", after=True)
    attach(world, key)
    for _ in range(4):
        world.advance(world.settings.connect_settle_seconds + 1)
    assert (shown(world, ts), len(world.slack.calls_to("files.completeUploadExternal"))) == (
        [("picture.png", LARGE)],
        1,
    )
    all_done(world)


def test_of_two_files_that_are_alike_a_lost_call_loses_none(world: World) -> None:
    key, ts = ticket(world)
    attach(world, key, "log.txt", b"it burns")
    world.slack.fault("files.completeUploadExternal", kind="reset")
    attach(world, key, "log.txt", b"it burns")
    for _ in range(4):
        world.advance(world.settings.connect_settle_seconds + 1)
    assert shown(world, ts) == [("log.txt", b"it burns")] * 2
    all_done(world)


def test_while_jira_does_not_give_a_file_the_thread_goes_on(world: World) -> None:
    key, ts = ticket(world)
    world.jira.fault("getAttachmentContent" if world.jira.cloud else "downloadAttachment", status=503)
    attach(world, key)
    world.jira.comment(key, ADA, "see the picture")
    world.settle()
    assert (shown(world, ts), len(said(world, ts))) == ([], 2)
    world.advance(world.settings.connect_retry_max_seconds)
    assert shown(world, ts) == [("picture.png", LARGE)]
    all_done(world)


def test_what_is_too_large_is_told_with_a_link_to_it(world: World) -> None:
    world.jira.largest_file = 200 * MEGABYTE
    key, ts = ticket(world)
    attach(world, key, "film<!channel>.mp4", b"x" * (50 * MEGABYTE + 1))
    last = said(world, ts)[-1]
    url = _address(world.jira, key)
    assert last == (f"“film&lt;!channel&gt;.mp4” is not shown here. It is larger than 50 MB. <{url}|Open it in Jira>")
    assert (shown(world, ts), world.slack.calls_to("files.getUploadURLExternal")) == ([], [])


def _address(jira: JiraStandIn, key: str) -> str:
    return jira.views.attachment(jira.issues[key].attachments[0])["content"].replace("&", "&amp;")


@pytest.mark.parametrize("mode", ["to-jira", "off"])
def test_a_thread_that_is_not_told_of_jira_shows_no_file(world: World, mode: str) -> None:
    key, ts = ticket(world)
    world.slack.command(MEMBER, GENERAL, "/jira", f"sync {key} {mode}")
    attach(world, key)
    assert (shown(world, ts), uploads(world)) == ([], [])


def test_a_file_of_an_issue_with_a_security_level_is_shown_to_nobody(world: World) -> None:
    key, ts = ticket(world)
    world.jira.edit(key, ADA, security="Staff")
    world.settle()
    attach(world, key)
    assert (said(world, ts), shown(world, ts), uploads(world)) == (
        [f"{key} is restricted in Jira now, so nothing more of it is told here."],
        [],
        [],
    )


def test_a_file_given_with_a_comment_for_some_only_is_not_shown(world: World) -> None:
    key, ts = ticket(world)
    world.jira.attach(key, ADA, "salaries.pdf", b"secret")
    world.jira.comment(key, ADA, IN_ADF if world.jira.cloud else "see !salaries.pdf|thumbnail!", restricted=True)
    world.settle()
    assert (shown(world, ts), [row["status"] for row in uploads(world)]) == ([], ["completed"])


def test_a_file_that_was_removed_meanwhile_is_not_shown(world: World) -> None:
    key, ts = ticket(world)
    world.jira.attach(key, ADA, "log.txt", b"it burns")
    world.jira.flush()
    world.jira.issues[key].attachments.clear()
    world.settle()
    assert shown(world, ts) == []
    all_done(world)


# --- and the other way: the files of a reply ------------------------------------------------------------------------


def test_the_files_of_a_reply_are_attached_once_and_are_not_shown_again(world: World) -> None:
    key, ts = ticket(world)
    world.slack.say(MEMBER, GENERAL, "see", thread_ts=ts, files={"log.txt": b"it burns", "picture.png": LARGE})
    world.settle()
    world.slack.redeliver()
    world.jira.redeliver()
    world.settle()
    attached = [(each.name, each.content) for each in world.jira.issues[key].attachments]
    assert attached == [("log.txt", b"it burns"), ("picture.png", LARGE)]
    assert comments(world, key) == ["Mia Member (in Slack):\n\nsee\n\n📎 log.txt, picture.png"]
    assert (len(shown(world, ts)), uploads(world), said(world, ts)) == (2, [], [])
    all_done(world)


def test_the_files_of_a_private_reply_stay_in_slack(world: World) -> None:
    key, ts = ticket(world)
    mark = world.settings.connect_private_mark
    world.slack.say(MEMBER, GENERAL, f"{mark} for us", thread_ts=ts, files={"log.txt": b"it burns"})
    world.settle()
    assert (world.jira.issues[key].attachments, comments(world, key)) == ([], [])


@pytest.mark.parametrize("mode", ["to-slack", "off"])
def test_the_files_of_a_thread_that_does_not_go_to_jira_stay_in_slack(world: World, mode: str) -> None:
    key, ts = ticket(world)
    world.slack.command(MEMBER, GENERAL, "/jira", f"sync {key} {mode}")
    world.slack.say(MEMBER, GENERAL, "see", thread_ts=ts, files={"log.txt": b"it burns"})
    world.settle()
    assert (world.jira.issues[key].attachments, comments(world, key)) == ([], [])
