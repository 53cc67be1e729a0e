"""What the readers of `adapters/*/markup.py` share: pairing of delimiters, nesting of lists, bare addresses.

Everything here takes time linear in its input and calls itself at most `MAX_DEPTH` deep, whatever the text is.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from adapters.document import (
    MAX_DEPTH,
    Block,
    Break,
    Inline,
    ItemList,
    Link,
    ListItem,
    Mark,
    Paragraph,
    Text,
    tidy,
)

_ADDRESS = re.compile(r"(?<![^\W_])https?://[^\s<>\"|\[\]{}`^\\]+", re.IGNORECASE)


def nodes(value: object) -> list[Mapping[str, Any]]:
    """The objects in a JSON list; none if it is something else."""
    if not isinstance(value, list):
        return []
    return [cast("Mapping[str, Any]", node) for node in cast("list[object]", value) if isinstance(node, Mapping)]


def mapping(value: object) -> Mapping[str, Any]:
    """The JSON object; an empty one if it is something else."""
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def string(value: object) -> str:
    """The text; empty if it is something else."""
    return value if isinstance(value, str) else ""


@dataclass(frozen=True)
class Delimiter:
    """A character that may start or end a run of marked text; `text` is what it is if it finds no partner."""

    text: str
    kind: str
    opens: bool
    closes: bool


def delimiter(text: str, start: int, end: int) -> Delimiter:
    """The delimiter at `text[start:end]`: it opens after a non-word character, closes before one, and hugs its text."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return Delimiter(
        text[start:end],
        text[start:end],
        opens=not before.isalnum() and bool(after) and not after.isspace(),
        closes=bool(before) and not before.isspace() and not after.isalnum(),
    )


def emphasise(pieces: Sequence[Inline | Delimiter], marks: Mapping[str, Mark | None]) -> Iterator[Inline]:
    """Give what stands between two partners the mark of their kind, and make lone delimiters text again."""
    opening, closing = _partners(pieces)
    active: Counter[Mark] = Counter()
    current = frozenset[Mark]()
    for index, piece in enumerate(pieces):
        if isinstance(piece, Text | Link):
            plain = not current or "code" in piece.marks
            yield piece if plain else replace(piece, marks=frozenset[Mark]((*piece.marks, *current)))
        elif not isinstance(piece, Delimiter):
            yield piece
        elif index not in opening and index not in closing:
            yield Text(piece.text, current)
        elif mark := marks[piece.kind]:
            active[mark] += 1 if index in opening else -1
            current = frozenset[Mark](mark for mark, count in active.items() if count)


def _partners(pieces: Sequence[Inline | Delimiter]) -> tuple[set[int], set[int]]:
    opening: set[int] = set()
    closing: set[int] = set()
    waiting: list[tuple[int, str]] = []
    counts: Counter[str] = Counter()
    for index, piece in enumerate(pieces):
        if not isinstance(piece, Delimiter):
            continue
        if piece.closes and counts[piece.kind] and waiting[-1] != (index - 1, piece.kind):
            opener, kind = waiting.pop()
            counts[kind] -= 1
            while kind != piece.kind:
                opener, kind = waiting.pop()
                counts[kind] -= 1
            opening.add(opener)
            closing.add(index)
        elif piece.opens:
            waiting.append((index, piece.kind))
            counts[piece.kind] += 1
    return opening, closing


@dataclass(frozen=True)
class Entry:
    """A list item that knows its depth; depths are only compared. `number` is None where the source shows none."""

    depth: int
    ordered: bool
    number: int | None
    blocks: list[Block]


def nest(entries: Sequence[Entry], level: int = 1) -> list[Block]:
    """Build lists from a flat run of items: deeper ones go into the item before, a change of kind starts a new list."""
    runs: list[tuple[Entry, list[ListItem]]] = []
    position = 0
    while position < len(entries):
        entry = entries[position]
        end = position + 1
        while level < MAX_DEPTH and end < len(entries) and entries[end].depth > entry.depth:
            end += 1
        item = ListItem((*entry.blocks, *nest(entries[position + 1 : end], level + 1)))
        if runs and _continues(runs[-1], entry):
            runs[-1][1].append(item)
        else:
            runs.append((entry, [item]))
        position = end
    return [ItemList(first.ordered, tuple(items), _start(first)) for first, items in runs]


def _start(entry: Entry) -> int:
    return entry.number if entry.ordered and entry.number is not None else 1


def _continues(run: tuple[Entry, list[ListItem]], entry: Entry) -> bool:
    first, items = run
    expected = _start(first) + len(items)
    return first.ordered == entry.ordered and (not entry.ordered or entry.number in (None, 1, expected))


def paragraphs(content: Iterable[Inline]) -> list[Block]:
    """Paragraphs out of a run of content: two breaks or more stand between them."""
    found: list[Block] = []
    current: list[Inline] = []
    breaks = 0
    for inline in tidy(content):
        if isinstance(inline, Break):
            breaks += 1
            continue
        if breaks > 1:
            found.append(Paragraph(tuple(current)))
            current = []
        elif breaks:
            current.append(Break())
        breaks = 0
        current.append(inline)
    return [*found, Paragraph(tuple(current))] if current else found


def autolink(text: Text) -> Iterator[Inline]:
    """The text with its bare http(s) addresses as links."""
    if "://" not in text.text:
        yield text
        return
    position = 0
    for match in _ADDRESS.finditer(text.text):
        address = bare_address(match[0])
        yield Text(text.text[position : match.start()], text.marks)
        yield Link(address, address, text.marks)
        position = match.start() + len(address)
    yield Text(text.text[position:], text.marks)


def bare_address(run: str) -> str:
    """The address a run of characters starts with: punctuation at its end belongs to the sentence."""
    address = run.rstrip(".,:;!?'*_~)")
    return address + ")" if "(" in address and run[len(address) :].startswith(")") else address
