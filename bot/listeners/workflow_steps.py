"""The steps of workflows. A step never hangs: whatever happens, it ends, or fails with a sentence.

Who acts is the person who started the workflow, whom Slack names in an input (`user_context`) that whoever builds a
workflow cannot set; so nobody can build one that acts as somebody else. Where nobody is known, connect acts by its own
account in the projects of JIRA_WORKFLOW_PROJECTS.
https://docs.slack.dev/workflows/workflow-steps, https://docs.slack.dev/reference/types/user_context-type
"""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt import App

from bot.flows import approvals, tickets
from bot.flows.steps import Run
from bot.listeners.typed import jira_off
from bot.operations.sites import issue_named, resource_of
from bot.payload import mapping, number, text
from bot.services import Services
from bot.settings import Settings
from storage.integrations import NewIntegration

FOUND, MOST_FOUND = 20, 50
FILL_IN = "Fill it in where the workflow adds this step."
NOBODY_KNOWN = "Nobody is known who started this workflow, so the issue cannot be assigned to them."


class Unfit(ValueError):
    """An input with which the step cannot be done, in a sentence for the workflow's author."""


@dataclass(frozen=True)
class Step:
    """A step that a workflow has reached, with what it was given."""

    settings: Settings
    run: Run
    inputs: Mapping[str, Any]

    def words(self, name: str) -> str:
        """An input without the white space around it; empty if it is not given."""
        return text(self.inputs, name).strip()

    def needed(self, name: str, title: str) -> str:
        """An input that has to be given."""
        given = self.words(name)
        if not given:
            raise Unfit(f"The {title} is empty. {FILL_IN}")
        return given

    def project(self) -> str:
        """The project that is named; empty if none is."""
        given = self.words("project")
        if given and not resource_of(self.settings, given):
            raise Unfit(f"“{given[:80]}” is no project of a Jira that connect knows.")
        return given

    def place(self, name: str) -> str:
        """A channel or person, qualified by the workspace; empty if none is given."""
        given = self.words(name)
        return f"{self.run.team}/{given}" if given else ""

    def issue(self) -> str:
        """The resource of the issue that is meant, by its key or by a link to it."""
        given = self.needed("issue", "issue")
        found = issue_named(self.settings, given)
        if not found:
            raise Unfit(f"“{given[:80]}” is neither the key of an issue, such as OPS-7, nor a link to one.")
        return found

    def issue_of_project(self) -> str:
        """The same, of the project that the step is for, if it is for one only."""
        found, project = self.issue(), self.words("project")
        if project and resource_of(self.settings, project) != found.rpartition("-")[0]:
            raise Unfit(f"{found} is not in the project {project[:80]}, for which this step is set up.")
        return found


def register(app: App, services: Services) -> None:
    """Listen to the functions of the manifest that are steps."""
    for name, wanted in STEPS.items():
        app.function(name)(_listener(services, wanted))


def _listener(services: Services, wanted: Callable[[Step], NewIntegration]) -> Callable[..., None]:
    def reached(event: dict[str, Any], body: dict[str, Any], context: dict[str, Any]) -> None:
        plan, inputs, team = context["plan"], mapping(event, "inputs"), text(body, "team_id")
        person, execution = text(inputs, "person", "id"), text(event, "function_execution_id")
        if not execution:
            return
        run = Run(execution, team, f"{team}/{person}" if person else "", plan.event)
        off = jira_off(services)
        try:
            plan.add(run.fail(off) if off else wanted(Step(services.settings, run, inputs)))
        except Unfit as unfit:
            plan.add(run.fail(str(unfit)))

    return reached


def _create(step: Step) -> NewIntegration:
    run, user = step.run, step.place("user")
    payload = {
        "origin": "step", "project": step.project(), "issue_type": step.words("type"),
        "summary": step.needed("summary", "summary"), "text": step.words("description"),
        "channel": step.place("channel") or user, "requester": user or run.person, "starter": run.person,
        "team": run.team, "execution_id": run.execution,
    }  # fmt: skip
    return tickets.request_issue(f"step:{run.execution}:create_issue", run.event, payload)


def _comment(step: Step) -> NewIntegration:
    return step.run.ask("comment", step.issue(), text=step.needed("text", "comment"))


def _transition(step: Step) -> NewIntegration:
    return step.run.ask("transition", step.issue_of_project(), to=step.needed("status", "status"))


def _assign(step: Step) -> NewIntegration:
    issue, person, chosen = step.issue_of_project(), step.place("user"), step.words("assignee")
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
    return step.run.ask("read_for_step", step.issue())


def _find(step: Step) -> NewIntegration:
    limit = number(step.inputs, "limit")
    if limit is not None and not 1 <= limit <= MOST_FOUND:
        raise Unfit(f"The limit is a number from 1 to {MOST_FOUND}.")
    project = resource_of(step.settings, step.project() or step.settings.jira_default_project)
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
    return step.run.ask("tie_thread", step.issue(), channel=place, to_thread=f"{place}/{ts}")


def _approve(step: Step) -> NewIntegration:
    channel, approver = step.place("channel"), step.place("approver")
    if not channel and not approver:
        raise Unfit("Say who decides: a channel to ask in, or a person.")
    wanted = {
        "to": step.needed("status", "status"), "question": step.words("question"), "channel": channel,
        "approver": approver,
    }  # fmt: skip
    return approvals.ask(step.run, step.issue_of_project(), wanted)


STEPS: dict[str, Callable[[Step], NewIntegration]] = {
    "create_jira_issue": _create,
    "comment_on_jira_issue": _comment,
    "transition_jira_issue": _transition,
    "assign_jira_issue": _assign,
    "find_jira_issues": _find,
    "get_jira_issue": _get,
    "link_jira_thread": _link,
    "approve_jira_transition": _approve,
}
"""What each step asks for, by its name in the manifest. A function here raises `Unfit` if an input does not do."""
