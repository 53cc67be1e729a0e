"""What a visitor does in Jira."""

from typing import Any

from sandbox.jira.model import Json
from sandbox.page.given import text
from sandbox.playground import Playground


def _transition(playground: Playground, given: Json) -> None:
    playground.jira.transition(text(given, "key"), text(given, "status"), text(given, "actor"))


ACTS: dict[str, Any] = {"transition": _transition}
