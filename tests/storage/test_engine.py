"""A database that is away, old, locked or too busy: connect says so within 3 s, and nothing is half done."""

import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import IntegrityError

from storage import integrations, schema
from storage.engine import Database, DatabaseUnavailable
from tests.mariadb import free_port
from tests.proxy import Proxy
from tests.storage.rows import NOW, accept, add, arrival, at_once, column, held, planned

PATIENCE = 3.0
"""Seconds within which a sender must have its 503."""

mysql_only = pytest.mark.parametrize("database_url", ["mysql"], indirect=True)
sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def refusal(work: Any) -> str:
    """What `work` is refused with, in time."""
    begun = time.monotonic()
    with pytest.raises(DatabaseUnavailable) as refused:
        work()
    assert time.monotonic() - begun < PATIENCE
    return str(refused.value)


@pytest.fixture
def locked(database: Database) -> Iterator[sqlite3.Connection]:
    """A connection of somebody else's that holds the whole file."""
    database.ping()
    with closing(sqlite3.connect(database.url.database or "", isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield other


# --- transactions ----------------------------------------------------------------------------------------------------


def test_a_transaction_that_breaks_stores_nothing(database: Database) -> None:
    def work(connection: Connection) -> None:
        integrations.add(connection, [planned()], None, NOW)
        raise LookupError("half way")

    with pytest.raises(LookupError, match="half way"):
        database.run(work)
    assert column(database, "id") == []


def test_a_duplicate_leaves_the_rest_of_its_transaction_alone(database: Database) -> None:
    add(database, planned("k1"))
    assert len(add(database, planned("k0"), planned("k1"), planned("k2"))) == 2
    assert sorted(column(database, "`key`")) == ["k0", "k1", "k2"]


def test_one_delivery_that_arrives_twenty_times_at_once_is_one_row(database: Database) -> None:
    together = threading.Barrier(20)

    def deliver(_: int) -> int | None:
        together.wait(10)
        return accept(database, arrival("once"))[0]

    ids = at_once(20, deliver)
    assert [one for one in ids if one is not None] == column(database, "id", "deliveries")
    assert len([one for one in ids if one is not None]) == 1


def test_many_writers_at_once_all_get_their_turn(database: Database) -> None:
    ids = at_once(16, lambda number: accept(database, arrival(f"d{number}"))[0])
    assert sorted(column(database, "id", "deliveries")) == sorted(one for one in ids if one is not None)
    assert len(set(ids)) == 16


@sqlite_only
def test_processes_that_look_before_they_write_do_not_fail_for_each_other(database: Database) -> None:
    """A file's writers in other processes: they do not queue where this process's threads do."""
    add(database, *(planned(f"k{number}", ordering_key=str(number)) for number in range(40)))
    processes = [Database(str(database.url)) for _ in range(4)]
    claimed = at_once(4, lambda number: [held(processes[number]).id for _ in range(10)])
    assert sorted(one for ids in claimed for one in ids) == column(database, "id")
    for process in processes:
        process.dispose()


@mysql_only
def test_a_deadlock_is_run_again_and_both_transactions_succeed(database: Database) -> None:
    first, second = add(database, planned("a"), planned("b"))
    together = threading.Barrier(2)
    tries: list[int] = []

    def crosswise(number: int) -> None:
        mine, other = (first, second) if number == 0 else (second, first)
        fresh = [True]

        def work(connection: Connection) -> None:
            tries.append(number)
            connection.execute(text("UPDATE integration_logs SET attempts = attempts + 1 WHERE id = :id"), {"id": mine})
            if fresh.pop() if fresh else False:
                together.wait(10)
            connection.execute(
                text("UPDATE integration_logs SET attempts = attempts + 1 WHERE id = :id"), {"id": other}
            )

        database.run(work)

    at_once(2, crosswise)
    assert len(tries) > 2
    assert column(database, "attempts") == [2, 2]


def test_looking_never_waits_for_a_writer(database: Database) -> None:
    add(database, planned())
    seen: list[int] = []

    def work(connection: Connection) -> None:
        connection.execute(text("UPDATE integration_logs SET attempts = 7"))
        seen.extend(column(database, "attempts"))

    database.run(work)
    assert seen == [0]


# --- old or missing tables -------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("mended")
def test_a_database_without_tables_says_how_to_get_them(database: Database) -> None:
    database.run(lambda connection: connection.execute(text("DROP TABLE integration_logs")))
    assert "python app.py db upgrade" in refusal(lambda: add(database, planned()))
    assert "python app.py db upgrade" in refusal(lambda: column(database, "id"))
    assert "python app.py db upgrade" in refusal(database.ping)


@pytest.mark.usefixtures("mended")
def test_a_database_with_old_tables_says_how_to_renew_them(database: Database) -> None:
    database.run(lambda connection: connection.execute(text("ALTER TABLE integration_logs DROP COLUMN error_message")))
    assert "python app.py db upgrade" in refusal(lambda: column(database, "error_message"))
    database.run(lambda connection: connection.execute(text("ALTER TABLE integration_logs DROP COLUMN misses")))
    assert "python app.py db upgrade" in refusal(lambda: add(database, planned()))


def test_a_database_with_tables_answers_the_ping(database: Database) -> None:
    database.ping()


# --- away, hanging, locked -------------------------------------------------------------------------------------------


def test_a_server_that_does_not_listen_is_unavailable_at_once() -> None:
    database = Database(f"mysql+pymysql://root:geheim@127.0.0.1:{free_port()}/connect")
    said = refusal(lambda: accept(database, arrival()))
    assert said.startswith("The database cannot be used: ")
    assert "geheim" not in said
    refusal(lambda: column(database, "id"))


@mysql_only
def test_wrong_credentials_are_named_without_the_password(database: Database) -> None:
    said = refusal(lambda: accept(Database(str(database.url.set(password="geheim"))), arrival()))
    assert "geheim" not in said


def test_a_server_that_accepts_and_says_nothing_is_given_up_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        database = Database(f"mysql+pymysql://root:geheim@127.0.0.1:{silent.getsockname()[1]}/connect")
        refusal(lambda: accept(database, arrival()))


@mysql_only
def test_a_server_that_falls_silent_is_given_up_in_time(database: Database) -> None:
    with Proxy(database.url.port or 0) as proxy:
        through = Database(str(database.url.set(port=proxy.port).render_as_string(hide_password=False)))
        accept(through, arrival("before"))
        proxy.black_hole()
        refusal(lambda: accept(through, arrival("while")))
        through.dispose()
    assert column(database, "delivery_id", "deliveries") == ["before"]


@mysql_only
def test_a_row_that_somebody_holds_locked_is_given_up_in_time(database: Database) -> None:
    accept(database, arrival("d1"))
    engine = create_engine(database.url)
    with engine.connect() as other:
        other.execute(text("SELECT * FROM deliveries WHERE delivery_id = 'd1' FOR UPDATE"))
        assert refusal(lambda: accept(database, arrival("d1"))) == "The database is too busy."
    engine.dispose()
    assert accept(database, arrival("d1")) == [None]


@sqlite_only
def test_a_locked_file_is_given_up_in_time_by_everyone_and_works_again_afterwards(
    database: Database, locked: sqlite3.Connection
) -> None:
    begun = threading.Barrier(8)

    def deliver(number: int) -> str:
        begun.wait(10)
        return refusal(lambda: accept(database, arrival(f"d{number}")))

    assert set(at_once(8, deliver)) <= {
        "The database is too busy.",
        "The database cannot be used: database is locked",
    }
    assert column(database, "id", "deliveries") == []
    locked.execute("COMMIT")
    assert accept(database, arrival()) != [None]


@sqlite_only
def test_looking_works_while_another_process_writes(database: Database, locked: sqlite3.Connection) -> None:
    assert column(database, "id", "deliveries") == []


@pytest.mark.parametrize("name", ["missing/connect.db", "connect.db"], ids=["folder", "file"])
def test_a_file_that_does_not_exist_is_unavailable_and_not_made(tmp_path: Path, name: str) -> None:
    said = refusal(lambda: accept(Database(f"sqlite:///{tmp_path}/{name}"), arrival()))
    assert said.endswith("unable to open database file. If there is none yet, run: python app.py db upgrade")
    assert list(tmp_path.iterdir()) == []


def test_a_path_with_marks_of_its_own_is_the_file_that_it_names(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/50%25 what#now.db"
    schema.upgrade(url)
    assert accept(Database(url), arrival()) == [1]


@mysql_only
def test_the_server_may_restart_its_connections(database: Database) -> None:
    accept(database, arrival("before"))
    engine = create_engine(database.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as other:
        for (number,) in other.execute(
            text("SELECT id FROM information_schema.processlist WHERE db = DATABASE()")
        ).all():
            if number != other.scalar(text("SELECT CONNECTION_ID()")):
                other.execute(text(f"KILL {number}"))
    engine.dispose()
    assert accept(database, arrival("after")) != [None]


# --- what it is opened with ------------------------------------------------------------------------------------------


@sqlite_only
def test_a_commit_on_sqlite_is_on_the_disk(database: Database) -> None:
    with database.read() as connection:
        found = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")]
    assert found == ["wal", 2]


@mysql_only
def test_mysql_works_at_read_committed_in_utc(database: Database) -> None:
    def look(connection: Connection) -> tuple[Any, ...]:
        isolation = connection.execute(text("SHOW VARIABLES LIKE 't%_isolation'")).all()[0][1]
        return (isolation, *connection.execute(text("SELECT @@time_zone, @@innodb_lock_wait_timeout")).one())

    assert database.run(look) == ("READ-COMMITTED", "+00:00", 1)


def test_an_error_does_not_show_the_values_of_its_statement(database: Database) -> None:
    accept(database, arrival())
    wrong = text("UPDATE deliveries SET event = NULL WHERE delivery_id <> :value")
    with pytest.raises(IntegrityError) as broken:
        database.run(lambda connection: connection.execute(wrong, {"value": "geheim"}))
    assert "geheim" not in str(broken.value)
