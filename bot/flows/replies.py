"""Slack → Jira: a reply in an issue's thread becomes a comment of the issue, once, and the comment follows the reply.

The promise kept here: whatever the order in which events come, the comment ends with the reply's last text, or is gone.
All calls about a reply stand behind each other. An edit or deletion that comes before the reply itself is remembered by
its own row, and what belongs to no comment touches nothing in Jira.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from adapters.errors import AdapterError, NotFound
from bot.flows import files, syncing
from bot.flows.plan import Consequences
from bot.flows.tell import tell
from bot.flows.tickets import cause_of
from bot.message import Message, escape, section
from storage import history, mappings
from storage.integrations import Integration, NewIntegration
from storage.mappings import NewMapping


@dataclass(frozen=True)
class Reply:
    """A person's message in a thread; ids are qualified by the workspace."""

    team: str
    channel: str
    thread: str
    place: str
    user: str
    message: Mapping[str, Any]
    """Its `text` and `blocks`."""
    private: bool
    """Whether its author marked it as not for Jira."""
    version: str = ""
    """When it was edited last, as Slack tells it (`edited.ts`); empty if it never was."""
    files: tuple[Mapping[str, Any], ...] = ()
    """The files given with it, as `bot.operations.files.files_of` tells of them."""


def link_of(connection: Connection, thread: str) -> mappings.Found | None:
    """The (first) issue that a thread (`team/channel/ts`) belongs to, unless the thread was closed."""
    found = mappings.other_ends(connection, "thread", "slack", thread, "jira")
    return next((link for link in found if not link.extra.get("closed")), None)


def issue_of_thread(connection: Connection, thread: str) -> str:
    """The key of the issue that a thread belongs to; empty if there is none."""
    link = link_of(connection, thread)
    return link.id if link else ""


def comment(issue: str, key: str, event: str, payload: Mapping[str, Any]) -> NewIntegration:
    """Ask for a comment; `payload` holds the words (`message` or `text`), and where known `author` and `place`."""
    return _row("add_comment", f"jira:{issue}", issue, key, event, payload)


def replied(connection: Connection, reply: Reply, event: str) -> tuple[NewIntegration, ...] | None:
    """What a reply asks for; None if it is in no issue's thread."""
    link = link_of(connection, reply.thread)
    if link is None:
        return None
    payload = _payload(reply)
    if link.extra.get("gone"):
        return _once_gone(link.id, payload, event)
    if reply.private or not syncing.to_jira(connection, reply.thread):
        return ()
    if history.with_key(connection, _deletion(reply.place)) is not None:
        return ()
    edits = history.with_prefix(connection, _edits(reply.place))
    if edits and edits[-1].operation == "delete_comment":
        return ()
    if edits:  # its last text came before it
        newest = history.payload_of(edits[-1])
        payload |= {name: newest[name] for name in ("message", "version")}
    said = comment(link.id, f"{reply.place}:add_comment", event, payload)
    cause = {"source_service": "slack", "event_type": event, "source_id": reply.place}
    return (said, *files.attach(link.id, reply.files, cause, payload, reply.place))


def edited(connection: Connection, reply: Reply, event: str, *, was_private: bool) -> tuple[NewIntegration, ...]:
    """What an edited reply asks for: marked as private it leaves Jira, without the mark it goes there."""
    link = _open_link(connection, reply.thread)
    if link is None or (reply.private and was_private):
        return ()
    payload = _payload(reply)
    if was_private:
        cause = {"source_service": "slack", "event_type": event, "source_id": reply.place}
        given = files.attach(link.id, reply.files, cause, payload, reply.place, reply.version)
        return (comment(link.id, f"{reply.place}:add_comment:{reply.version}", event, payload), *given)
    order, key = _order(connection, reply.place, link.id), f"{_edits(reply.place)}{reply.version}"
    if not reply.private:
        return (_row("edit_comment", order, link.id, key, event, payload),)
    left = _files_gone(connection, reply, order, link.id, event, reply.version)
    return (_row("delete_comment", order, link.id, key, event, payload), *left)


def deleted(connection: Connection, reply: Reply, event: str) -> tuple[NewIntegration, ...]:
    """What a deleted reply asks for. If it is not known yet, the row is what is remembered of it."""
    link = _open_link(connection, reply.thread)
    if link is None:
        return ()
    order = _order(connection, reply.place, link.id)
    gone = _row("delete_comment", order, link.id, _deletion(reply.place), event, _payload(reply))
    return (gone, *_files_gone(connection, reply, order, link.id, event))


def _files_gone(
    connection: Connection, reply: Reply, order: str, issue: str, event: str, version: str = ""
) -> tuple[NewIntegration, ...]:
    """Delete what was attached for a reply, if it had files."""
    if not reply.files and not mappings.other_ends(connection, "share", "slack", reply.place, "jira"):
        return ()
    key = f"{reply.place}:delete_attachments:{version}"
    return (_row("delete_attachments", order, issue, key, event, _payload(reply)),)


def _open_link(connection: Connection, thread: str) -> mappings.Found | None:
    link = link_of(connection, thread)
    usable = link is not None and not link.extra.get("gone") and syncing.to_jira(connection, thread)
    return link if usable else None


def _order(connection: Connection, place: str, issue: str) -> str:
    """Behind the creation of the comment, which may still be under way by a key that the issue had before."""
    creation = history.with_key(connection, f"{place}:add_comment")
    return str(creation.ordering_key) if creation is not None else f"jira:{issue}"


def _edits(place: str) -> str:
    return f"{place}:edit_comment:"


def _deletion(place: str) -> str:
    return f"{place}:delete_comment"


def _payload(reply: Reply) -> dict[str, Any]:
    return {
        "message": dict(reply.message), "author": reply.user, "requester": reply.user, "channel": reply.channel,
        "thread": reply.thread, "place": reply.place, "team": reply.team, "origin": "reply", "version": reply.version,
        "files": [str(file["name"]) for file in reply.files],
    }  # fmt: skip


def _row(operation: str, order: str, issue: str, key: str, event: str, payload: Mapping[str, Any]) -> NewIntegration:
    return NewIntegration(
        operation=operation,
        key=key,
        ordering_key=order,
        source_service="slack",
        target_service="jira",
        event_type=event,
        source_id=payload.get("place", ""),
        target_id=issue,
        payload={**payload, "issue": issue},
    )


def _once_gone(issue: str, payload: Mapping[str, Any], event: str) -> tuple[NewIntegration, ...]:
    """Whoever replies in the thread of a deleted issue learns once that nobody in Jira reads it."""
    text = f"{escape(issue)} was deleted in Jira, so what you write here stays in Slack."
    cause = {"source_service": "slack", "event_type": event, "source_id": payload["place"]}
    told = tell(payload, _gone_key(payload), cause, Message(text, [section(f":information_source: {text}")]))
    return (told,) if told else ()


def _gone_key(payload: Mapping[str, Any]) -> str:
    return f"{payload['thread']}:gone:{payload['requester']}"


def commented(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The reply and the comment belong together; the comment's own time tells connect's edits from those of others."""
    place = row.payload.get("place")
    if not place:
        return Consequences()
    extra = {
        "issue": row.payload["issue"], "edited": row.payload.get("version", ""), "updated": data.get("updated", ""),
        "own": data.get("own", ""), "name": data.get("name", ""),
    }  # fmt: skip
    return Consequences((NewMapping("comment", "slack", place, "jira", str(data["comment_id"]), "", extra),))


LOST = {
    "add_comment": "Your reply did not reach {issue}.",
    "edit_comment": "Your edit did not reach {issue}: the comment there still says what it said before.",
    "delete_comment": "The comment in {issue} that was made of your reply could not be deleted.",
    "delete_attachments": "{issue} still has a file that your reply had brought.",
}


def refused(row: Integration, error: AdapterError) -> Consequences:
    """Whoever wrote the reply learns that Jira does not have it; if the issue is gone, only once."""
    lost = LOST[row.operation].format(issue=escape(row.payload["issue"]))
    gone = isinstance(error, NotFound) and row.payload.get("thread") and row.payload.get("requester")
    key, text = _gone_key(row.payload) if gone else f"{row.key}:refused", f"{lost} {escape(error)}"
    answer = tell(row.payload, key, cause_of(row), Message(text, [section(f":warning: {text}")]))
    return Consequences(integrations=(answer,) if answer else ())
