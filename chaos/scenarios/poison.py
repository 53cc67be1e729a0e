"""Deliveries that break connect's planning, or kill the process that plans them: they fail alone."""

import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from chaos.arena import Arena, arena
from chaos.load import Load, captured, paced
from chaos.measures import delays, percentile
from chaos.report import Row, Shown
from chaos.run import Run
from chaos.sender import Event

LAUNCHER = Path(__file__).parents[1] / "poisoned.py"
RATE = 15.0
FAILED_SECONDS = 90.0


def poison(run: Run) -> Iterator[Row]:
    """First without poison, to compare with; then one in a hundred raises, and a few kill."""
    count = run.of(450, 60)
    with arena(run, "poison") as world:
        load = Load(world, places=10)
        world.start(workers=0)
        for _ in range(2):
            world.add_worker([sys.executable, str(LAUNCHER), "worker"])
        load.subscribe()
        over = threading.Event()
        supervisor = threading.Thread(target=_supervise, args=(world, over), daemon=True)
        supervisor.start()
        _send(world, load, count, ())
        world.settle(60)
        usual = percentile(delays(world, world.events), 0.95)
        world.forget_events()
        words = ["poison-raise"] * max(count // 100, 1) + ["poison-exit"] * run.of(3, 1)
        poisons = _send(world, load, count, words)
        world.settle(30)
        shown = Shown()
        failed = _wait_failed(world, len(poisons))
        over.set()
        supervisor.join()
        p95 = percentile(delays(world, world.events), 0.95)
        shown.must(failed == len(poisons), f"{failed} of {len(poisons)} poisoned deliveries failed")
        shown.must(p95 < max(2 * usual, 0.5), f"p95 of the others {p95:.2f} s, without poison {usual:.2f} s")
        shown.note(f"{sum(worker.starts - 1 for worker in world.workers)} worker deaths")
        world.settle(60)
        yield world.row(f"poison: {len(poisons)} of {count}", shown)


def _supervise(world: Arena, over: threading.Event) -> None:
    while not over.wait(0.2):
        for worker in world.workers:
            if not worker.alive:
                worker.start()


def _send(world: Arena, load: Load, count: int, words: tuple[str, ...] | list[str]) -> list[Event]:
    """Send so many webhooks, with the poisoned ones evenly among them; returns these."""
    poisons: list[Event] = []
    every = count // (len(words) + 1)
    for number in paced(3600, RATE):
        if number >= count:
            return poisons
        world.send(*load.github_issue(number % 10))
        if number % every == every - 1 and len(poisons) < len(words):
            poisons.append(_poisoned(world, load, words[len(poisons)], number % 10))
            world.sender.send(poisons[-1])
    return poisons


def _poisoned(world: Arena, load: Load, word: str, place: int) -> Event:
    made = captured(world.github, partial(world.github.open_issue, load.repositories[place], word))
    return Event(word, (), made[0])


def _wait_failed(world: Arena, wanted: int) -> int:
    deadline = time.monotonic() + FAILED_SECONDS
    while (found := len(world.rows("deliveries", status="failed"))) < wanted and time.monotonic() < deadline:
        time.sleep(0.5)
    return found
