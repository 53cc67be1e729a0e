"""What a deployment would bring: the commits since the last one that succeeded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.errors import NotFound
from adapters.github.session import GitHubSession

_LOOKED_AT = 10
"""Deployments of an environment, the newest first, among which the last successful one is looked for."""


@dataclass(frozen=True)
class Commit:
    """A commit: the first line of its message, and who wrote it."""

    sha: str
    title: str
    author: str
    url: str


@dataclass(frozen=True)
class Difference:
    """What a commit has that another lacks: `count` commits, of which the newest are `commits`, and the way back.

    `missing` is how many the other has that this one lacks: it would be undone. `url` is a page that shows all.
    """

    count: int
    missing: int
    commits: tuple[Commit, ...]
    url: str


class Deployments(GitHubSession):
    """The part of the client that reads deployments."""

    def deployed(self, repository: str, environment: str) -> str:
        """The commit of the last deployment to an environment that succeeded; empty if there is none of late."""
        newest = self._of(repository, "GET", "deployments", read=_idents, environment=environment, per_page=_LOOKED_AT)
        for ident, sha in newest:
            where = ("deployments", ident, "statuses")
            if "success" in self._of(repository, "GET", *where, read=_states, per_page=100):
                return sha
        return ""

    def difference(self, repository: str, older: str, newer: str) -> Difference | None:
        """What has changed between two commits; None if GitHub does not know both.

        https://docs.github.com/en/rest/commits/commits#compare-two-commits
        """
        try:
            return self._of(repository, "GET", "compare", f"{older}...{newer}", read=_difference)
        except NotFound:
            return None


def _idents(raw: Iterable[Mapping[str, Any]]) -> list[tuple[int, str]]:
    return [(int(each["id"]), str(each["sha"])) for each in raw]


def _states(raw: Iterable[Mapping[str, Any]]) -> set[str]:
    return {str(each["state"]) for each in raw}


def _difference(raw: Mapping[str, Any]) -> Difference:
    commits = tuple(_commit(each) for each in raw["commits"])
    return Difference(int(raw["ahead_by"]), int(raw["behind_by"]), commits[::-1], str(raw["html_url"]))


def _commit(raw: Mapping[str, Any]) -> Commit:
    author: Mapping[str, Any] = raw.get("author") or {}
    signed: Mapping[str, Any] = raw["commit"].get("author") or {}
    title = str(raw["commit"]["message"]).strip().partition("\n")[0]
    by = str(author.get("login") or signed.get("name") or "")
    return Commit(str(raw["sha"]), title, by, str(raw["html_url"]))
