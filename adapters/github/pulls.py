"""What people do to GitHub's pull requests: review, ask for reviews, merge, bring up to date."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from adapters.errors import Rejected, Unavailable
from adapters.github.issues import carries, hidden
from adapters.github.session import PER_PAGE, GitHubSession

type Verdict = Literal["APPROVE", "REQUEST_CHANGES"]
_PAGES = 10
"""Of reviews that are looked through: 1000 of them."""


@dataclass(frozen=True)
class Review:
    """A review; `url` is its place on the page."""

    id: int
    url: str


@dataclass(frozen=True)
class Given:
    """A review as it is listed: who gave it, its verdict in lower case (`approved`, …), and when (`submitted_at`)."""

    id: int
    by: str
    state: str
    at: str


@dataclass(frozen=True)
class Change:
    """A pull request as a change: its author, its newest commit, and how far it is.

    `standing` is GitHub's `mergeable_state`: `clean`, `dirty` (it has conflicts), `blocked` (by what its base
    requires), `behind`, `unstable`, `draft`, or `unknown` while GitHub finds out.
    """

    author: str
    sha: str
    base: str
    merged: bool
    url: str
    title: str
    state: str
    draft: bool
    standing: str
    node: str
    asked: tuple[str, ...]
    """Who is asked for a review: logins, and the names of teams."""


class Pulls(GitHubSession):
    """The part of the client that changes pull requests."""

    def change(self, repository: str, number: int) -> Change:
        """Read how a pull request is."""
        return self._of(repository, "GET", "pulls", number, read=_change)

    def methods(self, repository: str) -> list[str]:
        """The ways of merging that a repository's settings allow; all if GitHub does not show them."""
        return self._of(repository, "GET", read=_methods)

    def review(self, repository: str, number: int, verdict: Verdict, body: str, sha: str, marker: str) -> Review:
        """Give a verdict on a commit (empty: the newest); `body` is Markdown, and changes are asked for in words.

        https://docs.github.com/en/rest/pulls/reviews#create-a-review-for-a-pull-request
        """
        said = {"event": verdict, "body": f"{body}\n\n{hidden(marker)}".strip(), **({"commit_id": sha} if sha else {})}
        return self._of(repository, "POST", "pulls", number, "reviews", read=_review, body=said, write=True)

    def find_review(self, repository: str, number: int, marker: str) -> Review | None:
        """The review that was given with this marker, if the list has it; the oldest come first."""
        line = hidden(marker)
        return next(
            (_review(each) for each in self._reviews(repository, number) if carries(each.get("body"), line)), None
        )

    def reviews(self, repository: str, number: int) -> list[Given]:
        """The reviews that were given, the oldest first."""
        return [_given(each) for each in self._reviews(repository, number) if each.get("submitted_at")]

    def _reviews(self, repository: str, number: int) -> Iterator[dict[str, Any]]:
        for page in range(1, _PAGES + 1):
            where = ("pulls", number, "reviews")
            listed = self._of(repository, "GET", *where, read=_listed, per_page=PER_PAGE, page=page)
            yield from listed
            if len(listed) < PER_PAGE:
                return
        raise Unavailable(f"GitHub lists more than {_PAGES * PER_PAGE} reviews, too many to look through.")

    def request_review(self, repository: str, number: int, people: Iterable[str], teams: Iterable[str]) -> None:
        """Ask people (by login) and teams (by slug) for a review; who is asked already stays so.

        https://docs.github.com/en/rest/pulls/review-requests#request-reviewers-for-a-pull-request
        """
        where, body = ("pulls", number, "requested_reviewers"), {"reviewers": [*people], "team_reviewers": [*teams]}
        self._of(repository, "POST", *where, read=lambda _: None, body=body, write=True)

    def set_draft(self, repository: str, node: str, *, draft: bool) -> None:
        """Make a pull request (by its `node`) a draft, or ready for review, which GitHub's REST API cannot.

        https://docs.github.com/en/graphql/reference/mutations#markpullrequestreadyforreview
        """
        name = "convertPullRequestToDraft" if draft else "markPullRequestReadyForReview"
        query = f"mutation($id: ID!) {{ {name}(input: {{pullRequestId: $id}}) {{ pullRequest {{ isDraft }} }} }}"
        self._graph(repository, query, {"id": node}, read=lambda _: None, write=True)

    def merge(self, repository: str, number: int, sha: str, method: str) -> None:
        """Merge it by `merge`, `squash` or `rebase`, if its newest commit is still this one.

        `Rejected` with the code 405 says that it cannot be merged, 409 that there is a newer commit.
        https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request
        """
        self._of(
            repository, "PUT", "pulls", number, "merge", read=_merged, body={"sha": sha, "merge_method": method},
            write=True,
        )  # fmt: skip

    def update_branch(self, repository: str, number: int) -> None:
        """Merge the newest state of its base into its branch; `Invalid` if that has nothing new.

        https://docs.github.com/en/rest/pulls/pulls#update-a-pull-request-branch
        """
        self._of(repository, "PUT", "pulls", number, "update-branch", read=lambda _: None, body={}, write=True)


def _change(raw: Mapping[str, Any]) -> Change:
    author: Mapping[str, Any] = raw.get("user") or {}
    return Change(
        str(author.get("login") or ""), str(raw["head"]["sha"]), str(raw["base"]["ref"]), raw.get("merged") is True,
        str(raw["html_url"]), str(raw["title"]), str(raw["state"]), raw.get("draft") is True,
        str(raw.get("mergeable_state") or "unknown"), str(raw["node_id"]),
        (*(str(each["login"]) for each in raw.get("requested_reviewers") or ()),
         *(str(each["name"]) for each in raw.get("requested_teams") or ())),
    )  # fmt: skip


def _methods(raw: Mapping[str, Any]) -> list[str]:
    names = {"merge": "merge_commit", "squash": "squash_merge", "rebase": "rebase_merge"}
    return [method for method, name in names.items() if raw.get(f"allow_{name}") is not False]


def _given(raw: Mapping[str, Any]) -> Given:
    by: Mapping[str, Any] = raw.get("user") or {}
    return Given(int(raw["id"]), str(by.get("login") or ""), str(raw["state"]).lower(), str(raw["submitted_at"]))


def _review(raw: Mapping[str, Any]) -> Review:
    return Review(int(raw["id"]), str(raw["html_url"]))


def _listed(raw: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [*raw]


def _merged(raw: Mapping[str, Any]) -> None:
    if raw["merged"] is not True:
        raise Rejected(f"GitHub did not merge it: {raw.get('message')}", "405")
