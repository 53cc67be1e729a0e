"""The pulse of the machine: how late a thread of the harness is woken, which is measured along with everything else."""

import threading
import time

BEAT = 0.05
NOTEWORTHY = 0.3
"""Seconds: below this nobody needs to know."""


class Pulse:
    """Beats in a thread until it is stopped."""

    def __init__(self) -> None:
        self.latest = 0.0
        """By how many seconds a beat came too late at most."""
        self._stopped = threading.Event()
        threading.Thread(target=self._beat, daemon=True, name="pulse").start()

    def _beat(self) -> None:
        due = time.monotonic() + BEAT
        while not self._stopped.wait(BEAT):
            self.latest = max(self.latest, time.monotonic() - due)
            due = time.monotonic() + BEAT

    def stop(self) -> None:
        """Beat no more."""
        self._stopped.set()

    def note(self) -> str:
        """What to say of it; empty if it was steady."""
        return f"this machine stalled for up to {self.latest:.1f} s" if self.latest > NOTEWORTHY else ""
