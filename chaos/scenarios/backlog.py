"""A hundred thousand rows wait when connect starts: it is ready soon, stays small, and people do not queue behind them.

The rows are copies of two that connect made itself, so that the harness need not know what columns there are.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import pymysql
import requests

from chaos.arena import Arena, arena
from chaos.load import Load
from chaos.report import Row, Shown
from chaos.run import Run
from sandbox.slack import MEMBER

READY_SECONDS, MOST_MEMORY, PERSON_SECONDS = 10.0, 400.0, 5.0
PEOPLE = 5
SLICE = 5000

type Values = dict[str, Any]


def backlog(run: Run) -> Iterator[Row]:
    """The rows are put in while nothing runs but the database."""
    count = run.of(100_000, 3000)
    with arena(run, "backlog") as world:
        load = Load(world, places=100)
        world.start(workers=0)
        _fill(world, load, count)
        world.web.kill()
        begun = time.monotonic()
        world.web.start()
        workers = [world.add_worker() for _ in range(2)]
        world.web.wait_ready()
        ready = time.monotonic() - begun
        shown = Shown()
        shown.must(ready <= READY_SECONDS, f"ready after {ready:.1f} s")
        slowest = [_ask(world, load, number) for number in range(run.of(PEOPLE, 2))]
        left = world.backlog()
        shown.must(max(map(max, slowest)) <= PERSON_SECONDS, f"REST {_all(slowest, 0)}, command {_all(slowest, 1)}")
        memory = max(process.most_memory() for process in (world.web, *workers))
        shown.must(memory <= MOST_MEMORY, f"{memory:.0f} MB")
        shown.note(f"{left} rows left of {count}")
        shown.must(left > 0, "asked while the backlog was there")
        time.sleep(2)
        yield world.row(f"backlog: {count} rows", shown)


def _all(asked: list[tuple[float, float]], which: int) -> str:
    return "/".join(f"{seconds[which]:.1f}" for seconds in asked) + " s"


def _ask(world: Arena, load: Load, number: int) -> tuple[float, float]:
    """A request over REST and a command in Slack; returns after how many seconds Jira has each issue."""
    asked = load.request("Jira issue", number)
    asked.places = ("jira issue",)  # its card has its own place in the line
    world.send(asked)
    first = _until_seen(world, asked.nonce)
    nonce = load.nonce()
    world.slack.target = world.url
    answer = world.slack.command(MEMBER, load.channels[number], "/jira", f"create Printer is on fire {nonce}")
    world.slack.target = ""
    if answer.status == requests.codes.ok:
        world.expect(nonce, "jira issue")
    return first, _until_seen(world, nonce)


def _until_seen(world: Arena, nonce: str) -> float:
    begun = time.monotonic()
    while time.monotonic() - begun < 4 * PERSON_SECONDS:
        with world.jira.lock:
            if any(nonce in issue.summary for issue in world.jira.issues.values()):
                break
        time.sleep(0.05)
    return time.monotonic() - begun


# --- putting rows in -------------------------------------------------------------------------------------------------


def _fill(world: Arena, load: Load, count: int) -> None:
    """Four of five rows are messages to post, the others deliveries to plan."""
    message, webhook = load.request("Slack message", 0), load.github_issue(0)[0]
    world.sender.send(message, webhook)
    world.sender.wait(20)
    calls, deliveries = count * 4 // 5, count // 5

    def call(row: Values, number: int) -> Values:
        channel = load.channels[number % len(load.channels)]
        order = _replaced(row["ordering_key"], load.channels[0], channel)
        body = _replaced(row["payload"], load.channels[0], channel)
        body = _replaced(body, message.nonce, f"backlog-{number}")
        target = _replaced(row["target_id"], load.channels[0], channel)
        changed = {"key": f"chaos:{number}", "marker": f"{number:026d}", "ordering_key": order, "target_id": target}
        return row | changed | {"payload": body}

    def delivery(row: Values, number: int) -> Values:
        return row | {"delivery_id": f"chaos-{number}", "ordering_key": f"github:chaos#{number}"}

    multiply(world.database_url, "integration_logs", calls, call)
    multiply(world.database_url, "deliveries", deliveries, delivery)


def _replaced(value: Any, old: str, new: str) -> Any:
    return value.replace(old.encode(), new.encode()) if isinstance(value, bytes) else value.replace(old, new)


def multiply(url: str, table: str, count: int, change: Callable[[Values, int], Values]) -> None:
    """Copy the newest row of a table so many times, each changed."""
    sqlite = url.startswith("sqlite")
    with closing(_connection(url)) as connection:
        cursor = connection.cursor()
        cursor.execute(f"SELECT * FROM {table} ORDER BY id DESC LIMIT 1")
        names = [column[0] for column in cursor.description]
        row = dict(zip(names, cursor.fetchone(), strict=True))
        del row["id"]
        quote, mark = ('"', "?") if sqlite else ("`", "%s")
        columns = ", ".join(f"{quote}{name}{quote}" for name in row)
        statement = f"INSERT INTO {table} ({columns}) VALUES ({', '.join([mark] * len(row))})"
        for start in range(0, count, SLICE):
            made = [change(row, number) for number in range(start, min(start + SLICE, count))]
            cursor.executemany(statement, [tuple(each.values()) for each in made])
            connection.commit()


def _connection(url: str) -> Any:
    if url.startswith("sqlite"):
        return sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30)
    parts = urlsplit(url)
    return pymysql.connect(
        host=parts.hostname or "", port=parts.port or 3306, user=parts.username, password=parts.password or "",
        database=parts.path.removeprefix("/"), charset="utf8mb4",
    )  # fmt: skip
