"""What an operation is: a kind of outside call, with the half that makes it and the half that looks for its effect."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from adapters.errors import Unavailable
from bot.services import Services
from storage.integrations import Integration


@dataclass(frozen=True)
class Effect:
    """What a call did on the far side."""

    remote_id: str
    """What the far side calls it: a message's `ts`, an issue's key, a comment's id."""
    target_id: str = ""
    """What the log shows as target from now on (`T0DEV00001/C0DEV00001/1700000000.000100`); empty: as planned."""
    data: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What follows from the effect is made of this (see `bot.flows.outcomes`)."""


def before_sending(services: Services, row: Integration) -> None:
    """Raise `Unavailable` if what came before the call took longer than the lease: another worker may be making it."""
    if services.now() >= row.lease_until:
        raise Unavailable("Preparing the call took longer than its lease.")


@dataclass(frozen=True)
class Operation:
    """A kind of outside call and what to do when the answer to one is lost.

    With `find`, the marker is looked up before the call is made again. Without, an `idempotent` call is simply made
    again, and any other is made at most once: it cannot be looked up (a message only its reader sees).
    """

    perform: Callable[[Services, Integration], Effect]
    find: Callable[[Services, Integration], Effect | None] | None = None
    idempotent: bool = False
