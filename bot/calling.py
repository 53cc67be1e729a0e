"""Making the calls: claim → look, if it may have been made before → perform → complete, retry later, or fail.

A call is made again only when it is sure that it had no effect, or when its marker was looked for twice and not found.
What is not known of a call stays so until something is found out: a look that fails says nothing about the call.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from adapters.errors import AdapterError, OutcomeUnknown, Rejected, Unauthorized, Unavailable, Unreachable
from bot import logs
from bot.ending import Ending, backoff
from bot.operations.base import NotYet, Operation
from bot.operations.registry import OPERATIONS
from bot.services import Services
from storage import integrations, lanes
from storage.engine import DatabaseUnavailable
from storage.integrations import Integration
from storage.models import IntegrationLog
from storage.turns import Place, Rounds

log = logging.getLogger(__name__)

MISSES = 2
"""How often a marker is looked for, apart in time, before the call is made again."""
CRASHES = 5
"""How often in a row a row may cost its worker's life before it is put aside; more than bad luck explains."""
_WORD: dict[type[AdapterError], str] = {
    OutcomeUnknown: "unknown", Unavailable: "postponed", Unreachable: "postponed", Unauthorized: "postponed",
}  # fmt: skip

type Take[T] = Callable[[Connection, Place, datetime], T | None]


def claim[T](services: Services, rounds: Rounds, usable: Callable[..., list[str]] | None, take: Take[T]) -> T | None:
    """Claim a row if one is due; the first look takes no write lock."""
    now = services.now()
    with services.database.read() as connection:
        if usable is None:
            places = rounds.due(connection, now)
        else:
            places = rounds.due(connection, now, lambda connection, names: usable(connection, names, now))
    for place in places:
        rounds.served(place)
        row = services.database.run(lambda connection, at=place: take(connection, at, now))
        if row is not None:
            return row
    return None


class Caller:
    """Makes one call at a time; with `suspects` also those that another worker did not come back from."""

    def __init__(self, services: Services, *, suspects: bool = True) -> None:
        self._services = services
        self._settings = services.settings
        self._suspects = suspects
        self._rounds = Rounds(IntegrationLog)
        self._ending = Ending(services)

    def step(self) -> bool:
        """Make one call that is due, or look whether it was made; False if none is due."""
        lease = self._settings.connect_lease_seconds

        def take(connection: Connection, place: Place, now: datetime) -> Integration | None:
            return integrations.claim(connection, place, now, lease, suspects=self._suspects)

        row = claim(self._services, self._rounds, integrations.usable, take)
        if row is None:
            return False
        self.make(row)
        return True

    def make(self, row: Integration) -> None:
        """Make a call that is claimed, or look whether it was made."""
        with logs.about(delivery=row.delivery_id, integration=row.id):
            self._guarded(row)

    def _guarded(self, row: Integration) -> None:
        try:
            allowed = self._ending.probe(row) if row.probe else row
            if allowed is not None:
                self._call(allowed)
        except DatabaseUnavailable as error:
            log.warning("%s", error)  # the lease runs out, and the outcome is looked up
        except Exception as error:
            log.exception("%s broke", row.operation)
            self._ending.broken(row, f"{type(error).__name__}: {error}")

    def _call(self, row: Integration) -> None:
        operation = OPERATIONS.get((row.target_service, row.operation))
        if operation is None:
            return self._ending.failed(row, Rejected(f"There is no operation {row.operation}."), sent_at=row.sent_at)
        if row.crashes >= CRASHES:
            reason = f"connect ended {row.crashes} times in a row while it was at this call."
            return self._ending.failed(row, OutcomeUnknown(reason), sent_at=row.sent_at)
        if row.sent_at is not None and not operation.idempotent:
            looked = self._look(operation, row)
            if looked is None:
                return None
            row = looked
        return self._send(operation, row)

    # --- the outcome of an earlier call is unknown -------------------------------------------------------------------

    def _look(self, operation: Operation, row: Integration) -> Integration | None:
        """Find the effect of the earlier call, if it is time; returns the row if the call is to be made once more."""
        if operation.find is None:
            reason = "It was sent once and no answer came; it cannot be looked up, so it is not sent again."
            self._ending.settled(row, "given_up")
            return self._ending.failed(row, Rejected(reason), sent_at=row.sent_at)
        settle, now = timedelta(seconds=self._settings.connect_settle_seconds), self._services.now()
        if row.sent_at is not None and now < row.sent_at + settle:
            return self._ending.unknown(row, row.sent_at + settle, "The outcome is unknown; looking it up.")
        lane = _looks(row)
        paused = self._ending.paused_until(lane)
        if paused is not None:
            return self._ending.unknown(row, paused, "The outcome is unknown; looking it up when it is allowed.")
        try:
            found = operation.find(self._services, row)
        except AdapterError as error:
            return self._look_failed(row, error)
        if found is not None:
            log.info("%s had its effect, found by its marker", row.operation)
            self._ending.settled(row, "found")
            return self._ending.completed(row, found)
        if row.misses + 1 < MISSES:
            later = self._services.now() + settle / 2
            return self._ending.unknown(row, later, "Not found yet; looking again.", misses=row.misses + 1)
        return self._again(row)

    def _again(self, row: Integration) -> Integration | None:
        """The row, to be sent once more from now on; None if its lease was lost."""
        now = self._services.now()
        if not self._services.database.run(lambda connection: integrations.leaves(connection, row, now)):
            return None
        log.info("%s had no effect, made again", row.operation)
        self._ending.settled(row, "resent")
        return replace(row, leaves_at=now, sent_at=None, misses=0)

    def _look_failed(self, row: Integration, error: AdapterError) -> None:
        log.warning("looking for %s: %s", row.operation, error)
        if isinstance(error, Rejected) and not isinstance(error, Unauthorized):
            return self._ending.failed(row, error, sent_at=row.sent_at)
        # A service that is away burns no attempts: giving up would leave the outcome unknown for ever.
        calm = timedelta(seconds=self._settings.connect_settle_seconds)
        return self._ending.put_off(
            row, error, _looks(row), at_least=calm, sent_at=row.sent_at, misses=row.misses, burn=False
        )

    # --- the call itself ---------------------------------------------------------------------------------------------

    def _send(self, operation: Operation, row: Integration) -> None:
        now = self._services.now()
        paused = self._services.watch.paused_until(row.lane, now)
        if paused is not None:  # another thread learned it after this row was claimed
            return self._ending.held(row, paused)
        if row.attempts > 1:
            self._services.metrics.retried(row.target_service, row.operation)
        begun = time.monotonic()
        try:
            effect = operation.perform(self._services, row)
        except NotYet as error:
            self._called(row, "postponed", begun)
            again = self._services.now() + timedelta(seconds=error.seconds)
            return self._ending.postpone(row, again, str(error), sent_at=None, burn=False)
        except AdapterError as error:
            self._called(row, _WORD.get(type(error), "failed"), begun)
            return self._judge(operation, row, error)
        self._called(row, "completed", begun)
        return self._ending.completed(row, effect)

    def _called(self, row: Integration, outcome: str, begun: float) -> None:
        self._services.metrics.called(row.target_service, row.operation, outcome, time.monotonic() - begun)

    def _judge(self, operation: Operation, row: Integration, error: AdapterError) -> None:
        """Decide what a call that did not succeed becomes: later, looked up, or failed."""
        log.warning("%s: %s", row.operation, error)
        if isinstance(error, OutcomeUnknown):
            return self._unsure(operation, row, error)
        if isinstance(error, Rejected) and not isinstance(error, Unauthorized):
            return self._ending.failed(row, error, sent_at=None)
        return self._ending.put_off(row, error, row.lane, sent_at=None, spent=self._spent(row))

    def _unsure(self, operation: Operation, row: Integration, error: OutcomeUnknown) -> None:
        sent_at = None if operation.idempotent else row.leaves_at
        if operation.idempotent:
            wait = backoff(self._settings, row.attempts)
        else:
            wait = timedelta(seconds=self._settings.connect_settle_seconds)
        self._ending.unsure(row, error, self._services.now() + wait, sent_at=sent_at, spent=self._spent(row))

    def _spent(self, row: Integration) -> bool:
        return row.attempts >= self._settings.connect_max_attempts


def _looks(row: Integration) -> str:
    """The lane of looks: reading has limits of its own."""
    return f"{lanes.service_of(row.lane)}:look"
