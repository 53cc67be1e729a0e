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
class _Whole:
    """Text that is shown whole or not at all: a link, a mention."""

    text: str


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


type _Token = str | _Whole | _Open | _Close | _Lead
"""A `str` is escaped text without line ends, which may be cut after any of its characters."""

# What belongs to the character before it: combining marks, variation selectors, skin tones, joined emoji.
_COMBINING = r"\u0300-\u036f\ufe00-\ufe0f\U0001f3fb-\U0001f3ff"
_ATTACHED = rf"[{_COMBINING}]|\u200d[^\s&<>]"
# Escaped text, to be cut between these: a run of characters that stand alone, or one with what belongs to it.
_PIECE = re.compile(
    rf"([^&\u200d{_COMBINING}]+(?![\u200d{_COMBINING}]))|(?:&(?:amp|lt|gt);|(?s:.))(?:{_ATTACHED}){{0,16}}",
)
# One with something attached is a character like others.
_LINE_END = re.compile(rf"\n(?!{_ATTACHED})")


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
    closing = ""
    length = cut = 0
    closing_of_cut = ""
    for token in tokens:
        match token:
            case str():
                piece = token
            case _Close():
                piece = closers.pop()
                closing = closing[len(piece) :]
            case _:
                piece = token.text
                if isinstance(token, _Open):
                    closers.append(token.closer)
                    closing = token.closer + closing
        end = _end(token, piece, limit - 1 - len(closing) - length)
        if end >= 0:
            cut, closing_of_cut = length + end, closing
        taken.append(piece)
        length += len(piece)
        if length > limit:
            return ("".join(taken)[:cut] + "…" + closing_of_cut)[: max(limit, 0)]
    return "".join(taken)


def _end(token: _Token, piece: str, room: int) -> int:
    """Where an ellipsis may follow inside of the piece or behind it, if that leaves `room`; negative if nowhere."""
    if isinstance(token, _Open | _Lead) or room < 0:
        return -1
    if not isinstance(token, str) or not piece:
        return len(piece) if len(piece) <= room else -1
    end = len(piece) if len(piece) <= room else _end_of_pieces(piece, room)
    # Behind a blank an ellipsis would stand alone.
    return len(piece[:end].rstrip()) or -1


def _end_of_pieces(text: str, room: int) -> int:
    end = 0
    for piece in _PIECE.finditer(text):
        if piece.end() > room:
            return room if piece[1] else end
        end = piece.end()
    return end


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
            yield _Whole("───")
            return
        code = table_text(block) if isinstance(block, Table) else clean(block.text)
        yield _Open(f"```{newline}", f"{newline}```")
        for number, line in enumerate(_LINE_END.split(code.replace("```", "`\u200b`\u200b`"))):
            if number:
                yield _Lead(newline)
            if line:
                yield _escape(line)
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
                    # There is no way to say a backtick inside of backticks.
                    before, core, after = edges(text.replace("`", "'") if "code" in marks else text)
                    yield before
                    if core:
                        yield from _marked(_escape(core), marks)
                    yield after
                case Link(_, _, marks):
                    yield from _marked(_Whole(_link(inline)), marks)
                case Mention():
                    live = self.mentions(inline) if self.mentions else None
                    yield _Whole(live or _escape(mention_text(inline)))
                case Emoji():
                    yield _Whole(_escape(emoji_text(inline)))
                case Break():
                    yield _Lead(newline)


def _marked(token: _Token, marks: frozenset[Mark]) -> Iterator[_Token]:
    signs = [sign for sign, mark in _SIGNS if mark in marks]
    for sign in signs:
        yield _Open(sign, sign)
    yield token
    for _ in signs:
        yield _Close()


def _link(link: Link) -> str:
    url = _escape(link.url)
    # A label ends at the next angle bracket, and a bar would be taken for the end of the address.
    return f"<{url}>" if link.label == link.url else f"<{url}|{_escape(link.label).replace('|', '¦')}>"


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
