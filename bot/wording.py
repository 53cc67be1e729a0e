"""What people type behind `/github subscribe`, cut into its items: `pulls`, `+label:"bug"`, `workflows:{name:"CI"}`.

Pure. Where an item makes no sense `Nonsense` says where that is, and gives an example of what does.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass


class Nonsense(Exception):
    """What was typed cannot be understood from `at` (in characters) on."""

    def __init__(self, at: int, what: str, example: str) -> None:
        super().__init__(what)
        self.at = at
        self.what = what
        self.example = example


@dataclass(frozen=True)
class Item:
    """One word of what was typed, with what stands behind its colon."""

    at: int
    sign: str
    """`+`, `++`, `-`, or nothing."""
    key: str
    """In lower case, unless there is nothing but it."""
    values: tuple[str, ...] = ()
    quoted: bool = False
    """Whether the (first) value stood in quotes."""
    inner: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """What stands in braces: by key."""


_BLANK = re.compile(r"[\s,]*")
_SIGN = re.compile(r"\+\+|\+|-")
_WORD = re.compile(r'[^\s,"“”„{}]+')
_KEY = re.compile(r'[^\s,:"“”„{}]+')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"|[“”„]([^“”„"]*)[“”"]', re.DOTALL)
_AND = re.compile(r"\s*,\s*(?=[\"“”„])")
EXAMPLE = 'pulls reviews +label:"bug" workflows:{name:"CI" branch:"main"}'


def items(text: str) -> Iterator[Item]:
    """The items of what was typed, in their order; raises `Nonsense`."""
    at = _skip(_BLANK, text, 0)
    while at < len(text):
        item, end = _item(text, at)
        yield item
        if end < len(text) and not re.match(r"[\s,]", text[end]):
            raise Nonsense(end, "There has to be a space before this.", EXAMPLE)
        at = _skip(_BLANK, text, end)


def _skip(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _item(text: str, start: int) -> tuple[Item, int]:
    at = _skip(_SIGN, text, start)
    sign = text[start:at]
    if _QUOTED.match(text, at):
        value, at = _value(text, at)
        return Item(start, sign, "", (value,), quoted=True), at
    word = _KEY.match(text, at)
    if word is None:
        raise Nonsense(at, "Here a word is missing.", EXAMPLE)
    key, at = word[0], word.end()
    if text[at : at + 1] != ":":
        return Item(start, sign, key), at
    if text[at + 1 : at + 2] == "{":
        inner, at = _braces(text, at + 2)
        return Item(start, sign, key.lower(), inner=inner), at
    values, quoted, at = _values(text, at + 1, _WORD)
    return Item(start, sign, key.lower(), values, quoted), at


def _values(text: str, at: int, bare: re.Pattern[str]) -> tuple[tuple[str, ...], bool, int]:
    """One value or more: after the first, each stands in quotes behind a comma."""
    first = _QUOTED.match(text, at)
    value, at = _value(text, at, bare)
    found = [value]
    while comma := _AND.match(text, at):
        value, at = _value(text, comma.end(), bare)
        found.append(value)
    return tuple(found), first is not None, at


def _value(text: str, at: int, bare: re.Pattern[str] = _WORD) -> tuple[str, int]:
    if at < len(text) and text[at] in '"“”„':
        found = _QUOTED.match(text, at)
        if found is None:
            raise Nonsense(at, "These quotes are not closed.", '+label:"good first issue"')
        value = re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL) if found[1] is not None else found[2]
        return value, found.end()
    found = bare.match(text, at)
    if found is None:
        raise Nonsense(at, "Here something is missing behind the colon.", EXAMPLE)
    return found[0], found.end()


def _braces(text: str, at: int) -> tuple[tuple[tuple[str, tuple[str, ...]], ...], int]:
    """What stands in braces, from behind the first one on."""
    example = 'workflows:{name:"CI" event:"push" branch:"main" actor:"octocat"}'
    found = dict[str, tuple[str, ...]]()
    while True:
        at = _skip(_BLANK, text, at)
        if text[at : at + 1] == "}":
            return tuple(found.items()), at + 1
        word = _KEY.match(text, at)
        if word is None:
            raise Nonsense(at, "These braces are not closed.", example)
        if text[word.end() : word.end() + 1] != ":":
            raise Nonsense(at, f"There is no colon behind {word[0]}.", example)
        values, _, end = _values(text, word.end() + 1, _WORD)
        found[word[0].lower()] = (*found.get(word[0].lower(), ()), *values)
        at = end
