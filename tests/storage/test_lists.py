"""Lists: newest first, filtered, and paged so that no row is shown twice or missed while others come in."""

from storage import lists
from storage.engine import Database
from storage.models import IntegrationLog
from tests.storage.rows import add, planned


def page(database: Database, before: int | None, **filters: str) -> tuple[list[int], int, int | None]:
    with database.read() as connection:
        found = lists.page(connection, IntegrationLog, filters, 2, before)
        return [row.id for row in found.rows], found.total, found.before


def test_pages_go_from_the_newest_to_the_oldest_while_rows_come_in(database: Database) -> None:
    ids = add(database, *(planned(f"k{number}") for number in range(5)))
    first = page(database, None)
    add(database, planned("later"))
    second, third = page(database, first[2]), page(database, ids[1])
    assert (first, second, third) == (
        ([ids[4], ids[3]], 5, ids[3]),
        ([ids[2], ids[1]], 6, ids[1]),
        ([ids[0]], 6, None),
    )


def test_a_page_that_is_just_full_is_the_last_one(database: Database) -> None:
    ids = add(database, planned("k1"), planned("k2"))
    assert page(database, None) == ([ids[1], ids[0]], 2, None)


def test_filters_count_and_show_the_same_rows(database: Database) -> None:
    ids = add(database, planned("k1"), planned("k2", target_service="jira"), planned("k3"))
    assert page(database, None, target_service="slack", status="pending") == ([ids[2], ids[0]], 2, None)
    assert page(database, None, target_service="github") == ([], 0, None)


def test_one_row_is_found_by_its_id(database: Database) -> None:
    (row_id,) = add(database, planned())
    with database.read() as connection:
        found = [lists.one(connection, IntegrationLog, one) for one in (row_id, 999)]
    assert [row is None for row in found] == [False, True]
