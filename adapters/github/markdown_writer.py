"""A `Document` as GitHub Flavored Markdown in which nothing but our own nodes is alive.

Foreign text notifies nobody, refers to no issue and carries no marker: a zero-width space stands in `@name`, `#1` and
`<!--`, since an entity or a backslash is gone before GitHub looks for references.
https://docs.github.com/en/get-started/writing-on-github
"""

import re
from collections.abc import Callable, Collection, Iterable
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
    mention_text,
    tidy,
)
from adapters.walk import changed

_SIGNS: tuple[tuple[str, Mark], ...] = (("**", "strong"), ("*", "em"), ("~~", "strike"))
_GAP = "\u200b"
# After these GitHub looks for a name or a number.
_REFERENCE = re.compile(r"(?<![A-Za-z0-9])@(?=\w)|#(?=\d)|\bGH-(?=\d)", re.IGNORECASE)
_RUN = re.compile(r"(?:https?://|www\.)\S*", re.IGNORECASE)
_ADDRESS = re.compile(r"(https?:|www)(?=//|\.)", re.IGNORECASE)
_TARGET = re.compile(r"/(?:issues|pull|pulls|discussions|commit|commits)/", re.IGNORECASE)
_OWN_SITE = re.compile(r"https?://(?:www\.)?github\.com/", re.IGNORECASE)
_SPECIAL = re.compile(r"[\\`*\[\]~|$]|(?<![^\W_])_|_(?![^\W_])|<|&(?=#?\w{1,31};)")
_ENTITIES = {"<": "&lt;", "&": "&amp;"}
# Letters, digits and hyphens, and an underscore before an enterprise's short code; behind a slash it would be a team.
_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
# What robots of repositories obey at the start of a line, in code too: `/merge`, `.deploy`, `bors r+`.
_ORDER = re.compile(
    r"^(?=[ \t]*(?:[/.!][a-z][\w-]*(?:[\s:=]|\Z)|(?:bors|homu|recheck|retest this|test this|ok to test)\b))",
    re.IGNORECASE,
)
_LINE_START = re.compile(r"^(?:([#>+=-])|(\d{1,9})([.)])|(:)(?=-))", re.MULTILINE)


type Live = Callable[[Mention], str | None]
"""Says which login a mention is of, if GitHub is to notify them."""


@dataclass(frozen=True)
class _Live(Mention):
    """A mention that is alive: `name` is a login."""


def write_markdown(document: Document, *, mentions: Live | None = None) -> str:
    """Write Markdown; what GitHub would take for a mention, a reference or a marker shows as it is and does nothing.

    But for the mentions of whom `mentions` gives the login.
    """

    def alive(inline: Inline) -> Inline:
        login = mentions(inline) if mentions and isinstance(inline, Mention) else None
        return _Live("user", "", login) if login and _LOGIN.fullmatch(login) else inline

    return _blocks((changed(document, alive) if mentions else document).blocks)


def quieted(markdown: str, verbatim: Collection[str] = ()) -> str:
    """Markdown that somebody typed as such, with what GitHub would take for a mention, a reference or a marker dead.

    Lines that stand in `verbatim` (those of the repository's own template) are left as they are.
    """
    lines = markdown.replace("\r\n", "\n").split("\n")
    return "\n".join(line if line in verbatim else _RUN.sub(_unlinked, _gapped(_disarm(line))) for line in lines)


def unordered(markdown: str, verbatim: Collection[str] = ()) -> str:
    """Markdown of which a repository's robots take no line for an order: it would be obeyed with connect's own rights.

    Lines that stand in `verbatim` are left as they are.
    """
    return "\n".join(line if line in verbatim else _ORDER.sub(_GAP, line) for line in markdown.split("\n"))


def _gapped(text: str) -> str:
    return _REFERENCE.sub(lambda match: match[0] + _GAP, text)


def _blocks(blocks: Iterable[Block], *, tight: bool = False) -> str:
    """Blocks with a blank line between them; a list right below its item's text needs none."""
    written = ""
    twin = False
    last: Block | None = None
    for block in blocks:
        # Two lists of a kind in a row would be one, but for another bullet.
        twin = isinstance(block, ItemList) and isinstance(last, ItemList) and block.ordered == last.ordered and not twin
        text = _list(block, twin=twin) if isinstance(block, ItemList) else _block(block)
        if not text:
            continue
        if last:
            written += "\n" if tight and isinstance(block, ItemList) and isinstance(last, Paragraph) else "\n\n"
        written += text
        last = block
    return written


def _block(block: Block) -> str:
    match block:
        case Paragraph(content):
            return _LINE_START.sub(_escape_start, _inlines(content, "\\\n"))
        case Heading(level, content):
            line = re.sub(r"#$", r"\\#", _inlines(content, "<br>"))
            return f"{'#' * min(max(level, 1), 6)} {line}" if line else ""
        case CodeBlock():
            return _fence(block)
        case Quote(blocks):
            inner = _blocks(blocks)
            return _prefixed(inner, "> ", "> ") if inner else ""
        case ItemList():
            return _list(block, twin=False)
        case Table(rows):
            return _table(rows)
        case Rule():
            # Dashes below a text would make a heading of it, and `- ---` a line of its own item.
            return "***"


def _escape_start(match: re.Match[str]) -> str:
    return f"{match[2]}\\{match[3]}" if match[2] else f"\\{match[0]}"


def _prefixed(text: str, first: str, others: str) -> str:
    lines = text.split("\n")
    rest = ((others + line).rstrip() if not line else others + line for line in lines[1:])
    return "\n".join([(first + lines[0]).rstrip() if not lines[0] else first + lines[0], *rest])


def _fence(block: CodeBlock) -> str:
    text = _disarm(clean(block.text))
    runs = [len(run) for run in re.findall("`{3,}", text)]
    fence = "`" * max([3, *(length + 1 for length in runs)])
    # A suggestion is a button that changes the code under review.
    language = block.language if re.fullmatch(r"(?!suggestion\Z)[\w+#.-]{1,30}", block.language) else ""
    return f"{fence}{language}\n{text}\n{fence}" if text else f"{fence}{language}\n{fence}"


def _disarm(code: str) -> str:
    return code.replace("<!--", f"<!{_GAP}--")


def _list(block: ItemList, *, twin: bool) -> str:
    items: list[str] = []
    for number, item in enumerate(block.items, block.start):
        marker = f"{number}{')' if twin else '.'}" if block.ordered else "+" if twin else "-"
        text = _blocks(item.blocks, tight=True)
        items.append(_prefixed(text, f"{marker} ", " " * (len(marker) + 1)) if text else marker)
    return "\n".join(items)


def _table(rows: tuple[tuple[tuple[Inline, ...], ...], ...]) -> str:
    width = max(map(len, rows), default=0)
    if not width:
        return ""
    lines = ["|" + "|".join(f" {_cell(cell)} " for cell in (*row, *((),) * (width - len(row)))) + "|" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])


def _cell(content: Iterable[Inline]) -> str:
    # In a table even code ends at a bar.
    return re.sub(r"(?<!\\)\|", r"\\|", _inlines(content, "<br>"))


def _inlines(content: Iterable[Inline], line_end: str) -> str:
    return "".join(_inline(inline, line_end) for inline in tidy(content))


def _inline(inline: Inline, line_end: str) -> str:
    match inline:
        case Text(text, marks):
            start, core, end = edges(text)
            return start + (_marked(core, marks) if core else "") + end
        case Link(url, label, marks):
            address = _unreferring(url)
            if label == url:
                return f"<{address}>"
            target = f"<{address}>" if "(" in address or ")" in address else address
            return f"[{_marked(label, marks)}]({target})"
        case _Live(name=login):
            return f"@{login}"
        case Mention():
            return _escape(mention_text(inline))
        case Emoji():
            # A keycap starts with a digit, and a `#` may stand before it.
            shown = _escape(emoji_text(inline))
            return _GAP + shown if shown[0].isalnum() else shown
        case Break():
            return line_end


def _marked(text: str, marks: frozenset[Mark]) -> str:
    if "code" in marks:
        return _code(text)
    signs = [sign for sign, mark in _SIGNS if mark in marks]
    return "".join(signs) + _escape(text) + "".join(reversed(signs))


def _code(text: str) -> str:
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return fence + pad + _disarm(text) + pad + fence


def _escape(text: str) -> str:
    quiet = _RUN.sub(_unlinked, _gapped(text))
    return _SPECIAL.sub(lambda match: _ENTITIES.get(match[0], f"\\{match[0]}"), quiet)


def _unlinked(match: re.Match[str]) -> str:
    """A bare address that would refer to an issue, a pull request or a commit shows, but is no link."""
    return _ADDRESS.sub(lambda scheme: scheme[0] + _GAP, match[0]) if _TARGET.search(match[0]) else match[0]


def _unreferring(url: str) -> str:
    """The address by a way that leaves no trace on the page it leads to: GitHub's own redirect, or an escaped digit."""
    if not _TARGET.search(url):
        return url
    if _OWN_SITE.match(url):
        return _OWN_SITE.sub("https://redirect.github.com/", url)
    return re.sub(r"/([0-9a-f])(?=[0-9a-f]*(?:[/?#]|\Z))", lambda match: f"/%{ord(match[1]):x}", url)
