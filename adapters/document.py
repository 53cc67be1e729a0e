"""Rich text as one small tree, the way between the services' own formats.

A reader turns a service's text into a `Document`, a writer turns that into another service's text
(`adapters/*/markup.py`).
Text in the tree is plain: nothing in it is markup, so a writer escapes everything and only its own nodes come alive.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal
from urllib.parse import quote

MAX_DEPTH = 12
"""How deep a reader lets quotes and lists nest; beyond it a container gives way to its content."""

Mark = Literal["strong", "em", "strike", "code"]


@dataclass(frozen=True)
class Text:
    """A run of characters with its marks; `code` may stand with no other mark but inside a link."""

    text: str
    marks: frozenset[Mark] = frozenset()


@dataclass(frozen=True)
class Link:
    """A link to an http(s) or mailto address with a plain label; the marks are those of the label."""

    url: str
    label: str
    marks: frozenset[Mark] = frozenset()


@dataclass(frozen=True)
class Mention:
    """Someone or something named on the far side; `name` is what a service shows that does not know the id.

    The name is empty where the source gives an id alone: the id is shown then.
    """

    kind: Literal["user", "group", "channel", "broadcast"]
    id: str
    name: str


@dataclass(frozen=True)
class Emoji:
    """An emoji by its short name without colons; `unicode` is the character, if it has one."""

    name: str
    unicode: str = ""


@dataclass(frozen=True)
class Break:
    """A line break inside a paragraph."""


type Inline = Text | Link | Mention | Emoji | Break


@dataclass(frozen=True)
class Paragraph:
    content: tuple[Inline, ...]


@dataclass(frozen=True)
class Heading:
    level: int
    content: tuple[Inline, ...]


@dataclass(frozen=True)
class CodeBlock:
    text: str
    language: str = ""


@dataclass(frozen=True)
class Quote:
    blocks: tuple["Block", ...]


@dataclass(frozen=True)
class ListItem:
    blocks: tuple["Block", ...]


@dataclass(frozen=True)
class ItemList:
    ordered: bool
    items: tuple[ListItem, ...]
    start: int = 1


@dataclass(frozen=True)
class Table:
    """Rows of cells; the first row is the header."""

    rows: tuple[tuple[tuple[Inline, ...], ...], ...]


@dataclass(frozen=True)
class Rule:
    """A horizontal line."""


type Block = Paragraph | Heading | CodeBlock | Quote | ItemList | Table | Rule


@dataclass(frozen=True)
class Document:
    blocks: tuple[Block, ...]


def plain(text: str) -> Document:
    """A document of the plain text: blank lines separate paragraphs, other line ends are breaks."""
    paragraphs: list[Block] = []
    for chunk in text.replace("\r\n", "\n").split("\n\n"):
        content: list[Inline] = []
        for line in chunk.strip("\n").split("\n"):
            if content:
                content.append(Break())
            if line:
                content.append(Text(line))
        if content:
            paragraphs.append(Paragraph(tuple(content)))
    return Document(tuple(paragraphs))


# C0 controls but tab and newline, DEL, lone surrogates, and the bidi controls that can make text read backwards.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Java, which renders wiki text, starts a new line after the last three too.
_LINE_ENDS = ("\r\n", "\r", "\x85", "\u2028", "\u2029")
_ADDRESS = re.compile(r"(?:https?://|mailto:)\S", re.IGNORECASE)
_UNFIT = re.compile(r"""[\s<>|"`{}\\^]""")


def clean(text: str) -> str:
    """Drop what no service needs and some misread (controls, lone surrogates, bidi overrides); line ends become \\n."""
    # Nothing of all this is printable, and asking that is quicker.
    if text.isprintable():
        return text
    for end in _LINE_ENDS:
        text = text.replace(end, "\n")
    return text if text.replace("\n", "").isprintable() else _UNSAFE.sub("", text)


def safe_url(url: str) -> str:
    """The address if it may become a link (http, https, mailto), else an empty string.

    Characters that end a link in some markup are percent-encoded (RFC 3986 does not allow them raw anyway).
    """
    address = clean(url).strip()
    if not _ADDRESS.match(address):
        return ""
    return _UNFIT.sub(lambda match: quote(match[0], safe=""), address)


def tidy(content: Iterable[Inline]) -> tuple[Inline, ...]:
    """Inline content in its one canonical form, which readers return and writers start from.

    Texts are clean, neighbours with the same marks are one, line ends are breaks, nothing blank stands at the edge of
    a line, and a link that may not be one is its label.
    """
    merged: list[Inline] = []
    for marks, run in groupby(_parts(content), key=_text_marks):
        if marks is None:
            merged.extend(run)
        else:
            merged.append(Text("".join(part.text for part in run if isinstance(part, Text)), marks))
    return _trimmed(merged)


def _text_marks(part: Inline) -> frozenset[Mark] | None:
    return part.marks if isinstance(part, Text) else None


def _parts(content: Iterable[Inline]) -> Iterator[Inline]:
    for inline in content:
        match inline:
            case Text(text, marks):
                yield from _lines(clean(text), _allowed(marks))
            case Link(url, label, marks):
                address, shown = safe_url(url), _one_line(label)
                yield Link(address, shown or address, _allowed(marks)) if address else Text(shown, _allowed(marks))
            case Mention():
                yield replace(inline, name=_one_line(inline.name))
            case Emoji(name, unicode):
                yield Emoji(_one_line(name), _one_line(unicode)) if name or unicode else Text("")
            case Break():
                yield inline


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())


def _lines(text: str, marks: frozenset[Mark]) -> Iterator[Inline]:
    for number, line in enumerate(text.split("\n")):
        if number:
            yield Break()
        if line:
            yield Text(line, marks)


def _allowed(marks: frozenset[Mark]) -> frozenset[Mark]:
    return frozenset({"code"}) if "code" in marks else marks


def _trimmed(content: list[Inline]) -> tuple[Inline, ...]:
    kept: list[Inline] = []
    for position, inline in enumerate(content):
        stripped: Inline = inline
        if isinstance(inline, Text):
            text = inline.text
            if not kept or isinstance(kept[-1], Break):
                text = text.lstrip()
            if position + 1 == len(content) or isinstance(content[position + 1], Break):
                text = text.rstrip()
            if not text:
                continue
            stripped = inline if text == inline.text else replace(inline, text=text)
        if kept or not isinstance(stripped, Break):
            kept.append(stripped)
    while kept and isinstance(kept[-1], Break):
        kept.pop()
    return tuple(kept)


def marked(content: Iterable[Inline], mark: Mark) -> tuple[Inline, ...]:
    """The content with one more mark on its texts and links: how a heading is shown where there are none."""
    return tuple(
        replace(inline, marks=_allowed(frozenset[Mark]((*inline.marks, mark))))
        if isinstance(inline, Text | Link)
        else inline
        for inline in content
    )


def edges(text: str) -> tuple[str, str, str]:
    """The blank start, the core and the blank end of a text: markup does not take hold with a blank next to it."""
    core = text.strip()
    start = len(text) - len(text.lstrip())
    return text[:start], core, text[start + len(core) :]


def mention_text(mention: Mention) -> str:
    """What stands for a mention where it must not ping: `@name`, `#name` for a channel."""
    return ("#" if mention.kind == "channel" else "@") + (mention.name.lstrip("@#") or clean(mention.id))


def emoji_text(emoji: Emoji) -> str:
    """The emoji's character, or its `:name:`."""
    return emoji.unicode or f":{clean(emoji.name)}:"


def text_of(content: Iterable[Inline]) -> str:
    """The content without markup; breaks are line ends."""
    shown: list[str] = []
    for inline in content:
        match inline:
            case Text(text):
                shown.append(text)
            case Link(_, label):
                shown.append(label)
            case Mention():
                shown.append(mention_text(inline))
            case Emoji():
                shown.append(emoji_text(inline))
            case Break():
                shown.append("\n")
    return "".join(shown)


def table_text(table: Table) -> str:
    """The table in aligned columns of plain text, for services that have none; cells wider than 40 stand out."""
    rows = [[" ".join(text_of(tidy(cell)).split()) for cell in row] for row in table.rows]
    count = max(map(len, rows), default=0)
    filled = [row + [""] * (count - len(row)) for row in rows]
    widths = [min(max(len(row[column]) for row in filled), 40) for column in range(count)]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in filled]
    return "\n".join([*lines[:1], "-+-".join("-" * width for width in widths), *lines[1:]])
