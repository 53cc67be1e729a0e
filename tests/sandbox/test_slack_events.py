"""The Slack stand-in: what people say and share reaches the app, signed."""

import json

import pytest
import requests
from slack_sdk import WebClient

from sandbox.slack import BOT_USER, DEV, MEMBER, OUTSIDE, PRIVATE, SlackStandIn
from tests.sandbox import slack_cases
from tests.sandbox.slack_cases import CORPUS, App

# slack_sdk's methods take bare `dict` and `**kwargs`, which a strict check cannot see through.
# pyright: reportUnknownMemberType=false

app = slack_cases.app
slack = slack_cases.slack
web = slack_cases.web


def test_a_mention_arrives_as_a_message_and_as_a_mention(slack: SlackStandIn, app: App) -> None:
    ts = slack.say(MEMBER, DEV, f"<@{BOT_USER}> hello &amp; bye")
    assert slack.flush() == 2
    [message, mention] = app.inner()
    assert mention == {key: value for key, value in message.items() if key != "channel_type"} | {"type": "app_mention"}
    section = message["blocks"][0]["elements"][0]["elements"]
    assert (message["channel"], message["channel_type"], message["ts"]) == (DEV, "channel", ts)
    assert section == [{"type": "user", "user_id": BOT_USER}, {"type": "text", "text": " hello & bye"}]


def test_in_a_direct_message_there_is_no_mention(slack: SlackStandIn, app: App) -> None:
    slack.say(MEMBER, slack.direct(MEMBER).id, f"<@{BOT_USER}> hello")
    slack.flush()
    assert [(event["type"], event["channel_type"]) for event in app.inner()] == [("message", "im")]


def test_what_is_said_where_connect_is_not_does_not_reach_it(slack: SlackStandIn, app: App) -> None:
    slack.say(MEMBER, OUTSIDE, "secret")
    slack.invite(MEMBER, OUTSIDE, BOT_USER)
    slack.say(MEMBER, OUTSIDE, "public")
    slack.flush()
    told = [(event["type"], event.get("text"), event.get("user")) for event in app.inner()]
    assert told == [("member_joined_channel", None, BOT_USER), ("message", "public", MEMBER)]


def test_an_event_has_the_envelope_of_a_real_one(slack: SlackStandIn, app: App) -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real payloads is not beside the checkout")
    root = slack.say(MEMBER, DEV, "root")
    slack.say(MEMBER, DEV, "reply", root)
    slack.run_step("create_issue", {"title": "x"}, MEMBER)
    slack.flush()
    for sent, name in ((app.events[1], "message.thread_reply"), (app.events[2], "function_executed")):
        real = json.loads((CORPUS / "events-hand-written" / f"{name}.json").read_text())
        assert set(real) - set(sent) == set()
        assert set(real["event"]) - set(sent["event"]) == set()


def test_edits_and_deletions_are_told_with_what_was_there_before(slack: SlackStandIn, app: App) -> None:
    ts = slack.say(MEMBER, DEV, "one")
    slack.edit(DEV, ts, "two")
    slack.delete(DEV, ts)
    slack.flush()
    [_, changed, deleted] = app.inner()
    assert (changed["subtype"], changed["previous_message"]["text"], changed["message"]["text"]) == (
        "message_changed",
        "one",
        "two",
    )
    assert (deleted["subtype"], deleted["deleted_ts"], deleted["previous_message"]["text"]) == (
        "message_deleted",
        ts,
        "two",
    )


def test_the_bots_own_post_comes_back_as_an_event(slack: SlackStandIn, web: WebClient, app: App) -> None:
    metadata = {"event_type": "connect_integration", "event_payload": {"marker": "ct_1"}}
    web.chat_postMessage(channel=DEV, text="hello", metadata=metadata)
    slack.metadata_in_events = True
    web.chat_postMessage(channel=DEV, text="hello", metadata=metadata)
    slack.flush()
    assert [(event["bot_id"], event["user"], event.get("metadata")) for event in app.inner()] == [
        ("B0DEV00001", BOT_USER, None),
        ("B0DEV00001", BOT_USER, metadata),
    ]


def test_a_redelivery_is_the_same_event_with_retry_headers(slack: SlackStandIn, app: App) -> None:
    slack.say(MEMBER, DEV, "hello")
    slack.flush()
    assert slack.redeliver(2) == [200, 200]
    assert (len({body["event_id"] for body in app.events}), app.retries) == (1, ["", "1", "2"])


def test_files_can_be_shared_and_fetched_with_the_token_only(slack: SlackStandIn, app: App) -> None:
    slack.say(MEMBER, DEV, "see", files={"trace.txt": b"boom"})
    slack.flush()
    [event] = app.inner()
    url = event["files"][0]["url_private"]
    assert event["subtype"] == "file_share"
    assert requests.get(url, headers={"Authorization": "Bearer xoxb-sandbox"}, timeout=5).content == b"boom"
    assert requests.get(url, allow_redirects=False, timeout=5).status_code == 302


def test_an_upload_in_three_steps_is_shared(slack: SlackStandIn, web: WebClient) -> None:
    web.files_upload_v2(content="boom", filename="trace.txt", channel=DEV, initial_comment="see")
    [message] = slack.history(DEV)
    assert (message["text"], message["files"][0]["name"], message["files"][0]["size"]) == ("see", "trace.txt", 4)


def test_a_channel_is_shared_with_others_and_no_longer_with_an_event_each(slack: SlackStandIn, app: App) -> None:
    slack.connect_channel(DEV)
    assert slack.channels[DEV].shared
    slack.disconnect_channel(DEV)
    slack.flush()
    assert not slack.channels[DEV].shared
    first, second = app.inner()
    assert {name: first[name] for name in first if name != "event_ts"} == {
        "type": "channel_shared", "connected_team_id": "T0EXTERNAL", "channel": DEV,
    }  # fmt: skip
    assert {name: second[name] for name in second if name != "event_ts"} == {
        "type": "channel_unshared", "previously_connected_team_id": "T0EXTERNAL", "channel": DEV,
        "is_ext_shared": False,
    }  # fmt: skip


def test_a_channel_is_made_public_and_private_with_a_message_each(slack: SlackStandIn, app: App) -> None:
    slack.convert(MEMBER, PRIVATE)
    slack.convert(MEMBER, PRIVATE, private=True)
    slack.flush()
    first, second = ({name: event[name] for name in event if name not in ("ts", "event_ts")} for event in app.inner())
    assert first == {
        "type": "message", "subtype": "channel_convert_to_public", "user": MEMBER, "channel": PRIVATE,
        "text": "made this channel *public*. Any member in this workspace can see and join it.",
        "channel_type": "channel",
    }  # fmt: skip
    assert second == first | {
        "subtype": "channel_convert_to_private", "channel_type": "group",
        "text": "made this channel *private*. Now, it can only be viewed or joined by invitation.",
    }  # fmt: skip


def test_a_channel_is_archived_and_brought_back_with_an_event_each(slack: SlackStandIn, app: App) -> None:
    slack.archive(MEMBER, DEV)
    slack.archive(MEMBER, PRIVATE)
    assert slack.channels[DEV].archived
    slack.archive(MEMBER, DEV, back=True)
    slack.flush()
    assert not slack.channels[DEV].archived
    assert [(event["type"], event["channel"], event["user"]) for event in app.inner()] == [
        ("channel_archive", DEV, MEMBER), ("group_archive", PRIVATE, MEMBER), ("channel_unarchive", DEV, MEMBER),
    ]  # fmt: skip
