"""The form "Create Jira issue", sent off."""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

from typing import Any

from slack_bolt import App

from bot.flows import sending_form
from bot.flows.asker import Asker
from bot.flows.plan import Plan
from bot.listeners.sent_forms import Wrong, listener
from bot.modals import create_issue as modal
from bot.services import Services
from storage.integrations import NewIntegration


def register(app: App, services: Services) -> None:
    """Listen to the form."""

    def ask(asker: Asker, view: dict[str, Any], plan: Plan) -> NewIntegration:
        errors = sending_form.complaints(view)
        if errors:
            raise Wrong(errors)
        wanted = sending_form.request(services, asker, view, plan)
        plan.add(wanted)
        return wanted

    app.view(modal.CALLBACK)(listener(services, ask, modal.creating_view, modal.waiting_view, "summary"))
