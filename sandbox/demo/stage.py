"""The stage: three stand-ins, connect between them, and how a step is played and seen.

`act` says what somebody does; `see` waits until its far end shows it, which is what makes a step count.
"""

import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from sandbox.demo.screen import Line, Panel, Screen
from sandbox.playground import Playground
from sandbox.slack.wire import Json

POLL_SECONDS = 0.02


class NotSeen(Exception):
    """A step's far end does not show what it should; the screen has said so already."""


class Stage(Playground):
    """Everything a chapter works with; `patience` is how long a step may take, in seconds."""

    def __init__(self, screen: Screen, folder: Path, settings: Mapping[str, str], patience: float) -> None:
        super().__init__(folder, settings)
        self.screen = screen
        self.patience = patience
        self.steps = {"seen": 0, "missed": 0}
        self.began = self._since = time.monotonic()

    @contextmanager
    def services(self) -> Generator[None]:
        """Let the stand-ins send their webhooks to connect; at the end they are gone."""
        stop = threading.Event()
        threads = [standin.deliver(stop, POLL_SECONDS) for standin in self.standins]
        for standin in self.standins:
            standin.target = self.connect.url
        try:
            yield
        finally:
            stop.set()
            for thread in threads:
                thread.join()
            self.close()

    # --- steps -------------------------------------------------------------------------------------------------------

    def act(self, sentence: str) -> None:
        """Say what somebody does; what is seen next is timed from here."""
        self.screen.act(sentence)
        self._since = time.monotonic()

    def see[T](
        self, expected: str, look: Callable[[], T | None], *panels: Callable[[], Panel], brief: bool = False
    ) -> T:
        """Wait until `look` finds something, say so and show the panels (if `brief`, only where it is not found).

        Raises `NotSeen` if it finds nothing in time, and `ConnectEnded` if connect is gone.
        """
        deadline = time.monotonic() + self.patience
        while not (found := look()):
            self.connect.check()
            if time.monotonic() > deadline:
                self._missed(expected, panels)
                raise NotSeen(expected)
            time.sleep(POLL_SECONDS)
        self.steps["seen"] += 1
        self.screen.seen(expected, time.monotonic() - self._since)
        for panel in () if brief else panels:
            self.screen.panel(panel())
        return found

    def fail(self, what: str) -> None:
        """Count a step that could not even be played."""
        self.steps["missed"] += 1
        self.screen.missed(what, time.monotonic() - self._since)

    def _missed(self, expected: str, panels: tuple[Callable[[], Panel], ...]) -> None:
        self.fail(f"expected: {expected}")
        self.screen.line("    There is:")
        for panel in panels:
            self.screen.panel(panel())
        refused = [
            Line(f"{outgoing.description}: {status or 'no answer'}", "bad", standin.service)
            for standin in self.standins
            for outgoing, status in standin.sent[-1:]
            if status >= requests.codes.bad_request or not status
        ]
        if refused:
            self.screen.panel(Panel("Webhooks that connect did not take", refused))

    # --- connect's own pages -----------------------------------------------------------------------------------------

    def rows(self, kind: str, **filters: str) -> list[Json]:
        """Rows that the REST API lists, oldest first."""
        query = {"limit": "500", **filters}
        answer = requests.get(f"{self.connect.url}/api/v1/{kind}", params=query, timeout=5)
        return list(reversed(answer.json()[kind]))

    def at_rest(self) -> bool:
        """Whether connect has nothing left to do."""
        backlog: dict[str, Any] = requests.get(f"{self.connect.url}/health", timeout=5).json()["backlog"]
        return not backlog["deliveries"] and not backlog["integrations"]

    # --- looking around in Slack -------------------------------------------------------------------------------------

    def said(self, channel: str, *words: str) -> Json | None:
        """The newest message that stands in a channel itself, by anybody, with all these words."""
        return _newest(self.slack.history(channel), words)

    def card(self, channel: str, *words: str) -> Json | None:
        """The newest message of connect's that stands in a channel itself and shows all these words."""
        return _newest([each for each in self.slack.history(channel) if each.get("bot_id")], words)

    def told(self, user: str, *words: str) -> Json | None:
        """The newest message that one person alone sees, if it shows all these words."""
        return _newest(self.slack.ephemeral(user)[-1:], words)

    def reply(self, channel: str, thread_ts: str, *words: str) -> Json | None:
        """The newest message of connect's in a thread that shows all these words."""
        return _newest([each for each in self.slack.thread(channel, thread_ts)[1:] if each.get("bot_id")], words)


def _newest(messages: list[Json], words: tuple[str, ...]) -> Json | None:
    shown = [each for each in messages if all(word in f"{each['text']} {each.get('blocks')}" for word in words)]
    return shown[-1] if shown else None
