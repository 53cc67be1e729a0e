"""The Slack stand-in, used as its page uses it: reactions, replies for all, forms typed into, and what was refused."""

from typing import Any

import pytest
from slack_sdk import WebClient, WebhookClient

from sandbox.slack import ADMIN, DEV, MEMBER, SlackStandIn
from tests.sandbox import slack_cases
from tests.sandbox.slack_cases import App, data, form, opened, refused, text

# slack_sdk's methods take bare `dict` and `**kwargs`, which a strict check cannot see through.
# pyright: reportUnknownMemberType=false

app = slack_cases.app
slack = slack_cases.slack
web = slack_cases.web


def test_reactions_with_the_same_emoji_are_counted_together_and_can_be_taken_back(
    slack: SlackStandIn, app: App
) -> None:
    ts = slack.say(MEMBER, DEV, "the door squeaks")
    for user in (MEMBER, ADMIN, MEMBER):
        slack.react(user, DEV, ts, "ticket")
    slack.react(ADMIN, DEV, ts, "eyes")
    assert slack.history(DEV)[0]["reactions"] == [
        {"name": "ticket", "users": [MEMBER, ADMIN], "count": 2}, {"name": "eyes", "users": [ADMIN], "count": 1},
    ]  # fmt: skip
    slack.unreact(MEMBER, DEV, ts, "ticket")
    slack.unreact(ADMIN, DEV, ts, "eyes")
    assert slack.history(DEV)[0]["reactions"] == [{"name": "ticket", "users": [ADMIN], "count": 1}]
    slack.flush()
    told = [(event["user"], event["reaction"]) for event in app.inner() if event["type"] == "reaction_added"]
    assert told == [(MEMBER, "ticket"), (ADMIN, "ticket"), (ADMIN, "eyes")]


def test_a_reply_can_be_sent_to_the_channel_too(slack: SlackStandIn) -> None:
    root = slack.say(MEMBER, DEV, "the door squeaks")
    slack.say(ADMIN, DEV, "oil it", root)
    slack.say(ADMIN, DEV, "it is fixed", root, broadcast=True)
    assert [(each["text"], each.get("subtype")) for each in slack.thread(DEV, root)] == [
        ("the door squeaks", None), ("oil it", None), ("it is fixed", "thread_broadcast"),
    ]  # fmt: skip


def test_what_is_typed_but_not_sent_is_told_with_a_click(slack: SlackStandIn, web: WebClient, app: App) -> None:
    button = {"type": "button", "action_id": "more", "text": text("More fields")}
    view = form()
    view["blocks"].append({"type": "actions", "block_id": "below", "elements": [button]})
    view_id = opened(slack, web, view)
    slack.fill(view_id, {"summary": {"text": {"type": "plain_text_input", "value": "Login fails"}}})
    slack.click(MEMBER, "more", view=view_id)
    values = app.interactions[-1]["view"]["state"]["values"]
    assert values["summary"]["text"] == {"type": "plain_text_input", "value": "Login fails"}


def test_a_choice_is_told_with_its_own_words_and_from_its_own_block(
    slack: SlackStandIn, web: WebClient, app: App
) -> None:
    def menu(block_id: str) -> dict[str, Any]:
        element = {"type": "external_select", "action_id": "project"}
        return {"type": "actions", "block_id": block_id, "elements": [element]}

    view_id = opened(slack, web, form(blocks=[menu("one"), menu("two")]))
    option = {"text": text("Operations"), "value": "OPS"}
    chosen = {"type": "external_select", "selected_option": option}
    slack.click(MEMBER, "project", chosen=chosen, view=view_id, block_id="two")
    [action] = app.interactions[-1]["actions"]
    assert (action["block_id"], action["selected_option"]) == ("two", option)
    assert app.interactions[-1]["view"]["state"]["values"] == {
        "one": {"project": {"type": "external_select", "selected_option": None}}, "two": {"project": chosen},
    }  # fmt: skip


def test_what_slack_refused_is_kept_with_its_reasons(slack: SlackStandIn, web: WebClient, app: App) -> None:
    dividers = [{"type": "divider"}] * 51
    assert refused(web.chat_postMessage, channel=DEV, text="many", blocks=dividers) == "invalid_blocks"
    app.answers = [{"text": "many", "blocks": dividers}]
    slack.command(MEMBER, DEV, "/jira", "mine")
    view_id = opened(slack, web, form())
    app.answers = [{"response_action": "errors", "errors": {}}]
    slack.submit(MEMBER, view_id, {"summary": {"text": {"value": "x"}}})
    refused(web.views_update, view_id=view_id, view=form(blocks=dividers * 2))
    slack.global_shortcut(ADMIN, "create")
    refused(web.views_open, trigger_id=list(slack.triggers)[-1], view=form(blocks=dividers * 2))
    refused(web.views_publish, user_id=ADMIN, view={"type": "home", "blocks": dividers * 2})
    many = ["[ERROR] no more than 100 items allowed [json-pointer:/view/blocks]"]
    why = ["[ERROR] no more than 50 items allowed [json-pointer:/blocks]"]
    assert [{key: value for key, value in each.items() if key != "ts"} for each in slack.refusals] == [
        {"operation": "chat.postMessage", "error": "invalid_blocks", "messages": why, "channel": DEV},
        {"operation": "the answer to a command", "error": "invalid_blocks", "messages": why, "channel": DEV,
         "user": MEMBER},
        {"operation": "the answer to a form", "error": "invalid_errors", "messages": [], "user": MEMBER},
        {"operation": "views.update", "error": "invalid_arguments", "messages": many, "user": MEMBER},
        {"operation": "views.open", "error": "invalid_arguments", "messages": many, "user": ADMIN},
        {"operation": "views.publish", "error": "invalid_arguments", "messages": many, "user": ADMIN},
    ]  # fmt: skip


def test_an_answer_to_a_click_that_slack_refused_is_kept_too(slack: SlackStandIn) -> None:
    url = slack.response_url(MEMBER, DEV)
    assert WebhookClient(url).send_dict({"text": ""}).status_code == 400
    assert [(each["operation"], each["error"], each["channel"], each["user"]) for each in slack.refusals] == [
        ("response_url", "no_text", DEV, MEMBER),
    ]  # fmt: skip


def test_what_slack_took_is_not_among_what_it_refused(slack: SlackStandIn, web: WebClient) -> None:
    assert data(web.chat_postMessage(channel=DEV, text="hello"))["ok"]
    assert slack.refusals == []


@pytest.mark.parametrize("value", ["OPS-1", "OPS-2"])
def test_buttons_alike_are_told_apart_by_their_blocks(
    slack: SlackStandIn, web: WebClient, app: App, value: str
) -> None:
    blocks = [
        {"type": "actions", "block_id": key,
         "elements": [{"type": "button", "action_id": "take", "text": text("Take"), "value": key}]}
        for key in ("OPS-1", "OPS-2")
    ]  # fmt: skip
    posted = data(web.chat_postMessage(channel=DEV, text="hello", blocks=blocks))
    slack.click(MEMBER, "take", message=posted["ts"], block_id=value)
    assert app.interactions[-1]["actions"][0]["value"] == value
