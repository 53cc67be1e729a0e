"""What the tests of the storage put in, and how they look at what is there."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from storage import deliveries, integrations
from storage.deliveries import Arrival, Claimed
from storage.engine import Database
from storage.integrations import Integration, NewIntegration
from storage.models import Delivery, IntegrationLog
from storage.turns import Place, Rounds, Work

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, UTC)
LEASE = 60.0


def after(seconds: float) -> datetime:
    """`NOW` and some seconds."""
    return NOW + timedelta(seconds=seconds)


def arrival(delivery_id: str = "d1", **other: Any) -> Arrival:
    """A push to GitHub, unless said otherwise."""
    given: dict[str, Any] = {
        "service": "github",
        "event": "push",
        "ordering_key": "acme/web",
        "headers": {},
        "body": b"{}",
    }
    return Arrival(delivery_id=delivery_id, **(given | other))


def planned(key: str = "k1", **other: Any) -> NewIntegration:
    """A message to post, unless said otherwise."""
    given: dict[str, Any] = {
        "operation": "post_message", "ordering_key": "slack:T1/C1", "source_service": "github",
        "target_service": "slack", "event_type": "push", "source_id": "acme/web", "target_id": "T1/C1", "payload": {},
    }  # fmt: skip
    return NewIntegration(key=key, **(given | other))


def accept(database: Database, *arrivals: Arrival) -> list[int | None]:
    """Accept in this order; the new ids, None for those known already."""
    return database.run(lambda connection: [deliveries.accept(connection, one, NOW) for one in arrivals])


def add(database: Database, *new: NewIntegration) -> list[int]:
    """Plan calls; the new ids."""
    return database.run(lambda connection: integrations.add(connection, new, None, NOW))


def claim(
    database: Database, now: datetime = NOW, *, lease: float = LEASE, suspects: bool = True
) -> Integration | None:
    """Claim one call, as a worker does that begins its round anew."""
    return _first(database, IntegrationLog, now, integrations.usable, integrations.claim, lease, suspects=suspects)


def claim_delivery(database: Database, now: datetime = NOW, *, suspects: bool = True) -> Claimed | None:
    """Claim one delivery."""
    return _first(database, Delivery, now, None, deliveries.claim, LEASE, suspects=suspects)


def _first(
    database: Database, table: Work, now: datetime, usable: Any, take: Any, lease: float, *, suspects: bool
) -> Any:
    for place in places(database, table, now, usable):
        row = database.run(lambda connection, at=place: take(connection, at, now, lease, suspects=suspects))
        if row is not None:
            return row
    return None


def places(database: Database, table: Work, now: datetime, usable: Any = None) -> list[Place]:
    """Where rows are due."""
    with database.read() as connection:
        if usable is None:
            return Rounds(table).due(connection, now)
        return Rounds(table).due(connection, now, lambda connection, names: usable(connection, names, now))


def held(database: Database, now: datetime = NOW) -> Integration:
    """Claim one call that must be there."""
    row = claim(database, now)
    assert row is not None
    return row


def column(database: Database, name: str, table: str = "integration_logs") -> list[Any]:
    """One column as it stands in the table, by id, in the driver's own types."""
    with database.read() as connection:
        found = [row[0] for row in connection.execute(text(f"SELECT {name} FROM {table} ORDER BY id"))]
    return [value.decode() if isinstance(value, bytes) and name != "body" else value for value in found]


def at_once[T](count: int, work: Callable[[int], T]) -> list[T]:
    """The results of `work(0)` … `work(count - 1)`, each in a thread of its own."""
    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(work, range(count)))
