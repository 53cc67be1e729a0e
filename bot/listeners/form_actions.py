"""Choices in the form "Create Jira issue" that draw it anew."""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

from typing import Any

from slack_bolt import Ack, App

from bot.flows import asker as who
from bot.flows import create_form
from bot.modals import create_issue as modal
from bot.services import Services


def register(app: App, services: Services) -> None:
    """Listen to what draws the form anew, and to the button that opens Jira's own."""

    def chosen(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        create_form.redraw(services, who.of_interaction(body), body["view"], body["actions"][0])

    def opened(ack: Ack) -> None:
        ack()  # the browser opens the page; Slack wants an answer all the same

    for name in ("project", "issue_type", modal.MORE, modal.AGAIN):
        app.action(name)(chosen)
    app.action(modal.OPEN_JIRA)(opened)
