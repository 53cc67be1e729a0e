"""What a process remembers for a while, shared by its threads; time is an argument, as everywhere."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

MOST = 10_000


@dataclass(frozen=True)
class Noted[V]:
    """Something that is remembered, and since when."""

    at: datetime
    value: V


class Memory[K, V]:
    """Values by key; each is forgotten after a time, and the one noted first when there are too many."""

    def __init__(self, kept: timedelta, most: int = MOST) -> None:
        self._kept = kept
        self._most = most
        self._lock = threading.Lock()
        self._noted: dict[K, Noted[V]] = {}

    def get(self, key: K, now: datetime) -> Noted[V] | None:
        """What is remembered; None if nothing is any more."""
        with self._lock:
            noted = self._noted.get(key)
        return noted if noted is not None and now - noted.at < self._kept else None

    def put(self, key: K, value: V, now: datetime) -> None:
        """Remember a value from now on, instead of an earlier one."""
        with self._lock:
            self._noted.pop(key, None)
            self._noted[key] = Noted(now, value)
            for old in [name for name, noted in self._noted.items() if now - noted.at >= self._kept]:
                del self._noted[old]
            while len(self._noted) > self._most:
                del self._noted[next(iter(self._noted))]
