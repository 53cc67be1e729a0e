"""A database under fire: no 503 later than 3 s, nothing called stored that is not, usable again by itself."""

import secrets
import shutil
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pymysql
import pytest
from sqlalchemy import Connection, event, text

from storage import deliveries, schema
from storage.engine import Database, DatabaseUnavailable
from tests.conftest import MEMORY
from tests.mariadb import MariaDb, find_binary
from tests.proxy import COMMIT, Proxy
from tests.storage.rows import NOW, accept, arrival, at_once, column

PATIENCE = 3.0
"""Seconds within which a sender must have its 503."""
AT_ONCE = 1.0
"""Seconds that are fewer than anybody waits for a server that is silent."""
RETURN = 10.0
"""Seconds within which connect must work again."""

mysql_only = pytest.mark.parametrize("database_url", ["mysql"], indirect=True)
sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def refused(work: Callable[[], Any]) -> tuple[str, float]:
    """What `work` is refused with, and after how many seconds."""
    begun = time.monotonic()
    with pytest.raises(DatabaseUnavailable) as said:
        work()
    took = time.monotonic() - begun
    assert took < PATIENCE
    return str(said.value), took


def works_again(database: Database, name: str) -> float:
    """Seconds until an arrival is accepted."""
    begun = time.monotonic()
    while time.monotonic() - begun < RETURN:
        try:
            assert accept(database, arrival(name)) != [None]
            return time.monotonic() - begun
        except DatabaseUnavailable:
            threading.Event().wait(0.05)
    raise AssertionError("the database is back, and connect does not use it")


def stored(database: Database) -> list[str]:
    return column(database, "delivery_id", "deliveries")


# --- a server behind a network that fails ----------------------------------------------------------------------------


@pytest.fixture
def proxy(database: Database) -> Iterator[Proxy]:
    with Proxy(database.url.port or 0) as opened:
        yield opened


@pytest.fixture
def through(database: Database, proxy: Proxy) -> Iterator[Database]:
    """The same database behind the proxy, with an open connection."""
    opened = Database(database.url.set(port=proxy.port).render_as_string(hide_password=False))
    accept(opened, arrival("before"))
    yield opened
    opened.dispose()


@mysql_only
def test_a_flood_in_a_black_hole_is_refused_in_time_and_then_at_once(
    database: Database, through: Database, proxy: Proxy
) -> None:
    at_once(16, lambda number: accept(through, arrival(f"open{number}")))
    before = stored(database)
    proxy.black_hole()
    for _ in range(2):  # the connections there were, and then new ones
        at_once(16, lambda number: refused(lambda: accept(through, arrival(f"d{number}"))))
    waited = sorted(at_once(16, lambda number: refused(lambda: accept(through, arrival(f"d{number}")))[1]))
    assert waited[14] < AT_ONCE  # one looks whether it is back, and waits for that
    refused(through.ping)
    proxy.carry()
    works_again(through, "after")
    assert stored(database) == [*before, "after"]


@mysql_only
@pytest.mark.parametrize("trouble", [Proxy.refuse, Proxy.reset], ids=["refused", "reset"])
def test_a_server_out_of_reach_is_unavailable_until_it_is_not(
    database: Database, through: Database, proxy: Proxy, trouble: Callable[[Proxy], None]
) -> None:
    trouble(proxy)
    for use in (lambda: accept(through, arrival("while")), through.ping):
        refused(use)
    proxy.carry()
    works_again(through, "after")
    assert stored(database) == ["before", "after"]


@mysql_only
def test_a_slow_network_is_no_outage(database: Database, through: Database, proxy: Proxy) -> None:
    proxy.delay(0.05)
    assert accept(through, arrival("late")) != [None]
    assert stored(database) == ["before", "late"]


@mysql_only
def test_a_connection_that_died_a_moment_ago_costs_nobody_a_refusal(through: Database, proxy: Proxy) -> None:
    proxy.cut()
    assert accept(through, arrival("after")) != [None]


@mysql_only
def test_a_connection_that_was_forgotten_while_idle_is_replaced(
    through: Database, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.connecting._IDLE_SECONDS", 0)
    proxy.black_hole()
    proxy.carry()
    begun = time.monotonic()
    assert accept(through, arrival("after")) != [None]
    assert time.monotonic() - begun < PATIENCE


@mysql_only
def test_a_commit_whose_answer_is_lost_is_not_called_stored_nor_done_again(
    database: Database, through: Database, proxy: Proxy
) -> None:
    tries: list[int] = []

    def work(connection: Connection) -> int | None:
        tries.append(1)
        return deliveries.accept(connection, arrival("torn"), NOW)

    proxy.lose_answer(COMMIT)
    refused(lambda: through.run(work))
    assert len(tries) == 1
    assert accept(through, arrival("torn")) == [None]
    assert stored(database) == ["before", "torn"]


@mysql_only
def test_a_statement_whose_answer_is_lost_is_done_again(database: Database, through: Database, proxy: Proxy) -> None:
    proxy.lose_answer(b"INSERT INTO deliveries")
    assert accept(through, arrival("torn")) != [None]
    assert stored(database) == ["before", "torn"]


# --- a server of the test's own --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server() -> Iterator[MariaDb]:
    """A server that may be killed and misconfigured, with a migrated database and a user without privileges."""
    binary = find_binary()
    if binary is None:
        pytest.skip("mariadbd is not installed")
    with tempfile.TemporaryDirectory(prefix="connect-mariadb-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        made = MariaDb(binary, Path(folder))
        made.start()
        say(made, "CREATE DATABASE connect CHARACTER SET utf8mb4", "CREATE USER app@'127.0.0.1' IDENTIFIED BY 'app'",
            "GRANT ALL ON connect.* TO app@'127.0.0.1'")  # fmt: skip
        schema.upgrade(f"{made.url}/connect")
        yield made
        made.stop()


@pytest.fixture
def own(server: MariaDb) -> Iterator[Database]:
    """Its database, empty, as that user sees it."""
    say(server, "DELETE FROM connect.deliveries")
    database = Database(f"mysql+pymysql://app:app@127.0.0.1:{server.port}/connect")
    accept(database, arrival("before"))
    yield database
    database.dispose()


def say(server: MariaDb, *statements: str) -> None:
    with closing(pymysql.connect(host="127.0.0.1", port=server.port, user="root", password="test")) as root:
        for statement in statements:
            with root.cursor() as cursor:
                cursor.execute(statement)
        root.commit()


@contextmanager
def setting(server: MariaDb, name: str, value: int, usual: int) -> Generator[None]:
    """A server's global variable for a while."""
    say(server, f"SET GLOBAL {name} = {value}")
    try:
        yield
    finally:
        say(server, f"SET GLOBAL {name} = {usual}")


def test_a_server_that_is_killed_and_started_again_is_used_again(server: MariaDb, own: Database) -> None:
    server.kill()
    assert all(took < PATIENCE for _, took in at_once(8, lambda _: refused(lambda: accept(own, arrival("while")))))
    server.start()
    assert works_again(own, "after") < RETURN
    assert stored(own) == ["before", "after"]


def test_a_server_that_became_read_only_is_unavailable_until_it_is_not(server: MariaDb, own: Database) -> None:
    with setting(server, "read_only", 1, 0):
        said, _ = refused(lambda: accept(own, arrival("while")))
        own.ping()
    assert "1290" in said
    assert accept(own, arrival("after")) != [None]
    assert stored(own) == ["before", "after"]


def test_a_server_with_too_many_connections_is_unavailable_to_those_without_one(server: MariaDb, own: Database) -> None:
    other = Database(str(own.url.render_as_string(hide_password=False)))
    with setting(server, "max_connections", 10, 151):
        taken = list(fill(server))
        said, _ = refused(lambda: accept(other, arrival("while")))
        assert accept(own, arrival("mine")) != [None]
        for one in taken:
            one.close()
    assert "1040" in said
    works_again(other, "after")
    other.dispose()


def fill(server: MariaDb) -> Iterator[Any]:
    """Connections until there are no more to be had."""
    while True:
        try:
            yield pymysql.connect(host="127.0.0.1", port=server.port, user="app", password="app")
        except pymysql.err.OperationalError as full:
            if full.args[0] == 1040:
                return
            raise


def test_a_body_too_large_for_the_server_says_which_setting_to_raise(server: MariaDb, own: Database) -> None:
    with setting(server, "max_allowed_packet", 1 << 20, 64 << 20):
        own.dispose()  # a session keeps the limit it began with
        said, _ = refused(lambda: accept(own, arrival("large", body=secrets.token_bytes(3 << 20))))
        assert "max_allowed_packet" in said
        assert accept(own, arrival("small")) != [None]
    own.dispose()
    assert accept(own, arrival("large", body=secrets.token_bytes(3 << 20))) != [None]


def test_a_lock_that_is_given_up_in_time_costs_nobody_a_refusal(server: MariaDb, own: Database) -> None:
    tries: list[int] = []
    again = threading.Event()

    def work(connection: Connection) -> None:
        tries.append(1)
        if len(tries) > 1:
            again.set()
        connection.execute(text(f"SET innodb_lock_wait_timeout = {int(len(tries) > 1)}"))  # once without patience
        connection.execute(text("UPDATE deliveries SET attempts = attempts + 1"))

    with own.engine.connect() as other:
        other.execute(text("SELECT * FROM deliveries FOR UPDATE"))
        waiting = threading.Thread(target=own.run, args=(work,))
        waiting.start()
        assert again.wait(10)
        other.rollback()
    waiting.join(10)
    assert column(own, "attempts", "deliveries") == [1]


# --- a file ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def path(database: Database) -> Path:
    accept(database, arrival("before"))
    return Path(database.url.database or "")


@contextmanager
def told(database: Database, pragma: str, back: str) -> Generator[None]:
    """Every connection under a pragma for a while."""

    def bad(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(f"PRAGMA {pragma}")

    def good(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(f"PRAGMA {back}")

    event.listen(database.engine, "checkout", bad)
    yield
    event.remove(database.engine, "checkout", bad)
    event.listen(database.engine, "checkout", good)


@sqlite_only
def test_a_file_that_may_only_be_read_is_unavailable_until_it_may_be_written(database: Database, path: Path) -> None:
    # SQLite's own word for it, since a test that runs as root may write to any file.
    with told(database, "query_only=1", "query_only=0"):
        assert "readonly" in refused(lambda: accept(database, arrival("while")))[0]
        assert stored(database) == ["before"]
    assert accept(database, arrival("after")) != [None]
    assert stored(database) == ["before", "after"]


@sqlite_only
def test_a_full_database_is_unavailable_until_there_is_room(database: Database, path: Path) -> None:
    large = arrival("large", body=secrets.token_bytes(1 << 20))
    with told(database, "max_page_count=1", "max_page_count=1073741823"):  # the pages it has, no less
        assert "full" in refused(lambda: accept(database, large))[0]
        assert stored(database) == ["before"]
    assert accept(database, large) != [None]
    assert stored(database) == ["before", "large"]


@sqlite_only
def test_a_log_that_cannot_grow_is_unavailable_until_it_can(database: Database, path: Path) -> None:
    resource = pytest.importorskip("resource")
    large = arrival("large", body=secrets.token_bytes(4 << 20))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 << 20, limits[1]))
    try:
        refused(lambda: accept(database, large))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert stored(database) == ["before"]
    assert accept(database, large) != [None]
    assert stored(database) == ["before", "large"]


def move(source: Path, target: Path) -> None:
    """A database with the files beside it."""
    for end in ("-wal", "-shm", ""):
        if (one := source.with_name(source.name + end)).exists():
            shutil.move(one, target.with_name(target.name + end))


@sqlite_only
def test_a_file_that_was_taken_away_is_not_written_to_nor_made_anew(database: Database, path: Path) -> None:
    at_once(4, lambda number: accept(database, arrival(f"open{number}")))
    before = stored(database)
    move(path, path.with_name("away"))
    assert "python app.py db upgrade" in refused(lambda: accept(database, arrival("while")))[0]
    refused(database.ping)
    assert not path.exists()
    move(path.with_name("away"), path)
    assert accept(database, arrival("after")) != [None]
    assert stored(Database(str(database.url))) == [*before, "after"]


@sqlite_only
def test_a_file_that_was_replaced_is_the_one_that_is_written_to(database: Database, path: Path) -> None:
    at_once(4, lambda number: accept(database, arrival(f"open{number}")))
    schema.upgrade(f"sqlite:///{path.with_name('other.db')}")
    move(path, path.with_name("old.db"))
    move(path.with_name("other.db"), path)
    at_once(8, lambda number: accept(database, arrival(f"new{number}")))
    with closing(sqlite3.connect(path)) as look:
        found = sorted(row[0] for row in look.execute("SELECT delivery_id FROM deliveries"))
    assert found == sorted(f"new{number}" for number in range(8))


@sqlite_only
def test_a_damaged_file_is_unavailable_until_it_is_mended(database: Database, path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = path.read_bytes()
    with told(database, "shrink_memory", "shrink_memory"):  # what SQLite remembers of a file is not damaged
        path.write_bytes(whole[:100] + secrets.token_bytes(len(whole) - 100))
        assert "malformed" in refused(lambda: accept(database, arrival("while")))[0]
        refused(database.ping)
    path.with_name("mended").write_bytes(whole)
    path.with_name("mended").replace(path)
    assert accept(database, arrival("after")) != [None]
    assert stored(Database(str(database.url))) == ["before", "after"]
