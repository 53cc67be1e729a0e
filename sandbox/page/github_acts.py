"""What a visitor does on GitHub."""

from typing import Any

from sandbox.github.shapes import Json
from sandbox.page.given import text
from sandbox.playground import Playground


def _open_pull_request(playground: Playground, given: Json) -> int:
    return playground.github.open_pull_request(
        text(given, "repository"),
        text(given, "title"),
        text(given, "author"),
        text(given, "head"),
        body=text(given, "body", ""),
    )


ACTS: dict[str, Any] = {"open-pull-request": _open_pull_request}
