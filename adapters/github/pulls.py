"""What people do to GitHub's pull requests: review, merge, bring up to date."""

from collections.abc import Mapping
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
class Change:
    """A pull request as a change: its author, its newest commit, and whether it is merged."""

    author: str
    sha: str
    base: str
    merged: bool
    url: str


class Pulls(GitHubSession):
    """The part of the client that changes pull requests."""

    def change(self, repository: str, number: int) -> Change:
        """Read a pull request's author and newest commit, and whether it is merged."""
        return self._of(repository, "GET", "pulls", number, read=_change)

    def review(self, repository: str, number: int, verdict: Verdict, body: str, sha: str, marker: str) -> Review:
        """Give a verdict on a commit (empty: the newest); `body` is Markdown, and changes are asked for in words.

        https://docs.github.com/en/rest/pulls/reviews#create-a-review-for-a-pull-request
        """
        said = {"event": verdict, "body": f"{body}\n\n{hidden(marker)}".strip(), **({"commit_id": sha} if sha else {})}
        return self._of(repository, "POST", "pulls", number, "reviews", read=_review, body=said, write=True)

    def find_review(self, repository: str, number: int, marker: str) -> Review | None:
        """The review that was given with this marker, if the list has it; the oldest come first."""
        line = hidden(marker)
        for page in range(1, _PAGES + 1):
            where = ("pulls", number, "reviews")
            listed = self._of(repository, "GET", *where, read=_listed, per_page=PER_PAGE, page=page)
            for each in listed:
                if carries(each.get("body"), line):
                    return _review(each)
            if len(listed) < PER_PAGE:
                return None
        raise Unavailable(f"GitHub lists more than {_PAGES * PER_PAGE} reviews, too many to look through.")

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
        str(raw["html_url"]),
    )  # fmt: skip


def _review(raw: Mapping[str, Any]) -> Review:
    return Review(int(raw["id"]), str(raw["html_url"]))


def _listed(raw: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [*raw]


def _merged(raw: Mapping[str, Any]) -> None:
    if raw["merged"] is not True:
        raise Rejected(f"GitHub did not merge it: {raw.get('message')}", "405")
