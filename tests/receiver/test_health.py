"""`GET /health`, and what the doors do while the database is away: 503 within 3 s, nothing stored, well again after."""

import contextlib
import re
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url

from storage import lanes, schema
from tests.mariadb import free_port
from tests.receiver.doors import FORM, at_once, client, command, event, refused, stored, to_github, to_jira, to_slack
from tests.world import SECRETS, World

PATIENCE = 3.0
"""Seconds after which Slack gives up: https://docs.slack.dev/apis/events-api/#responding"""
MESSAGE = {"type": "message", "channel": "C0DEV00001", "user": "U0DEV00001", "ts": "1.2", "text": "hi"}
GITHUB = b'{"action":"opened","issue":{"number":7},"repository":{"full_name":"acme/web"}}'
JIRA = b'{"webhookEvent":"jira:issue_created","issue":{"key":"OPS-7"}}'
UNAVAILABLE = refused("unavailable", "Nothing was stored. Send it again later.")
ON = {"slack": "on", "jira": "on", "github": "on"}
IDLE = {"deliveries": 0, "integrations": 0, "oldest_seconds": 0.0}
ASKED = {
    "source_service": "github", "target_service": "slack", "event_type": "post_message",
    "payload": {"channel": "C0DEV00001", "text": "hello"},
}  # fmt: skip

type Knock = Callable[[World], requests.Response]

WRITERS: dict[str, Knock] = {
    "event": lambda world: to_slack(world, event(MESSAGE)),
    "command": lambda world: to_slack(world, command("create Printer is on fire"), FORM),
    "github": lambda world: to_github(world, GITHUB),
    "jira": lambda world: to_jira(world, JIRA, "j-1"),
    "REST": lambda world: world.call("POST", "/api/v1/integrations", ASKED),
    "subscription": lambda world: world.call(
        "POST", "/api/v1/subscriptions", {"source_service": "jira", "source": "OPS", "channel": "C0DEV00001"}
    ),
}
READERS: dict[str, Knock] = {
    "list": lambda world: world.call("GET", "/api/v1/integrations"),
    "row": lambda world: world.call("GET", "/api/v1/deliveries/1"),
    "what a command looks up": lambda world: to_slack(world, command("subscribe list"), FORM),
}
DOORS = WRITERS | READERS


def _know_everybody(world: World) -> None:
    """Ask Slack now what the doors would ask it once, so that the database alone is measured."""
    world.services.workspace.identity()
    to_slack(world, command("OPS-1"), FORM)


def _timed(world: World, knock: Knock) -> tuple[requests.Response, float]:
    began = time.monotonic()
    answer = knock(world)
    return answer, time.monotonic() - began


def _assert_away(world: World, knock: Knock) -> None:
    answer, seconds = _timed(world, knock)
    assert (answer.status_code, answer.json(), answer.headers["Retry-After"]) == (503, UNAVAILABLE, "5")
    assert seconds < PATIENCE


def _assert_unhealthy(world: World) -> None:
    answer, seconds = _timed(world, lambda world: world.call("GET", "/health", key=""))
    assert (answer.status_code, answer.json()) == (
        503, {"status": "unhealthy", "service": "connect", "database": "unavailable", "services": ON},
    )  # fmt: skip
    assert seconds < PATIENCE


def _healthy(world: World) -> dict[str, Any]:
    answer = world.call("GET", "/health", key="")
    assert answer.status_code == 200
    return answer.json()


# --- the answer ------------------------------------------------------------------------------------------------------


def test_a_healthy_connect_says_so_in_full(world: World) -> None:
    assert _healthy(world) == {
        "status": "healthy", "service": "connect", "database": "connected", "backlog": IDLE, "services": ON,
        "paused": [],
    }  # fmt: skip


def test_the_backlog_is_what_waits_and_how_long_the_oldest_has(world: World) -> None:
    to_github(world, GITHUB, "d-1")
    world.clock.offset += world.clock.offset.resolution * 90_000_000
    to_jira(world, JIRA, "j-1")
    world.ask("github", "slack", "post_message", {"channel": "C0DEV00001", "text": "hello"})
    backlog = _healthy(world)["backlog"]
    assert (backlog["deliveries"], backlog["integrations"]) == (2, 1)
    assert 90 <= backlog["oldest_seconds"] < 100
    world.settle()
    assert _healthy(world)["backlog"] == IDLE


def test_what_is_left_alone_for_now_is_named_with_its_end_and_without_any_channel(shared: World) -> None:
    now = shared.clock()
    ends = {name: now + timedelta(seconds=seconds) for name, seconds in (("a", 30), ("b", 40), ("c", 50))}

    def pause(connection: Connection) -> None:
        lanes.pause(connection, "slack:post_message:C0DEV00001", ends["b"], "rate limited", now)
        lanes.pause(connection, "slack:post_message:C0DEV00002", ends["a"], "rate limited", now)
        lanes.pause(connection, "github:search", now - timedelta(seconds=1), "over", now)
        lanes.suspect(connection, "jira", "no route to 10.0.0.1", now, lambda _: timedelta(seconds=50), probe=True)
        lanes.hold(connection, "github:api", "token", ends["c"], now)

    shared.database.run(pause)
    assert _healthy(shared)["paused"] == [
        {"service": "jira", "calls": "all", "until": ends["c"].isoformat(), "why": "does not answer as it should"},
        {"service": "slack", "calls": "post_message", "until": ends["b"].isoformat(), "why": "asked connect to wait"},
    ]


def test_a_service_that_is_off_is_named_with_its_variable_and_the_rest_works(shared: World) -> None:
    given = client(shared, github_token="", jira_webhook_secret="", slack_signing_secret=" , ").get("/health").json
    assert given is not None
    assert (given["status"], given["services"]) == (
        "healthy",
        {
            "slack": "off: SLACK_SIGNING_SECRET is not set", "github": "off: GITHUB_TOKEN is not set",
            "jira": "on, but its webhooks are refused: JIRA_WEBHOOK_SECRET is not set",
        },
    )  # fmt: skip


def test_no_answer_tells_a_secret(shared: World) -> None:
    secrets = [*SECRETS.values(), "xoxb-sandbox", "jira-token", "ghp-sandbox", "connect.db", "connect@example.com"]
    told = [shared.call("GET", path).text for path in ("/health", "/api/v1/integrations", "/api/v1/deliveries", "/x")]
    assert [secret for secret in secrets for page in told if secret in page] == []


# --- the database is away --------------------------------------------------------------------------------------------


def test_without_a_database_nothing_is_accepted_and_all_is_well_once_it_is_there(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/later/connect.db"
    world = World(url)
    with closing(world):
        world.services.workspace.identity()
        _assert_unhealthy(world)
        for knock in DOORS.values():
            _assert_away(world, knock)
        (tmp_path / "later").mkdir()
        _assert_unhealthy(world)  # there is a file now, and no table in it
        schema.upgrade(url)
        assert _healthy(world)["backlog"] == IDLE
        assert {name: knock(world).status_code for name, knock in WRITERS.items()} == {
            "event": 200, "command": 200, "github": 202, "jira": 202, "REST": 201, "subscription": 201,
        }  # fmt: skip
        assert stored(world) == (4, 2)


@contextmanager
def _sqlite_locked(world: World) -> Generator[None]:
    with closing(sqlite3.connect(str(world.database.url.database), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


def test_everybody_who_waits_for_a_locked_sqlite_file_is_answered_in_time_and_nothing_is_left(shared: World) -> None:
    _know_everybody(shared)
    before, knocks = stored(shared), [*WRITERS.values(), *WRITERS.values()]
    with _sqlite_locked(shared):
        waiting = iter(knocks)
        at_once(len(knocks), lambda: _assert_away(shared, next(waiting)))
        assert _healthy(shared)["status"] == "healthy"  # who only looks does not wait for who writes
    assert stored(shared) == before
    assert to_github(shared, GITHUB, "after").status_code == 202


def test_a_database_server_that_is_not_there_is_answered_in_time() -> None:
    world = World(f"mysql+pymysql://root:very-secret@127.0.0.1:{free_port()}/connect")
    with closing(world):
        world.services.workspace.identity()
        _assert_unhealthy(world)
        for knock in DOORS.values():
            _assert_away(world, knock)


class Wire:
    """The way to a database server, which can be cut, and can swallow all that is sent."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._server = socket.create_server(("127.0.0.1", 0))
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self.port: int = self._server.getsockname()[1]
        self.open = threading.Event()
        self.open.set()
        self.refusing = False
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Break every connection and let none come about."""
        self.refusing = True
        for pair in self._pairs:
            for end in pair:
                end.close()

    def mend(self) -> None:
        """Connect and carry again."""
        self.refusing = False
        self.open.set()

    def close(self) -> None:
        """The end."""
        self.open.set()
        self.cut()
        self._server.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._server.accept()
            except OSError:
                return
            if self.refusing:
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", self._port))
            self._pairs.append((near, far))
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        # Either end may hang up at any time: that is the end of the pair.
        with contextlib.suppress(OSError), contextlib.closing(target):
            while data := source.recv(65536):
                self.open.wait()
                target.sendall(data)


@pytest.fixture
def wired(database_url: str) -> Iterator[tuple[World, Wire]]:
    """A world whose database is at the other end of a wire."""
    url = make_url(database_url)
    wire = Wire(url.port or 3306)
    world = World(url.set(port=wire.port).render_as_string(hide_password=False))
    _know_everybody(world)
    yield world, wire
    wire.mend()
    world.close()
    wire.close()


@pytest.mark.parametrize("database_url", ["mysql"], indirect=True)
def test_a_database_server_that_goes_and_comes_back_loses_nothing(wired: tuple[World, Wire]) -> None:
    world, wire = wired
    deliveries, integrations = stored(world)
    assert WRITERS["event"](world).status_code == 200
    wire.cut()
    _assert_unhealthy(world)
    for knock in DOORS.values():
        _assert_away(world, knock)
    wire.mend()
    assert WRITERS["github"](world).status_code == 202
    assert _healthy(world)["status"] == "healthy"
    assert stored(world) == (deliveries + 2, integrations)


@pytest.mark.parametrize("database_url", ["mysql"], indirect=True)
def test_a_database_server_that_swallows_everything_is_answered_in_time(wired: tuple[World, Wire]) -> None:
    world, wire = wired
    deliveries, _ = stored(world)
    wire.open.clear()
    _assert_unhealthy(world)
    for name in ("event", "github"):
        _assert_away(world, WRITERS[name])
    wire.mend()
    # What was swallowed may arrive after all: the repetition finds it, or does not.
    assert WRITERS["event"](world).status_code == 200
    assert stored(world)[0] - deliveries in (1, 2)


@pytest.mark.parametrize("database_url", ["mysql"], indirect=True)
def test_a_row_that_somebody_else_holds_is_answered_in_time(database_url: str) -> None:
    world = World(database_url)
    engine = create_engine(database_url)
    with closing(world), engine.connect() as other:
        WRITERS["github"](world)
        columns = (
            "service, delivery_id, event, headers, body, received_at, status, detail, ordering_key, due_at, attempts"
        )
        copied = columns.replace("delivery_id", "'held'")
        other.execute(
            text(f"INSERT INTO deliveries ({columns}, updated_at) SELECT {copied}, updated_at FROM deliveries")
        )
        _assert_away(world, lambda world: to_github(world, GITHUB, "held"))
        other.rollback()
        assert to_github(world, GITHUB, "held").status_code == 202
    engine.dispose()


def test_the_reason_stays_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    world = World(f"mysql+pymysql://root:very-secret@127.0.0.1:{free_port()}/connect")
    with closing(world):
        told = WRITERS["github"](world).text + world.call("GET", "/health").text
    assert re.search("root|very-secret|127.0.0.1|pymysql", told) is None
    assert "Can't connect to MySQL server" in caplog.text
    assert "very-secret" not in caplog.text
