"""What connect counts and times of itself, for `GET /metrics`.

Every series that there can be is laid out at the start, so no channel, repository or id can ever become a label, and a
counter that has not counted yet says 0. A label that is not known is counted as `other`. Counting never fails.
"""

import hashlib
import itertools
import logging
import os
import tempfile
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bot.cells import Cells

log = logging.getLogger(__name__)

OTHER = "other"
SERVICES = ("slack", "jira", "github")
DOORS = (
    "slack.events", "webhooks.webhooks", "health.health", "metrics.metrics", "api.create", "api.listing", "api.one",
    "api.retry", "api.replay", "api.subscribe", "api.resubscribe", "api.unsubscribe",
    "oauth.start", "oauth.go", "oauth.callback", "api.name", "api.forget",
)  # fmt: skip
"""Flask's endpoints."""
METHODS = ("GET", "POST", "PATCH", "DELETE")
STATUSES = ("2xx", "3xx", "4xx", "5xx")
SHORT = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""In seconds: what one request or call takes."""
LONG = (0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600)
"""In seconds: what lies between accepting something and its effect, an outage in between included."""

type Labels = tuple[str, ...]


@dataclass(frozen=True)
class Family:
    """A counter, or with `buckets` a histogram of seconds, in all its series."""

    name: str
    help: str
    labels: Labels
    series: frozenset[Labels]
    buckets: tuple[float, ...] = ()
    sparse: bool = False
    """Too many series to show those that have not counted yet."""

    @property
    def width(self) -> int:
        """The cells of one series: one, or one for each bucket, for what is above them all, and for the sum."""
        return len(self.buckets) + 2 if self.buckets else 1


@dataclass(frozen=True)
class Reading:
    """A family with the cells of each series to be shown, summed over all processes."""

    family: Family
    cells: Mapping[Labels, list[float]]


class _Meter:
    """A family and where its series are."""

    def __init__(self, family: Family, cells: Cells, first: int) -> None:
        self.family, self._cells = family, cells
        self.places = {labels: first + at * family.width for at, labels in enumerate(sorted(family.series))}
        self._known = [set(values) for values in zip(*family.series, strict=True)]

    def count(self, *labels: str) -> None:
        self._cells.add((self._place(labels), 1.0))

    def observe(self, seconds: float, *labels: str) -> None:
        place, taken = self._place(labels), max(0.0, seconds)
        bucket = bisect_left(self.family.buckets, taken)
        self._cells.add((place + bucket, 1.0), (place + self.family.width - 1, taken))

    def _place(self, labels: Labels) -> int:
        found = self.places.get(labels)
        if found is not None:
            return found
        near = tuple(label if label in known else OTHER for label, known in zip(labels, self._known, strict=True))
        return self.places.get(near, self.places[(OTHER,) * len(near)])


class Metrics:
    """The counters of one process, or of all that are given the same folder; cheap, and safe in many threads.

    `operations` are the outside calls that there are, as (service, operation).
    """

    def __init__(self, operations: Iterable[tuple[str, str]], folder: Path | None = None) -> None:
        families = _families(frozenset(operations))
        layout = repr([(family.name, sorted(family.series), family.buckets) for family in families])
        kind = hashlib.sha256(layout.encode()).hexdigest()[:12]
        sizes = [len(family.series) * family.width for family in families]
        self._cells = Cells(sum(sizes), kind, folder)
        starts = itertools.accumulate(sizes, initial=0)
        self._meters = [_Meter(family, self._cells, first) for family, first in zip(families, starts, strict=False)]
        (self._accepted, self._planned, self._called, self._settled, self._retried, self._paused, self._requested,
         self._effect_seconds, self._call_seconds, self._request_seconds) = self._meters  # fmt: skip
        if self._cells.problem:
            log.warning("metrics: this process counts for itself alone: %s", self._cells.problem)

    @property
    def shared(self) -> bool:
        """Whether the numbers are those of all processes with the same folder."""
        return self._cells.shared

    def accepted(self, service: str, *, new: bool) -> None:
        """A delivery was answered 2xx; `new` unless it was stored before."""
        self._accepted.count(service, "new" if new else "known")

    def planned(self, service: str, outcome: str) -> None:
        """A delivery was read: completed, ignored, failed or postponed."""
        self._planned.count(service, outcome)

    def called(self, service: str, operation: str, outcome: str, seconds: float) -> None:
        """An outside call ended: completed, failed, postponed (surely without effect) or unknown."""
        self._called.count(service, operation, outcome)
        self._call_seconds.observe(seconds, service, operation)

    def settled(self, service: str, operation: str, how: str) -> None:
        """It was found out what came of an unknown outcome: found, echo, resent or given_up."""
        self._settled.count(service, operation, how)

    def retried(self, service: str, operation: str) -> None:
        """A call was made that had been made before, or tried."""
        self._retried.count(service, operation)

    def paused(self, service: str, reason: str) -> None:
        """A lane was paused: rate_limit, unauthorized or unreachable."""
        self._paused.count(service.partition("@")[0], reason)

    def effect(self, service: str, seconds: float) -> None:
        """Something had its effect in `service`, this long after it was accepted."""
        self._effect_seconds.observe(seconds, service)

    def requested(self, door: str, method: str, status: int, seconds: float) -> None:
        """A request was answered; `door` is Flask's endpoint."""
        self._requested.count(door, method, f"{status // 100}xx")
        self._request_seconds.observe(seconds, door)

    def flush(self) -> None:
        """Let the other processes see now what was counted; by itself that takes a moment."""
        self._cells.flush()

    def readings(self) -> list[Reading]:
        """Everything as it stands now."""
        cells = self._cells.sums()
        return [_reading(meter, cells) for meter in self._meters]


def _reading(meter: _Meter, cells: list[float]) -> Reading:
    width = meter.family.width
    found = {labels: cells[place : place + width] for labels, place in meter.places.items()}
    quiet = {labels for labels in found if meter.family.sparse or OTHER in labels}
    return Reading(meter.family, {labels: row for labels, row in found.items() if any(row) or labels not in quiet})


def _families(operations: frozenset[tuple[str, str]]) -> list[Family]:
    calls = [*operations, *((service, OTHER) for service in (*SERVICES, OTHER))]
    services, doors = [(service,) for service in (*SERVICES, OTHER)], [(door,) for door in (*DOORS, OTHER)]
    return [
        Family("connect_deliveries_accepted", "Deliveries that were answered 2xx, new or known already.",
               ("service", "outcome"), _each(services, ("new", "known"))),
        Family("connect_deliveries_planned", "Deliveries that were read, and what became of them.",
               ("service", "outcome"), _each(services, ("completed", "ignored", "failed", "postponed"))),
        Family("connect_calls", "Calls to other services, and how they ended; unknown ones are looked up.",
               ("service", "operation", "outcome"), _each(calls, ("completed", "failed", "postponed", "unknown"))),
        Family("connect_calls_settled", "Calls with an unknown outcome, and how it was settled.",
               ("service", "operation", "how"), _each(calls, ("found", "echo", "resent", "given_up"))),
        Family("connect_calls_retried", "Calls that had been tried before.",
               ("service", "operation"), _each(calls)),
        Family("connect_lane_pauses", "How often the calls to a service, or a part of them, were held back.",
               ("service", "reason"), _each(services, ("rate_limit", "unauthorized", "unreachable"))),
        Family("connect_http_requests", "Requests answered, by Flask's endpoint.",
               ("door", "method", "status"), _each(doors, METHODS, STATUSES), sparse=True),
        Family("connect_effect_seconds", "From accepting something to its effect in another service.",
               ("service",), _each(services), LONG),
        Family("connect_call_seconds", "How long calls to other services took.",
               ("service", "operation"), _each(calls), SHORT, sparse=True),
        Family("connect_http_request_seconds", "How long requests took to answer.",
               ("door",), _each(doors), SHORT, sparse=True),
    ]  # fmt: skip


def _each(first: Iterable[Labels], *others: Iterable[str]) -> frozenset[Labels]:
    """Every combination; each further label may be `other` as well."""
    rest = [(*values, OTHER) for values in others]
    return frozenset((*begin, *end) for begin, end in itertools.product(first, itertools.product(*rest)))


def shared_folder(database_url: str) -> Path:
    """Where the processes of this user that share a database share their numbers; one folder for each machine."""
    url = urlsplit(database_url)
    if url.scheme == "sqlite":
        place = str(Path(url.path[1:]).resolve())
    else:
        place = f"{url.netloc.rpartition('@')[2]}{url.path}"  # the password may change
    name = hashlib.sha256(place.encode()).hexdigest()[:12]
    try:
        above = Path(tempfile.gettempdir())
    except FileNotFoundError:
        above = Path("/tmp")  # noqa: S108 - no such folder can be written to, and the attempt says so in the log
    return above / f"connect-{os.geteuid()}-{name}"
