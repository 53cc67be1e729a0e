"""The steps of workflows that are about GitHub: what they ask for, what follows from their calls, what they hand on."""

from collections.abc import Mapping
from typing import Any

from adapters.errors import AdapterError, OutcomeUnknown
from bot.flows import github_opening
from bot.flows.plan import Consequences
from bot.flows.steps import Run, end, inert, read_after, refused
from bot.flows.tickets import cause_of
from bot.payload import Payload, mapping, objects, text
from bot.renderers.github_tickets import ticket_of
from storage.integrations import Integration, NewIntegration

REFUSED = {
    "read_issue_parts": "The issue was not created.",
    "create_issue": "The issue was not created.",
    "comment": "{0}: the comment was not added.",
    "merge": "{0} was not merged.",
    "read_for_step": "{0} could not be read.",
    "read_workflow": "{0} was not started.",
    "dispatch_workflow": "{0} was not started.",
}
"""What is said of what was not done."""
STEPS = ("read_for_step", "read_issue_parts", "find_for_step", "read_workflow", "dispatch_workflow")
"""The calls that are made for steps only."""
UNSURE = "It is not known whether this step was carried out."
OUTPUT_LIMIT = 2000
"""Characters of a text that are handed on."""


def ask(run: Run, operation: str, resource: str, **payload: Any) -> NewIntegration:
    """Ask for a call to GitHub about an issue or a pull request (`acme/web#7`) on account of a step."""
    return run.call("github", operation, resource, {**place_of(resource), **payload})


def place_of(resource: str) -> dict[str, Any]:
    """What a row needs to name an issue or a pull request."""
    repository, _, number = resource.partition("#")
    return {"resource": resource, "repository": repository, "number": int(number)}


def start(run: Run, repository: str, workflow: str, ref: str, inputs: Mapping[str, str]) -> NewIntegration:
    """Ask for a workflow of GitHub Actions (its file's name or its id) to be started, on its default branch if none."""
    wanted = {"repository": repository, "workflow": workflow, "ref": ref, "inputs": {**inputs}}
    named = {"resource": f"{workflow} of {repository}"}
    return run.call("github", "read_workflow", f"{repository}/actions/{workflow}", {**wanted, **named})


def start_as_read(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """It is known what is to be started, and what has been started before."""
    payload, workflow = row.payload, data["workflow"]
    wanted = {name: payload[name] for name in ("repository", "resource", "inputs")} | dict(data)
    target = f"{payload['repository']}/actions/{workflow['id']}"
    return Consequences(integrations=(_run_of(row).call("github", "dispatch_workflow", target, wanted),))


def started(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The step ends with the run, or with where it can be found if GitHub does not say which it is."""
    payload, workflow, run = row.payload, row.payload["workflow"], mapping(data, "run")
    outputs = {
        "run_id": text(run, "id"), "url": text(run, "url") or workflow["url"],
        "repository": payload["repository"], "workflow_name": inert(workflow["name"]), "ref": inert(payload["ref"]),
    }  # fmt: skip
    return Consequences(integrations=(_completed(row, outputs),))


def opening(run: Run, wanted: Mapping[str, Any]) -> NewIntegration:
    """Ask for an issue: with `repository`, `title`, `parts`, `channel`, `labels`, `people` and `milestone`.

    The last three are as they were typed; `people` as `github_doing` has whom something is assigned to.
    """
    return run.call("github", "read_issue_parts", "", wanted)


def parts_read(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The issue is opened, once it is known that there is all it shall have."""
    payload = {**row.payload, **data["parts"]}
    key = f"step:{payload['execution_id']}:create_issue"
    return Consequences(integrations=(github_opening.request(key, row.event_type, payload),))


def opened(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The issue is there: its card is posted, and GitHub is asked for what the step hands on."""
    goes_on = read_after(row, "github", place_of(data["resource"]))
    return Consequences(integrations=(*github_opening.card_for_step(row, data), goes_on))


def done(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The step's deed is done: GitHub is asked for what it hands on."""
    known = {"comment_url": data["url"]} if row.operation == "comment" else {}
    return Consequences(integrations=(read_after(row, "github", place_of(row.payload["resource"]), **known),))


def read(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The step ends; or what is there is merged as it was found."""
    if row.payload.get("merge"):
        return Consequences(integrations=(_merge(row, data["told"]),))
    outputs = {**_outputs(data), **row.payload.get("outputs", {})}
    return Consequences(integrations=(_completed(row, outputs),))


def found(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The step ends with the first thing that a search found, if any."""
    outputs = {"found": True, **_outputs(data)} if data["told"] else {"found": False}
    return Consequences(integrations=(_completed(row, outputs),))


def not_done(row: Integration, error: AdapterError) -> Consequences:
    """The step fails, and whoever started the workflow is told."""
    wanted = "merge" if row.payload.get("merge") else row.operation
    asked = github_opening.asked_for(row) if "title" in row.payload else []
    # Of a call that was made, and not found when it was looked for, nobody can say that it had no effect.
    if row.sent_at is not None or isinstance(error, OutcomeUnknown):
        return refused(row, error, UNSURE, asked)
    return refused(row, error, REFUSED.get(wanted, "").format(row.payload.get("resource", "")), asked)


def _merge(row: Integration, told: Payload) -> NewIntegration:
    """Merge it by the newest commit that it has now, so that nothing is merged which came later."""
    payload = row.payload
    method = payload["merge"]["method"] or _allowed_method(mapping(told, "repository"))
    return ask(_run_of(row), "merge", payload["resource"], method=method, sha=text(told, "pull_request", "head", "sha"))


def _run_of(row: Integration) -> Run:
    return Run(row.payload["execution_id"], row.payload["team"], row.payload["requester"], row.event_type)


def _allowed_method(repository: Payload) -> str:
    """The first way of merging that a repository's settings allow, as far as GitHub tells connect."""
    settings = (("merge", "allow_merge_commit"), ("squash", "allow_squash_merge"), ("rebase", "allow_rebase_merge"))
    return next((name for name, setting in settings if repository.get(setting) is not False), "merge")


def _completed(row: Integration, outputs: Mapping[str, Any]) -> NewIntegration:
    return end("complete_step", row.payload["execution_id"], cause_of(row), outputs=outputs)


def _outputs(data: Mapping[str, Any]) -> dict[str, Any]:
    """What every step about an issue or a pull request hands on; people in Slack as far as they are known."""
    told: Payload = data["told"]
    ticket, repository = ticket_of(told), text(told, "repository", "full_name")
    known = {name: user for name, user in data["people"].items() if user}
    return {
        "item": f"{repository}#{ticket['number']}", "url": text(ticket, "html_url"), "repository": repository,
        "number": ticket["number"], "kind": "pull request" if "pull_request" in told else "issue",
        "title": inert(text(ticket, "title")), "state": _state(ticket), "author": text(ticket, "user", "login"),
        "assignees": ", ".join(text(each, "login") for each in objects(ticket, "assignees")),
        "labels": inert(", ".join(text(each, "name") for each in objects(ticket, "labels"))[:OUTPUT_LIMIT]), **known,
    }  # fmt: skip


def _state(ticket: Payload) -> str:
    if ticket.get("merged"):
        return "merged"
    return "draft" if ticket.get("draft") and text(ticket, "state") == "open" else text(ticket, "state")
