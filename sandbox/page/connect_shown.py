"""What connect did, as its own REST API tells; and what waits at its door while it is away."""

import time
from collections.abc import Callable
from typing import Any

import requests

from sandbox.page.courier import Courier
from sandbox.playground import Playground

type Json = dict[str, Any]
MOST_ROWS = 80
AGAIN_SECONDS, IDLE_SECONDS = 0.3, 2.0
SETTLED = ("completed", "ignored", "failed")


class Rows:
    """connect's newest deliveries and integrations, as it told them last: they stay while it is away.

    They are read again when something could have changed them, while some are not settled, and now and then.
    """

    def __init__(self, playground: Playground, courier: Courier, clock: Callable[[], float] = time.monotonic) -> None:
        self._playground = playground
        self._courier = courier
        self._clock = clock
        self._rows: Json = {"deliveries": [], "integrations": []}
        self._read_at = 0.0
        self._after = (-1, -1, False)
        self._answers = False

    def shown(self) -> Json:
        """Whether connect is up, its rows, and how many webhooks wait to be sent again."""
        connect = self._playground.connect
        if not connect.up:
            self._answers, self._after = False, (-1, -1, False)
        elif self._is_due():
            self._read()
        state = "down" if not connect.up else "up" if self._answers else "starting"
        waiting = {service: len(each) for service, each in self._courier.waiting.items() if each}
        return {"url": connect.url, "up": state == "up", "state": state, "waiting": waiting} | self._rows

    def _is_due(self) -> bool:
        passed = self._clock() - self._read_at
        if passed < AGAIN_SECONDS:
            return False
        return passed >= IDLE_SECONDS or self._after != self._happened() or self._is_unsettled()

    def _happened(self) -> tuple[int, int, bool]:
        standins = self._playground.standins
        return sum(len(each.sent) for each in standins), sum(len(each.calls) for each in standins), self._answers

    def _is_unsettled(self) -> bool:
        return any(row["status"] not in SETTLED for rows in self._rows.values() for row in rows)

    def _read(self) -> None:
        happened = self._happened()
        try:
            self._rows = {kind: self._of(kind) for kind in ("deliveries", "integrations")}
            self._answers = True
        except (requests.RequestException, ValueError, KeyError):  # it is starting, or is being killed right now
            self._answers = False
        self._after, self._read_at = happened, self._clock()

    def _of(self, kind: str) -> list[Json]:
        address = f"{self._playground.connect.url}/api/v1/{kind}"
        answer = requests.get(address, params={"limit": MOST_ROWS}, timeout=2)
        rows: list[Json] = answer.json()[kind]
        return rows
