"""Retention: what is old and finished goes, in small batches; what is pending, young or still needed stays."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection, event, update

from storage import deliveries, integrations, mappings, preferences, retention, subscriptions
from storage.engine import Database
from storage.mappings import NewMapping
from storage.models import Delivery, IntegrationLog
from storage.retention import Table, Walked
from storage.subscriptions import Wanted
from tests.storage.rows import NOW, accept, add, after, arrival, at_once, column, planned

OLD, BEFORE, YOUNG = after(0), after(100), after(200)


def put(database: Database, table: Table, *rows: tuple[str, datetime]) -> list[int]:
    """Rows of these states that came in, and were last touched, at these times."""
    if table is Delivery:
        accept(database, *[arrival(f"d{number}") for number in range(len(rows))])
    else:
        add(database, *[planned(f"k{number}") for number in range(len(rows))])
    ids: list[int] = column(database, "id", table.__tablename__)
    for row_id, (status, since) in zip(ids, rows, strict=True):
        touch(database, table, row_id, status=status, updated_at=since)
        touch(database, table, row_id, **{"received_at" if table is Delivery else "created_at": since})
    return ids


def touch(database: Database, table: Table, row_id: int, **values: Any) -> None:
    database.run(lambda connection: connection.execute(update(table).where(table.id == row_id).values(values)))


def sizes(database: Database) -> list[bool]:
    return [bool(body) for body in column(database, "body", "deliveries")]


def forget(database: Database, after_id: int = 0, limit: int = 100) -> Walked:
    return database.run(lambda connection: retention.forget_bodies(connection, BEFORE, after_id, limit))


def clear(database: Database, table: Table, after_id: int = 0, limit: int = 100) -> Walked:
    return database.run(lambda connection: retention.delete_finished(connection, table, BEFORE, after_id, limit))


both = pytest.mark.parametrize("table", [Delivery, IntegrationLog])

# --- bodies ----------------------------------------------------------------------------------------------------------


def test_the_bodies_and_headers_of_what_was_understood_long_ago_are_emptied(database: Database) -> None:
    ids = put(
        database, Delivery, ("completed", OLD), ("ignored", OLD), ("failed", OLD), ("pending", OLD),
        ("completed", YOUNG),
    )  # fmt: skip
    headers = '{"X-GitHub-Event": "push"}'
    for row_id in ids:
        touch(database, Delivery, row_id, headers=headers)
    assert forget(database) == Walked(2, ids[3], more=False)
    assert sizes(database) == [False, False, True, True, True]
    assert column(database, "headers", "deliveries") == ["{}", "{}", headers, headers, headers]
    assert column(database, "status", "deliveries") == ["completed", "ignored", "failed", "pending", "completed"]


def test_a_body_is_emptied_once_and_what_came_at_the_bound_is_young(database: Database) -> None:
    put(database, Delivery, ("completed", OLD), ("completed", BEFORE))
    assert [forget(database).changed for _ in range(2)] == [1, 0]
    assert sizes(database) == [False, True]


def test_the_walk_stops_at_the_first_that_is_too_young(database: Database) -> None:
    ids = put(database, Delivery, ("completed", OLD), ("completed", YOUNG), ("completed", OLD))
    assert forget(database) == Walked(1, ids[0], more=False)
    assert sizes(database) == [False, True, True]


def test_a_walk_goes_on_after_its_cursor_until_there_is_no_more(database: Database) -> None:
    ids = put(database, Delivery, *[("completed", OLD)] * 5)
    assert [forget(database, 0, 2), forget(database, ids[1], 2), forget(database, ids[3], 2)] == [
        Walked(2, ids[1], more=True), Walked(2, ids[3], more=True), Walked(1, ids[4], more=False),
    ]  # fmt: skip
    assert forget(database, ids[4], 2) == Walked(0, ids[4], more=False)


def test_a_delivery_without_a_body_is_still_known_when_it_is_sent_again(database: Database) -> None:
    put(database, Delivery, ("completed", OLD))
    forget(database)
    assert accept(database, arrival("d0")) == [None]


# --- rows ------------------------------------------------------------------------------------------------------------


@both
def test_what_is_finished_and_old_is_deleted_and_nothing_else(database: Database, table: Table) -> None:
    states = ["completed", "failed", "pending", "completed"]
    ids = put(database, table, *[(state, OLD) for state in states], ("completed", YOUNG))
    touch(database, table, ids[3], updated_at=YOUNG)
    assert clear(database, table) == Walked(2, ids[3], more=False)
    assert column(database, "id", table.__tablename__) == ids[2:]


def test_ignored_deliveries_are_deleted_as_well(database: Database) -> None:
    ids = put(database, Delivery, ("ignored", OLD), ("completed", YOUNG))
    clear(database, Delivery)
    assert column(database, "id", "deliveries") == ids[1:]


@both
def test_deleting_goes_on_batch_by_batch(database: Database, table: Table) -> None:
    ids = put(database, table, *[("completed", OLD)] * 5, ("completed", YOUNG))
    assert clear(database, table, 0, 2) == Walked(2, ids[1], more=True)
    assert column(database, "id", table.__tablename__) == ids[2:]
    assert clear(database, table, ids[1], 3) == Walked(3, ids[4], more=True)
    assert clear(database, table, ids[4], 3) == Walked(0, ids[4], more=False)


@both
def test_no_id_is_given_twice_even_when_everything_was_old(database: Database, table: Table) -> None:
    ids = put(database, table, *[("completed", OLD)] * 3)
    clear(database, table)
    assert column(database, "id", table.__tablename__) == ids[2:]
    new = accept(database, arrival("new")) if table is Delivery else add(database, planned("new"))
    assert new == [ids[2] + 1]


def test_a_delivery_stays_until_every_call_on_its_account_is_judged(database: Database) -> None:
    waiting, judged, *_ = put(database, Delivery, ("completed", OLD), ("completed", OLD), ("completed", YOUNG))
    database.run(lambda connection: integrations.add(connection, [planned("a")], waiting, NOW))
    database.run(lambda connection: integrations.add(connection, [planned("b")], judged, NOW))
    touch(database, IntegrationLog, column(database, "id")[1], status="failed")
    assert clear(database, Delivery).changed == 1
    assert column(database, "id", "deliveries")[0] == waiting
    touch(database, IntegrationLog, column(database, "id")[0], status="completed")
    assert clear(database, Delivery).changed == 1


def test_mappings_and_subscriptions_stay_for_ever(database: Database) -> None:
    mapping = NewMapping("thread", "github", "acme/web#7", "slack", "T1/C1/1.2", "", {})
    wanted = Wanted("github", "acme/web", "T1/C1", ("issues",), {}, False, "T1/U1")
    database.run(
        lambda connection: (mappings.put(connection, mapping, OLD), subscriptions.put(connection, wanted, OLD))
    )
    for table in (Delivery, IntegrationLog):
        put(database, table, *[("completed", OLD)] * 3)
        clear(database, table)
    forget(database)
    assert [len(column(database, "id", table)) for table in ("service_mappings", "subscriptions")] == [1, 1]


# --- with others at work ---------------------------------------------------------------------------------------------


def test_a_delivery_that_is_replayed_meanwhile_keeps_its_body_and_its_row(database: Database) -> None:
    (row_id, *_) = put(database, Delivery, ("completed", OLD), ("completed", YOUNG))

    def at_the_last_moment(work: Callable[[Connection], Walked]) -> Walked:
        """The batch, with a replay between its look and its change: in the same transaction, as the other commits."""
        begun: list[bool] = []

        def replay(connection: Connection) -> Walked:
            @event.listens_for(connection, "before_execute")
            def _(_connection: Any, statement: Any, *_: Any) -> None:
                if (statement.is_update or statement.is_delete) and not begun:
                    begun.append(True)
                    deliveries.replay(connection, row_id, after(300))

            return work(connection)

        return database.run(replay)

    works: list[Callable[[Connection], Walked]] = [
        lambda connection: retention.forget_bodies(connection, BEFORE, 0, 10),
        lambda connection: retention.delete_finished(connection, Delivery, BEFORE, 0, 10),
    ]
    for work in works:
        assert at_the_last_moment(work).changed == 0
        assert (column(database, "status", "deliveries")[0], sizes(database)[0]) == ("pending", True)
        touch(database, Delivery, row_id, status="completed", updated_at=OLD)


def test_two_that_clear_up_at_once_delete_each_row_once(database: Database) -> None:
    ids = put(database, IntegrationLog, *[("completed", OLD)] * 40, ("completed", YOUNG))
    done = at_once(4, lambda _: clear(database, IntegrationLog))
    assert (sum(one.changed for one in done), column(database, "id")) == (40, ids[40:])


@both
def test_a_batch_looks_at_its_own_rows_only(database: Database, table: Table) -> None:
    put(database, table, *[("completed", OLD)] * 30)
    seen: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def _(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    clear(database, table, 0, 10)
    deleting = [statement for statement in seen if statement.startswith("DELETE")]
    assert len(deleting) == 1
    assert f"{table.__tablename__}.id IN (" in deleting[0]


# --- notes -----------------------------------------------------------------------------------------------------------


def test_old_notes_are_forgotten_by_their_name_and_choices_never(database: Database) -> None:
    def write(connection: Connection) -> None:
        for number, (name, at) in enumerate([("seen", OLD), ("seen", YOUNG), ("choice", OLD), ("seen", OLD)]):
            preferences.put(connection, f"T1/C1/OPS-{number}", name, number, at)

    database.run(write)
    ids = column(database, "id", "preferences")

    def walk(after_id: int) -> Walked:
        return database.run(lambda connection: retention.forget_notes(connection, "seen", BEFORE, after_id, 1))

    assert walk(0) == Walked(1, ids[0], more=True)
    assert walk(ids[0]) == Walked(1, ids[3], more=True)
    assert walk(ids[3]) == Walked(0, ids[3], more=False)
    assert column(database, "id", "preferences") == ids[1:3]
