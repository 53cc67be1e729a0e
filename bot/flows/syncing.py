"""What goes through a link of a thread and an issue: both ways, only to Jira, only to Slack, or nothing.

The thread chooses, not the issue: the same issue may be quiet in one channel and not in another. The card shows the
issue's state whatever was chosen.
"""

from datetime import datetime

from sqlalchemy import Connection

from bot.spelling import plain
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
    mode = plain(word).lower().replace("-", "_")
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
