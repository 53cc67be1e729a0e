"""Slack → Jira: a reply in an issue's thread becomes a comment of the issue, once, under its author's name."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from adapters.errors import AdapterError
from bot.flows.plan import Consequences
from bot.flows.tell import tell
from bot.flows.tickets import cause_of
from bot.message import Message, escape, section
from storage import mappings
from storage.integrations import Integration, NewIntegration
from storage.mappings import NewMapping


def issue_of_thread(connection: Connection, thread: str) -> str:
    """The key of the (first) issue that a thread (`team/channel/ts`) belongs to; empty if there is none."""
    found = mappings.other_ends(connection, "thread", "slack", thread, "jira")
    return found[0].id if found else ""


def comment(issue: str, key: str, event: str, payload: Mapping[str, Any]) -> NewIntegration:
    """Ask for a comment; `payload` holds the words (`message` or `text`), and where known `author` and `place`."""
    return NewIntegration(
        operation="add_comment",
        key=key,
        ordering_key=f"jira:{issue}",
        source_service="slack",
        target_service="jira",
        event_type=event,
        source_id=payload.get("place", ""),
        target_id=issue,
        payload={**payload, "issue": issue},
    )


def commented(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The reply and the comment belong together from now on."""
    place = row.payload.get("place")
    if not place:
        return Consequences()
    extra = {"issue": row.payload["issue"]}
    return Consequences((NewMapping("comment", "slack", place, "jira", str(data["comment_id"]), "", extra),))


def refused(row: Integration, error: AdapterError) -> Consequences:
    """Whoever wrote the reply learns that Jira does not have it."""
    text = f"Your reply did not reach {escape(row.payload['issue'])}. {escape(error)}"
    answer = tell(row.payload, f"{row.key}:refused", cause_of(row), Message(text, [section(f":warning: {text}")]))
    return Consequences(integrations=(answer,) if answer else ())
