"""The outbox: what is known of a call at every moment, so that none is lost and none is made twice."""

from storage import history, integrations
from storage.engine import Database
from storage.integrations import Integration
from tests.storage.rows import LEASE, NOW, add, after, claim, column, held, planned


def postpone(database: Database, row: Integration, seconds: float, *, unknown: bool, misses: int = 0) -> bool:
    sent_at = NOW if unknown else None
    return database.run(
        lambda connection: integrations.postpone(
            connection, row, after(seconds), "why", NOW, sent_at=sent_at, misses=misses, burn=True
        )
    )


def complete(database: Database, row: Integration, remote_id: str = "r1", target_id: str = "") -> bool:
    return database.run(lambda connection: integrations.complete(connection, row, remote_id, target_id, NOW))


def fail(database: Database, row: Integration, *, unknown: bool = False) -> bool:
    sent_at = NOW if unknown else None
    return database.run(lambda connection: integrations.fail(connection, row, "no", NOW, sent_at=sent_at))


# --- planning --------------------------------------------------------------------------------------------------------


def test_planning_twice_changes_nothing(database: Database) -> None:
    first = add(database, planned("k1", payload={"text": "one"}), planned("k2"))
    before = column(database, "marker")
    assert add(database, planned("k1", payload={"text": "other"}), planned("k2")) == []
    assert (column(database, "id"), column(database, "marker")) == (first, before)
    assert held(database).payload == {"text": "one"}


def test_planning_again_adds_only_what_is_new(database: Database) -> None:
    add(database, planned("k1"))
    (new,) = add(database, planned("k1"), planned("k2"))
    assert column(database, "id")[1:] == [new]


def test_a_key_is_taken_for_ever(database: Database) -> None:
    add(database, planned())
    complete(database, held(database))
    assert (add(database, planned()), claim(database, after(1e6))) == ([], None)


def test_a_row_is_born_pending_with_a_marker_of_its_own_and_surely_not_sent(database: Database) -> None:
    add(database, *(planned(f"k{number}", ordering_key=str(number)) for number in range(50)))
    markers = column(database, "marker")
    assert len(set(markers)) == 50
    assert {(len(marker), marker[:2], marker.isalnum()) for marker in markers} == {(22, "ct", True)}
    assert {*column(database, "status"), *column(database, "sent_at")} == {"pending", None}


def test_a_row_is_found_by_its_key(database: Database) -> None:
    (row_id,) = add(database, planned("k1"))
    with database.read() as connection:
        found = [history.with_key(connection, key) for key in ("k1", "k2")]
    assert [row and row.id for row in found] == [row_id, None]


# --- claiming --------------------------------------------------------------------------------------------------------


def test_a_claim_says_before_the_call_that_it_may_have_left(database: Database) -> None:
    add(database, planned())
    row = held(database)
    assert row.sent_at is None
    with database.read() as connection:
        kept = history.with_key(connection, "k1")
    assert kept is not None
    assert (kept.sent_at, kept.lease_token, kept.due_at) == (NOW, row.lease_token, after(LEASE))


def test_whoever_claims_it_after_a_crash_is_told_when_it_may_have_left(database: Database) -> None:
    add(database, planned())
    first, second, third = held(database), held(database, after(LEASE)), held(database, after(2 * LEASE))
    assert [row.sent_at for row in (first, second, third)] == [None, NOW, NOW]
    assert {row.marker for row in (first, second, third)} == {first.marker}


def test_a_sure_no_leaves_a_row_as_if_it_was_never_sent(database: Database) -> None:
    add(database, planned())
    assert postpone(database, held(database), 5, unknown=False)
    again = held(database, after(5))
    assert (again.sent_at, again.attempts) == (None, 2)


def test_an_unknown_outcome_stays_unknown_and_counts_its_misses(database: Database) -> None:
    add(database, planned())
    assert postpone(database, held(database), 5, unknown=True, misses=1)
    again = held(database, after(5))
    assert (again.sent_at, again.misses) == (NOW, 1)


def test_an_attempt_that_does_not_count_is_taken_back(database: Database) -> None:
    add(database, planned())
    for _ in range(5):
        row = held(database)
        database.run(
            lambda connection, row=row: integrations.postpone(connection, row, NOW, "", NOW, sent_at=None, burn=False)
        )
    assert (column(database, "attempts"), column(database, "error_message")) == ([0], [None])


# --- finishing -------------------------------------------------------------------------------------------------------


def test_a_completed_row_knows_what_the_far_side_calls_its_effect(database: Database) -> None:
    add(database, planned())
    row = held(database)
    postpone(database, row, 0, unknown=True)
    assert complete(database, held(database), "1700.1", "T1/C1/1700.1")
    names = ("status", "remote_id", "target_id", "error_message")
    assert [column(database, name) for name in names] == [["completed"], ["1700.1"], ["T1/C1/1700.1"], [None]]


def test_a_target_stays_as_planned_unless_the_effect_names_another(database: Database) -> None:
    add(database, planned(target_id="T1/C1"))
    complete(database, held(database))
    assert column(database, "target_id") == ["T1/C1"]


def test_a_late_worker_may_add_the_remote_id_and_nothing_else(database: Database) -> None:
    add(database, planned())
    late, _ = held(database), held(database, after(LEASE))
    assert not complete(database, late, "r-late", "elsewhere")
    names = ("status", "remote_id", "target_id", "attempts")
    assert [column(database, name) for name in names] == [["pending"], ["r-late"], ["T1/C1"], [2]]


def test_a_late_worker_does_not_replace_a_remote_id(database: Database) -> None:
    add(database, planned())
    late, present = held(database), held(database, after(LEASE))
    assert complete(database, present, "r-present")
    assert not complete(database, late, "r-late")
    assert (column(database, "status"), column(database, "remote_id")) == (["completed"], ["r-present"])


def test_a_late_worker_can_neither_fail_nor_postpone_nor_resend(database: Database) -> None:
    add(database, planned())
    late, _ = held(database), held(database, after(LEASE))
    assert not fail(database, late)
    assert not postpone(database, late, 0, unknown=False)
    assert not database.run(lambda connection: integrations.leaves(connection, late, after(99)))
    names = ("status", "attempts", "error_message")
    assert [column(database, name) for name in names] == [["pending"], [2], [None]]
    assert held(database, after(2 * LEASE)).sent_at == NOW


def test_a_call_made_once_more_is_noted_before_it_leaves(database: Database) -> None:
    add(database, planned())
    postpone(database, held(database), 0, unknown=True, misses=1)
    row = held(database)
    assert database.run(lambda connection: integrations.leaves(connection, row, after(50)))
    again = held(database, after(LEASE))
    assert (again.sent_at, again.misses, again.marker) == (after(50), 0, row.marker)


# --- again -----------------------------------------------------------------------------------------------------------


def test_a_failed_row_can_be_tried_again_from_the_first_attempt(database: Database) -> None:
    (row_id,) = add(database, planned())
    fail(database, held(database))
    assert database.run(lambda connection: integrations.retry(connection, row_id, NOW))
    row = held(database)
    assert (row.id, row.attempts, row.sent_at) == (row_id, 1, None)


def test_what_was_unknown_of_a_failed_row_is_still_unknown_when_it_is_tried_again(database: Database) -> None:
    (row_id,) = add(database, planned())
    fail(database, held(database), unknown=True)
    assert database.run(lambda connection: integrations.retry(connection, row_id, after(5)))
    assert held(database, after(5)).sent_at == NOW


def test_only_a_failed_row_can_be_tried_again(database: Database) -> None:
    first, second = add(database, planned("k1", ordering_key="1"), planned("k2", ordering_key="2"))
    complete(database, held(database))
    tried = [
        database.run(lambda connection, one=one: integrations.retry(connection, one, NOW)) for one in (first, second, 9)
    ]
    assert (tried, column(database, "status")) == ([False] * 3, ["completed", "pending"])


# --- recognising -----------------------------------------------------------------------------------------------------


def test_a_row_whose_effect_was_seen_is_taken_from_whoever_holds_it(database: Database) -> None:
    add(database, planned())
    holder = held(database)
    taken = database.run(lambda connection: integrations.take_marked(connection, holder.marker, after(1)))
    assert taken is not None
    assert not fail(database, holder)
    assert complete(database, taken, "seen")
    assert not complete(database, holder, "late")
    assert (column(database, "status"), column(database, "remote_id")) == (["completed"], ["seen"])


def test_only_a_pending_row_can_be_taken_by_its_marker(database: Database) -> None:
    add(database, planned())
    row = held(database)
    complete(database, row)
    for marker in (row.marker, "unknown", ""):
        assert database.run(lambda connection, marker=marker: integrations.take_marked(connection, marker, NOW)) is None


def test_a_call_is_in_flight_from_its_claim_until_it_is_judged(database: Database) -> None:
    def flying(order: str = "jira:OPS-1", operation: str = "add_comment") -> bool:
        with database.read() as connection:
            return history.in_flight(connection, order, operation)

    add(database, planned(operation="add_comment", ordering_key="jira:OPS-1"))
    seen = [flying()]
    row = held(database)
    seen += [flying(), flying("jira:OPS-2"), flying(operation="create_issue")]
    postpone(database, row, 0, unknown=True)
    seen.append(flying())
    postpone(database, held(database), 0, unknown=False)
    seen.append(flying())
    complete(database, held(database))
    seen.append(flying())
    assert seen == [False, True, False, False, True, False, False]


def test_the_payloads_of_calls_in_flight_are_listed_by_operation(database: Database) -> None:
    add(
        database,
        planned("k1", operation="create_issue", ordering_key="1", payload={"summary": "sent"}),
        planned("k2", operation="add_comment", ordering_key="2", payload={"summary": "other"}),
        planned("k3", operation="create_issue", ordering_key="3", payload={"summary": "not sent"}),
    )
    assert {held(database).key, held(database).key} == {"k1", "k2"}
    with database.read() as connection:
        assert history.sent_pending(connection, "create_issue") == [{"summary": "sent"}]


def test_what_connect_made_is_recognised_by_the_far_sides_id(database: Database) -> None:
    add(database, planned(operation="add_comment"))
    complete(database, held(database), "10001")
    with database.read() as connection:
        known = [
            history.has_remote_id(connection, service, operation, remote_id)
            for service, operation, remote_id in (
                ("slack", "add_comment", "10001"), ("github", "add_comment", "10001"),
                ("slack", "create_issue", "10001"), ("slack", "add_comment", "1000"),
            )
        ]  # fmt: skip
    assert known == [True, False, False, False]
