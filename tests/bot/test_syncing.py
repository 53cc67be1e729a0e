"""What goes through a link: what can be chosen."""

from collections.abc import Iterator

import pytest

from bot.flows import syncing
from storage.engine import Database
from tests.storage.rows import NOW

THREAD = "T1/C1/1700000000.000100"


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    opened = Database(sqlite_url)
    yield opened
    opened.dispose()


@pytest.mark.parametrize(
    ("mode", "to_jira", "to_slack"),
    [("both", True, True), ("to_jira", True, False), ("to_slack", False, True), ("off", False, False)],
)
def test_each_choice_lets_through_what_it_says(database: Database, mode: str, *, to_jira: bool, to_slack: bool) -> None:
    database.run(lambda connection: syncing.set_sync(connection, THREAD, mode, NOW))
    with database.read() as connection:
        assert syncing.read(connection, THREAD) == mode
        assert (syncing.to_jira(connection, THREAD), syncing.to_slack(connection, THREAD)) == (to_jira, to_slack)
        assert syncing.read(connection, "T1/C1/2") == "both"


def test_what_cannot_be_chosen_is_not_stored(database: Database) -> None:
    with pytest.raises(KeyError):
        database.run(lambda connection: syncing.set_sync(connection, THREAD, "sideways", NOW))
    with database.read() as connection:
        assert syncing.read(connection, THREAD) == "both"


@pytest.mark.parametrize(("word", "mode"), [("to-jira", "to_jira"), ("OFF", "off"), ("", ""), ("sideways", "")])
def test_a_choice_is_typed_with_hyphens_and_in_any_case(word: str, mode: str) -> None:
    assert syncing.mode_of(word) == mode
