"""What doors and flows hand over: the calls to make on account of one delivery, not yet stored."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.message import Message
from storage.integrations import NewIntegration
from storage.mappings import NewMapping


class NotYet(Exception):
    """A delivery cannot be planned before a call under way is judged; ask again in `seconds`."""

    def __init__(self, reason: str, seconds: float = 1.0) -> None:
        super().__init__(reason)
        self.seconds = seconds


@dataclass
class Plan:
    """Collects what one request or delivery asks for; `key` is unique for it and prefixes the rows' keys."""

    key: str
    event: str
    integrations: list[NewIntegration] = field(default_factory=list[NewIntegration])

    def add(self, new: NewIntegration) -> None:
        """Ask for a call."""
        self.integrations.append(new)


@dataclass(frozen=True)
class Planned:
    """A delivery's plan: what to do, or why nothing (`ignored`)."""

    integrations: tuple[NewIntegration, ...] = ()
    ignored: str = ""


FORM = "application/x-www-form-urlencoded"
"""How commands and interactions arrive; they are answered and planned in the request, never from the inbox."""


@dataclass(frozen=True)
class Consequences:
    """What follows from the end of a call, stored in the transaction that ends it."""

    mappings: tuple[NewMapping, ...] = ()
    integrations: tuple[NewIntegration, ...] = ()
    notes: tuple[tuple[int, Mapping[str, str]], ...] = ()
    """Mappings (by row id) and what to add to their extra data."""
    ended: tuple[int, ...] = ()
    """Mappings (by row id) that are over."""
    freed: tuple[str, ...] = ()
    """Keys of rows that may be used anew."""
    strike: str = ""
    """Why the channel refuses for good: the subscription on whose account the call was planned counts it."""
    later: Callable[[Connection, datetime], Iterable[NewIntegration]] | None = None
    """Plans further calls in that transaction, where it takes a look at the tables to know which."""
    archived: str = ""
    """The channel of which Slack says that it is archived: its threads are left alone."""
    recovered: bool = False
    """Whether the call reached the channel of that subscription: its strikes are forgotten."""


NOTHING = Consequences()
"""Nothing follows."""


def to_slack(
    operation: str, key: str, order: str, cause: Mapping[str, str], target: str, payload: Mapping[str, Any],
    message: Message | None = None,
) -> NewIntegration:  # fmt: skip
    """A call to Slack; `cause` names the `source_service`, `event_type` and `source_id` on whose account it is made."""
    words = {"text": message.text, "blocks": message.blocks} if message else {}
    return NewIntegration(
        operation=operation,
        key=key,
        ordering_key=f"slack:{order}",
        source_service=cause["source_service"],
        target_service="slack",
        event_type=cause["event_type"],
        source_id=cause["source_id"],
        target_id=target,
        payload={**payload, **words},
    )
