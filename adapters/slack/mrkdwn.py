"""Slack's message text (mrkdwn) read into a `Document`.

Slack has escaped what people typed; what stands in angle brackets is its own: mentions, links, dates.
https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Literal

from adapters.document import (
    Block,
    Break,
    CodeBlock,
    Document,
    Inline,
    Link,
    Mark,
    Mention,
    Paragraph,
    Quote,
    Text,
    clean,
    tidy,
)
from adapters.scan import Delimiter, Entry, delimiter, emphasise, nest

_MARKS: dict[str, Mark | None] = {"*": "strong", "_": "em", "~": "strike"}
_TOKEN = re.compile(r"<([^<>\n]*)>|`([^`\n]+)`|([*_~])|[^<`*_~]+|.")
_ITEM = re.compile(r"(\s*)(?:[•◦▪‣-]|(\d{1,6})[.)])\s+(.*)")
_QUOTE = re.compile(r"\s*(?:&gt;|>)(?!&gt;|>) ?")
_QUOTE_REST = re.compile(r"\s*(?:&gt;|>){3}")
_SIGILS: dict[str, Literal["user", "channel", "group"]] = {"@": "user", "#": "channel", "!subteam^": "group"}


def read_mrkdwn(text: str) -> Document:
    """Read a message's text as Slack sends it: escaped, with mentions and links in angle brackets."""
    parts = clean(text).split("```")
    if len(parts) % 2 == 0:
        parts[-2:] = ["```".join(parts[-2:])]
    blocks: list[Block] = []
    for number, part in enumerate(parts):
        if number % 2 == 0:
            blocks.extend(_blocks(part.split("\n")))
        elif part.strip():
            code = part.removeprefix("\n").removesuffix("\n")
            blocks.append(CodeBlock(_unescape(re.sub(r"<([^<>\n]*)>", _bracket_label, code))))
    return Document(tuple(blocks))


def _bracket_label(match: re.Match[str]) -> str:
    url, _, label = match[1].partition("|")
    return label or url


def _unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _blocks(lines: list[str]) -> Iterator[Block]:
    for kind, run in groupby(_kinds(lines), key=lambda line: line[0]):
        contents = [line for _, line in run]
        if kind == "quote":
            yield Quote(tuple(_prose_and_lists(contents)))
        else:
            yield from _prose_and_lists(contents)


def _kinds(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    rest_is_quoted = False
    for line in lines:
        quoted = _QUOTE_REST.match(line) or _QUOTE.match(line)
        if rest_is_quoted or not quoted:
            yield ("quote" if rest_is_quoted else "text"), line
        else:
            rest_is_quoted = bool(_QUOTE_REST.match(line))
            yield "quote", line[quoted.end() :]


def _prose_and_lists(lines: list[str]) -> Iterator[Block]:
    entries: list[Entry] = []
    prose: list[Inline] = []
    for line in [*lines, ""]:
        item = _ITEM.match(line)
        if entries and line[:2].isspace() and line.strip() and not item:
            _append_line(entries[-1], line)
            continue
        if entries and not item:
            yield from nest(entries)
            entries = []
        if item or not line.strip():
            if prose:
                yield Paragraph(tidy(prose))
            prose = []
        if item:
            number = int(item[2]) if item[2] else None
            content = tidy(_inlines(item[3]))
            entries.append(Entry(len(item[1]), number is not None, number, [Paragraph(content)] if content else []))
        elif line.strip():
            prose.extend((*_inlines(line), Break()))


def _append_line(entry: Entry, line: str) -> None:
    first = entry.blocks[0] if entry.blocks else None
    before = first.content if isinstance(first, Paragraph) else ()
    entry.blocks[:] = [Paragraph(tidy((*before, Break(), *_inlines(line))))]


def _inlines(line: str) -> Iterator[Inline]:
    pieces: list[Inline | Delimiter] = []
    for match in _TOKEN.finditer(line):
        bracketed, code, mark = match.groups()
        if bracketed is not None:
            pieces.append(_bracketed(bracketed))
        elif code is not None:
            # Slack makes links of addresses in code too.
            pieces.append(Text(_unescape(code), frozenset({"code"})))
        elif mark:
            pieces.append(delimiter(line, match.start(), match.end()))
        else:
            pieces.append(Text(_unescape(match[0])))
    return emphasise(pieces, _MARKS)


def _bracketed(content: str) -> Inline:
    target, _, label = (_unescape(part) for part in content.partition("|"))
    for sigil, kind in _SIGILS.items():
        if target.startswith(sigil):
            return Mention(kind, target.removeprefix(sigil), label.lstrip("@#"))
    if target in ("!here", "!channel", "!everyone"):
        return Mention("broadcast", target[1:], target[1:])
    if target.startswith("!"):
        return Text(label or f"<{target}>")
    return Link(target, label or target)
