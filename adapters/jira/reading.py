"""Typed looks into Jira's JSON: what is missing, null or of the wrong type reads as empty, never as an exception."""

from collections.abc import Mapping
from datetime import datetime
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


def seconds(stamp: object) -> float:
    """Jira's `2026-10-02T09:15:22.310+0200` as seconds since 1970.

    An unreadable one counts as later than any, so that who looks for what is new overlooks nothing.
    """
    try:
        return datetime.fromisoformat(string(stamp)).timestamp()
    except ValueError:
        return float("inf")
