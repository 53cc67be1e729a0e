"""What Workflow Builder offers to choose from in the steps: what is there in Jira and on GitHub.

Whoever builds a workflow waits for it: the choices are handed over before the event is answered. They come out of
memory; what a service does not tell in time is left out, and what was typed is offered in its place.
https://docs.slack.dev/tools/bolt-python/concepts/custom-steps-dynamic-options
"""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any

from slack_bolt import App

from adapters.errors import AdapterError
from bot.flows import asker as who
from bot.flows.asker import Asker
from bot.flows.plan import Plan
from bot.flows.steps import Run
from bot.listeners import github_step_options, jira_step_options
from bot.listeners.step_asked import MOST, Asked, Offers
from bot.message import BlockDict
from bot.modals.doing import option
from bot.payload import mapping, text
from bot.services import Services

log = logging.getLogger(__name__)

DIRECT_SECONDS = 1.5
"""After this it is left to a worker to hand the choices over: the event has to be answered within 3 s."""


def register(app: App, services: Services) -> None:
    """Listen to the functions of the manifest that hand over choices."""
    for offers in (jira_step_options.OFFERS, github_step_options.OFFERS):
        for name, offered in offers.offered.items():
            app.function(name)(_listener(services, offers, offered))


def _listener(
    services: Services, offers: Offers, offered: Callable[[Asked], Iterable[tuple[str, str]]]
) -> Callable[..., None]:
    def wanted(event: dict[str, Any], body: dict[str, Any], context: dict[str, Any]) -> None:
        begun, plan = time.monotonic(), context["plan"]
        inputs, team = mapping(event, "inputs"), text(body, "team_id")
        run = Run(text(event, "function_execution_id"), team, f"{team}/{text(inputs, 'builder', 'id')}", plan.event)
        if not run.execution:
            return
        refusal = offers.off(services) or who.may_not(services, Asker(team, run.person, ""))
        if refusal:
            plan.add(run.fail(refusal))
            return
        found = dict.fromkeys(offered(Asked(services, inputs, run.person)))
        options = [option(shown, value) for shown, value in found][:MOST]
        _hand_over(services, plan, run, options, left=DIRECT_SECONDS - (time.monotonic() - begun))

    return wanted


def _hand_over(services: Services, plan: Plan, run: Run, options: list[BlockDict], *, left: float) -> None:
    """At once, before the event is answered; by a worker if that takes too long or fails."""
    slack = services.urgent.slack
    if slack is not None and left > 0:
        try:
            return slack.complete_step(run.execution, {"options": options})
        except AdapterError as error:  # a step that has ended says so when it is handed over once more
            log.info("the choices of a step are handed over by a worker: %s", error)
    return plan.add(run.complete(options=options))
