"""The database: how connect opens it, and the two ways of using it (`read`, `run`).

SQLite takes `BEGIN IMMEDIATE` for every write, because a deferred transaction that reads first fails at once, busy
timeout or not, when another writes. MySQL works at READ COMMITTED: REPEATABLE READ claims from a stale snapshot.
"""

import random
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DatabaseError, DBAPIError, IntegrityError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

# A deadlock's victim, a lock not had in time: the transaction is rolled back and may simply run again.
# https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
_TRY_AGAIN = frozenset({1205, 1213})
_TRIES = 8
_DUPLICATE = 1062
_BUSY = "The database is too busy."
_OLD_TABLES = ("no such table", "no such column", "has no column named")

# What a sender waits for must be answered within 3 s, and two of these waits may come one after the other: for the turn
# and for the file, for the ping of a dead connection and for a new one, for a lock and for it once more.
_BUSY_SECONDS = 1.2
_CONNECT_SECONDS = 1
_QUERY_SECONDS = 1.2


class DatabaseUnavailable(Exception):
    """The database cannot be used now: nothing was stored, the sender should try again."""


class Database:
    """One database with its pool. Every function in `storage` takes a session made here."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _open(self.url)
        self._reader = self.engine.execution_options(connect_read_only=True)
        # SQLite's waiting writers poll and may starve; threads of one process queue here instead.
        self._turn = threading.Lock() if self.sqlite else None

    @contextmanager
    def read(self) -> Generator[Session]:
        """A session for looking only; on SQLite it never waits for a writer."""
        with translated(), Session(self._reader, expire_on_commit=False) as session:
            yield session

    def run[T](self, work: Callable[[Session], T]) -> T:
        """Do `work` in one write transaction and commit; run it again if the database chose it as a deadlock's victim.

        Raises `DatabaseUnavailable`; then nothing was stored, or nothing is known to have been.
        """
        begun = time.monotonic()
        for attempt in range(_TRIES):
            try:
                with (
                    self._my_turn(), translated(),
                    Session(self.engine, expire_on_commit=False) as session, session.begin(),
                ):  # fmt: skip
                    return work(session)
            except _Victim:
                if time.monotonic() - begun > _BUSY_SECONDS:
                    raise
                time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311
        raise DatabaseUnavailable(_BUSY)

    @contextmanager
    def _my_turn(self) -> Generator[None]:
        if self._turn is None:
            yield
        elif self._turn.acquire(timeout=_BUSY_SECONDS):
            try:
                yield
            finally:
                self._turn.release()
        else:
            raise DatabaseUnavailable(_BUSY)

    def ping(self) -> None:
        """Raise `DatabaseUnavailable` unless the database answers and has connect's tables."""
        with self.read() as session:
            session.execute(text("SELECT 1 FROM integration_logs LIMIT 1"))

    def dispose(self) -> None:
        """Close the pooled connections."""
        self.engine.dispose()


class _Victim(DatabaseUnavailable):
    """The transaction was rolled back for another's sake."""


@contextmanager
def translated() -> Generator[None]:
    """Turn what the driver says of a database that cannot be used into `DatabaseUnavailable`."""
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        if _code(error) in _TRY_AGAIN:
            raise _Victim(_BUSY) from error
        raise DatabaseUnavailable(describe(error)) from error
    except DBAPIError as error:
        # SQLite says of a damaged file, or of none of its own, that it is a DatabaseError of no particular kind.
        if error.connection_invalidated or _no_table(error) or type(error) is DatabaseError:
            raise DatabaseUnavailable(describe(error)) from error
        raise


def describe(error: SQLAlchemyError) -> str:
    """A sentence for the operator, without the statement or its values."""
    if _no_table(error):
        return "The database has no tables yet, or old ones. Run: python app.py db upgrade"
    original = getattr(error, "orig", None)
    return f"The database cannot be used: {original or type(error).__name__}"


def _no_table(error: SQLAlchemyError) -> bool:
    said = str(getattr(error, "orig", ""))
    return _code(error) in (1146, 1054) or any(words in said for words in _OLD_TABLES)


def _code(error: SQLAlchemyError) -> object:
    arguments = getattr(getattr(error, "orig", None), "args", ())
    return arguments[0] if arguments else None


def _open(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(
            url, hide_parameters=True, pool_size=32, max_overflow=32, pool_timeout=_BUSY_SECONDS,
            connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False},
        )  # fmt: skip
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        url.update_query_dict({"charset": "utf8mb4"}),
        hide_parameters=True,  # an error's text goes into logs and rows
        isolation_level="READ COMMITTED",
        pool_size=32, max_overflow=32, pool_timeout=_BUSY_SECONDS, pool_pre_ping=True, pool_recycle=1800,
        connect_args={
            "connect_timeout": _CONNECT_SECONDS,
            "read_timeout": _QUERY_SECONDS,
            "write_timeout": _QUERY_SECONDS,
            "init_command": "SET SESSION innodb_lock_wait_timeout=1, time_zone='+00:00'",
        },
    )  # fmt: skip


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN is deferred; `_begin_sqlite` says which one
    cursor = connection.cursor()
    # FULL, since NORMAL may lose the last commits when the power fails, and they were answered with 2xx.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get("connect_read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def insert_new(session: Session, table: Table, values: dict[str, Any]) -> int | None:
    """Insert a row unless its unique key is taken; returns the new id, or None if there was one already.

    The refused statement alone is rolled back, on SQLite and on InnoDB. MySQL's ON DUPLICATE KEY UPDATE would not tell
    the two cases apart (the driver asks for found rows), and its INSERT IGNORE would cut what is too long.
    """
    try:
        outcome = session.execute(table.insert().values(values))
    except IntegrityError as error:
        if _code(error) == _DUPLICATE or "UNIQUE constraint failed" in str(error.orig):
            return None
        raise
    inserted: Any = outcome
    return int(inserted.inserted_primary_key[0])
