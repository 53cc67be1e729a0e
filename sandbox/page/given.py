"""What a request of the page carries, read strictly; `Impossible` is what the visitor is told."""

from typing import Any

type Json = dict[str, Any]


class Impossible(Exception):
    """This cannot be done; the words are shown to the visitor."""


def text(given: Json, name: str, default: str | None = None) -> str:
    """A string; raises `Impossible` where it is missing and there is no default."""
    value = given.get(name, default)
    if not isinstance(value, str):
        raise Impossible(f"“{name}” is missing.")
    return value


def number(given: Json, name: str) -> int:
    """A whole number."""
    value = given.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Impossible(f"“{name}” is not a number.")
    return value


def flag(given: Json, name: str) -> bool:
    """Yes or no; no where nothing is said."""
    return given.get(name) is True
