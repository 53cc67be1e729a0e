"""Housekeeping: what one run removes, how it rests, ends, and goes on; and what is answered once a body is gone."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text, update

import app as connect
from bot import housekeeping
from bot.flows import pulls
from bot.housekeeping import FEWEST, MOST, Housekeeping, Removed, size
from bot.services import Services
from bot.settings import Settings
from storage import preferences
from storage.models import Delivery, IntegrationLog
from storage.retention import Table
from tests.bot.effects import on_sqlite
from tests.storage.rows import NOW, accept, add, arrival, column, planned
from tests.world import World

DAY = timedelta(days=1)


@pytest.fixture
def services(database_url: str) -> Iterator[Services]:
    built = connect.build_services(Settings.model_validate({"database_url": database_url}))
    yield replace(built, clock=lambda: NOW)
    built.database.dispose()


def fill(services: Services, ages: dict[str, list[float]]) -> None:
    """Completed rows of these ages in days, the oldest first."""
    days = ages["deliveries"]
    accept(services.database, *[arrival(f"d{number}") for number in range(len(days))])
    for row_id, age in zip(column(services.database, "id", "deliveries"), days, strict=True):
        touch(services, Delivery, row_id, status="completed", received_at=NOW - age * DAY, updated_at=NOW - age * DAY)
    add(services.database, *[planned(f"k{number}") for number in range(len(ages["integrations"]))])
    for row_id, age in zip(column(services.database, "id"), ages["integrations"], strict=True):
        touch(
            services, IntegrationLog, row_id, status="completed", created_at=NOW - age * DAY, updated_at=NOW - age * DAY
        )


def touch(services: Services, table: Table, row_id: int, **values: Any) -> None:
    services.database.run(lambda connection: connection.execute(update(table).where(table.id == row_id).values(values)))


def unrested(seconds: float) -> None:
    assert seconds >= 0


def keeper(services: Services) -> Housekeeping:
    return Housekeeping(services, unrested)


def test_one_run_removes_what_is_older_than_the_settings_say(
    services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    fill(services, {"deliveries": [91, 90.1, 89, 8, 6], "integrations": [91, 90.1, 89, 1]})
    with caplog.at_level(logging.INFO, "bot.housekeeping"):
        assert keeper(services).run() == Removed(bodies=2, integrations=2, deliveries=2, finished=True)
    assert [bool(body) for body in column(services.database, "body", "deliveries")] == [False, False, True]
    assert [record.getMessage() for record in caplog.records if record.name == "bot.housekeeping"] == [
        "housekeeping: 2 bodies forgotten, 2 integrations and 2 deliveries deleted"
    ]


def test_what_is_remembered_of_a_pull_request_is_forgotten_long_after_its_last_news(services: Services) -> None:
    def note(connection: Connection) -> None:
        preferences.put(connection, "github/1#7", pulls.NOTE, {}, NOW - pulls.KEPT - DAY)
        preferences.put(connection, "github/1#8", pulls.NOTE, {}, NOW - pulls.KEPT + DAY)

    services.database.run(note)
    keeper(services).run()
    assert column(services.database, "subject", "preferences") == ["github/1#8"]


def test_a_run_that_finds_nothing_says_nothing(services: Services, caplog: pytest.LogCaptureFixture) -> None:
    fill(services, {"deliveries": [1], "integrations": [1]})
    with caplog.at_level(logging.INFO, "bot.housekeeping"):
        assert keeper(services).run() == Removed(0, 0, 0, finished=True)
    assert [record for record in caplog.records if record.name == "bot.housekeeping"] == []


def test_many_batches_are_one_run_with_a_rest_between_them(services: Services) -> None:
    many = [100.0] * (5 * FEWEST)
    fill(services, {"deliveries": [*many, 1], "integrations": [*many, 1]})
    rests: list[float] = []
    assert Housekeeping(services, rests.append).run() == Removed(0, len(many), len(many), finished=True)
    assert len(rests) >= 2


@on_sqlite
def test_a_run_ends_when_its_rest_is_interrupted_and_the_next_goes_on(services: Services) -> None:
    many = [10.0] * (3 * FEWEST)
    fill(services, {"deliveries": [*many, 1], "integrations": []})
    keeping = Housekeeping(services, lambda _: True)
    assert keeping.run() == Removed(FEWEST, 0, 0, finished=False)
    assert [bool(body) for body in column(services.database, "body", "deliveries")].count(False) == FEWEST
    runs = [keeping.run() for _ in range(3)]
    assert (sum(run.bodies for run in runs), runs[-1].finished) == (2 * FEWEST, True)


@on_sqlite
def test_a_run_without_time_ends_and_says_that_the_rest_follows(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(services, {"deliveries": [100, 1], "integrations": [100, 1]})
    monkeypatch.setattr(housekeeping, "LONGEST_SECONDS", 0.0)
    assert keeper(services).run() == Removed(0, 0, 0, finished=False)
    assert str(Removed(1, 2, 3, finished=False)) == (
        "1 bodies forgotten, 2 integrations and 3 deliveries deleted; the rest follows"
    )


@on_sqlite
def test_the_bodies_are_walked_over_anew_each_day_for_what_was_finished_late(services: Services) -> None:
    fill(services, {"deliveries": [20, 10, 1], "integrations": []})
    (late, *_) = column(services.database, "id", "deliveries")
    touch(services, Delivery, late, status="failed")
    clock = [NOW]
    keeping = keeper(replace(services, clock=lambda: clock[0]))
    assert keeping.run().bodies == 1
    touch(services, Delivery, late, status="completed")
    assert keeping.run().bodies == 0
    clock[0] = NOW + DAY
    assert keeping.run().bodies == 1


@on_sqlite
def test_a_database_that_is_away_ends_the_run_without_an_error(
    services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    services.database.run(lambda connection: connection.execute(text("DROP TABLE deliveries")))
    with caplog.at_level(logging.WARNING, "bot.housekeeping"):
        assert keeper(services).run() == Removed(0, 0, 0, finished=False)
    assert "app.py db upgrade" in caplog.text


@pytest.mark.parametrize(
    ("rows", "took", "following"),
    [(100, 0.02, 100), (100, 0.01, 200), (100, 0.001, 200), (100, 0.04, 50), (20, 5.0, FEWEST), (400, 0.001, MOST),
     (10, 0.0, 20)],
)  # fmt: skip
def test_a_batch_is_as_large_as_fits_into_its_time(rows: int, took: float, following: int) -> None:
    assert size(rows, took) == following


def test_a_delivery_whose_body_is_gone_cannot_be_replayed_and_is_told_so(world: World) -> None:
    world.github.open_issue("acme/web", "Login fails")
    world.settle()
    (row,) = world.rows("deliveries")
    world.clock.offset += 8 * DAY
    assert Housekeeping(world.services, unrested).run().bodies == 1
    answer = world.call("POST", f"/api/v1/deliveries/{row['id']}/replay")
    assert (answer.status_code, answer.json()) == (
        409,
        {
            "success": False,
            "error": {
                "code": "body_gone",
                "message": f"The body of delivery {row['id']} is no longer kept, so it cannot be planned again.",
            },
        },
    )
    assert world.rows("deliveries") == [row]
