"""Who hears of a repository or a project, and where the subscriptions go when it moves.

A channel hears of a repository by itself, or with all those of its organization (`acme`).
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, String, bindparam, cast, func, literal_column, select, union_all, update

from storage.models import Subscription
from storage.prepared import Prepared
from storage.subscriptions import Kept, of_source, source_key

_ROWS: Any = Subscription.__table__
SELDOM = timedelta(minutes=1)
"""How exactly the time is kept at which a subscription let something through or held it back."""
MOST_KNOWN = 20_000
"""Subscriptions that are remembered as they were read last."""
_COLON, _END = literal_column("':'", String), literal_column("';'", String)
# An older version beside this one gives no stamps: there the time tells.
_STATE = (_ROWS.c.id, _ROWS.c.stamp, _ROWS.c.updated_at)


def _states(source: str) -> Any:
    """What tells the rows of a source from what they were before, each in one piece of one text, and how many."""
    number, stamp, written = (cast(column, String(30)) for column in _STATE)
    text = func.group_concat(number + _COLON + stamp + _COLON + written + _END)
    columns = (func.min(_ROWS.c.source_key).label("source"), func.count().label("count"), text.label("states"))
    return select(*columns).where(
        _ROWS.c.source_service == bindparam("service"), _ROWS.c.source_key == bindparam(source)
    )


# Each part finds its rows by the index; with OR MariaDB looks at every subscription to the service.
_STATES = Prepared(union_all(_states("source"), _states("owner")))
_known: dict[tuple[str, str], tuple[str, list[Kept]]] = {}
"""What was read of a source last, and the states of its rows before that."""


def of_container(connection: Connection, service: str, container: str) -> list[Kept]:
    """The subscriptions to a project, or to a repository and to its organization."""
    source = source_key(service, container)
    owner, slash, _ = source.partition("/")
    these = {"service": service, "source": source, "owner": owner if slash and service == "github" else ""}
    # A thousand channels may hear of one repository, and reading their rows would take longer than all that follows:
    # even their stamps, row by row, would take longer.
    found = [_of_source(connection, service, part) for part in _STATES.all(connection, these) if part.count]
    return sorted(found[0] + found[1], key=lambda kept: kept.id) if len(found) > 1 else [*found[0]] if found else []


def _of_source(connection: Connection, service: str, part: Any) -> list[Kept]:
    known = _known.get((service, part.source))
    # A server that cuts long texts off does not say what became of the last rows.
    if known is not None and known[0] == part.states and part.states.count(";") == part.count:
        return known[1]
    # A row may be newer than its state by now, but not older; the next state is another one then.
    rows = of_source(connection, service, part.source)
    if sum(len(kept) for _, kept in _known.values()) > MOST_KNOWN:
        _known.clear()
    _known[service, part.source] = part.states, rows
    return rows


def noted(connection: Connection, kept: Collection[Kept], reasons: Mapping[int, str], now: datetime) -> None:
    """Note for each subscription whether it let something through (no reason) or why it held it back, but seldom."""
    writes: dict[str, list[int]] = {}
    since = now - SELDOM
    for one in kept:
        reason = reasons[one.id][:255]
        last = one.last_held_at if reason else one.last_passed_at
        if last is None or last <= since:
            writes.setdefault(reason, []).append(one.id)
    if len(writes) > 1:
        # Whoever else notes something of these waits here, before either holds what the other wants.
        ids = sorted(row_id for some in writes.values() for row_id in some)
        connection.execute(select(_ROWS.c.id).where(_ROWS.c.id.in_(ids)).order_by(_ROWS.c.id).with_for_update()).all()
    for reason in sorted(writes):
        # One statement for all of a reason: many subscriptions cost no more than few.
        values = {"last_held_at": now, "last_held_reason": reason} if reason else {"last_passed_at": now}
        connection.execute(update(_ROWS).where(_ROWS.c.id.in_(sorted(writes[reason]))).values(values))


def moved(connection: Connection, service: str, before: str, after: str, now: datetime, *, hidden: bool = False) -> int:
    """Let the subscriptions to a source follow it to its new name; returns how many did.

    One stays behind where the channel has one of its name to the new source already; of one that is `hidden`, those
    stay that may not tell what is private: their channels learn nothing of its new name.
    """
    old, new = source_key(service, before), source_key(service, after)
    these = select(_ROWS.c.id, _ROWS.c.channel, _ROWS.c.name, _ROWS.c.source_key, _ROWS.c.private).where(
        _ROWS.c.source_service == service, _ROWS.c.source_key.in_((old, new))
    )
    found = connection.execute(these).all()
    taken = {(row.channel, row.name) for row in found if row.source_key == new}
    going = [
        row.id
        for row in found
        if row.source_key == old and (row.channel, row.name) not in taken and (row.private or not hidden)
    ]
    if old != new and going:
        values = {"source": after, "source_key": new, "updated_at": now}
        connection.execute(update(_ROWS).where(_ROWS.c.id.in_(going)).values(values))
    return len(going) if old != new else 0
