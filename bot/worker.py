"""The worker: does one row at a time, a delivery to plan or else a call to make (`bot.calling`).

Any number of these run, in threads, processes and machines, on one database; a row is in one pair of hands at a time.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from slack_bolt import App
from sqlalchemy import Connection

from adapters.webhook import parse_object
from bot import logs
from bot.calling import CRASHES, Caller, claim
from bot.dispatch import dispatch
from bot.ending import POISON_ATTEMPTS, backoff, warn
from bot.flows import echoes, github_events, jira_events, threads
from bot.flows.plan import FORM, NotYet, Plan, Planned
from bot.flows.steps import given_up
from bot.services import Services
from storage import deliveries, integrations
from storage.deliveries import Claimed
from storage.engine import DatabaseUnavailable
from storage.integrations import Integration
from storage.models import Delivery
from storage.turns import Place, Rounds

log = logging.getLogger(__name__)


class LeaseLost(Exception):
    """Another worker has taken the row over; what this one planned is not stored."""


class Worker:
    """Does one row at a time; safe to run in many threads, one instance each.

    One of a process's workers, and no more, takes over what another did not come back from (`suspects`): if such a row
    ends the process again, the rows beside it are not to blame.
    """

    def __init__(self, services: Services, bolt: App, *, suspects: bool = True) -> None:
        self._services = services
        self._bolt = bolt
        self._suspects = suspects
        self._rounds = Rounds(Delivery)
        self._caller = Caller(services, suspects=suspects)
        self._calls_first = False

    def step(self) -> bool:
        """Plan one delivery or make one call, in turn while there are both; False if nothing is due."""
        planned = False
        if self._calls_first:
            busy = self._caller.step() or (planned := self._plan_one())
        else:
            busy = (planned := self._plan_one()) or self._caller.step()
        self._calls_first = planned
        return busy

    def take(self, claimed: Claimed) -> bool:
        """Plan a delivery that was claimed for this worker when it was stored, and make its first call at once.

        Returns True, as `step` says it.
        """
        first = self._planned(claimed, goes_on=True)
        if first is not None:
            self._caller.make(first)
        self._calls_first = True
        return True

    def _plan_one(self) -> bool:
        lease = self._services.settings.connect_lease_seconds

        def take(connection: Connection, place: Place, now: datetime) -> Claimed | None:
            return deliveries.claim(connection, place, now, lease, suspects=self._suspects)

        claimed = claim(self._services, self._rounds, None, take)
        if claimed is not None:
            # Its calls stand in line with the others: a process that has much to do would hold many lanes at a time,
            # and if it died, they would all wait for the end of a lease.
            self._planned(claimed, goes_on=False)
        return claimed is not None

    def _planned(self, claimed: Claimed, *, goes_on: bool) -> Integration | None:
        """Plan a delivery; if the worker `goes_on` with it, the first call may be claimed, and is returned then."""
        with logs.about(delivery=claimed.id):
            if claimed.crashes < CRASHES:
                return self._plan(claimed, goes_on=goes_on)
            self._give_up(claimed, f"connect ended {claimed.crashes} times in a row while it was at this.")
            return None

    def _plan(self, claimed: Claimed, *, goes_on: bool) -> Integration | None:
        log.debug("planning %s %s", claimed.service, claimed.event)
        try:
            place = self._prepare(claimed)
            status, calls, first = self._services.database.run(
                lambda connection: self._place(connection, claimed, place, goes_on=goes_on)
            )
        except NotYet as wait:
            self._later(claimed, timedelta(seconds=wait.seconds), str(wait), burn=False)
        except (LeaseLost, DatabaseUnavailable) as error:
            log.warning("%s", error or "its lease was lost")
        except Exception as error:
            log.exception("its plan broke")
            self._broken(claimed, error)
        else:
            self._services.metrics.planned(claimed.service, status)
            self._services.work.ring(calls - 1)  # this thread makes the first one itself
            return first
        return None

    def _prepare(self, claimed: Claimed) -> Callable[[Connection], Planned]:
        """Read and render, outside any transaction; what is returned decides where it goes, inside one."""
        if claimed.service == "jira":
            return jira_events.plan(self._services, claimed)
        if claimed.service == "github":
            return github_events.plan(self._services, claimed)
        if claimed.headers.get("Content-Type") == FORM:
            return lambda _: Planned()  # replayed: what it asked for was planned before it was answered
        payload = parse_object(claimed.body)
        own = echoes.own_message(self._services, payload) or threads.own_message_gone(self._services, payload)
        if own is not None:
            return own
        plan = Plan(f"slack:{claimed.delivery_id}", claimed.event)
        dispatch(self._bolt, payload, plan)
        planned = Planned(tuple(plan.integrations), "" if plan.integrations else "nobody asked connect for anything")
        return lambda _: planned

    def _place(
        self, connection: Connection, claimed: Claimed, place: Callable[[Connection], Planned], *, goes_on: bool
    ) -> tuple[str, int, Integration | None]:
        """Store the plan; returns what became of the delivery, how many calls there are, and the first if claimed."""
        planned, now = place(connection), self._services.now()
        calls, first = integrations.add_and_claim(
            connection, planned.integrations, claimed.id, now, claimed.received_at,
            self._services.settings.connect_lease_seconds if goes_on else None,
        )  # fmt: skip
        warn(connection, planned.integrations, now)
        status = "ignored" if planned.ignored else "completed"
        if not deliveries.finish(connection, claimed, status, planned.ignored, now):
            raise LeaseLost
        return status, calls, first

    def _later(self, claimed: Claimed, wait: timedelta, detail: str, *, burn: bool) -> None:
        now = self._services.now()
        self._services.metrics.planned(claimed.service, "postponed")
        self._services.database.run(
            lambda connection: deliveries.postpone(connection, claimed, now + wait, detail, now, burn=burn)
        )

    def _broken(self, claimed: Claimed, error: Exception) -> None:
        detail = f"{type(error).__name__}: {error}"[:2000]
        if claimed.attempts < POISON_ATTEMPTS:
            return self._later(claimed, backoff(self._services.settings, claimed.attempts), detail, burn=True)
        return self._give_up(claimed, detail)

    def _give_up(self, claimed: Claimed, detail: str) -> None:
        now = self._services.now()

        def write(connection: Connection) -> None:
            if deliveries.finish(connection, claimed, "failed", detail, now):
                integrations.add(connection, given_up(claimed), claimed.id, now)

        self._services.database.run(write)
        self._services.metrics.planned(claimed.service, "failed")
