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
from bot.flows import doing, home
from bot.flows.doing import Wish
from bot.flows.one_click import ONE_CLICK, asked
from bot.flows.plan import Plan
from bot.flows.tell import tell_asker
from bot.listeners import thread_form
from bot.listeners.doing import open_form
from bot.listeners.typed import jira_off
from bot.message import Message
from bot.modals import doing as modal
from bot.payload import Payload, mapping, text
from bot.renderers import buttons
from bot.services import Services

WORKING = ":hourglass_flowing_sand: Working… If Jira does not answer now, it is done as soon as it does."


@dataclass(frozen=True)
class Press:
    """A button of a card, pressed."""

    services: Services
    plan: Plan
    wish: Wish
    trigger_id: str
    view: Payload
    """The home that it was pressed in; empty if that was elsewhere."""
    thread: str = ""
    """The thread (`team/channel/ts`) that the card stands in or begins; empty where others cannot see the card."""


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
    view = mapping(body, "view" if text(body, "view", "type") == "home" else "")
    wish = Wish(asker, issue, thread, text(body, "response_url"), home.shown_in(services, view).brief if view else {})
    refusal = jira_off(services)
    if not RESOURCE.fullmatch(issue):
        return
    begun = f"{asker.channel}/{text(container, 'message_ts')}" if asker.channel else ""
    seen = thread or ("" if container.get("is_ephemeral") else begun)
    answer = Message(refusal) if refusal else press(Press(services, plan, wish, text(body, "trigger_id"), view, seen))
    if answer:
        tell_asker(plan, asker, wish.response_url, answer)


def _step_chosen(ack: Ack, body: dict[str, Any], action: dict[str, Any], context: dict[str, Any]) -> None:
    """The step's screen may ask for more: the form is filled in anew."""
    ack()
    meta: dict[str, Any] = json.loads(text(body, "view", "private_metadata") or "{}")
    asker = who.of_interaction(body)
    place = who.Asker(asker.team, asker.user, meta.get("channel", ""))
    wish = Wish(place, meta.get("issue", ""), home=meta.get("home") or {})
    doing.ask(
        context["plan"], "prepare_form", wish, form="status", view_id=text(body, "view", "id"), meta=meta,
        chosen=text(action, "selected_option", "value"),
    )  # fmt: skip


def _does(operation: str, **how: Any) -> Callable[[Press], None]:
    """Ask for what needs no form; in a home it shows at once that something is done, since nothing else does."""

    def ask(press: Press) -> None:
        services = press.services
        with services.database.read() as connection:
            order, user = f"jira:{press.wish.issue}", press.wish.asker.user
            before = asked(connection, order, operation, user, how)
        if before is not None and services.now() - before <= ONE_CLICK:
            return
        doing.ask(press.plan, operation, press.wish, **how)
        if press.view:
            home.note(press.plan, press.wish.asker, press.view, WORKING)

    return ask


def _opens_thread(press: Press) -> Message | None:
    return thread_form.open_form(press.services, press.wish, press.thread, press.trigger_id)


def _opens(callback: str) -> Callable[[Press], Message | None]:
    return lambda press: open_form(press.services, press.plan, callback, press.wish, press.trigger_id)


PRESSED: dict[str, Callable[[Press], Message | None]] = {
    buttons.ASSIGN_ME: _does("assign", to={"me": "yes"}),
    buttons.ASSIGN: _opens(modal.ASSIGN),
    buttons.STATUS: _opens(modal.STATUS),
    buttons.COMMENT: _opens(modal.COMMENT),
    buttons.WATCH: _does("watch"),
}
"""By action id."""
CHOSEN: dict[str, Callable[[Press], Message | None]] = {
    buttons.EDIT: _opens(modal.EDIT),
    buttons.LOG_WORK: _opens(modal.LOG_WORK),
    buttons.UNWATCH: _does("unwatch"),
    buttons.THREAD: _opens_thread,
    buttons.TO_ME: _does("assign", to={"me": "yes"}),
    buttons.TO_STATUS: _opens(modal.STATUS),
    buttons.TO_COMMENT: _opens(modal.COMMENT),
    buttons.WATCHED: _does("watch"),
}
"""By the first word of what was chosen behind `More` or in a home's menu; "Open in Jira" is a link, which needs nothing
of connect."""
