"""What people do to GitHub's workflow runs from Slack: once more, cancel, let them deploy or not.

A run is never started twice by one press: the press names the attempt that the card shows. Whoever decides about a
deployment is one of those whom GitHub asks, and connect's own account decides for nobody about a run of their own.
"""

from dataclasses import asdict
from typing import Any

from adapters.errors import NotFound, Rejected
from adapters.github.client import GitHubClient
from adapters.github.runs import Gate, Run
from bot.operations.base import Effect, Operation, before_sending
from bot.operations.github import github_of
from bot.operations.github_accounts import Acting, acting
from bot.services import Services
from storage.integrations import Integration

MOST_GATES = 5
NOT_ASKED = "GitHub asks others to review this deployment, not @{}."
OWN_RUN = "You started this run yourself: link your account (`/github login`), and GitHub says whether you may."
NOT_ME = "connect's account is not among those whom GitHub asks. Link yours with `/github login` to decide from here."


def _of(row: Integration) -> tuple[str, int]:
    return row.payload["repository"], row.payload["number"]


def _did(row: Integration, run: Run, **data: Any) -> Effect:
    return Effect(row.payload["resource"], data={"url": run.url, "name": run.name, **data})


def _rerun(services: Services, row: Integration) -> Effect:
    who = acting(services, row.payload["requester"], row.payload["repository"], "write")
    run = who.github.run(*_of(row))
    if run.status != "completed" or run.attempt > row.payload["attempt"]:
        raise Rejected("It runs again already, or has since you looked.", "409")
    before_sending(services, row)
    who.github.rerun(*_of(row), failed=row.payload["failed"])
    return _did(row, run)


def _find_rerun(services: Services, row: Integration) -> Effect | None:
    run = github_of(services).run(*_of(row))
    return _did(row, run) if run.attempt > row.payload["attempt"] else None


def _cancel(services: Services, row: Integration) -> Effect:
    who = acting(services, row.payload["requester"], row.payload["repository"], "write")
    run = who.github.run(*_of(row))
    if run.status == "completed" and run.conclusion != "cancelled":
        raise Rejected("It has ended already.", "409")
    if run.status != "completed":
        who.github.cancel_run(*_of(row))
    return _did(row, run)


# --- deployments -----------------------------------------------------------------------------------------------------


def read_gates(services: Services, row: Integration) -> Effect:
    """What a run waits for, who may decide it, and which commits it would bring."""
    who = acting(services, row.payload["requester"], row.payload["repository"], "read")
    run, gates = who.github.run(*_of(row)), who.github.gates(*_of(row))[:MOST_GATES]
    repository = row.payload["repository"]
    shown = [
        {"id": gate.id, "environment": gate.environment, "obstacle": _obstacle(who, repository, run, gate),
         **_brings(who.github, repository, run, gate)}
        for gate in gates
    ]  # fmt: skip
    return _did(row, run, gates=shown)


def _brings(github: GitHubClient, repository: str, run: Run, gate: Gate) -> dict[str, Any]:
    before = github.deployed(repository, gate.environment)
    difference = github.difference(repository, before, run.sha) if before else None
    return {"before": before, "difference": asdict(difference) if difference else None}


def _obstacle(who: Acting, repository: str, run: Run, gate: Gate) -> str:
    """Why somebody may not decide about a gate; empty if they may."""
    if who.own:
        return "" if gate.open_to_me else NOT_ASKED.format(who.account.name)
    if not _asked(who, repository, gate):
        return NOT_ASKED.format(who.account.name)
    if run.by == who.account.name:
        return OWN_RUN
    return "" if gate.open_to_me else NOT_ME


def _asked(who: Acting, repository: str, gate: Gate) -> bool:
    owner, login = repository.partition("/")[0], who.account.name
    teams = (f"{owner}/{slug}" for slug in gate.teams)
    return login in gate.people or any(_in_team(who.github, repository, team, login) for team in teams)


def _in_team(github: GitHubClient, repository: str, team: str, login: str) -> bool:
    try:
        return github.in_team(repository, team, login)
    except NotFound:  # a team that connect cannot see
        return False


def _decide(services: Services, row: Integration) -> Effect:
    """Decide about those environments that still wait; one that somebody has decided in the same way is done."""
    payload = row.payload
    who = acting(services, payload["requester"], payload["repository"], "read")
    run = who.github.run(*_of(row))
    waiting = {gate.id: gate for gate in who.github.gates(*_of(row))}
    wanted = [waiting[ident] for ident in payload["gates"] if ident in waiting]
    if obstacle := next((why for gate in wanted if (why := _obstacle(who, payload["repository"], run, gate))), ""):
        raise Rejected(obstacle, "not_permitted")
    if wanted:
        comment = payload["text"] if who.own else f"{who.person.name} (in Slack): {payload['text']}".rstrip(": ")
        who.github.decide(*_of(row), [gate.id for gate in wanted], payload["state"], comment)
    else:
        _hold_same(who.github, row)
    return _did(row, run)


def _hold_same(github: GitHubClient, row: Integration) -> None:
    """Raises `Rejected` if all of it was decided otherwise."""
    made = [one for one in github.decisions(*_of(row)) if one.state == row.payload["state"]]
    if not any(ident in one.gates for one in made for ident in row.payload["gates"]):
        raise Rejected("Somebody has decided otherwise, or the run has ended.", "409")


OPERATIONS = {
    "rerun": Operation(_rerun, find=_find_rerun),
    "cancel_run": Operation(_cancel, idempotent=True),
    "decide": Operation(_decide, idempotent=True),
}
