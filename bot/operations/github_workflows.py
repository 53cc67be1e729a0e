"""Workflows of GitHub Actions that are started from Slack.

A start cannot be marked: when its answer is lost, the run is looked for among those that are newer than what there was
before. Where it cannot be known which it is, nothing is started again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from adapters.errors import NotFound, Rejected
from adapters.github.client import GitHubClient
from adapters.github.session import PER_PAGE
from adapters.github.workflows import Started, Workflow
from bot.operations.base import Effect, Operation, before_sending
from bot.operations.github import github_of
from bot.operations.github_accounts import acting_for
from bot.services import Services
from storage import history
from storage.integrations import Integration

PAGES = 3
"""Of runs that are looked through: 300 of them."""
MOST_NAMED = 10
NOT_KNOWN = (
    "GitHub did not answer, and {0} runs of it were started since then by @{1} on {2}. It cannot be known whether one "
    "of them is this step's, so it was not started again. Look at {3}"
)


def _read_workflow(services: Services, row: Integration) -> Effect:
    """What is to be run, by which account, and the newest run that there was before."""
    payload, who = row.payload, acting_for(services, row, "write")
    workflow = _workflow(who.github, payload["repository"], payload["workflow"])
    if not workflow.active:
        raise Rejected(f"{workflow.name} is switched off on GitHub.", "disabled")
    ref = payload["ref"] or who.github.repository(payload["repository"]).default_branch
    newest = max((run.id for run in who.github.runs_of(payload["repository"], workflow.id)), default=0)
    actor = who.account.name if who.own else github_of(services).myself().name
    known = {"ref": ref, "newest": newest, "actor": actor, "own": who.own}
    return Effect(str(workflow.id), data={"workflow": asdict(workflow), **known})


def _workflow(github: GitHubClient, repository: str, ident: str) -> Workflow:
    try:
        return github.workflow(repository, ident)
    except NotFound as error:
        there = ", ".join(each.file for each in github.workflows(repository)[:MOST_NAMED])
        hint = f"It has {there}." if there else "It has none that I can see."
        raise Rejected(f"{repository} has no workflow “{ident[:80]}”. {hint}", "no_workflow") from error


def _dispatch(services: Services, row: Integration) -> Effect:
    payload, who = row.payload, acting_for(services, row, "write")
    if who.own != payload["own"]:
        raise Rejected(
            "An account was linked, or unlinked, while the step was under way. Run the workflow anew.", "own"
        )
    workflow = payload["workflow"]
    before_sending(services, row)
    started = who.github.dispatch(payload["repository"], workflow["id"], payload["ref"], payload["inputs"])
    return _ran(started)


def _find_run(services: Services, row: Integration) -> Effect | None:
    """The run that was started since by the account that acted, on that branch or tag.

    Only if it is the one such run: a run says nothing of who wanted it, so of two it cannot be known which it is.
    """
    payload, found = row.payload, list[Started]()
    ref = payload["ref"].removeprefix("refs/heads/").removeprefix("refs/tags/")
    for run in _since(github_of(services), payload):
        like_it = (run.event, run.branch, run.actor.lower()) == ("workflow_dispatch", ref, payload["actor"].lower())
        if like_it and not _is_known(services, run):
            found.append(run)
    if len(found) > 1:
        raise Rejected(NOT_KNOWN.format(len(found), payload["actor"], ref, payload["workflow"]["url"]), "not_known")
    return _ran(found[0]) if found else None


def _since(github: GitHubClient, payload: Mapping[str, Any]) -> Iterator[Started]:
    """The runs that are newer than the newest one there was before; raises `Rejected` if they are too many."""
    for page in range(1, PAGES + 1):
        listed = github.runs_of(payload["repository"], payload["workflow"]["id"], page)
        yield from (run for run in listed if run.id > payload["newest"])
        if len(listed) < PER_PAGE or listed[-1].id <= payload["newest"]:
            return
    many = PAGES * PER_PAGE
    raise Rejected(NOT_KNOWN.format(many, payload["actor"], payload["ref"], payload["workflow"]["url"]), "not_known")


def _is_known(services: Services, run: Started) -> bool:
    """Whether another step has started it."""
    with services.database.read() as connection:
        return history.has_remote_id(connection, "github", "dispatch_workflow", str(run.id))


def _ran(run: Started | None) -> Effect:
    return Effect(str(run.id), data={"run": asdict(run)}) if run else Effect("", data={"run": None})


OPERATIONS = {
    "read_workflow": Operation(_read_workflow, idempotent=True),
    "dispatch_workflow": Operation(_dispatch, find=_find_run),
}
