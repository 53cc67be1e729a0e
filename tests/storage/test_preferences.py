"""Preferences: one value for each subject and name."""

from sqlalchemy import Connection

from storage import preferences
from storage.engine import Database
from tests.storage.rows import NOW, at_once, column


def get(database: Database, subject: str, name: str = "default") -> object:
    with database.read() as connection:
        return preferences.get(connection, subject, name)


def put(database: Database, subject: str, value: object, name: str = "default") -> None:
    database.run(lambda connection: preferences.put(connection, subject, name, value, NOW))


def test_a_choice_is_kept_until_another_takes_its_place(database: Database) -> None:
    assert get(database, "T1/C1") is None
    put(database, "T1/C1", {"project": "OPS", "labels": ["ünï"]})
    assert get(database, "T1/C1") == {"project": "OPS", "labels": ["ünï"]}
    put(database, "T1/C1", False)
    assert get(database, "T1/C1") is False


def test_subjects_and_names_are_kept_apart(database: Database) -> None:
    put(database, "T1/C1", 1)
    put(database, "T1/c1", 2)
    put(database, "T1/C1", 3, "previews")
    assert [get(database, "T1/C1"), get(database, "T1/c1"), get(database, "T1/C1", "previews")] == [1, 2, 3]


def test_a_choice_can_be_forgotten(database: Database) -> None:
    put(database, "T1/C1", 1)
    gone = [database.run(lambda connection: preferences.remove(connection, "T1/C1", "default")) for _ in range(2)]
    assert (gone, get(database, "T1/C1")) == ([True, False], None)


def test_many_who_choose_at_once_make_one_row(database: Database) -> None:
    at_once(6, lambda number: put(database, "T1/C1", number))
    assert len(column(database, "id", "preferences")) == 1


def test_all_who_chose_something_are_listed(database: Database) -> None:
    put(database, "T1/U1", ["assigned"], "notices")
    put(database, "T1/U2", [], "notices")
    put(database, "T1/U3", 1)
    with database.read() as connection:
        assert preferences.subjects(connection, "notices") == {"T1/U1": ["assigned"], "T1/U2": []}


def test_what_many_add_to_at_once_loses_nothing(database: Database) -> None:
    def add(connection: Connection) -> None:
        counted: list[int] = preferences.locked(connection, "github/1#7", "note", NOW) or []
        preferences.put(connection, "github/1#7", "note", [*counted, len(counted)], NOW)

    at_once(6, lambda _: database.run(add))
    assert get(database, "github/1#7", "note") == [0, 1, 2, 3, 4, 5]
