"""Group commit: fewer commits than callers, each caller its own answer, and no answer without its row."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, event, text

from storage import deliveries
from storage.deliveries import Arrival
from storage.engine import Database, DatabaseUnavailable
from storage.together import Together
from tests.mariadb import free_port
from tests.proxy import COMMIT, Proxy
from tests.storage.rows import NOW, accept, arrival, at_once, column

PATIENCE = 3.0
mysql_only = pytest.mark.parametrize("database_url", ["mysql"], indirect=True)


class Spoilt(Exception):
    """What a test's work raises."""


class Gate:
    """Work that stores arrivals, and counts; its first batch waits inside its transaction until it is let go."""

    def __init__(self, database: Database) -> None:
        self.together = Together(database, self.work)
        self.inside = threading.Event()
        self.open = threading.Event()
        self.batches: list[list[str]] = []

    def work(self, connection: Connection, arrivals: Sequence[Arrival]) -> list[int | None]:
        self.batches.append([one.delivery_id for one in arrivals])
        if len(self.batches) == 1:
            self.inside.set()
            assert self.open.wait(10)
        if any(one.event == "spoilt" for one in arrivals):
            raise Spoilt
        return [deliveries.accept(connection, one, NOW) for one in arrivals]

    def waiting(self) -> int:
        return len(self.together._waiting)  # pyright: ignore[reportPrivateUsage]


@pytest.fixture
def gate(database: Database) -> Gate:
    return Gate(database)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(70) as pool:
        yield pool


@pytest.fixture
def commits(database: Database) -> list[int]:
    """One more for each commit."""
    counted: list[int] = []

    def count(_: Connection) -> None:
        counted.append(1)

    event.listen(database.engine, "commit", count)
    return counted


def eventually(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        threading.Event().wait(0.005)


def behind(
    gate: Gate, threads: ThreadPoolExecutor, *arrivals: Arrival
) -> tuple[Future[int | None], list[Future[int | None]]]:
    """A leader whose transaction is open, and others who wait for their turn, in this order."""
    leader = threads.submit(gate.together.run, arrival("leader"))
    assert gate.inside.wait(10)
    others: list[Future[int | None]] = []
    for number, one in enumerate(arrivals, 1):
        others.append(threads.submit(gate.together.run, one))
        eventually(lambda number=number: gate.waiting() == number)
    return leader, others


def names(count: int) -> list[str]:
    return [f"d{number}" for number in range(count)]


def stored(database: Database) -> list[str]:
    return column(database, "delivery_id", "deliveries")


# --- one transaction for many ----------------------------------------------------------------------------------------


def test_whoever_comes_alone_is_stored_at_once(database: Database, gate: Gate, commits: list[int]) -> None:
    gate.open.set()
    assert gate.together.run(arrival("d1")) == column(database, "id", "deliveries")[0]
    assert gate.together.run(arrival("d1")) is None
    assert len(commits) == 2


def test_all_who_wait_share_the_next_commit_and_each_gets_its_own_answer(
    database: Database, gate: Gate, threads: ThreadPoolExecutor, commits: list[int]
) -> None:
    leader, others = behind(gate, threads, *map(arrival, names(20)), arrival("d3"))
    gate.open.set()
    given = {"leader": leader.result(10)} | {
        name: other.result(10) for name, other in zip(names(20), others, strict=False)
    }
    assert given == dict(zip(stored(database), column(database, "id", "deliveries"), strict=True))
    assert others[-1].result(10) is None
    assert gate.batches == [["leader"], [*names(20), "d3"]]
    assert len(commits) == 2


def test_a_batch_takes_64_at_most(database: Database, gate: Gate, threads: ThreadPoolExecutor) -> None:
    leader, others = behind(gate, threads, *map(arrival, names(66)))
    gate.open.set()
    for one in (leader, *others):
        assert one.result(10)
    assert [len(batch) for batch in gate.batches] == [1, 64, 2]
    assert stored(database) == ["leader", *names(66)]


def test_many_threads_that_never_stop_are_all_served_with_fewer_commits(
    database: Database, gate: Gate, commits: list[int]
) -> None:
    gate.open.set()

    def deliver(number: int) -> list[int | None]:
        return [gate.together.run(arrival(f"{number}-{turn}")) for turn in range(10)]

    given = [one for each in at_once(16, deliver) for one in each]
    assert sorted(one for one in given if one) == column(database, "id", "deliveries")
    assert len(commits) < len(given) == 160


# --- one that fails --------------------------------------------------------------------------------------------------


def test_one_that_fails_hurts_nobody_else(database: Database, gate: Gate, threads: ThreadPoolExecutor) -> None:
    leader, others = behind(gate, threads, arrival("d0"), arrival("bad", event="spoilt"), arrival("d2"))
    gate.open.set()
    assert leader.result(10)
    assert [bool(others[0].result(10)), bool(others[2].result(10))] == [True, True]
    with pytest.raises(Spoilt):
        others[1].result(10)
    assert stored(database) == ["leader", "d0", "d2"]
    assert gate.together.run(arrival("after"))


def test_a_leader_that_fails_hands_over(database: Database, gate: Gate) -> None:
    gate.open.set()
    with pytest.raises(Spoilt):
        gate.together.run(arrival("bad", event="spoilt"))
    assert gate.together.run(arrival("after"))
    assert stored(database) == ["after"]


def test_a_leader_that_is_interrupted_hands_over(database: Database) -> None:
    def work(_: Connection, items: Sequence[int]) -> Sequence[int]:
        if 1 in items:
            raise KeyboardInterrupt
        return items

    together = Together(database, work)
    with pytest.raises(KeyboardInterrupt):
        together.run(1)
    assert together.run(2) == 2


# --- what the leader makes for all ------------------------------------------------------------------------------------


def spoilt() -> Arrival:
    raise Spoilt


def test_the_leader_makes_the_items_of_all_who_wait(
    database: Database, gate: Gate, threads: ThreadPoolExecutor
) -> None:
    makers: set[int] = set()

    def make(name: str) -> Arrival:
        makers.add(threading.get_ident())
        return arrival(name)

    leader, _ = behind(gate, threads)
    made = [threads.submit(gate.together.run_made, lambda name=name: make(name)) for name in names(5)]
    eventually(lambda: gate.waiting() == 5)
    assert makers == set()
    gate.open.set()
    assert all([leader.result(10), *(one.result(10) for one in made)])
    assert (len(makers), sorted(stored(database))) == (1, [*names(5), "leader"])


def test_one_that_cannot_be_made_is_told_so_and_hurts_nobody_else(
    database: Database, gate: Gate, threads: ThreadPoolExecutor
) -> None:
    leader, (before,) = behind(gate, threads, arrival("d0"))
    bad = threads.submit(gate.together.run_made, spoilt)
    eventually(lambda: gate.waiting() == 2)
    after = threads.submit(gate.together.run, arrival("d1"))
    eventually(lambda: gate.waiting() == 3)
    gate.open.set()
    assert all((leader.result(10), before.result(10), after.result(10)))
    assert isinstance(bad.exception(10), Spoilt)
    assert gate.batches == [["leader"], ["d0", "d1"]]


def test_what_cannot_be_made_begins_no_transaction(database: Database, gate: Gate, commits: list[int]) -> None:
    with pytest.raises(Spoilt):
        gate.together.run_made(spoilt)
    assert (gate.batches, commits) == ([], [])
    gate.open.set()
    assert gate.together.run(arrival("after"))


def test_what_is_wrong_with_an_item_is_told_even_if_nobody_could_take_it(
    database: Database, gate: Gate, threads: ThreadPoolExecutor
) -> None:
    leader, (good,) = behind(gate, threads, arrival("d0"))
    bad = threads.submit(gate.together.run_made, spoilt)
    assert isinstance(bad.exception(PATIENCE), Spoilt)
    assert isinstance(good.exception(PATIENCE), DatabaseUnavailable)
    gate.open.set()
    assert leader.result(10)
    assert stored(database) == ["leader"]


# --- a database that is away -----------------------------------------------------------------------------------------


def outcome(together: Together[Arrival, int | None], one: Arrival) -> Any:
    begun = time.monotonic()
    try:
        return together.run(one)
    except DatabaseUnavailable as refused:
        return str(refused)
    finally:
        assert time.monotonic() - begun < PATIENCE


def test_a_server_that_is_away_refuses_everybody_in_time() -> None:
    away = Database(f"mysql+pymysql://root:geheim@127.0.0.1:{free_port()}/connect")
    gate = Gate(away)
    gate.open.set()
    said = at_once(32, lambda number: outcome(gate.together, arrival(f"d{number}")))
    assert all(one.startswith("The database cannot be used: ") for one in said)


@mysql_only
def test_a_black_hole_refuses_everybody_in_time_and_stores_nothing(database: Database) -> None:
    with Proxy(database.url.port or 0) as proxy:
        through = Database(database.url.set(port=proxy.port).render_as_string(hide_password=False))
        gate = Gate(through)
        gate.open.set()
        gate.together.run(arrival("before"))
        proxy.black_hole()
        said = at_once(32, lambda number: outcome(gate.together, arrival(f"d{number}")))
        through.dispose()
    assert {type(one) for one in said} == {str}
    assert stored(database) == ["before"]


@mysql_only
def test_a_batch_whose_commit_has_no_answer_is_called_stored_for_nobody(
    database: Database, threads: ThreadPoolExecutor
) -> None:
    with Proxy(database.url.port or 0) as proxy:
        through = Database(database.url.set(port=proxy.port).render_as_string(hide_password=False))
        accept(through, arrival("before"))  # a new connection says COMMIT too
        gate = Gate(through)
        _, others = behind(gate, threads, *map(arrival, names(3)))
        proxy.lose_answer(COMMIT)
        gate.open.set()
        for one in others:  # refused with the leader whose commit was torn, before anybody took them
            assert one.exception(10).__class__ is DatabaseUnavailable
        assert stored(database) == ["before", "leader"]
        assert gate.together.run(arrival("leader")) is None
        through.dispose()


@mysql_only
def test_one_that_is_too_large_for_the_server_hurts_nobody_else(
    database: Database, threads: ThreadPoolExecutor
) -> None:
    with create_engine(database.url, isolation_level="AUTOCOMMIT").connect() as root:
        usual = root.scalar(text("SELECT @@global.max_allowed_packet"))
        root.execute(text("SET GLOBAL max_allowed_packet = 1048576"))
        try:
            database.dispose()  # a session keeps the limit it began with
            gate = Gate(database)
            large = arrival("large", headers={"X-GitHub-Event": "x" * (3 << 20)})
            leader, others = behind(gate, threads, arrival("d0"), large, arrival("d2"))
            gate.open.set()
            assert all((leader.result(10), others[0].result(10), others[2].result(10)))
            assert "max_allowed_packet" in str(others[1].exception(10))
        finally:
            root.execute(text(f"SET GLOBAL max_allowed_packet = {usual}"))
            database.dispose()
    assert stored(database) == ["leader", "d0", "d2"]


def test_one_that_gives_up_waiting_is_never_stored(database: Database, gate: Gate, threads: ThreadPoolExecutor) -> None:
    leader, (other,) = behind(gate, threads, arrival("impatient"))
    assert other.exception(PATIENCE).__class__ is DatabaseUnavailable
    gate.open.set()
    assert leader.result(10)
    assert gate.together.run(arrival("after"))
    assert stored(database) == ["leader", "after"]
    assert gate.batches == [["leader"], ["after"]]


class Second(Gate):
    """Waits in its second batch as well."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.taken = threading.Event()
        self.go = threading.Event()

    def work(self, connection: Connection, arrivals: Sequence[Arrival]) -> list[int | None]:
        if len(self.batches) == 1:
            self.taken.set()
            assert self.go.wait(10)
        return super().work(connection, arrivals)


def test_one_that_was_taken_waits_for_what_becomes_of_its_batch(
    database: Database, threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.together._PATIENCE", 0.3)
    gate = Second(database)
    leader, others = behind(gate, threads, arrival("d0"), arrival("d1"))
    gate.open.set()
    assert leader.result(10)
    assert gate.taken.wait(10)
    assert wait([others[1]], 0.5).not_done  # longer than it would have waited to be taken
    gate.go.set()
    assert [bool(one.result(10)) for one in others] == [True, True]
    assert stored(database) == ["leader", "d0", "d1"]


def test_what_others_write_meanwhile_is_written_too(database: Database, gate: Gate) -> None:
    gate.open.set()

    def write(number: int) -> Any:
        return gate.together.run(arrival(f"t{number}")) if number % 2 else accept(database, arrival(f"r{number}"))

    at_once(8, write)
    assert len(stored(database)) == 8
