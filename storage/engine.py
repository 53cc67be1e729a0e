"""The database: how connect uses it (`read`, `run`), and what it says when it cannot.

Whatever happens to the database, a caller has its answer within 3 s and nothing is called stored that is not: killed,
silent, locked, read-only or full, it raises `DatabaseUnavailable`, and the first call after its return works again.
"""

import random
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, DBAPIError, IntegrityError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage.connecting import BUSY_SECONDS, Away, Outage, code_of, open_engine
from storage.prepared import Prepared

# A deadlock's victim, a lock not had in time: the transaction is rolled back and may simply run again.
# https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
_TRY_AGAIN = frozenset({1205, 1213})
_TRIES = 8
_DUPLICATE = 1062
# What a server says of a packet that is larger than it takes, if it says anything before it hangs up.
_TOO_LARGE = frozenset({1153, 2006, 2013})
BUSY = "The database is too busy."
_OLD_TABLES = ("no such table", "no such column", "has no column named")
# After that a lost connection is not worth a second try: the two would take too long together.
_QUICK = 0.3


class DatabaseUnavailable(Exception):
    """The database cannot be used now: nothing was stored, the sender should try again."""


class Database:
    """One database with its pool. Every function in `storage` takes a connection given here."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self._outage = Outage()
        self.engine = open_engine(self.url, self._outage)
        self._reader = self.engine.execution_options(connect_read_only=True)
        # SQLite's waiting writers poll and may starve; threads of one process queue here instead.
        self._turn = threading.Lock() if self.sqlite else None

    @contextmanager
    def read(self) -> Generator[Connection]:
        """A connection for looking only; on SQLite it never waits for a writer."""
        with translated(self._outage), self._reader.connect() as connection:
            yield connection

    def run[T](self, work: Callable[[Connection], T]) -> T:
        """Do `work` in one write transaction and commit; run it again if the database threw it out before the commit.

        Raises `DatabaseUnavailable`; then nothing was stored, or nothing is known to have been.
        """
        begun = time.monotonic()
        for attempt in range(_TRIES):
            try:
                with self._my_turn():
                    return self._once(work)
            except _Victim:
                if time.monotonic() - begun > BUSY_SECONDS:
                    raise
                time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311
            except Lost:
                # A connection that died in the pool, of a server that may be back already.
                if attempt or time.monotonic() - begun > _QUICK:
                    raise
        raise DatabaseUnavailable(BUSY)

    def _once[T](self, work: Callable[[Connection], T]) -> T:
        committing = False
        try:
            with translated(self._outage), self.engine.begin() as connection:
                result = work(connection)
                committing = True
        except Lost as lost:
            if committing:  # whether it is stored nobody knows: to do it again is for the sender to decide
                raise DatabaseUnavailable(*lost.args) from lost
            raise
        return result

    @contextmanager
    def _my_turn(self) -> Generator[None]:
        if self._turn is None:
            yield
        elif self._turn.acquire(timeout=BUSY_SECONDS):
            try:
                yield
            finally:
                self._turn.release()
        else:
            raise DatabaseUnavailable(BUSY)

    def ping(self) -> None:
        """Raise `DatabaseUnavailable` unless the database answers and has connect's tables."""
        with self.read() as connection:
            connection.execute(text("SELECT 1 FROM integration_logs LIMIT 1"))

    def dispose(self) -> None:
        """Close the pooled connections."""
        self.engine.dispose()


class _Victim(DatabaseUnavailable):
    """The transaction was rolled back for another's sake."""


class Lost(DatabaseUnavailable):
    """The connection broke, or is of no more use, before the commit was sent: nothing was stored."""


@contextmanager
def translated(outage: Outage | None = None) -> Generator[None]:
    """Turn what the driver says of a database that cannot be used into `DatabaseUnavailable`."""
    try:
        if outage is not None:
            outage.refuse()
        yield
    except Away as away:
        raise DatabaseUnavailable(str(away)) from None
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        if code_of(error) in _TRY_AGAIN:
            raise _Victim(BUSY) from error
        raise _unavailable(error) from error
    except DBAPIError as error:
        # SQLite says of a damaged file, or of none of its own, that it is a DatabaseError of no particular kind.
        if error.connection_invalidated or _no_table(error) or type(error) is DatabaseError:
            raise _unavailable(error) from error
        raise


def _unavailable(error: SQLAlchemyError) -> DatabaseUnavailable:
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    return (Lost if lost else DatabaseUnavailable)(describe(error))


def describe(error: SQLAlchemyError) -> str:
    """A sentence for the operator, without the statement or its values."""
    original = getattr(error, "orig", None)
    if _no_table(error):
        return "The database has no tables yet, or old ones. Run: python app.py db upgrade"
    if "unable to open database file" in str(original):
        return f"The database cannot be used: {original}. If there is none yet, run: python app.py db upgrade"
    said = f"The database cannot be used: {original or type(error).__name__}"
    if code_of(error) in _TOO_LARGE and _megabytes(error) > 1:
        return (
            f"{said}. There were {_megabytes(error):.1f} MB to store; in my.cnf under [mysqld]: max_allowed_packet=64M"
        )
    return said


def _megabytes(error: SQLAlchemyError) -> float:
    given: Any = getattr(error, "params", None) or ()
    return _size(given) / 1e6


def _size(given: Any) -> int:
    if isinstance(given, bytes | str):
        return len(given)
    values: Any = given.values() if hasattr(given, "values") else given
    return sum(map(_size, values)) if hasattr(values, "__iter__") else 0


def _no_table(error: SQLAlchemyError) -> bool:
    said = str(getattr(error, "orig", ""))
    return code_of(error) in (1146, 1054) or any(words in said for words in _OLD_TABLES)


def insert_new(connection: Connection, table: Table, values: dict[str, Any]) -> int | None:
    """Insert a row unless its unique key is taken; returns the new id, or None if there was one already.

    The refused statement alone is rolled back, on SQLite and on InnoDB. MySQL's ON DUPLICATE KEY UPDATE would not tell
    the two cases apart (the driver asks for found rows), and its INSERT IGNORE would cut what is too long.
    """
    try:
        outcome = insertion(table, tuple(values)).run(connection, values)
    except IntegrityError as error:
        if code_of(error) == _DUPLICATE or "UNIQUE constraint failed" in str(error.orig):
            return None
        raise
    return outcome.lastrowid


@cache
def insertion(table: Table, columns: tuple[str, ...]) -> Prepared:
    """An INSERT into these columns."""
    return Prepared(table.insert(), columns)
