"""Slack → Jira: the files of a message become attachments of an issue, each by a call of its own."""

from collections.abc import Iterable, Mapping
from typing import Any

from adapters.errors import AdapterError
from bot.flows.plan import Consequences
from bot.flows.tell import tell
from bot.message import Message, escape, section
from bot.operations.files import MEGABYTE, qualified_file
from storage.integrations import Integration, NewIntegration
from storage.mappings import NewMapping


def attach(
    issue: str, files: Iterable[Mapping[str, Any]], key: str, cause: Mapping[str, str], payload: Mapping[str, Any]
) -> tuple[NewIntegration, ...]:
    """Ask for the files to be attached to an issue.

    `payload` holds the `place` of their message, and whom to tell if one cannot be: `requester`, `channel`, `thread`.
    """
    return tuple(
        NewIntegration(
            operation="attach",
            key=f"{key}:attach:{file['id']}",
            ordering_key=f"jira:{issue}",
            source_service=cause["source_service"],
            target_service="jira",
            event_type=cause["event_type"],
            source_id=cause["source_id"],
            target_id=issue,
            payload={**payload, "issue": issue, "file": dict(file)},
        )
        for file in files
    )


def attached(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The file and the attachment belong together from now on."""
    place, file = row.payload.get("place", ""), row.payload["file"]
    extra = {"issue": row.payload["issue"], "place": place}
    pair = ("slack", qualified_file(place, file["id"]), "jira", str(data["attachment_id"]))
    return Consequences((NewMapping("file", *pair, "", extra),))


def refused(row: Integration, error: AdapterError) -> Consequences:
    """Whoever shared the file, or asked for it to be attached, learns that the issue does not have it."""
    name, issue = escape(row.payload["file"]["name"], 100), escape(row.payload["issue"])
    text = f"“{name}” is not attached to {issue}. {escape(error)} You can add it in Jira itself."
    cause = {"source_service": row.source_service, "event_type": row.event_type, "source_id": row.source_id}
    answer = tell(row.payload, f"{row.key}:refused", cause, Message(text, [section(f":warning: {text}")]))
    return Consequences(integrations=(answer,) if answer else ())


def size_of(files: Iterable[Mapping[str, Any]]) -> str:
    """How large files are together, for people: `4.2 MB`."""
    size = sum(int(file.get("size") or 0) for file in files)
    return f"{max(size / MEGABYTE, 0.1):.1f} MB"
