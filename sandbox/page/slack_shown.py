"""What the Slack pane shows: the workspace with all that is in it; the page picks what the visitor's person sees."""

import copy
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast

from markdown_it import MarkdownIt

from sandbox.playground import Playground
from sandbox.slack.wire import Conversation, Json
from sandbox.slack.workspace import Workspace

MOST_MESSAGES = 200
MOST_REFUSALS = 50
TOLD_REFUSALS = (
    "invalid_arguments", "invalid_blocks", "invalid_blocks_format", "invalid_errors", "invalid_metadata_format",
    "invalid_metadata_schema", "invalid_response_action", "invalid_unfurls_format", "metadata_too_large",
    "msg_blocks_too_long", "msg_too_long", "no_text", "parameter_validation_failed", "view_too_large",
)  # fmt: skip
"""Those that say something about what connect made; the others (a channel that is archived, …) are part of its life."""
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def shown(playground: Playground) -> Json:
    """People, conversations with their newest messages, windows by person, and what the app's manifest offers."""
    slack, features = playground.slack, playground.manifest["features"]
    with slack.lock:
        return copy.deepcopy({
            "people": [_person(each) for each in slack.users.values()],
            "channels": [_channel(each) for each in slack.channels.values()],
            "ephemerals": [_message(each) for each in slack.ephemerals[-MOST_MESSAGES:]],
            "screens": {user: _screen(slack, user) for user in slack.shown},
            "panels": slack.links.panels,
            "steps": slack.steps,
            "refusals": [each for each in slack.refusals if each["error"] in TOLD_REFUSALS][-MOST_REFUSALS:],
            "commands": [
                {name: each[name] for name in ("command", "description", "usage_hint", "should_escape")}
                for each in features["slash_commands"]
            ],
            "shortcuts": features["shortcuts"],
            "functions": functions(playground.manifest["functions"]),
        })  # fmt: skip


def functions(declared: Mapping[str, Json]) -> list[Json]:
    """The steps that Workflow Builder offers, with what they take; what only lists options for others is no step."""
    behind = {
        each["dynamic_options"]["function"].removeprefix("#/functions/")
        for function in declared.values()
        for each in function["input_parameters"].values()
        if "dynamic_options" in each
    }
    return [
        {"id": name, "title": function["title"], "description": function["description"],
         "inputs": [_input(each) for each in function["input_parameters"].values()
                    if each["type"] != "slack#/types/user_context"]}
        for name, function in declared.items()
        if name not in behind
    ]  # fmt: skip


def _input(given: Json) -> Json:
    return {
        "name": given["name"], "title": given["title"], "description": given.get("description", ""),
        "type": given["type"], "required": bool(given.get("is_required")), "options": "dynamic_options" in given,
    }  # fmt: skip


def _person(user: Json) -> Json:
    role = next((role for role, mark in (
        ("app", "is_bot"), ("stranger", "is_stranger"), ("guest", "is_restricted"), ("admin", "is_admin"),
    ) if user[mark]), "member")  # fmt: skip
    return {"id": user["id"], "name": user["real_name"], "handle": user["name"], "role": role}


def _channel(place: Conversation) -> Json:
    names = ("id", "name", "kind", "members", "archived", "shared", "user", "topic")
    messages = [_message(each) for each in place.messages[-MOST_MESSAGES:]]
    return {name: getattr(place, name) for name in names} | {"messages": messages}


def _message(message: Json) -> Json:
    """The message without what nobody sees, its markdown as HTML."""
    seen = {key: value for key, value in message.items() if key not in ("metadata", "bot_profile", "root")}
    return seen | ({"blocks": _drawn(seen["blocks"])} if seen.get("blocks") else {})


def _drawn(blocks: list[Json]) -> list[Json]:
    return [each | {"html": as_html(each["text"])} if each["type"] == "markdown" else each for each in blocks]


@lru_cache(maxsize=500)
def as_html(markdown: str) -> str:
    """A markdown block as the page may show it: HTML that was typed stays text."""
    return cast("str", _MARKDOWN.render(markdown))


def _screen(slack: Workspace, user: str) -> dict[str, Any]:
    """The person's windows, the last one on top, with what is said at their fields; and the app's home."""
    windows = slack.shown[user]
    return {
        "modals": [slack.views[each] for each in windows.modals],
        "home": slack.views.get(windows.home),
        "errors": {each: slack.form_errors[each] for each in windows.modals if each in slack.form_errors},
    }
