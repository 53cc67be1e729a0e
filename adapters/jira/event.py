"""What a Jira webhook's payload says happened: the changes, the comment and who did it; nothing here does I/O.

Cloud and Data Center send different parts of an event, so everything may be missing, and is then empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.jira.issue import person_id, person_name
from adapters.jira.reading import mapping, objects, string

# Bookkeeping that Jira does beside a change somebody made.
_NOISE = frozenset({"rank", "workflow", "worklogid", "remoteissuelink", "remoteworkitemlink", "lastviewed"})


@dataclass(frozen=True)
class Change:
    """One changed field, its name and both values as Jira shows them to people; an empty value is an empty string."""

    field: str
    before: str
    after: str
    id: str = ""
    """The field's id, the same in every language (`status`); its lower-case name where Jira sends no id."""
    old: str = ""
    new: str = ""
    """Jira's own ids of the two values, or what it has instead (seconds of a time); empty if there are none."""


@dataclass(frozen=True)
class CommentEvent:
    """A comment as Jira shows it; `body` is wiki text (a str) or ADF (a dict), the time stamps are Jira's own."""

    id: str
    author: str
    author_id: str
    body: object
    restricted: bool
    """Whether some who see the issue may not see the comment: it is for a role, a group or a service desk's agents."""
    created: str
    updated: str


def changes(payload: Mapping[str, Any]) -> list[Change]:
    """What the changelog says, without Jira's own bookkeeping such as `Rank`."""
    return [change for change in every_change(payload) if change.field.casefold() not in _NOISE]


def every_change(payload: Mapping[str, Any]) -> list[Change]:
    """What the changelog says, all of it."""
    found: list[Change] = []
    for item in objects(mapping(payload.get("changelog")).get("items")):
        field = string(item.get("field"))
        if field:
            before, after = string(item.get("fromString")), string(item.get("toString"))
            ends = string(item.get("from")), string(item.get("to"))
            found.append(Change(field, before, after, string(item.get("fieldId")) or field.casefold(), *ends))
    return found


def attached_in(payload: Mapping[str, Any]) -> list[str]:
    """The ids of the attachments that were added; empty if anything else was changed too."""
    items = objects(mapping(payload.get("changelog")).get("items"))
    added = [string(item.get("to")) for item in items if string(item.get("field")) == "Attachment" and item.get("to")]
    return added if len(added) == len(items) else []


def removed_in(payload: Mapping[str, Any]) -> dict[str, str]:
    """The names of the attachments that were removed, by their ids."""
    gone = [change for change in changes(payload) if change.id == "attachment" and change.old and not change.new]
    return {change.old: change.before for change in gone}


def comment_of(payload: Mapping[str, Any]) -> CommentEvent | None:
    """The comment that was made, edited or deleted; None if the event is not about one."""
    raw = payload.get("comment")
    if not isinstance(raw, Mapping):
        return None
    return read_comment(mapping(raw))  # pyright: ignore[reportUnknownArgumentType]


def read_comment(comment: Mapping[str, Any]) -> CommentEvent:
    """A comment from Jira's JSON, of a webhook or of the API."""
    return CommentEvent(
        id=string(comment.get("id")),
        author=person_name(comment.get("author")),
        author_id=person_id(comment.get("author")),
        body=comment.get("body"),
        restricted=_restricted(comment),
        created=string(comment.get("created")),
        updated=string(comment.get("updated")),
    )


def actor(payload: Mapping[str, Any]) -> tuple[str, str]:
    """Display name and id of whoever did it, or empty; comment and worklog events name no more than the author."""
    entry = mapping(payload.get("comment")) or mapping(payload.get("worklog"))
    for person in (payload.get("user"), entry.get("updateAuthor"), entry.get("author")):
        if person_name(person) or person_id(person):
            return person_name(person), person_id(person)
    return "", ""


def _restricted(comment: Mapping[str, Any]) -> bool:
    """Doubtful values count as restricted. https://developer.atlassian.com/cloud/jira/service-desk/jira-entity-properties/"""
    internal = any(
        each.get("key") == "sd.public.comment" and mapping(each.get("value")).get("internal") is not False
        for each in objects(comment.get("properties"))
    )
    return internal or bool(comment.get("visibility")) or comment.get("jsdPublic", True) is not True
