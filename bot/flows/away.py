"""Who waits for an answer is told once that it takes a while: the service does not answer, or asked connect to wait.

It is known when they ask, and then their answer says so; or it is learned later, from a call.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from adapters.errors import AdapterError, OutcomeUnknown, Unavailable
from bot.flows.answered import cause_of
from bot.flows.plan import NOTHING, Consequences, Plan
from bot.flows.tell import tell
from bot.message import Message, section
from bot.modals.waiting import Wait
from bot.services import Services
from storage import lanes
from storage.integrations import Integration, NewIntegration

FEW = timedelta(seconds=5)
"""What a service may ask for without that anybody is told."""
NAMES = {"jira": "Jira", "github": "GitHub"}


def named(lane: str) -> str:
    """The service of a lane as people know it."""
    service = lanes.service_of(lane).partition("@")[0]
    return NAMES.get(service, service.title())


def waits(connection: Connection, lane: str, now: datetime) -> Wait | None:
    """What holds back the calls of a lane; None if they are made at once, or in a few seconds."""
    service, _, calls = lane.partition(":")
    shut = [one for one in lanes.pauses(connection, now) if one.service == service and one.calls in ("", calls)]
    if any(one.silent for one in shut):
        return Wait(named(lane))
    until = max((one.until for one in shut), default=now)
    return Wait(named(lane), until) if until > now + FEW else None


def wait_for(services: Services, plan: Plan, new: NewIntegration) -> Wait | None:
    """What holds back a call of the plan. The answer to whoever asked says it, so nothing else does any more."""
    with services.database.read() as connection:
        wait = waits(connection, new.lane, services.now())
    if wait is not None:
        told = replace(new, payload={**new.payload, "told": True})
        plan.integrations[:] = [told if one.key == new.key else one for one in plan.integrations]
    return wait


def told(row: Integration, wait: Wait, what: str = "This", done: str = "done") -> Consequences:
    """Whoever asked is told that it takes a while, unless they know."""
    payload = row.payload
    if wait.soon or any(payload.get(name) for name in ("told", "execution_id", "home")):
        return NOTHING
    sentence = wait.kept(what, done)
    new = tell(payload, f"{row.key}:waiting", cause_of(row), Message(sentence, [section(sentence)]))
    return Consequences(integrations=(new,) if new else ())


def again(services: Services, service: str, error: AdapterError, otherwise: str) -> str:
    """When to ask once more for what `service` could not be asked just now; `otherwise` where it named no time."""
    asked = error.retry_after if isinstance(error, Unavailable | OutcomeUnknown) else None
    wait = timedelta(seconds=asked or 0)
    return f"{Wait(service, services.now() + wait).why} Try again then." if wait > FEW else otherwise
