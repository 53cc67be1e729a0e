"""Slack → Jira: a reaction to a message makes an issue of it, once for each message."""

from collections.abc import Mapping
from typing import Any

from adapters.errors import AdapterError
from adapters.plain_text import to_text
from adapters.slack.markup import read_message
from bot.flows import tickets
from bot.flows.plan import Consequences, to_slack
from bot.flows.tell import tell
from bot.message import Message, escape, section
from bot.operations.files import files_of
from bot.operations.words import first_line
from bot.payload import text
from storage.integrations import Integration, NewIntegration


def read_reacted(place: str, event: str, payload: Mapping[str, Any]) -> NewIntegration:
    """Ask for the message (`team/channel/ts`) of which an issue is to be made; its key is the message's own."""
    cause = {"source_service": "slack", "event_type": event, "source_id": place}
    return to_slack("read_message", f"{place}:reacted", f"reacted:{place}", cause, place, {**payload, "place": place})


def read(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The issue is asked for under the key that a mention in the message has too: there is one for both."""
    message: Mapping[str, Any] | None = data.get("message")
    given, place = row.payload, row.payload["place"]
    if message is None:
        return Consequences()
    thread = f"{given['channel']}/{text(message, 'thread_ts') or text(message, 'ts')}"
    payload: dict[str, Any] = {
        **given, "origin": "reaction", "thread": thread, "files": files_of(message), "written_by": data["author"],
        "summary": first_line(to_text(read_message(message))) or "From a message in Slack",
        "message": {"text": text(message, "text"), "blocks": message.get("blocks") or []},
    }  # fmt: skip
    return Consequences(integrations=(tickets.request_issue(f"{place}:create_issue", row.event_type, payload),))


def refused(row: Integration, error: AdapterError) -> Consequences:
    """Whoever reacted learns that the message could not be read."""
    said = f"I could not make an issue of that message. {escape(error)}"
    answer = tell(
        row.payload, f"{row.key}:refused", tickets.cause_of(row), Message(said, [section(f":warning: {said}")])
    )
    return Consequences(integrations=(answer,) if answer else ())
