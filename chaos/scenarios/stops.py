"""SIGTERM under load, and a worker that stands still past its lease."""

import itertools
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from chaos.arena import Arena, arena
from chaos.load import CALLS, Load
from chaos.report import Row, Shown
from chaos.run import Run
from chaos.scenarios.answers import once_for
from sandbox.broken import Fault
from sandbox.standin import Call

STOP_SECONDS = 25.0
RATE = 10.0


def stop(run: Run) -> Iterator[Row]:
    """Every process in turn is told to stop while there is work, and started again."""
    times = run.of(20, 2)
    with arena(run, "stop") as world:
        load = Load(world, places=10)
        world.start(workers=run.of(2, 1))
        load.subscribe()
        world.slack.fault("chat.postMessage", kind="hang", seconds=0.3, times=10**6, where=_every(7))
        loading, ended = threading.Event(), list[tuple[int, float]]()
        thread = threading.Thread(target=_keep_sending, args=(world, load, loading), daemon=True)
        thread.start()
        processes = [*world.workers, world.web]
        for number in range(times):
            time.sleep(world.random.uniform(0.5, 1.5))
            chosen = processes[number % len(processes)]
            ended.append(chosen.stop(STOP_SECONDS))
            chosen.start()
        loading.set()
        thread.join()
        codes = sorted({code for code, _ in ended})
        shown = Shown()
        shown.must(codes == [0], f"{times} exit codes {codes}, slowest {max(took for _, took in ended):.1f} s")
        world.settle(60)
        yield world.row("stop: SIGTERM under load", shown)


def _every(nth: int) -> Callable[[Call], bool]:
    numbers = itertools.count(1)
    return lambda _: next(numbers) % nth == 0


def _keep_sending(world: Arena, load: Load, enough: threading.Event) -> None:
    while not enough.wait(1 / RATE):
        world.send(*load.webhook())


def pause(run: Run) -> Iterator[Row]:
    """A worker is frozen in a call, another takes its row over, and the first wakes up with the answer in its hands."""
    kinds = run.of(list(CALLS)[:5], ["Slack message"])
    with arena(run, "pause", lag=True) as world:
        load = Load(world, places=10)
        world.start(workers=1)
        frozen = 0
        for number, kind in enumerate(kinds * run.of(2, 1)):
            frozen += _freeze(world, load, kind, number)
        shown = Shown()
        shown.must(frozen == len(kinds) * run.of(2, 1), f"{frozen} workers frozen in a call past their lease")
        world.settle(60)
        yield world.row("pause: SIGSTOP past the lease", shown)


def _freeze(world: Arena, load: Load, kind: str, number: int) -> bool:
    service, operation = CALLS[kind]
    sleeper, stopped = world.workers[-1], threading.Event()
    event = load.request(kind, number)

    def freeze(_: Call) -> None:
        sleeper.signal(signal.SIGSTOP)
        stopped.set()

    standin = next(one for one in world.standins if one.service == service)
    moment: dict[str, Any] = {"kind": "hang", "seconds": 0.3} if number % 2 else {"kind": "reset"}
    fault = Fault(operation, where=once_for({event.nonce}), notice=freeze, **moment)
    standin.faults.append(fault)
    world.send(event)
    in_time = stopped.wait(30)
    with standin.lock:
        if fault in standin.faults:
            standin.faults.remove(fault)
    other = world.add_worker()
    time.sleep(world.run.patience.lease + 1.5)
    sleeper.signal(signal.SIGCONT)
    time.sleep(1)
    sleeper.kill()
    world.workers = [other]
    return in_time
