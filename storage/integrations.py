"""The outbox and the log: one row for each outside call, from its planning to its end.

A row is pending until it is completed or failed. `sent_at` is committed before the call leaves and is null again only
when it is sure that the call had no effect: so a pending row with `sent_at` is one whose outcome is unknown.
"""

import json
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, select, update
from sqlalchemy.orm import Session

from storage import lanes
from storage.engine import insert_new
from storage.keys import fit
from storage.lanes import lane_of
from storage.leases import changed, end, head, lease, leave, set_row
from storage.models import IntegrationLog
from storage.turns import DONE, Place, turn_of


@dataclass(frozen=True)
class NewIntegration:
    """An outside call to make. `key` is unique for ever; rows of one `ordering_key` are done one after the other."""

    operation: str
    key: str
    ordering_key: str
    source_service: str
    target_service: str
    event_type: str
    source_id: str
    target_id: str
    payload: Mapping[str, Any]

    @property
    def lane(self) -> str:
        """Whose limit the call counts against."""
        return lane_of(self.target_service, self.operation, self.payload)

    @property
    def urgent(self) -> bool:
        """Whether a person waits for it: it began in Slack."""
        return self.source_service == "slack"


@dataclass(frozen=True)
class Integration:
    """A row in a worker's hands; only the holder of `lease_token` may finish it."""

    id: int
    delivery_id: int | None
    operation: str
    key: str
    ordering_key: str
    source_service: str
    target_service: str
    event_type: str
    source_id: str
    target_id: str
    payload: dict[str, Any]
    marker: str
    attempts: int
    misses: int
    lease_token: str
    lease_until: datetime
    """When another worker may take the row over: nothing is sent any more."""
    leaves_at: datetime
    """When the call leaves that this claim is for."""
    sent_at: datetime | None
    """When an earlier call left whose outcome is still unknown; None if there is none."""
    created_at: datetime
    accepted_at: datetime
    """When that was accepted on whose account the call is made."""
    lane: str
    crashes: int
    """How often in a row its worker did not come back."""
    probe: bool
    """Whether the call is the one that tries whether its service answers again."""


def add(
    session: Session, planned: Iterable[NewIntegration], delivery_id: int | None, now: datetime,
    accepted_at: datetime | None = None,
) -> list[int]:  # fmt: skip
    """Store planned calls; those whose key is known already are left as they are. Returns the ids of the new rows."""
    ids: list[int] = []
    for new in planned:
        order = fit(new.ordering_key)
        values = {
            "delivery_id": delivery_id, "key": fit(new.key), "ordering_key": order,
            "source_service": new.source_service, "target_service": new.target_service,
            "event_type": new.event_type[:150], "source_id": fit(new.source_id), "target_id": fit(new.target_id),
            "operation": new.operation, "payload": json.dumps(new.payload), "status": "pending",
            "marker": f"ct{secrets.token_hex(10)}", "due_at": now, "attempts": 0, "misses": 0,
            "lane": new.lane, "turn": turn_of(session, IntegrationLog, order, urgent=new.urgent), "crashes": 0,
            "accepted_at": accepted_at or now, "created_at": now, "updated_at": now,
        }  # fmt: skip
        row_id = insert_new(session, IntegrationLog.__table__, values)  # pyright: ignore[reportArgumentType]
        if row_id is not None:
            ids.append(row_id)
    return ids


def usable(session: Session, names: Collection[str], now: datetime) -> list[str]:
    """Those of the lanes whose calls may be made now: neither they nor their service are paused."""
    shut = lanes.closed(session, {*names, *map(lanes.service_of, names)}, now)
    paused = {name for name, state in shut.items() if state.until > now}
    return [name for name in names if name not in paused and lanes.service_of(name) not in paused]


def claim(session: Session, place: Place, now: datetime, lease_seconds: float, *, suspects: bool) -> Integration | None:
    """Take the row that is due at this place, unless its lane or service is in use or paused.

    The attempt is counted, and `sent_at` is set if it was null, in the transaction that takes the lease: whatever
    happens after its commit, the row says that a call may have left.
    """
    row = head(session, IntegrationLog, place, now, suspects=suspects)
    if row is None:
        return None
    token, until = secrets.token_hex(8), now + timedelta(seconds=lease_seconds)
    service = lanes.service_of(row.lane)
    shut = lanes.closed(session, (row.lane, service), now)
    if any(state.until > now for state in shut.values()):
        return None
    alone = lanes.rest_of(row.lane) is not None
    if alone and not lanes.hold(session, row.lane, token, until, now):
        return None
    probe = service in shut
    if probe and not lanes.hold(session, service, token, until, now):
        lanes.release(session, row.lane, token, now, now)
        return None
    taken = lease(session, IntegrationLog, row, token, now, lease_seconds, sent_at=row.sent_at or now)
    return _integration({**row._asdict(), **taken, "sent_at": row.sent_at}, probe=probe)


def complete(session: Session, done: Integration, remote_id: str, target_id: str, now: datetime) -> bool:
    """Finish a row with what the far side calls the effect; False if the lease was lost (the id is kept even so)."""
    finished = end(
        session, IntegrationLog, done, now, status="completed", error_message=None,
        remote_id=fit(remote_id), target_id=fit(target_id or done.target_id),
    )  # fmt: skip
    _free(session, done, now)
    if not finished:
        nameless = update(IntegrationLog).where(IntegrationLog.id == done.id, IntegrationLog.remote_id.is_(None))
        changed(session, nameless.values(remote_id=fit(remote_id)))
    return finished


def fail(session: Session, held: Integration, error: str, now: datetime, *, sent_at: datetime | None) -> bool:
    """End a row for good; `sent_at` None says that the call surely had no effect. False if the lease was lost."""
    _free(session, held, now)
    return end(session, IntegrationLog, held, now, status="failed", error_message=error, sent_at=sent_at)


def postpone(
    session: Session, held: Integration, due_at: datetime, error: str, now: datetime, *, sent_at: datetime | None,
    misses: int = 0, burn: bool = True,
) -> bool:  # fmt: skip
    """Give a row back until `due_at`; `sent_at` None says that the call surely had no effect."""
    attempts = held.attempts if burn else held.attempts - 1
    _free(session, held, now)
    return leave(
        session, IntegrationLog, held.id, held.lease_token, now, due_at=due_at, error_message=error or None,
        sent_at=sent_at, misses=misses, attempts=attempts,
    )  # fmt: skip


def leaves(session: Session, held: Integration, now: datetime) -> bool:
    """Note, before a call is made, that it leaves now; False if the lease was lost."""
    mine = (IntegrationLog.id == held.id, IntegrationLog.lease_token == held.lease_token)
    return changed(session, update(IntegrationLog).where(*mine).values(sent_at=now, misses=0, updated_at=now)) == 1


def take_marked(session: Session, marker: str, now: datetime) -> Integration | None:
    """The pending row with this marker, taken from whoever holds it: its effect was seen on the far side."""
    rows: Any = IntegrationLog.__table__
    statement = select(rows).where(IntegrationLog.marker == marker, IntegrationLog.status == "pending")
    row = session.execute(statement.with_for_update()).mappings().first()
    if row is None:
        return None
    taken = {"lease_token": secrets.token_hex(8), "updated_at": now}
    set_row(session, IntegrationLog, row["id"], **taken)
    return _integration({**row, **taken})


def in_flight(session: Session, ordering_key: str, operation: str) -> bool:
    """Whether a call of this operation may have left and is not judged yet."""
    sent = exists().where(
        IntegrationLog.ordering_key == fit(ordering_key),
        IntegrationLog.turn != DONE,
        IntegrationLog.operation == operation,
        IntegrationLog.sent_at.is_not(None),
    )
    return bool(session.scalar(select(sent)))


def sent_pending(session: Session, operation: str) -> list[dict[str, Any]]:
    """The payloads of the calls of one operation that may have left and are not judged yet."""
    rows = select(IntegrationLog.payload).where(
        IntegrationLog.status == "pending",
        IntegrationLog.operation == operation,
        IntegrationLog.sent_at.is_not(None),
    )
    return [json.loads(payload) for payload in session.scalars(rows)]


def has_remote_id(session: Session, operation: str, remote_id: str) -> bool:
    """Whether a call of this operation made what the far side calls by this id."""
    rows = exists().where(IntegrationLog.remote_id == fit(remote_id), IntegrationLog.operation == operation)
    return bool(session.scalar(select(rows)))


def retry(session: Session, row_id: int, now: datetime) -> bool:
    """Make a failed row pending again; False unless it is failed. What is unknown of it stays unknown."""
    row = session.get(IntegrationLog, row_id, with_for_update=True)
    if row is None or row.status != "failed":
        return False
    urgent = row.source_service == "slack"
    row.turn = turn_of(session, IntegrationLog, row.ordering_key, urgent=urgent, before=row.id)
    row.status, row.attempts, row.crashes = "pending", 0, 0
    row.due_at, row.lease_token, row.updated_at = now, None, now
    return True


_WITH_KEY = select(IntegrationLog).where(IntegrationLog.key == bindparam("wanted"))


def with_key(session: Session, key: str) -> IntegrationLog | None:
    """The row with this key, in any state."""
    return session.scalars(_WITH_KEY, {"wanted": fit(key)}).first()


def _free(session: Session, held: Integration, now: datetime) -> None:
    """Give back a lane that the row had to itself."""
    rest = lanes.rest_of(held.lane)
    if rest is not None:
        lanes.release(session, held.lane, held.lease_token, now + rest, now)


# A row's own column is that of the earlier call; the claim has just written this one's.
_FIELDS = {
    "id", "delivery_id", "operation", "key", "ordering_key", "source_service", "target_service", "event_type",
    "source_id", "target_id", "marker", "attempts", "misses", "sent_at", "created_at", "lane", "crashes",
}  # fmt: skip


def _integration(row: Mapping[str, Any], *, probe: bool = False) -> Integration:
    return Integration(
        **{name: row[name] for name in _FIELDS},
        payload=json.loads(row["payload"]),
        lease_token=row["lease_token"],
        lease_until=row["due_at"],
        leaves_at=row["updated_at"],
        accepted_at=row["accepted_at"] or row["created_at"],
        probe=probe,
    )
