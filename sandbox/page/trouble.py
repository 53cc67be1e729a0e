"""The switches that make trouble: a service that is slow or down, an answer that gets lost, connect killed."""

from typing import Any

from sandbox.page.given import Impossible, text
from sandbox.playground import Playground
from sandbox.process import ConnectEnded

type Json = dict[str, Any]

SWITCHES: dict[str, tuple[str, Json]] = {
    "slack-slow": ("slack", {"kind": "hang", "seconds": 3.0}),
    "slack-limited": (
        "slack",
        {
            "kind": "status",
            "status": 429,
            "headers": {"Retry-After": "5"},
            "body": {"ok": False, "error": "ratelimited"},
        },
    ),
    "jira-down": ("jira", {"kind": "status", "status": 503, "body": "Service Unavailable"}),
}
"""What stays until it is switched off: the stand-in, and the fault that each of its calls meets."""
ALWAYS = 1_000_000_000


def shown(playground: Playground) -> Json:
    """Which switches are on."""
    return {name: _standing(playground, name) is not None for name in SWITCHES} | {"connect": playground.connect.up}


def _standing(playground: Playground, name: str) -> Any:
    service, fault = SWITCHES[name]
    standin = getattr(playground, service)
    return next((each for each in standin.faults if each.times > 1000 and each.kind == fault["kind"]), None)


def _switch(playground: Playground, given: Json) -> None:
    name = text(given, "name")
    if name not in SWITCHES:
        raise Impossible(f"There is no switch called {name}.")
    service, fault = SWITCHES[name]
    standin, standing = getattr(playground, service), _standing(playground, name)
    if standing is None:
        standin.fault("*", times=ALWAYS, **fault)
    else:
        with standin.lock:
            standin.faults.remove(standing)


def _kill(playground: Playground, _given: Json) -> None:
    playground.connect.kill()


def _start(playground: Playground, _given: Json) -> None:
    if playground.connect.up:
        raise Impossible("connect runs already.")
    try:
        playground.connect.start()
    except ConnectEnded as end:
        raise Impossible(str(end)) from end


ACTS: dict[str, Any] = {"switch": _switch, "kill": _kill, "start": _start}
