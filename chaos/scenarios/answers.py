"""The effect happened, and its answer says otherwise or does not come: nothing is done a second time."""

from collections.abc import Callable, Iterator
from typing import Any

import requests

from chaos.arena import Arena, arena
from chaos.load import CALLS, REQUESTS, Load
from chaos.oracle import NONCE
from chaos.report import Row, Shown
from chaos.run import Run
from chaos.sender import attempt
from sandbox.broken import Fault
from sandbox.standin import Call

INTERNAL: dict[str, Any] = {"ok": False, "error": "internal_error"}
FAULTS: dict[str, dict[str, Any]] = {
    "reset": {"kind": "reset"},
    "500": {"status": 500},
    "502": {"status": 502, "body": "<html>Bad Gateway</html>"},
    "504": {"status": 504, "body": ""},
    "half an answer": {"kind": "half"},
    "internal_error": {"status": 200, "body": INTERNAL},
}


def answers(run: Run) -> Iterator[Row]:
    """Every kind of request, with every kind of lost answer."""
    wanted = run.of(list(FAULTS), ["reset", "half an answer", "internal_error"])
    times = run.of(50, 2)
    with arena(run, "answers", lag=True) as world:
        load = Load(world, places=times)
        world.start(workers=run.of(2, 1))
        kinds = [kind for kind in REQUESTS if _possible(world, load, kind)]
        if run.short:
            yield _all_at_once(world, load, kinds, wanted, times)
            return
        for fault in wanted:
            world.forget_events()
            _play(world, load, kinds, fault, times)
            world.settle(300)
            yield world.row(f"answers: {fault}", _shown(world, kinds))


def _all_at_once(world: Arena, load: Load, kinds: list[str], wanted: list[str], times: int) -> Row:
    for fault in wanted:
        _play(world, load, kinds, fault, times)
    world.settle(70)
    return world.row(f"answers: {', '.join(wanted)}", _shown(world, kinds))


def _shown(world: Arena, kinds: list[str]) -> Shown:
    shown = Shown()
    unused = sum(fault.times for standin in world.standins for fault in standin.faults)
    shown.must(not unused, "every answer spoilt" if not unused else f"{unused} answers were not spoilt")
    shown.note("of " + ", ".join(kinds))
    absent = [kind for kind in REQUESTS if kind not in kinds]
    if absent:
        shown.note("not offered by the API: " + ", ".join(absent))
    return shown


def _possible(world: Arena, load: Load, kind: str) -> bool:
    """Whether the API takes this kind of request; the one that is sent to find out counts as well."""
    event = load.request(kind, 0)
    answer = attempt(world.session, world.url, event.outgoing)
    if answer.status == requests.codes.unprocessable:
        return False
    world.send(event)
    return True


def _play(world: Arena, load: Load, kinds: list[str], fault: str, times: int) -> None:
    for kind in kinds:
        service, operation = CALLS[kind]
        if fault == "internal_error" and service != "slack":
            continue
        # GitHub asks for a second between two creations: a fifth for each fault, as many as of the others in all.
        count = max(times // 5, 2) if service == "github" else times
        events = [load.request(kind, place) for place in range(count)]
        standin = next(one for one in world.standins if one.service == service)
        nonces = {event.nonce for event in events}
        standin.faults.append(Fault(operation, after=True, times=count, where=once_for(nonces), **FAULTS[fault]))
        for event in events:
            world.send(event)


def once_for(nonces: set[str]) -> Callable[[Call], bool]:
    """True for the first call that carries each of these nonces."""

    def first(call: Call) -> bool:
        found = next((nonce for nonce in NONCE.findall(str(call.body)) if nonce in nonces), None)
        nonces.discard(found or "")
        return found is not None

    return first
