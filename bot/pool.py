"""The worker threads of one process: started, woken when there is work, stopped without leaving anything half done."""

import logging
import threading
import time
from collections.abc import Callable

from bot.bell import Bell
from bot.worker import Worker
from storage.deliveries import Claimed
from storage.engine import DatabaseUnavailable

log = logging.getLogger(__name__)

POLL_SECONDS = 0.5
"""How often a thread looks for what came due, or was accepted by another process."""


class Pool:
    """Some threads with a worker each; `make` is told whether it is the one that takes over after a crash."""

    def __init__(self, make: Callable[[bool], Worker], count: int, work: Bell[Claimed]) -> None:
        self._work = work
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(make(number == 1),), name=f"worker-{number}", daemon=True)
            for number in range(1, count + 1)
        ]

    def start(self) -> None:
        """Start the threads."""
        for thread in self._threads:
            thread.start()

    def stop(self, within: float) -> bool:
        """Take nothing new and wait for what is under way; False if something still was after `within` seconds.

        What is left comes due again by itself when its lease has run out, and is looked up before it is repeated.
        """
        self._stopping.set()
        self._work.ring(len(self._threads))
        deadline = time.monotonic() + within
        for thread in self._threads:
            thread.join(max(deadline - time.monotonic(), 0))
        return not any(thread.is_alive() for thread in self._threads)

    def _run(self, worker: Worker) -> None:
        given: Claimed | None = None
        while given is not None or not self._stopping.is_set():
            try:
                busy = worker.take(given) if given is not None else worker.step()
            except DatabaseUnavailable as error:
                log.warning("the worker waits: %s", error)
                busy = False
                self._stopping.wait(POLL_SECONDS)
            except Exception:
                log.exception("the worker goes on: its row comes due again when the lease has run out")
                busy = False
            given = self._work.handed() if busy or self._stopping.is_set() else self._work.wait(POLL_SECONDS)
