"""Typed readers of a webhook's JSON that never raise: renderers promise to survive nulls and wrong types anywhere.

A path names keys from the outside in; whatever is missing, null or of another type reads as the empty value.
"""

from collections.abc import Mapping
from typing import Any, cast

from bot.message import clean

type Payload = Mapping[str, Any]


def find(payload: Payload, *path: str) -> object:
    """The raw value at the path, or None."""
    value: object = payload
    for key in path:
        value = _as_mapping(value).get(key)
    return value


def mapping(payload: Payload, *path: str) -> Payload:
    """The object at the path, or an empty one."""
    return _as_mapping(find(payload, *path))


def text(payload: Payload, *path: str) -> str:
    """The string at the path, cleaned but not escaped; a whole number (an id) reads as its digits."""
    value = find(payload, *path)
    if isinstance(value, str):
        return clean(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def number(payload: Payload, *path: str) -> int | None:
    """The whole number at the path, or None; one past 15 digits counts nothing real and is None too."""
    value = find(payload, *path)
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**15 else None


def flag(payload: Payload, *path: str) -> bool:
    """Whether the value at the path is `true` itself."""
    return find(payload, *path) is True


def objects(payload: Payload, *path: str) -> list[Payload]:
    """The objects of the list at the path; members of other types are left out."""
    value = find(payload, *path)
    members = cast("list[object]", value) if isinstance(value, list) else []
    return [cast("Payload", member) for member in members if isinstance(member, dict)]


def texts(payload: Payload, *path: str, key: str) -> tuple[str, ...]:
    """What the objects of the list at the path say under `key` (logins, names), without the empty ones."""
    return tuple(found for member in objects(payload, *path) if (found := text(member, key)))


def strings(payload: Payload, *path: str) -> tuple[str, ...]:
    """The strings of the list at the path, cleaned, without the empty ones."""
    value = find(payload, *path)
    members = cast("list[object]", value) if isinstance(value, list) else []
    return tuple(found for member in members if isinstance(member, str) and (found := clean(member)))


def _as_mapping(value: object) -> Payload:
    return cast("Payload", value) if isinstance(value, dict) else {}
