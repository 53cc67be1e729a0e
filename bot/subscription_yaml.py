"""The file of subscriptions: YAML in and out, with the line of everything that is in it. Pure.

What is read is YAML 1.2's core.
"""

# PyYAML has types for some of what it does only.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from bot.yaml_core import Loader

TOP = "subscriptions"


class Unreadable(Exception):
    """The file is no list of subscriptions; the sentence says where and why."""


@dataclass(frozen=True)
class Entry:
    """One subscription of the file."""

    number: int
    data: Any
    node: yaml.Node

    def line(self, field: str = "") -> int:
        """The line of what `filters.labels.any` names, or of what of it there is."""
        node, line = self.node, self.node.start_mark.line
        for part in field.split("."):
            inner = next((each for each in _inner(node) if each[0] == part), None)
            if inner is None:
                break
            _, line, node = inner
        return line + 1


def _inner(node: yaml.Node) -> Iterator[tuple[str, int, yaml.Node]]:
    """The key, line and value of each thing in a mapping or a list."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield str(key.value), key.start_mark.line, value
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield str(number), value.start_mark.line, value


def read(text: str) -> list[Entry]:
    """The subscriptions of a file; raises `Unreadable`."""
    loader = Loader(text)
    try:
        node = loader.get_single_node()
        whole: Any = loader.construct_document(node) if node is not None else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Unreadable(f"line {line}: this is not YAML: {error.problem}") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise Unreadable(f"this is not YAML: {str(error).splitlines()[0]}") from None
    finally:
        loader.dispose()
    listed = next((value for key, _, value in _inner(node) if key == TOP), None) if node is not None else None
    if not isinstance(whole, dict) or list(whole) != [TOP] or not isinstance(listed, yaml.SequenceNode):
        raise Unreadable(f"line 1: the file begins with `{TOP}:`, and nothing but a list of them follows")
    _no_key_twice(listed, set())
    data: list[Any] = whole[TOP]
    return [Entry(number, data[number - 1], each) for number, each in enumerate(listed.value, 1)]


def _no_key_twice(node: yaml.Node, seen: set[int]) -> None:
    if id(node) in seen:
        return
    seen.add(id(node))
    keys = set[str]()
    for key, line, value in _inner(node):
        if isinstance(node, yaml.MappingNode) and key in keys:
            raise Unreadable(f"line {line + 1}: `{key}` stands here for the second time")
        keys.add(key)
        _no_key_twice(value, seen)


def written(shown: Sequence[dict[str, Any]], names: dict[str, str]) -> str:
    """The file of these subscriptions; `names` are those of channels, and become comments."""
    if not shown:
        return f"{TOP}: []\n"
    parts = [_written(each, names.get(each["channel"], "")) for each in shown]
    return f"{TOP}:\n" + "\n".join(parts)


def _written(shown: dict[str, Any], name: str) -> str:
    text: str = yaml.safe_dump([shown], sort_keys=False, allow_unicode=True, width=110)
    lines = [
        f"{line}  # {name}" if name and line.startswith("  channel: ") else line for line in text.splitlines()
    ]  # fmt: skip
    return "".join(f"  {line}\n" for line in lines)
