"""The deliveries of GitHub's webhooks through PyGithub's requester: listed newest first, and asked for again.

The promise kept here: a list is never half of what it should be for want of a page; a wish is sent once.
https://docs.github.com/en/webhooks/using-webhooks/handling-failed-webhook-deliveries
"""

import re
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from github import Auth, Github
from jwt import PyJWTError
from requests.utils import parse_header_links

from adapters.errors import NotFound, Unauthorized
from adapters.github.client import is_repository
from adapters.github.failures import judged
from adapters.github.transport import Moved, Transport, mount

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


@dataclass(frozen=True)
class AppKey:
    """What a GitHub App proves itself with: `private_key` is PEM."""

    app_id: str
    private_key: str


class HookClient:
    """Asks about webhooks with a token, and about an App's own with the App's key; for one thread at a time.

    `timeout` is in seconds, for each call. Every method raises `AdapterError`s only.
    """

    def __init__(self, token: str, api_url: str, timeout: float, app: AppKey | None = None) -> None:
        self._api_url = api_url.rstrip("/")
        self._timeout = timeout
        self._token = Auth.Token(token)
        self._app = Auth.AppAuth(app.app_id, app.private_key) if app else None
        self._connections: dict[bool, Github] = {}

    def deliveries(self, hook: Hook, since: datetime) -> list[Attempt]:
        """What GitHub sent, or tried to, at `since` or later; the newest first, and no more than 30 000."""

        def read(place: str) -> list[Attempt]:
            return self._since(hook, f"{place}/deliveries", since)

        with _as_a_whole(write=False):
            return self._at(hook, read)

    def redeliver(self, hook: Hook, attempt_id: int) -> None:
        """Ask GitHub to send the event of an attempt again; it does so a moment later."""

        def ask(place: str) -> None:
            self._github(hook).requester.requestJsonAndCheck("POST", f"{place}/deliveries/{attempt_id:d}/attempts")

        with _as_a_whole(write=True):
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
        of_app = hook.target_type == "integration"
        if of_app not in self._connections:
            made = Github(
                auth=self._app if of_app else self._token,
                base_url=self._api_url,
                timeout=ceil(self._timeout),
                user_agent="connect",
                retry=None,
                seconds_between_requests=None,
                seconds_between_writes=None,
                lazy=True,
            )
            mount(made, Transport(self._api_url, self._timeout))
            self._connections[of_app] = made
        return self._connections[of_app]


@contextmanager
def _as_a_whole(*, write: bool) -> Generator[None]:
    try:
        with judged(write=write):
            yield
    except PyJWTError as error:
        raise Unauthorized("The private key of the GitHub App cannot be used.", "private_key") from error


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
