"""The stand-in's search for issues and pull requests: words and the qualifiers that connect uses.

https://docs.github.com/en/rest/search/search#search-issues-and-pull-requests,
https://docs.github.com/en/search-github/searching-on-github/searching-issues-and-pull-requests
"""

import re
from collections.abc import Callable, Iterator

from flask import Response, g, request

from sandbox.github import ticket_shapes
from sandbox.github.answers import Refused, json_answer
from sandbox.github.doing import DoingRest
from sandbox.github.state import Person, Repo, Ticket

_WORD = re.compile(r'(-?)(?:([a-z-]+):)?(?:"([^"]*)"|(\S+))')
_PLACES = ("repo", "user", "org")
UNSEEN = (
    "The listed users and repositories cannot be searched either because the resources do not exist or you do not have "
    "permission to view them."
)

type Term = tuple[bool, str, str]
"""Whether it is negated, the qualifier (empty: a word), and what stands behind it."""


def _is(ticket: Ticket, what: str) -> bool:
    pull = ticket.pull
    return {
        "issue": pull is None, "pr": pull is not None, "pull-request": pull is not None,
        "open": ticket.state == "open", "closed": ticket.state == "closed",
        "merged": pull is not None and pull.merged_at is not None, "draft": pull is not None and pull.draft,
    }.get(what, False)  # fmt: skip


def _logins(people: list[Person]) -> list[str]:
    return [each.login.lower() for each in people]


QUALIFIERS: dict[str, Callable[[Repo, Ticket, str], bool]] = {
    "is": lambda _, ticket, what: _is(ticket, what),
    "type": lambda _, ticket, what: _is(ticket, what),
    "state": lambda _, ticket, what: ticket.state == what,
    "repo": lambda repo, _, what: repo.full_name.lower() == what,
    "user": lambda repo, _, what: repo.owner.login.lower() == what,
    "org": lambda repo, _, what: repo.owner.login.lower() == what,
    "author": lambda _, ticket, what: ticket.author.login.lower() == what,
    "assignee": lambda _, ticket, what: what in _logins(ticket.assignees),
    "review-requested": lambda _, ticket, what: ticket.pull is not None and what in _logins(ticket.pull.reviewers),
    "label": lambda _, ticket, what: what in [name.lower() for name in ticket.labels],
    "archived": lambda repo, _, what: repo.archived == (what == "true"),
    "": lambda _, ticket, what: what in f"{ticket.title} {ticket.body}".lower(),
}


class SearchRest(DoingRest):
    """The API, with the search."""

    def __init__(self, webhook_secret: str, token: str = "ghp-sandbox") -> None:
        super().__init__(webhook_secret, token)
        self._route("search/issues-and-pull-requests", "GET", "/search/issues", self._search_tickets)

    def _search_tickets(self) -> Response:
        terms = [*_terms(request.args.get("q", ""))]
        self._judge(terms)
        found = [
            (repo, ticket)
            for repo in self.repos
            if self._searchable(repo)
            for ticket in repo.tickets.values()
            if all(QUALIFIERS[name](repo, ticket, what) != without for without, name, what in terms)
        ]
        found.sort(key=lambda each: (each[1].updated_at, each[1].number), reverse=True)
        size, page = request.args.get("per_page", 30, int), request.args.get("page", 1, int)
        shown = [
            ticket_shapes.issue(self.url, repo, ticket) | {"score": 1.0, "body": ticket.body or ""}
            for repo, ticket in found[(page - 1) * size : page * size]
        ]
        return json_answer(
            {"total_count": len(found), "incomplete_results": False, "items": shown, "search_type": "lexical"}
        )

    def _searchable(self, repo: Repo) -> bool:
        granted = self.granted.get(g.token)
        installation = granted.installation if granted else None
        return self.sees(repo) and (installation is None or not repo.private or installation.covers(repo))

    def _judge(self, terms: list[Term]) -> None:
        """Refuse what GitHub refuses: nothing to look for, places that are not there, a person who asks for both."""
        if not terms:
            raise Refused(422, "Validation Failed", errors=[{"resource": "Search", "field": "q", "code": "missing"}])
        unknown = [name for _, name, _ in terms if name not in QUALIFIERS]
        if unknown:
            raise NotImplementedError(f"the stand-in knows no qualifier {unknown[0]}")
        places = [(name, what) for without, name, what in terms if name in _PLACES and not without]
        if places and not any(self._is_there(name, what) for name, what in places):
            invalid = {"message": UNSEEN, "resource": "Search", "field": "q", "code": "invalid"}
            raise Refused(422, "Validation Failed", errors=[invalid])
        granted = self.granted.get(g.token)
        kinds = [what for _, name, what in terms if name in ("is", "type") and what in ("issue", "pr", "pull-request")]
        if granted is not None and granted.installation is None and not kinds:
            raise Refused(422, "Query must include 'is:issue' or 'is:pull-request'")

    def _is_there(self, kind: str, what: str) -> bool:
        if kind == "repo":
            repo = self.repo(what)
            return repo is not None and self._searchable(repo)
        return any(repo.owner.login.lower() == what for repo in self.repos)


def _terms(query: str) -> Iterator[Term]:
    for minus, name, quoted, word in _WORD.findall(query.replace("(", " ").replace(")", " ")):
        yield bool(minus), name, (quoted or word).lower()
