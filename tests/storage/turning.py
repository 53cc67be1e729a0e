"""What must hold of the turns whatever happened, and a player who makes anything happen."""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from storage import deliveries, integrations
from storage.engine import Database
from tests.storage.rows import LEASE, NOW, arrival, claim, claim_delivery, planned

TABLES = ("deliveries", "integration_logs")
KEYS = ("one", "two", "three")


def rows_of(database: Database, table: str) -> list[Any]:
    """Id, ordering key, status and turn of each row, by id, in Python's types."""
    with database.read() as connection:
        found = connection.execute(text(f"SELECT id, ordering_key, status, turn FROM {table} ORDER BY id")).all()
    return [tuple(value.decode() if isinstance(value, bytes) else value for value in row) for row in found]


def stuck(database: Database) -> list[Any]:
    """The rows that break the rule: the oldest pending row of a key is at its head, and only pending rows have a turn.

    The oldest may be at the head together with younger ones; who has no head at all waits for ever.
    """
    wrong: list[Any] = []
    for table in TABLES:
        begun: set[str] = set()
        for row in rows_of(database, table):
            _, key, status, turn = row
            waits_for_nobody = status == "pending" and key not in begun and turn <= 0
            if waits_for_nobody or (status == "pending") == (turn == 0):
                wrong.append((table, *row))
            if status == "pending":
                begun.add(key)
    return wrong


def drain(database: Database, now: datetime) -> None:
    """Do all that is pending, as workers would; whatever is left cannot be done by anyone."""
    for _ in range(2000):
        row, delivery = claim(database, now), claim_delivery(database, now)
        if row is not None:
            database.run(lambda connection, row=row: integrations.complete(connection, row, "remote", "", now))
        if delivery is not None:
            database.run(lambda connection, row=delivery: deliveries.finish(connection, row, "completed", "", now))
        if row is None and delivery is None:
            return
    raise AssertionError("there is no end to it")


def pending(database: Database) -> list[Any]:
    return [row for table in TABLES for row in rows_of(database, table) if row[2] == "pending"]


class Player:
    """Does one thing after the other, whichever the dice say; what it holds it may also forget, like one who dies."""

    def __init__(self, database: Database, seed: int, name: str = "") -> None:
        self.database = database
        self.dice = random.Random(seed)
        self.name = name or str(seed)
        self.now = NOW
        self.calls: list[Any] = []
        self.plans: list[Any] = []
        self.count = 0
        self.moves: list[Callable[[], object]] = [
            self.add, self.add, self.accept, self.accept, self.accept_many, self.claim, self.claim, self.claim_plan,
            self.claim_plan, self.end, self.end, self.finish, self.finish, self.postpone, self.put_off, self.retry,
            self.replay, self.replay, self.echo, self.die, self.wait,
        ]  # fmt: skip

    def play(self) -> str:
        """Make one move; returns its name."""
        move = self.dice.choice(self.moves)
        move()
        return getattr(move, "__name__", "")

    def fresh(self) -> str:
        self.count += 1
        return f"{self.name}-{self.count}"

    def add(self) -> None:
        order = self.dice.choice(KEYS)
        source = self.dice.choice(("slack", "github"))
        new = [planned(self.fresh(), ordering_key=order, source_service=source) for _ in range(self.dice.randint(1, 3))]
        known = planned(f"{self.name}-{self.dice.randint(1, self.count)}", ordering_key=self.dice.choice(KEYS))
        self.database.run(lambda connection: integrations.add(connection, [*new, known], None, self.now))

    def accept(self) -> None:
        one = arrival(self.fresh(), ordering_key=self.dice.choice(KEYS), urgent=self.dice.random() < 0.3)
        status = self.dice.choice(("pending", "pending", "completed"))
        self.database.run(lambda connection: deliveries.accept(connection, one, self.now, status))

    def accept_many(self) -> None:
        names = [self.fresh() for _ in range(self.dice.randint(2, 5))]
        if self.dice.random() < 0.2:
            names.append(names[0])
        rows = [deliveries.prepared(arrival(name, ordering_key=self.dice.choice(KEYS)), self.now) for name in names]
        with suppress(IntegrityError):
            self.database.run(lambda connection: deliveries.accept_many(connection, rows))

    def claim(self) -> None:
        row = claim(self.database, self.now, suspects=self.dice.random() < 0.5)
        self.calls += [row] if row is not None else []

    def claim_plan(self) -> None:
        row = claim_delivery(self.database, self.now, suspects=self.dice.random() < 0.5)
        self.plans += [row] if row is not None else []

    def end(self) -> None:
        if not self.calls:
            return
        row, failed = self.taken(self.calls), self.dice.random() < 0.5
        if failed:
            self.database.run(lambda connection: integrations.fail(connection, row, "no", self.now, sent_at=None))
        else:
            self.database.run(lambda connection: integrations.complete(connection, row, "remote", "", self.now))

    def finish(self) -> None:
        if self.plans:
            row, status = self.taken(self.plans), self.dice.choice(("completed", "ignored", "failed"))
            self.database.run(lambda connection: deliveries.finish(connection, row, status, "", self.now))

    def postpone(self) -> None:
        if self.calls:
            row, due = self.taken(self.calls), self.now + timedelta(seconds=self.dice.choice((0, 5, 90)))
            self.database.run(
                lambda connection: integrations.postpone(connection, row, due, "", self.now, sent_at=None)
            )

    def put_off(self) -> None:
        if self.plans:
            row, due = self.taken(self.plans), self.now + timedelta(seconds=self.dice.choice((0, 5, 90)))
            self.database.run(lambda connection: deliveries.postpone(connection, row, due, "", self.now, burn=True))

    def retry(self) -> None:
        failed = [row[0] for row in rows_of(self.database, "integration_logs") if row[2] == "failed"]
        if failed:
            row_id = self.dice.choice(failed)
            self.database.run(lambda connection: integrations.retry(connection, row_id, self.now))

    def replay(self) -> None:
        known = [row[0] for row in rows_of(self.database, "deliveries")]
        if known:
            row_id = self.dice.choice(known)
            self.database.run(lambda connection: deliveries.replay(connection, row_id, self.now))

    def echo(self) -> None:
        """An effect is seen on the far side: its row is ended, whoever has it, even if it waits."""
        with self.database.read() as connection:
            found: Any = connection.execute(text("SELECT marker FROM integration_logs WHERE status = 'pending'")).all()
        if not found:
            return
        marker = self.dice.choice(found)[0]
        marker = marker.decode() if isinstance(marker, bytes) else marker

        def confirm(connection: Any) -> None:
            row = integrations.take_marked(connection, marker, self.now)
            if row is not None:
                integrations.complete(connection, row, "remote", "", self.now)

        self.database.run(confirm)

    def die(self) -> None:
        self.calls, self.plans = self.calls[1:], self.plans[1:]

    def wait(self) -> None:
        self.now += timedelta(seconds=self.dice.choice((1, 10, LEASE)))

    def taken(self, held: list[Any]) -> Any:
        return held.pop(self.dice.randrange(len(held)))
