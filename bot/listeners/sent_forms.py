"""Forms that are sent off: what cannot be so is said at its field; the rest is asked for, by one row.

The answer turns a form into "working…"; the result replaces that when the service has answered.
"""

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, BoltResponse

from bot.flows.asker import Asker, may_not, of_interaction
from bot.flows.away import wait_for
from bot.flows.plan import Plan
from bot.flows.sending_form import first_block
from bot.modals.elements import typed, values_of
from bot.modals.waiting import Wait
from bot.payload import text
from bot.services import Services
from storage.integrations import NewIntegration

type Ask = Callable[[Asker, dict[str, Any], Plan], NewIntegration]
"""Adds to the plan what a form asks for, and returns it; raises Wrong."""
type Show = Callable[[str], dict[str, Any]]
type ShowWait = Callable[[str, Wait], dict[str, Any]]


class Wrong(Exception):
    """What cannot be so: what is wrong, by block."""


def listener(
    services: Services, ask: Ask, working: Show, away: ShowWait, about: str = ""
) -> Callable[..., BoltResponse]:
    """What listens to a form that turns into `working`, or into `away` if it cannot be done yet.

    Both are made of the form's title, or of what was typed in the field `about`.
    """

    def submitted(ack: Ack, body: dict[str, Any], view: dict[str, Any], context: dict[str, Any]) -> BoltResponse:
        asker = of_interaction(body)
        refusal = may_not(services, asker)
        try:
            if refusal:
                raise Wrong({first_block(view): refusal})
            wait = wait_for(services, context["plan"], ask(asker, view, context["plan"]))
        except Wrong as wrong:
            return ack(response_action="errors", errors=wrong.args[0])
        heading = typed(values_of(view), about) if about else text(view, "title", "text")
        return ack(response_action="update", view=away(heading, wait) if wait else working(heading))

    return submitted
