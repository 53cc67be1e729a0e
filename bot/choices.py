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
        self._known: dict[Key, tuple[datetime, Listed]] = {}
        self._reading: dict[Key, Future[Listed]] = {}

    def get(self, key: Key, read: Callable[[], Listed], now: datetime) -> Listed | None:
        """The list; None if it is not known and `read` does not tell it in time, or raises an `AdapterError`."""
        with self._lock:
            at, known = self._known.get(key, (now, None))
            if known is not None and now - at < FRESH:
                return known
            reading = self._reading.get(key) or self._begin(key, read, now)
        if known is not None or reading is None:
            return known
        try:
            return reading.result(PATIENCE)
        except (AdapterError, TimeoutError):
            return None

    def known(self, key: Key) -> Listed:
        """The list as it was last read; empty if it never was."""
        with self._lock:
            return self._known.get(key, (None, ()))[1]

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
            self._note(key, found, now)
            begun.set_result(found)
        finally:
            with self._lock:
                del self._reading[key]

    def _note(self, key: Key, found: Listed, now: datetime) -> None:
        with self._lock:
            self._known.pop(key, None)
            self._known[key] = (now, found)
            for old in [name for name, (at, _) in self._known.items() if now - at > KEPT]:
                del self._known[old]
            while len(self._known) > MOST_LISTS:
                del self._known[next(iter(self._known))]


def _told(done: Future[None]) -> None:
    error = done.exception()
    if error is not None:
        log.error("reading a list of choices broke", exc_info=error)
