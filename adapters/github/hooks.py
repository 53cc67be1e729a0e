"""The deliveries of GitHub's webhooks through PyGithub's requester: listed newest first, and asked for again.

The promise kept here: a list is never half of what it should be for want of a page; a wish is sent once.
https://docs.github.com/en/webhooks/using-webhooks/handling-failed-webhook-deliveries
"""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from github import Github
from requests.utils import parse_header_links

from adapters.errors import NotFound, Unauthorized
from adapters.github.apps import AppKey, AppTokens
from adapters.github.failures import judged
from adapters.github.session import OneToken, Tokens, Way, is_repository
from adapters.github.transport import Moved

KEPT_SECONDS = 3 * 86400
"""For how long GitHub shows a delivery and sends it again on demand."""
_PER_PAGE = 100
MOST_PAGES = 300
"""Of 5000 calls that GitHub allows in an hour: a webhook with more than 30 000 deliveries shows its newest."""


@dataclass(frozen=True)
class Hook:
    """A webhook: `target_type` is `repository`, `organization` or `integration` (a GitHub App).

    `name` is the repository's full name or the organization's login; for an App it does not matter.
    """

    target_type: str
    name: str
    hook_id: int


@dataclass(frozen=True)
class Attempt:
    """One sending of an event; `guid` is the event's own, the same for every webhook and for every repetition."""

    id: int
    guid: str
    delivered_at: datetime
    status_code: int
    redelivery: bool
    event: str

    @property
    def arrived(self) -> bool:
        """Whether GitHub was told that it was taken."""
        return 200 <= self.status_code < 300


class HookClient:
    """Asks about webhooks with a token, and about an App's own with the App's key; for one thread at a time.

    `timeout` is in seconds, for each call. Every method raises `AdapterError`s only.
    """

    def __init__(
        self, token: str, api_url: str, timeout: float, app: AppKey | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        """Without `token` the App's installations are asked for theirs."""
        self._way = Way(api_url, timeout, clock)
        self._app = app
        self._tokens: Tokens = OneToken(token) if token or app is None else AppTokens(app)

    def deliveries(self, hook: Hook, since: datetime) -> list[Attempt]:
        """What GitHub sent, or tried to, at `since` or later; the newest first, and no more than 30 000."""

        def read(place: str) -> list[Attempt]:
            return self._since(hook, f"{place}/deliveries", since)

        with judged(write=False):
            return self._at(hook, read)

    def redeliver(self, hook: Hook, attempt_id: int) -> None:
        """Ask GitHub to send the event of an attempt again; it does so a moment later."""

        def ask(place: str) -> None:
            self._github(hook).requester.requestJsonAndCheck("POST", f"{place}/deliveries/{attempt_id:d}/attempts")

        with judged(write=True):
            self._at(hook, ask)

    def _since(self, hook: Hook, place: str, since: datetime) -> list[Attempt]:
        found: list[Attempt] = []
        asked: dict[str, Any] = {"per_page": _PER_PAGE}
        for _ in range(MOST_PAGES):
            headers, listed = self._github(hook).requester.requestJsonAndCheck("GET", place, parameters=asked)
            page = [_attempt(each) for each in _entries(listed)]
            found += [each for each in page if each.delivered_at >= since]
            cursor = _next(headers)
            if not page or not cursor or page[-1].delivered_at < since:
                break
            asked = {"per_page": _PER_PAGE, "cursor": cursor}
        return found

    def _at[T](self, hook: Hook, use: Callable[[str], T]) -> T:
        """Call `use` with the hook's place, and once more by the repository's id if GitHub says that it moved."""
        if hook.target_type == "integration":
            if self._app is None:
                raise Unauthorized("The webhook belongs to a GitHub App, and connect does not have the App's key.")
            return use("/app/hook")
        hooks = f"hooks/{hook.hook_id:d}"
        if hook.target_type == "organization" and re.fullmatch(r"[A-Za-z0-9_-]{1,100}", hook.name):
            return use(f"/orgs/{hook.name}/{hooks}")
        if hook.target_type == "repository" and is_repository(hook.name):
            try:
                return use(f"/repos/{hook.name}/{hooks}")
            except Moved as moved:
                return use(f"/repositories/{moved.repository_id}/{hooks}")
        raise NotFound(f"GitHub shows no deliveries of a webhook of {hook.target_type} {hook.name[:100]!r}.")

    def _github(self, hook: Hook) -> Github:
        if hook.target_type == "integration" and self._app is not None:
            return self._way.github(self._app.signed(self._way.clock()))
        return self._way.github(self._tokens.of(hook.name, self._way))


def _entries(listed: object) -> list[Mapping[str, Any]]:
    if not isinstance(listed, list):
        raise TypeError("the answer is no list")
    return cast("list[Mapping[str, Any]]", listed)


def _attempt(given: Mapping[str, Any]) -> Attempt:
    at = datetime.fromisoformat(given["delivered_at"])
    return Attempt(
        int(given["id"]),
        str(given["guid"]),
        at if at.tzinfo else at.replace(tzinfo=UTC),
        # None while nothing came back yet.
        int(given["status_code"] or 0),
        given["redelivery"] is True,
        str(given["event"]),
    )


def _next(headers: Mapping[str, Any]) -> str:
    """The cursor of the next page; the address around it is not followed, so that no other host is ever asked."""
    for link in parse_header_links(str(headers.get("link", ""))):
        if link.get("rel") == "next":
            return (parse_qs(urlsplit(link["url"]).query).get("cursor") or [""])[0]
    return ""
