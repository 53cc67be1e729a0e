"""The inbox: every verified request that was accepted, kept with its raw body, planned once.

A delivery is pending until it is completed, ignored or failed. A claimed one is a pending one whose `due_at` lies ahead
and whose lease token is set: if its worker dies, it comes due again by itself.
"""

import json
import secrets
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from storage.engine import insert_new
from storage.keys import fit
from storage.leases import changed, due, leave
from storage.models import Delivery

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
    """What a door accepts: `ordering_key` is what it is about, so that its events are planned in their order."""

    service: str
    delivery_id: str
    event: str
    ordering_key: str
    headers: Mapping[str, str]
    body: bytes


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
    lease_token: str


def accept(session: Session, arrival: Arrival, now: datetime, status: str = "pending") -> int | None:
    """Store an arrival; returns its row's id, or None if the service sent this id before."""
    kept = {name: value for name, value in arrival.headers.items() if name.lower().startswith(_KEPT_HEADERS)}
    return insert_new(
        session,
        Delivery.__table__,  # pyright: ignore[reportArgumentType]
        {
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
            "updated_at": now,
        },
    )


def any_due(session: Session, now: datetime) -> bool:
    """Whether `claim` would find something: a look that takes no write lock."""
    return session.scalar(due(Delivery, now).with_only_columns(Delivery.id).limit(1)) is not None


def claim(session: Session, now: datetime, lease_seconds: float) -> Claimed | None:
    """Take the oldest due delivery whose resource has no older one pending; the attempt is counted here."""
    row = session.scalars(due(Delivery, now).limit(1).with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    row.attempts += 1
    row.lease_token = token = secrets.token_hex(8)
    row.due_at = now + timedelta(seconds=lease_seconds)
    row.updated_at = now
    return Claimed(
        row.id, row.service, row.delivery_id, row.event, json.loads(row.headers), zlib.decompress(row.body),
        row.received_at, row.attempts, token,
    )  # fmt: skip


def finish(session: Session, claimed: Claimed, status: str, detail: str, now: datetime) -> bool:
    """Complete, ignore or fail a claimed delivery; False if the lease was lost to another worker meanwhile."""
    return leave(session, Delivery, claimed.id, claimed.lease_token, now, status=status, detail=detail)


def postpone(session: Session, claimed: Claimed, due_at: datetime, detail: str, now: datetime, *, burn: bool) -> bool:
    """Give a claimed delivery back until `due_at`; without `burn` the attempt does not count."""
    attempts = claimed.attempts if burn else claimed.attempts - 1
    return leave(
        session, Delivery, claimed.id, claimed.lease_token, now, due_at=due_at, detail=detail, attempts=attempts
    )


def replay(session: Session, row_id: int, now: datetime) -> bool:
    """Plan a delivery again, whatever came of it; what it planned before is not planned twice."""
    again = {"status": "pending", "attempts": 0, "due_at": now, "lease_token": None, "detail": "", "updated_at": now}
    return changed(session, update(Delivery).where(Delivery.id == row_id).values(again)) == 1
