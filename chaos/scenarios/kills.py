"""kill -9: at random moments under load, and in the middle of an outside call."""

import threading
import time
from collections.abc import Iterator
from typing import Any

from chaos.arena import Arena, arena
from chaos.load import CALLS, REQUESTS, Load, paced
from chaos.report import Row, Shown
from chaos.run import Run
from chaos.scenarios.answers import once_for
from sandbox.broken import Fault
from sandbox.standin import Call

RATE = 25.0
IN_TIME = 40.0
"""Seconds in which a call must have come: a worker that was just started may have an earlier one to look up first."""
SETTLED = 120.0
"""Seconds after the last start within which nothing may be left over."""


def storm(run: Run) -> Iterator[Row]:
    """Web and worker processes die at random moments while webhooks come in."""
    with arena(run, "storm", lag=True) as world:
        world.start(workers=2)
        yield _storm(world, "storm: kill -9 at random")


def whole(run: Run) -> Iterator[Row]:
    """The same with doors and workers in one process."""
    with arena(run, "whole", lag=True) as world:
        world.start_whole()
        yield _storm(world, "whole: kill -9 of doors and workers in one process")


def _storm(world: Arena, name: str) -> Row:
    run, shown = world.run, Shown()
    events, kills = run.of(1000, 60), run.of(50, 4)
    load = Load(world, places=run.of(20, 5))
    load.subscribe()
    killing = threading.Thread(target=_kill_at_random, args=(world, kills), daemon=True)
    killing.start()
    for _ in paced(events / RATE + 1, RATE):
        world.send(*load.webhook())
        if len(world.events) >= events:
            break
    killing.join()
    shown.note(f"{kills} kills, {sum(len(event.answers) for event in world.events)} requests")
    world.settle(run.of(SETTLED, 40.0))
    return world.row(name, shown)


def _kill_at_random(world: Arena, kills: int) -> None:
    processes = [world.web, *world.workers]
    for _ in range(kills):
        time.sleep(world.random.uniform(0.3, 2.5))
        chosen = world.random.choice(processes)
        chosen.kill()
        chosen.start()


def inside(run: Run) -> Iterator[Row]:
    """The worker dies when the far end has its call: before the effect, after it, or with the effect still to come."""
    kills = run.of(30, 3)
    with arena(run, "inside", lag=True, echo=False) as world:
        load = Load(world, places=max(kills, 5))
        world.start(workers=1)
        kinds = [kind for kind in REQUESTS if kind != "GitHub comment"]
        shown, hit = Shown(), 0
        for number in range(kills):
            kind = kinds[number % len(kinds)]
            hit += _kill_inside(world, load, kind, number)
        shown.must(hit == kills, f"{hit} of {kills} kills inside a call")
        world.settle(run.of(SETTLED, 40.0))
        yield world.row("inside: kill -9 in the call", shown)


MOMENTS: tuple[dict[str, Any], ...] = (
    {"kind": "late"},
    {"kind": "hang"},
    {"kind": "hang", "after": True},
    {"kind": "reset"},
)
"""Effect after the connection was dropped, effect a second late, effect at once, no effect."""


def _kill_inside(world: Arena, load: Load, kind: str, number: int) -> bool:
    """Ask for something and kill the worker in the middle of it; True if that could be timed."""
    service, operation = CALLS[kind]
    worker, killed = world.workers[0], threading.Event()
    event = load.request(kind, number)

    def kill(_: Call) -> None:
        worker.kill()
        killed.set()

    standin = next(one for one in world.standins if one.service == service)
    moment: dict[str, Any] = world.random.choice(MOMENTS) | {"seconds": world.run.patience.late}
    fault = Fault(operation, where=once_for({event.nonce}), notice=kill, **moment)
    standin.faults.append(fault)
    world.send(event)
    in_time = killed.wait(IN_TIME)
    with standin.lock:
        if fault in standin.faults:  # or the next worker would be killed by it, out of turn
            standin.faults.remove(fault)
    worker.kill()
    worker.start()
    return in_time
