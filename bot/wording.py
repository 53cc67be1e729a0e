"""What people type behind `/github subscribe`, cut into its items: `pulls`, `+label:"bug"`, `workflows:{name:"CI"}`.

Pure. Where an item makes no sense `Nonsense` says where that is, and gives an example of what does.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.spelling import DASHES, DOUBLE, INVISIBLE, QUOTED, plain


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


_BETWEEN = rf"\s,{INVISIBLE}"
_BLANK = re.compile(rf"[{_BETWEEN}]*")
_SIGN = re.compile(rf"\+\+|\+|[-{DASHES}]{{1,2}}")
_WORD = re.compile(rf'[^{_BETWEEN}"{DOUBLE}{{}}]+')
_KEY = re.compile(rf'[^{_BETWEEN}:"{DOUBLE}{{}}]+')
_QUOTED = re.compile(QUOTED, re.DOTALL)
_AND = re.compile(rf"\s*,\s*(?=[\"{DOUBLE}]|{QUOTED})")
EXAMPLE = 'pulls reviews +label:"bug" workflows:{name:"CI" branch:"main"}'


def items(text: str) -> Iterator[Item]:
    """The items of what was typed, in their order; raises `Nonsense`."""
    at = _skip(_BLANK, text, 0)
    while at < len(text):
        item, end = _item(text, at)
        yield item
        if end < len(text) and not re.match(rf"[{_BETWEEN}]", text[end]):
            raise Nonsense(end, "There has to be a space before this.", EXAMPLE)
        at = _skip(_BLANK, text, end)


def _skip(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _item(text: str, start: int) -> tuple[Item, int]:
    at = _skip(_SIGN, text, start)
    sign = plain(text[start:at])
    sign = "-" if sign == "--" else sign
    if _QUOTED.match(text, at):
        value, at = _value(text, at)
        return Item(start, sign, "", (value,), quoted=True), at
    word = _KEY.match(text, at)
    if word is None:
        raise Nonsense(at, "Here a word is missing.", EXAMPLE)
    key, at = plain(word[0]), word.end()
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
    found = _QUOTED.match(text, at)
    if found is not None:
        plainly, otherwise = found[1], found[2] if found[2] is not None else found[3]
        return otherwise if plainly is None else re.sub(r"\\(.)", r"\1", plainly, flags=re.DOTALL), found.end()
    if at < len(text) and text[at] in f'"{DOUBLE}':
        raise Nonsense(at, "These quotes are not closed.", '+label:"good first issue"')
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
