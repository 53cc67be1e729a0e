"""A `Document` as the Atlassian Document Format, Jira Cloud's JSON for rich text.

It keeps to the schema, which Jira enforces with a 400: no empty texts, nothing but paragraphs, lists and code inside of
quotes and list items, no mark beside `code` but a link.
https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

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
    marked,
    mention_text,
    table_text,
    tidy,
)

type Node = dict[str, Any]
type Live = Callable[[Mention], str | None]


def write_adf(document: Document, *, mentions: Live | None = None) -> Node:
    """Write an ADF document; a mention of a person is plain text unless `mentions` returns the account to notify."""
    return {"type": "doc", "version": 1, "content": _write_blocks(document.blocks, mentions)}


def _write_blocks(blocks: Iterable[Block], mentions: Live | None) -> list[Node]:
    return [node for block in blocks for node in _write_block(block, mentions)]


def _write_block(block: Block, mentions: Live | None) -> list[Node]:
    match block:
        case Paragraph(content):
            return _write_line({"type": "paragraph"}, content, mentions)
        case Heading(level, content):
            return _write_line({"type": "heading", "attrs": {"level": min(max(level, 1), 6)}}, content, mentions)
        case CodeBlock(text, language):
            attrs = {"attrs": {"language": clean(language)}} if language else {}
            return [{"type": "codeBlock"} | attrs | ({"content": _texts(clean(text))} if clean(text) else {})]
        case Quote(blocks):
            inner = _write_blocks(_narrow(blocks), mentions)
            return [{"type": "blockquote", "content": inner}] if inner else []
        case ItemList():
            return _write_list(block, mentions)
        case Table(rows):
            return _write_table(rows, mentions)
        case Rule():
            return [{"type": "rule"}]


def _texts(text: str) -> list[Node]:
    return [{"type": "text", "text": text}]


def _write_line(node: Node, content: Iterable[Inline], mentions: Live | None) -> list[Node]:
    inner = _write_inlines(content, mentions)
    return [node | {"content": inner}] if inner else []


def _narrow(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks in what quotes and list items may hold: paragraphs, lists and code."""
    for block in blocks:
        match block:
            case Heading(_, content):
                yield Paragraph(marked(tidy(content), "strong"))
            case Quote(inner):
                yield from _narrow(inner)
            case Table():
                yield CodeBlock(table_text(block))
            case Rule():
                yield Paragraph((Text("───"),))
            case _:
                yield block


def _write_list(block: ItemList, mentions: Live | None) -> list[Node]:
    items: list[Node] = []
    for item in block.items:
        inner = _write_blocks(_narrow(item.blocks), mentions)
        if not inner or inner[0]["type"] not in ("paragraph", "codeBlock"):
            inner.insert(0, {"type": "paragraph", "content": []})
        items.append({"type": "listItem", "content": inner})
    if not items:
        return []
    order = {"attrs": {"order": block.start}} if block.ordered and block.start != 1 else {}
    return [{"type": "orderedList" if block.ordered else "bulletList"} | order | {"content": items}]


def _write_table(rows: tuple[tuple[tuple[Inline, ...], ...], ...], mentions: Live | None) -> list[Node]:
    width = max(map(len, rows), default=0)
    if not width:
        return []
    written: list[Node] = []
    for number, row in enumerate(rows):
        kind = "tableCell" if number else "tableHeader"
        cells = [
            {"type": kind, "content": [{"type": "paragraph", "content": _write_inlines(cell, mentions)}]}
            for cell in (*row, *((),) * (width - len(row)))
        ]
        written.append({"type": "tableRow", "content": cells})
    return [{"type": "table", "content": written}]


def _write_inlines(content: Iterable[Inline], mentions: Live | None) -> list[Node]:
    return [_write_inline(inline, mentions) for inline in tidy(content)]


def _write_inline(inline: Inline, mentions: Live | None) -> Node:
    match inline:
        case Text(text, marks):
            return _marked(text, sorted(marks))
        case Link(url, label, marks):
            return _marked(label, sorted(marks), {"type": "link", "attrs": {"href": url}})
        case Mention():
            account = mentions(inline) if mentions and inline.kind == "user" else None
            shown = mention_text(inline)
            return {"type": "mention", "attrs": {"id": account, "text": shown}} if account else _marked(shown, [])
        case Emoji("", unicode):
            return _marked(unicode, [])
        case Emoji(name, unicode):
            return {"type": "emoji", "attrs": {"shortName": f":{name}:"} | ({"text": unicode} if unicode else {})}
        case Break():
            return {"type": "hardBreak"}


def _marked(text: str, names: list[Mark], *links: Node) -> Node:
    marks = [*links, *({"type": name} for name in names)]
    return {"type": "text", "text": text} | ({"marks": marks} if marks else {})
