"""When to stop calling a service, and for how long: what this process learns of lanes, before the database knows it.

A service that refuses the credentials, or cannot be reached, is paused as a whole. It is then asked at growing
intervals whether it is there, by a call that does nothing else, and everything flows once that is answered. No attempt
is counted meanwhile.
"""

import threading
from datetime import datetime, timedelta

LONGEST_INTERVAL = timedelta(seconds=12)
"""Between two probes at most: so long a service may be back before connect knows it."""
ASKED_AGAIN_AFTER = 1.0
"""Seconds between two pings of one process at least."""


def interval(failures: int, base_seconds: float) -> timedelta:
    """How long to wait before the next probe, after so many that failed."""
    return min(LONGEST_INTERVAL, timedelta(seconds=2 * base_seconds * 2 ** min(failures - 1, 10)))


class Watch:
    """What the workers of one process have just learned; shared by its threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until: dict[str, datetime] = {}
        self._asked: dict[str, float] = {}

    def pause(self, lane: str, until: datetime) -> None:
        """Note that nobody may use a lane until then."""
        with self._lock:
            self._until[lane] = max(until, self._until.get(lane, until))

    def paused_until(self, lane: str, now: datetime) -> datetime | None:
        """Until when a lane is paused; None if it is open."""
        until = self._until.get(lane)
        if until is None or until > now:
            return until
        with self._lock:
            if self._until.get(lane) == until:
                del self._until[lane]
        return None

    def may_ask(self, service: str, now: float) -> bool:
        """Whether it is this thread's turn to ask the service if it is there; `now` is monotonic, in seconds."""
        with self._lock:
            if now - self._asked.get(service, -ASKED_AGAIN_AFTER) < ASKED_AGAIN_AFTER:
                return False
            self._asked[service] = now
            return True
