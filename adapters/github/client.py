"""GitHub's REST API through PyGithub: plain arguments in, frozen dataclasses out.

The promise kept here: each method makes the calls it names and no others, a write is sent once, and it carries a marker
by which it can be found again when its answer was lost.
"""

import re
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from math import ceil

import github.Issue
import github.IssueComment
import github.Repository
from github import Auth, Github

from adapters.errors import NotFound, Unavailable
from adapters.github import looking
from adapters.github.failures import judged
from adapters.github.transport import Moved, Transport, mount

BODY_LIMIT = 65_000
"""In characters: GitHub takes 65536, and the marker needs a line of them."""

_PER_PAGE = 100
_LOOKED_AT = 20 * _PER_PAGE
# Between our clock, which says when the call was sent, and GitHub's, which says when the thing was created.
_CLOCK_SKEW = 900.0


@dataclass(frozen=True)
class Account:
    """Who the token belongs to."""

    id: int
    login: str


@dataclass(frozen=True)
class Repository:
    """A repository; `url` is its page."""

    id: int
    full_name: str
    private: bool
    archived: bool
    default_branch: str
    url: str


@dataclass(frozen=True)
class Issue:
    """An issue; `url` is its page."""

    id: int
    number: int
    url: str
    title: str


@dataclass(frozen=True)
class Comment:
    """A comment on an issue or a pull request; `url` is its place on the page."""

    id: int
    url: str


class GitHubClient:
    """One account on one GitHub; may be shared between threads, each of which keeps a connection of its own.

    `timeout` is in seconds, for a whole call. Every method raises `AdapterError`s only.
    """

    def __init__(self, token: str, api_url: str, timeout: float) -> None:
        self._token = token
        self._api_url = api_url.rstrip("/")
        self._timeout = timeout
        self._local = threading.local()

    def myself(self) -> Account:
        """Read whose token this is."""
        with judged(write=False):
            user = self._github.get_user()
            return Account(_known(user.id), _known(user.login))

    def repository(self, full_name: str) -> Repository:
        """Read a repository (`octo/app`), under its present name if it was renamed."""
        return self._in(full_name, _repository, write=False)

    def create_issue(self, repository: str, title: str, body: str, marker: str, labels: Iterable[str] = ()) -> Issue:
        """Create an issue; `body` is Markdown. Labels that do not exist yet are created by GitHub."""
        marked, names = f"{body}\n\n{_hidden(marker)}", list(labels)
        return self._in(repository, lambda there: _issue(there.create_issue(title, marked, labels=names)), write=True)

    def find_issue(self, repository: str, marker: str, since: float) -> Issue | None:
        """The issue that was created with this marker at or after `since` (seconds since 1970), if the list has it.

        Reads GitHub's list, which follows a write within seconds; the search index may take minutes.
        """
        line, oldest = _hidden(marker), since - _CLOCK_SKEW

        def look(there: github.Repository.Repository) -> Issue | None:
            listed = there.get_issues(state="all", sort="created", direction="desc", since=_time(oldest))
            for issue in _bounded(listed):
                if issue.created_at.timestamp() < oldest:
                    return None
                if _carries(issue.body, line):
                    return _issue(issue)
            return None

        return self._in(repository, look, write=False)

    def add_comment(self, repository: str, number: int, body: str, marker: str) -> Comment:
        """Comment on an issue or a pull request; `body` is Markdown."""
        marked = f"{body}\n\n{_hidden(marker)}"
        return self._in(repository, lambda there: _comment(there.get_issue(number).create_comment(marked)), write=True)

    def find_comment(self, repository: str, number: int, marker: str, since: float) -> Comment | None:
        """The comment that was added with this marker at or after `since` (seconds since 1970), if the list has it."""
        line = _hidden(marker)

        def look(there: github.Repository.Repository) -> Comment | None:
            listed = there.get_issue(number).get_comments(since=_time(since - _CLOCK_SKEW))
            return next((_comment(each) for each in _bounded(listed) if _carries(each.body, line)), None)

        return self._in(repository, look, write=False)

    def pull(self, repository: str, number: int) -> looking.Pull:
        """Read the branches of a pull request, and whether it is a draft."""
        return self._in(repository, lambda there: looking.pull(there, number), write=False)

    def changed_files(self, repository: str, number: int) -> list[str]:
        """The files that a pull request changes."""
        return self._in(repository, lambda there: looking.changed_files(there, number), write=False)

    def first_text(self, repository: str, paths: Sequence[str], ref: str = "") -> str:
        """The text of the first of these files that is there; empty if none is."""
        return self._in(repository, lambda there: looking.first_text(there, paths, ref), write=False)

    def topics(self, repository: str) -> list[str]:
        """The repository's topics."""
        return self._in(repository, looking.topics, write=False)

    def in_team(self, repository: str, team: str, login: str) -> bool:
        """Whether somebody is in a team (`acme/core`); raises `NotFound` for a team that connect cannot see."""
        return self._in(repository, lambda there: looking.in_team(there, team, login), write=False)

    def has_repository(self, repository: str, team: str) -> bool:
        """Whether a repository belongs to a team; raises `NotFound` for a team that connect cannot see."""
        return self._in(repository, lambda there: looking.has_repository(there, team, repository), write=False)

    def _in[T](self, full_name: str, use: Callable[[github.Repository.Repository], T], *, write: bool) -> T:
        """Call `use` with a repository, and once more by its id if GitHub says that it moved."""
        if not is_repository(full_name):
            raise NotFound(f"{full_name[:100]!r} is not the name of a GitHub repository (it looks like octo/app).")
        with judged(write=write):
            try:
                return use(self._github.get_repo(full_name))
            except Moved as moved:
                return use(self._github.get_repo(moved.repository_id))

    @property
    def _github(self) -> Github:
        # PyGithub keeps the request of the moment in its connection, so two threads must not share one.
        if not hasattr(self._local, "github"):
            made = Github(
                auth=Auth.Token(self._token),
                base_url=self._api_url,
                timeout=ceil(self._timeout),
                user_agent="connect",
                per_page=_PER_PAGE,
                retry=None,
                seconds_between_requests=None,
                seconds_between_writes=None,
                lazy=True,
            )
            mount(made, Transport(self._api_url, self._timeout))
            self._local.github = made
        return self._local.github


def is_repository(full_name: str) -> bool:
    """Whether this can be a repository's full name; anything else never becomes part of an address."""
    named = re.fullmatch(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+", full_name)
    return named is not None and ".." not in full_name and "." not in full_name.split("/")


def _repository(given: github.Repository.Repository) -> Repository:
    return Repository(
        _known(given.id),
        _known(given.full_name),
        _known(given.private),
        _known(given.archived),
        _known(given.default_branch),
        _known(given.html_url),
    )


def _issue(given: github.Issue.Issue) -> Issue:
    return Issue(_known(given.id), _known(given.number), _known(given.html_url), _known(given.title))


def _comment(given: github.IssueComment.IssueComment) -> Comment:
    return Comment(_known(given.id), _known(given.html_url))


def _known[T](value: T | None) -> T:
    # PyGithub gives None for what an answer lacks, for instance when it was a proxy's page instead of GitHub's JSON.
    if value is None:
        raise ValueError("the answer lacks a field")
    return value


def _bounded[T](listed: Iterable[T]) -> Iterable[T]:
    """All of a list, or `Unavailable`: "not found" may be said only of a list that was read to its end."""
    yield from islice(reading := iter(listed), _LOOKED_AT)
    if next(reading, None) is not None:
        raise Unavailable(f"GitHub lists more than {_LOOKED_AT} entries, too many to look through.")


def _hidden(marker: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]+", marker):
        raise ValueError("a marker is made of letters, digits, - and _")
    return f"<!-- connect:{marker} -->"


def _carries(body: str | None, line: str) -> bool:
    return line in (each.strip() for each in (body or "").splitlines())


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(max(seconds, 0.0), UTC)
