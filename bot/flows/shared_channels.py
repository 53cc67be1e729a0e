"""A channel that others share from now on: its subscriptions tell nothing private any more, whoever made them.

What is private is withheld at once. Then GitHub is asked which of the repositories are private; their subscriptions
pause, and the channel is told, without naming them to those who came. Nothing goes on by itself afterwards.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from adapters.errors import AdapterError
from bot.flows.plan import Consequences, to_slack
from bot.message import Message, section
from storage import subscriptions
from storage.integrations import Integration, NewIntegration

SHARED = "the repository is private, and the channel was shared with another organization"
_SAID = (
    ":lock: This channel is shared with another organization now: of GitHub only what is public is told here, and the "
    "subscriptions to private repositories are paused. `/github list` shows them to you. Once the channel is no longer "
    "shared, `/github resume` goes on, for those who may read them; until then whoever runs connect can let one go on."
)
_ENDED = (
    "This channel is no longer shared with others. What was paused for that stays so until somebody who may read it on "
    "GitHub types `/github resume`."
)


def shared(connection: Connection, channel: str, event: str, now: datetime) -> list[NewIntegration]:
    """Withhold what is private from now on, and ask which repositories are."""
    kept = [one for one in subscriptions.of_channel(connection, channel, "github") if one.private]
    for one in kept:
        subscriptions.change(connection, one.id, now, private=0)
    sources = sorted({one.source.lower() for one in kept if "/" in one.source and not one.paused})
    if not kept:
        return []
    key = f"shared:{channel}:{now.isoformat()}"
    return [
        NewIntegration(
            operation="find_private",
            key=key,
            ordering_key=key,
            source_service="slack",
            target_service="github",
            event_type=event,
            source_id=channel,
            target_id=channel,
            payload={"channel": channel, "repositories": sources},
        )
    ]


def found(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """Pause the subscriptions to what is private, and tell the channel."""
    private = set(data["private"])
    return Consequences(later=lambda connection, now: _paused(connection, row, private, now))


def not_found(row: Integration, _: AdapterError) -> Consequences:
    """What GitHub does not say counts as private."""
    return found(row, {"private": row.payload["repositories"]})


def _paused(connection: Connection, row: Integration, private: set[str], now: datetime) -> list[NewIntegration]:
    channel = row.payload["channel"]
    for one in subscriptions.of_channel(connection, channel, "github"):
        if one.source.lower() in private and not one.private:
            subscriptions.pause(connection, one.id, SHARED, now)
    return [_told(f"{row.key}:told", channel, row.event_type, _SAID)]


def unshared(connection: Connection, channel: str, event: str, now: datetime) -> list[NewIntegration]:
    """How to go on, if something was paused because others shared the channel."""
    kept = subscriptions.of_channel(connection, channel, "github")
    if not any(one.paused == SHARED for one in kept):
        return []
    return [_told(f"unshared:{channel}:{now.isoformat()}", channel, event, _ENDED)]


def _told(key: str, channel: str, event: str, said: str) -> NewIntegration:
    cause = {"source_service": "slack", "event_type": event, "source_id": channel}
    return to_slack("post_message", key, channel, cause, channel, {"channel": channel}, Message(said, [section(said)]))
