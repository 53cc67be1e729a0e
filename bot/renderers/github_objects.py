"""Issues and pull requests of GitHub as Work Objects of Slack, and the comments in their panel. Pure.

https://docs.slack.dev/messaging/work-objects-implementation
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

from adapters.github.markup import read_markdown
from adapters.plain_text import to_text
from bot.message import clean, truncate
from bot.payload import Payload, mapping, number, text, texts
from bot.renderers.github_cards import issue_state, pull_state
from bot.renderers.github_parts import TITLE_LIMIT, branches
from bot.renderers.work_objects import COMMENT_LIMIT, DESCRIPTION_LIMIT, Entity, fields, seconds, user

COLOURS = {"🟢": "green", "🟣": "blue", "🔴": "red", "⚪": "gray"}
"""Slack's colour of a state, by the emoji that stands for it elsewhere."""
_READ = 20_000


def entity(told: Payload, shared: str = "") -> Entity | None:
    """An issue or a pull request as a task; `shared` is the exact address under which it was shared.

    None if GitHub's answer does not say what it is.
    """
    pull = mapping(told, "pull_request")
    ticket = pull or mapping(told, "issue")
    url, there = text(ticket, "html_url"), text(told, "repository", "id")
    if not url.startswith("http") or not there or not text(ticket, "number"):
        return None
    made: Entity = {
        "url": url,
        # Slack keeps what belongs together by this, and wants it never to change: a repository's name may.
        "external_ref": {
            "id": f"{urlsplit(url).netloc}/{there}/{text(ticket, 'number')}",
            "type": "pull_request" if pull else "issue",
        },
        "entity_type": "slack#/entities/task",
        "entity_payload": {
            "attributes": _attributes(told, ticket, "Pull request" if pull else "Issue"),
            "fields": _fields(ticket, *(pull_state(ticket) if pull else issue_state(ticket))),
            "custom_fields": _custom(told, ticket),
        },
        "entity_comments": {"count": number(ticket, "comments") or 0},
    }
    return {"app_unfurl_url": shared, **made} if shared else made


def _attributes(told: Payload, ticket: Payload, kind: str) -> Entity:
    name = f"{text(told, 'repository', 'full_name')}#{text(ticket, 'number')}"
    made: Entity = {
        "title": {"text": truncate(text(ticket, "title").strip(), TITLE_LIMIT) or name},
        "display_id": name,
        "display_type": kind,
        "product_name": "GitHub",
    }
    updated = seconds(text(ticket, "updated_at"))
    return made | {"metadata_last_modified": updated} if updated else made


def _fields(ticket: Payload, emoji: str, state: str) -> Entity:
    about, updated = _plain(text(ticket, "body"), DESCRIPTION_LIMIT), seconds(text(ticket, "updated_at"))
    assignees = texts(ticket, "assignees", key="login")
    return fields({
        "status": {"value": state, "tag_color": COLOURS[emoji]},
        "assignee": user(assignees[0] if assignees else ""),
        "description": {"value": about} if about else None,
        "created_by": user(text(ticket, "user", "login")),
        "date_updated": {"value": updated} if updated else None,
    })  # fmt: skip


def _custom(told: Payload, ticket: Payload) -> list[Entity]:
    ends = branches(ticket)
    shown = {
        "repository": ("Repository", text(told, "repository", "full_name")),
        "branches": ("Branches", " → ".join(ends) if all(ends) else ""),
        "reviewers": ("Review requested from", _listed(texts(ticket, "requested_reviewers", key="login"))),
        "labels": ("Labels", _listed(texts(ticket, "labels", key="name"))),
    }
    return [
        {"key": key, "label": label, "type": "string", "value": value} for key, (label, value) in shown.items() if value
    ]


def _listed(names: Iterable[str]) -> str:
    return truncate(", ".join(names), DESCRIPTION_LIMIT)


def comment(given: Payload) -> Entity | None:
    """A comment as the panel lists it, under its author's name, as plain text; None if it is none."""
    ident, at = text(given, "id"), seconds(text(given, "created_at"))
    if not ident or not at:
        return None
    made: Entity = {
        "id": ident,
        "sender": {"text": text(given, "user", "login") or "Someone"},
        "timestamp": at,
        "comment": {"value": _plain(text(given, "body"), COMMENT_LIMIT) or "(empty)"},
        "url": text(given, "html_url"),
    }
    edited = seconds(text(given, "updated_at"))
    return made | {"last_edit_ts": edited} if edited > at else made


def _plain(markdown: str, limit: int) -> str:
    return truncate(clean(to_text(read_markdown(markdown[:_READ]))), limit)
