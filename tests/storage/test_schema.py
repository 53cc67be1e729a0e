"""Migrations: any number of times, from any number of processes, and always to what the models say."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect, text

from storage import schema
from storage.engine import Database, DatabaseUnavailable
from storage.models import Base
from tests.mariadb import free_port
from tests.storage.rows import accept, arrival, column

ROOT = Path(__file__).parents[2]
UPGRADE = "import sys; from storage import schema; sys.stdin.read(1); schema.upgrade(sys.argv[1])"


def test_upgrading_twice_changes_nothing_and_loses_nothing(database: Database, database_url: str) -> None:
    accept(database, arrival())
    schema.upgrade(database_url)
    assert column(database, "delivery_id", "deliveries") == ["d1"]


def test_the_migrations_make_what_the_models_describe(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.usefixtures("mended")
def test_reset_empties_every_table_and_leaves_them_usable(database: Database, database_url: str) -> None:
    accept(database, arrival())
    schema.reset(database_url)
    assert column(database, "id", "deliveries") == []
    assert accept(database, arrival()) == [1]


def test_reset_makes_the_tables_where_there_are_none(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.db"
    schema.reset(url)
    assert {*Base.metadata.tables} <= {*inspect(create_engine(url)).get_table_names()}


def test_processes_that_upgrade_at_once_make_the_tables_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/connect.db"
    command = [sys.executable, "-c", UPGRADE, url]
    starting = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    for process in starting:
        assert process.stdin
        process.stdin.write("g")
        process.stdin.flush()
    ended = [process.communicate(timeout=60)[1] for process in starting]
    assert [process.returncode for process in starting] == [0, 0], ended
    assert accept(Database(url), arrival()) == [1]


def test_an_upgrade_waits_for_the_one_under_way_and_then_has_nothing_to_do(sqlite_url: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as made:
        steps = [row[0] for row in made.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as first, ThreadPoolExecutor(1) as elsewhere:
        first.execute("BEGIN IMMEDIATE")
        second = elsewhere.submit(schema.upgrade, f"sqlite:///{path}")
        assert wait([second], 0.5).not_done
        for step in (*steps, f"INSERT INTO alembic_version VALUES ('{schema.newest()}')", "COMMIT"):
            first.execute(step)
        second.result(10)
    assert accept(Database(f"sqlite:///{path}"), arrival()) == [1]


@pytest.mark.usefixtures("mended")
@pytest.mark.parametrize("database_url", ["mysql"], indirect=True)
def test_an_upgrade_on_mysql_waits_for_the_one_under_way(database: Database, database_url: str) -> None:
    with database.engine.connect() as first, ThreadPoolExecutor(1) as elsewhere:
        first.execute(text("DROP TABLE alembic_version"))
        first.execute(text("SELECT GET_LOCK('connect-migration', 1)"))
        second = elsewhere.submit(schema.upgrade, database_url)
        assert wait([second], 0.5).not_done
        first.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
        first.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": schema.newest()})
        first.commit()
        first.execute(text("SELECT RELEASE_LOCK('connect-migration')"))
        second.result(10)


def test_a_path_with_a_percent_sign_can_be_migrated(tmp_path: Path) -> None:
    schema.upgrade(f"sqlite:///{tmp_path}/100%25.db")


@pytest.mark.parametrize("act", [schema.upgrade, schema.reset], ids=["upgrade", "reset"])
def test_a_database_that_is_away_is_said_to_be(act: Callable[[str], None]) -> None:
    url = f"mysql+pymysql://root:geheim@127.0.0.1:{free_port()}/connect"
    with pytest.raises(DatabaseUnavailable, match=r"^The database cannot be used: ") as refused:
        act(url)
    assert "geheim" not in str(refused.value)


def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam, " * 100)
    url = f"sqlite:///{tmp_path}/letter.txt"
    for use in (lambda: schema.upgrade(url), lambda: Database(url).ping()):
        with pytest.raises(DatabaseUnavailable, match="file is not a database"):
            use()


# --- the server's settings -------------------------------------------------------------------------------------------


@pytest.fixture
def well_set(database_url: str) -> Iterator[Connection]:
    """A connection that may set the server; its settings are put back afterwards."""
    names = ("max_allowed_packet", "innodb_flush_log_at_trx_commit")
    with create_engine(database_url, isolation_level="AUTOCOMMIT").connect() as root:
        usual = {name: root.scalar(text(f"SELECT @@global.{name}")) for name in names}
        root.execute(text("SET GLOBAL max_allowed_packet = 67108864, GLOBAL innodb_flush_log_at_trx_commit = 1"))
        yield root
        for name, value in usual.items():
            root.execute(text(f"SET GLOBAL {name} = {value}"))


@pytest.mark.parametrize("database_url", ["mysql"], indirect=True)
def test_an_upgrade_warns_of_settings_that_lose_what_was_accepted(
    database_url: str, well_set: Connection, caplog: pytest.LogCaptureFixture
) -> None:
    schema.upgrade(database_url)
    assert caplog.messages == []
    well_set.execute(text("SET GLOBAL max_allowed_packet = 16777216, GLOBAL innodb_flush_log_at_trx_commit = 2"))
    schema.upgrade(database_url)
    assert caplog.messages == [
        "A webhook of 25 MB that hardly compresses does not fit into the server's max_allowed_packet of 16 MiB, and is "
        "refused for ever. In my.cnf under [mysqld]: max_allowed_packet=64M",
        "innodb_flush_log_at_trx_commit is 2: what was accepted last is lost when the server's power fails. "
        "In my.cnf under [mysqld]: innodb_flush_log_at_trx_commit=1",
    ]


def test_a_file_has_no_such_settings(sqlite_url: str, caplog: pytest.LogCaptureFixture) -> None:
    schema.upgrade(sqlite_url)
    assert caplog.messages == []
