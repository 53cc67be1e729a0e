"""Making the calls: claim → look, if it may have been made before → perform → complete, retry later, or fail.

A call is made again only when it is sure that it had no effect, or when its marker was looked for twice and not found.
What is not known of a call stays so until something is found out: a look that fails says nothing about the call.
"""

import logging
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from adapters.errors import AdapterError, OutcomeUnknown, Rejected, Unauthorized, Unavailable
from bot.flows import outcomes
from bot.flows.ends import end, store
from bot.operations.base import Effect, Operation
from bot.operations.registry import OPERATIONS
from bot.retry import delay
from bot.services import Services
from storage import integrations
from storage.engine import DatabaseUnavailable
from storage.integrations import Integration

log = logging.getLogger(__name__)

MISSES = 2
"""How often a marker is looked for, apart in time, before the call is made again."""
POISON_ATTEMPTS = 3
"""How often a row may break before it is put aside: a bug does not go away by waiting."""
LONGEST_WAIT = timedelta(days=1)
"""What a service may ask for at most."""

type Take[T] = Callable[[Session, datetime], T | None]


def claim[T](services: Services, any_due: Callable[[Session, datetime], bool], take: Take[T]) -> T | None:
    """Claim a row if one is due; the first look takes no write lock."""
    now = services.now()
    with services.database.read() as session:
        if not any_due(session, now):
            return None
    return services.database.run(lambda session: take(session, now))


def backoff(services: Services, attempts: int) -> timedelta:
    """How long to wait before the next try."""
    settings = services.settings
    return delay(attempts, settings.connect_retry_base_seconds, settings.connect_retry_max_seconds, random.random())  # noqa: S311


class Caller:
    """Makes one call at a time."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._settings = services.settings

    def step(self) -> bool:
        """Make one call that is due, or look whether it was made; False if none is due."""
        lease = self._settings.connect_lease_seconds
        row = claim(self._services, integrations.any_due, lambda session, now: integrations.claim(session, now, lease))
        if row is None:
            return False
        try:
            self._call(row)
        except DatabaseUnavailable as error:
            log.warning("integration %s: %s", row.id, error)  # the lease runs out, and the outcome is looked up
        except Exception as error:
            log.exception("integration %s: %s broke", row.id, row.operation)
            self._broken(row, f"{type(error).__name__}: {error}")
        return True

    def _call(self, row: Integration) -> None:
        operation = OPERATIONS.get((row.target_service, row.operation))
        if operation is None:
            return self._failed(row, Rejected(f"There is no operation {row.operation}."), sent_at=row.sent_at)
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
            return self._failed(row, Rejected(reason), sent_at=row.sent_at)
        settle = timedelta(seconds=self._settings.connect_settle_seconds)
        if row.sent_at is not None and self._services.now() < row.sent_at + settle:
            return self._unknown(row, row.sent_at + settle, "The outcome is unknown; looking it up.", row.misses)
        try:
            found = operation.find(self._services, row)
        except AdapterError as error:
            return self._look_failed(row, error)
        if found is not None:
            log.info("integration %s: %s had its effect, found by its marker", row.id, row.operation)
            return self._completed(row, found)
        if row.misses + 1 < MISSES:
            return self._unknown(
                row, self._services.now() + settle / 2, "Not found yet; looking again.", row.misses + 1
            )
        now = self._services.now()
        if not self._services.database.run(lambda session: integrations.leaves(session, row, now)):
            return None
        log.info("integration %s: %s had no effect, made again", row.id, row.operation)
        return replace(row, leaves_at=now, sent_at=None, misses=0)

    def _look_failed(self, row: Integration, error: AdapterError) -> None:
        log.warning("integration %s: looking for %s: %s", row.id, row.operation, error)
        if isinstance(error, Unauthorized):
            return self._unknown(row, self._services.now() + self._revoked(), str(error), row.misses)
        if isinstance(error, Rejected):
            return self._failed(row, error, sent_at=row.sent_at)
        # A service that is away burns no attempts: giving up would leave the outcome unknown for ever.
        calm = max(self._wait(row, error), timedelta(seconds=self._settings.connect_settle_seconds))
        return self._unknown(row, self._services.now() + calm, str(error), row.misses)

    def _unknown(self, row: Integration, due_at: datetime, why: str, misses: int) -> None:
        self._postpone(row, due_at, why, sent_at=row.sent_at, misses=misses, burn=False)

    # --- the call itself ---------------------------------------------------------------------------------------------

    def _send(self, operation: Operation, row: Integration) -> None:
        try:
            effect = operation.perform(self._services, row)
        except AdapterError as error:
            return self._judge(operation, row, error)
        return self._completed(row, effect)

    def _judge(self, operation: Operation, row: Integration, error: AdapterError) -> None:
        """Decide what a call that did not succeed becomes: later, looked up, or failed."""
        log.warning("integration %s: %s: %s", row.id, row.operation, error)
        now = self._services.now()
        if isinstance(error, Unauthorized):
            return self._postpone(row, now + self._revoked(), str(error), sent_at=None, burn=False)
        unknown = isinstance(error, OutcomeUnknown)
        sent_at = row.leaves_at if unknown and not operation.idempotent else None
        if isinstance(error, Rejected) or self._spent(row):
            return self._failed(row, error, sent_at=sent_at)
        if unknown and not operation.idempotent:
            settle = timedelta(seconds=self._settings.connect_settle_seconds)
            return self._postpone(row, now + settle, str(error), sent_at=sent_at)
        burn = not (isinstance(error, Unavailable) and error.retry_after)
        return self._postpone(row, now + self._wait(row, error), str(error), sent_at=None, burn=burn)

    # --- the row's new state -----------------------------------------------------------------------------------------

    def _broken(self, row: Integration, why: str) -> None:
        """A bug of ours, before the call, in it, or after it: whether it had its effect is not known."""
        sent_at = row.sent_at or row.leaves_at
        if row.attempts >= POISON_ATTEMPTS:
            return self._failed(row, OutcomeUnknown(why), sent_at=sent_at)
        settle = timedelta(seconds=self._settings.connect_settle_seconds)
        return self._postpone(row, self._services.now() + settle, why, sent_at=sent_at)

    def _completed(self, row: Integration, effect: Effect) -> None:
        now, consequences = self._services.now(), outcomes.completed(row, effect.data)
        ended = self._services.database.run(lambda session: end(session, row, effect, consequences, now))
        word = "done" if ended else "done, noted late"
        log.info("integration %s: %s %s %s", row.id, row.operation, word, effect.remote_id)
        self._services.work.set()

    def _failed(self, row: Integration, error: AdapterError, *, sent_at: datetime | None) -> None:
        now, consequences = self._services.now(), outcomes.failed(row, error)

        def write(session: Session) -> None:
            if integrations.fail(session, row, str(error)[:2000], now, sent_at=sent_at):
                store(session, row, consequences, now)

        self._services.database.run(write)
        self._services.work.set()

    def _postpone(
        self, row: Integration, due_at: datetime, why: str, *, sent_at: datetime | None, misses: int = 0,
        burn: bool = True,
    ) -> None:  # fmt: skip
        now = self._services.now()
        self._services.database.run(
            lambda session: integrations.postpone(
                session, row, due_at, why[:2000], now, sent_at=sent_at, misses=misses, burn=burn
            )
        )

    def _spent(self, row: Integration) -> bool:
        return row.attempts >= self._settings.connect_max_attempts

    def _revoked(self) -> timedelta:
        return timedelta(seconds=self._settings.connect_retry_max_seconds)

    def _wait(self, row: Integration, error: AdapterError) -> timedelta:
        asked = error.retry_after if isinstance(error, Unavailable) else None
        if not asked:
            return backoff(self._services, row.attempts)
        return timedelta(seconds=min(asked, LONGEST_WAIT.total_seconds()))
