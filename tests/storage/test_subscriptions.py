"""Subscriptions: one for each source and channel, names compared as their service compares them."""

from storage import subscriptions
from storage.engine import Database
from storage.subscriptions import Kept, Wanted, source_key
from tests.storage.rows import NOW, after, at_once, column


def put(
    database: Database, service: str = "github", source: str = "acme/web", channel: str = "T1/C1", *events: str
) -> int:
    wanted = Wanted(service, source, channel, events or ("issues",), {"base": ["main"]}, False, "T1/U1")
    return database.run(lambda session: subscriptions.put(session, wanted, NOW))


def of_source(database: Database, service: str, source: str) -> list[Kept]:
    with database.read() as session:
        return subscriptions.of_source(session, service, source)


def test_a_subscription_is_kept_as_it_was_written(database: Database) -> None:
    row_id = put(database, "github", "Acme/Web", "T1/C1", "issues", "pulls")
    kept = Kept(row_id, "github", "Acme/Web", "T1/C1", ("issues", "pulls"), {"base": ["main"]}, private=False)
    assert of_source(database, "github", "Acme/Web") == [kept]


def test_github_names_have_no_case_and_jira_keys_are_upper() -> None:
    assert [source_key(*one) for one in (("github", "Acme/Web"), ("jira", "ops"))] == ["acme/web", "OPS"]


def test_a_repository_is_found_however_it_is_written(database: Database) -> None:
    row_id = put(database, "github", "Acme/Web")
    found = [[kept.id for kept in of_source(database, "github", name)] for name in ("acme/web", "ACME/WEB", "acme/we")]
    assert found == [[row_id], [row_id], []]


def test_a_second_subscription_to_the_same_source_replaces_the_first(database: Database) -> None:
    first = put(database, "github", "acme/web", "T1/C1", "issues")
    second = put(database, "github", "ACME/Web", "T1/C1", "pulls")
    (kept,) = of_source(database, "github", "acme/web")
    assert (second, kept.source, kept.events) == (first, "ACME/Web", ("pulls",))


def test_many_who_subscribe_at_once_make_one_subscription(database: Database) -> None:
    ids = at_once(6, lambda _: put(database))
    assert {*ids} == {*column(database, "id", "subscriptions")}


def test_services_channels_and_workspaces_are_kept_apart(database: Database) -> None:
    for service, source, channel in (
        ("github", "acme/web", "T1/C1"), ("github", "acme/web", "T1/C2"), ("github", "acme/web", "T2/C1"),
        ("github", "acme/app", "T1/C1"), ("jira", "OPS", "T1/C1"),
    ):  # fmt: skip
        put(database, service, source, channel)
    assert [kept.channel for kept in of_source(database, "github", "acme/web")] == ["T1/C1", "T1/C2", "T2/C1"]
    with database.read() as session:
        found = [kept.source for kept in subscriptions.of_channel(session, "T1/C1", "github")]
    assert found == ["acme/app", "acme/web"]


def test_a_subscription_ends_by_name_or_by_id_and_only_once(database: Database) -> None:
    put(database, "jira", "OPS")
    other = put(database, "github", "acme/web")
    ended = [
        database.run(lambda session: subscriptions.remove(session, "jira", "ops", "T1/C2")),
        database.run(lambda session: subscriptions.remove(session, "jira", "ops", "T1/C1")),
        database.run(lambda session: subscriptions.remove(session, "jira", "ops", "T1/C1")),
        database.run(lambda session: subscriptions.remove_id(session, other)),
        database.run(lambda session: subscriptions.remove_id(session, other)),
    ]
    assert (ended, column(database, "id", "subscriptions")) == ([False, True, False, True, False], [])


def test_events_and_filters_can_be_changed_one_by_one(database: Database) -> None:
    row_id = put(database)
    assert database.run(lambda session: subscriptions.change(session, row_id, after(5), events=["pulls"]))
    (kept,) = of_source(database, "github", "acme/web")
    assert (kept.events, kept.filters) == (("pulls",), {"base": ["main"]})
    assert database.run(lambda session: subscriptions.change(session, row_id, after(5), filters={}))
    assert of_source(database, "github", "acme/web")[0].filters == {}
    assert not database.run(lambda session: subscriptions.change(session, 999, after(5), filters={}))
