"""GitHub's pull requests that wait for a review: a person's, and a repository's. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from adapters.github.people import valid_login
from adapters.github.session import PER_PAGE, GitHubSession, valid_name

_ASKED = """
query($ids: [ID!]!) { nodes(ids: $ids) { ... on PullRequest {
  id
  timelineItems(last: 30, itemTypes: [REVIEW_REQUESTED_EVENT]) { nodes { ... on ReviewRequestedEvent {
    createdAt
    requestedReviewer { __typename ... on User { login } }
  } } }
} } }
"""  # the name of a team would take a right (`read:org`) that a token need not have
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
    asked: str = ""
    """When the review was asked for that it waits for, if that is known; of several the one that waits the longest."""
    node: str = ""
    """Its id in GraphQL."""

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

    def when_asked(self, waiting: Sequence[Waiting], login: str = "", place: str = "") -> list[Waiting]:
        """The same with when the review of somebody, or of a team, was asked for; without `login` that of anybody.

        One call for each hundred. A repository, or an owner, as `place` says whose installation asks, if connect is a
        GitHub App.
        https://docs.github.com/en/graphql/reference/objects#reviewrequestedevent
        """
        found = list[Waiting]()
        for start in range(0, len(waiting), PER_PAGE):
            some = waiting[start : start + PER_PAGE]
            asked = self._graph(place, _ASKED, {"ids": [one.node for one in some]}, "nodes", read=_requests)
            found += [replace(one, asked=_since(one, asked.get(one.node, []), login)) for one in some]
        return found

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


type Request = tuple[str, str]
"""When a review was asked for, and of whom: a login, or nothing for a team."""


def _requests(raw: Any) -> dict[str, list[Request]]:
    return {
        str(pull["id"]): [_request(event) for event in pull["timelineItems"]["nodes"] if event.get("createdAt")]
        for pull in raw
        if pull and pull.get("id")
    }


def _request(event: Mapping[str, Any]) -> Request:
    of: Mapping[str, Any] = event.get("requestedReviewer") or {}
    return str(event["createdAt"]), str(of.get("login") or "").casefold()


def _since(one: Waiting, requests: Sequence[Request], login: str) -> str:
    """Who is not asked by name is asked as one of a team; who is asked once more waits since then."""
    newest = [
        max(
            (at for at, of in requests if of == name.casefold()),
            default=max((at for at, of in requests if not of), default=""),
        )
        for name in ([login] if login else one.reviewers)
    ]
    return min(filter(None, newest), default="")


def _waiting(raw: Mapping[str, Any], repository: str, reviewers: tuple[str, ...]) -> Waiting:
    author = str((raw.get("user") or {"login": ""})["login"])
    return Waiting(
        repository, int(raw["number"]), str(raw["title"]), str(raw["html_url"]), author, str(raw["created_at"]),
        reviewers, node=str(raw["node_id"]),
    )  # fmt: skip
