"""GitHub's limits as its answers tell of them, by token: what is left, and how long to wait where nothing is.

https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

import hashlib
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

_MOST = 1000


@dataclass(frozen=True)
class Left:
    """How many calls are left until `until` (by our clock): GitHub counts by the hour, and searches by the minute."""

    remaining: int
    until: float


class Limits:
    """What is left for each token; shared by threads, and by all clients of one GitHub."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._left: dict[tuple[str, str], Left] = {}

    def note(self, token: str, headers: Mapping[str, str]) -> None:
        """Take in what an answer says; one that says nothing changes nothing."""
        resource = headers.get("x-ratelimit-resource", "core")
        remaining, reset = (number(headers.get(f"x-ratelimit-{name}")) for name in ("remaining", "reset"))
        if remaining is None or reset is None:
            return
        now = self._clock()
        left = Left(int(remaining), now + reset - their_now(headers, now))
        with self._lock:
            self._left.pop((_hash(token), resource), None)
            self._left[_hash(token), resource] = left
            if len(self._left) > _MOST:
                del self._left[next(iter(self._left))]

    def wait(self, token: str, path: str) -> float:
        """Seconds until this token may be used again for a path; 0 if it may be used now."""
        resource = "search" if "/search/" in path else "graphql" if path.endswith("/graphql") else "core"
        with self._lock:
            left = self._left.get((_hash(token), resource))
        return max(left.until - self._clock(), 0.0) if left and left.remaining == 0 else 0.0

    def least(self) -> dict[str, int]:
        """What is left by resource (`core`, `search`), of the token that has least of it; past limits are left out."""
        found: dict[str, int] = {}
        now = self._clock()
        with self._lock:
            for (_, resource), left in self._left.items():
                if left.until > now:
                    found[resource] = min(left.remaining, found.get(resource, left.remaining))
        return found


def number(value: str | None) -> float | None:
    """The number that a header holds; None if it holds none."""
    return float(value) if value and re.fullmatch(r"[0-9]{1,12}", value) else None


def their_now(headers: Mapping[str, str], otherwise: float) -> float:
    """GitHub's clock, to which the time of a reset belongs; ours may be wrong."""
    try:
        return parsedate_to_datetime(headers["date"]).timestamp()
    except (KeyError, ValueError, OverflowError):
        return otherwise


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
