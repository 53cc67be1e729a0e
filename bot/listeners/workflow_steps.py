"""The workflow step "Create Jira issue". A step never hangs: whatever happens, it ends, or fails with a sentence.

https://docs.slack.dev/workflows/workflow-steps
"""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

from collections.abc import Mapping
from typing import Any

from slack_bolt import App

from bot.flows import tickets
from bot.flows.plan import Plan
from bot.flows.steps import fail_step
from bot.payload import mapping, text
from bot.services import Services

CREATE_ISSUE = "create_jira_issue"


def register(app: App, services: Services) -> None:
    """Listen to the functions of the manifest."""

    def create_issue(event: dict[str, Any], body: dict[str, Any], context: dict[str, Any]) -> None:
        execution, inputs, plan = text(event, "function_execution_id"), mapping(event, "inputs"), context["plan"]
        if not execution:
            return
        summary = text(inputs, "summary").strip()
        if services.jira is None:
            plan.add(fail_step(execution, "Jira is not connected to connect yet.", plan.event))
        elif not summary:
            plan.add(
                fail_step(execution, "The summary is empty. Fill it in where the workflow adds this step.", plan.event)
            )
        else:
            plan.add(_wanted(body, execution, inputs, plan))

    app.function(CREATE_ISSUE)(create_issue)


def _wanted(body: Mapping[str, Any], execution: str, inputs: Mapping[str, Any], plan: Plan) -> tickets.NewIntegration:
    team = text(body, "team_id")
    given = {name: text(inputs, name).strip() for name in ("project", "type", "summary", "description")}
    channel, user = text(inputs, "channel"), text(inputs, "user")
    payload = {
        "origin": "step", "project": given["project"], "issue_type": given["type"], "summary": given["summary"],
        "text": given["description"], "channel": f"{team}/{channel}" if channel else "",
        "requester": f"{team}/{user}" if user else "", "team": team, "execution_id": execution,
    }  # fmt: skip
    return tickets.request_issue(f"step:{execution}:create_issue", plan.event, payload)
