"""Looks at what the panes show: once for everybody who watches, and only while somebody does.

Each pane is looked at in a thread of its own, so that one that takes its time delays none of the others.
"""

import threading
import traceback
from collections.abc import Callable, Generator, Mapping
from typing import Any

from sandbox.standin import compact

type Look = Callable[[], Any]


class Sampler:
    """The newest state of each pane, and who waits for the next."""

    def __init__(self, looks: Mapping[str, Look], every: float) -> None:
        self._looks = looks
        self._every = every
        self._news = threading.Condition()
        self._states: dict[str, tuple[int, bytes]] = {}
        """Each pane's state with the number of the change that made it."""
        self._changes = 0
        self._watching = threading.Event()
        self._stopped = threading.Event()
        self.watchers = 0

    def start(self) -> None:
        """Be ready to look."""
        for name, look in self._looks.items():
            threading.Thread(target=self._run, args=(name, look), daemon=True, name=f"look at {name}").start()

    def stop(self) -> None:
        """Look no more, and let everybody go who watches."""
        self._stopped.set()
        self._watching.set()
        with self._news:
            self._news.notify_all()

    def watch(self, alive: float) -> Generator[tuple[str, bytes] | None]:
        """Each pane's state now and whenever it has changed; None where nothing has for `alive` seconds."""
        told = dict.fromkeys(self._looks, 0)
        self._join()
        try:
            while not self._stopped.is_set():
                fresh = self._fresh(told, alive)
                for name, (change, state) in fresh.items():
                    told[name] = change
                    yield name, state
                if not fresh:
                    yield None
        finally:
            self._leave()

    def _fresh(self, told: Mapping[str, int], alive: float) -> dict[str, tuple[int, bytes]]:
        def fresh() -> dict[str, tuple[int, bytes]]:
            return {name: each for name, each in self._states.items() if each[0] > told[name]}

        with self._news:
            self._news.wait_for(lambda: self._stopped.is_set() or fresh(), alive)
            return fresh()

    def _join(self) -> None:
        with self._news:
            if self.watchers == 0:
                self._states.clear()  # nobody has looked since the last one left
            self.watchers += 1
            self._watching.set()

    def _leave(self) -> None:
        with self._news:
            self.watchers -= 1
            if self.watchers == 0 and not self._stopped.is_set():
                self._watching.clear()

    def _run(self, name: str, look: Look) -> None:
        while True:
            self._watching.wait()
            if self._stopped.wait(self._every if name in self._states else 0):
                return
            try:
                state = compact(look())
            except Exception:  # noqa: BLE001  # one pane's mistake is told in the terminal and spares the others
                traceback.print_exc()
                self._stopped.wait(1)
            else:
                self._publish(name, state)

    def _publish(self, name: str, state: bytes) -> None:
        with self._news:
            if name not in self._states or self._states[name][1] != state:
                self._changes += 1
                self._states[name] = self._changes, state
                self._news.notify_all()
