"""What people do to a thread or its channel: they delete the card or the first message, or archive the channel.

connect heeds it without a word where those who did it know, tells it once where others may wonder, and tries no more:

- a card in a people's thread is deleted: it is not drawn again; the thread goes on
- a card that is a thread's first message is deleted: nothing more of that issue is told in that channel
- the first message of a people's thread is deleted: the link ends, and the thread is told so
- the channel is archived: its subscriptions pause, and who made them is told; its threads are left alone until somebody
  brings it back
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from bot.flows import pausing
from bot.flows.own import connect_in_slack
from bot.flows.plan import Planned, to_slack
from bot.flows.tell import tell
from bot.message import Message, escape
from bot.payload import Payload, mapping, text
from bot.services import Services
from storage import mappings, preferences, subscriptions
from storage.integrations import NewIntegration

ARCHIVED = "archived"
SERVICES = ("jira", "github")


def message_gone(connection: Connection, place: str, thread: str, event: str) -> list[NewIntegration]:
    """Note that a message (`team/channel/ts`) of a thread was deleted; returns what is to be told."""
    told: list[NewIntegration] = []
    for service in SERVICES:
        for link in mappings.other_ends(connection, "thread", "slack", thread, service):
            if link.extra.get("closed"):
                continue
            if place == thread:
                mappings.add_extra(connection, link.row_id, {"closed": "yes"})
                told += [_farewell(place, link.id, event)] if link.source_service == "slack" else []
            elif link.extra.get("card_ts") == place.rpartition("/")[2]:
                mappings.add_extra(connection, link.row_id, {"card_ts": ""})
    return told


def own_message_gone(services: Services, payload: Payload) -> Callable[[Connection], Planned] | None:
    """What it comes to that somebody deleted a message of connect's own; None if the event is anything else.

    Bolt passes no event on that is about the app's own messages.
    """
    event = mapping(payload, "event")
    left = mapping(event, "message")  # of a message with replies a tombstone is left
    before = mapping(event, "previous_message")
    subtype = text(event, "subtype")
    gone = subtype == "message_deleted" or (subtype == "message_changed" and text(left, "subtype") == "tombstone")
    connect = connect_in_slack(services) if gone and text(before, "bot_id") else None
    if connect is None or text(before, "bot_id") != connect.bot_id:
        return None
    channel, ts = f"{connect.team_id}/{text(event, 'channel')}", text(event, "deleted_ts") or text(before, "ts")
    place, thread = f"{channel}/{ts}", f"{channel}/{text(before, 'thread_ts') or ts}"

    def note(connection: Connection) -> Planned:
        rows = tuple(message_gone(connection, place, thread, f"message.{subtype}"))
        return Planned(rows, "" if rows else "a message of connect's own was deleted")

    return note


def _farewell(place: str, resource: str, event: str) -> NewIntegration:
    channel, _, ts = place.rpartition("/")
    key, cause = f"{place}:closed", {"source_service": "slack", "event_type": event, "source_id": place}
    text = f"The message that began this thread was deleted, so I no longer connect it with {escape(resource)}."
    return to_slack("post_message", key, key, cause, channel, {"channel": channel, "thread_ts": ts}, Message(text))


def archived(connection: Connection, channel: str, event: str, now: datetime) -> list[NewIntegration]:
    """Note that a channel was archived; returns what those are told who made its subscriptions."""
    preferences.put(connection, channel, ARCHIVED, True, now)
    trouble, told = pausing.TROUBLES["is_archived"], list[NewIntegration]()
    for kept in (kept for service in SERVICES for kept in subscriptions.of_channel(connection, channel, service)):
        if kept.paused or not subscriptions.change(connection, kept.id, now, paused=trouble.reason):
            continue
        cause = {"source_service": "slack", "event_type": event, "source_id": channel}
        notice = pausing.notice(kept, trouble)
        maker = kept.created_by if "/" in kept.created_by else ""
        answer = tell({"requester": maker}, f"archived:{kept.id}:{now.isoformat()}", cause, notice)
        told += [answer] if answer else []
    return told


def refused(connection: Connection, channel: str, now: datetime) -> None:
    """Note that Slack says of a channel that it is archived."""
    preferences.put(connection, channel, ARCHIVED, True, now)


def in_use(connection: Connection, channel: str) -> None:
    """Note that a channel is not archived (any more)."""
    preferences.remove(connection, channel, ARCHIVED)


def is_archived(connection: Connection, channel: str) -> bool:
    """Whether a channel is known to be archived."""
    return preferences.get(connection, channel, ARCHIVED) is not None
