"""What is asked for while an answer gets lost or the worker dies: the deeds of a table, and how each is to end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.operations.base import Effect
from bot.operations.registry import OPERATIONS
from bot.services import Services
from sandbox.standin import Outgoing, StandIn
from storage.integrations import Integration
from tests.journeys.deaths import Killed
from tests.world import World

type Told = Callable[[World], list[str]]


@dataclass(frozen=True)
class Deed:
    """What somebody asks for: `ask` does all that comes before the call, and says where to see what they are told."""

    operation: str
    call: str
    """The service's own name of the call; where its editions have several, the first that there is (`one|another`)."""
    ask: Callable[[World], Told]
    said: list[str] = field(default_factory=list[str])
    effect: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What has changed on the far side then, as the table's `state` has it."""
    events: list[str] = field(default_factory=list[str])
    """The webhooks that are sent for it: what happened, and how often."""


def nothing(_world: World) -> list[str]:
    """Where nobody is told anything."""
    return []


def waiting(standin: StandIn) -> list[str]:
    """The webhooks that were not sent yet."""
    kept: list[Outgoing] = []
    standin.rearrange(lambda outgoing: kept.extend(outgoing) or outgoing)
    return [outgoing.description for outgoing in kept]


def later(world: World) -> None:
    """All that is waited for before something is looked up or made again, and a little more."""
    for _ in range(6):
        world.advance(61)


def _call(standin: StandIn, deed: Deed) -> str:
    return next(name for name in deed.call.split("|") if name in standin.operations())


def answer_lost(world: World, standin: StandIn, deed: Deed, kind: Any) -> None:
    """The far side does what it is asked to, and its answer does not arrive or breaks off."""
    standin.fault(_call(standin, deed), kind=kind, after=True)
    world.settle()
    assert standin.faults == [], f"nothing called {deed.call}"
    later(world)


def deaths(world: World, standin: StandIn, deed: Deed, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker dies before its call, the next one is refused, and the one after that dies when the call is made."""
    known = (standin.service, deed.operation)
    operation, moments = OPERATIONS[known], ["before", "after"]

    def perform(services: Services, row: Integration) -> Effect:
        if moments == ["before", "after"]:
            raise Killed(moments.pop(0))
        made = operation.perform(services, row)
        if moments:
            raise Killed(moments.pop())
        return made

    monkeypatch.setitem(OPERATIONS, known, replace(operation, perform=perform))
    with pytest.raises(Killed, match="before"):
        world.settle()
    standin.fault(_call(standin, deed), status=502)
    with pytest.raises(Killed, match="after"):
        later(world)
    later(world)
