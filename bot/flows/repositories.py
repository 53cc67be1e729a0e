"""What becomes of subscriptions when their repository does: they follow its name, and pause where it hides or ends.

What else people chose by its name follows it too (`bot.flows.renamed`).

They belong to their channels, so none is ever removed, and none is stopped without a word.
"""

from datetime import datetime

from sqlalchemy import Connection

from bot.flows.plan import to_slack
from bot.message import Message, escape, section
from bot.payload import Payload, flag, text
from storage import hearing, subscriptions
from storage.integrations import NewIntegration
from storage.subscriptions import Kept

PRIVATE = "the repository is private now"
DELETED = "the repository was deleted"
MOVES = ("repository.renamed", "repository.transferred")


def follow(connection: Connection, event: str, payload: Payload, delivery: int, now: datetime) -> list[NewIntegration]:
    """Let the subscriptions follow what an event tells of their repository; what their channels are told."""
    name = text(payload, "repository", "full_name")
    if event in MOVES and name and (before := former(payload)):
        hearing.moved(connection, "github", before, name, now, hidden=flag(payload, "repository", "private"))
    if event == "organization.renamed":
        _organization(connection, payload, now)
    if event == "repository.privatized":
        return _hidden(connection, name, event, delivery, now)
    if event == "repository.deleted":
        return _deleted(connection, payload, delivery, now)
    return []


def former(payload: Payload) -> str:
    """The full name that a repository had before this event."""
    owner, _, bare = text(payload, "repository", "full_name").partition("/")
    old_name = text(payload, "changes", "repository", "name", "from")
    given = ("changes", "owner", "from")
    old_owner = text(payload, *given, "user", "login") or text(payload, *given, "organization", "login")
    return f"{old_owner or owner}/{old_name or bare}" if old_name or old_owner else ""


def _organization(connection: Connection, payload: Payload, now: datetime) -> None:
    before, after = text(payload, "changes", "login", "from"), text(payload, "organization", "login")
    if not before or not after:
        return
    hearing.moved(connection, "github", before, after, now)
    for source in sorted(subscriptions.sources(connection, "github")):
        owner, slash, bare = source.partition("/")
        if slash and owner == before.lower():
            hearing.moved(connection, "github", source, f"{after}/{bare}", now)


def _hidden(connection: Connection, name: str, event: str, delivery: int, now: datetime) -> list[NewIntegration]:
    """Pause the subscriptions of which nobody said that they may see it; each channel is told once.

    Whoever subscribed to a public repository was not asked whether they could read it otherwise.
    """
    kept = subscriptions.of_source(connection, "github", name)
    known = [one for one in kept if one.private and one.created_by == "api"]
    stopped = [
        one
        for one in kept
        if one not in known and not one.paused and subscriptions.pause(connection, one.id, PRIVATE, now)
    ]
    channels = sorted({one.channel for one in stopped})
    return [_told([one for one in stopped if one.channel == channel], event, delivery) for channel in channels]


def _deleted(connection: Connection, payload: Payload, delivery: int, now: datetime) -> list[NewIntegration]:
    """Pause them, with a word: another repository of this name is another's to show.

    Where only what is public is told, nobody learns that one that is hidden was there.
    """
    name, hidden = text(payload, "repository", "full_name"), flag(payload, "repository", "private")
    stopped = [
        one
        for one in subscriptions.of_source(connection, "github", name)
        if (one.private or not hidden) and subscriptions.pause(connection, one.id, DELETED, now)
    ]
    by = f"*{escape(text(payload, 'sender', 'login'))}* deleted" if text(payload, "sender", "login") else "Deleted:"
    said = (
        f":wastebasket: {by} *{escape(name)}* on GitHub, so nothing more of it comes. "
        f"`/github unsubscribe {escape(name)}` takes it off the list."
    )
    first = {one.channel: one for one in reversed(stopped)}
    return [_to_channel(first[channel], "repository.deleted", delivery, "deleted", said) for channel in sorted(first)]


def _told(stopped: list[Kept], event: str, delivery: int) -> NewIntegration:
    one = stopped[0]
    command = f"`/github resume {escape(one.source)}`"
    how = (
        f"Whoever may read it on GitHub can type {command} to go on."
        if one.private
        else f"In a private channel `/github subscribe {escape(one.source)}` goes on, for those who may read it; "
        "whoever runs connect can let this one hear of it."
    )
    said = f":lock: *{escape(one.source)}* is private now, so I tell nothing more of it here. {how}"
    return _to_channel(one, event, delivery, "hidden", said)


def _to_channel(one: Kept, event: str, delivery: int, what: str, said: str) -> NewIntegration:
    cause = {"source_service": "github", "event_type": event, "source_id": one.source}
    key = f"github:{delivery}:{what}:{one.channel}"
    payload = {"channel": one.channel, "subscription": one.id}
    return to_slack("post_message", key, one.channel, cause, one.channel, payload, Message(said, [section(said)]))
