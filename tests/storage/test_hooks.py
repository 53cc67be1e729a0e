"""The webhooks that point here: noticed once, written rarely, and what of theirs arrived."""

from datetime import datetime

from sqlalchemy import event

from storage import hooks
from storage.engine import Database
from storage.hooks import Known, Pointing
from tests.storage.rows import NOW, accept, after, arrival, at_once

WEB = Pointing("repository", 79929171, 292430182, "acme/web")
DAY = 86400.0


def see(database: Database, pointing: Pointing = WEB, at: datetime = NOW) -> None:
    database.run(lambda connection: hooks.seen(connection, pointing, at))


def known(database: Database) -> list[Known]:
    with database.read() as connection:
        return hooks.known(connection)


def test_a_hook_is_noticed_with_the_first_thing_that_it_sends(database: Database) -> None:
    see(database)
    (found,) = known(database)
    assert found == Known(found.id, WEB, NOW, None)


def test_hooks_differ_by_id_target_and_kind_of_target(database: Database) -> None:
    others = [
        Pointing("repository", 79929171, 292430183, "acme/web"),
        Pointing("repository", 79929172, 292430182, "acme/secret"),
        Pointing("organization", 79929171, 292430182, "acme"),
    ]
    for pointing in (WEB, *others):
        see(database, pointing)
    assert [each.pointing for each in known(database)] == [WEB, *others]


def test_a_hook_that_goes_on_sending_is_written_once_a_day(database: Database) -> None:
    see(database)
    written: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("SELECT", "BEGIN")):
            written.append(statement.split()[0])

    event.listen(database.engine, "before_cursor_execute", note)
    see(database, at=after(10))
    see(database, at=after(DAY))
    assert (written, known(database)[0].seen_at) == ([], NOW)
    see(database, at=after(DAY + 1))
    assert (written, known(database)[0].seen_at) == (["UPDATE"], after(DAY + 1))


def test_a_renamed_repository_renames_its_hook_and_an_older_delivery_does_not_name_it_back(
    database: Database,
) -> None:
    see(database)
    renamed = Pointing("repository", 79929171, 292430182, "acme/site")
    see(database, renamed, after(10))
    see(database, WEB, after(5))
    assert [(each.pointing, each.seen_at) for each in known(database)] == [(renamed, after(10))]


def test_a_hook_that_two_deliveries_show_at_once_is_kept_once(database: Database) -> None:
    at_once(6, lambda _: see(database))
    assert [each.pointing for each in known(database)] == [WEB]


def test_how_far_a_hook_was_looked_through_is_kept(database: Database) -> None:
    see(database)
    see(database, Pointing("organization", 1, 2, "acme"))
    first, second = known(database)
    database.run(lambda connection: hooks.looked(connection, first.id, after(7)))
    assert [each.looked_to for each in known(database)] == [after(7), None]
    see(database, at=after(2 * DAY))
    assert known(database) == [Known(first.id, WEB, after(2 * DAY), after(7)), second]


def test_what_arrived_is_told_by_its_id_to_the_letter_and_by_its_service(database: Database) -> None:
    accept(database, arrival("abc"), arrival("d2", service="jira"), *(arrival(f"g{number}") for number in range(600)))
    asked = ["abc", "ABC", "abc ", "d2", "unknown", *(f"g{number}" for number in range(0, 1200, 2))]
    with database.read() as connection:
        found = hooks.arrived(connection, asked)
    assert found == {"abc", *(f"g{number}" for number in range(0, 600, 2))}
