"""A version of connect from before the turns works beside this one: nothing is done twice, nothing is left lying."""

from sqlalchemy import text

from storage import turns
from storage.engine import Database
from storage.models import Delivery, IntegrationLog
from tests.storage.rows import NOW, accept, add, arrival, claim, claim_delivery, column, held, planned


def as_before(database: Database, statement: str) -> None:
    """What the older version writes, which knows of no turn."""
    database.run(lambda connection: connection.execute(text(statement)))


def mend(database: Database) -> int:
    return database.run(lambda connection: turns.mend(connection, IntegrationLog))


def test_a_row_that_the_older_version_ended_is_not_claimed_again_and_lets_the_next_one_up(database: Database) -> None:
    first, _ = add(database, planned("k1"), planned("k2"))
    as_before(database, f"UPDATE integration_logs SET status = 'completed', lease_token = NULL WHERE id = {first}")
    assert claim(database) is None
    assert mend(database) == 1
    assert held(database).key == "k2"
    assert mend(database) == 0


def test_rows_that_the_older_version_stored_are_taken_in_their_order(database: Database) -> None:
    add(database, planned("k1"), planned("k2"), planned("k3", ordering_key="another"))
    as_before(database, "UPDATE integration_logs SET turn = 0, lane = ''")
    assert claim(database) is None
    assert mend(database) == 3
    assert column(database, "turn") == [2, -2, 2]
    assert {held(database).key, held(database).key} == {"k1", "k3"}
    assert claim(database) is None


def test_a_delivery_of_the_older_version_is_planned(database: Database) -> None:
    accept(database, arrival("d1"))
    as_before(database, "UPDATE deliveries SET turn = 0, lane = ''")
    assert claim_delivery(database) is None
    assert database.run(lambda connection: turns.mend(connection, Delivery)) == 1
    claimed = claim_delivery(database, NOW)
    assert claimed is not None
    assert claimed.delivery_id == "d1"
