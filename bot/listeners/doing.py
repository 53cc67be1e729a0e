"""Opening the forms in which people do something to an issue, for buttons and commands alike."""

from typing import Any

from bot.flows import asker as who
from bot.flows import doing
from bot.flows.doing import Wish
from bot.flows.plan import Plan
from bot.flows.subscribing import say
from bot.flows.views import open_view
from bot.listeners.typed import jira_off
from bot.message import Message
from bot.modals import doing as modal
from bot.modals.waiting import waiting_view
from bot.services import Services

ASKING = {modal.STATUS: "status", modal.EDIT: "edit"}
"""The forms that wait for Jira."""


def open_form(services: Services, plan: Plan, callback: str, wish: Wish, trigger_id: str) -> Message | None:
    """Open a form about an issue; a message for the person if it cannot be, None if it is open."""
    refusal = jira_off(services) or who.may_not(services, wish.asker)
    if refusal:
        return say(refusal)
    view_id, unopened = open_view(services, trigger_id, _view(services, callback, wish))
    if callback in ASKING and not unopened:
        doing.ask(plan, "prepare_form", wish, form=ASKING[callback], view_id=view_id, meta=wish.meta)
    return unopened


def _view(services: Services, callback: str, wish: Wish) -> dict[str, Any]:
    if callback == modal.ASSIGN:
        return modal.assign_view(wish.meta)
    if callback == modal.COMMENT:
        return modal.comment_view(wish.meta)
    if callback == modal.LOG_WORK:
        return modal.log_work_view(wish.meta, int(services.now().timestamp()))
    return waiting_view(modal.title(callback, wish.issue), "Jira")
