"""Typed looks into Jira's JSON: what is missing, null or of the wrong type reads as empty, never as an exception."""

from collections.abc import Mapping
from typing import Any, cast


def mapping(raw: object) -> Mapping[str, Any]:
    """The object, or an empty one."""
    return cast("Mapping[str, Any]", raw) if isinstance(raw, Mapping) else {}


def objects(raw: object) -> list[Mapping[str, Any]]:
    """The objects in a list, or none."""
    if not isinstance(raw, list):
        return []
    return [cast("Mapping[str, Any]", item) for item in cast("list[object]", raw) if isinstance(item, Mapping)]


def string(raw: object) -> str:
    """A string as it is and a number in digits (Jira sends ids as either), or an empty string."""
    return raw if isinstance(raw, str) else str(raw) if isinstance(raw, int) else ""
