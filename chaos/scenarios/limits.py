"""A service says "not so fast" about one lane: it is not asked again before the time is over, the others go on."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any

from chaos.arena import Arena, arena
from chaos.load import Load, paced
from chaos.measures import delays, percentile
from chaos.report import Row, Shown
from chaos.run import Run
from sandbox.broken import Fault
from sandbox.standin import Call, StandIn

RATE = 8.0
GRACE = 0.5
"""Seconds: what was under way when the first refusal left cannot know of it."""
NOISE = 0.3
"""Seconds by which two runs of the same load differ."""
KINDS = ("Slack message", "Jira comment", "Jira issue", "GitHub issue")

MIX = (*("Slack message", "Jira comment", "Jira issue") * 3, "GitHub issue")
"""What is asked for in turn: GitHub asks for a second between two creations."""


class Limit:
    """Refuses calls for some seconds from the first one on, and counts those that come before the time is over."""

    def __init__(self, fits: Callable[[Call], bool], seconds: int, *, date: bool) -> None:
        self.refused = self.early = 0
        self.headers: dict[str, str] = {}
        self._fits, self._seconds, self._date = fits, seconds, date
        self._begun = self._until = 0.0

    def refuses(self, call: Call) -> bool:
        """Whether this call is refused; called once for each that fits."""
        now = time.time()
        if not self._fits(call) or now >= self._until > 0:
            return False
        if not self._until:
            self._begun, self._until = now, float(int(now) + 1 + self._seconds)
            words = formatdate(self._until, usegmt=True) if self._date else str(int(self._until - now) + 1)
            self.headers["Retry-After"] = words
        self.early += now > self._begun + GRACE
        self.refused += 1
        return True


@dataclass(frozen=True)
class Case:
    """One limit: whose, on which operation, how it is said, and which events it holds up."""

    name: str
    service: str
    operation: str
    status: int
    body: dict[str, Any]
    kind: str
    channel: bool = False
    """One channel only."""
    date: bool = False


SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
SLACK_BODY: dict[str, Any] = {"ok": False, "error": "ratelimited"}
CASES = (
    Case("Slack 429 on a channel", "slack", "chat.postMessage", 429, SLACK_BODY, "Slack message", channel=True),
    Case("GitHub secondary limit", "github", "issues/create", 403, {"message": SECONDARY}, "GitHub issue"),
    Case("Jira 429, seconds", "jira", "createIssue", 429, {}, "Jira issue"),
    Case("Jira 503, date", "jira", "createIssue", 503, {}, "Jira issue", date=True),
)


def limits(run: Run) -> Iterator[Row]:
    """A run without a limit to compare with, then each limit."""
    seconds = run.of(15.0, 6.0)
    with arena(run, "limits") as world:
        load = Load(world, places=12)
        world.start(workers=2)
        _send(world, load, seconds)
        world.settle(60)
        usual = {kind: _p95(world, kind) for kind in KINDS}
        for case in CASES:
            world.forget_events()
            yield _play(world, load, case, seconds, usual)


def _play(world: Arena, load: Load, case: Case, seconds: float, usual: dict[str, float]) -> Row:
    standin: StandIn = next(one for one in world.standins if one.service == case.service)
    limited = load.channels[0]
    limit = Limit(lambda call: not case.channel or limited in str(call.body), world.run.of(6, 3), date=case.date)
    fault = Fault(
        case.operation, times=10**9, status=case.status, body=case.body, where=limit.refuses, headers=limit.headers
    )
    standin.faults.append(fault)
    _send(world, load, seconds)
    world.settle(60)
    standin.faults.remove(fault)
    shown = Shown()
    shown.must(limit.refused > 0 and not limit.early, f"{limit.early} early of {limit.refused} refused calls")
    lane = limited if case.channel else ""
    for kind in KINDS:
        if kind != case.kind or lane:
            now = _p95(world, kind, lane)
            ratio = now / max(usual[kind], 0.001)
            shown.must(now <= max(usual[kind] * 1.5, usual[kind] + NOISE), f"p95 of {kind} x{ratio:.1f}")
    return world.row(f"limits: {case.name}", shown)


def _send(world: Arena, load: Load, seconds: float) -> None:
    for number in paced(seconds, RATE):
        world.send(load.request(MIX[number % len(MIX)], number % 11))


def _p95(world: Arena, kind: str, without_lane: str = "") -> float:
    chosen = [
        event for event in world.events if event.outgoing.description == kind and event.lane != without_lane
    ]  # fmt: skip
    return percentile(delays(world, chosen), 0.95)
