"""The shortcuts: "Create Jira issue", from a message or from nothing, and "Add to Jira issue" for a message."""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App

from adapters.errors import AdapterError
from bot.flows import asker as who
from bot.flows import create_form, from_message
from bot.flows.asker import Asker
from bot.flows.doing import Wish
from bot.flows.tell import tell_asker
from bot.listeners.opening import open_form
from bot.listeners.typed import jira_off
from bot.message import Message, escape
from bot.modals import doing
from bot.payload import mapping, text
from bot.services import Services

MESSAGE_SHORTCUT = "create_issue_from_message"
GLOBAL_SHORTCUT = "create_issue"
ADD_SHORTCUT = "add_to_jira_issue"


def register(app: App, services: Services) -> None:
    """Listen to the shortcuts of the manifest."""

    def of_message(ack: Ack, body: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        asker = who.of_interaction(body)
        refusal = jira_off(services) or who.may_not(services, asker)
        if refusal:
            return tell_asker(context["plan"], asker, text(body, "response_url"), Message(refusal))
        author = _author(services, asker.team, mapping(body, "message"))
        form = create_form.of_message(services, asker, body, author)
        answer = open_form(services, text(body, "trigger_id"), form)
        return tell_asker(context["plan"], asker, text(body, "response_url"), answer) if answer else None

    def from_anywhere(ack: Ack, body: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        asker = who.of_interaction(body)
        refusal = jira_off(services) or who.may_not(services, asker)
        form = create_form.blank(services, asker, "modal")
        answer = Message(refusal) if refusal else open_form(services, text(body, "trigger_id"), form)
        if answer:
            tell_asker(context["plan"], asker, text(body, "response_url"), answer)

    def add_to_issue(ack: Ack, body: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        asker, response_url = who.of_interaction(body), text(body, "response_url")
        answer = _open_add_to(services, asker, body)
        if answer:
            tell_asker(context["plan"], asker, response_url, answer)

    app.message_shortcut(ADD_SHORTCUT)(add_to_issue)
    app.message_shortcut(MESSAGE_SHORTCUT)(of_message)
    app.global_shortcut(GLOBAL_SHORTCUT)(from_anywhere)


def _open_add_to(services: Services, asker: Asker, body: dict[str, Any]) -> Message | None:
    refusal = jira_off(services) or who.may_not(services, asker)
    if refusal or services.urgent.slack is None:
        return Message(refusal)
    message = mapping(body, "message")
    thread_ts = text(message, "thread_ts")
    thread = f"{asker.channel}/{thread_ts}" if thread_ts else ""
    meta, author = Wish(asker, "", thread, text(body, "response_url")).meta, _author(services, asker.team, message)
    kept, _, shown = from_message.taken(services, asker, body, author)
    view = doing.add_to_view(meta, shown, kept)
    try:
        services.urgent.slack.open_view(text(body, "trigger_id"), view)
    except AdapterError as error:
        return Message(f"Slack did not open the form. Try again. ({escape(error, 200)})")
    return None


def _author(services: Services, team: str, message: Mapping[str, Any]) -> str:
    named = text(message, "username") or text(message, "bot_profile", "name") or "someone"
    if services.urgent.slack is None or not text(message, "user"):
        return named
    try:
        return services.people.person(services.urgent.slack, f"{team}/{text(message, 'user')}").name
    except AdapterError:
        return named
