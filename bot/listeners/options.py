"""What the form's searching selects offer: projects and types of the live Jira, within the time a person waits."""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

from typing import Any

from slack_bolt import Ack, App

from adapters.errors import AdapterError
from bot.message import BlockDict
from bot.modals import create_issue as modal
from bot.payload import mapping, text
from bot.services import Services

MOST = 100
"""Slack takes no more options: https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element"""


def register(app: App, services: Services) -> None:
    """Answer the option requests of the form."""

    def projects(ack: Ack, body: dict[str, Any]) -> None:
        ack(options=_projects(services, text(body, "value")))

    def issue_types(ack: Ack, body: dict[str, Any]) -> None:
        project = (
            modal.read_form(mapping(body, "view", "state", "values")).project or services.settings.jira_default_project
        )
        ack(options=_issue_types(services, project, text(body, "value")))

    app.options("project")(projects)
    app.options("issue_type")(issue_types)


def _projects(services: Services, typed: str) -> list[BlockDict]:
    if services.urgent.jira is None:
        return []
    try:
        found = services.urgent.jira.projects(query=typed)
    except AdapterError:
        # Jira does not answer in time: what was typed is offered as it is, and Jira judges it when it is back.
        return [modal.option(typed.upper(), typed.upper())] if typed else []
    return [modal.option(f"{project.name} ({project.key})", project.key) for project in found[:MOST]]


def _issue_types(services: Services, project: str, typed: str) -> list[BlockDict]:
    if services.urgent.jira is None or not project:
        return []
    try:
        found = [kind.name for kind in services.urgent.jira.issue_types(project) if not kind.subtask]
    except AdapterError:
        found = [services.settings.jira_default_issue_type, typed]
    return [modal.option(name, name) for name in dict.fromkeys(found) if name and typed.lower() in name.lower()][:MOST]
