"""Whether others can read a channel by now who could not when something private was let into it.

Slack tells of that by an event. One that never came is made up for: before something private goes into a channel that
was not looked at for some minutes, Slack is asked who can read it.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from adapters.errors import Rejected
from adapters.slack.client import Channel, SlackClient
from bot.operations.base import Effect
from bot.services import Services
from storage import mappings, preferences, subscriptions
from storage.integrations import Integration

OPENED = "opened"
"""The preference that remembers since when (a Unix time) others may read a channel."""
OPEN_TO = "open to"
"""The one that remembers how it was open to them when connect last knew: `public`, `shared`, both or neither."""
SKIPPED = "others can read this channel by now"


def withheld(services: Services, slack: SlackClient, row: Integration) -> Effect | None:
    """The effect of a call that shows something private where others can read it by now, which is none; else None.

    `opened` in it says how they came to, if nothing was done about that yet.
    """
    if not row.payload.get("private"):
        return None
    channel: str = row.payload["channel"]
    with services.database.read() as connection:
        since: float | None = preferences.get(connection, channel, OPENED)
    if since is not None and row.created_at.timestamp() < since:
        return Effect("", data={"skipped": SKIPPED})
    how = _newly_open(services, slack, channel)
    return Effect("", data={"skipped": SKIPPED, "opened": how}) if how else None


def _newly_open(services: Services, slack: SlackClient, channel: str) -> str:
    now = services.now()
    if services.looked.get(channel, now):
        return ""
    try:
        seen = slack.channel(channel.partition("/")[2] or channel)
    except Rejected:
        return ""  # what is wrong with the channel the call itself is told, in words of its own
    how = services.database.run(lambda connection: _noticed(services, connection, channel, open_to(seen)))
    if not how:
        services.looked.put(channel, True, now)
    return how


def open_to(seen: Channel) -> list[str]:
    """How a channel can be read by others than those who are in it and of this workspace."""
    kinds = {"public": not (seen.private or seen.direct), "shared": seen.shared}
    return [kind for kind, holds in kinds.items() if holds]


def _noticed(services: Services, connection: Connection, channel: str, seen: Sequence[str]) -> str:
    """How the channel is open since connect last knew; what is the same, or less, is remembered."""
    known: Sequence[str] | None = preferences.get(connection, channel, OPEN_TO)
    if known is None:
        known = () if _was_closed(connection, channel) else seen
    new = [kind for kind in seen if kind not in known]
    if not new:
        _note(services, connection, channel, seen)
    return next(iter(new), "")


def _was_closed(connection: Connection, channel: str) -> bool:
    """Whether something was let into a channel that is let into private ones only, and it was never opened since."""
    if preferences.get(connection, channel, OPENED) is not None:
        return False
    kept = [one for service in ("github", "jira") for one in subscriptions.of_channel(connection, channel, service)]
    own = mappings.other_ends(connection, "channel", "slack", channel, "jira")
    return any(one.private and one.created_by != "api" for one in kept) or any(one.extra.get("secured") for one in own)


def is_closed(services: Services, channel: str, seen: Channel) -> bool:
    """Whether what is private may go into a channel (`team/channel`); if so it is remembered, for when that ends."""
    open_now = open_to(seen)
    if not open_now:
        services.database.run(lambda connection: _note(services, connection, channel, open_now))
    return not open_now


def _note(services: Services, connection: Connection, channel: str, seen: Sequence[str]) -> None:
    if preferences.get(connection, channel, OPEN_TO) != list(seen):
        preferences.put(connection, channel, OPEN_TO, list(seen), services.now())
