"""GitHub Flavored Markdown, as GitHub's webhooks and API carry it, read into a `Document`.

Raw HTML is read down to its text, comments (where connect keeps its own markers) to nothing.
https://github.github.com/gfm/
"""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from markdown_it import MarkdownIt, rules_core
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from adapters.document import (
    MAX_DEPTH,
    Block,
    Break,
    CodeBlock,
    Document,
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
    text_of,
    tidy,
)
from adapters.scan import autolink, paragraphs

_MARKS: dict[str, Mark] = {"strong": "strong", "em": "em", "s": "strike"}
_TAG = re.compile(r"<[^<>]*>")
_IMAGE = re.compile(r"<img\s", re.IGNORECASE)
_LINE_TAG = re.compile(r"</?(?:br|p|div|li|tr|h[1-6]|summary|details)\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(src|alt)\s*=\s*["']([^"'<>]*)["']""", re.IGNORECASE)
_TASK = re.compile(r"\[([ xX])\]\s+")
_MENTION = re.compile(r"(?<![\w@/.-])@([A-Za-z0-9][A-Za-z0-9-]{0,38}(/[\w.-]{1,100})?)(?![\w/-])")


def _parser() -> MarkdownIt:
    # A list is two levels to the parser, which leaves out what is deeper and takes time in proportion to the limit.
    parser = MarkdownIt("commonmark", {"maxNesting": 2 * MAX_DEPTH}).enable(["table", "strikethrough"])
    parser.disable(["inline", "text_join"])
    # The first text completes its tables of rules, which two threads must not do at once; after that it never changes.
    parser.parse("text")
    parser.inline.parse("text", parser, {}, [])
    return parser


_PARSER = _parser()


def read_markdown(text: str, count: int | None = None) -> Document:
    """Read a body or comment; bare addresses are links and `@name` a mention, as on GitHub.

    With `count`, only that many of its blocks are read.
    """
    return Document(tuple(islice(_blocks(_tokens(clean(text)), 0), count)))


def _tokens(text: str) -> Iterator[Token]:
    """The parser's tokens; what stands inside of a block is parsed when it is its turn, for there most time goes."""
    state = StateCore("", _PARSER, {})
    for token in _PARSER.parse(text, state.env):
        if token.type == "inline":
            state.tokens = [token]
            rules_core.inline(state)
            rules_core.text_join(state)
        yield token


def _blocks(tokens: Iterator[Token], depth: int) -> Iterator[Block]:
    """The blocks up to the closing token of the container the iterator is in."""
    for token in tokens:
        if token.nesting < 0:
            return
        yield from _block(token, tokens, depth)


def _block(token: Token, tokens: Iterator[Token], depth: int) -> list[Block]:
    match token.type:
        case "paragraph_open":
            content = tidy(_inner(tokens))
            return [Paragraph(content)] if content else []
        case "heading_open":
            content = tidy(_inner(tokens))
            return [Heading(int(token.tag[1:]), content)] if content else []
        case "fence" | "code_block":
            words = token.info.split()
            return [CodeBlock(token.content.removesuffix("\n"), words[0] if words else "")]
        case "html_block":
            return paragraphs(_html(token.content))
        case "hr":
            return [Rule()]
        case "table_open":
            return [Table(_rows(tokens))]
        case _:
            return _container(token, tokens, depth)


def _container(token: Token, tokens: Iterator[Token], depth: int) -> list[Block]:
    if token.type not in ("blockquote_open", "bullet_list_open", "ordered_list_open"):
        return []
    ordered = token.type == "ordered_list_open"
    if token.type == "blockquote_open":
        blocks = list(_blocks(tokens, depth + 1))
        return blocks if depth >= MAX_DEPTH or not blocks else [Quote(tuple(blocks))]
    items: list[ListItem] = []
    for item in tokens:
        if item.nesting < 0:
            break
        items.append(ListItem(tuple(_blocks(tokens, depth + 1))))
    if depth >= MAX_DEPTH:
        return [block for item in items for block in item.blocks]
    start = token.attrGet("start")
    return [ItemList(ordered, tuple(map(_task, items)), start if isinstance(start, int) else 1)]


def _task(item: ListItem) -> ListItem:
    first = item.blocks[0] if item.blocks else None
    if not isinstance(first, Paragraph) or not isinstance(first.content[0], Text):
        return item
    box = _TASK.match(first.content[0].text)
    if not box:
        return item
    text = Text(("☐ " if box[1] == " " else "☑ ") + first.content[0].text[box.end() :], first.content[0].marks)
    return ListItem((Paragraph((text, *first.content[1:])), *item.blocks[1:]))


def _rows(tokens: Iterator[Token]) -> tuple[tuple[tuple[Inline, ...], ...], ...]:
    rows: list[list[tuple[Inline, ...]]] = []
    for token in tokens:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(tidy(_inlines(token.children or [])))
    return tuple(map(tuple, rows))


def _inner(tokens: Iterator[Token]) -> Iterator[Inline]:
    inline, _ = next(tokens), next(tokens)
    return _inlines(inline.children or [])


def _inlines(tokens: Iterable[Token]) -> Iterator[Inline]:
    # Flat on purpose: emphasis may nest as deep as the text is long.
    active: Counter[Mark] = Counter()
    marks = frozenset[Mark]()
    href, label = "", list[Inline]()
    for token in tokens:
        kind = token.type.removesuffix("_open").removesuffix("_close")
        if kind in _MARKS:
            active[_MARKS[kind]] += token.nesting
            marks = frozenset[Mark](mark for mark, count in active.items() if count)
        elif token.type == "link_open":
            href = str(token.attrGet("href") or "")
        elif token.type == "link_close":
            yield _link(href, label)
            href, label = "", []
        elif href:
            label.extend(_inline(token, marks))
        else:
            yield from _live(_inline(token, marks))


def _link(href: str, label: list[Inline]) -> Inline:
    marks = next((part.marks for part in label if isinstance(part, Text) and part.text), frozenset[Mark]())
    return Link(href, text_of(label).replace("\n", " ") or href, marks)


def _live(content: Iterable[Inline]) -> Iterator[Inline]:
    """Plain text with what GitHub makes of it: links of addresses, mentions of `@name` and `@org/team`."""
    for inline in content:
        if not isinstance(inline, Text) or "code" in inline.marks:
            yield inline
            continue
        for part in autolink(inline):
            yield from _mentions(part) if isinstance(part, Text) else (part,)


def _mentions(text: Text) -> Iterator[Inline]:
    if "@" not in text.text:
        yield text
        return
    position = 0
    for match in _MENTION.finditer(text.text):
        yield Text(text.text[position : match.start()], text.marks)
        yield Mention("group" if match[2] else "user", match[1], match[1])
        position = match.end()
    yield Text(text.text[position:], text.marks)


def _inline(token: Token, marks: frozenset[Mark]) -> list[Inline]:
    match token.type:
        case "code_inline":
            return [Text(token.content, frozenset({"code"}))]
        case "softbreak" | "hardbreak":
            # GitHub shows a line end in a comment as one.
            return [Break()]
        case "image":
            source = str(token.attrGet("src") or "")
            return [Link(source, token.content or source, marks)]
        case "html_inline":
            return list(_html(token.content))
        case _:
            return [Text(token.content, marks)]


def _html(source: str) -> Iterator[Inline]:
    """The text of a piece of HTML, its line breaks, and its images as links."""
    position = 0
    visible = _without_comments(source)
    for tag in _TAG.finditer(visible):
        yield Text(html.unescape(visible[position : tag.start()]))
        if _IMAGE.match(tag[0]):
            attributes = {name.lower(): html.unescape(value) for name, value in _ATTRIBUTE.findall(tag[0])}
            address = attributes.get("src", "")
            yield Link(address, attributes.get("alt") or address)
        elif _LINE_TAG.match(tag[0]):
            yield Break()
        position = tag.end()
    yield Text(html.unescape(visible[position:]))


def _without_comments(source: str) -> str:
    kept: list[str] = []
    position = 0
    while (start := source.find("<!--", position)) >= 0:
        kept.append(source[position:start])
        end = source.find("-->", start)
        position = len(source) if end < 0 else end + 3
    return "".join((*kept, source[position:]))
