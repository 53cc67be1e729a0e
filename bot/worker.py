"""The worker: claim → plan (deliveries), claim → operation → complete, retry later, or fail (integrations).

Any number of these run, in threads, processes and machines, on one database; a row is in one pair of hands at a time.
A call is made again only when it is sure that it had no effect, or when its marker was looked for twice and not found.
"""

import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta

from slack_bolt import App
from sqlalchemy.orm import Session

from adapters.errors import AdapterError, OutcomeUnknown, Rejected, Unauthorized, Unavailable
from adapters.webhook import parse_object
from bot.dispatch import dispatch
from bot.flows import github_events, jira_events, outcomes
from bot.flows.ends import end, store
from bot.flows.plan import NotYet, Plan, Planned
from bot.flows.steps import given_up
from bot.operations.base import Effect, Operation
from bot.operations.registry import OPERATIONS
from bot.retry import delay
from bot.services import Services
from storage import deliveries, integrations
from storage.deliveries import Claimed
from storage.engine import DatabaseUnavailable
from storage.integrations import Integration

log = logging.getLogger(__name__)

MISSES = 2
"""How often a marker is looked for, apart in time, before the call is made again."""
POISON_ATTEMPTS = 3
"""How often a row may break before it is put aside: a bug does not go away by waiting."""


type Take[T] = Callable[[Session, datetime], T | None]


class LeaseLost(Exception):
    """Another worker has taken the row over; what this one planned is not stored."""


class Worker:
    """Does one row at a time; safe to run in many threads, one instance each."""

    def __init__(self, services: Services, bolt: App) -> None:
        self._services = services
        self._bolt = bolt

    def step(self) -> bool:
        """Plan one delivery or make one call; False if nothing is due."""
        return self._plan_one() or self._call_one()

    # --- deliveries --------------------------------------------------------------------------------------------------

    def _plan_one(self) -> bool:
        lease = self._services.settings.connect_lease_seconds
        claimed = self._claim(deliveries.any_due, lambda session, now: deliveries.claim(session, now, lease))
        if claimed is None:
            return False
        log.debug("delivery %s: planning %s %s", claimed.id, claimed.service, claimed.event)
        try:
            place = self._prepare(claimed)
            self._services.database.run(lambda session: self._place(session, claimed, place))
        except NotYet as wait:
            self._later(claimed, timedelta(seconds=wait.seconds), str(wait), burn=False)
        except (LeaseLost, DatabaseUnavailable) as error:
            log.warning("delivery %s: %s", claimed.id, error or "its lease was lost")
        except Exception as error:
            log.exception("delivery %s: its plan broke", claimed.id)
            self._broken(claimed, error)
        else:
            self._services.work.set()
        return True

    def _prepare(self, claimed: Claimed) -> Callable[[Session], Planned]:
        """Read and render, outside any transaction; what is returned decides where it goes, inside one."""
        if claimed.service == "jira":
            return jira_events.plan(self._services, claimed)
        if claimed.service == "github":
            return github_events.plan(claimed)
        plan = Plan(f"slack:{claimed.delivery_id}", claimed.event)
        dispatch(self._bolt, parse_object(claimed.body), plan)
        planned = Planned(tuple(plan.integrations), "" if plan.integrations else "nobody asked connect for anything")
        return lambda _: planned

    def _place(self, session: Session, claimed: Claimed, place: Callable[[Session], Planned]) -> None:
        planned, now = place(session), self._services.now()
        integrations.add(session, planned.integrations, claimed.id, now)
        status = "ignored" if planned.ignored else "completed"
        if not deliveries.finish(session, claimed, status, planned.ignored, now):
            raise LeaseLost

    def _later(self, claimed: Claimed, wait: timedelta, detail: str, *, burn: bool) -> None:
        now = self._services.now()
        self._services.database.run(
            lambda session: deliveries.postpone(session, claimed, now + wait, detail, now, burn=burn)
        )

    def _broken(self, claimed: Claimed, error: Exception) -> None:
        detail = f"{type(error).__name__}: {error}"[:2000]
        if claimed.attempts < POISON_ATTEMPTS:
            return self._later(claimed, self._delay(claimed.attempts), detail, burn=True)
        now = self._services.now()

        def give_up(session: Session) -> None:
            if deliveries.finish(session, claimed, "failed", detail, now):
                integrations.add(session, given_up(claimed), claimed.id, now)

        return self._services.database.run(give_up)

    # --- integrations ------------------------------------------------------------------------------------------------

    def _call_one(self) -> bool:
        lease = self._services.settings.connect_lease_seconds
        row = self._claim(integrations.any_due, lambda session, now: integrations.claim(session, now, lease))
        if row is None:
            return False
        operation = OPERATIONS[row.target_service, row.operation]
        try:
            effect = self._effect(operation, row)
            if effect is not None:
                self._completed(row, effect)
        except DatabaseUnavailable as error:
            log.warning("integration %s: %s", row.id, error)  # the lease runs out, and the outcome is looked up
        except AdapterError as error:
            self._judge(operation, row, error)
        except Exception as error:
            log.exception("integration %s: %s broke", row.id, row.operation)
            self._judge(operation, row, OutcomeUnknown(f"{type(error).__name__}: {error}"), POISON_ATTEMPTS)
        return True

    def _effect(self, operation: Operation, row: Integration) -> Effect | None:
        """The call's effect, found or made; None if the row was given back to be looked at later."""
        if row.sent_at is None or operation.idempotent:
            return operation.perform(self._services, row)
        if operation.find is None:
            raise Rejected("It was sent once and no answer came; it cannot be looked up, so it is not sent again.")
        settled_at = row.sent_at + timedelta(seconds=self._services.settings.connect_settle_seconds)
        if self._services.now() < settled_at:
            return self._wait_until(row, settled_at, row.misses)
        found = operation.find(self._services, row)
        if found is not None:
            log.info("integration %s: %s had its effect, found by its marker", row.id, row.operation)
            return found
        if row.misses + 1 < MISSES:
            half = timedelta(seconds=self._services.settings.connect_settle_seconds / 2)
            return self._wait_until(row, self._services.now() + half, row.misses + 1)
        now = self._services.now()
        if not self._services.database.run(lambda session: integrations.resend(session, row, now)):
            return None
        log.info("integration %s: %s had no effect, made again", row.id, row.operation)
        return operation.perform(self._services, row)

    def _wait_until(self, row: Integration, due_at: datetime, misses: int) -> None:
        now = self._services.now()
        self._services.database.run(
            lambda session: integrations.postpone(
                session, row, due_at, "The outcome is unknown; looking it up.", now,
                sent_at=row.sent_at, misses=misses, burn=False,
            )
        )  # fmt: skip

    def _completed(self, row: Integration, effect: Effect) -> None:
        now = self._services.now()
        consequences = outcomes.completed(row, effect.data)
        ended = self._services.database.run(lambda session: end(session, row, effect, consequences, now))
        log.info(
            "integration %s: %s %s %s", row.id, row.operation, "done" if ended else "done, noted late", effect.remote_id
        )
        self._services.work.set()

    def _judge(self, operation: Operation, row: Integration, error: AdapterError, most: int = 1000) -> None:
        """Decide what a call that did not succeed becomes: later, looked up, or failed."""
        log.warning("integration %s: %s: %s", row.id, row.operation, error)
        settings, now = self._services.settings, self._services.now()
        spent = row.attempts >= min(settings.connect_max_attempts, most)
        if isinstance(error, Unauthorized):
            wait = timedelta(seconds=settings.connect_retry_max_seconds)
            self._postpone(row, now + wait, error, sent_at=None, burn=False)
        elif isinstance(error, Rejected):
            # A refused look-up says nothing about the call: what was unknown stays unknown.
            self._failed(row, error, sent_at=row.sent_at)
        elif isinstance(error, Unavailable) and not spent:
            wait = timedelta(seconds=error.retry_after) if error.retry_after else self._delay(row.attempts)
            sent_at = row.sent_at if not operation.idempotent else None
            self._postpone(row, now + wait, error, sent_at=sent_at, burn=error.retry_after is None)
        elif isinstance(error, OutcomeUnknown) and not spent:
            settle = timedelta(seconds=settings.connect_settle_seconds)
            wait = self._delay(row.attempts) if operation.idempotent else settle
            self._postpone(row, now + wait, error, sent_at=now, burn=True)
        else:
            self._failed(row, error, sent_at=now if isinstance(error, OutcomeUnknown) else row.sent_at)

    def _postpone(
        self, row: Integration, due_at: datetime, error: AdapterError, *, sent_at: datetime | None, burn: bool
    ) -> None:
        now = self._services.now()
        self._services.database.run(
            lambda session: integrations.postpone(
                session, row, due_at, str(error)[:2000], now, sent_at=sent_at, misses=row.misses, burn=burn
            )
        )

    def _failed(self, row: Integration, error: AdapterError, *, sent_at: datetime | None) -> None:
        now = self._services.now()
        consequences = outcomes.failed(row, error)

        def write(session: Session) -> None:
            if integrations.fail(session, row, str(error)[:2000], now, sent_at=sent_at):
                store(session, row, consequences, now)

        self._services.database.run(write)
        self._services.work.set()

    # --- both --------------------------------------------------------------------------------------------------------

    def _claim[T](self, any_due: Callable[[Session, datetime], bool], take: Take[T]) -> T | None:
        now = self._services.now()
        with self._services.database.read() as session:
            if not any_due(session, now):
                return None
        return self._services.database.run(lambda session: take(session, now))

    def _delay(self, attempts: int) -> timedelta:
        settings = self._services.settings
        return delay(attempts, settings.connect_retry_base_seconds, settings.connect_retry_max_seconds, random.random())  # noqa: S311
