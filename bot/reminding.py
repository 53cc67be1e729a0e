"""Reminders: how somebody says when they want to be reminded of what waits for review, and when that is due. Pure.

Times are those of a clock on the wall in a time zone, whatever that does to its clocks.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from bot.spelling import meant

type Every = Literal["daily", "weekdays", "weekly"]

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_EVERY = ("daily", "weekdays", "weekly")
_WORK = range(5)
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])(?::([0-5][0-9]))?")
_REPOSITORY = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")
MOST_DAYS = 90


class Unclear(Exception):
    """What was typed says no time, or something else that is no reminder; the message is for whoever typed it."""


@dataclass(frozen=True)
class When:
    """When a reminder is due; `day` counts from Monday (0) and is for a weekly one, `at` is like `09:00`."""

    every: Every
    at: str
    timezone: str
    day: int = 0

    def falls_on(self, this: date) -> bool:
        """Whether it is due on a day."""
        if self.every == "weekly":
            return this.weekday() == self.day
        return self.every == "daily" or this.weekday() in _WORK

    @property
    def words(self) -> str:
        """`every Monday at 09:00 (Europe/Berlin)`."""
        how = {"daily": "every day", "weekdays": "from Monday to Friday", "weekly": f"every {DAYS[self.day].title()}"}
        return f"{how[self.every]} at {self.at} ({self.timezone})"


@dataclass(frozen=True)
class Reminder:
    """What somebody, or a channel, is reminded of, and since when (`since`, ISO 8601): of nothing due before."""

    when: When
    repositories: tuple[str, ...] = ()
    """Those it is about; empty: all that there are for whoever is reminded."""
    target: int = 0
    """In days: what waits for longer is marked; 0 if nothing is."""
    by: str = ""
    since: str = ""

    @property
    def name(self) -> str:
        """Tells the reminders of one channel apart."""
        return " ".join(sorted(name.lower() for name in self.repositories))

    def kept(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self) | {"repositories": list(self.repositories)}


def reminder_of(kept: Mapping[str, Any]) -> Reminder:
    """What was stored."""
    plain = dict(kept)
    return Reminder(When(**plain.pop("when")), tuple(plain.pop("repositories")), **plain)


def last_due(when: When, now: datetime) -> datetime:
    """The latest moment, not after `now` (aware), at which it was due; in UTC.

    A time that the clocks jump over is the moment after the jump; of one that they pass twice it is the first.
    """
    zone = ZoneInfo(when.timezone)
    today = now.astimezone(zone).date()
    for back in range(9):
        this = today - timedelta(days=back)
        moment = datetime.combine(this, time.fromisoformat(when.at), zone).astimezone(UTC)
        if when.falls_on(this) and moment <= now:
            return moment
    raise AssertionError("every reminder is due within a week")


def due(reminder: Reminder, now: datetime) -> datetime | None:
    """The moment for which it is to be sent now: the last one since it was made or sent; None if there is none."""
    moment = last_due(reminder.when, now)
    return moment if moment > datetime.fromisoformat(reminder.since) else None


# --- what people type ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wish:
    """What somebody typed behind `/github remind`."""

    kind: Literal["show", "off", "set", "target"]
    mine: bool | None = None
    """Whether it is for them, or for the channel; None if they did not say."""
    repositories: tuple[str, ...] = ()
    every: Every = "daily"
    day: int = 0
    at: str = ""
    timezone: str = ""
    """Empty if they did not say."""
    target: int | None = None


_HOW = "For example: `/github remind weekdays 09:00`, `/github remind weekly monday 9:30 Europe/Berlin target 2 days`."


def wish(words: Sequence[str]) -> Wish:
    """What the words ask for; raises `Unclear`."""
    given, target = _target([word.strip(",") for word in words if word.strip(",")])
    mine = next((word == "me" for word in map(str.lower, given) if word in ("me", "here")), None)
    rest = [word for word in given if word.lower() not in ("me", "here", "at", "every", "on")]
    repositories = tuple(word for word in rest if _REPOSITORY.fullmatch(word) and not zone_named(word))
    said = [word for word in rest if word not in repositories]
    asked = Wish("set", mine, repositories, target=target)
    if said in ([], ["list"]):
        return replace(asked, kind="show" if target is None else "target")
    if [word.lower() for word in said] == ["off"]:
        return replace(asked, kind="off")
    return _timed(asked, said)


def _target(words: Sequence[str]) -> tuple[list[str], int | None]:
    """The words without `target 2 days`, and that number."""
    lower = [word.lower() for word in words]
    if "target" not in lower:
        return list(words), None
    at = lower.index("target")
    number = lower[at + 1] if len(words) > at + 1 else ""
    if number == "off":
        return [*words[:at], *words[at + 2 :]], 0
    if not number.isdecimal() or not 0 <= int(number) <= MOST_DAYS:
        raise Unclear(f"A target is a number of days, up to {MOST_DAYS}: `target 2 days`, or `target off`.")
    end = at + 3 if lower[at + 2 : at + 3] in (["day"], ["days"]) else at + 2
    return [*words[:at], *words[end:]], int(number)


def _timed(asked: Wish, said: Sequence[str]) -> Wish:
    every, day, at, zone = "", None, "", ""
    for word in said:
        lower = word.lower()
        clock = _CLOCK.fullmatch(lower)
        named = [one for one in DAYS if len(lower) > 2 and one.startswith(lower.removesuffix("s"))]
        if lower in _EVERY:
            every = lower
        elif named:
            day = DAYS.index(named[0])
        elif clock:
            at = f"{int(clock[1]):02}:{clock[2] or '00'}"
        elif zone_named(word):
            zone = zone_named(word)
        else:
            near = meant(word, (*_EVERY, *DAYS, "target", "list", "off"), "`{}`")
            raise Unclear(f"I do not know “{word[:60]}” there.{near} {_HOW}")
    if day is not None and every in ("daily", "weekdays"):
        raise Unclear(f"Say `weekly` with a day of the week. {_HOW}")
    if not every and day is None:
        raise Unclear(f"Say how often: `daily`, `weekdays` or `weekly`. {_HOW}")
    return replace(asked, every=every or "weekly", day=day or 0, at=at or "09:00", timezone=zone)  # pyright: ignore[reportArgumentType]


def zone_named(word: str) -> str:
    """The time zone that somebody means, in any case of letters; empty if there is none of this name."""
    lower = word.lower()
    if "/" not in lower and lower != "utc":
        return ""
    return _zones().get(lower, "")


@cache
def _zones() -> dict[str, str]:
    """Every time zone by its name in lower case: to list them takes a while."""
    return {name.lower(): name for name in available_timezones()}
