"""How a claim ends: the row's new state, what follows from it, and what it says of its lane and its service.

All of it is written in one transaction by whoever holds the row's lease; who lost the lease writes nothing of the row.
"""

import logging
import random
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from adapters.errors import AdapterError, OutcomeUnknown, Unauthorized, Unavailable, Unreachable
from bot.flows import outcomes
from bot.flows.away import FEW, NAMES, named
from bot.flows.ends import end, store
from bot.lanes import interval
from bot.modals.waiting import Wait
from bot.operations import ping
from bot.operations.base import Effect
from bot.retry import delay
from bot.services import Services
from bot.settings import Settings
from storage import integrations, lanes
from storage.integrations import Integration, NewIntegration

log = logging.getLogger(__name__)

POISON_ATTEMPTS = 3
"""How often a row may break before it is put aside: a bug does not go away by waiting."""
PATIENT_ATTEMPTS = 3
"""So often a call is tried, seconds apart, before whoever waits is told that it takes a while."""
LONGEST_WAIT = timedelta(days=1)
"""What a service may ask for at most."""
ONE_METHOD = frozenset({"missing_scope"})
"""Refusals of the credentials that concern one method, not the service."""

type Write = Callable[[Connection, datetime], None]


class Ending:
    """Writes the end of claims."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._settings = services.settings
        self._watch = services.watch

    def completed(self, row: Integration, effect: Effect) -> None:
        """The call had its effect."""
        consequences = outcomes.completed(row, effect.data)
        ended: list[bool] = []

        def write(connection: Connection, now: datetime) -> None:
            ended[:] = [end(connection, row, effect, consequences, now)]

        self._run(write)
        log.info("%s %s %s", row.operation, "done" if ended[0] else "done, noted late", effect.remote_id)
        if ended[0]:
            taken = self._services.now() - row.accepted_at
            self._services.metrics.effect(row.target_service, taken.total_seconds())
        self._services.work.ring(len(consequences.integrations) - 1)

    def failed(self, row: Integration, error: AdapterError, *, sent_at: datetime | None) -> None:
        """The call is made no more."""
        self._run(lambda connection, now: self._end_failed(connection, row, error, sent_at, now))
        self._services.work.ring()

    def _end_failed(
        self, connection: Connection, row: Integration, error: AdapterError, sent_at: datetime | None, now: datetime
    ) -> None:
        if integrations.fail(connection, row, str(error)[:2000], now, sent_at=sent_at):
            store(connection, row, outcomes.failed(row, error), now)

    def settled(self, row: Integration, how: str) -> None:
        """Note how an unknown outcome became known: `found`, `resent`, `given_up`."""
        self._services.metrics.settled(row.target_service, row.operation, how)

    def unknown(self, row: Integration, due_at: datetime, why: str, misses: int | None = None) -> None:
        """What is unknown of the call stays so; look at `due_at`."""
        count = row.misses if misses is None else misses
        self.postpone(row, due_at, why, sent_at=row.sent_at, misses=count, burn=False)

    def unsure(
        self, row: Integration, error: OutcomeUnknown, due_at: datetime, *, sent_at: datetime | None, spent: bool
    ) -> None:
        """No answer came that says what became of the call; `spent` says that there is no further attempt for it."""
        away = self._is_away(row, error)
        wait = _bounded(error.retry_after)

        def write(connection: Connection, now: datetime) -> None:
            later = max(due_at, now + wait)
            if spent and not away:
                self._end_failed(connection, row, error, sent_at, now)
            else:
                why = str(error)[:2000]
                integrations.postpone(connection, row, later, why, now, sent_at=sent_at, burn=not away)
                self._tell(connection, row, now, wait, away=away)
            if wait:
                self._pause(connection, row.lane, now + wait, str(error), now)

        self._leave_alone(row, error, write) if away else self._run(write)

    def put_off(
        self, row: Integration, error: AdapterError, lane: str, *, sent_at: datetime | None,
        at_least: timedelta = timedelta(0), misses: int = 0, burn: bool = True, spent: bool = False,
    ) -> None:  # fmt: skip
        """The service did nothing: try again when it may be asked again, or fail if the call's attempts are `spent`.

        An attempt is counted only where it is the call that is put off, and not the service that is away.
        """
        asked = self._asked(error)
        if asked:

            def when_asked(connection: Connection, now: datetime) -> None:
                self._postpone(connection, row, error, now + max(at_least, asked), sent_at, misses)
                self._tell(connection, row, now, asked)
                self._pause(connection, lane, now + asked, str(error), now)

            return self._run(when_asked)
        away = self._is_away(row, error)
        if spent and not away:
            return self.failed(row, error, sent_at=sent_at)
        # Where the service is away its pause holds the row back, which is then as good a probe as any other.
        wait = timedelta(0) if away else backoff(self._settings, row.attempts)

        def later(connection: Connection, now: datetime) -> None:
            self._postpone(connection, row, error, now + max(at_least, wait), sent_at, misses, burn=burn and not away)
            self._tell(connection, row, now, away=away)

        return self._leave_alone(row, error, later) if away else self._run(later)

    def held(self, row: Integration, until: datetime) -> None:
        """Give back a row whose lane was paused after it was claimed."""

        def write(connection: Connection, now: datetime) -> None:
            why = "The service asked to wait."
            integrations.postpone(connection, row, until, why, now, sent_at=None, burn=False)
            self._tell(connection, row, now, until - now)

        self._run(write)

    def postpone(
        self, row: Integration, due_at: datetime, why: str, *, sent_at: datetime | None, misses: int = 0,
        burn: bool = True,
    ) -> None:  # fmt: skip
        """Give the row back until then."""

        def write(connection: Connection, now: datetime) -> None:
            integrations.postpone(connection, row, due_at, why[:2000], now, sent_at=sent_at, misses=misses, burn=burn)

        self._run(write)

    def broken(self, row: Integration, why: str) -> None:
        """A bug of ours, before the call, in it, or after it: whether it had its effect is not known."""
        sent_at = row.sent_at or row.leaves_at
        if row.attempts >= POISON_ATTEMPTS:
            return self.failed(row, OutcomeUnknown(why), sent_at=sent_at)
        settle = timedelta(seconds=self._settings.connect_settle_seconds)
        return self.postpone(row, self._services.now() + settle, why, sent_at=sent_at)

    def paused_until(self, lane: str) -> datetime | None:
        """Until when a lane is paused, for this process or any other; None if it is open."""
        now = self._services.now()
        with self._services.database.read() as connection:
            state = lanes.closed(connection, (lane,), now).get(lane)
        return state.until if state is not None and state.until > now else None

    # --- what it says of the service ---------------------------------------------------------------------------------

    def probe(self, row: Integration) -> Integration | None:
        """Ask the suspected service whether it is there; returns the row if its call can be made, None if not."""
        service = lanes.service_of(row.lane)
        error = ping.away(self._services, service)
        if error is not None:

            def later(connection: Connection, now: datetime) -> None:
                self._postpone(connection, row, error, now, row.sent_at, row.misses)
                self._tell(connection, row, now, away=True)

            self._leave_alone(row, error, later)
            return None
        self._services.database.run(lambda connection: lanes.trust(connection, service, self._services.now()))
        log.info("%s is back", service)
        self._services.work.ring(self._settings.connect_workers)
        return replace(row, probe=False)

    def _is_away(self, row: Integration, error: AdapterError) -> bool:
        """Whether it is the service that is away, not this one call that has no luck."""
        if isinstance(error, Unauthorized | Unreachable):
            return True
        service = lanes.service_of(row.lane)
        if not self._watch.may_ask(service, time.monotonic()):
            return False
        return ping.away(self._services, service) is not None

    def _leave_alone(self, row: Integration, error: AdapterError, write: Write) -> None:
        """Pause the service as a whole, until a probe is answered."""
        service, base = lanes.service_of(row.lane), self._settings.connect_retry_base_seconds

        def both(connection: Connection, now: datetime) -> None:
            write(connection, now)
            until = lanes.suspect(connection, service, str(error), now, lambda n: interval(n, base), probe=row.probe)
            self._watch.pause(service, until)

        log.warning("%s is away: %s", service, error)
        self._services.metrics.paused(service, "unauthorized" if isinstance(error, Unauthorized) else "unreachable")
        self._run(both)

    def _run(self, write: Write) -> None:
        self._services.database.run(lambda connection: write(connection, self._services.now()))

    def _pause(self, connection: Connection, lane: str, until: datetime, reason: str, now: datetime) -> None:
        self._watch.pause(lane, until)
        self._services.metrics.paused(lanes.service_of(lane), "rate_limit")
        lanes.pause(connection, lane, until, reason, now)
        _warn(connection, integrations.waiting(connection, lane=lane), now)

    def _tell(
        self, connection: Connection, row: Integration, now: datetime, asked: timedelta = timedelta(0), *,
        away: bool = False,
    ) -> None:  # fmt: skip
        """Let whoever waits for the call know why it takes a while."""
        soon = not away and asked <= FEW and row.attempts < PATIENT_ATTEMPTS
        wait = Wait(named(row.lane), now + asked if asked and not away else None, soon)
        store(connection, row, outcomes.put_off(row, wait), now)

    def _postpone(
        self, connection: Connection, row: Integration, error: AdapterError, due_at: datetime, sent_at: datetime | None,
        misses: int, *, burn: bool = False,
    ) -> None:  # fmt: skip
        now = self._services.now()
        why = str(error)[:2000]
        integrations.postpone(connection, row, due_at, why, now, sent_at=sent_at, misses=misses, burn=burn)

    def _asked(self, error: AdapterError) -> timedelta:
        """How long the service wants this lane to rest, if it says so."""
        if isinstance(error, Unauthorized):
            return timedelta(seconds=self._settings.connect_retry_max_seconds if error.code in ONE_METHOD else 0)
        return _bounded(error.retry_after) if isinstance(error, Unavailable) else timedelta(0)


def warn(connection: Connection, planned: Collection[NewIntegration], now: datetime) -> None:
    """Tell whoever waits for calls that were just planned, as far as these cannot be made yet."""
    keys = [new.key for new in planned if new.urgent and new.target_service in NAMES]
    if keys:
        _warn(connection, integrations.waiting(connection, keys=keys), now)


def _warn(connection: Connection, rows: Iterable[Integration], now: datetime) -> None:
    for row in rows:
        store(connection, row, outcomes.warned(connection, row, now), now)


def _bounded(seconds: float | None) -> timedelta:
    return timedelta(seconds=min(seconds or 0.0, LONGEST_WAIT.total_seconds()))


def backoff(settings: Settings, attempts: int) -> timedelta:
    """How long to wait before the next try."""
    return delay(attempts, settings.connect_retry_base_seconds, settings.connect_retry_max_seconds, random.random())  # noqa: S311
