"""A channel that others may read from now on: it was shared with another organization, or made public.

Nothing private is told there any more, whoever let it be told. What is private is withheld at once. Then GitHub is
asked which of the repositories are private; their subscriptions pause, and the channel is told, without naming them to
those who came. Nothing goes on by itself afterwards.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from adapters.errors import AdapterError
from bot.flows.plan import Consequences, to_slack
from bot.flows.repositories import PRIVATE
from bot.message import Message, section
from bot.operations.channels import TYPE
from bot.operations.hearers import OPEN_TO, OPENED
from storage import mappings, preferences, subscriptions
from storage.integrations import Integration, NewIntegration
from storage.mappings import Found
from storage.subscriptions import Kept

SHARED = "the repository is private, and the channel was shared with another organization"
PUBLIC = "the repository is private, and the channel was made public"
HIDING = (PRIVATE, SHARED, PUBLIC)
"""Why a subscription is paused whose channel may not see what it is about."""
_GITHUB = (
    " Of GitHub only what is public is told here, and the subscriptions to private repositories are paused. `/github "
    "list` shows them to you. Once the channel is {}, `/github resume` goes on, for those who may read them; until "
    "then whoever runs connect can let one go on."
)
_JIRA = (
    " Of Jira nothing is told here that has a security level; once the channel is {}, whoever types its `/jira "
    "subscribe` again brings that back."
)
_ENDED = (
    "This channel is {}. What was paused because others could read it stays so until somebody who may read it on "
    "GitHub types `/github resume`."
)


class _Opening(NamedTuple):
    """How a channel was opened to others: why its subscriptions pause, what is said, and what ends it."""

    reason: str
    said: str
    until: str


_OPENINGS = {
    "shared": _Opening(SHARED, "This channel is shared with another organization now.", "no longer shared"),
    "public": _Opening(PUBLIC, "This channel is public now.", "private again"),
}


def opened(connection: Connection, channel: str, how: str, event: str, now: datetime) -> list[NewIntegration]:
    """Withhold what is private from now on, and ask which repositories are; `how` is `shared` or `public`."""
    kept = _revealing(connection, channel, "github")
    jira = [*_revealing(connection, channel, "jira"), *_secured(connection, channel)]
    for one in kept + [each for each in jira if isinstance(each, Kept)]:
        subscriptions.change(connection, one.id, now, private=0)
    for link in (each for each in jira if isinstance(each, Found)):
        mappings.add_extra(connection, link.row_id, {"secured": "", "private": "yes"})
    preferences.put(connection, channel, OPENED, now.timestamp(), now)
    known: list[str] | None = preferences.get(connection, channel, OPEN_TO)
    if known is not None:
        preferences.put(connection, channel, OPEN_TO, sorted({*known, how}), now)
    key, of_jira = f"{how}:{channel}:{now.isoformat()}", bool(jira)
    if not kept:
        return [_told(f"{key}:told", channel, event, _said(how, github=False, jira=True))] if of_jira else []
    sources = sorted({one.source.lower() for one in kept if "/" in one.source and not one.paused})
    payload = {"channel": channel, "repositories": sources, "how": how, "jira": of_jira}
    return [NewIntegration("find_private", key, key, "slack", "github", event, channel, channel, payload)]


def _revealing(connection: Connection, channel: str, service: str) -> list[Kept]:
    return [one for one in subscriptions.of_channel(connection, channel, service) if one.private]


def _secured(connection: Connection, channel: str) -> list[Found]:
    """What ties the channel and its threads to an issue with a security level for which it was made."""
    found = [one for one in mappings.other_ends(connection, TYPE, "slack", channel, "jira") if one.extra.get("secured")]
    threads = [thread for one in found for thread in mappings.threads_of(connection, "jira", one.id, one.uid)]
    inside = [one for one in threads if one.id.startswith(f"{channel}/") and one.extra.get("secured")]
    return [*found, *inside]


def _said(how: str, *, github: bool, jira: bool) -> str:
    opening = _OPENINGS[how]
    told = [_GITHUB.format(opening.until) if github else "", _JIRA.format(opening.until) if jira else ""]
    return f":lock: {opening.said}{''.join(told)}"


def noticed(row: Integration, data: Mapping[str, Any], otherwise: Consequences) -> Consequences:
    """What follows where a call found a channel open to others, of which no event had told."""
    if "opened" not in data:
        return otherwise
    channel, how, event = row.payload["channel"], str(data["opened"]), row.event_type
    return Consequences(later=lambda connection, now: opened(connection, channel, how, event, now))


def found(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """Pause the subscriptions to what is private, and tell the channel."""
    private = set(data["private"])
    return Consequences(later=lambda connection, now: _paused(connection, row, private, now))


def not_found(row: Integration, _: AdapterError) -> Consequences:
    """What GitHub does not say counts as private."""
    return found(row, {"private": row.payload["repositories"]})


def _paused(connection: Connection, row: Integration, private: set[str], now: datetime) -> list[NewIntegration]:
    channel, how = row.payload["channel"], row.payload.get("how", "shared")
    for one in subscriptions.of_channel(connection, channel, "github"):
        if one.source.lower() in private and not one.private:
            subscriptions.pause(connection, one.id, _OPENINGS[how].reason, now)
    said = _said(how, github=True, jira=bool(row.payload.get("jira")))
    return [_told(f"{row.key}:told", channel, row.event_type, said)]


def closed(connection: Connection, channel: str, how: str, event: str, now: datetime) -> list[NewIntegration]:
    """How to go on, if something was paused because others could read the channel."""
    known: list[str] | None = preferences.get(connection, channel, OPEN_TO)
    if known:
        preferences.put(connection, channel, OPEN_TO, [kind for kind in known if kind != how], now)
    kept, opening = subscriptions.of_channel(connection, channel, "github"), _OPENINGS[how]
    if not any(one.paused == opening.reason for one in kept):
        return []
    return [_told(f"un{how}:{channel}:{now.isoformat()}", channel, event, _ENDED.format(opening.until))]


def _told(key: str, channel: str, event: str, said: str) -> NewIntegration:
    cause = {"source_service": "slack", "event_type": event, "source_id": channel}
    return to_slack("post_message", key, channel, cause, channel, {"channel": channel}, Message(said, [section(said)]))


def is_silenced(connection: Connection, thread: str) -> bool:
    """Whether others may read a thread's channel that was not open to them when the thread began."""
    channel, _, ts = thread.rpartition("/")
    since: float | None = preferences.get(connection, channel, OPENED)
    return since is not None and float(ts) < since
