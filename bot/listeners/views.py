"""Submitted forms. The answer turns the form into "creating…"; the result replaces that when Jira has answered."""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

import json
from typing import Any

from slack_bolt import Ack, App, BoltResponse

from bot.flows import asker as who
from bot.flows import tickets
from bot.flows.plan import Plan
from bot.modals import create_issue as modal
from bot.services import Services


def register(app: App, services: Services) -> None:
    """Listen to the forms that connect opens."""

    def submitted(ack: Ack, body: dict[str, Any], view: dict[str, Any], context: dict[str, Any]) -> BoltResponse:
        form = modal.read_form(view["state"]["values"])
        errors = _errors(form)
        if errors:
            return ack(response_action="errors", errors=errors)
        asker, meta, plan = who.of_interaction(body), json.loads(view.get("private_metadata") or "{}"), context["plan"]
        refusal = who.may_not(services, asker)
        if refusal:
            return ack(response_action="errors", errors={"summary": refusal})
        plan.add(_wanted(form, meta, asker, view["id"], plan))
        return ack(response_action="update", view=modal.creating_view(form.summary))

    app.view(modal.CALLBACK)(submitted)


def _errors(form: modal.Form) -> dict[str, str]:
    given = {"project": form.project, "issue_type": form.issue_type, "summary": form.summary.strip()}
    return {name: "Please fill this in." for name, value in given.items() if not value}


def _wanted(
    form: modal.Form, meta: dict[str, Any], asker: who.Asker, view_id: str, plan: Plan
) -> tickets.NewIntegration:
    payload = {
        **{name: meta[name] for name in modal.KEPT if name in meta},
        # Not from the form's metadata: Slack says who submitted it.
        "requester": asker.user, "team": asker.team, "origin": "modal", "project": form.project,
        "issue_type": form.issue_type, "summary": form.summary, "text": form.description, "typed": True,
        "view_id": view_id,
    }  # fmt: skip
    return tickets.request_issue(f"{plan.key}:create_issue", plan.event, payload)
