"""From Slack: a reply in the thread of an issue, a pull request or a discussion becomes a comment there, once.

It follows its reply. The promise kept here: whatever the order in which events come, the comment ends with the reply's
last text, or is gone. All calls about a reply stand behind each other. An edit or deletion that comes before the reply
itself is remembered by its own row, and what belongs to no comment touches nothing over there. A thread that belongs to
something in each service is heard in both.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection

from adapters.errors import AdapterError, NotFound
from bot.comment_ids import github_comment
from bot.flows import beneath, files, syncing
from bot.flows.plan import Consequences
from bot.flows.talking import JOINED
from bot.flows.tell import tell
from bot.flows.tickets import cause_of
from bot.message import Message, escape, section
from storage import hearing, history, mappings
from storage.integrations import Integration, NewIntegration
from storage.mappings import NewMapping

KEPT = (
    "Deployments and workflow runs have no comments on GitHub, so what is written in their threads stays in Slack. "
    "I say this only once."
)
SERVICES = {"jira": "in Jira", "github": "on GitHub"}
_NUMBERED = re.compile(r"[^#\s]+#[0-9]{1,15}")


class End(NamedTuple):
    """A service, and the issue, pull request or discussion there by its name (`OPS-7`, `octo/app#7`)."""

    service: str
    resource: str
    discussion: bool = False
    link: int = 0
    """The row that ties the thread to it."""


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
    """Whether its author marked it as for Slack alone."""
    version: str = ""
    """When it was edited last, as Slack tells it (`edited.ts`); empty if it never was."""
    files: tuple[Mapping[str, Any], ...] = ()
    """The files given with it, as `bot.operations.files.files_of` tells of them."""


def link_of(connection: Connection, thread: str, service: str = "jira") -> mappings.Found | None:
    """What a thread (`team/channel/ts`) first belonged to in this service, unless the thread was closed."""
    found = mappings.other_ends(connection, "thread", "slack", thread, service)
    return next((link for link in found if not link.extra.get("closed")), None)


def issue_of_thread(connection: Connection, thread: str) -> str:
    """The key of the issue of Jira that a thread belongs to; empty if there is none."""
    link = link_of(connection, thread)
    return link.id if link else ""


def comment(issue: str, key: str, event: str, payload: Mapping[str, Any]) -> NewIntegration:
    """Ask for a comment; `payload` holds the words (`message` or `text`), and where known `author` and `place`."""
    return _row("add_comment", f"jira:{issue}", End("jira", issue), key, event, payload)


def replied(connection: Connection, reply: Reply, event: str) -> tuple[NewIntegration, ...] | None:
    """What a reply asks for; None if it is in the thread of nothing."""
    known = _links(connection, reply.thread)
    if not known:
        return None
    return tuple(row for service, link in known for row in _replied(connection, reply, event, service, link))


def _replied(
    connection: Connection, reply: Reply, event: str, service: str, link: mappings.Found
) -> tuple[NewIntegration, ...]:
    payload = _payload(reply)
    if link.extra.get("gone"):
        return _once_gone(service, link.id, payload, event)
    if service == "github" and not _NUMBERED.fullmatch(link.id):
        return _once_kept(connection, reply, link.id, payload, event)
    if reply.private or not _wanted(connection, reply, service, link):
        return ()
    if history.with_key(connection, key_of(service, reply.place, "delete_comment")) is not None:
        return ()
    edits = history.with_prefix(connection, key_of(service, reply.place, "edit_comment:"))
    if edits and edits[-1].operation == "delete_comment":
        return ()
    if edits:  # its last text came before it
        newest = history.payload_of(edits[-1])
        payload |= {name: newest[name] for name in ("message", "version")}
    to, key = _end(service, link), key_of(service, reply.place, "add_comment")
    said = _row("add_comment", f"{service}:{link.id}", to, key, event, payload)
    cause = {"source_service": "slack", "event_type": event, "source_id": reply.place}
    given = files.attach(link.id, reply.files, cause, payload, reply.place) if service == "jira" else ()
    return (said, *given)


def edited(connection: Connection, reply: Reply, event: str, *, was_private: bool) -> tuple[NewIntegration, ...]:
    """What an edited reply asks for: marked as private it leaves the other side, without the mark it goes there."""
    if reply.private and was_private:
        return ()
    links = _open_links(connection, reply)
    return tuple(row for to in links for row in _edited(connection, reply, event, to, was_private=was_private))


def _edited(
    connection: Connection, reply: Reply, event: str, to: End, *, was_private: bool
) -> tuple[NewIntegration, ...]:
    service, resource = to.service, to.resource
    payload = _payload(reply)
    if was_private:
        cause = {"source_service": "slack", "event_type": event, "source_id": reply.place}
        given: tuple[NewIntegration, ...] = ()
        if service == "jira":
            given = files.attach(resource, reply.files, cause, payload, reply.place, reply.version)
        key = key_of(service, reply.place, f"add_comment:{reply.version}")
        return (_row("add_comment", f"{service}:{resource}", to, key, event, payload), *given)
    order = _order(connection, reply.place, to)
    key = key_of(service, reply.place, f"edit_comment:{reply.version}")
    if not reply.private:
        return (_row("edit_comment", order, to, key, event, payload),)
    left = _files_gone(connection, reply, order, to, event, reply.version)
    return (_row("delete_comment", order, to, key, event, payload), *left)


def deleted(connection: Connection, reply: Reply, event: str) -> tuple[NewIntegration, ...]:
    """What a deleted reply asks for. If it is not known yet, the row is what is remembered of it."""
    rows: list[NewIntegration] = []
    for to in _open_links(connection, reply):
        order, key = _order(connection, reply.place, to), key_of(to.service, reply.place, "delete_comment")
        rows.append(_row("delete_comment", order, to, key, event, _payload(reply)))
        rows += _files_gone(connection, reply, order, to, event)
    return tuple(rows)


def _files_gone(
    connection: Connection, reply: Reply, order: str, to: End, event: str, version: str = ""
) -> tuple[NewIntegration, ...]:
    """Delete what was attached for a reply, if it had files."""
    if to.service != "jira":
        return ()
    if not reply.files and not mappings.other_ends(connection, "share", "slack", reply.place, "jira"):
        return ()
    key = f"{reply.place}:delete_attachments:{version}"
    return (_row("delete_attachments", order, to, key, event, _payload(reply)),)


def _open_links(connection: Connection, reply: Reply) -> list[End]:
    """What the reply's thread belongs to, where edits and deletions of replies are wanted."""
    usable = [(service, link) for service, link in _links(connection, reply.thread) if not link.extra.get("gone")]
    return [_end(service, link) for service, link in usable if _wanted(connection, reply, service, link)]


def _links(connection: Connection, thread: str) -> list[tuple[str, mappings.Found]]:
    """What a thread belongs to in each service; beneath a comment's own message it is what that is a comment of."""
    found = [(one, link_of(connection, thread, one) or beneath.shown_in(connection, thread, one)) for one in SERVICES]
    return [(service, link) for service, link in found if link is not None]


def _end(service: str, link: mappings.Found) -> End:
    return End(service, link.id, link.uid.startswith("github/discussion/"), link.row_id)


def _wanted(connection: Connection, reply: Reply, service: str, link: mappings.Found) -> bool:
    """Whether replies in the thread become comments.

    On GitHub: of what has comments there, unless a subscription of the channel to it says that they stay in Slack.
    """
    if service == "jira":
        return syncing.to_jira(connection, reply.thread)
    return bool(_NUMBERED.fullmatch(link.id)) and _replies_wanted(connection, reply.channel, link.id)


def _replies_wanted(connection: Connection, channel: str, resource: str) -> bool:
    heard = hearing.of_container(connection, "github", re.split("[#@]", resource)[0])
    return all(kept.manner.replies for kept in heard if kept.channel == channel)


def _order(connection: Connection, place: str, to: End) -> str:
    """Behind the creation of the comment, which may still be under way by a key that the issue had before."""
    creation = history.with_key(connection, key_of(to.service, place, "add_comment"))
    return str(creation.ordering_key) if creation is not None else f"{to.service}:{to.resource}"


def key_of(service: str, place: str, call: str) -> str:
    """The key of a call about a reply."""
    return f"{place}:{call}" if service == "jira" else f"{place}:{service}:{call}"


def _payload(reply: Reply) -> dict[str, Any]:
    return {
        "message": dict(reply.message), "author": reply.user, "requester": reply.user, "channel": reply.channel,
        "thread": reply.thread, "place": reply.place, "team": reply.team, "origin": "reply", "version": reply.version,
        "files": [str(file["name"]) for file in reply.files],
    }  # fmt: skip


def _row(operation: str, order: str, to: End, key: str, event: str, payload: Mapping[str, Any]) -> NewIntegration:
    service, resource = to.service, to.resource
    repository, _, number = resource.rpartition("#")
    where: dict[str, Any] = {"repository": repository, "number": int(number)} if service == "github" else {}
    where |= ({"discussion": True} if to.discussion else {}) | ({"link": to.link} if to.link else {})
    return NewIntegration(
        operation=operation,
        key=key,
        ordering_key=order,
        source_service="slack",
        target_service=service,
        event_type=event,
        source_id=payload.get("place", ""),
        target_id=resource,
        payload={**payload, "issue": resource, **where},
    )


def _once_gone(service: str, issue: str, payload: Mapping[str, Any], event: str) -> tuple[NewIntegration, ...]:
    """Whoever replies in the thread of a deleted issue learns once that nobody over there reads it."""
    text = f"{escape(issue)} was deleted {SERVICES[service]}, so what you write here stays in Slack."
    cause = {"source_service": "slack", "event_type": event, "source_id": payload["place"]}
    told = tell(payload, _gone_key(payload), cause, Message(text, [section(f":information_source: {text}")]))
    return (told,) if told else ()


def _once_kept(
    connection: Connection, reply: Reply, resource: str, payload: Mapping[str, Any], event: str
) -> tuple[NewIntegration, ...]:
    """Whoever replies in the thread of a deployment or a run, which have no comments, learns once that it stays here.

    Once in a channel, not in each thread: there is a new one with every run, and the answer is always the same.
    """
    if reply.private or not _replies_wanted(connection, reply.channel, resource):
        return ()
    cause = {"source_service": "slack", "event_type": event, "source_id": reply.place}
    said = Message(KEPT, [section(f":information_source: {KEPT}")])
    told = tell(payload, f"{reply.channel}:kept:{reply.user}", cause, said)
    return (told,) if told else ()


def _once_unheard(row: Integration, text: str) -> Consequences:
    """Whoever is no member of the workspace learns once in a channel that what they write stays in Slack."""
    said, key = Message(text, [section(f":information_source: {text}")]), f"{row.payload['channel']}:unheard"
    told = tell(row.payload, f"{key}:{row.payload['requester']}", cause_of(row), said) if text else None
    return Consequences(integrations=(told,) if told else ())


def _gone_key(payload: Mapping[str, Any]) -> str:
    return f"{payload['thread']}:gone:{payload['requester']}"


def commented(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The reply and the comment belong together; the comment's own time tells connect's edits from those of others."""
    place = row.payload.get("place")
    if "skipped" in data:
        return _once_unheard(row, data["tell"])
    if not place:
        return Consequences()
    extra = {"issue": row.payload["issue"], "edited": row.payload.get("version", "")}
    extra |= {name: data[name] for name in ("updated", "own", "name", "by", "node") if name in data}
    service, ident = row.target_service, str(data["comment_id"])
    there = ident if service == "jira" else github_comment(ident, discussion="discussion" in row.payload)
    joined = ((row.payload["link"], JOINED),) if "link" in row.payload else ()
    return Consequences((NewMapping("comment", "slack", place, service, there, "", extra),), notes=joined)


LOST = {
    "add_comment": "Your reply did not reach {issue}.",
    "edit_comment": "Your edit did not reach {issue}: the comment there still says what it said before.",
    "delete_comment": "The comment in {issue} that was made of your reply could not be deleted.",
    "delete_attachments": "{issue} still has a file that your reply had brought.",
}


def refused(row: Integration, error: AdapterError) -> Consequences:
    """Whoever wrote the reply learns that Jira does not have it; if the issue is gone, only once."""
    lost = LOST[row.operation].format(issue=escape(row.payload.get("issue", row.target_id)))
    gone = isinstance(error, NotFound) and row.payload.get("thread") and row.payload.get("requester")
    key, text = _gone_key(row.payload) if gone else f"{row.key}:refused", f"{lost} {escape(error)}"
    answer = tell(row.payload, key, cause_of(row), Message(text, [section(f":warning: {text}")]))
    return Consequences(integrations=(answer,) if answer else ())
