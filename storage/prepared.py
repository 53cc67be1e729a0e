"""Statements that run for every row, compiled once.

SQLAlchemy's own way to execute a statement takes several times what the database needs for such a one. The promise kept
here: values go through the types of their columns, both ways, as they do everywhere else.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, CursorResult, bindparam, select
from sqlalchemy.engine import Dialect

type _Convert = Callable[[Any], Any] | None


@dataclass(frozen=True)
class _Compiled:
    text: str
    slots: tuple[tuple[str, Any, _Convert], ...]
    """For each place in the text its parameter's name, its value if none is given, and how the driver gets it."""
    row: Any
    columns: tuple[_Convert, ...]
    """How to read what the driver gives for each column."""


class Prepared:
    """A statement of Core's with named parameters; a list of values (`IN`) cannot be one of them.

    `columns` are those that an INSERT gives; the others have their defaults.
    """

    def __init__(self, statement: Any, columns: Sequence[str] | None = None) -> None:
        self._statement = statement
        self._columns = columns
        self._compiled: dict[str, _Compiled] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> CursorResult[Any]:
        """Execute it; for what returns no rows."""
        ready = self._ready(connection.dialect)
        return connection.exec_driver_sql(ready.text, tuple(_given(ready, values)))

    def run_many(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Execute an INSERT of several rows as one statement."""
        ready = self._ready(connection.dialect)
        # Not the driver's `executemany`: on SQLite that is a statement for each row, and every one of them gives the
        # interpreter's lock away and waits until it has it back.
        _, _, row = ready.text.partition(" VALUES ")
        text = ready.text + f", {row}" * (len(rows) - 1)
        connection.exec_driver_sql(text, tuple(value for values in rows for value in _given(ready, values)))

    def all(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """The rows, as named tuples."""
        ready = self._ready(connection.dialect)
        found = connection.exec_driver_sql(ready.text, tuple(_given(ready, values))).fetchall()
        return [ready.row(*map(_converted, row, ready.columns)) for row in found]

    def first(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """The first row, None if there is none."""
        rows = self.all(connection, values)
        return rows[0] if rows else None

    def _ready(self, dialect: Dialect) -> _Compiled:
        found = self._compiled.get(dialect.name)
        if found is None:
            found = self._compiled[dialect.name] = _compile(self._statement, self._columns, dialect)
        return found


def locked(table: Any) -> Prepared:
    """The row of a table with the id `row_id`, locked until the transaction ends."""
    return Prepared(select(table).where(table.c.id == bindparam("row_id")).with_for_update())


def _given(ready: _Compiled, values: Mapping[str, Any]) -> list[Any]:
    return [_converted(values.get(name, usual), by) for name, usual, by in ready.slots]


def _converted(value: Any, by: _Convert) -> Any:
    return value if by is None else by(value)


def _compile(statement: Any, columns: Sequence[str] | None, dialect: Dialect) -> _Compiled:
    compiled = statement.compile(dialect=dialect, column_keys=columns)
    defaults = {column.key: column.default.arg for column in getattr(compiled, "insert_prefetch", ())}
    slots = [
        (name, defaults.get(name, bind.effective_value), bind.type.dialect_impl(dialect).bind_processor(dialect))
        for name, bind in ((name, compiled.binds[name]) for name in compiled.positiontup)
    ]
    shown = list(getattr(statement, "selected_columns", ()))
    make: Any = namedtuple  # the fields are known at run time only
    row = make("Row", [column.key for column in shown])
    readers = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in shown]
    return _Compiled(compiled.string, tuple(slots), row, tuple(readers))
