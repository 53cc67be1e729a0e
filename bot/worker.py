"""The worker: does one row at a time, a delivery to plan or else a call to make (`bot.calling`).

Any number of these run, in threads, processes and machines, on one database; a row is in one pair of hands at a time.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from slack_bolt import App
from sqlalchemy.orm import Session

from adapters.webhook import parse_object
from bot.calling import POISON_ATTEMPTS, Caller, backoff, claim
from bot.dispatch import dispatch
from bot.flows import github_events, jira_events
from bot.flows.plan import FORM, NotYet, Plan, Planned
from bot.flows.steps import given_up
from bot.services import Services
from storage import deliveries, integrations
from storage.deliveries import Claimed
from storage.engine import DatabaseUnavailable

log = logging.getLogger(__name__)


class LeaseLost(Exception):
    """Another worker has taken the row over; what this one planned is not stored."""


class Worker:
    """Does one row at a time; safe to run in many threads, one instance each."""

    def __init__(self, services: Services, bolt: App) -> None:
        self._services = services
        self._bolt = bolt
        self._caller = Caller(services)

    def step(self) -> bool:
        """Plan one delivery or make one call; False if nothing is due."""
        return self._plan_one() or self._caller.step()

    def _plan_one(self) -> bool:
        lease = self._services.settings.connect_lease_seconds
        claimed = claim(self._services, deliveries.any_due, lambda session, now: deliveries.claim(session, now, lease))
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
        if claimed.headers.get("Content-Type") == FORM:
            return lambda _: Planned()  # replayed: what it asked for was planned before it was answered
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
            return self._later(claimed, backoff(self._services, claimed.attempts), detail, burn=True)
        now = self._services.now()

        def give_up(session: Session) -> None:
            if deliveries.finish(session, claimed, "failed", detail, now):
                integrations.add(session, given_up(claimed), claimed.id, now)

        return self._services.database.run(give_up)
