"""The Slack stand-in: what it tells of links, in the composer and in messages, and how an app answers."""

import pytest
from slack_sdk import WebClient

from sandbox.slack import BOT_USER, DEV, MEMBER, OUTSIDE, PARTNERS, SlackStandIn
from tests.sandbox import slack_cases
from tests.sandbox.slack_cases import App, refused

# slack_sdk's methods take bare `dict` and `**kwargs`, which a strict check cannot see through.
# pyright: reportUnknownMemberType=false

app = slack_cases.app
slack = slack_cases.slack
web = slack_cases.web

URL = "https://acme.atlassian.net/browse/OPS-1"


@pytest.fixture(autouse=True)
def domains(slack: SlackStandIn) -> None:
    slack.links.domains = {"acme.atlassian.net"}


def test_links_to_the_apps_hosts_are_told_of_in_channels_that_it_is_not_in_too(slack: SlackStandIn, app: App) -> None:
    ts = slack.say(MEMBER, OUTSIDE, f"<{URL}?a=1&amp;b=2|it> <{URL}?a=1&amp;b=2> <https://example.com/>")
    slack.say(MEMBER, OUTSIDE, f"{URL} as plain text")
    slack.flush()
    [event] = app.inner()
    links = [{"url": f"{URL}?a=1&b=2", "domain": "acme.atlassian.net"}]
    told = {name: event[name] for name in ("type", "user", "channel", "message_ts", "source", "is_bot_user_member")}
    assert (event["links"], told) == (
        links,
        {
            "type": "link_shared", "user": MEMBER, "channel": OUTSIDE, "message_ts": ts,
            "source": "conversations_history", "is_bot_user_member": False,
        },
    )  # fmt: skip


def test_of_a_link_in_a_reply_the_thread_is_told(slack: SlackStandIn, app: App) -> None:
    root = slack.say(MEMBER, DEV, "root")
    slack.say(MEMBER, DEV, f"<{URL}>", root)
    slack.flush()
    assert [event["thread_ts"] for event in app.inner() if event["type"] == "link_shared"] == [root]


def test_in_the_composer_the_channel_is_not_known(slack: SlackStandIn, app: App) -> None:
    slack.compose(MEMBER, f"<{URL}>")
    slack.flush()
    [event] = app.inner()
    assert (event["channel"], event["source"], event["links"][0]["url"]) == ("COMPOSER", "composer", URL)


def test_without_its_scope_the_app_hears_of_no_link(slack: SlackStandIn, app: App) -> None:
    slack.scopes.remove("links:read")
    slack.say(MEMBER, DEV, f"<{URL}>")
    slack.flush()
    assert [event["type"] for event in app.inner()] == ["message"]


def test_the_event_says_that_a_channel_is_shared_with_others(slack: SlackStandIn, app: App) -> None:
    slack.say(MEMBER, PARTNERS, f"<{URL}>")
    slack.say(MEMBER, DEV, f"<{URL}>")
    slack.flush()
    assert [body["is_ext_shared_channel"] for body in app.events] == [True, True, False, False]


def test_a_preview_changes_the_message_without_an_edit(slack: SlackStandIn, app: App, web: WebClient) -> None:
    ts = slack.say(MEMBER, DEV, f"<{URL}>")
    web.chat_unfurl(channel=DEV, ts=ts, unfurls={URL: {"blocks": [{"type": "divider"}]}})
    slack.flush()
    changed = app.inner()[-1]
    assert (changed["subtype"], changed["message"]["attachments"][0]["id"]) == ("message_changed", 1)
    assert "edited" not in changed["message"]
    assert "attachments" not in changed["previous_message"]


def test_rich_text_and_broken_blocks_are_refused_in_a_preview(slack: SlackStandIn, web: WebClient) -> None:
    ts = slack.say(MEMBER, DEV, f"<{URL}>")
    text = {"type": "text", "text": "x"}
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [text]}]}
    broken = {"type": "section"}
    codes = [refused(web.chat_unfurl, channel=DEV, ts=ts, unfurls={URL: {"blocks": [each]}}) for each in (rich, broken)]
    codes.append(refused(web.chat_unfurl, channel=DEV, ts=ts, unfurls={URL: {"text": "no blocks"}}))
    assert codes == ["invalid_blocks", "invalid_blocks", "invalid_unfurls_format"]
    assert refused(web.chat_unfurl, unfurl_id="x", source="composer", unfurls={}) == "invalid_unfurl_id"
    assert refused(web.chat_unfurl, channel=DEV, ts=ts) == "missing_unfurls"


@pytest.mark.parametrize(
    "field",
    [
        {"due_date": {"type": "slack#/types/date", "value": "tomorrow"}},
        {"status": {"value": "Done", "tag_color": "pink"}},
        {"priority": {"value": ""}},
        {"assignee": {"type": "slack#/types/user", "user": {"text": "Ada", "user_id": BOT_USER}}},
    ],
)
def test_a_field_that_slack_does_not_understand_is_refused(
    slack: SlackStandIn, web: WebClient, field: dict[str, object]
) -> None:
    ts = slack.say(MEMBER, DEV, f"<{URL}>")
    entity = {
        "app_unfurl_url": URL, "url": URL, "external_ref": {"id": "1"}, "entity_type": "slack#/entities/task",
        "entity_payload": {"attributes": {"title": {"text": "x"}}, "fields": field},
    }  # fmt: skip
    assert refused(web.chat_unfurl, channel=DEV, ts=ts, metadata={"entities": [entity]}) == "invalid_metadata_schema"
