"""The inbox: every verified request that was accepted, kept with its raw body, planned once.

A delivery is pending until it is completed, ignored or failed. A claimed one is a pending one whose `due_at` lies ahead
and whose lease token is set: if its worker dies, it comes due again by itself.
"""

import json
import secrets
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, select

from storage.engine import insert_new, insertion
from storage.keys import fit
from storage.leases import again, end, head, lease, leave, set_row
from storage.models import Delivery
from storage.prepared import Prepared, locked
from storage.turns import BULK, DONE, HEADS, URGENT, Place, at_head, by_key, has_head, turn_of

# What a later look at the delivery may need; the signature and the rest are of no use once verified.
_KEPT_HEADERS = (
    "content-type",
    "user-agent",
    "x-github-",
    "x-slack-retry",
    "x-atlassian-",
    "x-slack-request-timestamp",
    "x-connect-site",
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


@dataclass(frozen=True)
class Stored:
    """What became of a row that is new."""

    id: int | None
    """None if it was stored with others: nobody needs it, and to ask for it is a statement more."""
    claimed: bool
    """Whether it is in the hands that it was prepared for, and not left for whoever comes first."""


# By the table and not by the class, which would be the ORM's way: twice as long.
_TABLE: Any = Delivery.__table__
_LOCKED = locked(_TABLE)


def prepared(arrival: Arrival, now: datetime, status: str = "pending", *, lease_seconds: float | None = None) -> Row:
    """The row of an arrival: all the work that needs no database, to be done before a transaction is begun.

    With `lease_seconds` it is claimed as soon as it is stored, if it can be (see `Stored.claimed`).
    """
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
        "due_at": now if lease_seconds is None else now + timedelta(seconds=lease_seconds),
        "attempts": int(lease_seconds is not None),
        "lease_token": None if lease_seconds is None else secrets.token_hex(8),
        "lane": fit(f"{arrival.service}:{arrival.lane}"),
        "turn": (URGENT if arrival.urgent else BULK) if status == "pending" else DONE,
        "crashes": 0,
        "updated_at": now,
    }


def accept(connection: Connection, arrival: Arrival, now: datetime, status: str = "pending") -> int | None:
    """Store an arrival; returns its row's id, or None if the service sent this id before."""
    stored = accept_many(connection, [prepared(arrival, now, status)])[0]
    return stored.id if stored is not None else None


def accept_many(connection: Connection, rows: Sequence[Row]) -> list[Stored | None]:
    """Store prepared arrivals; returns None for what the service sent before.

    A row that has to wait for its turn is not claimed, and none of several is: where many come in nobody is idle.
    Raises `IntegrityError` if one of several is known already: do each by itself then.
    """
    behind = _with_a_head(connection, sorted({row["ordering_key"] for row in rows if row["status"] == "pending"}))
    rows = [_in_turn(row, behind) for row in rows]
    if len(rows) > 1:
        insertion(_TABLE, tuple(rows[0])).run_many(connection, [_unclaimed(row) for row in rows])
        return [Stored(None, claimed=False)] * len(rows)
    row = rows[0] if rows[0]["turn"] in HEADS else _unclaimed(rows[0])
    row_id = insert_new(connection, _TABLE, row)
    return [Stored(row_id, row["lease_token"] is not None) if row_id is not None else None]


def _with_a_head(connection: Connection, keys: Sequence[str]) -> set[str]:
    """Those of the keys that have a head; it is locked, so that it cannot end before what waits behind it is there."""
    if len(keys) == 1:
        return set(keys) if has_head(connection, Delivery, keys[0]) else set()
    given = {f"key_{number}": key for number, key in enumerate(keys)}
    return {row.ordering_key for row in _heads_of(len(keys)).all(connection, given)} if keys else set()


@cache
def _heads_of(count: int) -> Prepared:
    keys = [bindparam(f"key_{number}", type_=_TABLE.c.ordering_key.type) for number in range(count)]
    of_keys = select(_TABLE.c.ordering_key).where(_TABLE.c.ordering_key.in_(keys), at_head(_TABLE.c.turn))
    return Prepared(by_key(Delivery, of_keys, _TABLE).with_for_update(read=True))


def _unclaimed(row: Row) -> Row:
    return {**row, "due_at": row["received_at"], "attempts": 0, "lease_token": None}


def claimed(row: Row, row_id: int, body: bytes) -> Claimed:
    """A row that was stored as claimed, as its worker gets it."""
    return _claimed({**row, "id": row_id}, body)


def _claimed(row: Mapping[str, Any], body: bytes) -> Claimed:
    return Claimed(
        row["id"], row["service"], row["delivery_id"], row["event"], json.loads(row["headers"]), body,
        row["received_at"], row["attempts"], row["ordering_key"], row["crashes"], row["lease_token"],
    )  # fmt: skip


def _in_turn(row: Row, behind: set[str]) -> Row:
    """The row with its turn; `behind` are the keys that have a head, of which this row's is one from now on."""
    order, turn = row["ordering_key"], row["turn"]
    waits = order in behind
    if turn != DONE:
        behind.add(order)
    return {**row, "turn": -turn if waits else turn}


def claim(
    connection: Connection, place: Place, now: datetime, lease_seconds: float, *, suspects: bool
) -> Claimed | None:
    """Take the delivery that is due at this place; the attempt is counted here."""
    row = head(connection, Delivery, place, now, suspects=suspects)
    if row is None:
        return None
    taken = lease(connection, Delivery, row, secrets.token_hex(8), now, lease_seconds)
    return _claimed({**row, **taken}, zlib.decompress(row["body"]))


def finish(connection: Connection, claimed: Claimed, status: str, detail: str, now: datetime) -> bool:
    """Complete, ignore or fail a claimed delivery; False if the lease was lost to another worker meanwhile."""
    return end(connection, Delivery, claimed, now, status=status, detail=detail)


def postpone(
    connection: Connection, claimed: Claimed, due_at: datetime, detail: str, now: datetime, *, burn: bool
) -> bool:
    """Give a claimed delivery back until `due_at`; without `burn` the attempt does not count."""
    attempts = claimed.attempts if burn else claimed.attempts - 1
    return leave(
        connection, Delivery, claimed.id, claimed.lease_token, now, due_at=due_at, detail=detail, attempts=attempts
    )


def latest(connection: Connection, service: str, lane: str, limit: int) -> list[Claimed]:
    """The latest deliveries of a lane that were dealt with and whose bodies are still kept, the newest first.

    The lane of an owner (`acme`) at GitHub stands for those of all their repositories.
    """
    exact = _TABLE.c.lane == fit(f"{service}:{lane}")
    below = _TABLE.c.lane.startswith(f"{service}:{lane}/", autoescape=True)
    alone = service != "github" or "/" in lane
    these = (_TABLE.c.turn == DONE, exact if alone else exact | below, _TABLE.c.body != b"")
    newest = select(_TABLE).where(*these).order_by(_TABLE.c.due_at.desc(), _TABLE.c.id.desc()).limit(limit)
    rows = connection.execute(newest).mappings().all()
    return [_claimed({**row}, zlib.decompress(row["body"])) for row in rows]


def of_resource(connection: Connection, service: str, resource: str, limit: int) -> list[Claimed]:
    """The latest deliveries about one thing, whatever became of them, whose bodies are still kept, the newest first."""
    these = (_TABLE.c.ordering_key == fit(f"{service}:{resource}"), _TABLE.c.body != b"")
    newest = select(_TABLE).where(*these).order_by(_TABLE.c.id.desc()).limit(limit)
    rows = connection.execute(newest).mappings().all()
    return [_claimed({**row}, zlib.decompress(row["body"])) for row in rows]


def replay(connection: Connection, row_id: int, now: datetime) -> bool:
    """Plan a delivery again, whatever came of it; what it planned before is not planned twice.

    False if there is none, or its body was forgotten meanwhile.
    """
    row = _LOCKED.first(connection, {"row_id": row_id})
    if row is None or not row.body:
        return False
    turn = {}
    if row.status != "pending":
        urgent = row.service == "slack"
        turn = {"turn": turn_of(connection, Delivery, row.ordering_key, urgent=urgent, before=row_id)}
    set_row(connection, Delivery, row_id, detail="", **turn, **again(now))
    return True
