"""What a workflow of GitHub Actions is given, as somebody typed it: JSON, or a line `name: value` for each. Pure."""

import json
import re
from typing import Any

MOST = 25
"""https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event"""
HOW = 'Write {"name": "value"}, or a line such as name: value for each.'
_LINE = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*)\s*:\s?(.*)")


def read_inputs(typed: str) -> dict[str, str]:
    """The inputs by their names; raises `ValueError` with a sentence for whoever typed what cannot be read."""
    typed = typed.strip()
    pairs = _of_json(typed) if typed.startswith("{") else _of_lines(typed)
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"The input “{name[:60]}” is given twice.")
        found[name] = value
    if len(found) > MOST:
        raise ValueError(f"These are {len(found)} inputs, and GitHub takes no more than {MOST}.")
    return found


def _of_json(typed: str) -> list[tuple[str, str]]:
    try:
        given: Any = json.loads(typed, object_pairs_hook=lambda pairs: pairs)
    except (ValueError, RecursionError):
        raise ValueError(f"The inputs begin like JSON and are none. {HOW}") from None
    return [(name, _plain(name, value)) for name, value in given]


def _plain(name: str, value: object) -> str:
    # What GitHub passes on to a workflow is text, also for its inputs of other types.
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return json.dumps(value)
    raise ValueError(f"The input “{name[:60]}” has to be text, a number, true or false.")


def _of_lines(typed: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for line in typed.splitlines():
        if not line.strip():
            continue
        read = _LINE.fullmatch(line.strip())
        if read is None:
            raise ValueError(f"“{line.strip()[:60]}” is no input. {HOW}")
        found.append((read[1], read[2].strip()))
    return found
