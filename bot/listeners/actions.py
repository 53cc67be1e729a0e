"""The buttons of an issue's card, and the choice of a step in the form for its status.

A press is answered at once. What is plain is done by the worker and told privately; the rest opens a form.
"""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App

from adapters.jira.issue import RESOURCE
from bot.flows import asker as who
from bot.flows import doing
from bot.flows.doing import Wish
from bot.flows.plan import Plan
from bot.flows.tell import tell_asker
from bot.listeners.doing import open_form
from bot.listeners.typed import jira_off
from bot.message import Message
from bot.modals import doing as modal
from bot.payload import mapping, text
from bot.renderers import buttons
from bot.services import Services


@dataclass(frozen=True)
class Press:
    """A button of a card, pressed."""

    services: Services
    plan: Plan
    wish: Wish
    trigger_id: str


def register(app: App, services: Services) -> None:
    """Listen to the buttons."""
    for action, press in PRESSED.items():
        app.action(action)(_listener(services, press))
    app.action(buttons.MORE)(_chosen(services))
    app.action(modal.STEP)(_step_chosen)


def _listener(services: Services, press: Callable[[Press], Message | None]) -> Callable[..., None]:
    def pressed(ack: Ack, body: dict[str, Any], action: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        _press(services, body, text(action, "value"), context["plan"], press)

    return pressed


def _chosen(services: Services) -> Callable[..., None]:
    def chosen(ack: Ack, body: dict[str, Any], action: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        word, _, issue = text(action, "selected_option", "value").partition(" ")
        if word in CHOSEN:
            _press(services, body, issue, context["plan"], CHOSEN[word])

    return chosen


def _press(
    services: Services, body: dict[str, Any], issue: str, plan: Plan, press: Callable[[Press], Message | None]
) -> None:
    asker = who.of_interaction(body)
    container = mapping(body, "container")
    thread_ts = text(container, "thread_ts")
    thread = f"{asker.channel}/{thread_ts}" if thread_ts not in ("", text(container, "message_ts")) else ""
    wish = Wish(asker, issue, thread, text(body, "response_url"))
    refusal = jira_off(services)
    if not RESOURCE.fullmatch(issue):
        return
    answer = Message(refusal) if refusal else press(Press(services, plan, wish, text(body, "trigger_id")))
    if answer:
        tell_asker(plan, asker, wish.response_url, answer)


def _step_chosen(ack: Ack, body: dict[str, Any], action: dict[str, Any], context: dict[str, Any]) -> None:
    """The step's screen may ask for more: the form is filled in anew."""
    ack()
    meta: dict[str, str] = json.loads(text(body, "view", "private_metadata") or "{}")
    asker = who.of_interaction(body)
    wish = Wish(who.Asker(asker.team, asker.user, meta.get("channel", "")), meta.get("issue", ""))
    doing.ask(
        context["plan"], "prepare_form", wish, form="status", view_id=text(body, "view", "id"), meta=meta,
        chosen=text(action, "selected_option", "value"),
    )  # fmt: skip


def _assign_me(press: Press) -> None:
    doing.ask(press.plan, "assign", press.wish, to={"me": "yes"})


def _opens(callback: str) -> Callable[[Press], Message | None]:
    return lambda press: open_form(press.services, press.plan, callback, press.wish, press.trigger_id)


PRESSED: dict[str, Callable[[Press], Message | None]] = {
    buttons.ASSIGN_ME: _assign_me,
    buttons.ASSIGN: _opens(modal.ASSIGN),
    buttons.STATUS: _opens(modal.STATUS),
    buttons.COMMENT: _opens(modal.COMMENT),
    buttons.WATCH: lambda press: doing.ask(press.plan, "watch", press.wish),
}
"""By action id."""
CHOSEN: dict[str, Callable[[Press], Message | None]] = {
    buttons.EDIT: _opens(modal.EDIT),
    buttons.LOG_WORK: _opens(modal.LOG_WORK),
    buttons.UNWATCH: lambda press: doing.ask(press.plan, "unwatch", press.wish),
}
"""By the first word of what was chosen behind `More`; "Open in Jira" is a link, which needs nothing of connect."""
