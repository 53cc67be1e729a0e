"""The courier: takes the stand-ins' webhooks to connect, and what was not taken again, as the services do.

Slack and Jira repeat what was not answered, a few times within minutes or hours. Here it is every few seconds, and as
long as connect is away, so that nobody has to wait for it. GitHub repeats nothing: connect asks for what it missed.
https://docs.slack.dev/apis/events-api#retries
https://support.atlassian.com/jira/kb/webhook-retry-policy
"""

import threading
import time
from dataclasses import dataclass, replace
from typing import Any

from sandbox.playground import Playground
from sandbox.standin import Outgoing, StandIn, post

EVERY_SECONDS, AGAIN_SECONDS, MOST_REPEATS = 0.02, 3.0, 5
REPEATING = ("slack", "jira")


@dataclass(frozen=True)
class Waiting:
    """A webhook that was not taken, and when it is sent again."""

    outgoing: Outgoing
    at: float
    repeats: int


class Courier:
    """A thread for each stand-in."""

    def __init__(self, playground: Playground) -> None:
        self._playground = playground
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(standin,), daemon=True, name=f"{standin.service}-courier")
            for standin in playground.standins
        ]
        self.waiting: dict[str, list[Waiting]] = {standin.service: [] for standin in playground.standins}
        """What is sent again, by service."""
        self._sent: dict[str, set[bytes]] = {standin.service: set() for standin in playground.standins}
        self._taken: dict[str, set[bytes]] = {standin.service: set() for standin in playground.standins}
        self._repeats = 0

    def told(self) -> dict[str, Any]:
        """How many webhooks there were, how many of them connect has taken, and what it has not, by service."""
        missing = {name: len(sent - self._taken[name]) for name, sent in self._sent.items()}
        sent = sum(map(len, self._sent.values()))
        taken = sum(map(len, self._taken.values()))
        left = {name: count for name, count in missing.items() if count}
        return {"sent": sent, "taken": taken, "repeats": self._repeats, "missing": left}

    def start(self) -> None:
        """From now on the stand-ins tell connect what happens."""
        for standin in self._playground.standins:
            standin.target = self._playground.connect.url
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Send nothing more."""
        self._stopping.set()

    def join(self) -> None:
        """Wait until it has stopped."""
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout=12)

    def _run(self, standin: StandIn) -> None:
        while not self._stopping.wait(EVERY_SECONDS):
            now = time.monotonic()
            waiting = self.waiting[standin.service]
            due = [each for each in waiting if each.at <= now]
            waiting[:] = [each for each in waiting if each.at > now]
            for each in [*due, *(Waiting(outgoing, now, 0) for outgoing in standin.take())]:
                self._send(standin, each)

    def _send(self, standin: StandIn, each: Waiting) -> None:
        status = post(standin.target, each.outgoing)
        standin.sent.append((each.outgoing, status))
        self._count(standin.service, each.outgoing, status)
        standin.record()
        if _is_repeated(standin.service, status, each.repeats):
            again = _again(standin.service, each.outgoing, each.repeats + 1)
            self.waiting[standin.service].append(Waiting(again, time.monotonic() + AGAIN_SECONDS, each.repeats + 1))

    def _count(self, service: str, outgoing: Outgoing, status: int) -> None:
        again = outgoing.body in self._sent[service]
        self._sent[service].add(outgoing.body)
        if 200 <= status < 300:
            self._taken[service].add(outgoing.body)
            self._repeats += again


def _is_repeated(service: str, status: int, repeats: int) -> bool:
    """A refusal is repeated a few times; where nobody answers, somebody may start connect again later."""
    return service in REPEATING and not 200 <= status < 300 and (status == 0 or repeats < MOST_REPEATS)


def _again(service: str, outgoing: Outgoing, number: int) -> Outgoing:
    headers = (
        {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "connection_failed"}
        if service == "slack"
        else {"X-Atlassian-Webhook-Retry": str(number)}
    )
    sign = outgoing.sign

    def repeated(body: bytes) -> dict[str, str]:
        return sign(body) | headers

    return replace(outgoing, sign=repeated)
