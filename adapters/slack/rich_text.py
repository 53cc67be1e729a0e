"""Slack's `rich_text` blocks, what people's messages are made of, to and from a `Document`.

A list is flat in Slack: nested lists follow their parent with a larger `indent`, and a numbered list that goes on after
one says so by `offset`. A `border` puts a list or a code block inside a quote.
https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Literal, cast

from adapters.document import (
    Block,
    Break,
    CodeBlock,
    Document,
    Emoji,
    Heading,
    Inline,
    ItemList,
    Link,
    Mark,
    Mention,
    Paragraph,
    Quote,
    Rule,
    Table,
    Text,
    clean,
    emoji_text,
    marked,
    mention_text,
    table_text,
    text_of,
    tidy,
)
from adapters.scan import Entry, mapping, nest, nodes, paragraphs, string

type Element = dict[str, Any]
type Live = Callable[[Mention], Element | None]
type Prose = Paragraph | Heading | Rule

_STYLES: tuple[tuple[str, Mark], ...] = (("bold", "strong"), ("italic", "em"), ("strike", "strike"), ("code", "code"))
_MENTIONS: dict[str, tuple[Literal["user", "group", "channel", "broadcast"], str]] = {
    "user": ("user", "user_id"),
    "usergroup": ("group", "usergroup_id"),
    "channel": ("channel", "channel_id"),
    "broadcast": ("broadcast", "range"),
}
_CODE_POINTS = re.compile(r"[0-9a-fA-F]{2,5}(?:-[0-9a-fA-F]{2,5}){0,15}")
_EMOJI_NAME = re.compile(r"[\w+'-]+(?:::skin-tone-[2-6])?")


def read_rich_text(block: Mapping[str, Any]) -> Document:
    """Read a `rich_text` block; what has an unknown shape is skipped or read through."""
    blocks: list[Block] = []
    for bordered, run in groupby(nodes(block.get("elements")), key=_bordered):
        found = [block for is_list, part in groupby(run, key=_is_list) for block in _read(list(part), lists=is_list)]
        blocks.extend([Quote(tuple(found))] if bordered and found else found)
    return Document(tuple(blocks))


def _bordered(element: Mapping[str, Any]) -> bool:
    return element.get("type") == "rich_text_quote" or element.get("border") == 1


def _is_list(element: Mapping[str, Any]) -> bool:
    return element.get("type") == "rich_text_list"


def _read(elements: list[Mapping[str, Any]], *, lists: bool) -> list[Block]:
    return nest(list(_entries(elements))) if lists else list(_blocks(elements))


def _entries(lists: Iterable[Mapping[str, Any]]) -> Iterator[Entry]:
    for element in lists:
        ordered = element.get("style") == "ordered"
        indent, offset = _integer(element.get("indent")), _integer(element.get("offset"))
        for number, item in enumerate(nodes(element.get("elements")), 1):
            yield Entry(indent, ordered, offset + number, paragraphs(_inlines(item)))


def _integer(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 1_000_000 else 0


def _blocks(elements: Iterable[Mapping[str, Any]]) -> Iterator[Block]:
    for element in elements:
        if element.get("type") == "rich_text_preformatted":
            code = text_of(_inlines(element))
            yield CodeBlock(clean(code), clean(string(element.get("language"))))
        else:
            yield from paragraphs(_inlines(element))


def _inlines(parent: Mapping[str, Any]) -> Iterator[Inline]:
    # A stack instead of recursion: the nesting is the sender's choice.
    waiting = nodes(parent.get("elements"))[::-1]
    while waiting:
        element = waiting.pop()
        if inner := nodes(element.get("elements")):
            waiting.extend(reversed(inner))
        else:
            yield _inline(element)


def _inline(element: Mapping[str, Any]) -> Inline:
    kind, marks = string(element.get("type")), _marks(element)
    text = string(element.get("text"))
    if kind in _MENTIONS:
        mentioned, key = _MENTIONS[kind]
        identifier = clean(string(element.get(key)))
        return Mention(mentioned, identifier, identifier if mentioned == "broadcast" else "")
    if kind == "link":
        url = string(element.get("url"))
        return Link(url, text or url, marks)
    if kind == "emoji":
        return Emoji(clean(string(element.get("name"))), _characters(string(element.get("unicode"))))
    if kind == "date":
        return Text(string(element.get("fallback")) or _date(element.get("timestamp")), marks)
    return Text(text or string(element.get("value")), marks)


def _marks(element: Mapping[str, Any]) -> frozenset[Mark]:
    style = mapping(element.get("style"))
    return frozenset(mark for name, mark in _STYLES if style.get(name) is True)


def _characters(unicode: str) -> str:
    if not _CODE_POINTS.fullmatch(unicode):
        return ""
    return clean("".join(chr(int(point, 16)) for point in unicode.split("-")))


def _date(timestamp: object) -> str:
    if not isinstance(timestamp, int) or not 0 <= timestamp < 253402300800:
        return ""
    return datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d %H:%M UTC")


def mention_element(mention: Mention) -> Element | None:
    """The element that really mentions a Slack id; give it to `write_rich_text` for a document that came from Slack."""
    for kind, (mentioned, key) in _MENTIONS.items():
        if mentioned == mention.kind:
            return {"type": kind, key: mention.id}
    return None


def write_rich_text(document: Document, *, mentions: Live | None = None) -> Element:
    """Write a `rich_text` block; a mention is plain text unless `mentions` returns an element for it."""
    elements = list(_elements(document.blocks, mentions, quoted=False))
    return {"type": "rich_text", "elements": elements or [{"type": "rich_text_section", "elements": []}]}


def _elements(blocks: Iterable[Block], mentions: Live | None, *, quoted: bool) -> Iterator[Element]:
    for is_prose, run in groupby(blocks, key=lambda block: isinstance(block, Paragraph | Heading | Rule)):
        if is_prose:
            written = _written(_prose(cast("Iterable[Prose]", run)), mentions)
            if written:
                yield {"type": "rich_text_quote" if quoted else "rich_text_section", "elements": written}
            continue
        for block in run:
            yield from _element_of(block, mentions, quoted=quoted)


def _element_of(block: Block, mentions: Live | None, *, quoted: bool) -> Iterator[Element]:
    match block:
        case ItemList():
            yield from _list(block, mentions, 0, quoted=quoted)
        case Quote(inner):
            yield from _elements(inner, mentions, quoted=True)
        case CodeBlock(text):
            yield _preformatted(text, quoted=quoted)
        case Table():
            yield _preformatted(table_text(block), quoted=quoted)
        case Paragraph() | Heading() | Rule():
            yield from _elements((block,), mentions, quoted=quoted)


def _preformatted(text: str, *, quoted: bool) -> Element:
    # Slack refuses an empty text.
    content = [{"type": "text", "text": clean(text) or " "}]
    return {"type": "rich_text_preformatted", "border": int(quoted), "elements": content}


def _prose(blocks: Iterable[Prose]) -> Iterator[Inline]:
    for number, block in enumerate(blocks):
        if number:
            yield from (Break(), Break())
        match block:
            case Paragraph(content):
                yield from tidy(content)
            case Heading(_, content):
                yield from marked(tidy(content), "strong")
            case Rule():
                yield Text("───")


def _list(block: ItemList, mentions: Live | None, indent: int, *, quoted: bool) -> Iterator[Element]:
    sections: list[Element] = []
    shape: Element = {"type": "rich_text_list", "style": "ordered" if block.ordered else "bullet", "indent": indent}
    shape["border"] = int(quoted)
    offset = block.start - 1
    for number, item in enumerate(block.items, block.start):
        lead = 0
        while lead < len(item.blocks) and isinstance(item.blocks[lead], Paragraph | Heading | Rule):
            lead += 1
        content = _prose(cast("tuple[Prose, ...]", item.blocks[:lead]))
        sections.append({"type": "rich_text_section", "elements": _written(content, mentions)})
        if lead < len(item.blocks) or number - block.start + 1 == len(block.items):
            yield shape | ({"offset": offset} if block.ordered and offset else {}) | {"elements": sections}
            sections, offset = [], number
        for inner in item.blocks[lead:]:
            if isinstance(inner, ItemList):
                yield from _list(inner, mentions, indent + 1, quoted=quoted)
            else:
                yield from _element_of(inner, mentions, quoted=quoted)


def _written(content: Iterable[Inline], mentions: Live | None) -> list[Element]:
    written: list[Element] = []
    for inline in tidy(content):
        element = _element(inline, mentions)
        last = written[-1] if written else {}
        if element["type"] == last.get("type") == "text" and element.get("style") == last.get("style"):
            last["text"] += element["text"]
        else:
            written.append(element)
    return written


def _element(inline: Inline, mentions: Live | None) -> Element:
    match inline:
        case Text(text, marks):
            return {"type": "text", "text": text} | _style(marks)
        case Link(url, label, marks):
            return {"type": "link", "url": url} | ({"text": label} if label != url else {}) | _style(marks)
        case Mention():
            live = mentions(inline) if mentions else None
            return live or {"type": "text", "text": mention_text(inline)}
        case Emoji(name, unicode) if _EMOJI_NAME.fullmatch(name):
            points = "-".join(f"{ord(character):04x}" for character in unicode)
            return {"type": "emoji", "name": name} | ({"unicode": points} if points else {})
        case Emoji():
            return {"type": "text", "text": emoji_text(inline)}
        case Break():
            return {"type": "text", "text": "\n"}


def _style(marks: frozenset[Mark]) -> Element:
    return {"style": {name: True for name, mark in _STYLES if mark in marks}} if marks else {}
