"""What is asked for by somebody who builds a workflow, and how what is known is offered to them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.choices import Key, Listed
from bot.payload import text
from bot.services import Services

MOST = 100
"""Slack takes no more options: https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element"""


@dataclass(frozen=True)
class Asked:
    """What is asked for, by somebody who builds a workflow (`builder`: `team/user`)."""

    services: Services
    inputs: Mapping[str, Any]
    builder: str

    @property
    def typed(self) -> str:
        """What they typed so far."""
        return self.given("query")

    def given(self, name: str) -> str:
        """An input; a placeholder that nothing was put in for is none."""
        found = text(self.inputs, name).strip()
        return "" if found.startswith("{{") else found

    def read(self, key: Key, read: Callable[[], Listed]) -> Listed | None:
        """A list, from memory if it is there."""
        return self.services.choices.get(key, read, self.services.now())

    def fitting(self, listed: Listed) -> list[tuple[str, str]]:
        """Those of a list in which there is what they typed."""
        return [(shown, value) for shown, value in listed if self.typed.casefold() in shown.casefold()]

    @property
    def as_typed(self) -> list[tuple[str, str]]:
        """What they typed as the one choice."""
        return [(self.typed, self.typed)] if self.typed else []


@dataclass(frozen=True)
class Offers:
    """What the functions of one service offer, as what is shown and its value, by their names in the manifest."""

    off: Callable[[Services], str]
    """Why there is nothing to offer; empty if there is."""
    offered: Mapping[str, Callable[[Asked], Iterable[tuple[str, str]]]]
