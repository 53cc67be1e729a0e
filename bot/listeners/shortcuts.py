"""The shortcuts: "Create Jira issue" and "Create GitHub issue", from a message or from nothing, and "Add to Jira issue"
for a message.
"""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import Ack, App

from adapters.errors import AdapterError
from bot.flows import asker as who
from bot.flows import create_form, from_message
from bot.flows import open_form as github_form
from bot.flows.asker import Asker
from bot.flows.doing import Wish
from bot.flows.plan import Plan
from bot.flows.tell import tell_asker
from bot.flows.views import open_view
from bot.listeners.typed import github_off, jira_off
from bot.message import Message
from bot.modals import doing
from bot.payload import mapping, text
from bot.services import Services

type Opens = Callable[[Services, Asker, dict[str, Any], Plan], Message | None]
"""Opens the form of a shortcut; a message for the person if it is not open."""


def register(app: App, services: Services) -> None:
    """Listen to the shortcuts of the manifest."""
    for callback, opens in OF_MESSAGES.items():
        app.message_shortcut(callback)(_listener(services, opens))
    for callback, opens in GLOBAL.items():
        app.global_shortcut(callback)(_listener(services, opens))


def _listener(services: Services, opens: Opens) -> Callable[..., None]:
    """Opens a form; whoever it does not open for is told why."""

    def chosen(ack: Ack, body: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        asker, plan = who.of_interaction(body), context["plan"]
        answer = opens(services, asker, body, plan)
        if answer:
            tell_asker(plan, asker, text(body, "response_url"), answer)

    return chosen


def _of_message(services: Services, asker: Asker, body: dict[str, Any], _: Plan) -> Message | None:
    refusal = jira_off(services) or who.may_not(services, asker)
    if refusal:
        return Message(refusal)
    author = _author(services, asker.team, mapping(body, "message"))
    return create_form.open_form(
        services, text(body, "trigger_id"), create_form.of_message(services, asker, body, author)
    )


def _from_anywhere(services: Services, asker: Asker, body: dict[str, Any], _: Plan) -> Message | None:
    refusal = jira_off(services) or who.may_not(services, asker)
    if refusal:
        return Message(refusal)
    return create_form.open_form(services, text(body, "trigger_id"), create_form.blank(services, asker, "modal"))


def _open_add_to(services: Services, asker: Asker, body: dict[str, Any], _plan: Plan) -> Message | None:
    refusal = jira_off(services) or who.may_not(services, asker)
    if refusal:
        return Message(refusal)
    message = mapping(body, "message")
    thread_ts = text(message, "thread_ts")
    thread = f"{asker.channel}/{thread_ts}" if thread_ts else ""
    meta, author = Wish(asker, "", thread, text(body, "response_url")).meta, _author(services, asker.team, message)
    kept, _, shown = from_message.taken(services, asker, body, author)
    return open_view(services, text(body, "trigger_id"), doing.add_to_view(meta, shown, kept))[1]


def _open_github_form(services: Services, asker: Asker, body: dict[str, Any], plan: Plan) -> Message | None:
    refusal = github_off(services) or who.may_not(services, asker)
    if refusal:
        return Message(refusal)
    message = mapping(body, "message")
    if message:
        form = github_form.of_message(services, asker, body, _author(services, asker.team, message))
    else:
        form = github_form.blank(services, asker, "modal")
    return github_form.open_form(services, plan, text(body, "trigger_id"), form)


def _author(services: Services, team: str, message: Mapping[str, Any]) -> str:
    named = text(message, "username") or text(message, "bot_profile", "name") or "someone"
    if services.urgent.slack is None or not text(message, "user"):
        return named
    try:
        return services.people.person(services.urgent.slack, f"{team}/{text(message, 'user')}").name
    except AdapterError:
        return named


OF_MESSAGES: dict[str, Opens] = {
    "add_to_jira_issue": _open_add_to,
    "create_issue_from_message": _of_message,
    "create_github_issue_from_message": _open_github_form,
}
GLOBAL: dict[str, Opens] = {"create_issue": _from_anywhere, "create_github_issue": _open_github_form}
"""By callback id, as the manifest names them."""
