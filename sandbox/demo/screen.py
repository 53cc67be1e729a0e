"""The terminal: a story told in plain lines, in colour where that helps and nobody forbade it."""

import os
import shutil
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, TextIO

type Style = Literal["plain", "bold", "dim", "good", "bad", "accent"]

CODES: dict[Style, str] = {
    "plain": "", "bold": "1", "dim": "2", "good": "32", "bad": "31;1", "accent": "36",
}  # fmt: skip
WIDEST, NARROWEST = 110, 60


@dataclass(frozen=True)
class Line:
    """A line of a panel: `label` stands in a column of its own, the text is wrapped beside it."""

    text: str
    style: Style = "plain"
    label: str = ""


@dataclass(frozen=True)
class Panel:
    """What one side shows now."""

    title: str
    lines: list[Line] = field(default_factory=list[Line])


class Screen:
    """Writes the story to a stream."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._colour = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        self.width = max(NARROWEST, min(WIDEST, shutil.get_terminal_size((100, 24)).columns))

    def line(self, text: str = "", style: Style = "plain") -> None:
        """Write a line as it is."""
        code = CODES[style] if self._colour else ""
        print(f"\033[{code}m{text}\033[0m" if code and text else text, file=self._stream, flush=True)

    def text(self, text: str, style: Style = "plain") -> None:
        """Write a paragraph, wrapped."""
        for line in textwrap.wrap(text, self.width - 1):
            self.line(line, style)

    def chapter(self, number: int, title: str) -> None:
        """Write the heading of a chapter."""
        heading = f"━━ {number}. {title} "
        self.line()
        self.line(heading + "━" * (self.width - len(heading)), "accent")

    def act(self, sentence: str) -> None:
        """Say what somebody does."""
        self.line()
        self.text(sentence, "bold")

    def seen(self, what: str, seconds: float) -> None:
        """Say that what should be seen is seen, and after how long."""
        self._timed("✔", what, seconds, "good")

    def missed(self, what: str, seconds: float) -> None:
        """Say that what should be seen is not."""
        self._timed("✘", what, seconds, "bad")

    def _timed(self, mark: str, what: str, seconds: float, style: Style) -> None:
        *before, last = textwrap.wrap(f"{mark} {what}", self.width - 14, subsequent_indent="  ")
        for line in before:
            self.line(f"  {line}", style)
        self.line(f"  {last}{f'{seconds:.2f} s'.rjust(self.width - 3 - len(last))}", style)

    def panel(self, panel: Panel) -> None:
        """Write what one side shows."""
        self.line(f"    {panel.title}", "accent")
        room = max((len(line.label) for line in panel.lines), default=0)
        for line in panel.lines:
            label = line.label.ljust(room + 2) if room else ""
            width = self.width - 6 - len(label)
            first, *rest = textwrap.wrap(line.text, width, break_on_hyphens=False) or [""]
            self._gutter(label + first, line.style)
            for piece in rest:
                self._gutter(" " * len(label) + piece, line.style)

    def _gutter(self, text: str, style: Style) -> None:
        code = CODES[style] if self._colour else ""
        shown = f"\033[{code}m{text}\033[0m" if code else text
        bar = "\033[36m│\033[0m" if self._colour else "│"
        print(f"    {bar} {shown}".rstrip(), file=self._stream, flush=True)

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Write a table; the columns are as wide as they need, and the widest gives way."""
        cells = [list(heads), *(list(row) for row in rows)]
        widths = [max(len(row[column]) for row in cells) for column in range(len(heads))]
        over = sum(widths) + 2 * (len(widths) - 1) - self.width
        if over > 0:
            widest = widths.index(max(widths))
            widths[widest] = max(8, widths[widest] - over)
        for number, row in enumerate(cells):
            shown = [_fit(cell, width) for cell, width in zip(row, widths, strict=True)]
            self.line("  ".join(shown).rstrip(), "plain" if number else "dim")


def _fit(text: str, width: int) -> str:
    return text.ljust(width) if len(text) <= width else text[: width - 1] + "…"
