"""The Slack stand-in: what people click and fill in reaches the app, and the app's answers reach the people."""

from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox.slack import ADMIN, DEV, MEMBER, Answer, SlackStandIn
from tests.sandbox import slack_cases
from tests.sandbox.slack_cases import App, data, form, opened, refused, text

# slack_sdk's methods take bare `dict` and `**kwargs`, which a strict check cannot see through.
# pyright: reportUnknownMemberType=false

app = slack_cases.app
slack = slack_cases.slack
web = slack_cases.web


def test_a_commands_answer_is_shown_to_the_one_who_typed_it(slack: SlackStandIn, app: App) -> None:
    app.answers = [{"text": "Created OPS-1"}, {"text": "Look!", "response_type": "in_channel"}]
    slack.command(MEMBER, DEV, "/jira", "create login fails")
    slack.command(MEMBER, DEV, "/jira", "show OPS-1")
    assert (app.interactions[0]["command"], app.interactions[0]["text"]) == ("/jira", "create login fails")
    assert [message["text"] for message in slack.ephemeral(MEMBER)] == ["Created OPS-1"]
    assert [message["text"] for message in slack.history(DEV)] == ["Look!"]


def test_a_command_without_an_app_tells_of_the_trouble(slack: SlackStandIn) -> None:
    slack.target = "http://127.0.0.1:9"
    assert slack.command(MEMBER, DEV, "/jira") == Answer(0, "", "operation_timeout")


def test_a_window_lives_through_its_stack(slack: SlackStandIn, web: WebClient, app: App) -> None:
    view_id = opened(slack, web, form())
    filled = {"summary": {"text": {"value": "Login fails"}}}
    app.answers = [
        {"response_action": "errors", "errors": {"summary": "Too short"}},
        {"response_action": "push", "view": form(callback_id="second")},
        {"response_action": "update", "view": form(callback_id="third")},
        "",
        {"response_action": "clear"},
    ]
    seen: list[tuple[str, int]] = []
    for _ in range(5):
        current = slack.current_view(MEMBER)
        assert current is not None
        assert slack.submit(MEMBER, current["id"], filled).trouble == ""
        top = slack.current_view(MEMBER)
        seen.append((top["callback_id"] if top else "", len(slack.shown[MEMBER].modals)))
    assert seen == [("create", 1), ("second", 2), ("third", 2), ("create", 1), ("", 0)]
    sent = [payload["view"]["state"]["values"]["summary"]["text"] for payload in app.interactions[1:]]
    assert sent == [{"type": "plain_text_input", "value": "Login fails"}] * 5
    assert slack.views[view_id]["root_view_id"] == view_id


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        ({"response_action": "errors", "errors": {"nowhere": "x"}}, "invalid_errors {'unknown': ['nowhere']}"),
        ({"response_action": "explode"}, "invalid_response_action {'given': 'explode'}"),
        (
            {"response_action": "update", "view": form(title=text("x" * 25))},
            "invalid_arguments {'response_metadata': {'messages': "
            "['[ERROR] must be a plain_text of 1 to 24 characters [json-pointer:/view/title]']}}",
        ),
    ],
)
def test_an_answer_that_slack_would_not_take_is_trouble(
    slack: SlackStandIn, web: WebClient, app: App, answer: Any, trouble: str
) -> None:
    view_id = opened(slack, web, form())
    app.answers = [answer]
    given = slack.submit(MEMBER, view_id, {"summary": {"text": {"value": "x"}}})
    assert given == Answer(200, answer, trouble)


def test_slack_keeps_a_form_open_until_it_is_filled_in(slack: SlackStandIn, web: WebClient) -> None:
    view_id = opened(slack, web, form())
    with pytest.raises(ValueError, match="summary must be filled in"):
        slack.submit(MEMBER, view_id)


def test_a_menu_asks_the_app_for_its_options(slack: SlackStandIn, web: WebClient, app: App) -> None:
    view_id = opened(slack, web, form())
    offered = [{"text": text("Operations"), "value": "OPS"}]
    app.answers = [{"options": offered}]
    assert slack.options(MEMBER, view_id, "project", "op") == offered
    asked = app.interactions[-1]
    assert (asked["type"], asked["block_id"], asked["action_id"], asked["value"]) == (
        "block_suggestion",
        "project",
        "project",
        "op",
    )


def test_a_click_carries_the_message_and_a_way_to_answer(slack: SlackStandIn, web: WebClient, app: App) -> None:
    buttons = [{"type": "button", "action_id": f"take{n}", "text": text("Take"), "value": f"OPS-{n}"} for n in (1, 2)]
    posted = web.chat_postMessage(channel=DEV, text="hello", blocks=[{"type": "actions", "elements": buttons}])
    assert slack.click(MEMBER, "take2", message=data(posted)["ts"]) == Answer(200, "")
    [payload] = app.interactions
    assert (payload["actions"][0]["value"], payload["message"]["ts"], payload["channel"]["id"]) == (
        "OPS-2",
        posted["ts"],
        DEV,
    )
    assert payload["response_url"].startswith(slack.url)


def test_a_closed_window_is_told_if_the_app_asked_for_it(slack: SlackStandIn, web: WebClient, app: App) -> None:
    slack.close_view(MEMBER, opened(slack, web, form()))
    slack.close_view(MEMBER, opened(slack, web, form(notify_on_close=True)))
    assert [payload["type"] for payload in app.interactions] == ["shortcut", "shortcut", "view_closed"]
    assert slack.current_view(MEMBER) is None


def test_the_home_tab_is_published_for_one_user(slack: SlackStandIn, web: WebClient, app: App) -> None:
    slack.open_home(MEMBER)
    web.views_publish(user_id=MEMBER, view={"type": "home", "blocks": [{"type": "divider"}]})
    slack.open_home(MEMBER)
    slack.flush()
    assert [("view" in event, event["tab"]) for event in app.inner()] == [(False, "home"), (True, "home")]
    assert [(slack.home(user) or {}).get("type") for user in (MEMBER, ADMIN)] == ["home", None]


def test_a_home_that_changed_meanwhile_is_not_replaced_by_its_hash(
    slack: SlackStandIn, web: WebClient, app: App
) -> None:
    def publish(words: str, **over: str) -> Any:
        block = {"type": "section", "text": {"type": "plain_text", "text": words}}
        return data(web.views_publish(user_id=MEMBER, view={"type": "home", "blocks": [block]}, **over))["view"]["hash"]

    first = publish("one", hash="nothing was published before it")
    second = publish("two", hash=first)
    assert refused(web.views_publish, user_id=MEMBER, view={"type": "home", "blocks": []}, hash=first) == (
        "hash_conflict"
    )
    assert (slack.home(MEMBER) or {})["hash"] == second
    slack.open_home(MEMBER, "messages")
    slack.open_home(MEMBER)
    slack.flush()
    assert [event.get("view", {}).get("hash") for event in app.inner()] == [None, second]


def test_what_is_used_in_a_home_reaches_the_app_with_the_view_and_no_channel(
    slack: SlackStandIn, web: WebClient, app: App
) -> None:
    choices = [[{"text": {"type": "plain_text", "text": word}, "value": f"{word} {key}"} for word in ("edit", "open")]
               for key in ("OPS-1", "OPS-2")]  # fmt: skip
    rows = [
        {"type": "section", "text": {"type": "mrkdwn", "text": "an issue"},
         "accessory": {"type": "overflow", "action_id": "more", "options": options}}
        for options in choices
    ]  # fmt: skip
    label, typed = {"type": "plain_text", "text": "Search"}, {"type": "plain_text_input", "action_id": "search"}
    field = {"type": "input", "block_id": "field", "label": label, "element": typed}
    told = {**field, "block_id": "told", "element": {**typed, "action_id": "told"}, "dispatch_action": True}
    blocks = [*rows, field, told]
    web.views_publish(user_id=MEMBER, view={"type": "home", "private_metadata": "kept", "blocks": blocks})
    view_id = (slack.home(MEMBER) or {})["id"]
    slack.click(MEMBER, "more", value="open OPS-2", view=view_id)
    slack.click(MEMBER, "told", value="printer", view=view_id)
    with pytest.raises(ValueError, match="the app is not told of search"):
        slack.click(MEMBER, "search", value="printer", view=view_id)
    chosen, searched = app.interactions
    assert (chosen["actions"][0]["selected_option"]["value"], searched["actions"][0]["value"]) == (
        "open OPS-2", "printer",
    )  # fmt: skip
    assert {name for name in ("channel", "message", "response_url") if name in chosen} == set()
    assert (chosen["container"], chosen["view"]["private_metadata"]) == ({"type": "view", "view_id": view_id}, "kept")
