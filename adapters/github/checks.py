"""The checks of a commit, as GitHub has them now: the runs of apps, and the statuses that other programs set."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.github.session import PER_PAGE, GitHubSession


@dataclass(frozen=True)
class Check:
    """A check by its name; `state` is how it ended (`success`, `failure`, …), or how far it is (`queued`, …)."""

    name: str
    state: str
    url: str


class Checks(GitHubSession):
    """The part of the client that reads checks."""

    def checks(self, repository: str, sha: str) -> list[Check]:
        """The first hundred of each kind.

        https://docs.github.com/en/rest/checks/runs#list-check-runs-for-a-git-reference
        """
        runs = self._of(repository, "GET", "commits", sha, "check-runs", read=_runs, per_page=PER_PAGE)
        return [*runs, *self._of(repository, "GET", "commits", sha, "status", read=_statuses, per_page=PER_PAGE)]


def _runs(raw: Mapping[str, Any]) -> list[Check]:
    return [
        Check(str(each["name"]), str(each.get("conclusion") or each["status"]), str(each.get("html_url") or ""))
        for each in raw["check_runs"]
    ]


def _statuses(raw: Mapping[str, Any]) -> list[Check]:
    return [
        Check(str(each["context"]), str(each["state"]), str(each.get("target_url") or "")) for each in raw["statuses"]
    ]
