"""connect is down while GitHub's webhooks come, which GitHub does not send again by itself: it is asked to."""

import threading
import time
from collections.abc import Iterator

from chaos.arena import Arena, arena
from chaos.load import Load, paced
from chaos.report import Row, Shown
from chaos.run import Run

RATE = 2.0
BEFORE = 10
CAUGHT_UP = 400.0
"""Seconds within which the catch-up has asked for everything that failed: more than one round of it."""

LISTS, WISHES = "list-webhook-deliveries", "redeliver-webhook-delivery"


def hooks(run: Run) -> Iterator[Row]:
    """Some webhooks before, so that connect knows of the hooks; then a minute of failures."""
    with arena(run, "hooks") as world:
        load = Load(world, places=3)
        world.start(workers=1)
        load.subscribe()
        over = threading.Event()
        world.by_itself.add("github")
        delivering = world.github.deliver(over)
        _open(world, load, BEFORE / RATE)
        world.settle(30)
        for process in (world.web, *world.workers):
            process.kill()
        down = len(world.events)
        _open(world, load, run.of(60.0, 5.0))
        failed = len(world.events) - down
        for process in (world.web, *world.workers):
            process.start()
        world.web.wait_ready()
        begun = time.monotonic()
        world.settle(CAUGHT_UP)
        shown = Shown()
        missing = len(world.missing(world.seen()))
        shown.must(not missing, f"{failed - missing} of {failed} failed deliveries told")
        lists, wishes = (len(world.github.calls_to(f"repos/{name}")) for name in (LISTS, WISHES))
        shown.note(f"{lists} lists read, {wishes} redeliveries asked for")
        shown.note(f"caught up {time.monotonic() - begun:.0f} s after the start")
        over.set()
        delivering.join()
        yield world.row("hooks: down while GitHub sends", shown)


def _open(world: Arena, load: Load, seconds: float) -> None:
    """Open issues; GitHub sends each once, and what becomes of that is its own business."""
    for number in paced(seconds, RATE):
        nonce = load.nonce()
        world.github.open_issue(load.repositories[number % 3], f"The page is blank {nonce}")
        world.expect(nonce, "message")
