"""What is offered for Jira's fields, and for project and type, from the live Jira, within the time a person waits."""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

import json
from typing import Any

from slack_bolt import Ack, App

from bot.flows import asker as who
from bot.flows import form_options
from bot.modals import doing
from bot.modals.elements import chosen, values_of
from bot.modals.fields import ACTION
from bot.payload import mapping, text
from bot.services import Services


def register(app: App, services: Services) -> None:
    """Answer the option requests of the forms."""

    def projects(ack: Ack, body: dict[str, Any]) -> None:
        ack(options=form_options.projects(services, text(body, "value")))

    def issue_types(ack: Ack, body: dict[str, Any]) -> None:
        project = _chosen(body, "project") or services.settings.jira_default_project
        ack(options=form_options.issue_types(services, project, text(body, "value")))

    def fields(ack: Ack, body: dict[str, Any]) -> None:
        ack(options=form_options.of_field(services, text(body, "action_id"), _about(body)))

    app.options("project")(projects)
    app.options("issue_type")(issue_types)
    app.options(ACTION)(fields)


def _about(body: dict[str, Any]) -> form_options.About:
    """The form is for a new issue in a project, or about an issue there is."""
    meta = json.loads(text(body, "view", "private_metadata") or "{}")
    issue, typed, user = str(meta.get("issue", "")), text(body, "value"), who.of_interaction(body).user
    if issue:
        moving = text(body, "view", "callback_id") == doing.STATUS
        return form_options.About(issue.rpartition("-")[0], str(meta.get("type", "")), typed, user, issue, moving)
    return form_options.About(_chosen(body, "project"), _chosen(body, "issue_type"), typed, user)


def _chosen(body: dict[str, Any], action: str) -> str:
    return chosen(values_of(mapping(body, "view")), action)
