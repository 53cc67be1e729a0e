"""What filters of subscriptions ask of GitHub, since its webhooks do not tell it. Reads only.

Each function is given a repository as PyGithub has it, without a call made for it yet.
"""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import github.Repository
from github import UnknownObjectException

from adapters.github.session import GitHubSession

_PER_PAGE = 100
_PAGES = 30
"""GitHub lists no more than 3000 files: https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files"""


@dataclass(frozen=True)
class Pull:
    """The branches of a pull request, whether it is a draft, and who is asked for a review (teams as `acme/core`)."""

    base: str
    head: str
    draft: bool
    asked: tuple[str, ...]


def pull(there: github.Repository.Repository, number: int) -> Pull:
    """A pull request as it is now."""
    raw = _read(there, f"{there.url}/pulls/{number}")
    owner = there.full_name.partition("/")[0]
    asked = [str(each["login"]) for each in raw.get("requested_reviewers") or ()]
    asked += [f"{owner}/{each['slug']}" for each in raw.get("requested_teams") or ()]
    return Pull(str(raw["base"]["ref"]), str(raw["head"]["ref"]), raw.get("draft") is True, tuple(asked))


def changed_files(there: github.Repository.Repository, number: int) -> list[str]:
    """The files that a pull request changes, and where those were that it moves."""
    found = list[str]()
    for page in range(1, _PAGES + 1):
        listed = _read(there, f"{there.url}/pulls/{number}/files?per_page={_PER_PAGE}&page={page}")
        for each in listed:
            found += [str(each[name]) for name in ("filename", "previous_filename") if each.get(name)]
        if len(listed) < _PER_PAGE:
            break
    return found


def first_text(there: github.Repository.Repository, paths: Iterable[str], ref: str) -> str:
    """The text of the first of these files that is there, on a branch or (if that is empty) the default one."""
    at = f"?ref={ref}" if ref else ""
    for path in paths:
        try:
            raw = _read(there, f"{there.url}/contents/{path}{at}")
        except UnknownObjectException:
            continue
        return base64.b64decode(str(raw.get("content") or "")).decode("utf-8", "replace")
    return ""


def topics(there: github.Repository.Repository) -> list[str]:
    """The repository's topics."""
    return [str(name) for name in _read(there, f"{there.url}/topics")["names"]]


def in_team(there: github.Repository.Repository, team: str, login: str) -> bool:
    """Whether somebody is in a team (`acme/core`); raises what a team raises that connect cannot see."""
    return _is_there(there, team, f"memberships/{login}", state="active")


def has_repository(there: github.Repository.Repository, team: str, repository: str) -> bool:
    """Whether a repository belongs to a team."""
    return _is_there(there, team, f"repos/{repository}")


def _is_there(there: github.Repository.Repository, team: str, below: str, state: str = "") -> bool:
    organization, _, slug = team.partition("/")
    where = f"/orgs/{organization}/teams/{slug}"
    try:
        raw = _read(there, f"{where}/{below}")
    except UnknownObjectException:
        _read(there, where)  # a team that connect cannot see is no answer
        return False
    return not state or raw.get("state") == state


def _read(there: github.Repository.Repository, where: str) -> Any:
    _, found = there.requester.requestJsonAndCheck("GET", where)
    return found


class Looks(GitHubSession):
    """The part of the client that answers what filters ask."""

    def pull(self, repository: str, number: int) -> Pull:
        """Read the branches of a pull request, whether it is a draft, and who is asked for a review."""
        return self._in(repository, lambda there: pull(there, number), write=False)

    def changed_files(self, repository: str, number: int) -> list[str]:
        """The files that a pull request changes."""
        return self._in(repository, lambda there: changed_files(there, number), write=False)

    def first_text(self, repository: str, paths: Sequence[str], ref: str = "") -> str:
        """The text of the first of these files that is there; empty if none is."""
        return self._in(repository, lambda there: first_text(there, paths, ref), write=False)

    def topics(self, repository: str) -> list[str]:
        """The repository's topics."""
        return self._in(repository, topics, write=False)

    def in_team(self, repository: str, team: str, login: str) -> bool:
        """Whether somebody is in a team (`acme/core`); raises `NotFound` for a team that connect cannot see."""
        return self._in(repository, lambda there: in_team(there, team, login), write=False)

    def has_repository(self, repository: str, team: str) -> bool:
        """Whether a repository belongs to a team; raises `NotFound` for a team that connect cannot see."""
        return self._in(repository, lambda there: has_repository(there, team, repository), write=False)
