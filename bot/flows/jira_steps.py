"""The steps of workflows that are about Jira's issues: what follows from their calls, and what they hand on."""

from collections.abc import Mapping
from typing import Any

from adapters.jira.issue import Issue
from bot.flows.plan import Consequences
from bot.flows.steps import end, inert, read_after
from bot.flows.tickets import cause_of, issue_from
from storage.integrations import Integration, NewIntegration

RESTRICTED = "Restricted in Jira"


def done(row: Integration, issue: str, *, key: str = "", **outputs: Any) -> NewIntegration:
    """What follows from a step's deed: Jira is asked for what the step hands on; `outputs` are known already."""
    return read_after(row, "jira", {"issue": issue}, key, **outputs)


def completed(row: Integration, data: Mapping[str, Any]) -> NewIntegration:
    """The step's end, once its issue was read."""
    outputs = {**_outputs(issue_from(data["issue"])), **row.payload.get("outputs", {})}
    if data["assignee"]:
        outputs["assignee"] = data["assignee"]
    return end("complete_step", row.payload["execution_id"], cause_of(row), outputs=outputs)


def found(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The step's end with what a search found."""
    issues = [issue_from(each) for each in data["issues"]]
    outputs: dict[str, Any] = {
        "count": len(issues), "more": data["more"], "keys": ", ".join(issue.key for issue in issues),
        "list": inert("\n".join(f"• {issue.key}: {issue.summary} ({issue.status})" for issue in issues)),
    }  # fmt: skip
    if issues:
        outputs |= {"first_key": issues[0].key, "first_url": issues[0].url, "first_summary": inert(issues[0].summary)}
    return Consequences(
        integrations=(end("complete_step", row.payload["execution_id"], cause_of(row), outputs=outputs),)
    )


def _outputs(issue: Issue) -> dict[str, Any]:
    """What every step about an issue hands on. Of a restricted one no more than that it is there."""
    outputs = {
        "issue_key": issue.key, "issue_url": issue.url, "summary": inert(issue.summary),
        "status": inert(issue.status), "type": inert(issue.type), "priority": inert(issue.priority),
        "assignee_name": inert(issue.assignee),
    }  # fmt: skip
    if issue.secured:
        outputs |= {"summary": RESTRICTED, "assignee_name": ""}
    return outputs | ({"due_date": issue.due} if issue.due and not issue.secured else {})
