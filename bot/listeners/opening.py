"""Opening the form "Create Jira issue": the one outside call made while Slack waits, since a trigger lives for 3 s.

https://docs.slack.dev/interactivity/handling-user-interaction#modal_responses
"""

from collections.abc import Mapping
from typing import Any

from adapters.errors import AdapterError
from bot.flows.subscribing import say
from bot.message import Message, escape
from bot.modals import create_issue as modal
from bot.services import Services


def open_form(
    services: Services, trigger_id: str, meta: Mapping[str, Any], form: modal.Form | None = None
) -> Message | None:
    """Open the form, prefilled; a message for the person if Slack refuses, None if it is open."""
    if services.urgent.slack is None:
        return say("Slack is off: SLACK_BOT_TOKEN is not set.")
    settings = services.settings
    given = form or modal.Form()
    filled = modal.Form(
        given.project or settings.jira_default_project, given.issue_type or settings.jira_default_issue_type,
        given.summary, given.description,
    )  # fmt: skip
    try:
        services.urgent.slack.open_view(trigger_id, modal.form_view(filled, meta))
    except AdapterError as error:
        return say(f"Slack did not open the form. Try again. ({escape(error, 200)})")
    return None
