"""The buttons of a workflow's step that waits for a person. A press is answered at once and carried out by a worker."""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App

from bot.flows import approvals
from bot.flows import asker as who
from bot.flows.tell import tell_asker
from bot.message import Message
from bot.payload import text
from bot.services import Services


def register(app: App, _services: Services) -> None:
    """Listen to the buttons."""
    for action, decision in approvals.DECISIONS.items():
        app.action(action)(_listener(decision))


def _listener(decision: str) -> Callable[..., None]:
    def pressed(ack: Ack, body: dict[str, Any], action: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        asker, question = who.of_interaction(body), approvals.question_of(text(action, "value"))
        if question is None:
            return
        if question.approver and question.approver != asker.user:
            only = f"Only <@{question.approver.partition('/')[2]}> can decide this."
            tell_asker(context["plan"], asker, text(body, "response_url"), Message(only))
            return
        approvals.decide(context["plan"], asker, question, decision, body)

    return pressed
