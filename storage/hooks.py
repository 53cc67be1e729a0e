"""GitHub's webhooks that point here, and how far their deliveries have been looked through for missing ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from storage.engine import insert_new
from storage.keys import fit
from storage.leases import changed
from storage.models import Delivery, Hook
from storage.prepared import Prepared

SEEN_EVERY = timedelta(days=1)
"""A hook that goes on sending is written no more often than this."""


@dataclass(frozen=True)
class Pointing:
    """A webhook as a delivery of its own describes it; `name` is the repository's or the organization's."""

    target_type: str
    target_id: int
    hook_id: int
    name: str


@dataclass(frozen=True)
class Known:
    """A webhook that points here."""

    id: int
    pointing: Pointing
    seen_at: datetime
    looked_to: datetime | None


_ROWS: Any = Hook.__table__
_SEEN = Prepared(
    select(_ROWS.c.id, _ROWS.c.name, _ROWS.c.seen_at).where(
        _ROWS.c.target_type == bindparam("target_type"), _ROWS.c.target_id == bindparam("target_id"),
        _ROWS.c.hook_id == bindparam("hook_id"),
    )
)  # fmt: skip


def seen(connection: Connection, pointing: Pointing, at: datetime) -> None:
    """Note that a webhook sent something at this time; costs no write when nothing new is known."""
    key = {
        "target_type": pointing.target_type, "target_id": pointing.target_id, "hook_id": pointing.hook_id,
    }  # fmt: skip
    row = _SEEN.first(connection, key)
    if row is None:
        values = key | {"name": pointing.name, "seen_at": at}
        # Another delivery of the same hook may be planned at the same moment: then the other's word is as good.
        insert_new(connection, Hook.__table__, values)  # pyright: ignore[reportArgumentType]
    elif at >= row.seen_at and (pointing.name != row.name or at - row.seen_at > SEEN_EVERY):
        changed(connection, update(Hook).where(Hook.id == row.id).values(name=pointing.name, seen_at=at))


def known(connection: Connection) -> list[Known]:
    """Every webhook that points here, in the order in which they were noticed."""
    return [
        Known(row.id, Pointing(row.target_type, row.target_id, row.hook_id, row.name), row.seen_at, row.looked_to)
        for row in connection.execute(select(_ROWS).order_by(Hook.id))
    ]


def looked(connection: Connection, row_id: int, to: datetime) -> None:
    """Remember that nothing delivered before this time is missing."""
    changed(connection, update(Hook).where(Hook.id == row_id).values(looked_to=to))


def arrived(connection: Connection, delivery_ids: Iterable[str]) -> set[str]:
    """Those of GitHub's delivery ids that were accepted here, whatever GitHub heard of it."""
    found: set[str] = set()
    for some in batched(delivery_ids, 500):
        found.update(_accepted(connection, some))
    return found


def _accepted(connection: Connection, delivery_ids: Sequence[str]) -> list[str]:
    kept = {fit(each): each for each in delivery_ids}
    rows = connection.scalars(
        select(Delivery.delivery_id).where(Delivery.service == "github", Delivery.delivery_id.in_(kept))
    )
    return [kept[each] for each in rows]
