"""Opening the forms in which people do something to an issue, for buttons and commands alike.

A trigger lives for three seconds, so a form opens at once; what it has to ask of Jira first comes into it when Jira has
answered. https://docs.slack.dev/interactivity/handling-user-interaction#modal_responses
"""

from typing import Any

from adapters.errors import AdapterError
from bot.flows import asker as who
from bot.flows import doing
from bot.flows.doing import Wish
from bot.flows.plan import Plan
from bot.flows.subscribing import say
from bot.listeners.typed import jira_off
from bot.message import Message, escape
from bot.modals import doing as modal
from bot.modals.waiting import waiting_view
from bot.services import Services

ASKING = {modal.STATUS: "status", modal.EDIT: "edit"}
"""The forms that wait for Jira."""


def open_form(services: Services, plan: Plan, callback: str, wish: Wish, trigger_id: str) -> Message | None:
    """Open a form about an issue; a message for the person if it cannot be, None if it is open."""
    refusal = jira_off(services) or who.may_not(services, wish.asker)
    if refusal or services.urgent.slack is None:
        return say(refusal)
    try:
        view_id = services.urgent.slack.open_view(trigger_id, _view(services, callback, wish))
    except AdapterError as error:
        return say(f"Slack did not open the form. Try again. ({escape(error, 200)})")
    if callback in ASKING:
        doing.ask(plan, "prepare_form", wish, form=ASKING[callback], view_id=view_id, meta=wish.meta)
    return None


def _view(services: Services, callback: str, wish: Wish) -> dict[str, Any]:
    if callback == modal.ASSIGN:
        return modal.assign_view(wish.meta)
    if callback == modal.COMMENT:
        return modal.comment_view(wish.meta)
    if callback == modal.LOG_WORK:
        return modal.log_work_view(wish.meta, int(services.now().timestamp()))
    return waiting_view(modal.title(callback, wish.issue), "Jira")
