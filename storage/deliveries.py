"""The inbox: every verified request that was accepted, kept with its raw body, planned once.

A delivery is pending until it is completed, ignored or failed. A claimed one is a pending one whose `due_at` lies ahead
and whose lease token is set: if its worker dies, it comes due again by itself.
"""

import json
import secrets
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from storage.engine import insert_new
from storage.keys import fit
from storage.leases import end, head, lease, leave
from storage.models import Delivery
from storage.turns import BULK, DONE, HEADS, URGENT, Place, by_key, turn_of

# What a later look at the delivery may need; the signature and the rest are of no use once verified.
_KEPT_HEADERS = (
    "content-type",
    "user-agent",
    "x-github-",
    "x-slack-retry",
    "x-atlassian-",
    "x-slack-request-timestamp",
)


@dataclass(frozen=True)
class Arrival:
    """What a door accepts: `ordering_key` is what it is about, so that its events are planned in their order.

    `lane` is what takes turns with its like (a repository, a project); a person waits for what is `urgent`.
    """

    service: str
    delivery_id: str
    event: str
    ordering_key: str
    headers: Mapping[str, str]
    body: bytes
    lane: str = ""
    urgent: bool = False


@dataclass(frozen=True)
class Claimed:
    """A delivery in a worker's hands; only the holder of `lease_token` may finish it."""

    id: int
    service: str
    delivery_id: str
    event: str
    headers: dict[str, str]
    body: bytes
    received_at: datetime
    attempts: int
    ordering_key: str
    crashes: int
    lease_token: str


type Row = dict[str, Any]
"""A delivery that is ready to be stored, by column."""

# The head of each of some keys, locked so that it cannot end before the rows behind it are committed.
_HEADS = by_key(
    Delivery,
    select(Delivery.ordering_key).where(
        Delivery.ordering_key.in_(bindparam("keys", expanding=True)), Delivery.turn.in_(HEADS)
    ),
).with_for_update(read=True)
_IDS = select(Delivery.delivery_id, Delivery.id).where(
    Delivery.service == bindparam("from_service"), Delivery.delivery_id.in_(bindparam("sent", expanding=True))
)


def prepared(arrival: Arrival, now: datetime, status: str = "pending") -> Row:
    """The row of an arrival: all the work that needs no database, to be done before a transaction is begun."""
    kept = {name: value for name, value in arrival.headers.items() if name.lower().startswith(_KEPT_HEADERS)}
    return {
        "service": arrival.service,
        "delivery_id": fit(arrival.delivery_id),
        "event": arrival.event[:150],
        "headers": json.dumps(kept),
        "body": zlib.compress(arrival.body, 1),
        "received_at": now,
        "status": status,
        "detail": "",
        "ordering_key": fit(f"{arrival.service}:{arrival.ordering_key}"),
        "due_at": now,
        "attempts": 0,
        "lane": fit(f"{arrival.service}:{arrival.lane}"),
        "turn": (URGENT if arrival.urgent else BULK) if status == "pending" else DONE,
        "crashes": 0,
        "updated_at": now,
    }


def accept(session: Session, arrival: Arrival, now: datetime, status: str = "pending") -> int | None:
    """Store an arrival; returns its row's id, or None if the service sent this id before."""
    return accept_many(session, [prepared(arrival, now, status)])[0]


def accept_many(session: Session, rows: Sequence[Row]) -> list[int | None]:
    """Store prepared arrivals; returns each row's id, or None for what the service sent before.

    Raises `IntegrityError` if one of several is known already: do each by itself then.
    """
    waiting = sorted({row["ordering_key"] for row in rows if row["status"] == "pending"})
    behind = set(session.scalars(_HEADS, {"keys": waiting})) if waiting else set[str]()
    rows = [_in_turn(row, behind) for row in rows]
    table: Any = Delivery.__table__
    if len(rows) == 1:
        return [insert_new(session, table, rows[0])]
    session.execute(table.insert(), rows)
    ids: dict[tuple[str, str], int] = {}
    # Service by service: SQLite finds no index for pairs, and would read the whole table.
    for service in {row["service"] for row in rows}:
        sent = [row["delivery_id"] for row in rows if row["service"] == service]
        found = session.execute(_IDS, {"from_service": service, "sent": sent})
        ids.update({(service, delivery_id): row_id for delivery_id, row_id in found})
    return [ids[row["service"], row["delivery_id"]] for row in rows]


def _in_turn(row: Row, behind: set[str]) -> Row:
    """The row with its turn; `behind` are the keys that have a head, of which this row's is one from now on."""
    order, turn = row["ordering_key"], row["turn"]
    waits = order in behind
    if turn != DONE:
        behind.add(order)
    return {**row, "turn": -turn if waits else turn}


def claim(session: Session, place: Place, now: datetime, lease_seconds: float, *, suspects: bool) -> Claimed | None:
    """Take the delivery that is due at this place; the attempt is counted here."""
    row = head(session, Delivery, place, now, suspects=suspects)
    if row is None:
        return None
    taken = lease(session, Delivery, row, secrets.token_hex(8), now, lease_seconds)
    return Claimed(
        row.id, row.service, row.delivery_id, row.event, json.loads(row.headers), zlib.decompress(row.body),
        row.received_at, taken["attempts"], row.ordering_key, taken["crashes"], taken["lease_token"],
    )  # fmt: skip


def finish(session: Session, claimed: Claimed, status: str, detail: str, now: datetime) -> bool:
    """Complete, ignore or fail a claimed delivery; False if the lease was lost to another worker meanwhile."""
    return end(session, Delivery, claimed, now, status=status, detail=detail)


def postpone(session: Session, claimed: Claimed, due_at: datetime, detail: str, now: datetime, *, burn: bool) -> bool:
    """Give a claimed delivery back until `due_at`; without `burn` the attempt does not count."""
    attempts = claimed.attempts if burn else claimed.attempts - 1
    return leave(
        session, Delivery, claimed.id, claimed.lease_token, now, due_at=due_at, detail=detail, attempts=attempts
    )


def replay(session: Session, row_id: int, now: datetime) -> bool:
    """Plan a delivery again, whatever came of it; what it planned before is not planned twice.

    False if there is none, or its body was forgotten meanwhile.
    """
    row = session.get(Delivery, row_id, with_for_update=True)
    if row is None or not row.body:
        return False
    if row.status != "pending":
        row.turn = turn_of(session, Delivery, row.ordering_key, urgent=row.service == "slack", before=row.id)
    row.status, row.detail, row.attempts, row.crashes = "pending", "", 0, 0
    row.due_at, row.lease_token, row.updated_at = now, None, now
    return True
