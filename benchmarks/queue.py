"""The queue by itself: claims with their completions per second, and what a claim costs on a long log.

All use of `storage.*`'s queue by the benchmarks stands in this file.
"""

import threading
import time
from collections.abc import Callable, Generator
from datetime import UTC, datetime
from itertools import count
from typing import cast

from sqlalchemy import Index, Table, UniqueConstraint, create_engine, text

from benchmarks.databases import Databases
from benchmarks.figures import Figure, compared, interleaved, percentile
from storage import integrations
from storage.engine import Database
from storage.integrations import Integration, NewIntegration
from storage.models import IntegrationLog
from storage.turns import Rounds

LEASE_SECONDS = 60.0
WORKERS = (1, 4, 8, 16)
FINISHED = 20
"""How often the finished rows are doubled: 2^20 of them."""
FILL_SECONDS = 25.0
"""After which the log is long enough as it is, on a slow machine."""
_numbers = count()


def throughput(given: Databases, seconds: float = 0.8, rounds: int = 2) -> Generator[Figure]:
    """Rows claimed and completed per second by 1 to 16 threads, against as many pairs of bare commits."""
    for kind in given.kinds:
        database = Database(given.new(kind))
        _plain_rows(database)
        for workers in WORKERS:
            ours, theirs = interleaved(
                rounds,
                lambda _, many=workers, there=database: _per_second(many, seconds, _claiming(there, many, seconds)),
                lambda _, many=workers, there=database: _per_second(many, seconds, _committing(there)),
            )
            what = f"claims+completions/s: {kind}, {workers} worker{'s'[: workers > 1]}"
            yield compared(what, ours, theirs, "/s", "two bare commits of one row each, as many threads")
        database.dispose()


def cost_of_a_claim(
    given: Databases, doublings: int = FINISHED, claims: int = 60, rounds: int = 3
) -> Generator[Figure]:
    """A claim beside a million finished rows, against one in a log without them."""
    for kind in given.kinds:
        short, long = Database(given.new(kind)), Database(given.new(kind))
        finished = _finish_many(long, doublings)
        for database in (short, long):
            _add(database, claims * (rounds + 1))
            _claim_seconds(database, claims)  # what is read for the first time is not what is measured
        ours, theirs = interleaved(
            rounds,
            lambda _, there=long: _claim_seconds(there, claims),
            lambda _, there=short: _claim_seconds(there, claims),
        )
        what = f"a claim beside {finished:,} finished rows: {kind}, p50"
        times = [[1000 * percentile(each, 0.5) for each in one] for one in (ours, theirs)]
        yield compared(what, times[0], times[1], "ms", "the same claim with no finished row")
        short.dispose()
        long.dispose()


# --- the queue's functions -------------------------------------------------------------------------------------------


def _add(database: Database, rows: int) -> None:
    now = datetime.now(UTC)
    new = [
        NewIntegration(
            "create_issue", f"bench:{number}", f"bench:{number}", "slack", "jira", "command", "U0BENCH0001", "OPS",
            {"summary": "Printer is on fire", "text": "Printer is on fire"},
        )
        for number in (next(_numbers) for _ in range(rows))
    ]  # fmt: skip
    database.run(lambda connection: integrations.add(connection, new, None, now))


type Claim = Callable[[], Integration | None]


def _claimer(database: Database) -> Claim:
    """What one worker claims with: as `bot.calling` does, a look that takes no write lock, and then the claim."""
    rounds = Rounds(IntegrationLog)

    def claim() -> Integration | None:
        now = datetime.now(UTC)
        with database.read() as connection:
            places = rounds.due(connection, now, lambda connection, names: integrations.usable(connection, names, now))
        for place in places:
            rounds.served(place)
            row = database.run(
                lambda connection, at=place: integrations.claim(connection, at, now, LEASE_SECONDS, suspects=True)
            )
            if row is not None:
                return row
        return None

    return claim


def _complete(database: Database, row: Integration) -> None:
    now = datetime.now(UTC)
    database.run(lambda connection: integrations.complete(connection, row, f"remote-{row.id}", "", now))


# --- measuring -------------------------------------------------------------------------------------------------------


def _claiming(database: Database, workers: int, seconds: float) -> Callable[[int], bool]:
    _add(database, int(seconds * 1500) + workers)

    claims = [_claimer(database) for _ in range(workers)]

    def step(worker: int) -> bool:
        row = claims[worker]()
        if row is None:
            return False
        _complete(database, row)
        return True

    return step


def _committing(database: Database) -> Callable[[int], bool]:
    def step(worker: int) -> bool:
        for _ in range(2):
            database.run(
                lambda connection: connection.execute(text("UPDATE plain SET n = n + 1 WHERE id = :id"), {"id": worker})
            )
        return True

    return step


def _per_second(workers: int, seconds: float, step: Callable[[int], bool]) -> float:
    done = [0] * workers
    begun = time.monotonic()

    def work(worker: int) -> None:
        while time.monotonic() - begun < seconds and step(worker):
            done[worker] += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.monotonic() - begun)


def _claim_seconds(database: Database, claims: int) -> list[float]:
    taken: list[float] = []
    claim = _claimer(database)
    for _ in range(claims):
        begun = time.perf_counter()
        row = claim()
        taken.append(time.perf_counter() - begun)
        assert row is not None
        _complete(database, row)
    return taken


def _plain_rows(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE plain (id INTEGER PRIMARY KEY, n INTEGER)"))
        for number in range(max(WORKERS)):
            connection.execute(text("INSERT INTO plain VALUES (:id, 0)"), {"id": number})


def _finish_many(database: Database, doublings: int) -> int:
    """Double one finished row so often, in the database itself; returns how many there are."""
    _add(database, 1)
    row = _claimer(database)()
    assert row is not None
    _complete(database, row)
    engine = create_engine(
        database.url, isolation_level="AUTOCOMMIT"
    )  # not connect's own, which waits for seconds only
    begun, number = time.monotonic(), 0
    with engine.connect() as connection:
        while number < doublings and time.monotonic() - begun < FILL_SECONDS:
            connection.exec_driver_sql(_doubling(database, number))
            number += 1
    engine.dispose()
    return 2**number


def _doubling(database: Database, number: int) -> str:
    """What doubles the rows; what must be unique in them is made of the row's id."""
    table = cast(Table, IntegrationLog.__table__)
    unique = _unique(table) | {"marker", "ordering_key", "remote_id"}
    names = [column.name for column in table.columns if not column.primary_key]
    quoted = [database.engine.dialect.identifier_preparer.quote(name) for name in names]
    made = f"'{number}-' || id" if database.sqlite else f"CONCAT('{number}-', id)"
    values = [made if name in unique else shown for name, shown in zip(names, quoted, strict=True)]
    return f"INSERT INTO {table.name} ({', '.join(quoted)}) SELECT {', '.join(values)} FROM {table.name}"


def _unique(table: Table) -> set[str]:
    several = [each for each in (*table.constraints, *table.indexes)
               if isinstance(each, UniqueConstraint) or (isinstance(each, Index) and each.unique)]  # fmt: skip
    return {column.name for each in several for column in each.columns} | {
        column.name for column in table.columns if column.unique
    }
