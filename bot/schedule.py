"""Periodic jobs: of all processes one begins each when it is due, and another the next time if that one dies."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot import logs
from bot.services import Services
from storage import lanes, turns
from storage.engine import DatabaseUnavailable
from storage.models import Delivery, IntegrationLog

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
"""How often it is looked whether a job is due."""
SOON = timedelta(minutes=1)
"""When a job goes on that says it has more to do."""


@dataclass(frozen=True)
class Job:
    """Something to do `every` so often; `run` may return True if there is more to do."""

    name: str
    every: timedelta
    run: Callable[[], object]
    at_start: timedelta | None = None
    """If given: done as well when a process starts, unless another began it less than this ago."""


def mend_turns(services: Services) -> bool:
    """Take up what an older version of connect beside this one left lying; True if there may be more."""
    mended = sum(
        services.database.run(lambda connection, table=table: turns.mend(connection, table))
        for table in (Delivery, IntegrationLog)
    )
    if mended:
        log.info("%s rows of an older version were given their turn", mended)
        services.work.ring(services.settings.connect_workers)
    return mended > 0


class Schedule:
    """One thread that does the jobs of a process, one after the other."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._jobs: list[Job] = []
        self.stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="schedule", daemon=True)

    def add(self, job: Job) -> None:
        """Add a job, before the start."""
        self._jobs.append(job)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self, within: float) -> None:
        """Begin nothing new, and wait at most so many seconds for what is under way; jobs can be cut short anywhere."""
        self.stopping.set()
        self._thread.join(within)

    def _run(self) -> None:
        just_started = {job.name for job in self._jobs if job.at_start is not None}
        while not self.stopping.is_set():
            for job in self._jobs:
                if self._do(job, first=job.at_start if job.name in just_started else None):
                    just_started.discard(job.name)
            self.stopping.wait(LOOK_SECONDS)

    def _do(self, job: Job, first: timedelta | None) -> bool:
        """Do the job if it is due here; False if the database could not say whether it is."""
        if self.stopping.is_set():
            return False
        now = self._services.now()
        try:
            mine = self._services.database.run(
                lambda connection: lanes.take_job(connection, job.name, now, job.every, first=first)
            )
            if mine:
                begun = time.monotonic()
                with logs.about(job=job.name):
                    if job.run() is True:
                        soon = self._services.now() + SOON
                        self._services.database.run(lambda connection: lanes.job_again(connection, job.name, soon))
                    log.debug("done in %.1f s", time.monotonic() - begun)
        except DatabaseUnavailable as error:
            log.warning("the job %s waits: %s", job.name, error)
            return False
        except Exception:
            log.exception("the job %s broke; it is begun again when it is due", job.name)
        return True
