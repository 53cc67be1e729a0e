"""Subscriptions: which events of a repository or project reach which channel, and in what manner.

A channel may have several to one source, told apart by their names; one of them may have none. Each counts how often
its channel refused for good since something last reached it (`strike`, `recover`); one that is paused keeps its place,
and nothing is planned for it until it is made or started again.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from storage.columns import new_stamp
from storage.engine import insert_new
from storage.models import Subscription
from storage.prepared import Prepared, locked

_ROWS: Any = Subscription.__table__
_NOT_PAUSED: dict[str, Any] = {
    "strikes": 0, "paused_at": None, "paused_reason": None, "paused_by": None, "trouble": None,
}  # fmt: skip
_JSON = ("events", "filters", "broadcast", "quiet_hours")


@dataclass(frozen=True)
class Manner:
    """How what passes is shown: the same for every service."""

    style: str = "full"
    """`full`, `compact`, `line`."""
    thread: str = "only"
    """Where what happens later is told: `only` in the card's thread; `on`: its end in the channel too; `off` (or
    `channel`): all in the channel."""
    broadcast: tuple[str, ...] = ()
    """The events that are told in the channel besides the thread."""
    quiet_hours: Mapping[str, str] | None = None
    """`from`, `to` (`20:00`) and `timezone` (`Europe/Berlin`)."""
    reactions: bool = False
    """Whether what happens later is shown by reactions to the card, and by nothing else."""
    replies: bool = True
    """Whether what people reply beneath a card becomes a comment of its thing."""


@dataclass(frozen=True)
class Wanted:
    """A subscription as its makers write it; `channel` is qualified (`team/channel`)."""

    source_service: str
    source: str
    channel: str
    events: Sequence[str]
    filters: Mapping[str, Any]
    private: bool
    created_by: str
    name: str = ""
    manner: Manner = field(default_factory=Manner)
    paused: str = ""
    """Why it is paused from the start; empty if it is not."""


@dataclass(frozen=True)
class Kept:
    """A subscription as it is kept."""

    id: int
    source_service: str
    source: str
    channel: str
    events: tuple[str, ...]
    filters: dict[str, Any]
    private: bool
    created_by: str
    paused: str
    """Why it is paused; empty if it is not."""
    name: str = ""
    manner: Manner = field(default_factory=Manner)
    paused_by: str = ""
    last_passed_at: datetime | None = None
    last_held_at: datetime | None = None
    last_held: str = ""
    """Why it held back what it held back last."""
    trouble: str = ""

    @property
    def jql(self) -> str:
        """The JQL that an issue has to match; empty if there is none."""
        return str(self.filters.get("jql") or "").strip()


def source_key(service: str, source: str) -> str:
    """The source in the case that the service compares names in: GitHub ignores case, Jira's keys are upper."""
    return source.lower() if service == "github" else source.upper()


def put(connection: Connection, wanted: Wanted, now: datetime) -> int:
    """Store a subscription; the channel's earlier one of this name to the same source is replaced, and its pause ends.

    Returns its id.
    """
    manner = wanted.manner
    content = {
        "source": wanted.source, "private": int(wanted.private), "created_by": wanted.created_by, "updated_at": now,
        "style": manner.style, "thread": manner.thread, "reactions": int(manner.reactions),
        "replies": int(manner.replies),
        **_written(
            events=list(wanted.events), filters=dict(wanted.filters), broadcast=list(manner.broadcast),
            quiet_hours=manner.quiet_hours,
        ),
        **_NOT_PAUSED, **(_paused(wanted.paused, now, wanted.created_by) if wanted.paused else {}),
    }  # fmt: skip
    key = {
        "source_service": wanted.source_service,
        "source_key": source_key(wanted.source_service, wanted.source),
        "channel": wanted.channel,
        "name": wanted.name,
    }
    values = key | content | {"created_at": now, "stamp": new_stamp()}
    row_id = insert_new(connection, Subscription.__table__, values)  # pyright: ignore[reportArgumentType]
    if row_id is not None:
        return row_id
    this = [_ROWS.c[name] == value for name, value in key.items()]
    known: int = connection.execute(select(_ROWS.c.id).where(*this).with_for_update()).scalar_one()
    _write(connection, known, content)
    return known


def change(
    connection: Connection, row_id: int, now: datetime, *, paused: str | None = None, by: str = "", **content: Any
) -> bool:
    """Replace some of a subscription: `name`, `events`, `filters`, and what a `Manner` has; False if there is none.

    `paused` is the reason to pause it for (one that is paused already keeps its own), or empty to end its pause. Raises
    `Taken` if the channel has another one of this name.
    """
    row = _LOCKED.first(connection, {"row_id": row_id})
    if row is None:
        return False
    if "name" in content and content["name"] != row.name and _named(connection, row, content["name"]):
        raise Taken
    values = _written(**content) | {"updated_at": now} | ({"trouble": None} if "filters" in content else {})
    if paused == "":
        values |= _NOT_PAUSED
    elif paused and row.paused_at is None:
        values |= _paused(paused, now, by)
    _write(connection, row_id, values)
    return True


def _named(connection: Connection, row: Any, name: str) -> bool:
    these = [_ROWS.c[column] == getattr(row, column) for column in ("source_service", "source_key", "channel")]
    return connection.scalar(select(_ROWS.c.id).where(*these, _ROWS.c.name == name)) is not None


def _written(**content: Any) -> dict[str, Any]:
    texts = {name: json.dumps(value) for name, value in content.items() if name in _JSON and value is not None}
    return content | texts | {name: int(content[name]) for name in ("reactions", "replies") if name in content}


def troubled(connection: Connection, row_id: int, trouble: str) -> None:
    """Note what is wrong with a subscription; empty if nothing is any more."""
    _write(connection, row_id, {"trouble": trouble[:255] or None})


class Taken(Exception):
    """The channel has a subscription of this name to the same source."""


def strike(
    connection: Connection, row_id: int, channel: str, reason: str, limit: int, now: datetime, trouble: str = ""
) -> Kept | None:
    """Count a refusal of the channel; returns the subscription if it is this one, the `limit`th, that pauses it.

    `trouble` is shown from the first on, until something reaches the channel.
    """
    row = _LOCKED.first(connection, {"row_id": row_id})
    # On SQLite the id of a subscription that ended may be another's by now: the channel tells them apart.
    if row is None or row.channel != channel or row.paused_at is not None:
        return None
    last = row.strikes + 1 >= limit
    ends: dict[str, Any] = {**_paused(reason, now), "trouble": None} if last else {"trouble": trouble[:255] or None}
    _write(connection, row_id, {"strikes": row.strikes + 1, **ends})
    return kept_of(_LOCKED.first(connection, {"row_id": row_id})) if last else None


def pause(connection: Connection, row_id: int, reason: str, now: datetime) -> bool:
    """Pause a subscription; False if it is gone or paused already."""
    row = _LOCKED.first(connection, {"row_id": row_id})
    if row is None or row.paused_at is not None:
        return False
    _write(connection, row_id, _paused(reason, now))
    return True


_HAS_STRIKES = (
    _ROWS.c.id == bindparam("row_id"), _ROWS.c.channel == bindparam("at"), _ROWS.c.strikes > 0,
    _ROWS.c.paused_at.is_(None),
)  # fmt: skip
_LOCKED = locked(_ROWS)
_STRUCK = Prepared(select(_ROWS.c.id).where(*_HAS_STRIKES))
_RECOVERED = update(_ROWS).where(*_HAS_STRIKES).values(strikes=0, trouble=None)
_OF_SOURCE = Prepared(
    select(_ROWS)
    .where(_ROWS.c.source_service == bindparam("service"), _ROWS.c.source_key == bindparam("source"))
    .order_by(_ROWS.c.id)
)


def recover(connection: Connection, row_id: int, channel: str) -> None:
    """Note that something reached the channel; nothing is written, and no lock taken, unless there are strikes."""
    this = {"row_id": row_id, "at": channel}
    if _STRUCK.first(connection, this) is not None:
        connection.execute(_RECOVERED, this)


def _paused(reason: str, now: datetime, by: str = "") -> dict[str, Any]:
    return {"paused_at": now, "updated_at": now, "paused_reason": reason[:255], "paused_by": by or None}


def _write(connection: Connection, row_id: int, values: Mapping[str, Any]) -> None:
    connection.execute(update(_ROWS).where(_ROWS.c.id == row_id).values(values))


def remove(connection: Connection, service: str, source: str, channel: str, name: str = "") -> bool:
    """End the channel's subscription of this name; False if it had none."""
    this = (
        _ROWS.c.source_service == service, _ROWS.c.source_key == source_key(service, source),
        _ROWS.c.channel == channel, _ROWS.c.name == name,
    )  # fmt: skip
    row_id = connection.scalar(select(_ROWS.c.id).where(*this))
    return row_id is not None and remove_id(connection, row_id)


def remove_id(connection: Connection, row_id: int) -> bool:
    """End a subscription by its id; False if there is none."""
    outcome: Any = connection.execute(delete(Subscription).where(Subscription.id == row_id))
    return bool(outcome.rowcount)


def of_source(connection: Connection, service: str, source: str) -> list[Kept]:
    """Who wants to hear of this repository or project."""
    given = {"service": service, "source": source_key(service, source)}
    return [kept_of(row) for row in _OF_SOURCE.all(connection, given)]


def of_service(connection: Connection, service: str) -> list[Kept]:
    """Every subscription to what one service tells."""
    these = select(_ROWS).where(_ROWS.c.source_service == service).order_by(_ROWS.c.id)
    return [kept_of(row) for row in connection.execute(these)]


def sources(connection: Connection, service: str) -> set[str]:
    """Every project or repository that a channel hears of, as `source_key` writes it."""
    return set(connection.scalars(select(_ROWS.c.source_key).where(_ROWS.c.source_service == service).distinct()))


def of_channel(connection: Connection, channel: str, service: str) -> list[Kept]:
    """What a channel hears of from one service."""
    these = select(_ROWS).where(_ROWS.c.channel == channel, _ROWS.c.source_service == service)
    return [kept_of(row) for row in connection.execute(these.order_by(_ROWS.c.source_key, _ROWS.c.name))]


def one(connection: Connection, row_id: int) -> Kept | None:
    """A subscription by its id."""
    row = connection.execute(select(_ROWS).where(_ROWS.c.id == row_id)).first()
    return kept_of(row) if row is not None else None


def find(connection: Connection, service: str, source: str, channel: str, name: str) -> Kept | None:
    """The channel's subscription of this name to a source."""
    return next(
        (kept for kept in of_source(connection, service, source) if (kept.channel, kept.name) == (channel, name)), None
    )


@lru_cache(4096)
def _read(text: str) -> Any:
    """JSON of a row: many subscriptions ask for the same, and are judged together by their being the same objects."""
    return json.loads(text)


def kept_of(row: Any) -> Kept:
    """A row of the table as it is handed out."""
    manner = Manner(
        row.style, row.thread, tuple(json.loads(row.broadcast or "[]")),
        json.loads(row.quiet_hours) if row.quiet_hours else None, bool(row.reactions),
        bool(row.replies),
    )  # fmt: skip
    return Kept(
        row.id, row.source_service, row.source, row.channel, tuple(_read(row.events)), _read(row.filters),
        bool(row.private), row.created_by, (row.paused_reason or "") if row.paused_at else "", row.name, manner,
        row.paused_by or "", row.last_passed_at, row.last_held_at, row.last_held_reason or "", row.trouble or "",
    )  # fmt: skip
