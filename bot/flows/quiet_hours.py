"""The hours in which a person wants no direct message: notices and reminders of Jira and GitHub wait until they end.

Nothing is lost by it: what waits comes in its order. Edits of a card that is there make no noise and are not put off.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection

from adapters.errors import AdapterError
from bot.flows import direct
from bot.flows.asker import Asker, may_not
from bot.flows.subscribing import say
from bot.manner import QuietHours, quiet_until
from bot.message import Message, escape
from bot.operations.notices import QUIET
from bot.reminding import zone_named
from bot.services import Services
from bot.spelling import plain
from storage import history, integrations, preferences
from storage.integrations import NewIntegration

_TIME = r"([01]?[0-9]|2[0-3])(?::([0-5][0-9]))?"
_HOURS = re.compile(rf"{_TIME} ?(?:-|to) ?{_TIME}(?: (\S+))?", re.IGNORECASE)


def choose(services: Services, asker: Asker, words: Sequence[str], command: str) -> Message:
    """`notify quiet 20:00-07:00`, with a time zone (else that of the profile in Slack); `off` ends them."""
    how = f"`{command} notify quiet 20:00-07:00` sets them, `{command} notify quiet off` ends them."
    if not words:
        with services.database.read() as connection:
            hours = preferences.get(connection, asker.user, QUIET)
        return say(f":zzz: {shown(hours)} {how}" if hours else f"You have no quiet hours. {how}")
    if [word.lower() for word in words] == ["off"]:
        _keep(services, asker.user, {})
        return say("You have no quiet hours any more.")
    try:
        refusal = may_not(services, asker)
        hours = {} if refusal else _read(words, _zone_of(services, asker))
    except ValueError as problem:
        reason = problem.errors()[0]["msg"] if isinstance(problem, ValidationError) else str(problem)
        reason = escape(reason.removeprefix("Value error, "), 200)
        return say(f"These hours make no sense: {reason}. {how} A time zone looks like `Europe/Berlin`.")
    except AdapterError:
        return say("Slack did not tell me your time zone. Name it, such as `Europe/Berlin`, or try again in a moment.")
    if refusal:
        return say(refusal)
    _keep(services, asker.user, hours)
    return say(f":zzz: {shown(hours)} `{command} notify quiet off` ends that.")


def _keep(services: Services, user: str, hours: dict[str, str]) -> None:
    """What waited for the end of earlier hours comes at the end of these; at once where it is not quiet any more."""
    now = services.now()

    def keep(connection: Connection) -> int:
        if hours:
            preferences.put(connection, user, QUIET, hours, now)
        else:
            preferences.remove(connection, user, QUIET)
        waiting = [*direct.kept_for(connection, user), *history.unended_within(connection, f"slack:remind:{user}:")]
        end = quiet_until(hours, now) or now
        return sum(integrations.put_off(connection, row.key, end, now) for row in waiting)

    services.work.ring(services.database.run(keep))


def shown(hours: dict[str, str]) -> str:
    """Quiet hours in a sentence."""
    return "From {from} to {to} ({timezone}) I send you no notices and no reminders; they come afterwards.".format(
        **hours
    )


def until(connection: Connection, user: str, now: datetime) -> datetime | None:
    """When the quiet hours of a person (`team/user`) end in which `now` lies; None if it lies in none."""
    return quiet_until(preferences.get(connection, user, QUIET), now)


def held(connection: Connection, rows: Sequence[NewIntegration], now: datetime) -> list[NewIntegration]:
    """The rows, people's notices among them put off until the quiet hours of each end.

    A card that is put off is shown as it is when the hours end: edits of it are not among the rows any more.
    """
    return [left for row in rows for left in _one(connection, row, direct.kept_in(row), now)]


def _one(connection: Connection, row: NewIntegration, order: str, now: datetime) -> list[NewIntegration]:
    if not order:
        return [row]
    if row.operation == "update_message":
        card = next((one for one in history.unended(connection, order) if "card" in history.payload_of(one)), None)
        if card is None:
            return [row]
        return [] if _amended(connection, card.key, row, now) else [replace(row, ordering_key=order)]
    until_then = until(connection, str(row.payload["channel"]), now)
    if until_then is None and not history.waiting(connection, order):
        return [row]
    return [replace(row, ordering_key=order, not_before=until_then)]


def _amended(connection: Connection, key: str, edit: NewIntegration, now: datetime) -> bool:
    """Whether a card that waits says the new state already, or does from now on."""
    waiting = history.locked_with_key(connection, key)
    payload = history.payload_of(waiting)
    card = payload["card"]
    if card["version"] > edit.payload["version"]:
        return True
    above: list[Any] = [] if edit.payload.get("bare") else card["above"]
    card |= {"above": above, "version": edit.payload["version"]}
    payload |= {"card": card, "blocks": [*above, *edit.payload["blocks"]]}
    payload |= {} if above else {"text": edit.payload["text"]}
    return integrations.amend(connection, waiting, payload, now)


def _read(words: Sequence[str], zone: str) -> dict[str, str]:
    """Raises ValueError, in words for whoever typed it."""
    typed = _HOURS.fullmatch(plain(" ".join(words)))
    if typed is None:
        raise ValueError("they are two times of day, such as `20:00-07:00`")
    begin, to = (f"{int(typed[hour]):02}:{typed[hour + 1] or '00'}" for hour in (1, 3))
    given = {"from": begin, "to": to, "timezone": zone_named(typed[5] or "") or typed[5] or zone}
    return QuietHours.model_validate(given).written()


def _zone_of(services: Services, asker: Asker) -> str:
    slack = services.urgent.slack
    return (zone_named(services.people.person(slack, asker.user).timezone) if slack else "") or "UTC"
