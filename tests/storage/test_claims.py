"""Leases, fencing and order, the same for both work tables and on both databases."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert

from storage import deliveries, integrations
from storage.engine import Database
from storage.models import Delivery, IntegrationLog
from tests.storage.rows import (
    LEASE,
    NOW,
    accept,
    add,
    after,
    arrival,
    at_once,
    claim,
    claim_delivery,
    column,
    held,
    places,
    planned,
)


@dataclass(frozen=True)
class Table:
    """One of the two work tables, with what both can do."""

    name: str
    put: Callable[[Database, dict[str, str]], Any]
    claim: Callable[[Database, datetime], Any]
    finish: Callable[[Database, Any, datetime, str], bool]
    model: type[Delivery] | type[IntegrationLog]

    def any_due(self, database: Database, now: datetime) -> bool:
        return bool(places(database, self.model, now))

    def ids(self, database: Database) -> list[int]:
        return column(database, "id", self.name)

    def states(self, database: Database) -> list[str]:
        return column(database, "status", self.name)


def _finish_delivery(database: Database, row: Any, now: datetime, status: str) -> bool:
    return database.run(lambda connection: deliveries.finish(connection, row, status, "", now))


def _finish_integration(database: Database, row: Any, now: datetime, status: str) -> bool:
    if status == "failed":
        return database.run(lambda connection: integrations.fail(connection, row, "no", now, sent_at=None))
    return database.run(lambda connection: integrations.complete(connection, row, "remote", "", now))


def _put_deliveries(database: Database, rows: dict[str, str]) -> None:
    accept(database, *(arrival(name, ordering_key=order) for name, order in rows.items()))


def _put_integrations(database: Database, rows: dict[str, str]) -> None:
    add(database, *(planned(name, ordering_key=order) for name, order in rows.items()))


DELIVERIES = Table(
    "deliveries", _put_deliveries, claim_delivery, _finish_delivery, Delivery,
)  # fmt: skip
INTEGRATIONS = Table(
    "integration_logs", _put_integrations, claim, _finish_integration, IntegrationLog,
)  # fmt: skip


@pytest.fixture(params=[DELIVERIES, INTEGRATIONS], ids=lambda table: table.name)
def table(request: pytest.FixtureRequest) -> Table:
    return request.param


# --- leases ----------------------------------------------------------------------------------------------------------


def test_nothing_is_due_in_an_empty_table(database: Database, table: Table) -> None:
    assert (table.any_due(database, NOW), table.claim(database, NOW)) == (False, None)


def test_a_claimed_row_is_nobody_elses_until_its_lease_runs_out(database: Database, table: Table) -> None:
    table.put(database, {"a": "one"})
    first = table.claim(database, NOW)
    assert (table.any_due(database, after(LEASE - 1)), table.claim(database, after(LEASE - 1))) == (False, None)
    assert table.any_due(database, after(LEASE))
    second = table.claim(database, after(LEASE))
    assert (second.id, second.attempts, second.lease_token != first.lease_token) == (first.id, 2, True)


def test_a_row_is_finished_by_the_token_that_holds_it_and_by_no_other(database: Database, table: Table) -> None:
    table.put(database, {"a": "one"})
    late, present = table.claim(database, NOW), table.claim(database, after(LEASE))
    assert not table.finish(database, late, after(LEASE), "failed")
    assert table.states(database) == ["pending"]
    assert table.finish(database, present, after(LEASE), "completed")
    assert not table.finish(database, present, after(LEASE), "failed")
    assert table.states(database) == ["completed"]


def test_a_lease_that_ran_out_still_counts_while_nobody_took_the_row(database: Database, table: Table) -> None:
    table.put(database, {"a": "one"})
    row = table.claim(database, NOW)
    assert table.finish(database, row, after(10 * LEASE), "completed")


def test_a_finished_row_is_never_due_again(database: Database, table: Table) -> None:
    for name, status in (("a", "completed"), ("b", "failed")):
        table.put(database, {name: name})
        assert table.finish(database, table.claim(database, NOW), NOW, status)
    assert (table.any_due(database, after(1e6)), table.claim(database, after(1e6))) == (False, None)
    assert column(database, "lease_token", table.name) == [None, None]


# --- order -----------------------------------------------------------------------------------------------------------


def test_only_the_oldest_pending_row_of_a_key_is_due(database: Database, table: Table) -> None:
    table.put(database, dict.fromkeys("abc", "one"))
    ids = table.ids(database)
    for number in ids:
        row = table.claim(database, NOW)
        assert (row.id, table.claim(database, NOW)) == (number, None)
        table.finish(database, row, NOW, "completed")
    assert table.states(database) == ["completed"] * 3


def test_other_keys_go_on_meanwhile(database: Database, table: Table) -> None:
    table.put(database, {"a": "one", "b": "one", "c": "two", "d": "three"})
    first, _, third, fourth = table.ids(database)
    assert [table.claim(database, NOW).id for _ in range(3)] == [first, third, fourth]
    assert table.claim(database, NOW) is None


def test_a_row_that_waits_holds_back_what_comes_after_it(database: Database, table: Table) -> None:
    table.put(database, dict.fromkeys("ab", "one"))
    table.claim(database, NOW)
    assert table.claim(database, after(LEASE)).id == table.ids(database)[0]


def test_a_row_that_fails_for_good_lets_the_next_one_through(database: Database, table: Table) -> None:
    table.put(database, dict.fromkeys("ab", "one"))
    table.finish(database, table.claim(database, NOW), NOW, "failed")
    assert table.claim(database, NOW).id == table.ids(database)[1]


def test_what_has_waited_longest_comes_first(database: Database) -> None:
    add(database, *(planned(name, ordering_key=name) for name in "abc"))
    first = held(database)
    database.run(lambda connection: integrations.postpone(connection, first, after(5), "", NOW, sent_at=None))
    assert [held(database, after(9)).key for _ in range(3)] == ["b", "c", "a"]


def test_eight_threads_claim_every_row_once_and_in_the_order_of_its_key(database: Database, table: Table) -> None:
    table.put(database, {f"n{number}": f"key {number % 40}" for number in range(200)})
    orders = dict(zip(table.ids(database), [number % 40 for number in range(200)], strict=True))
    claimed: dict[int, list[int]] = defaultdict(list)
    noted, left, end = threading.Lock(), [200], time.monotonic() + 60

    def work(_: int) -> None:
        while left[0] and time.monotonic() < end:
            row = table.claim(database, NOW) if table.any_due(database, NOW) else None
            if row is None:
                continue
            with noted:
                claimed[orders[row.id]].append(row.id)
                left[0] -= 1
            assert table.finish(database, row, NOW, "completed")

    at_once(8, work)
    assert dict(claimed) == {order: [row for row, key in orders.items() if key == order] for order in range(40)}
    assert column(database, "attempts", table.name) == [1] * 200


# --- speed -----------------------------------------------------------------------------------------------------------


def _asked(database: Database, table: Table) -> list[tuple[str, Any]]:
    """What a look for something due and a claim ask of the database."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")):
            asked.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    assert table.any_due(database, NOW)
    assert table.claim(database, NOW) is not None
    event.remove(database.engine, "before_cursor_execute", note)
    assert len(asked) >= 3
    return asked


def _rows_read(connection: Connection, asked: list[tuple[str, Any]]) -> int:
    """How many rows and index entries MySQL touches for that: its plans only guess."""
    connection.exec_driver_sql("FLUSH STATUS")
    for statement, given in asked:
        connection.exec_driver_sql(statement, given).all()
    counted = connection.exec_driver_sql("SHOW SESSION STATUS LIKE 'Handler_read%%'").all()
    return sum(int(value) for _, value in counted)


def test_a_claim_is_found_by_index_among_thousands_of_finished_rows(database: Database, table: Table) -> None:
    model = Delivery if table is DELIVERIES else IntegrationLog
    rows = [{name: given for name, given in row.items() if hasattr(model, name)} for row in _finished(table)]
    database.run(lambda connection: connection.execute(insert(model), rows))
    table.put(database, {"due": "one"})
    asked = _asked(database, table)
    with database.engine.connect() as connection:
        if not database.sqlite:
            assert _rows_read(connection, asked) < 100
            return
        plans = [connection.exec_driver_sql("EXPLAIN QUERY PLAN " + one, given).all() for one, given in asked]
    lines = [line.detail for plan in plans for line in plan]
    assert [line for line in lines if line.startswith("SCAN") and not line.endswith("_lanes")] == []
    assert [line for line in lines if table.name in line and "INDEX ix_" not in line] == []


def _finished(table: Table) -> list[dict[str, Any]]:
    """Two thousand rows of some weeks ago."""
    common = {"status": "completed", "due_at": NOW, "attempts": 1, "updated_at": NOW, "event": "push", "turn": 0}
    common |= {"lane": "slack:api", "crashes": 0}
    delivery = common | {"service": "github", "headers": "{}", "body": b"", "received_at": NOW, "detail": ""}
    call = common | {
        "source_service": "github", "target_service": "slack", "event_type": "push", "source_id": "", "target_id": "",
        "operation": "post_message", "payload": "{}", "misses": 0, "created_at": NOW, "marker": "",
    }  # fmt: skip
    name, columns = ("delivery_id", delivery) if table is DELIVERIES else ("key", call)
    return [columns | {name: str(number), "ordering_key": f"key {number % 40}"} for number in range(2000)]
