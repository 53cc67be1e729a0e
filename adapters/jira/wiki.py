"""Jira's wiki text, which Data Center and webhooks carry, read into a `Document`.

A scanner written by hand: every step looks at a character a bounded number of times, so hostile text costs no more than
any other. What is not markup after all is text.
https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from adapters.document import (
    Block,
    Break,
    CodeBlock,
    Document,
    Heading,
    Inline,
    Link,
    Mark,
    Mention,
    Paragraph,
    Quote,
    Rule,
    Table,
    Text,
    clean,
    safe_url,
    tidy,
)
from adapters.scan import Delimiter, Entry, bare_address, delimiter, emphasise, nest

_MARKS: dict[str, Mark | None] = {"*": "strong", "_": "em", "-": "strike", "+": None, "^": None, "~": None, "??": None}
_MACRO = re.compile(r"(?<!\\)\{(code|noformat|quote|panel|info|note|tip|warning)(:[^{}\n]*)?\}")
_HEADING = re.compile(r"h([1-6])\.\s+(.*)")
_ITEM = re.compile(r"(?!--)([*#-]+)\s+(.*)")
_CELL = re.compile(r"\\.|\[[^\[\]\n]*\]|(\|\|?)|[^\\\[|]+|.")
_ESCAPED = re.compile(r"\\([-#*_+?^~|%{}\[\]()!@])|&(?:\#[0-9]{1,7}|\#x[0-9a-fA-F]{1,6}|\w{2,31});")
_TOKEN = re.compile(
    r"""(?P<line_end>\\\\)
    |(?P<escaped>\\[-#*_+?^~|%{}\[\]()!@]|&(?:\#[0-9]{1,7}|\#x[0-9a-fA-F]{1,6}|\w{2,31});)
    |\{\{(?P<code>[^{}\n]*(?:\{[^{}\n]*\}[^{}\n]*)*)\}\}
    |\[(?P<link>[^\[\]\n]*)\]
    |!(?P<image>[^\s!][^!\n]*)!
    |\{(?:color(?::[^{}\n]*)?|anchor:[^{}\n]*)\}
    |\{(?P<braced>[*_+^~-])\}
    |(?P<url>(?<![^\W_])https?://[^\s\[\]|<>{}"!^`\\]+)
    |(?P<run>(?P<run_of>[*_+^~-])(?P=run_of)+)
    |(?P<delimiter>\?\?|[*_+^~-])
    |(?P<text>(?:[^\\{\[!&?*_+^~h-]|h(?!ttps?://))+|.)""",
    re.VERBOSE,
)


def read_wiki(text: str) -> Document:
    """Read wiki text; an opening macro without its end is text or, for a box, nothing."""
    reader = _Reader()
    for part in _parts(clean(text)):
        match part:
            case str():
                reader.text(part)
            case CodeBlock():
                reader.code(part)
            case re.Match():
                reader.box(part[1], part[2] or "")
    return reader.document()


def _parts(text: str) -> Iterator[str | CodeBlock | re.Match[str]]:
    macros = list(_MACRO.finditer(text))
    last = {macro[1]: index for index, macro in enumerate(macros) if not macro[2]}
    position = index = 0
    while index < len(macros):
        macro = macros[index]
        verbatim = macro[1] in ("code", "noformat")
        end = index
        if verbatim and last.get(macro[1], -1) > index:
            end = next(i for i in range(index + 1, len(macros)) if macros[i][1] == macro[1] and not macros[i][2])
            yield text[position : macro.start()]
            yield _code(macro[2] or "", text[macro.end() : macros[end].start()])
            position = macros[end].end()
        elif not verbatim:
            yield text[position : macro.start()]
            yield macro
            position = macro.end()
        index = end + 1
    yield text[position:]


def _code(parameters: str, text: str) -> CodeBlock:
    languages = [part for part in parameters[1:].split("|") if part and "=" not in part]
    return CodeBlock(text.removeprefix("\n").removesuffix("\n"), languages[0] if languages else "")


@dataclass
class _Reader:
    """Takes the text in order and keeps what is still open: a box, and in it a list, a table or a paragraph."""

    done: list[Block] = field(default_factory=list[Block])
    boxed: list[Block] = field(default_factory=list[Block])
    box_name: str = ""
    entries: list[Entry] = field(default_factory=list[Entry])
    rows: list[tuple[tuple[Inline, ...], ...]] = field(default_factory=list[tuple[tuple[Inline, ...], ...]])
    prose: list[Inline] = field(default_factory=list[Inline])

    def document(self) -> Document:
        self.flush()
        return Document((*self.done, *self.boxed))

    @property
    def blocks(self) -> list[Block]:
        return self.boxed if self.box_name else self.done

    def text(self, text: str) -> None:
        lines = text.split("\n")
        for number, line in enumerate(lines):
            # A blank rest of a macro's own line is not a blank line.
            if line.strip() or 0 < number < len(lines) - 1:
                self.line(line.strip())

    def code(self, block: CodeBlock) -> None:
        if self.entries:
            self.entries[-1].blocks.append(block)
        else:
            self.flush()
            self.blocks.append(block)

    def box(self, name: str, parameters: str) -> None:
        self.flush()
        if not self.box_name:
            self.box_name = name
            title = re.search(r"[:|]title=([^|]*)", parameters)
            if title and title[1].strip():
                self.boxed.append(Paragraph((Text(title[1].strip(), frozenset({"strong"})),)))
        elif self.box_name == name:
            if self.boxed:
                self.done.append(Quote(tuple(self.boxed)))
            self.box_name, self.boxed = "", []

    def flush(self) -> None:
        if content := tidy(self.prose):
            self.blocks.append(Paragraph(content))
        if self.rows:
            self.blocks.append(Table(tuple(self.rows)))
        self.blocks.extend(nest(self.entries))
        self.prose, self.rows, self.entries = [], [], []

    def line(self, line: str) -> None:
        if (block := _block(line)) is not None:
            self.flush()
            self.blocks.extend(block)
        elif item := _ITEM.fullmatch(line):
            self.item(item[1], item[2])
        elif line.startswith("|"):
            if not self.rows:
                self.flush()
            self.rows.append(_row(line))
        elif self.entries:
            self.more(line)
        else:
            if self.rows:
                self.flush()
            self.prose.extend((*_inlines(line), Break()))

    def item(self, markers: str, text: str) -> None:
        if not self.entries:
            self.flush()
        content = tidy(_inlines(text))
        self.entries.append(
            Entry(len(markers), markers.endswith("#"), None, [Paragraph(content)] if content else []),
        )

    def more(self, line: str) -> None:
        """A line right below an item goes on with it."""
        blocks = self.entries[-1].blocks
        last = blocks[-1] if blocks else None
        if isinstance(last, Paragraph):
            blocks[-1] = Paragraph((*last.content, Break(), *tidy(_inlines(line))))
        else:
            blocks.extend([Paragraph(content)] if (content := tidy(_inlines(line))) else [])


def _block(line: str) -> list[Block] | None:
    """What a line is by itself: nothing for a blank one, None for one that belongs to something larger."""
    if not line:
        return []
    if heading := _HEADING.fullmatch(line):
        content = tidy(_inlines(heading[2]))
        return [Heading(int(heading[1]), content)] if content else []
    if line.startswith("bq. "):
        content = tidy(_inlines(line[4:]))
        return [Quote((Paragraph(content),))] if content else []
    return [Rule()] if len(line) >= 4 and not line.strip("-") else None


def _row(line: str) -> tuple[tuple[Inline, ...], ...]:
    cells: list[list[str]] = [[]]
    for match in _CELL.finditer(line):
        if match[1]:
            cells.append([])
        else:
            cells[-1].append(match[0])
    if not "".join(cells[-1]).strip():
        cells.pop()
    return tuple(tidy(_inlines("".join(cell))) for cell in cells[1:])


def _inlines(line: str) -> Iterator[Inline]:
    pieces: list[Inline | Delimiter] = []
    position = 0
    while match := _TOKEN.match(line, position):
        if match.lastgroup == "url":
            address = bare_address(match[0])
            pieces.append(Link(address, address))
            position += len(address)
            continue
        found = _pieces(match)
        position = position + 1 if found is None else match.end()
        pieces.extend([Text(match[0][0])] if found is None else found)
    return emphasise(pieces, _MARKS)


def _pieces(match: re.Match[str]) -> list[Inline | Delimiter] | None:
    """What a token says; None for one that only looked like a link or an image."""
    content = match[match.lastgroup] if match.lastgroup else ""
    match match.lastgroup:
        case "link":
            return _link(content)
        case "image":
            return _image(match, content)
        case "delimiter" | "braced":
            return [_delimiter(match, content)]
        case "line_end":
            return [Break()]
        case "code":
            return [Text(_plain(content), frozenset({"code"}))]
        case _:
            # Colours and anchors have no content.
            return [Text(_plain(content) if match.lastgroup == "escaped" else content)]


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda match: match[1] or html.unescape(match[0]), text)


def _delimiter(match: re.Match[str], content: str) -> Delimiter:
    if match.lastgroup == "braced":
        return Delimiter(match[0], content, opens=True, closes=True)
    return delimiter(match.string, match.start(), match.end())


def _link(content: str) -> list[Inline | Delimiter] | None:
    if content.startswith("~"):
        name = content[1:].removeprefix("accountid:")
        return [Mention("user", name, name if name == content[1:] else "")]
    if content.startswith("^"):
        return [Text(_plain(content[1:]))]
    parts = content.split("|")
    url = parts[min(len(parts) - 1, 1)]
    if len(parts) == 1 and not safe_url(url):
        return None
    return [Link(url, _plain(parts[0]))]


def _image(match: re.Match[str], content: str) -> list[Inline | Delimiter] | None:
    name = content.split("|")[0]
    before = match.string[match.start() - 1 : match.start()]
    if name[-1:].isspace() or before.isalnum() or not ("." in name or "/" in name):
        return None
    return [Link(name, name)]
