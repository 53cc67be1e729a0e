"""What goes into a column comes out of it: ids byte for byte, times to the microsecond, text of every kind."""

import json
from datetime import datetime, timedelta, timezone

import pytest

from storage import deliveries, history, integrations, lists, mappings, subscriptions
from storage.engine import Database
from storage.mappings import NewMapping
from storage.models import Delivery, IntegrationLog
from storage.subscriptions import Wanted
from tests.storage import rows
from tests.storage.rows import LEASE, NOW, accept, add, after, arrival, claim, column, held, planned

FOUR = ("abc", "ABC", "abc ", "ábc")
HARD = "🎉\ud83d <!channel> \x00 é"
HARD_STORED = "🎉? <!channel> \x00 é"


def claim_delivery(database: Database, now: datetime = NOW) -> deliveries.Claimed:
    claimed = rows.claim_delivery(database, now)
    assert claimed is not None
    return claimed


def test_ids_of_deliveries_are_compared_byte_for_byte(database: Database) -> None:
    assert None not in accept(database, *(arrival(one) for one in FOUR))
    assert accept(database, *(arrival(one) for one in FOUR)) == [None] * 4
    assert column(database, "delivery_id", "deliveries") == list(FOUR)


def test_two_services_may_send_the_same_id(database: Database) -> None:
    assert None not in accept(database, arrival("1", service="github"), arrival("1", service="jira"))


def test_keys_of_integrations_are_compared_byte_for_byte(database: Database) -> None:
    assert len(add(database, *(planned(one) for one in FOUR))) == 4
    assert add(database, *(planned(one) for one in FOUR)) == []


def test_ordering_keys_are_compared_byte_for_byte(database: Database) -> None:
    add(database, *(planned(one, ordering_key=one) for one in FOUR))
    assert [held(database).key for _ in FOUR] == list(FOUR)


def test_ends_of_mappings_are_compared_byte_for_byte(database: Database) -> None:
    for one in FOUR:
        new = NewMapping("thread", "slack", one, "jira", f"to {one}", "", {})
        database.run(lambda connection, new=new: mappings.put(connection, new, NOW))
    with database.read() as connection:
        found = [[end.id for end in mappings.other_ends(connection, "thread", "slack", one, "jira")] for one in FOUR]
    assert found == [[f"to {one}"] for one in FOUR]


def test_filters_of_lists_are_compared_byte_for_byte(database: Database) -> None:
    accept(database, *(arrival(one) for one in FOUR))
    with database.read() as connection:
        page = lists.page(connection, Delivery, {"delivery_id": "abc"}, 10, None)
    assert [row.delivery_id for row in page.rows if isinstance(row, Delivery)] == ["abc"]


def test_over_long_ids_are_kept_apart(database: Database) -> None:
    long = [f"{'é' * 400}{end}" for end in "ab"]
    assert None not in accept(database, *(arrival(one, ordering_key=one) for one in long))
    assert accept(database, *(arrival(one, ordering_key=one) for one in long)) == [None, None]
    assert len(add(database, *(planned(one, ordering_key=one, source_id=one, target_id=one) for one in long))) == 2
    assert [held(database).key, held(database).key] == column(database, "`key`")


def test_over_long_ids_are_found_again(database: Database) -> None:
    thread, uid = "T1/C1/" + "1" * 300, "9" * 300
    new = NewMapping("thread", "slack", thread, "jira", "OPS-1", f"jira/{uid}", {})
    row_id = database.run(lambda connection: mappings.put(connection, new, NOW))
    assert database.run(lambda connection: mappings.put(connection, new, NOW)) == row_id
    add(database, planned(ordering_key=thread))
    row = held(database)
    database.run(lambda connection: integrations.complete(connection, row, thread, thread, NOW))
    with database.read() as connection:
        assert [end.id for end in mappings.other_ends(connection, "thread", "slack", thread, "jira")] == ["OPS-1"]
        assert [end.row_id for end in mappings.threads_of(connection, "jira", "other", uid)] == [row_id]
        assert history.has_remote_id(connection, "slack", "post_message", thread)


def test_times_come_back_aware_with_microseconds(database: Database) -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=5, minutes=30)))
    database.run(lambda connection: deliveries.accept(connection, arrival(), elsewhere))
    claimed = claim_delivery(database)
    assert (claimed.received_at, claimed.received_at.utcoffset()) == (NOW, timedelta(0))
    with database.read() as connection:
        row = lists.one(connection, Delivery, claimed.id)
    assert row is not None
    assert row.due_at == after(LEASE)


def test_due_is_exact_to_the_microsecond(database: Database) -> None:
    add(database, planned())
    assert claim(database, NOW - timedelta(microseconds=1)) is None
    assert claim(database, NOW) is not None


def test_every_text_column_of_a_delivery_takes_every_text(database: Database) -> None:
    accept(database, arrival(HARD, event=HARD, ordering_key=HARD, headers={"X-GitHub-Event": HARD}))
    claimed = claim_delivery(database)
    assert (claimed.delivery_id, claimed.event, claimed.headers) == (HARD_STORED, HARD_STORED, {"X-GitHub-Event": HARD})
    assert database.run(lambda connection: deliveries.postpone(connection, claimed, NOW, HARD, NOW, burn=True))
    again = claim_delivery(database)
    assert database.run(lambda connection: deliveries.finish(connection, again, "failed", HARD, NOW))
    assert column(database, "detail", "deliveries") == [HARD_STORED]


def test_every_text_column_of_an_integration_takes_every_text(database: Database) -> None:
    words = {"source_id": HARD, "target_id": HARD, "event_type": HARD, "ordering_key": HARD}
    add(database, planned(HARD, payload={"text": HARD}, **words))
    row = held(database)
    assert (row.key, row.event_type, row.source_id) == (HARD_STORED, HARD_STORED, HARD_STORED)
    assert row.payload == {"text": HARD}
    assert database.run(lambda connection: integrations.postpone(connection, row, NOW, HARD, NOW, sent_at=None))
    assert column(database, "error_message") == [HARD_STORED]
    again = held(database)
    assert database.run(lambda connection: integrations.fail(connection, again, HARD, NOW, sent_at=None))
    assert database.run(lambda connection: integrations.retry(connection, row.id, NOW))
    last = held(database)
    assert database.run(lambda connection: integrations.complete(connection, last, HARD, HARD, NOW))
    assert column(database, "remote_id") == column(database, "target_id") == [HARD_STORED]


def test_every_text_column_of_a_mapping_takes_every_text(database: Database) -> None:
    new = NewMapping("thread", "slack", HARD, "jira", HARD, HARD, {"url": HARD})
    database.run(lambda connection: mappings.put(connection, new, NOW))
    with database.read() as connection:
        found = mappings.other_ends(connection, "thread", "slack", HARD, "jira")
        assert mappings.threads_of(connection, "jira", HARD, HARD) == found
    assert [(end.id, end.extra) for end in found] == [(HARD_STORED, {"url": HARD})]


def test_every_text_column_of_a_subscription_takes_every_text(database: Database) -> None:
    wanted = Wanted("github", HARD, HARD, [HARD], {"labels": {"any": [HARD]}}, False, HARD)
    database.run(lambda connection: subscriptions.put(connection, wanted, NOW))
    with database.read() as connection:
        (kept,) = subscriptions.of_source(connection, "github", HARD)
    assert (kept.source, kept.channel, kept.events) == (HARD_STORED, HARD_STORED, (HARD,))
    assert kept.filters == {"labels": {"any": [HARD]}}


def test_a_body_of_twenty_megabytes_comes_back_as_it_was(database: Database) -> None:
    body = json.dumps({"commits": [{"id": number, "message": "x" * 2000} for number in range(10_000)]}).encode()
    assert len(body) > 20_000_000
    accept(database, arrival(body=body))
    assert claim_delivery(database).body == body


@pytest.mark.parametrize("body", [b"", b"\x00\xff\xfe{", b"'\\\""])
def test_a_body_is_kept_byte_for_byte(database: Database, body: bytes) -> None:
    accept(database, arrival(body=body))
    assert claim_delivery(database).body == body


def test_only_headers_that_are_needed_again_are_kept(database: Database) -> None:
    kept = {"X-GitHub-Event": "push", "content-type": "application/json"}
    signed = {"X-Hub-Signature-256": "sha256=1", "X-Slack-Signature": "v0=1", "Authorization": "Bearer 1"}
    accept(database, arrival(headers=kept | signed))
    assert claim_delivery(database).headers == kept


def test_payloads_and_extra_data_may_be_longer_than_64_kilobytes(database: Database) -> None:
    long = "ß" * 200_000
    add(database, planned(payload={"text": long}))
    assert held(database).payload == {"text": long}
    new = NewMapping("thread", "slack", "t", "jira", "OPS-1", "", {"text": long})
    database.run(lambda connection: mappings.put(connection, new, NOW))
    with database.read() as connection:
        assert mappings.threads_of(connection, "jira", "OPS-1", "")[0].extra == {"text": long}


def test_filters_of_a_subscription_may_be_longer_than_64_kilobytes(database: Database) -> None:
    filters = {"labels": {"any": ["x" * 1000] * 100}}
    wanted = Wanted("github", "acme/web", "T1/C1", ["issues"], filters, False, "U1")
    database.run(lambda connection: subscriptions.put(connection, wanted, NOW))
    with database.read() as connection:
        assert [kept.filters for kept in subscriptions.of_source(connection, "github", "acme/web")] == [filters]


def test_a_row_that_does_not_fit_is_refused_and_never_cut(database: Database) -> None:
    row_id = add(database, planned())[0]
    with database.read() as connection:
        row = lists.one(connection, IntegrationLog, row_id)
    assert row is not None
    assert row.event_type == "push"
    (long_id,) = add(database, planned("k2", event_type="é" * 400))
    assert column(database, "event_type")[long_id - row_id] == "é" * 150
