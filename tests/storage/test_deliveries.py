"""The inbox: what is accepted, given back, finished and planned again."""

import pytest

from storage import deliveries, leases
from storage.deliveries import Claimed
from storage.engine import Database
from tests.storage.rows import LEASE, NOW, accept, add, after, arrival, claim_delivery, column, held, planned


def claim(database: Database, seconds: float = 0) -> Claimed | None:
    return claim_delivery(database, after(seconds))


def held_delivery(database: Database, seconds: float = 0) -> Claimed:
    claimed = claim(database, seconds)
    assert claimed is not None
    return claimed


def test_a_repeated_delivery_is_stored_once_and_keeps_what_came_first(database: Database) -> None:
    (row_id, again) = accept(database, arrival("d1", body=b"first"), arrival("d1", body=b"second", event="other"))
    claimed = held_delivery(database)
    assert again is None
    assert (claimed.id, claimed.body, claimed.event, claimed.attempts) == (row_id, b"first", "push", 1)


def test_a_repeated_delivery_is_known_whatever_became_of_the_first(database: Database) -> None:
    for number, status in enumerate(("completed", "ignored", "failed")):
        accept(database, arrival(f"d{number}", ordering_key=str(number)))
        claimed = held_delivery(database)
        assert database.run(lambda connection, c=claimed, s=status: deliveries.finish(connection, c, s, "", NOW))
        assert accept(database, arrival(f"d{number}")) == [None]
    assert column(database, "status", "deliveries") == ["completed", "ignored", "failed"]


def test_what_was_answered_in_the_request_is_kept_as_completed(database: Database) -> None:
    database.run(lambda connection: deliveries.accept(connection, arrival(), NOW, status="completed"))
    assert (claim(database), column(database, "status", "deliveries")) == (None, ["completed"])


def test_the_same_resource_of_two_services_does_not_wait_for_each_other(database: Database) -> None:
    accept(database, arrival("d1", service="github", ordering_key="X-1"))
    accept(database, arrival("d2", service="jira", ordering_key="X-1"))
    assert [held_delivery(database).service for _ in "12"] == ["github", "jira"]


@pytest.mark.parametrize(("burn", "attempts"), [(True, 2), (False, 1)])
def test_a_delivery_given_back_comes_due_when_it_was_told_to(database: Database, *, burn: bool, attempts: int) -> None:
    accept(database, arrival())
    first = held_delivery(database)
    assert database.run(lambda connection: deliveries.postpone(connection, first, after(5), "not yet", NOW, burn=burn))
    assert column(database, "detail", "deliveries") == ["not yet"]
    assert claim(database, 4.9) is None
    assert held_delivery(database, 5).attempts == attempts


def test_a_delivery_cannot_be_given_back_by_who_lost_it(database: Database) -> None:
    accept(database, arrival())
    late, present = held_delivery(database), held_delivery(database, LEASE)
    assert not database.run(lambda connection: deliveries.postpone(connection, late, after(999), "", NOW, burn=True))
    assert database.run(lambda connection: deliveries.finish(connection, present, "completed", "", NOW))


@pytest.mark.parametrize("status", ["completed", "ignored", "failed"])
def test_a_delivery_can_be_planned_again_from_the_start(database: Database, status: str) -> None:
    (row_id,) = accept(database, arrival(body=b"as it was"))
    assert row_id is not None
    claimed = held_delivery(database)
    database.run(lambda connection: deliveries.finish(connection, claimed, status, "why", NOW))
    assert database.run(lambda connection: deliveries.replay(connection, row_id, NOW))
    assert column(database, "detail", "deliveries") == [""]
    again = held_delivery(database)
    assert (again.id, again.body, again.attempts) == (row_id, b"as it was", 1)


def test_a_delivery_planned_again_is_taken_from_who_held_it(database: Database) -> None:
    (row_id,) = accept(database, arrival())
    late = held_delivery(database)
    assert database.run(lambda connection: deliveries.replay(connection, row_id or 0, NOW))
    assert not database.run(lambda connection: deliveries.finish(connection, late, "completed", "", NOW))


def test_a_delivery_that_is_not_there_cannot_be_planned_again(database: Database) -> None:
    assert not database.run(lambda connection: deliveries.replay(connection, 999, NOW))


def test_the_backlog_counts_what_waits_and_knows_how_long(database: Database) -> None:
    with database.read() as connection:
        assert leases.backlog(connection, NOW) == {"deliveries": 0, "integrations": 0, "oldest_seconds": 0.0}
    accept(database, arrival("d1"), arrival("d2"))
    add(database, planned("k1"), planned("k2"), planned("k3"))
    claimed, _ = held_delivery(database), held(database)
    database.run(lambda connection: deliveries.finish(connection, claimed, "completed", "", NOW))
    with database.read() as connection:
        found = leases.backlog(connection, after(90.5))
    assert found == {"deliveries": 1, "integrations": 3, "oldest_seconds": 90.5}
