"""GitHub's search for issues and pull requests, of which it allows 30 in a minute.

https://docs.github.com/en/rest/search/search#search-issues-and-pull-requests
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.github.session import GitHubSession

PAGE = 10


@dataclass(frozen=True)
class Hit:
    """An issue or a pull request (`pull`) that was found; `state` is `open`, `closed`, `merged` or `draft`."""

    repository: str
    number: int
    title: str
    url: str
    state: str
    pull: bool
    author: str
    assignees: tuple[str, ...]
    updated: str
    """`2026-11-23T17:00:00Z`."""

    @property
    def resource(self) -> str:
        """`acme/web#7`."""
        return f"{self.repository}#{self.number}"


class Searching(GitHubSession):
    """The part of the client that searches."""

    def search_tickets(self, query: str, page: int = 1, place: str = "", size: int = PAGE) -> tuple[list[Hit], bool]:
        """A page of what a query in GitHub's own words finds, changed last first; and whether there are more.

        `place` says whose installation asks, if connect is a GitHub App. Raises `Invalid` for what is no query.
        """

        def read(raw: Any) -> tuple[list[Hit], bool]:
            return [_hit(each) for each in raw["items"]], int(raw["total_count"]) > page * size

        return self._at(
            "GET", "search", "issues", read=read, place=place, q=query, sort="updated", order="desc", per_page=size,
            page=page,
        )  # fmt: skip


def _hit(raw: Mapping[str, Any]) -> Hit:
    pull: Mapping[str, Any] = raw.get("pull_request") or {}
    return Hit(
        "/".join(str(raw["repository_url"]).split("/")[-2:]), int(raw["number"]), str(raw["title"]),
        str(raw["html_url"]), _state(raw, pull), bool(pull), str((raw.get("user") or {"login": ""})["login"]),
        tuple(str(each["login"]) for each in raw.get("assignees") or ()), str(raw["updated_at"]),
    )  # fmt: skip


def _state(raw: Mapping[str, Any], pull: Mapping[str, Any]) -> str:
    if pull.get("merged_at"):
        return "merged"
    return "draft" if raw.get("draft") and raw["state"] == "open" else str(raw["state"])
