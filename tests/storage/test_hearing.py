"""Who hears of a repository: what is remembered of its subscriptions is never older than their rows."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from storage import hearing, subscriptions
from storage.engine import Database
from storage.subscriptions import Kept, Wanted
from tests.storage.rows import NOW


def put(
    database: Database, channel: str = "T1/C1", source: str = "acme/web", events: tuple[str, ...] = ("pulls",)
) -> int:
    wanted = Wanted("github", source, channel, events, {}, private=False, created_by="T1/U1")
    return database.run(lambda connection: subscriptions.put(connection, wanted, NOW))


def heard(database: Database) -> list[Kept]:
    with database.read() as connection:
        return hearing.of_container(connection, "github", "Acme/Web")


def test_a_repository_is_heard_of_by_itself_and_with_its_owner(database: Database) -> None:
    ids = [put(database), put(database, "T1/C2", "acme"), put(database, "T1/C3", "acme/webs")]
    assert [kept.id for kept in heard(database)] == ids[:2]
    assert heard(database) == heard(database)


def questions(database: Database) -> list[str]:
    """What the database is asked until it is known who hears of the repository."""
    asked = list[str]()

    def note(*given: Any) -> None:
        if given[2].startswith("SELECT"):
            asked.append("states" if "group_concat" in given[2] else "rows")

    event.listen(database.engine, "before_cursor_execute", note)
    heard(database)
    event.remove(database.engine, "before_cursor_execute", note)
    return asked


def test_rows_are_read_again_only_of_the_source_whose_rows_changed(database: Database) -> None:
    here, whole = put(database), put(database, "T1/C2", "acme")
    assert questions(database) == ["states", "rows", "rows"]
    assert questions(database) == ["states"]
    database.run(lambda connection: changed(connection, here))
    assert questions(database) == ["states", "rows"]
    database.run(lambda connection: removed(connection, whole))
    assert questions(database) == ["states"]


def test_what_a_server_cuts_off_hides_no_change(mysql_url: str) -> None:
    """Such as one that is not MariaDB, behind a proxy that keeps sessions' settings to itself."""
    database = Database(mysql_url)
    ids = [put(database, f"T1/C{number}") for number in range(3)]
    with database.read() as connection:
        connection.execute(text("SET SESSION group_concat_max_len = 60"))
    assert [kept.events for kept in heard(database)] == [("pulls",)] * 3
    database.run(lambda connection: changed(connection, ids[2]))
    assert [kept.events for kept in heard(database)] == [("pulls",), ("pulls",), ("issues",)]
    database.dispose()


def test_those_that_ask_for_the_same_are_known_by_it(database: Database) -> None:
    for number in range(2):
        put(database, f"T1/C{number}")
    one, other = heard(database)
    assert one.filters is other.filters


def changed(connection: Connection, row_id: int) -> None:
    subscriptions.change(connection, row_id, NOW, events=["issues"])


def changed_by_an_older_version(connection: Connection, row_id: int) -> None:
    """It knows no stamps."""
    written = text("UPDATE subscriptions SET events = '[\"issues\"]', updated_at = :at WHERE id = :id")
    connection.execute(written, {"at": "2026-02-01 00:00:00.000000", "id": row_id})


def removed(connection: Connection, row_id: int) -> None:
    subscriptions.remove_id(connection, row_id)


@pytest.mark.parametrize(
    ("change", "seen"), [(changed, [("issues",)]), (changed_by_an_older_version, [("issues",)]), (removed, [])]
)
def test_what_was_changed_at_the_same_instant_is_seen_at_once(
    database: Database, change: Callable[[Connection, int], None], seen: list[tuple[str, ...]]
) -> None:
    row_id = put(database)
    assert [kept.events for kept in heard(database)] == [("pulls",)]
    database.run(lambda connection: change(connection, row_id))
    assert [kept.events for kept in heard(database)] == seen


def test_another_that_is_given_the_id_of_one_that_ended_is_not_taken_for_it(database: Database) -> None:
    row_id = put(database)
    assert [kept.channel for kept in heard(database)] == ["T1/C1"]
    database.run(lambda connection: subscriptions.remove_id(connection, row_id))
    put(database, "T1/C2")
    assert [kept.channel for kept in heard(database)] == ["T1/C2"]


def test_what_was_thrown_out_is_not_remembered(database: Database) -> None:
    row_id = put(database)

    def change(connection: Connection) -> None:
        subscriptions.change(connection, row_id, NOW, events=["issues"])
        assert [kept.events for kept in hearing.of_container(connection, "github", "acme/web")] == [("issues",)]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.run(change)
    assert [kept.events for kept in heard(database)] == [("pulls",)]
