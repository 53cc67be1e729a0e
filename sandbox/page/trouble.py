"""The switches that make trouble: a service that is slow or down, an answer that gets lost, connect killed."""

import threading
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sandbox.broken import Fault
from sandbox.page.given import Impossible, text
from sandbox.playground import Playground
from sandbox.process import ConnectEnded
from sandbox.standin import StandIn

type Json = dict[str, Any]

ALWAYS = 1_000_000_000
DOWN: Json = {"kind": "status", "status": 503, "body": "Service Unavailable"}
LIMITED: Json = {
    "kind": "status", "status": 429, "headers": {"Retry-After": "5"}, "body": {"ok": False, "error": "ratelimited"},
}  # fmt: skip


@dataclass(frozen=True)
class Switch:
    """Something that goes wrong: what it is called, what it means, and the fault that the service's calls meet."""

    title: str
    sentence: str
    service: str
    fault: Json
    operation: str = "*"


SWITCHES: dict[str, Switch] = {
    "slack-slow": Switch(
        "Slack is slow", "Every call to Slack is answered 3 seconds late.", "slack", {"kind": "hang", "seconds": 3.0}
    ),
    "slack-limited": Switch(
        "Slack says “too many requests”", "Every call to Slack is refused with 429: come back in 5 seconds.", "slack",
        LIMITED,
    ),
    "jira-down": Switch("Jira is down", "Every call to Jira is answered with 503.", "jira", DOWN),
    "github-down": Switch("GitHub is down", "Every call to GitHub is answered with 503.", "github", DOWN),
}  # fmt: skip
"""What stays until it is switched off."""

LOST: dict[str, Switch] = {
    "jira-lost": Switch(
        "Lose Jira's answer", "The next issue is created, but the connection breaks before connect hears of it.",
        "jira", {"kind": "reset", "after": True}, "createIssue",
    ),
    "slack-lost": Switch(
        "Lose Slack's answer", "The next message is posted, but the connection breaks before connect hears of it.",
        "slack", {"kind": "reset", "after": True}, "chat.postMessage",
    ),
}  # fmt: skip
"""What happens once."""

_on: WeakKeyDictionary[Playground, dict[str, Fault]] = WeakKeyDictionary()
_starting = threading.Lock()


def shown(playground: Playground) -> Json:
    """Each switch with whether it is on, and what happens once with whether it has."""
    on = _on.get(playground, {})
    standing = [_told(name, each) | {"on": name in on} for name, each in SWITCHES.items()]
    once = [_told(name, each) | {"state": _state(on.get(name))} for name, each in LOST.items()]
    return {"switches": standing, "once": once}


def _told(name: str, switch: Switch) -> Json:
    return {"name": name, "title": switch.title, "sentence": switch.sentence}


def _state(fault: Fault | None) -> str:
    return "off" if fault is None else "met" if fault.times <= 0 else "waiting"


def _switch(playground: Playground, given: Json) -> None:
    name = text(given, "name")
    on = _on.setdefault(playground, {})
    if name in on and on[name].times > 0:
        _clear(playground, name)
    elif name in SWITCHES:
        on[name] = _begin(playground, SWITCHES[name], ALWAYS)
    elif name in LOST:
        on[name] = _begin(playground, LOST[name], 1)
    else:
        raise Impossible(f"There is no switch called {name}.")


def _begin(playground: Playground, switch: Switch, times: int) -> Fault:
    return _standin(playground, switch).fault(switch.operation, times=times, **switch.fault)


def _clear(playground: Playground, name: str) -> None:
    fault = _on[playground].pop(name)
    standin = _standin(playground, (SWITCHES | LOST)[name])
    with standin.lock:
        if fault in standin.faults:
            standin.faults.remove(fault)


def _standin(playground: Playground, switch: Switch) -> StandIn:
    return next(each for each in playground.standins if each.service == switch.service)


def _all_clear(playground: Playground, _given: Json) -> None:
    for name in list(_on.get(playground, {})):
        _clear(playground, name)


def _kill(playground: Playground, _given: Json) -> None:
    if not playground.connect.up:
        raise Impossible("connect is not running.")
    playground.connect.kill()


def _start(playground: Playground, _given: Json) -> None:
    if not _starting.acquire(blocking=False):
        raise Impossible("connect is starting already. Give it a few seconds.")
    try:
        if playground.connect.up:
            raise Impossible("connect runs already.")
        playground.connect.start()
    except ConnectEnded as end:
        raise Impossible(str(end)) from end
    finally:
        _starting.release()


ACTS: dict[str, Any] = {"switch": _switch, "all-clear": _all_clear, "kill": _kill, "start": _start}
