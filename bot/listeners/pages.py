"""Buttons and menus of connect's answers: a table's pages, an issue for all, the form that a mention cannot open."""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

from typing import Any

from slack_bolt import Ack, App

from bot.flows import asker as who
from bot.flows import create_form, searching
from bot.flows.tell import tell_asker
from bot.listeners import connect_commands
from bot.listeners.typed import jira_off
from bot.message import Message
from bot.payload import objects, text
from bot.services import Services


def register(app: App, services: Services) -> None:
    """Listen to the controls of answers."""

    def turn(ack: Ack, body: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        query, trail = searching.read_state(text(action_of(body), "value"))
        plan = context["plan"]
        plan.add(searching.request(plan.key, plan.event, asked(body), query, trail))

    def show(ack: Ack, body: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        key, plan = text(action_of(body), "selected_option", "value"), context["plan"]
        plan.add(searching.request_show(plan.key, plan.event, asked(body), key, "everyone"))

    def open_empty(ack: Ack, body: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        asker, thread = who.of_interaction(body), asked(body)["thread"]
        meta, values = create_form.blank(services, asker, "modal")
        refusal = jira_off(services) or who.may_not(services, asker)
        form = ({**meta, "thread": thread}, values)
        answer = Message(refusal) if refusal else create_form.open_form(services, text(body, "trigger_id"), form)
        if answer:
            tell_asker(context["plan"], asker, text(body, "response_url"), answer)

    app.action(connect_commands.OPEN_FORM)(open_empty)
    app.action(searching.BACK)(turn)
    app.action(searching.NEXT)(turn)
    app.action(searching.SHOW)(show)


def action_of(body: dict[str, Any]) -> Any:
    """What was pressed or chosen."""
    return objects(body, "actions")[0]


def asked(body: dict[str, Any]) -> dict[str, Any]:
    """Who pressed, and where the answer goes, as a row's payload has it."""
    asker, ts = who.of_interaction(body), text(body, "container", "thread_ts")
    return {
        "requester": asker.user, "channel": asker.channel, "team": asker.team,
        "thread": f"{asker.channel}/{ts}" if ts else "", "response_url": text(body, "response_url"),
    }  # fmt: skip
