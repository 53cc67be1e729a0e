"""Payloads that no service should send: a strategy that puts junk into random places of a good one."""

import copy
from collections.abc import Iterator
from typing import Any, cast

from hypothesis import strategies as st

from tests.renderers.pairs import Payload

type Path = tuple[str | int, ...]

EVIL = "<!channel> <@U012AB3CD> <#C012AB3CD> <!subteam^S012> <http://evil.example|good> &lt;!here&gt;"
JUNK: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**30, "", " ", "x", "a\nb", "`", "```", "*~_", "\ud800", "\u202e\x00", EVIL,
    "&" * 60_000, "long " * 12_000, "http://evil.example/" + "&" * 3_000, [], {}, [None], [[]], {"a": {"b": None}},
    [{"name": EVIL, "login": EVIL}] * 200, [{"name": f"label {n}", "login": "&" * 50} for n in range(200)],
)  # fmt: skip


def spoiled(payload: Payload) -> st.SearchStrategy[Payload]:
    """The payload with one to six of its values, at any depth, replaced by junk."""
    paths = [path for path, _ in places(payload)]
    spoils = st.lists(st.tuples(st.sampled_from(paths), st.sampled_from(JUNK)), min_size=1, max_size=6)
    return spoils.map(lambda chosen: _spoil(payload, chosen))


def places(value: object, at: Path = ()) -> Iterator[tuple[Path, object]]:
    """Every place inside a JSON value, and what is there."""
    members: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        members = list(cast("dict[str | int, object]", value).items())
    elif isinstance(value, list):
        members = list(enumerate(cast("list[object]", value)))
    for key, member in members:
        yield (*at, key), member
        yield from places(member, (*at, key))


def replaced(payload: Payload, at: Path, value: object) -> Payload:
    """A copy of the payload with another value at one place; unchanged if the place is gone."""
    changed: Payload = copy.deepcopy(payload)
    holder: Any = changed
    for key in at[:-1]:
        holder = holder[key] if _holds(holder, key) else None
    if _holds(holder, at[-1]):
        holder[at[-1]] = copy.deepcopy(value)
    return changed


def _holds(holder: Any, key: str | int) -> bool:
    if isinstance(holder, list):
        return isinstance(key, int) and key < len(cast("list[object]", holder))
    return isinstance(holder, dict) and key in holder


def _spoil(payload: Payload, chosen: list[tuple[Path, Any]]) -> Payload:
    for at, junk in chosen:
        payload = replaced(payload, at, junk)
    return payload
