"""The steps of workflows that do something in Jira.

Where nobody is known who started the workflow, connect acts by its own account in the projects of
JIRA_WORKFLOW_PROJECTS.
"""

import re

from bot.flows import approvals, tickets
from bot.listeners.step_inputs import Step, Steps, Unfit
from bot.listeners.typed import jira_off
from bot.operations.sites import issue_named, resource_of
from bot.payload import mapping, number, text
from storage.integrations import NewIntegration

FOUND, MOST_FOUND = 20, 50
NOBODY_KNOWN = "Nobody is known who started this workflow, so the issue cannot be assigned to them."


def _create(step: Step) -> NewIntegration:
    run, user = step.run, step.place("user")
    payload = {
        "origin": "step", "project": _project(step), "issue_type": step.words("type"),
        "summary": step.needed("summary", "summary"), "text": step.words("description"),
        "channel": step.place("channel") or user, "requester": user or run.person, "starter": run.person,
        "team": run.team, "execution_id": run.execution,
    }  # fmt: skip
    return tickets.request_issue(f"step:{run.execution}:create_issue", run.event, payload)


def _comment(step: Step) -> NewIntegration:
    return step.run.ask("comment", _issue(step), text=step.needed("text", "comment"))


def _transition(step: Step) -> NewIntegration:
    return step.run.ask("transition", _issue_of_project(step), to=step.needed("status", "status"))


def _assign(step: Step) -> NewIntegration:
    issue, person, chosen = _issue_of_project(step), step.place("user"), step.words("assignee")
    if bool(person) == bool(chosen):
        raise Unfit("Say whom to assign the issue to: either a person in Slack, or somebody of the list.")
    if chosen == "me" and not step.run.person:
        raise Unfit(NOBODY_KNOWN)
    return step.run.ask("assign", issue, to={"person": person} if person else _chosen(chosen))


def _chosen(value: str) -> dict[str, str]:
    """Whom a choice means; what was not chosen but came from elsewhere in the workflow is a name."""
    if value in ("me", "nobody"):
        return {value: "yes"}
    account = value.removeprefix("account:")
    return {"account": account} if account != value else {"name": value}


def _get(step: Step) -> NewIntegration:
    return step.run.ask("read_for_step", _issue(step))


def _find(step: Step) -> NewIntegration:
    limit = number(step.inputs, "limit")
    if limit is not None and not 1 <= limit <= MOST_FOUND:
        raise Unfit(f"The limit is a number from 1 to {MOST_FOUND}.")
    project = resource_of(step.settings, _project(step) or step.settings.jira_default_project)
    return step.run.ask("find_for_step", wanted=step.needed("jql", "search"), project=project, limit=limit or FOUND)


def _link(step: Step) -> NewIntegration:
    message, permalink = mapping(step.inputs, "message"), step.words("link")
    channel, ts = text(message, "channel_id"), text(message, "message_ts")
    found = re.search(r"/archives/([A-Z0-9]+)/p(\d{10})(\d{6})(?:\?|$)", permalink)
    if found and not ts:
        channel, ts = found[1], f"{found[2]}.{found[3]}"
    if not channel or not ts:
        raise Unfit("Say which message: one that the workflow has sent or heard of, or a link to one.")
    place = f"{step.run.team}/{channel}"
    return step.run.ask("tie_thread", _issue(step), channel=place, to_thread=f"{place}/{ts}")


def _approve(step: Step) -> NewIntegration:
    channel, approver = step.place("channel"), step.place("approver")
    if not channel and not approver:
        raise Unfit("Say who decides: a channel to ask in, or a person.")
    wanted = {
        "to": step.needed("status", "status"), "question": step.words("question"), "channel": channel,
        "approver": approver,
    }  # fmt: skip
    return approvals.ask(step.run, _issue_of_project(step), wanted)


def _project(step: Step) -> str:
    """The project that is named; empty if none is."""
    given = step.words("project")
    if given and not resource_of(step.settings, given):
        raise Unfit(f"“{given[:80]}” is no project of a Jira that connect knows.")
    return given


def _issue(step: Step) -> str:
    """The resource of the issue that is meant, by its key or by a link to it."""
    given = step.needed("issue", "issue")
    found = issue_named(step.settings, given)
    if not found:
        raise Unfit(f"“{given[:80]}” is neither the key of an issue, such as OPS-7, nor a link to one.")
    return found


def _issue_of_project(step: Step) -> str:
    """The same, of the project that the step is for, if it is for one only."""
    found, project = _issue(step), step.words("project")
    if project and resource_of(step.settings, project) != found.rpartition("-")[0]:
        raise Unfit(f"{found} is not in the project {project[:80]}, for which this step is set up.")
    return found


STEPS = Steps(
    jira_off,
    {
        "create_jira_issue": _create,
        "comment_on_jira_issue": _comment,
        "transition_jira_issue": _transition,
        "assign_jira_issue": _assign,
        "find_jira_issues": _find,
        "get_jira_issue": _get,
        "link_jira_thread": _link,
        "approve_jira_transition": _approve,
    },
)
