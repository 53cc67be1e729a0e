"""Subscriptions: one for each source and channel, names compared as their service compares them."""

from storage import subscriptions
from storage.engine import Database
from storage.subscriptions import Kept, Wanted, source_key
from tests.storage.rows import NOW, after, at_once, column


def put(
    database: Database, service: str = "github", source: str = "acme/web", channel: str = "T1/C1", *events: str
) -> int:
    wanted = Wanted(service, source, channel, events or ("issues",), {"base": ["main"]}, False, "T1/U1")
    return database.run(lambda connection: subscriptions.put(connection, wanted, NOW))


def of_source(database: Database, service: str, source: str) -> list[Kept]:
    with database.read() as connection:
        return subscriptions.of_source(connection, service, source)


def test_a_subscription_is_kept_as_it_was_written(database: Database) -> None:
    row_id = put(database, "github", "Acme/Web", "T1/C1", "issues", "pulls")
    kept = Kept(
        row_id, "github", "Acme/Web", "T1/C1", ("issues", "pulls"), {"base": ["main"]}, private=False,
        created_by="T1/U1", paused="",
    )  # fmt: skip
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
    with database.read() as connection:
        found = [kept.source for kept in subscriptions.of_channel(connection, "T1/C1", "github")]
    assert found == ["acme/app", "acme/web"]


def test_a_subscription_ends_by_name_or_by_id_and_only_once(database: Database) -> None:
    put(database, "jira", "OPS")
    other = put(database, "github", "acme/web")
    ended = [
        database.run(lambda connection: subscriptions.remove(connection, "jira", "ops", "T1/C2")),
        database.run(lambda connection: subscriptions.remove(connection, "jira", "ops", "T1/C1")),
        database.run(lambda connection: subscriptions.remove(connection, "jira", "ops", "T1/C1")),
        database.run(lambda connection: subscriptions.remove_id(connection, other)),
        database.run(lambda connection: subscriptions.remove_id(connection, other)),
    ]
    assert (ended, column(database, "id", "subscriptions")) == ([False, True, False, True, False], [])


def test_events_and_filters_can_be_changed_one_by_one(database: Database) -> None:
    row_id = put(database)
    assert database.run(lambda connection: subscriptions.change(connection, row_id, after(5), events=["pulls"]))
    (kept,) = of_source(database, "github", "acme/web")
    assert (kept.events, kept.filters) == (("pulls",), {"base": ["main"]})
    assert database.run(lambda connection: subscriptions.change(connection, row_id, after(5), filters={}))
    assert of_source(database, "github", "acme/web")[0].filters == {}
    assert not database.run(lambda connection: subscriptions.change(connection, 999, after(5), filters={}))


# --- strikes and pauses ----------------------------------------------------------------------------------------------


def strike(database: Database, row_id: int, channel: str = "T1/C1", seconds: float = 5) -> Kept | None:
    return database.run(
        lambda connection: subscriptions.strike(
            connection, row_id, channel, "the channel is archived", 3, after(seconds)
        )
    )


def state(database: Database) -> list[tuple[int, bool, str | None]]:
    columns = [column(database, name, "subscriptions") for name in ("strikes", "paused_at", "paused_reason")]
    return [(strikes, paused is not None, reason) for strikes, paused, reason in zip(*columns, strict=True)]


def test_the_last_of_so_many_strikes_pauses_a_subscription_and_no_later_one_does_again(database: Database) -> None:
    row_id = put(database)
    assert [strike(database, row_id) for _ in range(2)] == [None, None]
    paused = strike(database, row_id)
    assert paused is not None
    assert (paused.id, paused.paused, paused.created_by) == (row_id, "the channel is archived", "T1/U1")
    assert of_source(database, "github", "acme/web") == [paused]
    assert strike(database, row_id) is None
    assert state(database) == [(3, True, "the channel is archived")]


def test_of_many_strikes_at_once_exactly_one_pauses(database: Database) -> None:
    row_id = put(database)
    found = at_once(8, lambda _: strike(database, row_id))
    assert [one.id for one in found if one] == [row_id]
    assert state(database) == [(3, True, "the channel is archived")]


def test_a_strike_of_another_channel_or_of_a_subscription_that_ended_counts_for_nothing(database: Database) -> None:
    row_id = put(database)
    assert [strike(database, row_id, "T1/C2") for _ in range(3)] == [None] * 3
    assert [strike(database, row_id + 1) for _ in range(3)] == [None] * 3
    assert state(database) == [(0, False, None)]


def test_a_success_forgets_the_strikes_but_ends_no_pause(database: Database) -> None:
    row_id = put(database)

    def recover(channel: str = "T1/C1") -> None:
        database.run(lambda connection: subscriptions.recover(connection, row_id, channel))

    strike(database, row_id)
    recover("T1/C2")
    assert state(database) == [(1, False, None)]
    recover()
    assert state(database) == [(0, False, None)]
    for _ in range(3):
        strike(database, row_id)
    recover()
    assert state(database) == [(3, True, "the channel is archived")]


def test_to_subscribe_again_ends_the_pause_and_names_the_new_maker(database: Database) -> None:
    row_id = put(database)
    for _ in range(3):
        strike(database, row_id)
    wanted = Wanted("github", "acme/web", "T1/C1", ("issues",), {}, False, "T1/U2")
    assert database.run(lambda connection: subscriptions.put(connection, wanted, after(9))) == row_id
    (kept,) = of_source(database, "github", "acme/web")
    assert (kept.paused, kept.created_by, state(database)) == ("", "T1/U2", [(0, False, None)])


def test_a_pause_asked_for_keeps_the_reason_there_is_and_ends_when_asked(database: Database) -> None:
    row_id = put(database)
    for paused, expected in (
        (None, (0, False, None)), ("asked for", (0, True, "asked for")), ("again", (0, True, "asked for")),
        (None, (0, True, "asked for")), ("", (0, False, None)),
    ):  # fmt: skip
        assert database.run(
            lambda connection, paused=paused: subscriptions.change(connection, row_id, after(5), paused=paused)
        )
        assert state(database) == [expected]


def test_everything_that_some_channel_hears_of_is_known_once(database: Database) -> None:
    for source, channel in (("OPS", "T1/C1"), ("OPS", "T1/C2"), ("web", "T1/C1")):
        database.run(
            lambda c, s=source, ch=channel: subscriptions.put(c, Wanted("jira", s, ch, [], {}, False, ""), NOW)
        )
    with database.read() as connection:
        assert subscriptions.sources(connection, "jira") == {"OPS", "WEB"}
        assert subscriptions.sources(connection, "github") == set()
