"""What people do to GitHub's issues and pull requests, which share their numbers, states, labels and assignees.

Each write here sets what is to be, so that it may be made again when its answer was lost.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from adapters.errors import NotFound, Rejected
from adapters.github.issues import is_hidden
from adapters.github.people import valid_login
from adapters.github.session import PER_PAGE, GitHubSession

_PAGES = 10
"""Of labels, or people, that are read: 1000 of them."""


@dataclass(frozen=True)
class Ticket:
    """An issue or a pull request (`pull`) as it is now; `state` is `open` or `closed`, `url` is its page."""

    number: int
    title: str
    url: str
    state: str
    reason: str
    pull: bool
    author: str
    closed_by: str
    labels: tuple[str, ...]
    assignees: tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """The title and the text (Markdown) of an issue or a pull request; `hidden` are connect's markers in the text."""

    title: str
    body: str
    hidden: str


class Doing(GitHubSession):
    """The part of the client that changes issues and pull requests."""

    def ticket(self, repository: str, number: int) -> Ticket:
        """Read an issue or a pull request."""
        return self._of(repository, "GET", "issues", number, read=_ticket)

    def as_told(self, repository: str, number: int) -> dict[str, Any]:
        """An issue or a pull request with its repository, in the shape in which webhooks tell of them."""
        issue = self._of(repository, "GET", "issues", number, read=_whole)
        there = self._of(repository, "GET", read=_whole)
        if "pull_request" not in issue:
            return {"action": "opened", "issue": issue, "repository": there}
        pull = self._of(repository, "GET", "pulls", number, read=_whole)
        return {"action": "opened", "pull_request": pull, "repository": there}

    def words(self, repository: str, number: int) -> Words:
        """Read the title and the text of an issue or a pull request."""
        return self._of(repository, "GET", "issues", number, read=_words)

    def edit(self, repository: str, number: int, changed: Mapping[str, str]) -> None:
        """Change the `title` and the `body`, so far as they are named."""
        self._of(repository, "PATCH", "issues", number, read=lambda _: None, body=dict(changed), write=True)

    def set_state(self, repository: str, number: int, state: str, reason: str = "") -> Ticket:
        """Close (`closed`) or reopen (`open`); `reason` is `completed`, `not_planned` or `duplicate`, for issues only.

        https://docs.github.com/en/rest/issues/issues#update-an-issue
        """
        body = {"state": state, **({"state_reason": reason} if reason else {})}
        return self._of(repository, "PATCH", "issues", number, read=_ticket, body=body, write=True)

    def assign(self, repository: str, number: int, logins: Iterable[str]) -> Ticket:
        """Assign it to these people as well; GitHub leaves out whom it cannot be assigned to, and says nothing.

        https://docs.github.com/en/rest/issues/assignees#add-assignees-to-an-issue
        """
        where, body = ("issues", number, "assignees"), {"assignees": [*logins]}
        return self._of(repository, "POST", *where, read=_ticket, body=body, write=True)

    def unassign(self, repository: str, number: int, logins: Iterable[str]) -> Ticket:
        """Take it from these people."""
        where, body = ("issues", number, "assignees"), {"assignees": [*logins]}
        return self._of(repository, "DELETE", *where, read=_ticket, body=body, write=True)

    def assignable(self, repository: str, login: str) -> bool:
        """Whether issues of a repository can be assigned to somebody; there may be no such account."""
        try:
            self._of(repository, "GET", "assignees", valid_login(login), read=lambda _: None)
        except NotFound:
            return False
        return True

    def add_labels(self, repository: str, number: int, names: Iterable[str]) -> None:
        """Put labels on it; GitHub makes those that the repository does not have."""
        where, body = ("issues", number, "labels"), {"labels": [*names]}
        self._of(repository, "POST", *where, read=lambda _: None, body=body, write=True)

    def remove_label(self, repository: str, number: int, name: str) -> None:
        """Take a label off it; raises `NotFound` if it has none of that name."""
        self._of(repository, "DELETE", "issues", number, "labels", name, read=lambda _: None, write=True)

    def labels(self, repository: str) -> list[str]:
        """The names of a repository's labels."""
        return self._names(repository, "labels", "name")

    def people(self, repository: str) -> list[str]:
        """The logins of those whom issues of a repository can be assigned to."""
        return self._names(repository, "assignees", "login")

    def teams(self, repository: str) -> list[str]:
        """The slugs of the teams that work on a repository; none if connect may not ask."""
        try:
            return self._names(repository, "teams", "slug")
        except Rejected as error:
            if type(error) in (Rejected, NotFound):
                return []
            raise

    def _names(self, repository: str, what: str, key: str) -> list[str]:
        found = list[str]()
        for page in range(1, _PAGES + 1):
            read = partial(_values, key)
            listed = self._of(repository, "GET", what, read=read, per_page=PER_PAGE, page=page)
            found += listed
            if len(listed) < PER_PAGE:
                break
        return found


def _ticket(raw: Mapping[str, Any]) -> Ticket:
    return Ticket(
        int(raw["number"]), str(raw["title"]), str(raw["html_url"]), str(raw["state"]),
        str(raw.get("state_reason") or ""), "pull_request" in raw,
        _login(raw.get("user")), _login(raw.get("closed_by")),
        tuple(str(each["name"]) for each in raw["labels"]),
        tuple(str(each["login"]) for each in raw["assignees"]),
    )  # fmt: skip


def _login(raw: Mapping[str, Any] | None) -> str:
    return str(raw["login"]) if raw else ""


def _whole(raw: Mapping[str, Any]) -> dict[str, Any]:
    return dict(raw)


def _words(raw: Mapping[str, Any]) -> Words:
    lines = str(raw.get("body") or "").splitlines()  # GitHub's own page ends them with CR LF
    shown = "\n".join(line for line in lines if not is_hidden(line)).strip()
    return Words(str(raw["title"]), shown, "\n".join(filter(is_hidden, lines)))


def _values(key: str, raw: Iterable[Mapping[str, Any]]) -> list[str]:
    return [str(each[key]) for each in raw]
