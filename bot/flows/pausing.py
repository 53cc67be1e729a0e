"""Pausing: a subscription whose channel refuses for good is stopped, and whoever made it is told once how to go on.

Only what Slack says about the channel counts, not what it says about a message; threads that people opened are on no
subscription's account.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from adapters.errors import AdapterError, Rejected
from bot.flows.tell import tell
from bot.flows.tickets import cause_of
from bot.message import Message, escape, section
from storage import subscriptions
from storage.integrations import Integration, NewIntegration
from storage.subscriptions import Kept

log = logging.getLogger(__name__)

STRIKES = 3
"""How many refusals without a success between them pause a subscription."""


@dataclass(frozen=True)
class Trouble:
    """What ails a channel: as a row says it, as connect says it to a person, and what the person can do."""

    reason: str
    said: str
    remedy: str


_ARCHIVED = Trouble("the channel is archived", "the channel is archived", "Unarchive it and type {command} there")
_LOCKED = Trouble(
    "Slack's settings do not let connect post in the channel",
    "Slack's settings do not let me post there",
    "Ask an admin to let me post in the channel and type {command} there",
)
TROUBLES = {
    "channel_is_archived": _ARCHIVED,
    "channel_not_found": Trouble(
        "the channel is gone or connect cannot see it",
        "the channel is gone, or I cannot see it any more",
        "If it is still there, type `/invite @connect` and then {command} in it",
    ),
    "is_archived": _ARCHIVED,
    "not_in_channel": Trouble(
        "connect is not in the channel",
        "I am not in the channel any more",
        "Type `/invite @connect` and then {command} there",
    ),
    "restricted_action": _LOCKED,
    "restricted_action_read_only_channel": _LOCKED,
    "restricted_action_thread_only_channel": _LOCKED,
}
"""By Slack's word for it. https://docs.slack.dev/reference/methods/chat.postMessage#errors"""


def silence(kept: Kept) -> str:
    """Why nothing is planned for a subscription (empty: it is not paused)."""
    return f"the subscription is paused: {kept.paused}" if kept.paused else ""


def refusal(row: Integration, error: AdapterError) -> str:
    """Slack's word for what ails the subscription's channel; empty if it is not the channel that refuses."""
    code = error.code if isinstance(error, Rejected) else ""
    return code if code in TROUBLES and _on_account(row) else ""


def reached(row: Integration, data: Mapping[str, Any]) -> bool:
    """Whether a call that is done reached the channel of the subscription on whose account it was made."""
    return _on_account(row) and "skipped" not in data


def _on_account(row: Integration) -> bool:
    return row.target_service == "slack" and "subscription" in row.payload


def recover(connection: Connection, row: Integration) -> None:
    """Forget the strikes of the subscription on whose account the call was made."""
    subscriptions.recover(connection, int(row.payload["subscription"]), row.payload["channel"])


def strike(connection: Connection, row: Integration, code: str, now: datetime) -> list[NewIntegration]:
    """Count a refusal against the subscription; what its maker is told if that pauses it."""
    subscription, channel, trouble = int(row.payload["subscription"]), row.payload["channel"], TROUBLES[code]
    invite = ": type `/invite @connect` there" if "/invite" in trouble.remedy else ""
    unsaid = f"the last message could not be posted: {trouble.said}{invite}"
    kept = subscriptions.strike(connection, subscription, channel, trouble.reason, STRIKES, now, unsaid)
    return _told(row, kept, notice(kept, trouble), trouble.reason, now) if kept is not None else []


def stopped(connection: Connection, row: Integration, kept: Kept, wrong: str, now: datetime) -> list[NewIntegration]:
    """Pause a subscription whose JQL Jira does not accept any more; what its maker is told."""
    reason = f"Jira does not accept its JQL: {wrong}"
    if not subscriptions.pause(connection, kept.id, reason, now):
        return []
    remedy = f"Type `/jira subscriptions` in <#{kept.channel.rpartition('/')[2]}> and press Edit to mend it."
    text = f"I stopped posting *{_title(kept)}* to <#{kept.channel.rpartition('/')[2]}>: {escape(reason, 300)} {remedy}"
    return _told(row, kept, Message(text, [section(f":warning: {text}")]), reason, now)


def _told(row: Integration, kept: Kept, said: Message, reason: str, now: datetime) -> list[NewIntegration]:
    log.warning("integration %s: subscription %s is paused: %s", row.id, kept.id, reason)
    if "/" not in kept.created_by:
        log.warning("subscription %s: %s made it, so there is nobody in Slack to tell", kept.id, kept.created_by)
        return []
    key = f"paused:{kept.id}:{now.isoformat()}"
    told = tell({"requester": kept.created_by}, key, cause_of(row), said)
    return [told] if told else []


def notice(kept: Kept, trouble: Trouble) -> Message:
    """What whoever made a subscription is told when it is paused."""
    command = f"`/{kept.source_service} subscribe {escape(kept.source)}{' ' if kept.name else ''}{escape(kept.name)}`"
    remedy = trouble.remedy.format(command=command)
    text = (
        f"I stopped posting *{_title(kept)}* to <#{kept.channel.rpartition('/')[2]}>: {trouble.said}. "
        f"{remedy} to start again. If it should stay quiet, there is nothing to do."
    )
    return Message(text, [section(f":warning: {text}")])


def _title(kept: Kept) -> str:
    return escape(kept.source) + (f" ({escape(kept.name)})" if kept.name else "")
