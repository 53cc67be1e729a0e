"""GitHub's workflow runs: once more, cancelled, let through to an environment or not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.github.session import GitHubSession


@dataclass(frozen=True)
class Run:
    """A workflow run; `status` is `completed` once it has its `conclusion`. `by` is who began this attempt of it."""

    id: int
    name: str
    url: str
    sha: str
    status: str
    conclusion: str
    attempt: int
    by: str


@dataclass(frozen=True)
class Gate:
    """An environment that a run may deploy to after a review; `open_to_me` says whether the one who asks may give it.

    `people` are logins, `teams` slugs.
    """

    id: int
    environment: str
    open_to_me: bool
    people: tuple[str, ...]
    teams: tuple[str, ...]


@dataclass(frozen=True)
class Decision:
    """What somebody (`by`) decided about environments (by id): `approved` or `rejected`."""

    gates: tuple[int, ...]
    state: str
    by: str


class Runs(GitHubSession):
    """The part of the client that is about workflow runs."""

    def run(self, repository: str, ident: int) -> Run:
        """Read a run as its newest attempt is."""
        return self._of(repository, "GET", "actions", "runs", ident, read=_run)

    def rerun(self, repository: str, ident: int, *, failed: bool) -> None:
        """Run it once more: all of it, or the jobs that failed and what depends on them.

        https://docs.github.com/en/rest/actions/workflow-runs#re-run-a-workflow
        """
        what = "rerun-failed-jobs" if failed else "rerun"
        self._of(repository, "POST", "actions", "runs", ident, what, read=lambda _: None, write=True)

    def cancel_run(self, repository: str, ident: int) -> None:
        """Cancel it; `Rejected` with the code 409 says that it has ended."""
        self._of(repository, "POST", "actions", "runs", ident, "cancel", read=lambda _: None, write=True)

    def gates(self, repository: str, ident: int) -> list[Gate]:
        """The environments that a run waits for somebody to let it deploy to.

        https://docs.github.com/en/rest/actions/workflow-runs#get-pending-deployments-for-a-workflow-run
        """
        return self._of(repository, "GET", "actions", "runs", ident, "pending_deployments", read=_gates)

    def decide(self, repository: str, ident: int, gates: Iterable[int], state: str, comment: str) -> None:
        """Let a run deploy (`approved`) or not (`rejected`); only who is asked for it may."""
        where, body = ("actions", "runs", ident, "pending_deployments"), {
            "environment_ids": [*gates], "state": state, "comment": comment,
        }  # fmt: skip
        self._of(repository, "POST", *where, read=lambda _: None, body=body, write=True)

    def decisions(self, repository: str, ident: int) -> list[Decision]:
        """What was decided about a run's deployments."""
        return self._of(repository, "GET", "actions", "runs", ident, "approvals", read=_decisions)


def _run(raw: Mapping[str, Any]) -> Run:
    by: Mapping[str, Any] = raw.get("triggering_actor") or raw.get("actor") or {}
    return Run(
        int(raw["id"]), f"{raw.get('name') or 'A workflow'} #{int(raw['run_number'])}", str(raw["html_url"]),
        str(raw["head_sha"]), str(raw["status"]), str(raw.get("conclusion") or ""), int(raw.get("run_attempt") or 1),
        str(by.get("login") or ""),
    )  # fmt: skip


def _gates(raw: Iterable[Mapping[str, Any]]) -> list[Gate]:
    return [
        Gate(
            int(each["environment"]["id"]), str(each["environment"]["name"]),
            each.get("current_user_can_approve") is True, _asked(each, "User", "login"), _asked(each, "Team", "slug"),
        )
        for each in raw
    ]  # fmt: skip


def _asked(gate: Mapping[str, Any], kind: str, key: str) -> tuple[str, ...]:
    return tuple(str(each["reviewer"][key]) for each in gate.get("reviewers") or () if each["type"] == kind)


def _decisions(raw: Iterable[Mapping[str, Any]]) -> list[Decision]:
    return [
        Decision(tuple(int(one["id"]) for one in each["environments"]), str(each["state"]), str(each["user"]["login"]))
        for each in raw
    ]
