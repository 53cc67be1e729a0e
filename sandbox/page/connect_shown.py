"""What connect did, as its own REST API tells; and what waits at its door while it is away."""

import time
from collections.abc import Callable
from typing import Any

import requests

from sandbox.page.courier import Courier
from sandbox.page.offers import offers
from sandbox.page.tally import tally
from sandbox.playground import Playground

type Json = dict[str, Any]
MOST_ROWS = 80
AGAIN_SECONDS, IDLE_SECONDS = 0.3, 2.0
KINDS = ("deliveries", "integrations")
WORDS = {"waiting": "pending", "done": "completed", "failed": "failed"}


class Rows:
    """connect's newest deliveries and integrations, as it told them last: they stay while it is away.

    They are read again when something could have changed them, while some are not settled, and now and then.
    """

    def __init__(self, playground: Playground, courier: Courier, clock: Callable[[], float] = time.monotonic) -> None:
        self._playground = playground
        self._courier = courier
        self._clock = clock
        self._rows: Json = {"deliveries": [], "integrations": [], "totals": {}, "paused": []}
        self._read_at = 0.0
        self._after = (-1, -1, False)
        self._answers = False
        self._counted: tuple[int, Json] = -1, {}
        """The tally, and how many calls had been made by then."""

    def shown(self) -> Json:
        """Whether connect is up, its rows, what of the webhooks it has taken, and what it has made of them."""
        connect = self._playground.connect
        if not connect.up:
            self._answers, self._after = False, (-1, -1, False)
        elif self._is_due():
            self._read()
        state = "down" if not connect.up else "up" if self._answers else "starting"
        told = {"webhooks": self._courier.told(), "made": self._tally(), "offers": offers(self._playground)}
        return {"url": connect.url, "up": state == "up", "state": state} | told | self._rows

    def _tally(self) -> Json:
        calls = sum(len(each.calls) for each in self._playground.standins)
        if calls != self._counted[0]:
            self._counted = calls, tally(self._playground)
        return self._counted[1]

    def _is_due(self) -> bool:
        passed = self._clock() - self._read_at
        if passed < AGAIN_SECONDS:
            return False
        return passed >= IDLE_SECONDS or self._after != self._happened() or self._is_unsettled()

    def _happened(self) -> tuple[int, int, bool]:
        standins = self._playground.standins
        return sum(len(each.sent) for each in standins), sum(len(each.calls) for each in standins), self._answers

    def _is_unsettled(self) -> bool:
        return any(row["status"] == "pending" for kind in KINDS for row in self._rows[kind]) or bool(
            self._rows["paused"]
        )

    def _read(self) -> None:
        happened = self._happened()
        try:
            self._rows = self._asked()
            self._answers = True
        except (requests.RequestException, ValueError, KeyError):  # it is starting, or is being killed right now
            self._answers = False
        self._after, self._read_at = happened, self._clock()

    def _asked(self) -> Json:
        pages = {kind: self._get(f"api/v1/{kind}", limit=MOST_ROWS) for kind in KINDS}
        totals = {
            word: self._get("api/v1/integrations", limit=1, status=status)["total"] for word, status in WORDS.items()
        }
        totals["accepted"] = pages["deliveries"]["total"]
        rows = {kind: [_slim(row) for row in page[kind]] for kind, page in pages.items()}
        return {**rows, "totals": totals, "paused": self._get("health")["paused"]}

    def _get(self, path: str, **query: Any) -> Json:
        answer = requests.get(f"{self._playground.connect.url}/{path}", params=query, timeout=2)
        told: Json = answer.json()
        return told


def _slim(row: Json) -> Json:
    """Without what is only of interest where somebody opens the row."""
    return {name: value for name, value in row.items() if name not in ("payload", "marker")}
