"""Lists to choose from that are remembered: whoever waits for one gets it at once, however long Jira takes.

A list is offered as it was last read. Once it is a minute old, it is read anew behind the answer; one that was never
read is waited for, but not for long. Each process remembers its own.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from datetime import datetime, timedelta

from adapters.errors import AdapterError
from bot.memory import Memory

log = logging.getLogger(__name__)

FRESH = timedelta(minutes=1)
KEPT = timedelta(days=1)
PATIENCE = 1.0
"""Seconds that somebody is let wait for a list that was never read; Slack takes an answer for three."""
MOST_LISTS = 1000
MOST_READERS = 4
MOST_WAITING = 32
"""Lists being read at a time; beyond that, a Jira that does not answer would fill the memory with questions to it."""

type Key = tuple[str, ...]
type Listed = tuple[tuple[str, str], ...]
"""What is shown of each choice, and its value."""


class Choices:
    """Lists by key, shared by the threads of a process."""

    def __init__(self, readers: Executor | None = None) -> None:
        self._readers = readers or ThreadPoolExecutor(MOST_READERS, "choices")
        self._lock = threading.Lock()
        self._known = Memory[Key, Listed](KEPT, MOST_LISTS)
        self._reading: dict[Key, Future[Listed]] = {}

    def get(
        self, key: Key, read: Callable[[], Listed], now: datetime, *, patience: float = PATIENCE, old: bool = True
    ) -> Listed | None:  # fmt: skip
        """The list; None if it is not known and `read` does not tell it in time, or raises an `AdapterError`.

        `patience` is in seconds. `old` says whether a list may be offered that is more than a minute old; not where a
        person's rights are in it.
        """
        with self._lock:
            noted = self._known.get(key, now)
            if noted is not None and now - noted.at < FRESH:
                return noted.value
            reading = self._reading.get(key) or self._begin(key, read, now)
        if noted is not None and old:
            return noted.value
        if reading is None:
            return None
        try:
            return reading.result(patience)
        except (AdapterError, TimeoutError):
            return None

    def known(self, key: Key, now: datetime) -> Listed:
        """The list as it was last read; empty if it was not for a day."""
        noted = self._known.get(key, now)
        return () if noted is None else noted.value

    def _begin(self, key: Key, read: Callable[[], Listed], now: datetime) -> Future[Listed] | None:
        if len(self._reading) >= MOST_WAITING:
            return None
        begun: Future[Listed] = Future()
        self._reading[key] = begun
        self._readers.submit(self._read, key, read, now, begun).add_done_callback(_told)
        return begun

    def _read(self, key: Key, read: Callable[[], Listed], now: datetime, begun: Future[Listed]) -> None:
        try:
            found = read()
        except AdapterError as error:
            log.info("a list of choices was not read: %s", error)
            begun.set_exception(error)
        else:
            self._known.put(key, found, now)
            begun.set_result(found)
        finally:
            with self._lock:
                del self._reading[key]


def _told(done: Future[None]) -> None:
    error = done.exception()
    if error is not None:
        log.error("reading a list of choices broke", exc_info=error)
