"""Block Kit as the stand-in checks it: each rule of Slack's is kept."""

from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox.blocks import Surface, problems
from sandbox.slack import DEV
from tests.sandbox import slack_cases
from tests.sandbox.slack_cases import form, refused, text

# slack_sdk's methods take bare `dict` and `**kwargs`, which a strict check cannot see through.
# pyright: reportUnknownMemberType=false

app = slack_cases.app
slack = slack_cases.slack
web = slack_cases.web

BUTTON: dict[str, Any] = {"type": "button", "action_id": "a", "text": text("Go")}


def section(words: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}}


def menu(*values: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "static_select",
        "action_id": "m",
        "options": [{"text": text(value), "value": value} for value in values],
    } | more


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def test_good_blocks_have_no_problems() -> None:
    assert problems([{"type": "header", "text": text("Hello")}, section("x"), {"type": "divider"}], "message") == []
    assert problems([actions(BUTTON, menu("a", "b"))], "home") == []
    assert problems(form()["blocks"], "modal") == []


@pytest.mark.parametrize(
    ("blocks", "surface", "expected"),
    [
        ([section("x")] * 51, "message", ["no more than 50 items allowed [json-pointer:/blocks]"]),
        ([section("x")] * 101, "modal", ["no more than 100 items allowed [json-pointer:/blocks]"]),
        ([section("")], "message", ["must be more than 0 characters [json-pointer:/blocks/0/text/text]"]),
        ([section("x" * 3001)], "message", ["must be less than 3001 characters [json-pointer:/blocks/0/text/text]"]),
        ([{"type": "section"}], "message", ["missing required field: text [json-pointer:/blocks/0]"]),
        (
            [{"type": "section", "fields": [text("x")] * 11}],
            "message",
            ["no more than 10 items allowed [json-pointer:/blocks/0/fields]"],
        ),
        (
            [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
            "message",
            ["must be a plain_text object [json-pointer:/blocks/0/text]"],
        ),
        ([{"type": "marquee"}], "message", ["unsupported type: marquee [json-pointer:/blocks/0/type]"]),
        ([{"type": "markdown", "text": "x"}], "modal", ["unsupported type: markdown [json-pointer:/blocks/0/type]"]),
        (["text"], "message", ["must be an object [json-pointer:/blocks/0]"]),
        ("text", "message", ["must be an array [json-pointer:/blocks]"]),
        (
            [section("x") | {"block_id": "b"}, section("y") | {"block_id": "b"}],
            "message",
            ["`block_id` b already exists [json-pointer:/blocks/1/block_id]"],
        ),
        (
            [actions(BUTTON, BUTTON)],
            "message",
            ["`action_id` a already exists [json-pointer:/blocks/0/elements/1/action_id]"],
        ),
        (
            [actions(*({"type": "button", "text": text("x"), "action_id": str(n)} for n in range(26)))],
            "message",
            ["no more than 25 items allowed [json-pointer:/blocks/0/elements]"],
        ),
        (
            [actions({"type": "plain_text_input", "action_id": "a"})],
            "message",
            ["unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]"],
        ),
        (
            [{"type": "input", "label": text("x"), "element": BUTTON}],
            "modal",
            ["unsupported type: button [json-pointer:/blocks/0/element/type]"],
        ),
        (
            [actions(BUTTON | {"text": text("x" * 76), "style": "loud"})],
            "message",
            [
                "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
                "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]",
            ],
        ),
        (
            [actions(menu(*map(str, range(101))))],
            "message",
            ["no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]"],
        ),
        ([actions(menu())], "message", ["no fewer than 1 items allowed [json-pointer:/blocks/0/elements/0/options]"]),
        (
            [actions(menu("a", initial_option={"text": text("b"), "value": "b"}))],
            "message",
            ["initial option does not match any of the options [json-pointer:/blocks/0/elements/0]"],
        ),
        (
            [{"type": "context", "elements": [BUTTON]}],
            "message",
            ["unsupported type: button [json-pointer:/blocks/0/elements/0/type]"],
        ),
        (
            [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [text("x")]}]}],
            "message",
            ["unsupported type in rich text [json-pointer:/blocks/0/elements/0/elements/0]"],
        ),
        (
            [
                {
                    "type": "rich_text",
                    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": ""}]}],
                }
            ],
            "message",
            ["missing required field: text [json-pointer:/blocks/0/elements/0/elements/0]"],
        ),
    ],
)
def test_each_rule_of_block_kit_is_kept(blocks: Any, surface: Surface, expected: list[str]) -> None:
    assert problems(blocks, surface) == expected


def test_a_message_of_too_much_text_is_refused(web: WebClient) -> None:
    assert refused(web.chat_postMessage, channel=DEV, text="x", blocks=[section("x" * 3000)] * 5) == (
        "msg_blocks_too_long"
    )
    assert refused(web.api_call, api_method="chat.postMessage", json={"channel": DEV, "text": " "}) == "no_text"
    assert refused(web.chat_postMessage, channel=DEV, text="x", thread_ts="1.000000") == "thread_not_found"


def test_a_tables_cells_are_text_or_rich_text_and_a_message_has_one_table() -> None:
    leading = {"type": "link", "url": "mailto:ada@example.com", "text": "Ada"}
    link = {"type": "rich_text_section", "elements": [leading]}
    good = {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}, {"type": "rich_text", "elements": [link]}]]}
    assert problems([good], "message") == []
    assert problems([good, good], "message") == ["only_one_table_allowed [json-pointer:/blocks]"]
    bad = {"type": "table", "rows": [[{"type": "raw_text", "text": ""}, {"type": "mrkdwn", "text": "*a*"}]]}
    assert problems([bad], "message") == [
        "must be more than 0 characters [json-pointer:/blocks/0/rows/0/0/text]",
        "unsupported type: mrkdwn [json-pointer:/blocks/0/rows/0/1/type]",
    ]
