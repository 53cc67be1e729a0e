"""The form "Create GitHub issue": opened, drawn anew, searched in, sent off."""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

import json
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, BoltResponse

from bot.flows import asker as who
from bot.flows import open_form, open_options, sending_issue
from bot.flows.away import is_away
from bot.flows.drafts import draft_of
from bot.flows.sending_form import first_block
from bot.modals import open_issue as modal
from bot.modals.elements import chosen, typed, values_of
from bot.modals.template_form import ACTION
from bot.payload import mapping, text
from bot.services import Services


def register(app: App, services: Services) -> None:
    """Listen to the form and to what is chosen in it."""

    def redraw(ack: Ack, body: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        open_form.redraw(services, context["plan"], who.of_interaction(body), body["view"], body["actions"][0])

    def repositories(ack: Ack, body: dict[str, Any]) -> None:
        asker, meta = who.of_interaction(body), json.loads(text(body, "view", "private_metadata") or "{}")
        channel, barred = str(meta.get("channel", "")), who.may_not(services, asker)
        found = [] if barred else open_options.repositories(services, asker.user, channel, text(body, "value"))
        ack(options=found)

    for action in (modal.REPOSITORY, modal.TEMPLATE):
        app.action(action)(redraw)
    app.options(modal.REPOSITORY)(repositories)
    for action in (modal.LABELS, modal.ASSIGNEES, modal.MILESTONE):
        app.options(action)(_options(services, action))
    app.options(ACTION)(_parts(services))
    app.view(modal.CALLBACK)(_submitted(services))


def _options(services: Services, action: str) -> Callable[..., None]:
    def options(ack: Ack, body: dict[str, Any]) -> None:
        asker, repository = who.of_interaction(body), chosen(values_of(mapping(body, "view")), modal.REPOSITORY)
        barred, words = who.may_not(services, asker), text(body, "value")
        found = [] if barred else open_options.of_repository(services, asker.user, repository, action, words)
        ack(options=found)

    return options


def _parts(services: Services) -> Callable[..., None]:
    """The options of a template's dropdown that has many."""

    def options(ack: Ack, body: dict[str, Any]) -> None:
        meta = json.loads(text(body, "view", "private_metadata") or "{}")
        values = values_of(mapping(body, "view"))
        choice = open_form.choice_of(draft_of(services, who.of_interaction(body).user, str(meta.get("form"))), values)
        ack(options=open_options.of_template(choice, values, text(body, "action_id"), text(body, "value")))

    return options


def _submitted(services: Services) -> Callable[..., BoltResponse]:
    def submitted(ack: Ack, body: dict[str, Any], view: dict[str, Any], context: dict[str, Any]) -> BoltResponse:
        asker = who.of_interaction(body)
        sent = sending_issue.Sent(services, asker, view)
        errors = sending_issue.complaints(sent)
        if errors:
            return ack(response_action="errors", errors=errors)
        refusal = who.may_not(services, asker)
        if refusal:
            return ack(response_action="errors", errors={first_block(view): refusal})
        wanted = sending_issue.request(services, asker, sent, context["plan"])
        context["plan"].add(wanted)
        shown = modal.waiting_view if is_away(services, wanted) else modal.creating_view
        return ack(response_action="update", view=shown(typed(sent.values, "title")))

    return submitted
