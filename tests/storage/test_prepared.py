"""Statements compiled once say and read the same as Core's own, on both databases."""

from datetime import timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import bindparam, select, text, update
from sqlalchemy.exc import IntegrityError

from storage.engine import Database, insertion
from storage.models import Lane, Subscription
from storage.prepared import Prepared
from tests.storage.rows import NOW, after

LANES: Any = Lane.__table__
SUBSCRIPTIONS: Any = Subscription.__table__
ROW = {"name": "é ? %s :x", "paused_until": NOW, "reason": "50 % of it\udc00", "holder": None, "updated_at": NOW}
ALL = Prepared(select(LANES).order_by(LANES.c.id))


def insert(database: Database, *rows: dict[str, Any]) -> None:
    statement = insertion(LANES, tuple(rows[0]))
    if len(rows) == 1:
        database.run(lambda connection: statement.run(connection, rows[0]))
    else:
        database.run(lambda connection: statement.run_many(connection, rows))


def both(database: Database) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """All lanes, as a compiled statement reads them and as Core does."""
    with database.read() as connection:
        core = [dict(row) for row in connection.execute(select(LANES).order_by(LANES.c.id)).mappings()]
        return [row._asdict() for row in ALL.all(connection, {})], core


def test_what_is_written_is_read_alike_and_unchanged_by_its_types(database: Database) -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=-7)))
    insert(database, ROW | {"updated_at": elsewhere})
    compiled, core = both(database)
    assert compiled == core
    (row,) = compiled
    assert {**row, "id": 0} == {**ROW, "id": 0, "failures": 0, "reason": "50 % of it?"}


def test_a_column_that_is_not_given_has_its_default(database: Database) -> None:
    own = {
        "source_service": "jira", "source": "OPS", "source_key": "OPS", "channel": "T1/C1", "events": "[]",
        "filters": "{}", "created_by": "T1/U1", "created_at": NOW, "updated_at": NOW,
    }  # fmt: skip
    database.run(lambda connection: insertion(SUBSCRIPTIONS, tuple(own)).run(connection, own))
    with database.read() as connection:
        row = connection.execute(select(SUBSCRIPTIONS)).one()
    assert (row.private, row.strikes, row.paused_at) == (0, 0, None)


def test_several_rows_in_one_statement_are_all_there_or_none(database: Database) -> None:
    rows = [ROW | {"name": name, "reason": name} for name in ("a", "b", "VALUES (%s, ?)")]
    insert(database, *rows)
    with pytest.raises(IntegrityError):
        insert(database, ROW | {"name": "new"}, ROW | {"name": "b"})
    compiled, core = both(database)
    assert compiled == core
    assert [row["reason"] for row in compiled] == ["a", "b", "VALUES (%s, ?)"]


def test_values_of_the_statement_itself_and_named_ones_take_their_places(database: Database) -> None:
    insert(database, ROW | {"name": "a"}, ROW | {"name": "b"})
    this = (LANES.c.name == bindparam("named"), LANES.c.failures == 0)
    change = Prepared(update(LANES).where(*this).values(paused_until=bindparam("until"), failures=3))
    changed = database.run(lambda connection: change.run(connection, {"named": "b", "until": after(5)}).rowcount)
    again = database.run(lambda connection: change.run(connection, {"named": "b", "until": after(9)}).rowcount)
    assert (changed, again) == (1, 0)
    assert [(row["name"], row["failures"], row["paused_until"]) for row in both(database)[0]] == [
        ("a", 0, NOW), ("b", 3, after(5)),
    ]  # fmt: skip


def test_plain_sql_reads_by_the_types_that_it_names(database: Database) -> None:
    insert(database, ROW | {"name": "a"})
    words = text("SELECT name, paused_until AS until FROM lanes WHERE name = :name")
    statement = words.bindparams(bindparam("name", type_=LANES.c.name.type)).columns(
        name=LANES.c.name.type, until=LANES.c.paused_until.type
    )
    with database.read() as connection:
        found = Prepared(statement).first(connection, {"name": "a"})
        missing = Prepared(statement).first(connection, {"name": "A"})
    assert (found.name, found.until, missing) == ("a", NOW, None)
