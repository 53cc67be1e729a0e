"""Lanes: which calls share a limit of the far side, and until when nobody may use one.

A lane is paused for as long as the service said. A *serial* lane is used by one row at a time. A service that fails as
a whole is paused too, and while it is suspected (`failures`) one row at a time may try it: the probe. Who has a lane
to itself has it until its lease ends: a worker that dies gives nothing back, and nothing waits longer than that for it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, select, update

from storage.engine import insert_new
from storage.keys import fit
from storage.leases import changed
from storage.models import Lane
from storage.prepared import Prepared

# GitHub asks for one write at a time and a second between two; Slack takes one message a second in a channel, and keeps
# the order in which they come.
# https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#pause-between-mutative-requests
# https://docs.slack.dev/apis/web-api/rate-limits#posting-messages
SERIAL = {"github:api": timedelta(seconds=1), "slack:post_message:": timedelta(0)}
"""Lanes by the beginning of their name, and how long such a lane rests between two rows."""


@dataclass(frozen=True)
class Closed:
    """Why a lane or service is not open to everyone now."""

    until: datetime
    reason: str
    failures: int


@dataclass(frozen=True)
class Pause:
    """A service that connect leaves alone, or some of its calls."""

    service: str
    calls: str
    """Which of them, as in the names of lanes (`search`, `post_message`); empty: all."""
    until: datetime
    silent: bool
    """Whether it does not answer as it should; otherwise it asked connect to wait."""


def lane_of(service: str, operation: str, payload: Mapping[str, Any]) -> str:
    """The lane of a call: Slack counts by method and channel, Jira by site and method, GitHub by account.

    GitHub's sign-in and its search have limits of their own, and what only reads there need not rest.
    """
    if service == "github":
        return f"github:{_on_github(operation)}"
    if service == "jira":
        site, _, _ = str(payload.get("issue") or payload.get("project") or "").rpartition("/")
        return fit(f"jira{'@' if site else ''}{site}:{operation}")
    channel = payload.get("channel", "") if service == "slack" else ""
    return fit(f"{service}:{operation}:{channel}" if channel else f"{service}:{operation}")


def _on_github(operation: str) -> str:
    if operation == "sign_in":
        return operation
    if operation.startswith("search_"):
        return "search"
    return "read" if operation.startswith(("read_", "find_", "look_")) else "api"


def service_of(lane: str) -> str:
    """The service that a lane belongs to, which is the name of its own row among the lanes: `slack`, `jira@eu`."""
    return lane.partition(":")[0]


def rest_of(lane: str) -> timedelta | None:
    """How long a serial lane rests between two rows; None if any number of rows may use it at once."""
    return next((rest for start, rest in SERIAL.items() if lane.startswith(start)), None)


_ROWS: Any = Lane.__table__
_NAMED = update(_ROWS).where(_ROWS.c.name == bindparam("named"))
_CLOSED = select(_ROWS.c.name, _ROWS.c.paused_until, _ROWS.c.reason, _ROWS.c.failures).where(
    (_ROWS.c.paused_until > bindparam("now")) | (_ROWS.c.failures > 0)
)
_CLOSED_OF_MANY = _CLOSED.where(_ROWS.c.name.in_(bindparam("names", expanding=True)))
_CLOSED_OF_TWO = Prepared(_CLOSED.where((_ROWS.c.name == bindparam("one")) | (_ROWS.c.name == bindparam("other"))))


def _set(*names: str, where: ColumnElement[bool] | None = None) -> Prepared:
    statement = _NAMED.values({name: bindparam(f"new_{name}") for name in names})
    return Prepared(statement if where is None else statement.where(where))


_PAUSED = ("paused_until", "reason", "failures", "holder", "updated_at")
_HOLD = _set("paused_until", "holder", "updated_at", where=_ROWS.c.paused_until <= bindparam("now"))
_RELEASE = _set("paused_until", "holder", "reason", "updated_at", where=_ROWS.c.holder == bindparam("token"))
_PAUSE = _set(*_PAUSED)
_PAUSE_LONGER = _set(*_PAUSED, where=_ROWS.c.paused_until < bindparam("new_paused_until"))
_TRUST = _set(*_PAUSED, where=_ROWS.c.failures > 0)


def closed(connection: Connection, names: Collection[str], now: datetime) -> dict[str, Closed]:
    """Those of the lanes and services that are paused or suspected."""
    if len(names) == 2:  # a lane and its service, before each call
        one, other = names
        rows = _CLOSED_OF_TWO.all(connection, {"one": one, "other": other, "now": now})
    else:
        rows = connection.execute(_CLOSED_OF_MANY, {"names": sorted(names), "now": now}).all()
    return {row.name: Closed(row.paused_until, row.reason, row.failures) for row in rows}


def pauses(connection: Connection, now: datetime) -> list[Pause]:
    """What is paused or suspected now, of all channels in one for each kind of call, by name."""
    # A lane in use is not paused; a suspected service is, also while a probe has it.
    held_back = ((Lane.failures > 0) | (Lane.holder.is_(None) & (Lane.reason != "")), Lane.name.not_like("job:%"))
    shut = (Lane.paused_until > now) | (Lane.failures > 0)
    rows = connection.execute(
        select(_ROWS.c.name, _ROWS.c.paused_until, _ROWS.c.failures).where(shut, *held_back)
    ).all()
    found: dict[tuple[str, str], Pause] = {}
    for row in sorted(rows, key=lambda row: row.paused_until):
        service, calls = (*row.name.split(":"), "")[:2]
        found[service, calls] = Pause(service, calls, row.paused_until, row.failures > 0)
    return [found[name] for name in sorted(found)]


def hold(connection: Connection, name: str, token: str, until: datetime, now: datetime) -> bool:
    """Take an open lane for one row alone; False if another has it, or it is paused."""
    mine = {"paused_until": until, "holder": token, "updated_at": now}
    if _done(connection, _HOLD, name, mine, now=now):
        return True
    return _insert(connection, name, {**mine, "reason": "in use", "failures": 0})


def release(connection: Connection, name: str, token: str, until: datetime, now: datetime) -> None:
    """Give a lane back, open from `until` on; nothing happens if it was taken over, or paused, meanwhile."""
    open_again = {"paused_until": until, "holder": None, "reason": "", "updated_at": now}
    _done(connection, _RELEASE, name, open_again, token=token)


def pause(connection: Connection, name: str, until: datetime, reason: str, now: datetime) -> None:
    """Close a lane until then; one that is closed for longer, or held by another row for longer, stays so."""
    values = {"paused_until": until, "reason": reason[:300], "failures": 0, "holder": None, "updated_at": now}
    if _done(connection, _PAUSE_LONGER, name, values) or _insert(connection, name, values):
        return
    _done(
        connection, _PAUSE_LONGER, name, values
    )  # another process made the row this moment, or it is closed for longer


def _leave_alone(connection: Connection, name: str, until: datetime, reason: str, now: datetime, failures: int) -> None:
    values = {"paused_until": until, "reason": reason[:300], "failures": failures, "holder": None, "updated_at": now}
    if not _done(connection, _PAUSE, name, values) and not _insert(connection, name, values):
        _done(connection, _PAUSE, name, values)


def suspect(
    connection: Connection,
    service: str,
    reason: str,
    now: datetime,
    interval: Callable[[int], timedelta],
    *,
    probe: bool,
) -> datetime:
    """Leave a service alone that does not answer; returns until when. `interval` is of the failures in a row.

    Of the calls that were under way when it went away, the first counts; afterwards only a probe does.
    """
    row = connection.execute(select(_ROWS).where(Lane.name == service).with_for_update()).first()
    failures = row.failures if row is not None else 0
    if row is not None and failures and not probe:
        return row.paused_until
    until = now + interval(failures + 1)
    _leave_alone(connection, service, until, reason, now, failures + 1)
    return until


def trust(connection: Connection, name: str, now: datetime) -> None:
    """Open a suspected service to everyone: it answers again."""
    values = {"paused_until": now, "reason": "", "failures": 0, "holder": None, "updated_at": now}
    _done(connection, _TRUST, name, values)


def take_job(
    connection: Connection, name: str, now: datetime, every: timedelta, *, first: timedelta | None = None
) -> bool:
    """Whether this process begins a periodic job now: of all processes one does, once in `every`.

    `first`, if given, is how long ago it must have been begun at least for a process that has just started; it may
    still be under way elsewhere, or have died there, which nobody can tell.
    """
    due = Lane.paused_until <= now
    if first is not None:
        due = due | (Lane.updated_at <= now - first)
    mine = {"paused_until": now + every, "updated_at": now}
    if connection.scalar(select(Lane.id).where(Lane.name == f"job:{name}")) is not None:
        return changed(connection, update(Lane).where(Lane.name == f"job:{name}", due).values(mine)) == 1
    return _insert(connection, f"job:{name}", {**mine, "reason": "periodic", "failures": 0})


def job_again(connection: Connection, name: str, at: datetime) -> None:
    """Let a periodic job be due earlier than it would be."""
    changed(connection, update(Lane).where(Lane.name == f"job:{name}", Lane.paused_until > at).values(paused_until=at))


def forget(connection: Connection, before: datetime) -> None:
    """Drop the rows of lanes that nobody has used since then and that nothing is known of."""
    unused = (Lane.updated_at < before, Lane.paused_until < before, Lane.failures == 0)
    connection.execute(delete(Lane).where(*unused))


def _insert(connection: Connection, name: str, values: Mapping[str, Any]) -> bool:
    values = {"holder": None, **values, "name": name}
    return insert_new(connection, Lane.__table__, values) is not None  # pyright: ignore[reportArgumentType]


def _done(connection: Connection, statement: Prepared, name: str, values: Mapping[str, Any], **given: Any) -> bool:
    new = {f"new_{column}": value for column, value in values.items()}
    return statement.run(connection, {"named": name, **new, **given}).rowcount == 1
