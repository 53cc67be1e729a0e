"""The Atlassian Document Format, Jira Cloud's JSON for rich text, read into a `Document`.

What it does not know it reads through, to the children; it never raises, whatever the JSON is.
https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from adapters.document import (
    MAX_DEPTH,
    Block,
    Break,
    CodeBlock,
    Document,
    Emoji,
    Heading,
    Inline,
    ItemList,
    Link,
    ListItem,
    Mark,
    Mention,
    Paragraph,
    Quote,
    Rule,
    Table,
    Text,
    clean,
    safe_url,
    text_of,
    tidy,
)
from adapters.scan import mapping, nodes, string

type RawNode = Mapping[str, Any]

# A list level is two nodes deep; past this a node gives its text alone.
_MAX_NODES = 2 * MAX_DEPTH
_MARKS: dict[str, Mark] = {"strong": "strong", "em": "em", "strike": "strike", "code": "code"}
_INLINE = frozenset(
    {"text", "hardBreak", "mention", "emoji", "date", "status", "inlineCard", "placeholder", "media", "mediaInline"}
    | {"blockCard", "embedCard", "inlineExtension", "extension", "image"}
)
# Keycaps are the only emoji with ASCII in them.
_CHARACTER = re.compile(r"[^\x00-\x7f]{1,16}|[0-9#*]\ufe0f?\u20e3")
_STATES = {"TODO": "☐ ", "DONE": "☑ ", "DECIDED": "◆ ", "UNDECIDED": "◇ "}


def read_adf(node: RawNode | None) -> Document:
    """Read an ADF document, or any node of one."""
    return Document(tuple(_blocks([mapping(node)], 0))) if node else Document(())


def _content(node: RawNode) -> list[RawNode]:
    return nodes(node.get("content"))


def _attrs(node: RawNode) -> RawNode:
    return mapping(node.get("attrs"))


def _blocks(children: Iterable[RawNode], depth: int) -> list[Block]:
    found: list[Block] = []
    loose: list[Inline] = []
    for child in children:
        if string(child.get("type")) in _INLINE:
            loose.append(_inline(child))
            continue
        found.extend(_paragraph(loose))
        loose = []
        found.extend(_block(child, depth))
    return found + _paragraph(loose)


def _paragraph(content: Iterable[Inline]) -> list[Block]:
    kept = tidy(content)
    return [Paragraph(kept)] if kept else []


def _block(node: RawNode, depth: int) -> list[Block]:
    if depth > _MAX_NODES:
        return _paragraph(_leaves(node))
    attrs = _attrs(node)
    match node.get("type"):
        case "paragraph" | "caption":
            return _paragraph(_leaves(node))
        case "heading":
            kept = tidy(_leaves(node))
            return [Heading(_number(attrs.get("level"), 1, 6), kept)] if kept else []
        case "codeBlock":
            return [CodeBlock(clean(text_of(_leaves(node))), clean(string(attrs.get("language"))))]
        case "rule":
            return [Rule()]
        case "table":
            return _table(node)
        case _:
            return _container(node, attrs, depth)


def _container(node: RawNode, attrs: RawNode, depth: int) -> list[Block]:
    match node.get("type"):
        case "blockquote" | "panel":
            inner = _blocks(_content(node), depth + 2)
            return [Quote(tuple(inner))] if inner else []
        case "bulletList":
            return _list(node, depth, ordered=False)
        case "orderedList":
            return _list(node, depth, ordered=True)
        case "taskList" | "decisionList":
            return _checklist(node, depth)
        case "expand" | "nestedExpand":
            title = _paragraph([Text(string(attrs.get("title")), frozenset({"strong"}))])
            return title + _blocks(_content(node), depth + 1)
        case _:
            return _blocks(_content(node), depth + 1)


def _number(value: object, least: int, most: int) -> int:
    return min(max(value, least), most) if isinstance(value, int) else least


def _list(node: RawNode, depth: int, *, ordered: bool) -> list[Block]:
    items = tuple(ListItem(tuple(_blocks(_content(item), depth + 2))) for item in _content(node))
    start = _number(_attrs(node).get("order"), 1, 1_000_000) if ordered else 1
    return [ItemList(ordered, items, start)] if items else []


def _checklist(node: RawNode, depth: int) -> list[Block]:
    items: list[ListItem] = []
    for child in _content(node):
        if child.get("type") in ("taskList", "decisionList") and depth < _MAX_NODES:
            # A nested list is the sibling of the item it belongs to.
            above = items.pop().blocks if items else ()
            items.append(ListItem((*above, *_checklist(child, depth + 1))))
        else:
            box = _STATES.get(string(_attrs(child).get("state")), "")
            items.append(ListItem(tuple(_paragraph([Text(box), *_leaves(child)]))))
    return [ItemList(False, tuple(items))] if items else []


def _table(node: RawNode) -> list[Block]:
    rows = tuple(tuple(tidy(_leaves(cell)) for cell in _content(row)) for row in _content(node))
    return [Table(rows)] if any(rows) else []


def _leaves(node: RawNode) -> Iterator[Inline]:
    """The inline content below a node, blocks in it one line each; a stack, since the depth is the sender's choice."""
    waiting = [node]
    started = False
    while waiting:
        current = waiting.pop()
        if string(current.get("type")) in _INLINE:
            yield _inline(current)
            started = True
            continue
        if started and current.get("type") in ("paragraph", "heading", "listItem", "taskItem", "codeBlock"):
            yield Break()
            started = False
        waiting.extend(reversed(_content(current)))


def _inline(node: RawNode) -> Inline:
    attrs = _attrs(node)
    match node.get("type"):
        case "text":
            return _text(node)
        case "hardBreak":
            return Break()
        case "mention":
            name = string(attrs.get("text")).lstrip("@")
            return Mention("user", clean(string(attrs.get("id"))), name)
        case "emoji":
            return _emoji(attrs)
        case "date":
            return Text(_date(attrs.get("timestamp")))
        case "status" | "placeholder" | "extension" | "inlineExtension":
            return Text(string(attrs.get("text")))
        case _:
            return _media(attrs)


def _text(node: RawNode) -> Inline:
    text = string(node.get("text"))
    names = [string(mark.get("type")) for mark in nodes(node.get("marks"))]
    marks = frozenset[Mark](_MARKS[name] for name in names if name in _MARKS)
    hrefs = [string(_attrs(mark).get("href")) for mark in nodes(node.get("marks")) if mark.get("type") == "link"]
    return Link(hrefs[0], text, marks) if hrefs and text.strip() else Text(text, marks)


def _emoji(attrs: RawNode) -> Inline:
    name, text = string(attrs.get("shortName")).strip(":"), string(attrs.get("text"))
    return Emoji(name, text if _CHARACTER.fullmatch(text) else "")


def _date(timestamp: object) -> str:
    # Milliseconds, documented as a string.
    if isinstance(timestamp, str) and re.fullmatch(r"[0-9]{1,14}", timestamp):
        timestamp = int(timestamp)
    if not isinstance(timestamp, int) or not 0 <= timestamp < 10**14:
        return ""
    return datetime.fromtimestamp(timestamp / 1000, UTC).strftime("%Y-%m-%d")


def _media(attrs: RawNode) -> Inline:
    """A card is its address; a file of Jira's has none that a person could open, so it is its description."""
    url, label = string(attrs.get("url")), string(attrs.get("alt"))
    return Link(url, label or url) if safe_url(url) else Text(label or ("[attachment]" if "id" in attrs else ""))
