"""GitHub's pull requests that wait for a review: a person's, and a repository's. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.github.people import valid_login
from adapters.github.session import PER_PAGE, GitHubSession, valid_name

PAGES = 5
"""Of the open pull requests of a repository, the oldest first."""


@dataclass(frozen=True)
class Waiting:
    """An open pull request that somebody was asked to review; `opened` is like `2026-11-23T17:00:00Z`."""

    repository: str
    number: int
    title: str
    url: str
    author: str
    opened: str
    reviewers: tuple[str, ...] = ()
    """Logins, and names of teams; empty where it is not said."""

    @property
    def resource(self) -> str:
        """`acme/web#7`."""
        return f"{self.repository}#{self.number}"


class Reviews(GitHubSession):
    """The part of the client that knows what waits for a review."""

    def waiting_for(self, login: str, repositories: Sequence[str] = (), place: str = "") -> list[Waiting]:
        """What somebody, or a team of theirs, is asked to review, in some repositories or all; the oldest first.

        `place` says whose installation asks, if connect is a GitHub App. Raises `Invalid` where none of the
        repositories can be seen.
        https://docs.github.com/en/search-github/searching-on-github/searching-issues-and-pull-requests
        """
        where = [f"repo:{valid_name(name)}" for name in repositories] or ([f"user:{place}"] if place else [])
        words = ["is:pr", "is:open", "-is:draft", "archived:false", f"review-requested:{valid_login(login)}", *where]
        return self._at(
            "GET", "search", "issues", read=lambda raw: [_found(each) for each in raw["items"]], place=place,
            q=" ".join(words), sort="created", order="asc", per_page=PER_PAGE,
        )  # fmt: skip

    def repositories_with_pulls(self, owner: str) -> list[str]:
        """The repositories of an owner in which pull requests are open, no drafts: those of the hundred oldest."""
        query = f"is:pr is:open -is:draft archived:false user:{valid_login(owner)}"
        found = self._at(
            "GET", "search", "issues", read=lambda raw: [_found(each) for each in raw["items"]], place=owner, q=query,
            sort="created", order="asc", per_page=PER_PAGE,
        )  # fmt: skip
        return list(dict.fromkeys(one.repository for one in found))

    def waiting_in(self, repository: str) -> list[Waiting]:
        """The open pull requests of a repository, no drafts, that wait for somebody's review; the oldest first.

        https://docs.github.com/en/rest/pulls/pulls#list-pull-requests
        """
        found = list[Waiting]()
        for page in range(1, PAGES + 1):
            listed = self._of(
                repository, "GET", "pulls", read=_list, state="open", sort="created", direction="asc",
                per_page=PER_PAGE, page=page,
            )  # fmt: skip
            found += [one for each in listed if not each.get("draft") and (one := _pull(each)).reviewers]
            if len(listed) < PER_PAGE:
                break
        return found


def _list(raw: Any) -> list[dict[str, Any]]:
    return [dict(each) for each in raw]


def _found(raw: Mapping[str, Any]) -> Waiting:
    return _waiting(raw, "/".join(str(raw["repository_url"]).split("/")[-2:]), ())


def _pull(raw: Mapping[str, Any]) -> Waiting:
    people = [str(each["login"]) for each in raw.get("requested_reviewers") or ()]
    teams = [str(each["name"]) for each in raw.get("requested_teams") or ()]
    return _waiting(raw, str(raw["base"]["repo"]["full_name"]), (*people, *teams))


def _waiting(raw: Mapping[str, Any], repository: str, reviewers: tuple[str, ...]) -> Waiting:
    author = str((raw.get("user") or {"login": ""})["login"])
    return Waiting(
        repository, int(raw["number"]), str(raw["title"]), str(raw["html_url"]), author, str(raw["created_at"]),
        reviewers,
    )  # fmt: skip
