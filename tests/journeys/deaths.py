"""Workers that die in the middle of a call, between its effect and its record."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.operations.base import Effect
from bot.operations.registry import OPERATIONS
from bot.services import Services
from storage.integrations import Integration
from tests.world import World


class Killed(BaseException):
    """The end of a worker; nothing in connect catches it."""


def dies(monkeypatch: pytest.MonkeyPatch, service: str, name: str, moment: str) -> None:
    """The first worker that makes such a call dies `before` or `after` it."""
    operation, alive = OPERATIONS[service, name], [True]

    def perform(services: Services, row: Integration) -> Effect:
        if alive and moment == "before":
            raise Killed(alive.pop())
        made = operation.perform(services, row)
        if alive:
            raise Killed(alive.pop())
        return made

    monkeypatch.setitem(OPERATIONS, (service, name), replace(operation, perform=perform))


def outlived(world: World, work: Callable[[], object]) -> None:
    """Do what costs a worker its life, and let the others wait until they take over what it left."""
    with pytest.raises(Killed):
        work()
    for _ in range(4):
        world.advance(61)
