"""What somebody typed after a command's name, and the functions that answer to its first word."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.flows.asker import Asker
from bot.flows.plan import Plan
from bot.message import Message
from bot.services import Services


@dataclass(frozen=True)
class Typed:
    """A command as it was typed: `words` and `text` are what stands behind its first word."""

    services: Services
    body: Mapping[str, Any]
    asker: Asker
    plan: Plan
    words: list[str]
    text: str


type Command = Callable[[Typed], Message | None]
"""Answers a command; None if nothing is to be said, since a form is open, say."""


def split(text: str) -> tuple[str, str]:
    """The first word in lower case, and what stands behind it."""
    first, *rest = text.split(maxsplit=1) or [""]
    return first.lower(), rest[0].strip() if rest else ""


def jira_off(services: Services) -> str:
    """Why nothing can be done in Jira (empty: it can)."""
    return "" if services.jira else "Jira is not connected yet: JIRA_BASE_URL and JIRA_API_TOKEN have to be set."
