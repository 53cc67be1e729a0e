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

from sqlalchemy import Connection, select, update

from storage import history, lanes
from storage.engine import insert_new
from storage.keys import fit
from storage.lanes import lane_of
from storage.leases import again, changed, end, head, lease, leave, set_row
from storage.models import IntegrationLog
from storage.prepared import locked
from storage.turns import HEADS, Place, turn_of


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
    not_before: datetime | None = None
    """When it may be made at the earliest; what comes behind it in its ordering key waits as well."""

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
    connection: Connection, planned: Iterable[NewIntegration], delivery_id: int | None, now: datetime,
    accepted_at: datetime | None = None,
) -> list[int]:  # fmt: skip
    """Store planned calls; those whose key is known already are left as they are. Returns the ids of the new rows."""
    return [row["id"] for row in _added(connection, planned, delivery_id, now, accepted_at or now)]


def add_and_claim(
    connection: Connection, planned: Iterable[NewIntegration], delivery_id: int | None, now: datetime,
    accepted_at: datetime, lease_seconds: float | None,
) -> tuple[int, Integration | None]:  # fmt: skip
    """As `add`; with `lease_seconds` the first of the new rows is claimed, if it may be called at once.

    Returns how many rows are new, and the claimed one.
    """
    rows = _added(connection, planned, delivery_id, now, accepted_at)
    if lease_seconds is None or not rows or rows[0]["turn"] not in HEADS or rows[0]["due_at"] > now:
        return len(rows), None
    return len(rows), _take(connection, rows[0], now, lease_seconds, probing=False)


def _added(
    connection: Connection,
    planned: Iterable[NewIntegration],
    delivery_id: int | None,
    now: datetime,
    accepted_at: datetime,
) -> list[dict[str, Any]]:
    """The new rows, by column."""
    rows: list[dict[str, Any]] = []
    for new in planned:
        order = fit(new.ordering_key)
        values = {
            "delivery_id": delivery_id, "key": fit(new.key), "ordering_key": order,
            "source_service": new.source_service, "target_service": new.target_service,
            "event_type": new.event_type[:150], "source_id": fit(new.source_id), "target_id": fit(new.target_id),
            "operation": new.operation, "payload": json.dumps(new.payload), "status": "pending",
            "marker": f"ct{secrets.token_hex(10)}", "due_at": max(now, new.not_before or now), "attempts": 0,
            "misses": 0, "sent_at": None, "lease_token": None, "lane": new.lane, "crashes": 0,
            "turn": turn_of(connection, IntegrationLog, order, urgent=new.urgent),
            "accepted_at": accepted_at, "created_at": now, "updated_at": now,
        }  # fmt: skip
        row_id = insert_new(connection, IntegrationLog.__table__, values)  # pyright: ignore[reportArgumentType]
        if row_id is not None:
            rows.append({**values, "id": row_id})
    return rows


def usable(connection: Connection, names: Collection[str], now: datetime) -> list[str]:
    """Those of the lanes whose calls may be made now: neither they nor their service are paused."""
    shut = lanes.closed(connection, {*names, *map(lanes.service_of, names)}, now)
    paused = {name for name, state in shut.items() if state.until > now}
    return [name for name in names if name not in paused and lanes.service_of(name) not in paused]


def claim(
    connection: Connection, place: Place, now: datetime, lease_seconds: float, *, suspects: bool
) -> Integration | None:
    """Take the row that is due at this place, unless its lane or service is in use or paused.

    The attempt is counted, and `sent_at` is set if it was null, in the transaction that takes the lease: whatever
    happens after its commit, the row says that a call may have left.
    """
    row = head(connection, IntegrationLog, place, now, suspects=suspects)
    return _take(connection, row, now, lease_seconds, probing=True) if row is not None else None


def _take(
    connection: Connection, row: Mapping[str, Any], now: datetime, lease_seconds: float, *, probing: bool
) -> Integration | None:
    """Take a locked row if its lane is open; with `probing` also one that is to try a suspected service."""
    lane, token, until = row["lane"], secrets.token_hex(8), now + timedelta(seconds=lease_seconds)
    service = lanes.service_of(lane)
    shut = lanes.closed(connection, (lane, service), now)
    probe = service in shut
    if any(state.until > now for state in shut.values()) or (probe and not probing):
        return None
    alone = lanes.rest_of(lane) is not None
    if alone and not lanes.hold(connection, lane, token, until, now):
        return None
    if probe and not lanes.hold(connection, service, token, until, now):
        lanes.release(connection, lane, token, now, now)
        return None
    taken = lease(connection, IntegrationLog, row, token, now, lease_seconds, sent_at=row["sent_at"] or now)
    return _integration({**row, **taken, "sent_at": row["sent_at"]}, probe=probe)


def complete(connection: Connection, done: Integration, remote_id: str, target_id: str, now: datetime) -> bool:
    """Finish a row with what the far side calls the effect; False if the lease was lost (the id is kept even so)."""
    finished = end(
        connection, IntegrationLog, done, now, status="completed", error_message=None,
        remote_id=fit(remote_id), target_id=fit(target_id or done.target_id),
    )  # fmt: skip
    _free(connection, done, now)
    if not finished:
        nameless = update(IntegrationLog).where(IntegrationLog.id == done.id, IntegrationLog.remote_id.is_(None))
        changed(connection, nameless.values(remote_id=fit(remote_id)))
    return finished


def fail(connection: Connection, held: Integration, error: str, now: datetime, *, sent_at: datetime | None) -> bool:
    """End a row for good; `sent_at` None says that the call surely had no effect. False if the lease was lost."""
    _free(connection, held, now)
    return end(connection, IntegrationLog, held, now, status="failed", error_message=error, sent_at=sent_at)


def postpone(
    connection: Connection, held: Integration, due_at: datetime, error: str, now: datetime, *, sent_at: datetime | None,
    misses: int = 0, burn: bool = True,
) -> bool:  # fmt: skip
    """Give a row back until `due_at`; `sent_at` None says that the call surely had no effect."""
    attempts = held.attempts if burn else held.attempts - 1
    _free(connection, held, now)
    return leave(
        connection, IntegrationLog, held.id, held.lease_token, now, due_at=due_at, error_message=error or None,
        sent_at=sent_at, misses=misses, attempts=attempts,
    )  # fmt: skip


def leaves(connection: Connection, held: Integration, now: datetime) -> bool:
    """Note, before a call is made, that it leaves now; False if the lease was lost."""
    mine = (IntegrationLog.id == held.id, IntegrationLog.lease_token == held.lease_token)
    return changed(connection, update(IntegrationLog).where(*mine).values(sent_at=now, misses=0, updated_at=now)) == 1


def take_marked(connection: Connection, marker: str, now: datetime) -> Integration | None:
    """The pending row with this marker, taken from whoever holds it: its effect was seen on the far side."""
    statement = select(IntegrationLog.__table__).where(
        IntegrationLog.marker == marker, IntegrationLog.status == "pending"
    )
    row = connection.execute(statement.with_for_update()).mappings().first()
    if row is None:
        return None
    taken = {"lease_token": secrets.token_hex(8), "updated_at": now}
    set_row(connection, IntegrationLog, row["id"], **taken)
    return _integration({**row, **taken})


_ROWS: Any = IntegrationLog.__table__
_LOCKED = locked(_ROWS)


def retry(connection: Connection, row_id: int, now: datetime) -> bool:
    """Make a failed row pending again; False unless it is failed. What is unknown of it stays unknown."""
    row = _LOCKED.first(connection, {"row_id": row_id})
    if row is None or row.status != "failed":
        return False
    turn = turn_of(connection, IntegrationLog, row.ordering_key, urgent=row.source_service == "slack", before=row_id)
    set_row(connection, IntegrationLog, row_id, turn=turn, **again(now))
    return True


def amend(
    connection: Connection, row: Any, payload: Mapping[str, Any], now: datetime, *, due_at: datetime | None = None
) -> bool:
    """Change what a locked row is to say; False if it is not as it was planned any more: it is or was tried."""
    if row.status != "pending" or row.attempts or row.lease_token is not None or row.sent_at is not None:
        return False
    set_row(
        connection, IntegrationLog, row.id, payload=json.dumps(payload), updated_at=now, due_at=due_at or row.due_at
    )
    return True


def put_off(connection: Connection, key: str, due_at: datetime, now: datetime) -> bool:
    """Let a call be made at another time; False if it is or was tried already."""
    row = history.locked_with_key(connection, key)
    return row is not None and amend(connection, row, history.payload_of(row), now, due_at=due_at)


def free_key(connection: Connection, key: str) -> None:
    """Let a key be used anew: what was done under it is undone, or ended."""
    row = history.with_key(connection, key)
    if row is not None:
        free = update(_ROWS).where(_ROWS.c.id == row.id).values(key=fit(f"{key}:ended:{row.id}"))
        connection.execute(free)


def _free(connection: Connection, held: Integration, now: datetime) -> None:
    """Give back a lane that the row had to itself."""
    rest = lanes.rest_of(held.lane)
    if rest is not None:
        lanes.release(connection, held.lane, held.lease_token, now + rest, now)


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
