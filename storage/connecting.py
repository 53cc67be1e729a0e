"""How a connection is opened, kept and given up; which promise of `storage.engine`'s each setting serves.

SQLite takes `BEGIN IMMEDIATE` for every write, because a deferred transaction that reads first fails at once, busy
timeout or not, when another writes. MySQL works at READ COMMITTED: REPEATABLE READ claims from a stale snapshot.
"""

import os
import random
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import InvalidatePoolError, SQLAlchemyError

# What a sender waits for must be answered within 3 s, and two of these waits may come one after the other: for the turn
# and for the file, for the ping of a dead connection and for a new one, for a lock and for it once more.
BUSY_SECONDS = 1.2
_CONNECT_SECONDS = 1
_QUERY_SECONDS = 1.2
# A connection that was in use a moment ago is not asked whether it lives; if it does not, `Database.run` tries again.
_IDLE_SECONDS = 1.0
# Whole seconds after which the server drops a connection that says nothing, and what it had locked with it: of one that
# was cut it never learns otherwise, and everybody would go round its rows for hours.
_FORGOTTEN_AFTER = 20
_SESSION = "innodb_lock_wait_timeout=1, time_zone='+00:00', group_concat_max_len=16777216"

# Nobody there, or nobody who answers. Not among them: too many connections (1040), since those that are open work.
_UNREACHABLE = frozenset({2002, 2003, 2005, 2006, 2013})
# The server works but not for writers, or not for long. It may have been replaced: a new connection finds the other.
# After a packet that is too large (1153) it hangs up.
_OF_NO_USE = frozenset({1053, 1153, 1290, 1792, 1836})


class Away(Exception):
    """The database could not be reached a moment ago."""


class Outage:
    """What is known of a server that cannot be reached: one caller at a time looks, the others are refused at once.

    Otherwise every request would wait for its own connection, and there are more requests than threads to wait in.
    """

    _LOOK = 2.5
    """Seconds after which another may look, whatever became of the one who did."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reason: str | None = None
        self._looker: int | None = None
        self._until = 0.0

    def refuse(self) -> None:
        """Raise `Away` unless the server is there for all we know, or it is this caller's turn to look."""
        if self._reason is None:
            return
        with self._lock:
            if self._other_looks():
                raise Away(self._reason)
            self._looker, self._until = threading.get_ident(), time.monotonic() + self._LOOK

    def begin(self, reason: str) -> None:
        """The server could not be reached."""
        with self._lock:
            if not self._other_looks():
                self._reason, self._looker = reason, None

    def end(self) -> None:
        """The server answers."""
        if self._reason is not None:
            with self._lock:
                self._reason = self._looker = None

    def _other_looks(self) -> bool:
        """Somebody else is on the way, and the server is not known to be back."""
        away = self._reason is not None
        return away and self._looker not in (None, threading.get_ident()) and time.monotonic() < self._until


def code_of(error: SQLAlchemyError | BaseException | None) -> object:
    """The server's number of an error, None if it has none."""
    arguments: tuple[Any, ...] = getattr(getattr(error, "orig", error), "args", ())
    return arguments[0] if arguments else None


def open_engine(url: URL, outage: Outage) -> Engine:
    """The engine with its pool; no connection is made yet."""
    # Sessions end their transactions themselves; the pool's own ROLLBACK after each would be one more round trip.
    pool: dict[str, Any] = {
        "hide_parameters": True,  # an error's text goes into logs and rows
        "pool_size": 32, "max_overflow": 32, "pool_timeout": BUSY_SECONDS, "pool_reset_on_return": None,
        "pool_use_lifo": True,  # the connection that was in use a moment ago is the quickest
    }  # fmt: skip
    if url.get_backend_name() == "sqlite":
        return _open_sqlite(url, pool)
    engine = create_engine(
        url.update_query_dict({"charset": "utf8mb4"}),
        isolation_level="READ COMMITTED",
        paramstyle="format",  # `storage.prepared` gives values by their places
        pool_recycle=1800,
        connect_args={
            "connect_timeout": _CONNECT_SECONDS,
            "read_timeout": _QUERY_SECONDS,
            "write_timeout": _QUERY_SECONDS,
            "init_command": f"SET SESSION wait_timeout={_FORGOTTEN_AFTER}, {_SESSION}",
        },
        **pool,
    )
    _look_after(engine, outage)
    return engine


# --- MySQL -----------------------------------------------------------------------------------------------------------


def _look_after(engine: Engine, outage: Outage) -> None:
    def used(_connection: object, record: Any) -> None:
        record.info["used"] = time.monotonic()

    def alive(connection: Any, record: Any, _proxy: object) -> None:
        if time.monotonic() - record.info["used"] > _IDLE_SECONDS:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise InvalidatePoolError from error
        outage.end()

    def judge(context: ExceptionContext) -> None:
        _judge(context, outage)

    event.listen(engine, "connect", used)
    event.listen(engine, "checkin", used)
    event.listen(engine, "checkout", alive)
    event.listen(engine, "handle_error", judge)


def _judge(context: ExceptionContext, outage: Outage) -> None:
    number = code_of(context.original_exception)
    if number in _OF_NO_USE:
        context.is_disconnect = True
    if context.connection is not None:
        return
    if number in _UNREACHABLE:
        outage.begin(f"The database cannot be used: {context.original_exception}")
    else:
        outage.end()  # no connection for us, but an answer


# --- SQLite ----------------------------------------------------------------------------------------------------------


def _open_sqlite(url: URL, pool: dict[str, Any]) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False}, **pool)
    path = Path(url.database or "").absolute()
    name = str(path)

    def existing(_dialect: object, _record: object, arguments: list[Any], more: dict[str, Any]) -> None:
        # A file that somebody took away is not made anew: what is put back in its place must not meet ours.
        if not str(arguments[0]).startswith("file:"):
            arguments[0], more["uri"] = f"{path.as_uri()}?mode=rw", True

    def prepare(connection: sqlite3.Connection, record: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN is deferred; `_begin_sqlite` says which one
        # FULL, since NORMAL may lose the last commits when the power fails, and they were answered with 2xx.
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}").close()
        record.info["file"] = _identity(name)

    def in_place(_connection: object, record: Any, _proxy: object) -> None:
        # SQLite goes on writing into a file that was deleted or replaced, and nobody will ever read that.
        if record.info["file"] != _identity(name):
            raise InvalidatePoolError

    event.listen(engine, "do_connect", existing)
    event.listen(engine, "connect", prepare)
    event.listen(engine, "checkout", in_place)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - before every transaction, and this is the quickest
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("connect_read_only", False):
        _wait_in_sqlite(connection, BUSY_SECONDS)
        connection.exec_driver_sql("BEGIN")
        return
    # SQLite's own waiting sleeps for up to 0.1 s at a time and misses every chance meanwhile: with two processes at
    # work one in a hundred waits half a second for its turn.
    file: Any = connection.connection.dbapi_connection
    deadline = time.monotonic() + BUSY_SECONDS
    _wait_in_sqlite(connection, 0)
    while not _begun(file) and time.monotonic() < deadline:
        time.sleep(random.uniform(0.0005, 0.002))  # noqa: S311
    if not file.in_transaction:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _wait_in_sqlite(connection: Connection, seconds: float) -> None:
    """Let SQLite itself wait so long for a lock on this connection: not at all where we do, which is in every write."""
    if connection.info.get("patience", BUSY_SECONDS) != seconds:
        file: Any = connection.connection.dbapi_connection
        file.execute(f"PRAGMA busy_timeout={int(seconds * 1000)}").close()
        connection.info["patience"] = seconds


def _begun(file: sqlite3.Connection) -> bool:
    try:
        file.execute("BEGIN IMMEDIATE").close()
    except sqlite3.OperationalError as error:
        # Only waiting helps against a lock; any other trouble is told at once, by the statement after the loop.
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            return True
    return file.in_transaction
