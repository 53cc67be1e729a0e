"""Housekeeping: forgets raw bodies and finished rows after the days that the settings name, a little at a time.

Its batches grow and shrink so that each takes a few hundredths of a second, on a slow disk as on a fast one, and it
rests between two for as long as the last one took: nobody waits long, and half of the database's time is others'.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.flows import pull_ties, pulls, shipped
from bot.operations.viewing import SHOWN, TWICE
from bot.services import Services
from storage.engine import DatabaseUnavailable
from storage.models import Delivery, IntegrationLog
from storage.retention import Walked, delete_finished, forget_bodies, forget_conclusions, forget_notes

log = logging.getLogger(__name__)

LONGEST_SECONDS = 20.0
"""How long one run may take; the next goes on where it ended."""
BATCH_SECONDS = 0.02
"""How long one batch should take; a delivery that comes in meanwhile waits for it on SQLite."""
FEWEST, MOST = 10, 500
"""Rows in one batch."""
LONG_AGO = timedelta(days=180)
"""A branch whose workflows have not run for so long may begin anew: its first failure is told."""
ROUND = timedelta(days=1)
"""How often the walk over the bodies begins anew: what was finished late lies behind its cursor."""


type Batch = Callable[..., Walked]
"""Given a connection, `after_id` and `limit`."""


@dataclass(frozen=True)
class Removed:
    """What one run has removed, and whether there was nothing more."""

    bodies: int
    integrations: int
    deliveries: int
    finished: bool

    def __str__(self) -> str:
        rest = "" if self.finished else "; the rest follows"
        return (
            f"{self.bodies} bodies forgotten, {self.integrations} integrations and {self.deliveries} deliveries "
            f"deleted{rest}"
        )


class Housekeeping:
    """Remembers in memory how far it came; one process at a time should `run` it, though more do no harm."""

    def __init__(self, services: Services, rest: Callable[[float], object] = time.sleep) -> None:
        """`rest` waits some seconds; if what it returns is true, the run ends (as `Event.wait` of one that is set)."""
        self._services = services
        self._rest = rest
        self._after, self._until = 0, 0.0
        self._begun = datetime.min.replace(tzinfo=services.now().tzinfo)

    def run(self) -> Removed:
        """Do all there is to do, or as much of it as fits into the time; one line in the log if anything was done."""
        settings, now, self._until = self._services.settings, self._services.now(), time.monotonic() + LONGEST_SECONDS
        if now - self._begun >= ROUND:
            self._begun, self._after = now, 0
        old = now - timedelta(days=settings.connect_keep_days)
        ripe = now - timedelta(days=settings.connect_keep_bodies_days)
        calls = self._walk(partial(delete_finished, table=IntegrationLog, before=old), 0)
        arrivals = self._walk(partial(delete_finished, table=Delivery, before=old), 0)
        bodies = self._walk(partial(forget_bodies, before=ripe), self._after)
        self._walk(partial(forget_notes, name=SHOWN, before=now - TWICE), 0)
        for note in (pulls.NOTE, pull_ties.BRANCH, shipped.NOTE):
            self._walk(partial(forget_notes, name=note, before=now - pulls.KEPT), 0)
        self._walk(partial(forget_conclusions, before=now - LONG_AGO), 0)
        self._after = bodies.after_id
        finished = not (calls.more or arrivals.more or bodies.more)
        removed = Removed(bodies.changed, calls.changed, arrivals.changed, finished)
        if bodies.changed or calls.changed or arrivals.changed:
            log.info("housekeeping: %s", removed)
        return removed

    def _walk(self, batch: Batch, after: int) -> Walked:
        """Batch after batch until there is no more, or no more time."""
        total, rows = Walked(0, after, more=True), FEWEST
        while total.more and (begun := time.monotonic()) < self._until:
            try:
                done = self._services.database.run(partial(batch, after_id=total.after_id, limit=rows))
            except DatabaseUnavailable as error:
                log.warning("housekeeping: %s", error)
                return total
            total = Walked(total.changed + done.changed, done.after_id, done.more)
            took = time.monotonic() - begun
            rows = size(rows, took)
            if done.more and self._rest(took):
                self._until = 0.0
        return total


def size(rows: int, took: float) -> int:
    """How many rows the next batch has, after one of so many that took so long; at most twice as many."""
    return max(FEWEST, min(MOST, 2 * rows, int(rows * BATCH_SECONDS / max(took, 1e-6))))
