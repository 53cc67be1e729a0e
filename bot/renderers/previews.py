"""What a preview shows of an issue: a card of a few lines, or a Work Object and the comments in its panel. Pure.

https://docs.slack.dev/messaging/work-objects-implementation
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from adapters.document import Document
from adapters.jira.event import CommentEvent
from adapters.jira.issue import Issue
from adapters.jira.markup import read_body
from adapters.plain_text import to_text
from bot.message import BlockDict, Message, clean, context, link, one_line, section, truncate
from bot.renderers.jira import EMOJI, SUMMARY_LIMIT
from bot.renderers.parts import day, dotted, person, phrase
from bot.renderers.work_objects import COMMENT_LIMIT, DESCRIPTION_LIMIT, Entity, fields, seconds, user

COLOURS = {"new": "gray", "indeterminate": "blue", "done": "green"}
"""Slack's colour of a status, by Jira's category of it."""


def blocks(issue: Issue) -> list[BlockDict]:
    """A card of a few lines without buttons: it belongs to somebody else's message."""
    head = link(issue.url, f"{issue.key}: {issue.summary or 'Untitled'}".replace("*", "∗"), SUMMARY_LIMIT)
    status = one_line(issue.status, 60).replace("*", "∗") or "No status"
    facts = dotted(f"{EMOJI.get(issue.status_category, '⚪')} *{status}*", one_line(issue.type, 40))
    notes = dotted(
        phrase("Assigned to", person(issue.assignee)) or "Unassigned", one_line(issue.priority, 40),
        phrase("Due", day(issue.due)),
    )  # fmt: skip
    return [section(f"*{head}*\n{facts}"), context(notes)]


def card(issue: Issue) -> dict[str, Any]:
    """The card as an unfurl takes it."""
    return {"blocks": blocks(issue)}


def reply(issues: Sequence[Issue]) -> Message:
    """The cards as a message in a thread."""
    names = [one_line(f"{issue.key}: {issue.summary or 'Untitled'}", SUMMARY_LIMIT) for issue in issues]
    return Message("\n".join(names), [block for issue in issues for block in blocks(issue)])


def entity(issue: Issue, comments: Sequence[CommentEvent], shared: str = "") -> Entity:
    """The issue as a Work Object of the type task; `shared` is the exact address under which it was shared."""
    site = issue.url.partition("://")[2].partition("/browse/")[0]
    made: Entity = {
        "url": issue.url,
        # Slack keeps what belongs together by this, and wants it never to change: a key may, the number does not.
        "external_ref": {"id": f"{site}/{issue.id}", "type": "issue"},
        "entity_type": "slack#/entities/task",
        "entity_payload": {"attributes": _attributes(issue), "fields": _fields(issue)},
        "entity_comments": _count(comments),
    }
    return {"app_unfurl_url": shared, **made} if shared else made


def _attributes(issue: Issue) -> Entity:
    made: Entity = {
        "title": {"text": truncate(clean(issue.summary), SUMMARY_LIMIT) or issue.key},
        "display_id": issue.key,
        "display_type": clean(issue.type) or "Issue",
        "product_name": "Jira",
    }
    updated = seconds(issue.updated)
    return made | {"metadata_last_modified": updated} if updated else made


def _fields(issue: Issue) -> Entity:
    about = truncate(to_text(read_body(issue.description)), DESCRIPTION_LIMIT)
    updated = seconds(issue.updated)
    colour = {"tag_color": COLOURS[issue.status_category]} if issue.status_category in COLOURS else {}
    made: Entity = {
        "status": {"value": clean(issue.status), **colour} if issue.status else None,
        "priority": {"value": clean(issue.priority)} if issue.priority else None,
        "assignee": user(issue.assignee),
        "due_date": {"value": issue.due, "type": "slack#/types/date"} if _is_day(issue.due) else None,
        "description": {"value": about} if about else None,
        "created_by": user(issue.reporter),
        "date_updated": {"value": updated} if updated else None,
    }
    return fields(made)


def _count(comments: Sequence[CommentEvent]) -> Entity:
    latest = max((seconds(comment.created) for comment in comments), default=0)
    return {"count": len(comments), **({"latest_timestamp": latest} if latest else {})}


def comment(given: CommentEvent, issue: Issue) -> Entity:
    """A comment as the panel lists it, under its author's name, as plain text."""
    words: Document = read_body(given.body)
    made: Entity = {
        "id": given.id,
        "sender": {"text": clean(given.author) or "Someone"},
        "timestamp": seconds(given.created),
        "comment": {"value": truncate(to_text(words), COMMENT_LIMIT) or "(empty)"},
        "url": f"{issue.url}?focusedCommentId={given.id}",
    }
    edited = seconds(given.updated)
    return made | {"last_edit_ts": edited} if edited > made["timestamp"] else made


def _is_day(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return False
    return True
