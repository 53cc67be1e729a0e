"""connect as a GitHub App: the installation that covers a repository, and tokens of it that are good for an hour.

https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/authenticating-as-a-github-app-installation
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

import jwt

from adapters.errors import NotFound, Rejected, Unauthorized
from adapters.github.failures import judged
from adapters.github.session import Way, is_repository
from adapters.github.transport import Moved

EARLY = 300.0
"""Seconds before its end from which a token is no longer used: longer than any call takes."""
KNOWN_FOR = 600.0
"""Seconds for which it is believed that the same installation covers a place."""
_JWT_SECONDS = 540
# GitHub's clock may be behind ours, and it refuses what was issued in its future.
_JWT_BEGINS = -60


@dataclass(frozen=True)
class AppKey:
    """What a GitHub App proves itself with: `private_key` is PEM."""

    app_id: str
    private_key: str = field(repr=False)

    def signed(self, now: float) -> str:
        """A JSON web token for the next minutes; `now` is in seconds since 1970."""
        claims = {"iat": int(now) + _JWT_BEGINS, "exp": int(now) + _JWT_SECONDS, "iss": self.app_id}
        try:
            return jwt.encode(claims, self.private_key, "RS256")
        except (jwt.PyJWTError, ValueError) as error:
            raise Unauthorized("The private key of the GitHub App cannot be used.", "private_key") from error


@dataclass(frozen=True)
class App:
    """The App itself; `url` is its page."""

    slug: str
    name: str
    url: str


class AppTokens:
    """The tokens of a GitHub App's installations; shared by threads, and by all clients of one GitHub."""

    def __init__(self, key: AppKey) -> None:
        self._key = key
        self._lock = threading.Lock()
        self._covering: dict[str, tuple[int, float]] = {}
        """Place → installation, and until when that is believed."""
        self._tokens: dict[int, tuple[str, float]] = {}
        """Installation → token, and until when it is good."""

    def of(self, place: str, way: Way) -> str:
        """The token of the installation that covers a place.

        Raises `NotFound` with the code `not_installed` if none does, and `Unauthorized` if GitHub refuses the key.
        """
        try:
            return self._token(self._installation(place.lower(), way), way)
        except NotFound as gone:
            if gone.code == "not_installed" or not self._forget(place):
                raise
        # It was uninstalled since; it may have been installed again.
        return self._token(self._installation(place.lower(), way), way)

    def instead_of(self, refused: str, place: str, way: Way) -> str:
        """A new token for one that is refused before its end: it was revoked."""
        with self._lock:
            self._tokens = {ident: kept for ident, kept in self._tokens.items() if kept[0] != refused}
        self._forget(place)
        return self.of(place, way)

    def app(self, way: Way) -> App:
        """Read the App."""
        return self._ask("GET", "/app", way, lambda raw: App(raw["slug"], raw["name"], raw["html_url"]))

    def install_page(self, way: Way) -> str:
        """The address at which the App is installed."""
        return f"{self.app(way).url}/installations/new"

    def owners(self, way: Way) -> list[str]:
        """Whose repositories the App is installed for, as far as it is not suspended there: the first 30.

        https://docs.github.com/en/rest/apps/apps#list-installations-for-the-authenticated-app
        """
        listed = self._ask("GET", "/app/installations", way, lambda raw: [*raw])
        return [str(each["account"]["login"]) for each in listed if not each.get("suspended_at")]

    def _forget(self, place: str) -> bool:
        with self._lock:
            return self._covering.pop(place.lower(), None) is not None

    def _installation(self, place: str, way: Way) -> int:
        known = self._covering.get(place)
        if known is not None and known[1] > way.clock():
            return known[0]
        found = self._look(place, way)
        with self._lock:
            self._covering[place] = (found, way.clock() + KNOWN_FOR)
        return found

    def _look(self, place: str, way: Way) -> int:
        try:
            if place:
                where = f"/{'repos' if is_repository(place) else 'users'}/{quote(place)}/installation"
                found = self._ask("GET", where, way, _installation)
            else:
                listed = self._ask("GET", "/app/installations", way, lambda raw: [_installation(each) for each in raw])
                found = next((each for each in listed if not each.suspended), None)
        except NotFound:
            found = None
        if found is None:
            raise self._not_installed(f"on {place}" if place else "anywhere", way)
        if found.suspended:
            raise Rejected(
                f"connect's GitHub App is suspended on {place}: its owner can let it work again.", "suspended"
            )
        return found.id

    def _not_installed(self, where: str, way: Way) -> NotFound:
        return NotFound(
            f"connect's GitHub App is not installed {where}. Whoever looks after it can install it: "
            f"{self.install_page(way)}",
            "not_installed",
        )

    def _token(self, installation: int, way: Way) -> str:
        known = self._tokens.get(installation)
        if known is None or known[1] - EARLY <= way.clock():
            known = self._ask("POST", f"/app/installations/{installation}/access_tokens", way, _issued)
            with self._lock:
                self._tokens[installation] = known
        return known[0]

    def _ask[T](self, method: str, where: str, way: Way, read: Callable[[Any], T]) -> T:
        signed = self._key.signed(way.clock())
        # A token that is asked for twice does no harm, so nothing here is a write whose outcome matters.
        with judged(write=False):
            try:
                _, found = way.github(signed).requester.requestJsonAndCheck(method, where)
            except Moved as moved:
                where = f"/repositories/{moved.repository_id}/installation"
                _, found = way.github(signed).requester.requestJsonAndCheck(method, where)
            return read(found)


@dataclass(frozen=True)
class _Installed:
    id: int
    suspended: bool


def _installation(raw: Mapping[str, Any]) -> _Installed:
    return _Installed(int(raw["id"]), suspended=bool(raw.get("suspended_at")))


def _issued(raw: Mapping[str, Any]) -> tuple[str, float]:
    token = raw["token"]
    if not isinstance(token, str):
        raise TypeError("a token is a string")
    return token, datetime.fromisoformat(raw["expires_at"]).timestamp()
