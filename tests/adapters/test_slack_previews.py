"""The Slack client's calls about links and Work Objects: what they send, and what Slack's refusals become."""

from typing import Any

import pytest

from adapters.errors import Invalid, Rejected, Unauthorized
from adapters.slack.client import SlackClient
from sandbox.slack import DEV, MEMBER, SlackStandIn
from tests.adapters import slack_cases
from tests.adapters.slack_cases import BLOCKS

slack = slack_cases.slack
client = slack_cases.client

URL = "https://acme.atlassian.net/browse/OPS-1"
ENTITY: dict[str, Any] = {
    "url": URL,
    "external_ref": {"id": "10001"},
    "entity_type": "slack#/entities/task",
    "entity_payload": {"attributes": {"title": {"text": "Door stuck"}}},
}


def posted(slack: SlackStandIn) -> str:
    slack.links.domains = {"acme.atlassian.net"}
    return slack.say(MEMBER, DEV, f"<{URL}>")


def opened(slack: SlackStandIn, client: SlackClient) -> str:
    ts = posted(slack)
    client.unfurl_entities(DEV, ts, [{"app_unfurl_url": URL, **ENTITY}])
    return slack.open_object(MEMBER, DEV, ts)


def test_cards_are_shown_under_the_message_once_however_often_they_are_sent(
    slack: SlackStandIn, client: SlackClient
) -> None:
    ts = posted(slack)
    for _ in range(2):
        client.unfurl(DEV, ts, {URL: {"blocks": BLOCKS}})
    assert slack.calls_to("chat.unfurl")[0].body == {"channel": DEV, "ts": ts, "unfurls": {URL: {"blocks": BLOCKS}}}
    [message] = slack.history(DEV)
    assert [(each["app_unfurl_url"], each["blocks"][0]["text"]) for each in message["attachments"]] == [
        (URL, BLOCKS[0]["text"])
    ]


def test_what_slack_refuses_is_a_refusal(slack: SlackStandIn, client: SlackClient) -> None:
    ts, cards = posted(slack), {URL: {"blocks": BLOCKS}}
    refused: list[str] = []
    for channel, place, given in (
        ("C0NOWHERE", ts, cards), (DEV, "1.000001", cards), (DEV, ts, {f"{URL}1": cards[URL]}),
        (DEV, ts, {"https://example.com/": cards[URL]}), (DEV, ts, {}),
    ):  # fmt: skip
        with pytest.raises(Rejected) as caught:
            client.unfurl(channel, place, given)
        refused.append(caught.value.code)
    assert refused == [
        "cannot_find_channel", "cannot_find_message", "cannot_unfurl_message", "cannot_unfurl_url", "missing_unfurls",
    ]  # fmt: skip
    slack.scopes.remove("links:write")
    with pytest.raises(Unauthorized) as missing:
        client.unfurl(DEV, ts, cards)
    assert missing.value.code == "missing_scope"


def test_a_work_object_that_is_none_or_that_nobody_may_show_is_refused(
    slack: SlackStandIn, client: SlackClient
) -> None:
    ts = posted(slack)
    with pytest.raises(Invalid) as wrong:
        client.unfurl_entities(DEV, ts, [ENTITY])
    slack.links.work_objects = False
    with pytest.raises(Rejected) as off:
        client.unfurl_entities(DEV, ts, [{"app_unfurl_url": URL, **ENTITY}])
    assert (wrong.value.code, off.value.code) == ("invalid_metadata_schema", "feature_not_enabled")


def test_the_panel_shows_the_details_or_why_there_are_none(slack: SlackStandIn, client: SlackClient) -> None:
    trigger, other = opened(slack, client), opened(slack, client)
    client.present_details(trigger, ENTITY)
    client.present_details(other, None, {"status": "restricted"})
    assert slack.links.panels[trigger]["entity"] == ENTITY
    assert slack.links.panels[other]["error"] == {"status": "restricted"}
    with pytest.raises(Rejected) as caught:
        client.present_details(trigger, ENTITY | {"external_ref": {"id": "10002"}})
    assert caught.value.code == "entity_metadata_does_not_match_trigger"


def test_the_panel_shows_a_page_of_comments_that_nobody_can_add_to(slack: SlackStandIn, client: SlackClient) -> None:
    trigger = opened(slack, client)
    comment = {"id": "1", "sender": {"text": "Ada"}, "timestamp": 1790925322, "comment": {"value": "On it"}}
    client.present_comments(trigger, [comment], "50")
    [call] = slack.calls_to("entity.presentComments")
    assert call.body == {"trigger_id": trigger, "comments": [comment], "can_post_comment": False, "cursor": "50"}
    client.present_comments(trigger, [], error={"status": "not_found"})
    assert slack.links.panels[trigger]["error"] == {"status": "not_found"}
    with pytest.raises(Rejected) as caught:
        client.present_comments("0.none", [])
    assert caught.value.code == "invalid_trigger_id"
