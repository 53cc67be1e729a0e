"""How a workflow ended last on a branch: only a change of colour is a turn."""

from datetime import timedelta

from storage import conclusions, retention
from storage.conclusions import Ended
from storage.engine import Database
from tests.storage.rows import NOW, at_once, column


def ended(database: Database, version: str, *, good: bool, subject: str = "acme/web:CI:main") -> bool:
    return database.run(lambda connection: conclusions.turned(connection, Ended(subject, version, good), NOW))


def test_red_after_green_and_green_after_red_are_turns(database: Database) -> None:
    assert [ended(database, str(at), good=good) for at, good in enumerate([True, True, False, False, True, True])] == [
        False, False, True, False, True, False,
    ]  # fmt: skip


def test_the_first_red_is_a_turn_and_each_branch_has_its_own(database: Database) -> None:
    assert ended(database, "1", good=False)
    assert not ended(database, "2", good=True, subject="acme/web:CI:side")
    assert not ended(database, "2", good=False)


def test_what_is_told_again_is_what_it_was_and_what_is_late_is_none(database: Database) -> None:
    assert [ended(database, "2", good=False) for _ in range(3)] == [True] * 3
    assert not ended(database, "1", good=True)
    assert ended(database, "3", good=True)


def test_of_many_at_once_one_turns(database: Database) -> None:
    assert not ended(database, "1", good=True)
    assert sorted(at_once(4, lambda number: ended(database, str(2 + number), good=False)))[-1] is True


def test_a_branch_of_long_ago_is_forgotten(database: Database) -> None:
    ended(database, "1", good=True)
    for before in (NOW, NOW + timedelta(seconds=1)):
        database.run(lambda connection, at=before: retention.forget_conclusions(connection, at, 0, 10))
        assert len(column(database, "id", "conclusions")) == (1 if before == NOW else 0)
