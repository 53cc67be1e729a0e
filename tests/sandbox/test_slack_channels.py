"""The Slack stand-in makes, describes, fills and archives channels, and refuses what Slack refuses."""

import pytest
from slack_sdk import WebClient

from sandbox.slack import BOT_USER, DEV, GENERAL, GUEST, HIDDEN, MEMBER, OLD, OUTSIDE, STRANGER, SlackStandIn
from tests.sandbox import slack_cases
from tests.sandbox.slack_cases import data, refused

# slack_sdk's methods take bare `dict` and `**kwargs`, which a strict check cannot see through.
# pyright: reportUnknownMemberType=false

app = slack_cases.app
slack = slack_cases.slack
web = slack_cases.web


def test_a_channel_is_made_by_whoever_is_its_first_member(slack: SlackStandIn, web: WebClient) -> None:
    made = data(web.conversations_create(name="ops-1", is_private=True))["channel"]
    assert (made["name"], made["creator"], made["is_private"], made["is_member"]) == ("ops-1", BOT_USER, True, True)
    assert slack.channels[made["id"]].members == [BOT_USER]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("general", "name_taken"), ("old", "name_taken"), ("Ops", "invalid_name_specials"),
        ("ops 1", "invalid_name_specials"), ("ops.1", "invalid_name_specials"), ("x" * 81, "invalid_name_maxlength"),
        ("--", "invalid_name_punctuation"), ("", "invalid_name_required"),
    ],
)  # fmt: skip
def test_a_name_is_refused(web: WebClient, name: str, code: str) -> None:
    assert refused(web.conversations_create, name=name) == code


def test_each_kind_of_channel_takes_its_scope(slack: SlackStandIn, web: WebClient) -> None:
    slack.scopes.remove("groups:write")
    assert refused(web.conversations_create, name="ops-1", is_private=True) == "missing_scope"
    web.conversations_create(name="ops-1")
    slack.scopes.remove("channels:manage")
    assert refused(web.conversations_archive, channel=DEV) == "missing_scope"
    slack.scopes.remove("groups:read")
    assert refused(web.users_conversations, types="public_channel,private_channel") == "missing_scope"


@pytest.mark.parametrize(
    ("user", "code"),
    [
        (MEMBER, "already_in_channel"), (BOT_USER, "cant_invite_self"), (GUEST, "ura_max_channels"),
        (STRANGER, "no_external_invite_permission"), ("U0NOBODY01", "user_not_found"), ("", "no_user"),
    ],
)  # fmt: skip
def test_somebody_cannot_be_invited(web: WebClient, user: str, code: str) -> None:
    assert refused(web.conversations_invite, channel=DEV, users=user) == code


def test_where_connect_is_not_or_nobody_is_any_more_nothing_is_changed(web: WebClient) -> None:
    for channel, code in ((OUTSIDE, "not_in_channel"), (HIDDEN, "channel_not_found"), (OLD, "is_archived")):
        assert refused(web.conversations_invite, channel=channel, users=GUEST) == code
        assert refused(web.conversations_setTopic, channel=channel, topic="x") == code


def test_a_channel_shows_what_it_is_about(web: WebClient) -> None:
    web.conversations_setTopic(channel=DEV, topic="now")
    web.conversations_setPurpose(channel=DEV, purpose="ever")
    shown = data(web.conversations_info(channel=DEV))["channel"]
    assert (shown["topic"]["value"], shown["purpose"]["value"]) == ("now", "ever")
    assert refused(web.conversations_setTopic, channel=DEV, topic="x" * 251) == "too_long"
    assert refused(web.conversations_setPurpose, channel=DEV, purpose="x" * 251) == "too_long"


def test_a_channel_is_archived_once(slack: SlackStandIn, web: WebClient, app: slack_cases.App) -> None:
    web.conversations_archive(channel=DEV)
    slack.flush()
    assert [(event["type"], event["channel"]) for event in app.inner()] == [("channel_archive", DEV)]
    assert refused(web.conversations_archive, channel=DEV) == "already_archived"
    assert refused(web.conversations_archive, channel=GENERAL) == "cant_archive_general"
    assert refused(web.conversations_archive, channel=OUTSIDE) == "not_in_channel"


def test_ones_own_channels_are_those_one_is_in(web: WebClient) -> None:
    found = data(web.users_conversations(types="public_channel,private_channel", exclude_archived=True))
    assert [channel["name"] for channel in found["channels"]] == ["general", "dev", "leads", "partners"]
    public = data(web.users_conversations())
    assert [channel["name"] for channel in public["channels"]] == ["general", "dev", "old", "partners"]
