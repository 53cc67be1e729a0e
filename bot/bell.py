"""The bell that wakes workers: one worker for one piece of work, so that the others do not look in vain."""

import threading

MOST = 64
"""Rings that are remembered while all workers are busy; they go on until nothing is left anyway."""


class Bell:
    """Rung when rows were committed that a worker of this process may take at once."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._rings = 0

    def ring(self, times: int = 1) -> None:
        """Wake so many waiting workers, or let as many find at their next wait that they need not."""
        if times > 0:
            with self._changed:
                self._rings = min(self._rings + times, MOST)
                self._changed.notify(times)

    def wait(self, seconds: float) -> None:
        """Wait for a ring, at most so long."""
        with self._changed:
            if not self._rings:
                self._changed.wait(seconds)
            self._rings = max(self._rings - 1, 0)
