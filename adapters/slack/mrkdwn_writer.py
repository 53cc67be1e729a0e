"""A `Document` as Slack's message text (mrkdwn), cut to a length without leaving anything open.

Everything but our own links and mentions is escaped, so nothing else can ping or link.
https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

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

type Live = Callable[[Mention], str | None]

_SIGNS: tuple[tuple[str, Mark], ...] = (("*", "strong"), ("_", "em"), ("~", "strike"), ("`", "code"))


@dataclass(frozen=True)
class _Open:
    """Text that needs `closer` after it wherever the writing stops."""

    text: str
    closer: str


@dataclass(frozen=True)
class _Close:
    """The end of what was opened last."""


@dataclass(frozen=True)
class _Lead:
    """A line end, a bullet: nothing to put an ellipsis after."""

    text: str


type _Token = str | _Open | _Close | _Lead

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# A character and what belongs to it (combining marks, variation selectors, skin tones, joined emoji), never cut apart.
_CLUSTER = re.compile(
    r"(?s:.)(?:[\u0300-\u036f\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]|\u200d[^\s&<>]){0,16}",
)


def live_mention(mention: Mention) -> str:
    """What really mentions a Slack id in mrkdwn; give it to `write_mrkdwn` for a document that came from Slack."""
    prefix = {"user": "@", "channel": "#", "group": "!subteam^", "broadcast": "!"}[mention.kind]
    return f"<{prefix}{re.sub(r'[^A-Za-z0-9]', '', mention.id)}>"


def write_mrkdwn(document: Document, limit: int, *, mentions: Live | None = None) -> str:
    """Write escaped mrkdwn of at most `limit` characters, cut with an ellipsis where no entity, link or fence breaks.

    A mention is plain text unless `mentions` returns Slack's markup for it.
    """
    return _fit(_Writer(mentions).blocks(document.blocks, "\n"), limit)


def _fit(tokens: Iterable[_Token], limit: int) -> str:
    taken: list[str] = []
    closers: list[str] = []
    length = reserved = 0
    cut = 0, ""
    for token in tokens:
        match token:
            case str():
                piece = token
            case _Close():
                piece = closers.pop()
                reserved -= len(piece)
            case _:
                piece = token.text
                if isinstance(token, _Open):
                    closers.append(token.closer)
                    reserved += len(token.closer)
        taken.append(piece)
        length += len(piece)
        if length > limit:
            return ("".join(taken[: cut[0]]) + "…" + cut[1])[: max(limit, 0)]
        if not isinstance(token, _Open | _Lead) and not piece.isspace() and length + reserved < limit:
            cut = len(taken), "".join(reversed(closers))
    return "".join(taken)


@dataclass(frozen=True)
class _Writer:
    """Blocks as tokens; `newline` is a line end with what every line in the present container starts with."""

    mentions: Live | None

    def blocks(self, blocks: Iterable[Block], newline: str, separator: str = "") -> Iterator[_Token]:
        for number, block in enumerate(blocks):
            if number:
                yield _Lead(separator or newline + newline)
            yield from self.block(block, newline)

    def block(self, block: Block, newline: str) -> Iterator[_Token]:
        match block:
            case Paragraph(content):
                yield from self.inlines(content, newline)
            case Heading(_, content):
                yield from self.inlines(marked(tidy(content), "strong"), newline)
            case ItemList():
                yield from self.items(block, newline)
            case Quote(blocks):
                # Slack knows one level of quotes.
                if newline.endswith("> "):
                    yield from self.blocks(blocks, newline)
                else:
                    yield _Lead("> ")
                    yield from self.blocks(blocks, newline + "> ")
            case _:
                yield from self.verbatim(block, newline)

    def verbatim(self, block: CodeBlock | Table | Rule, newline: str) -> Iterator[_Token]:
        if isinstance(block, Rule):
            yield "───"
            return
        code = table_text(block) if isinstance(block, Table) else clean(block.text)
        yield _Open(f"```{newline}", f"{newline}```")
        yield from _characters(code.replace("```", "`\u200b`\u200b`"), newline)
        yield _Close()

    def items(self, block: ItemList, newline: str) -> Iterator[_Token]:
        for number, item in enumerate(block.items, block.start):
            if number > block.start:
                yield _Lead(newline)
            yield _Lead(f"{number}. " if block.ordered else "• ")
            inner = newline + "    "
            yield from self.blocks(item.blocks, inner, inner)

    def inlines(self, content: Iterable[Inline], newline: str) -> Iterator[_Token]:
        for inline in tidy(content):
            match inline:
                case Text(text, marks):
                    before, core, after = edges(text)
                    yield before
                    yield from _marked(_characters(core, newline, code="code" in marks), marks if core else frozenset())
                    yield after
                case Link(_, _, marks):
                    yield from _marked((_link(inline),), marks)
                case Mention():
                    live = self.mentions(inline) if self.mentions else None
                    yield live or _escape(mention_text(inline))
                case Emoji():
                    yield _escape(emoji_text(inline))
                case Break():
                    yield _Lead(newline)


def _marked(tokens: Iterable[_Token], marks: frozenset[Mark]) -> Iterator[_Token]:
    signs = [sign for sign, mark in _SIGNS if mark in marks]
    for sign in signs:
        yield _Open(sign, sign)
    yield from tokens
    for _ in signs:
        yield _Close()


def _characters(text: str, newline: str, *, code: bool = False) -> Iterator[_Token]:
    # There is no way to say a backtick inside of backticks.
    for match in _CLUSTER.finditer(text.replace("`", "'") if code else text):
        if match[0] == "\n":
            yield _Lead(newline)
        else:
            yield _escape(match[0])


def _link(link: Link) -> str:
    url = _escape(link.url)
    # A label ends at the next angle bracket, and a bar would be taken for the end of the address.
    return f"<{url}>" if link.label == link.url else f"<{url}|{_escape(link.label).replace('|', '¦')}>"


def _escape(text: str) -> str:
    return re.sub(r"[&<>]", lambda match: _ESCAPES[match[0]], text)
