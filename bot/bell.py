"""The bell that wakes workers: one worker for one piece of work, so that the others do not look in vain.

A worker that waits can also be reserved for what is just being stored, and is handed that without looking for it.
"""

import threading
from collections import deque

MOST = 64
"""Rings that are remembered while all workers are busy; they go on until nothing is left anyway."""


class Bell[T]:
    """Rung when rows were committed that a worker of this process may take at once; `T` is what can be handed over."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._rings = 0
        self._idle = 0
        self._reserved = 0
        self._handed: deque[T] = deque()

    def ring(self, times: int = 1) -> None:
        """Wake so many waiting workers, or let as many find at their next wait that they need not."""
        if times > 0:
            with self._changed:
                self._rings = min(self._rings + times, MOST)
                self._changed.notify(times)

    def reserve(self) -> bool:
        """Keep one of the waiting workers for what is about to be stored; False if none waits.

        After True, `hand` must follow.
        """
        with self._changed:
            free = self._idle > self._reserved + len(self._handed) + self._rings
            self._reserved += free
            return free

    def hand(self, given: T | None) -> None:
        """Give what was stored, and is claimed already, to the worker that was reserved; None: there is nothing."""
        with self._changed:
            self._reserved -= 1
            if given is not None:
                self._handed.append(given)
                self._changed.notify()

    def handed(self) -> T | None:
        """What was handed over and nobody has begun, if there is anything."""
        with self._changed:
            return self._handed.popleft() if self._handed else None

    def wait(self, seconds: float) -> T | None:
        """Wait for a ring or for what is handed over, at most so long; returns the latter."""
        with self._changed:
            if not self._rings and not self._handed:
                self._idle += 1
                self._changed.wait(seconds)
                self._idle -= 1
            if self._handed:
                return self._handed.popleft()
            self._rings = max(self._rings - 1, 0)
            return None
