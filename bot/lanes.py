"""When to stop calling a service, and for how long: what this process learns of lanes, before the database knows it.

A service that refuses the credentials, or cannot be reached, is paused as a whole; one call at a time then tries it, at
growing intervals, and everything flows once one is answered. No attempt is counted meanwhile.
"""

import threading
from datetime import datetime, timedelta

from adapters.errors import AdapterError, Unauthorized, Unreachable

IN_A_ROW = 3
"""So many different calls without an answer, and none with one between them, are no accident: the service is away."""
LONGEST_INTERVAL = timedelta(seconds=15)
"""Between two probes at most: so long a service may be back before connect knows it."""


def interval(failures: int, base_seconds: float) -> timedelta:
    """How long to wait before the next probe, after so many that failed."""
    return min(LONGEST_INTERVAL, timedelta(seconds=2 * base_seconds * 2 ** min(failures - 1, 10)))


class Watch:
    """What the workers of one process have just learned; shared by its threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until: dict[str, datetime] = {}
        self._silent: dict[str, set[int]] = {}

    def pause(self, lane: str, until: datetime) -> None:
        """Note that nobody may use a lane until then."""
        with self._lock:
            self._until[lane] = until

    def paused_until(self, lane: str, now: datetime) -> datetime | None:
        """Until when a lane is paused; None if it is open."""
        until = self._until.get(lane)
        if until is None or until > now:
            return until
        with self._lock:
            if self._until.get(lane) == until:
                del self._until[lane]
        return None

    def answered(self, service: str) -> None:
        """Note that a service gave a readable answer, of whatever kind."""
        if self._silent.get(service):
            self._silent[service] = set()

    def is_away(self, service: str, error: AdapterError, row_id: int) -> bool:
        """Note a call that got no answer; whether the service as a whole is to be left alone for a while."""
        if isinstance(error, Unauthorized | Unreachable):
            return True
        with self._lock:
            silent = self._silent[service] = self._silent.get(service, set()) | {row_id}
            return len(silent) >= IN_A_ROW
