"""What an operation is: a kind of outside call, with the half that makes it and the half that looks for its effect."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from adapters.errors import Unavailable
from bot.services import Services
from storage import integrations
from storage.integrations import Integration

PROMPT = timedelta(seconds=1)
"""Within this the time of the claim is near enough: the settle time is longer than a call by more."""


class NotYet(Exception):
    """What a call asked for is not there yet, and nothing is wrong with that: it is asked again in `seconds`."""

    def __init__(self, reason: str, seconds: float) -> None:
        super().__init__(reason)
        self.seconds = seconds


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
    """Note when the call leaves, if that is later than its row says; whoever finds the row judges by that time.

    Raises `Unavailable` if what came before the call took longer than the lease: another worker may be making it.
    """
    now = services.now()
    mine = now < row.lease_until
    if mine and now - row.leaves_at > PROMPT:
        mine = services.database.run(lambda connection: integrations.leaves(connection, row, now))
    if not mine:
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
