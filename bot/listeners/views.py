"""Submitted forms. The answer turns the form into "creating…"; the result replaces that when Jira has answered."""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

from typing import Any

from slack_bolt import Ack, App, BoltResponse

from bot.flows import asker as who
from bot.flows import sending_form
from bot.flows.away import is_away
from bot.modals import create_issue as modal
from bot.modals.elements import typed, values_of
from bot.services import Services


def register(app: App, services: Services) -> None:
    """Listen to the forms that connect opens."""

    def submitted(ack: Ack, body: dict[str, Any], view: dict[str, Any], context: dict[str, Any]) -> BoltResponse:
        errors = sending_form.complaints(view)
        if errors:
            return ack(response_action="errors", errors=errors)
        asker = who.of_interaction(body)
        refusal = who.may_not(services, asker)
        if refusal:
            return ack(response_action="errors", errors={sending_form.first_block(view): refusal})
        wanted = sending_form.request(services, asker, view, context["plan"])
        context["plan"].add(wanted)
        shown = modal.waiting_view if is_away(services, wanted) else modal.creating_view
        return ack(response_action="update", view=shown(typed(values_of(view), "summary")))

    app.view(modal.CALLBACK)(submitted)
