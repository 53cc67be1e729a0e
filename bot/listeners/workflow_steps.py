"""The steps of workflows. A step never hangs: whatever happens, it ends, or fails with a sentence.

Who acts is the person who started the workflow, whom Slack names in an input (`user_context`) that whoever builds a
workflow cannot set; so nobody can build one that acts as somebody else. Where nobody is known, connect acts by its own
account where the settings allow it.
https://docs.slack.dev/workflows/workflow-steps, https://docs.slack.dev/reference/types/user_context-type
"""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

from collections.abc import Callable
from typing import Any

from slack_bolt import App

from bot.flows.steps import Run
from bot.listeners import github_steps, jira_steps
from bot.listeners.step_inputs import Step, Steps, Unfit
from bot.payload import mapping, text
from bot.services import Services
from storage.integrations import NewIntegration


def register(app: App, services: Services) -> None:
    """Listen to the functions of the manifest that are steps."""
    for steps in (jira_steps.STEPS, github_steps.STEPS):
        for name, wanted in steps.wanted.items():
            app.function(name)(_listener(services, steps, wanted))


def _listener(services: Services, steps: Steps, wanted: Callable[[Step], NewIntegration]) -> Callable[..., None]:
    def reached(event: dict[str, Any], body: dict[str, Any], context: dict[str, Any]) -> None:
        plan, inputs, team = context["plan"], mapping(event, "inputs"), text(body, "team_id")
        person, execution = text(inputs, "person", "id"), text(event, "function_execution_id")
        if not execution:
            return
        run = Run(execution, team, f"{team}/{person}" if person else "", plan.event)
        off = steps.off(services)
        try:
            plan.add(run.fail(off) if off else wanted(Step(services.settings, run, inputs)))
        except Unfit as unfit:
            plan.add(run.fail(str(unfit)))

    return reached
