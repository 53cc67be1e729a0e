"""The buttons of an issue's card, and the choice of a step in the form for its status.

A press is answered at once. What is plain is done by the worker and told privately; the rest opens a form.
"""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

import json
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App

from adapters.jira.issue import RESOURCE
from bot.flows import asker as who
from bot.flows import doing, home
from bot.flows.doing import Wish
from bot.flows.one_click import ONE_CLICK, asked
from bot.listeners import thread_form
from bot.listeners.doing import open_form
from bot.listeners.presses import Press, listen
from bot.listeners.typed import jira_off
from bot.message import Message
from bot.modals import doing as modal
from bot.payload import Payload, mapping, text
from bot.renderers import buttons
from bot.services import Services

WORKING = ":hourglass_flowing_sand: Working… If Jira does not answer now, it is done as soon as it does."

type Deed = Callable[[Press, Wish], Message | None]


def register(app: App, services: Services) -> None:
    """Listen to the buttons."""
    listen(app, services, _answer, PRESSED, buttons.MORE, CHOSEN)
    app.action(modal.STEP)(_step_chosen)


def _answer(press: Press, deed: Deed) -> Message | None:
    if not RESOURCE.fullmatch(press.value):
        return None
    off, view = jira_off(press.services), _home_of(press)
    shown = home.shown_in(press.services, view).brief if view else {}
    return Message(off) if off else deed(press, Wish(press.asker, press.value, press.thread, press.response_url, shown))


def _home_of(press: Press) -> Payload:
    """The home that it was pressed in; empty if that was elsewhere."""
    view = mapping(press.body, "view")
    return view if text(view, "type") == "home" else {}


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


def _does(operation: str, **how: Any) -> Deed:
    """Ask for what needs no form; in a home it shows at once that something is done, since nothing else does."""

    def ask(press: Press, wish: Wish) -> None:
        with press.services.database.read() as connection:
            before = asked(connection, f"jira:{wish.issue}", operation, wish.asker.user, how)
        if before is not None and press.services.now() - before <= ONE_CLICK:
            return
        doing.ask(press.plan, operation, wish, **how)
        view = _home_of(press)
        if view:
            home.note(press.plan, wish.asker, view, WORKING)

    return ask


def _opens_thread(press: Press, wish: Wish) -> Message | None:
    """For the thread that the card stands in or begins; for none where others cannot see the card."""
    container = mapping(press.body, "container")
    begins = wish.asker.channel and not container.get("is_ephemeral")
    begun = f"{wish.asker.channel}/{text(container, 'message_ts')}" if begins else ""
    return thread_form.open_form(press.services, wish, press.thread or begun, press.trigger_id)


def _opens(callback: str) -> Deed:
    return lambda press, wish: open_form(press.services, press.plan, callback, wish, press.trigger_id)


PRESSED: dict[str, Deed] = {
    buttons.ASSIGN_ME: _does("assign", to={"me": "yes"}),
    buttons.ASSIGN: _opens(modal.ASSIGN),
    buttons.STATUS: _opens(modal.STATUS),
    buttons.COMMENT: _opens(modal.COMMENT),
    buttons.WATCH: _does("watch"),
}
"""By action id."""
CHOSEN: dict[str, Deed] = {
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
