"""A service takes the token no more, or is not there: its lane waits without hammering, the others do not notice."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from chaos.arena import Arena, arena
from chaos.load import Load, paced
from chaos.measures import done_by
from chaos.proxy import CountingProxy
from chaos.report import Row, Shown
from chaos.run import Run
from sandbox.standin import StandIn

RATE = 8.0
FIRST = 3.0
"""Seconds after which what was under way when it began has come back."""
MOST_CALLS = 10
ENOUGH = 0.9
REVOKED: dict[str, dict[str, Any]] = {
    "slack": {"status": 200, "body": {"ok": False, "error": "invalid_auth"}},
    "jira": {"status": 401, "body": {"errorMessages": ["Client must be authenticated."], "errors": {}}},
    "github": {"status": 401, "body": {"message": "Bad credentials"}},
}
KINDS = {"Slack message": "slack", "Jira comment": "jira", "GitHub issue": "github"}
MIX = (*("Slack message", "Jira comment") * 4, "Slack message", "GitHub issue")
"""What is asked for in turn: GitHub asks for a second between two creations, so that more could not be done anyway."""
PLAYED = {
    "sqlite": (("revoked", "slack"), ("revoked", "github"), ("away", "jira")),
    "mysql": (("revoked", "jira"), ("away", "slack"), ("away", "github")),
}
"""Every fault with every service, spread over the two databases: a minute each."""
SLOWER = {"CONNECT_RETRY_BASE_SECONDS": "1", "CONNECT_RETRY_MAX_SECONDS": "10"}
"""A minute is short for an outage: with a longest wait of a few seconds nobody could keep to ten calls in it."""


def away(run: Run) -> Iterator[Row]:
    """One service after the other, while there is work for all three."""
    for fault, service in PLAYED[run.database]:
        with arena(run, "away", settings=SLOWER, proxied=(service,)) as world:
            yield _play(world, fault, service, run.of(60.0, 15.0))


def _play(world: Arena, fault: str, service: str, seconds: float) -> Row:
    load, proxy = Load(world, places=10), world.proxies[service]
    world.start(workers=2)
    standin = next(one for one in world.standins if one.service == service)
    _send(world, load, 3)
    end = _revoke(standin) if fault == "revoked" else _shut(proxy)
    begun = time.time()
    _send(world, load, seconds)
    ended = time.time()
    end()
    world.settle(90)
    shown = Shown()
    calls = [call.at for call in standin.calls] if fault == "revoked" else proxy.tried
    tried = sum(begun + FIRST <= at < ended for at in calls)
    shown.must(tried <= MOST_CALLS, f"{tried} calls tried in {seconds - FIRST:.0f} s")
    others = [
        event for event in world.events
        if begun <= event.accepted <= ended - 3 and KINDS[event.outgoing.description] != service
    ]  # fmt: skip
    share = done_by(world, others, ended)
    shown.must(share >= ENOUGH, f"{share:.0%} of the other lanes' {len(others)} done meanwhile")
    failed = len(world.rows("integrations", status="failed"))
    shown.must(not failed, f"{failed} rows failed")
    return world.row(f"{fault}: {service} {seconds:.0f} s", shown)


def _send(world: Arena, load: Load, seconds: float) -> None:
    for number in paced(seconds, RATE):
        world.send(load.request(MIX[number % len(MIX)], number % 7))


def _revoke(standin: StandIn) -> Callable[[], None]:
    fault = standin.fault("*", times=10**9, **REVOKED[standin.service])
    return lambda: standin.faults.remove(fault)


def _shut(proxy: CountingProxy) -> Callable[[], None]:
    proxy.reset()
    return proxy.carry
