"""The database is killed, out of reach, locked or full: no 2xx without a row, quick refusals, and soon ready again."""

import errno
import os
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from chaos import databases
from chaos.arena import Arena, arena
from chaos.databases import Server
from chaos.load import Load, paced
from chaos.measures import STORED_SECONDS, ready_after, slowest_refusal, without_row
from chaos.report import Row, Shown
from chaos.run import Run
from tests.proxy import Proxy

READY_SECONDS = 10.0
RATE = 10.0


def database(run: Run) -> Iterator[Row]:
    """Everything that can happen to the database of this run."""
    if run.database == "sqlite":
        yield _locked(run)
        yield from _full(run)
        return
    yield _killed(run)
    for name, seconds in (("black hole", run.of(30, 5)), ("refused", run.of(10, 3)), ("reset", run.of(10, 3))):
        yield _unreachable(run, name, seconds)


def _play(world: Arena, fault: Callable[[], Iterator[float]]) -> list[float]:
    """Send webhooks while `fault` goes on, which yields the time when each outage is over.

    Returns how soon connect took something again after each.
    """
    load, enough = Load(world, places=10), threading.Event()
    world.start(workers=2)
    load.subscribe()

    def keep_sending() -> None:
        for _ in paced(600, RATE):
            if enough.is_set():
                return
            world.send(*load.webhook())

    thread = threading.Thread(target=keep_sending, daemon=True)
    thread.start()
    time.sleep(2)
    backs: list[float] = []
    for back in fault():
        backs.append(back)
        time.sleep(3)
    enough.set()
    thread.join()
    world.settle(90)
    return [ready_after(world.events, back) for back in backs]


def _count(world: Arena, name: str, fault: Callable[[], Iterator[float]]) -> Row:
    shown = Shown()
    ready = _play(world, fault)
    shown.must(max(ready) <= READY_SECONDS, f"takes events again after {max(ready):.1f} s")
    slowest = slowest_refusal(world.events)
    refused = sum(answer.status // 100 != 2 for event in world.events for answer in event.answers)
    shown.must(slowest <= STORED_SECONDS, f"{refused} refusals, slowest {slowest:.2f} s")
    absent = without_row(world, world.events)
    shown.must(not absent, f"{absent} 2xx without a row")
    return world.row(f"database: {name}", shown)


def _killed(run: Run) -> Row:
    with databases.server(run.binary) as server:
        times, url = run.of(5, 1), databases.create(server.url)
        with arena(run, "killed", database_url=url) as world:
            return _count(world, f"MariaDB kill -9 x{times}", lambda: _kill(server, times))


def _kill(server: Server, times: int) -> Iterator[float]:
    for _ in range(times):
        server.kill()
        time.sleep(3)
        server.start()
        yield time.time()


def _unreachable(run: Run, name: str, seconds: float) -> Row:
    parts = urlsplit(databases.create(run.server))
    with Proxy(parts.port or 3306) as proxy:
        url = parts._replace(netloc=f"{parts.username}:{parts.password}@127.0.0.1:{proxy.port}").geturl()
        fault = {"black hole": proxy.black_hole, "refused": proxy.refuse, "reset": proxy.reset}[name]
        with arena(run, "unreachable", database_url=url) as world:
            return _count(world, f"MariaDB {name} {seconds:.0f} s", lambda: _shut(proxy, fault, seconds))


def _shut(proxy: Proxy, fault: Callable[[], None], seconds: float) -> Iterator[float]:
    fault()
    time.sleep(seconds)
    proxy.carry()
    yield time.time()


def _locked(run: Run) -> Row:
    seconds = run.of(10, 4)
    with arena(run, "locked") as world:
        path = world.folder / "connect.db"
        return _count(world, f"SQLite locked {seconds} s", lambda: _lock(path, seconds))


def _lock(path: Path, seconds: float) -> Iterator[float]:
    with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        time.sleep(seconds)
        connection.execute("ROLLBACK")
        yield time.time()


# --- a full disk -----------------------------------------------------------------------------------------------------


def _full(run: Run) -> Iterator[Row]:
    name, seconds = "disk full", run.of(10, 4)
    folder = run.folder / "small-disk"
    try:
        with _small_disk(folder), arena(run, "full", database_url=f"sqlite:///{folder}/connect.db") as world:
            yield _count(world, f"{name} {seconds} s", lambda: _fill(folder / "filler", seconds))
    except CannotMount as error:
        yield Row(f"database: {name}", run.database, skipped=str(error))


class CannotMount(Exception):
    """There is no small disk to be had."""


@contextmanager
def _small_disk(folder: Path) -> Generator[None]:
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, check=False, capture_output=True, text=True)
    except OSError as error:
        raise CannotMount(f"no mount command: {error}") from error
    if done.returncode:
        raise CannotMount(f"a tmpfs cannot be mounted here: {done.stderr.strip()[:60]}")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=False, capture_output=True)


def _fill(filler: Path, seconds: float) -> Iterator[float]:
    with filler.open("wb", buffering=0) as file:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            _take_all(file.fileno())
            time.sleep(0.05)
    filler.unlink()
    yield time.time()


def _take_all(descriptor: int) -> None:
    block = bytes(4096)
    while True:
        try:
            os.write(descriptor, block)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            return
