"""The shortcuts "Create Jira issue": in a message's menu, prefilled from the message, and in the global menu, empty."""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App

from adapters.errors import AdapterError
from adapters.plain_text import to_text
from adapters.slack.markup import read_message
from bot.flows import asker as who
from bot.flows.asker import Asker
from bot.flows.tell import tell_asker
from bot.listeners.opening import open_form
from bot.listeners.typed import jira_off
from bot.message import Message
from bot.modals import create_issue as modal
from bot.operations.words import first_line
from bot.payload import mapping, text
from bot.services import Services

MESSAGE_SHORTCUT = "create_issue_from_message"
GLOBAL_SHORTCUT = "create_issue"


def register(app: App, services: Services) -> None:
    """Listen to the shortcuts of the manifest."""

    def from_message(ack: Ack, body: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        asker, ts = who.of_interaction(body), text(body, "message", "ts")
        thread = f"{asker.channel}/{text(body, 'message', 'thread_ts') or ts}"
        place = f"{asker.channel}/{ts}"
        meta = {"origin": "modal", "channel": asker.channel, "thread": thread, "place": place, "signed": True,
                "requester": asker.user}  # fmt: skip
        refusal = jira_off(services) or who.may_not(services, asker)
        if refusal:
            return tell_asker(context["plan"], asker, text(body, "response_url"), Message(refusal))
        answer = open_form(services, text(body, "trigger_id"), meta, _prefilled(services, asker, body))
        return tell_asker(context["plan"], asker, text(body, "response_url"), answer) if answer else None

    def from_anywhere(ack: Ack, body: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        asker = who.of_interaction(body)
        meta = {"origin": "modal", "channel": "", "requester": asker.user}
        refusal = jira_off(services) or who.may_not(services, asker)
        answer = Message(refusal) if refusal else open_form(services, text(body, "trigger_id"), meta)
        if answer:
            tell_asker(context["plan"], asker, text(body, "response_url"), answer)

    app.message_shortcut(MESSAGE_SHORTCUT)(from_message)
    app.global_shortcut(GLOBAL_SHORTCUT)(from_anywhere)


def _prefilled(services: Services, asker: Asker, body: dict[str, Any]) -> modal.Form:
    message = mapping(body, "message")
    words = to_text(read_message(message))
    domain, ts = text(body, "team", "domain"), text(message, "ts")
    link = f"https://{domain}.slack.com/archives/{asker.channel_id}/p{ts.replace('.', '')}" if domain else ""
    author = _author(services, asker.team, message)
    return modal.Form("", "", first_line(words), f"{words}\n\n— {author} {link}".rstrip())


def _author(services: Services, team: str, message: Mapping[str, Any]) -> str:
    named = text(message, "username") or text(message, "user") or "someone"
    if services.urgent.slack is None or not text(message, "user"):
        return named
    try:
        return services.people.person(services.urgent.slack, f"{team}/{text(message, 'user')}").name
    except AdapterError:
        return named
