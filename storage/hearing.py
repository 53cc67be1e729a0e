"""Who hears of a repository or a project, and where the subscriptions go when it moves.

A channel hears of a repository by itself, or with all those of its organization (`acme`).
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, String, bindparam, cast, or_, select, update

from storage.models import Subscription
from storage.prepared import Prepared
from storage.subscriptions import Kept, kept_of, source_key

_ROWS: Any = Subscription.__table__
SELDOM = timedelta(minutes=1)
"""How exactly the time is kept at which a subscription let something through or held it back."""
MOST_KNOWN = 20_000
"""Subscriptions that are remembered as they were read last."""
_HEARING = (
    _ROWS.c.source_service == bindparam("service"),
    or_(_ROWS.c.source_key == bindparam("source"), _ROWS.c.source_key == bindparam("owner")),
)
# An older version beside this one gives no stamps. As text the time needs no reading.
_WRITTEN = cast(_ROWS.c.updated_at, String(30)).label("written")
_STAMPS = Prepared(select(_ROWS.c.id, _ROWS.c.stamp, _WRITTEN).where(*_HEARING).order_by(_ROWS.c.id))
_WHOLE = Prepared(select(_ROWS, _WRITTEN).where(*_HEARING).order_by(_ROWS.c.id))
_known: dict[tuple[Any, ...], Kept] = {}


def of_container(connection: Connection, service: str, container: str) -> list[Kept]:
    """The subscriptions to a project, or to a repository and to its organization."""
    source = source_key(service, container)
    owner = source.partition("/")[0] if service == "github" else source
    these = {"service": service, "source": source, "owner": owner}
    # A thousand channels may hear of one repository, and reading their rows would take longer than all that follows.
    stamps = _STAMPS.all(connection, these)
    found = [kept for stamp in stamps if (kept := _known.get(stamp))]
    if len(found) == len(stamps):
        return found
    rows = {(row.id, row.stamp, row.written): kept_of(row) for row in _WHOLE.all(connection, these)}
    if len(_known) > MOST_KNOWN:
        _known.clear()
    _known.update(rows)
    return list(rows.values())


def noted(connection: Connection, kept: Collection[Kept], reasons: Mapping[int, str], now: datetime) -> None:
    """Note for each subscription whether it let something through (no reason) or why it held it back, but seldom."""
    writes: dict[str, list[int]] = {}
    for one in kept:
        reason = reasons[one.id][:255]
        if _long_ago(one.last_held_at if reason else one.last_passed_at, now):
            writes.setdefault(reason, []).append(one.id)
    if len(writes) > 1:
        # Whoever else notes something of these waits here, before either holds what the other wants.
        ids = sorted(row_id for some in writes.values() for row_id in some)
        connection.execute(select(_ROWS.c.id).where(_ROWS.c.id.in_(ids)).order_by(_ROWS.c.id).with_for_update()).all()
    for reason in sorted(writes):
        # One statement for all of a reason: many subscriptions cost no more than few.
        values = {"last_held_at": now, "last_held_reason": reason} if reason else {"last_passed_at": now}
        connection.execute(update(_ROWS).where(_ROWS.c.id.in_(sorted(writes[reason]))).values(values))


def _long_ago(moment: datetime | None, now: datetime) -> bool:
    return moment is None or now - moment >= SELDOM


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
