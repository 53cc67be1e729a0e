"""What the Slack pane shows: the workspace with all that is in it; the page picks what the visitor's person sees."""

import copy
from typing import Any

from sandbox.playground import Playground
from sandbox.slack.wire import Conversation, Json
from sandbox.slack.workspace import Workspace

MOST_MESSAGES = 200


def shown(playground: Playground) -> Json:
    """People, conversations with their newest messages, windows by person, and what the app's manifest offers."""
    slack, features = playground.slack, playground.manifest["features"]
    with slack.lock:
        return copy.deepcopy({
            "people": [_person(each) for each in slack.users.values()],
            "channels": [_channel(each) for each in slack.channels.values()],
            "ephemerals": slack.ephemerals[-MOST_MESSAGES:],
            "screens": {user: _screen(slack, user) for user in slack.shown},
            "steps": slack.steps,
            "commands": [
                {name: each[name] for name in ("command", "description", "usage_hint")}
                for each in features["slash_commands"]
            ],
            "shortcuts": features["shortcuts"],
        })  # fmt: skip


def _person(user: Json) -> Json:
    role = next((role for role, mark in (
        ("app", "is_bot"), ("stranger", "is_stranger"), ("guest", "is_restricted"), ("admin", "is_admin"),
    ) if user[mark]), "member")  # fmt: skip
    return {"id": user["id"], "name": user["real_name"], "handle": user["name"], "role": role}


def _channel(place: Conversation) -> Json:
    names = ("id", "name", "kind", "members", "archived", "shared", "user", "topic")
    return {name: getattr(place, name) for name in names} | {"messages": place.messages[-MOST_MESSAGES:]}


def _screen(slack: Workspace, user: str) -> dict[str, Any]:
    """The person's windows, the last one on top, with what is said at their fields; and the app's home."""
    windows = slack.shown[user]
    return {
        "modals": [slack.views[each] for each in windows.modals],
        "home": slack.views.get(windows.home),
        "errors": {each: slack.form_errors[each] for each in windows.modals if each in slack.form_errors},
    }
