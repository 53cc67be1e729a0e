"""The doors while the database fails: 503 within 3 s, no 2xx without a row, and ready again by themselves."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
import requests
from sqlalchemy.engine import make_url

from tests.proxy import COMMIT, Proxy
from tests.receiver.doors import at_once, refused, to_github, to_jira, to_slack
from tests.receiver.doors import event as slack_event
from tests.world import World

PATIENCE = 3.0
RETURN = 10.0
BODY = b'{"action": "opened", "repository": {"full_name": "acme/web"}}'
ISSUE = b'{"webhookEvent": "jira:issue_created", "issue": {"id": "1", "key": "OPS-1"}}'
NOTHING_STORED = refused("unavailable", "Nothing was stored. Send it again later.")

mysql_only = pytest.mark.parametrize("database_url", ["mysql"], indirect=True)
sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def proxy(database_url: str) -> Iterator[Proxy]:
    with Proxy(make_url(database_url).port or 0) as opened:
        yield opened


@pytest.fixture
def far(database_url: str, proxy: Proxy) -> Iterator[World]:
    """Connect with its database behind the proxy."""
    world = World(make_url(database_url).set(port=proxy.port).render_as_string(hide_password=False))
    yield world
    world.close()


def timed(deliver: Callable[[], requests.Response]) -> tuple[requests.Response, float]:
    begun = time.monotonic()
    answer = deliver()
    took = time.monotonic() - begun
    assert took < PATIENCE
    return answer, took


def flood(world: World, names: list[str]) -> tuple[list[int], list[float]]:
    """What each of these deliveries is answered, sent all at once, and after how many seconds."""
    left = iter(names)
    answers = at_once(len(names), lambda: timed(lambda: to_github(world, BODY, delivery=next(left))))
    assert all(answer.headers["Retry-After"] for answer, _ in answers if answer.status_code == 503)
    return [answer.status_code for answer, _ in answers], sorted(took for _, took in answers)


def names(prefix: str, count: int = 16) -> list[str]:
    return [f"{prefix}{number}" for number in range(count)]


def ready_again(world: World) -> None:
    begun = time.monotonic()
    while requests.get(f"{world.url}/health", timeout=5).status_code != 200:
        assert time.monotonic() - begun < RETURN
        threading.Event().wait(0.05)


def stored(world: World) -> list[str]:
    return sorted(row["delivery_id"] for row in world.rows("deliveries"))


@mysql_only
def test_a_flood_while_the_database_is_silent_is_refused_in_time_and_loses_nothing(far: World, proxy: Proxy) -> None:
    assert flood(far, names("before"))[0] == [202] * 16
    proxy.black_hole()
    for wave in ("a", "b"):
        assert flood(far, names(wave))[0] == [503] * 16
    assert flood(far, names("c"))[0] == [503] * 16
    assert requests.get(f"{far.url}/health", timeout=5).status_code == 503
    proxy.carry()
    ready_again(far)
    sent = [name for wave in ("a", "b", "c") for name in names(wave)]
    assert flood(far, sent)[0] == [202] * 48
    assert flood(far, sent[:8])[0] == [200] * 8
    assert stored(far) == sorted(names("before") + sent)


@mysql_only
@pytest.mark.parametrize("trouble", [Proxy.refuse, Proxy.reset], ids=["refused", "reset"])
def test_every_door_says_that_nothing_was_stored_and_opens_again(
    far: World, proxy: Proxy, trouble: Callable[[Proxy], None]
) -> None:
    said = slack_event({"type": "app_mention", "user": "U0DEV00001", "text": "hi", "channel": "C0", "ts": "1.2"})
    doors: list[Callable[[], requests.Response]] = [
        lambda: to_github(far, BODY), lambda: to_jira(far, ISSUE, "once"), lambda: to_slack(far, said),
        lambda: far.call("GET", "/api/v1/deliveries"),
    ]  # fmt: skip
    trouble(proxy)
    for door in doors:
        answer, _ = timed(door)
        assert (answer.status_code, answer.json()) == (503, NOTHING_STORED)
    proxy.carry()
    ready_again(far)
    assert [door().status_code for door in doors] == [202, 202, 200, 200]
    assert len(stored(far)) == 3


@mysql_only
def test_a_delivery_whose_commit_had_no_answer_is_refused_and_its_repetition_stored_once(
    far: World, proxy: Proxy
) -> None:
    to_github(far, BODY, delivery="before")
    proxy.lose_answer(COMMIT)
    answer, _ = timed(lambda: to_github(far, BODY, delivery="torn"))
    assert (answer.status_code, answer.json()) == (503, NOTHING_STORED)
    assert to_github(far, BODY, delivery="torn").status_code == 200
    assert stored(far) == ["before", "torn"]


@sqlite_only
def test_a_flood_while_somebody_holds_the_file_is_refused_in_time_and_loses_nothing(world: World) -> None:
    assert to_github(world, BODY, delivery="before").status_code == 202
    with closing(sqlite3.connect(world.database.url.database or "", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        deadline = time.monotonic() + 5
        waves: list[str] = []
        while time.monotonic() < deadline:
            waves.append(f"wave{len(waves)}-")
            assert flood(world, names(waves[-1], 8))[0] == [503] * 8
        assert stored(world) == ["before"]
        other.execute("COMMIT")
    sent = [name for wave in waves for name in names(wave, 8)]
    assert flood(world, sent)[0] == [202] * len(sent)
    assert stored(world) == sorted(["before", *sent])
