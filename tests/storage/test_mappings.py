"""Mappings are found from either end, and by the numeric id when a name has changed."""

from collections.abc import Callable

import pytest

from storage import mappings
from storage.engine import Database
from storage.mappings import NewMapping
from tests.storage.rows import NOW, at_once, column

THREAD = "T1/C1/1700000000.000100"


def put(database: Database, *new: NewMapping) -> list[int]:
    return [database.run(lambda connection, one=one: mappings.put(connection, one, NOW)) for one in new]


def from_slack(thread: str = THREAD, issue: str = "OPS-1", uid: str = "jira/10001", **extra: str) -> NewMapping:
    return NewMapping("thread", "slack", thread, "jira", issue, uid, extra)


def from_jira(thread: str = THREAD, issue: str = "OPS-1", uid: str = "jira/10001", **extra: str) -> NewMapping:
    return NewMapping("thread", "jira", issue, "slack", thread, uid, extra)


@pytest.mark.parametrize("make", [from_slack, from_jira])
def test_a_mapping_is_found_from_either_end(database: Database, make: Callable[..., NewMapping]) -> None:
    (row_id,) = put(database, make(url="u"))
    with database.read() as connection:
        issues = mappings.other_ends(connection, "thread", "slack", THREAD, "jira")
        threads = mappings.other_ends(connection, "thread", "jira", "OPS-1", "slack")
        same = mappings.threads_of(connection, "jira", "OPS-1", "")
    assert [(end.row_id, end.id, end.extra) for end in issues] == [(row_id, "OPS-1", {"url": "u"})]
    assert [(end.row_id, end.id, end.extra) for end in threads] == [(row_id, THREAD, {"url": "u"})]
    assert same == threads


def test_those_that_have_a_thread_are_picked_out_from_either_end(database: Database) -> None:
    long = f"OPS-{'1' * 300}"
    comment = NewMapping("comment", "jira", "OPS-4", "slack", "T1/C4/1", "", {})
    put(database, from_slack(), from_jira("T1/C2/1", "OPS-2"), from_jira("T1/C3/1", long), comment)
    with database.read() as connection:
        found = mappings.having_threads(connection, "jira", ["OPS-1", "OPS-2", "OPS-3", "OPS-4", "ops-1", long])
        none = mappings.having_threads(connection, "github", ["OPS-1"])
    assert (found, none) == ({"OPS-1", "OPS-2", long}, set())


def test_the_same_mapping_twice_is_one_row_with_all_that_was_said(database: Database) -> None:
    first, second = put(database, from_slack(card_ts="1", version="1"), from_slack(version="2", url="u"))
    with database.read() as connection:
        (found,) = mappings.threads_of(connection, "jira", "OPS-1", "")
    assert (first, found.extra) == (second, {"card_ts": "1", "version": "2", "url": "u"})


def test_threads_are_found_by_the_numeric_id_after_a_rename(database: Database) -> None:
    put(database, from_jira(), from_slack("T1/C2/1", "WEB-9", "jira/10002"))
    with database.read() as connection:
        renamed = [end.id for end in mappings.threads_of(connection, "jira", "NEW-7", "10001")]
        unknown = [mappings.threads_of(connection, "jira", "NEW-7", uid) for uid in ("", "1000", "10003")]
    assert (renamed, unknown) == ([THREAD], [[], [], []])


def test_a_moved_issue_is_noted_by_its_new_key_wherever_it_stands(database: Database) -> None:
    other = "T1/C2/1700000000.000200"
    put(database, from_slack(), from_jira(other), from_slack("T1/C3/1", "WEB-9", "jira/10002"))
    put(database, from_slack(other, "NEW-7", "jira/10001"))
    for _ in range(2):
        database.run(lambda connection: mappings.rename(connection, "jira", "10001", "NEW-7"))
    with database.read() as connection:
        by_thread = [
            [end.id for end in mappings.other_ends(connection, "thread", "slack", thread, "jira")]
            for thread in (THREAD, other, "T1/C3/1")
        ]
    # One that has the new key already keeps both: Jira itself still finds the issue by the old one.
    assert by_thread == [["NEW-7"], ["OPS-1", "NEW-7"], ["WEB-9"]]


def test_without_a_number_nothing_is_renamed(database: Database) -> None:
    put(database, from_slack(uid=""))
    database.run(lambda connection: mappings.rename(connection, "jira", "", "NEW-7"))
    with database.read() as connection:
        assert [end.id for end in mappings.other_ends(connection, "thread", "slack", THREAD, "jira")] == ["OPS-1"]


def test_a_thread_found_by_name_and_by_number_is_found_once(database: Database) -> None:
    put(database, from_jira())
    with database.read() as connection:
        assert len(mappings.threads_of(connection, "jira", "OPS-1", "10001")) == 1


def test_the_numbers_of_two_services_are_different_things(database: Database) -> None:
    put(database, from_jira(uid="jira/7"), NewMapping("thread", "github", "o/a#1", "slack", "T1/C2/2", "github/7", {}))
    with database.read() as connection:
        found = [[end.id for end in mappings.threads_of(connection, name, "x", "7")] for name in ("jira", "github")]
    assert found == [[THREAD], ["T1/C2/2"]]


def test_one_issue_may_have_threads_in_several_channels_oldest_first(database: Database) -> None:
    threads = [f"T1/C{number}/1" for number in (3, 1, 2)]
    put(database, *(from_jira(thread) for thread in threads))
    with database.read() as connection:
        assert [end.id for end in mappings.threads_of(connection, "jira", "OPS-1", "10001")] == threads


def test_kinds_of_mappings_do_not_mix(database: Database) -> None:
    put(database, NewMapping("comment", "slack", THREAD, "jira", "10005", "", {}))
    with database.read() as connection:
        assert mappings.other_ends(connection, "thread", "slack", THREAD, "jira") == []
        assert [end.id for end in mappings.other_ends(connection, "comment", "jira", "10005", "slack")] == [THREAD]


def test_extra_data_is_added_to_what_there_is(database: Database) -> None:
    (row_id,) = put(database, from_jira(version="1", url="u"))
    database.run(lambda connection: mappings.add_extra(connection, row_id, {"version": "2"}))
    database.run(lambda connection: mappings.add_extra(connection, 999, {"version": "3"}))
    with database.read() as connection:
        assert mappings.threads_of(connection, "jira", "OPS-1", "")[0].extra == {"version": "2", "url": "u"}


def test_one_mapping_made_by_many_at_once_is_one_row_with_all_their_words(database: Database) -> None:
    ids = at_once(6, lambda number: put(database, from_jira(**{f"n{number}": "here"}))[0])
    with database.read() as connection:
        (found,) = mappings.threads_of(connection, "jira", "OPS-1", "")
    assert {*ids} == {*column(database, "id", "service_mappings")}
    assert found.extra == {f"n{number}": "here" for number in range(6)}


@pytest.mark.parametrize("make", [from_slack, from_jira])
def test_a_channel_has_threads_of_a_project_or_has_not(database: Database, make: Callable[..., NewMapping]) -> None:
    put(database, make(), make("T1/C2/1700000000.000100", "OPSX-1", ""))
    put(database, NewMapping("comment", "slack", "T1/C3/1700000000.000100", "jira", "OPS-7", "", {}))
    asked = [
        ("T1/C1", "OPS-"), ("T1/C1", "OPSX-"), ("T1/C1", "ops-"), ("T1/C2", "OPS-"), ("T1/C", "OPS-"),
        ("T1/c1", "OPS-"), ("T1/C3", "OPS-"), ("T1/C2", "OPSX-"),
    ]  # fmt: skip
    with database.read() as connection:
        found = [mappings.has_threads(connection, place, "jira", project) for place, project in asked]
        other = mappings.has_threads(connection, "T1/C1", "github", "OPS-")
    assert (found, other) == ([True, False, False, False, False, False, False, True], False)


def test_a_mapping_that_ended_is_found_no_more_and_may_begin_anew(database: Database) -> None:
    (row_id,) = put(database, from_jira(version="1"))
    database.run(lambda connection: mappings.forget(connection, row_id))
    with database.read() as connection:
        gone = mappings.threads_of(connection, "jira", "OPS-1", "10001")
    put(database, from_jira(url="u"))
    with database.read() as connection:
        (found,) = mappings.threads_of(connection, "jira", "OPS-1", "10001")
    assert (gone, found.extra) == ([], {"url": "u"})


def test_all_mappings_of_a_type_are_listed_oldest_first(database: Database) -> None:
    pairs = [("T1/U2", "ada"), ("T1/U1", "grace")]
    put(database, from_slack(), *(NewMapping("user", "slack", who, "jira", ident, "", {}) for who, ident in pairs))
    put(database, NewMapping("user", "slack", "T1/U3", "github", "7", "", {}))
    with database.read() as connection:
        found = mappings.of_type(connection, "user", "slack", "jira")
    assert [(who, end.id) for who, end in found] == pairs
