"""GitHub's issues, and the comments that issues and pull requests have alike.

What is created carries its marker in a hidden comment at the end of the body, by which it can be found again.
"""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import github.Issue
import github.IssueComment
import github.Repository

from adapters.document import Document
from adapters.errors import NotFound
from adapters.github.markup import write_markdown
from adapters.github.reading import bounded, known
from adapters.github.session import GitHubSession

BODY_LIMIT = 65_000
"""In characters: GitHub takes 65536, and the marker needs a line of them."""
# Between our clock, which says when the call was sent, and GitHub's, which says when the thing was created.
CLOCK_SKEW = 900.0


@dataclass(frozen=True)
class Issue:
    """An issue; `url` is its page."""

    id: int
    number: int
    url: str
    title: str
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    milestone: int = 0
    """Its number in the repository; 0 if there is none."""
    type: str = ""
    """The name of its type, which organizations have; empty if there is none."""


@dataclass(frozen=True)
class Comment:
    """A comment on an issue, a pull request or a discussion; `url` is its place on the page."""

    id: int
    url: str
    updated: str = ""
    """When it was changed last, as webhooks say it (`2026-11-23T17:00:00Z`)."""
    by: str = ""
    """Who wrote it, by the number of their account."""
    node: str = ""
    """Of a comment in a discussion: its id in GraphQL, which alone can change it."""


class Issues(GitHubSession):
    """The part of the client that is about issues and comments."""

    def create_issue(
        self, repository: str, title: str, body: str, marker: str, labels: Iterable[str] = (),
        assignees: Iterable[str] = (), milestone: int = 0, type: str = "",  # noqa: A002 - GitHub's word
    ) -> Issue:  # fmt: skip
        """Create an issue; `body` is Markdown. Labels that do not exist yet are created by GitHub.

        It leaves out labels, assignees, milestone and type, and says nothing, if whoever asks may not set them.
        https://docs.github.com/en/rest/issues/issues#create-an-issue
        """
        wanted: dict[str, Any] = {"title": title, "body": f"{body}\n\n{hidden(marker)}"}
        given = {"labels": [*labels], "assignees": [*assignees], "milestone": milestone, "type": type}
        wanted |= {name: value for name, value in given.items() if value}
        return self._of(repository, "POST", "issues", read=_made, body=wanted, write=True)

    def find_issue(self, repository: str, marker: str, since: float) -> Issue | None:
        """The issue that was created with this marker at or after `since` (seconds since 1970), if the list has it.

        Reads GitHub's list, which follows a write within seconds; the search index may take minutes.
        """
        line, oldest = hidden(marker), since - CLOCK_SKEW

        def look(there: github.Repository.Repository) -> Issue | None:
            listed = there.get_issues(state="all", sort="created", direction="desc", since=_time(oldest))
            for issue in bounded(listed):
                if issue.created_at.timestamp() < oldest:
                    return None
                if carries(issue.body, line):
                    return _issue(issue)
            return None

        return self._in(repository, look, write=False)

    def add_comment(self, repository: str, number: int, body: str, marker: str) -> Comment:
        """Comment on an issue or a pull request; `body` is Markdown."""
        marked = f"{body}\n\n{hidden(marker)}"
        return self._in(repository, lambda there: _comment(there.get_issue(number).create_comment(marked)), write=True)

    def find_comment(self, repository: str, number: int, marker: str, since: float) -> Comment | None:
        """The comment that was added with this marker at or after `since` (seconds since 1970), if the list has it."""
        line = hidden(marker)

        def look(there: github.Repository.Repository) -> Comment | None:
            listed = there.get_issue(number).get_comments(since=_time(since - CLOCK_SKEW))
            return next((_comment(each) for each in bounded(listed) if carries(each.body, line)), None)

        return self._in(repository, look, write=False)

    def edit_comment(self, repository: str, ident: str, body: str) -> Comment:
        """Give a comment another text; `body` is Markdown. Made again it changes nothing more."""
        where = ("issues", "comments", ident)
        return self._of(repository, "PATCH", *where, read=_from_json, body={"body": body}, write=True)

    def delete_comment(self, repository: str, ident: str) -> None:
        """Delete a comment; one that is gone already is no error."""
        with suppress(NotFound):
            self._of(repository, "DELETE", "issues", "comments", ident, read=lambda _: None, write=True)

    def length(self, document: Document) -> int:
        """How long GitHub finds a text, with its marks."""
        return len(write_markdown(document))


def _issue(given: github.Issue.Issue) -> Issue:
    names, logins = (label.name for label in given.labels), (person.login for person in given.assignees)
    milestone = given.milestone.number if given.milestone else 0
    seen = (known(given.id), known(given.number), known(given.html_url), known(given.title))
    return Issue(*seen, tuple(names), tuple(logins), milestone, known(given.type.name) if given.type else "")


def _made(raw: Mapping[str, Any]) -> Issue:
    names, logins = (str(each["name"]) for each in raw["labels"]), (str(each["login"]) for each in raw["assignees"])
    milestone = int((raw.get("milestone") or {"number": 0})["number"])
    return Issue(
        int(raw["id"]), int(raw["number"]), str(raw["html_url"]), str(raw["title"]), tuple(names), tuple(logins),
        milestone, str((raw.get("type") or {"name": ""})["name"]),
    )  # fmt: skip


def _comment(given: github.IssueComment.IssueComment) -> Comment:
    updated = known(given.updated_at).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Comment(known(given.id), known(given.html_url), updated, _author(given.user and given.user.id))


def _from_json(given: Any) -> Comment:
    return Comment(given["id"], given["html_url"], given["updated_at"], _author(given["user"] and given["user"]["id"]))


def _author(ident: int | None) -> str:
    return "" if ident is None else str(ident)  # a deleted account has no number


def hidden(marker: str) -> str:
    """The line of a body that carries a marker, and is not shown."""
    if not re.fullmatch(r"[A-Za-z0-9_-]+", marker):
        raise ValueError("a marker is made of letters, digits, - and _")
    return f"<!-- connect:{marker} -->"


def is_hidden(line: str) -> bool:
    """Whether this line of a body carries a marker."""
    return re.fullmatch(r"<!-- connect:[A-Za-z0-9_-]+ -->", line.strip()) is not None


def carries(body: str | None, line: str) -> bool:
    """Whether this is one of the lines of a body."""
    return line in (each.strip() for each in (body or "").splitlines())


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(max(seconds, 0.0), UTC)
