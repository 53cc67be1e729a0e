"""What goes through a link of a thread and an issue: both ways, only to Jira, only to Slack, or nothing.

The thread chooses, not the issue: the same issue may be quiet in one channel and not in another. The card shows the
issue's state whatever was chosen.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.message import section, truncate
from bot.payload import Payload, text
from storage import mappings, preferences

NAME = "sync"
DEFAULT = "both"
MODES = {
    "both": "Both ways",
    "to_jira": "Only from here to Jira",
    "to_slack": "Only from Jira to here",
    "off": "Not at all",
}
"""What can be chosen, in words."""
SAID = {
    "both": "replies become comments, and what happens in Jira is told here",
    "to_jira": "replies become comments; nothing is told here, only the card changes",
    "to_slack": "what happens in Jira is told here; replies stay in Slack",
    "off": "replies stay in Slack and nothing is told here, only the card changes",
}
CALLBACK = "sync_settings"


def read(connection: Connection, thread: str) -> str:
    """What was chosen for a thread (`team/channel/ts`)."""
    chosen = preferences.get(connection, thread, NAME)
    return chosen if chosen in MODES else DEFAULT


def to_jira(connection: Connection, thread: str) -> bool:
    """Whether replies in the thread go to Jira."""
    return read(connection, thread) in ("both", "to_jira")


def to_slack(connection: Connection, thread: str) -> bool:
    """Whether what happens in Jira is told in the thread."""
    return read(connection, thread) in ("both", "to_slack")


def set_sync(connection: Connection, thread: str, mode: str, now: datetime) -> None:
    """Choose for a thread; raises `KeyError` for what cannot be chosen."""
    preferences.put(connection, thread, NAME, {mode: mode for mode in MODES}[mode], now)


def mode_of(word: str) -> str:
    """What somebody typed (`to-jira`), as it is stored; empty if it cannot be chosen."""
    mode = word.lower().replace("-", "_")
    return mode if mode in MODES else ""


def threads_in(connection: Connection, issue: str, channel: str) -> list[str]:
    """The threads of an issue in a channel (`team/channel`)."""
    found = mappings.threads_of(connection, "jira", issue, "")
    return [link.id for link in found if link.id.startswith(f"{channel}/") and not link.extra.get("closed")]


def choose(connection: Connection, issue: str, channel: str, mode: str, now: datetime) -> str:
    """Choose for an issue's threads in a channel, or with no `mode` only look; returns the answer."""
    threads = threads_in(connection, issue, channel)
    if not threads:
        return f"{issue} has no thread in this channel."
    if mode:
        for thread in threads:
            set_sync(connection, thread, mode, now)
    present = mode or read(connection, threads[-1])
    return f"{issue} in this channel: {SAID[present]}."


def view(issue: str, thread: str, mode: str) -> dict[str, Any]:
    """A small window in which to choose for a thread; what is submitted goes to `chosen`."""
    options = [{"text": {"type": "plain_text", "text": said}, "value": name} for name, said in MODES.items()]
    element = {
        "type": "radio_buttons", "action_id": NAME, "options": options,
        "initial_option": next(option for option in options if option["value"] == mode),
    }  # fmt: skip
    label = {"type": "plain_text", "text": "Between this thread and Jira"}
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": thread,
        "title": {"type": "plain_text", "text": truncate(f"Sync of {issue}", 24)},
        "submit": {"type": "plain_text", "text": "Save"},
        "close": {"type": "plain_text", "text": "Cancel"},
        "blocks": [
            section("Choose what goes through. The card always shows the present state."),
            {"type": "input", "block_id": NAME, "label": label, "element": element},
        ],
    }


def chosen(view: Payload) -> tuple[str, str]:
    """Thread and choice of a submitted window; the choice is empty if it makes no sense."""
    mode = text(view, "state", "values", NAME, NAME, "selected_option", "value")
    return text(view, "private_metadata"), mode_of(mode)
