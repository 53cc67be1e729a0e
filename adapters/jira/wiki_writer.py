"""A `Document` as Jira's wiki text, for Data Center.

Whatever could start a macro, a mention, a link or a block in plain text is escaped, so foreign text stays what it is.
https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all
"""

import re
from collections.abc import Callable, Iterable

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
    edges,
    emoji_text,
    marked,
    mention_text,
    table_text,
    tidy,
)
from adapters.walk import changed

_SIGNS: tuple[tuple[str, Mark], ...] = (("*", "strong"), ("_", "em"), ("-", "strike"))
# Between two letters the phrase marks mean nothing, nor do they between two blanks.
_SPECIAL = re.compile(
    r"""[{}\[\]|\\]
    |&(?=\#?\w{1,31};)
    |!(?!\s)
    |(?<![^\W_])\#(?=[\s#*-]|\Z)
    |\?(?=\?)|(?<=\?)\?
    |(?<![^\W_])(?!(?<=\s).\s)[*_+^~-]
    |[*_+^~-](?![^\W_])(?!(?<=\s.)\s)
    |\((?=(?:[xyni/!?+*-]|\*[rgby]|on|off)\))
    |(?<=[:;])[()]""",
    re.VERBOSE,
)
_LINE_START = re.compile(r"^(\s*)(?:(#)|(h[1-6]|bq)\.)", re.MULTILINE)
# A backslash cannot be escaped, two of them are a line break; Jira passes entities through.
_ENTITIES = {"\\": "&#92;", "&": "&amp;"}
# Next to these a phrase mark takes hold without braces.
_OPEN_GROUND = frozenset("(),.;:\"'/")


type Live = Callable[[Mention], str | None]

# What a user name may be that Jira is to notify: nothing that would end the mention's markup.
_NAME = re.compile(r"[\w.@+-]+(?: [\w.@+-]+)*")


class _LiveMention(Mention):
    """A mention whose `id` is the user name that Jira notifies."""


def write_wiki(document: Document, *, mentions: Live | None = None) -> str:
    """Write wiki text; a quote in a quote and what a list item cannot hold are flattened.

    A mention of a person is plain text unless `mentions` returns the user name to notify.
    """
    return _blocks((changed(document, lambda inline: _live(inline, mentions)) if mentions else document).blocks)


def _live(inline: Inline, mentions: Live) -> Inline:
    name = mentions(inline) if isinstance(inline, Mention) and inline.kind == "user" else None
    return _LiveMention("user", name, name) if name and _NAME.fullmatch(name) else inline


def _blocks(blocks: Iterable[Block], *, quoted: bool = False) -> str:
    written = (_block(block, quoted=quoted) for block in blocks)
    return "\n\n".join(text for text in written if text)


def _block(block: Block, *, quoted: bool) -> str:
    match block:
        case Paragraph(content):
            return _lines(content)
        case Heading(level, content):
            line = _lines(content, line_end="\\\\ ")
            return f"h{min(max(level, 1), 6)}. {line}" if line else ""
        case CodeBlock():
            return _code(block)
        case Quote(blocks):
            inner = _blocks(blocks, quoted=True)
            return inner if quoted or not inner else f"{{quote}}\n{inner}\n{{quote}}"
        case ItemList():
            return "\n".join(_items(block, ""))
        case Table(rows):
            return "\n".join(_row(row, "|" if number else "||") for number, row in enumerate(rows) if row)
        case Rule():
            return "----"


def _code(block: CodeBlock) -> str:
    text = clean(block.text)
    if "{code" not in text:
        language = f":{block.language}" if re.fullmatch(r"[\w+#.-]{1,30}", block.language) else ""
        return f"{{code{language}}}\n{text}\n{{code}}"
    inert = text.replace("{noformat", "{\u200bnoformat")
    return f"{{noformat}}\n{inert}\n{{noformat}}"


def _row(row: tuple[tuple[Inline, ...], ...], border: str) -> str:
    cells = (_lines(cell, line_end="\\\\ ") or " " for cell in row)
    return border + border.join(cells) + border


def _items(block: ItemList, above: str) -> Iterable[str]:
    markers = above + ("#" if block.ordered else "*")
    for item in block.items:
        lead, rest = "", item.blocks
        if rest and isinstance(rest[0], Paragraph | Heading):
            lead, rest = _flat(rest[0]), rest[1:]
        # An item without text would not be one.
        yield f"{markers} {lead or '&nbsp;'}"
        yield from _rest(rest, markers)


def _rest(blocks: Iterable[Block], markers: str) -> Iterable[str]:
    for block in blocks:
        match block:
            case ItemList():
                yield from _items(block, markers)
            case Quote(inner):
                yield from _rest(inner, markers)
            case _:
                if text := _flat(block):
                    yield text


def _flat(block: Block) -> str:
    match block:
        case Heading(_, content):
            return _lines(marked(tidy(content), "strong"))
        case Table():
            return _code(CodeBlock(table_text(block)))
        case Rule():
            return "───"
        case _:
            return _block(block, quoted=True)


def _lines(content: Iterable[Inline], line_end: str = "\n") -> str:
    inlines = (None, *tidy(content), None)
    written: list[str] = []
    for before, inline, after in zip(inlines, inlines[1:], inlines[2:], strict=False):
        match inline:
            case Break():
                # A line end after a line end would end the paragraph.
                written.append(r"\\" if isinstance(after, Break) else line_end)
            case Text(text, marks):
                written.append(_text(text, marks, free=(_is_free(before, -1), _is_free(after, 0))))
            case Link(_, _, marks):
                written.append(_marked(_link(inline), marks, free=_is_free(before, -1) and _is_free(after, 0)))
            case Mention():
                live = isinstance(inline, _LiveMention)
                written.append(f"[~{inline.id}]" if live else _escape(mention_text(inline)))
            case Emoji():
                written.append(_escape(emoji_text(inline)))
            case None:
                pass
    return _LINE_START.sub(_escape_start, "".join(written))


def _escape_start(match: re.Match[str]) -> str:
    return f"{match[1]}\\#" if match[2] else f"{match[1]}{match[3]}&#46;"


def _is_free(neighbour: Inline | None, nearest: int) -> bool:
    """Whether a phrase mark takes hold next to the neighbour, whose nearest character that is."""
    if neighbour is None or isinstance(neighbour, Break):
        return True
    if not isinstance(neighbour, Text) or neighbour.marks:
        return False
    character = neighbour.text[nearest]
    return character.isspace() or character in _OPEN_GROUND


def _text(text: str, marks: frozenset[Mark], *, free: tuple[bool, bool]) -> str:
    start, core, end = edges(text)
    if not core or not marks:
        return _escape(text)
    if "code" in marks:
        inner = _escape(core).replace(r"\{", "&#123;").replace(r"\}", "&#125;")
        return f"{start}{{{{{inner}}}}}{end}"
    return start + _marked(_escape(core), marks, free=(free[0] or bool(start)) and (free[1] or bool(end))) + end


def _marked(core: str, marks: frozenset[Mark], *, free: bool) -> str:
    signs = [sign if free else f"{{{sign}}}" for sign, mark in _SIGNS if mark in marks]
    return "".join(signs) + core + "".join(reversed(signs))


def _link(link: Link) -> str:
    url = link.url.replace("[", "%5B").replace("]", "%5D")
    if link.label == link.url:
        return f"[{url}]"
    label = re.sub(r"[\\\[\]|{}!^~#]|&(?=#?\w{1,31};)", lambda match: f"&#{ord(match[0])};", link.label)
    return f"[{label}|{url}]"


def _escape(text: str) -> str:
    return _SPECIAL.sub(lambda match: _ENTITIES.get(match[0], f"\\{match[0]}"), text)
