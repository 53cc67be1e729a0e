"""What a scenario found, and the table of all of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

HEADINGS = ("fault", "database", "events", "lost", "doubled", "unknown", "seconds", "", "what it shows")


@dataclass
class Shown:
    """What a scenario must show besides its effects: `must` notes a finding, and whether it is as it has to be."""

    notes: list[str] = field(default_factory=list[str])
    wrong: list[str] = field(default_factory=list[str])

    def note(self, text: str) -> None:
        """Something worth knowing that cannot be wrong."""
        self.notes.append(text)

    def must(self, right: bool, text: str) -> None:  # noqa: FBT001 (reads as a sentence)
        """Note a finding; it makes the row wrong unless it is right."""
        self.notes.append(text if right else f"✘ {text}")
        if not right:
            self.wrong.append(text)


@dataclass(frozen=True)
class Row:
    """One line of the table. `details` are shown below it when it is wrong."""

    fault: str
    database: str
    events: int = 0
    lost: int = 0
    doubled: int = 0
    unknown: int = 0
    seconds: float = 0.0
    shown: Shown = field(default_factory=Shown)
    skipped: str = ""
    details: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        """Whether everything is as it has to be; what was skipped says so, and is not wrong."""
        return bool(self.skipped) or not (self.lost or self.doubled or self.unknown or self.shown.wrong)

    def cells(self) -> tuple[str, ...]:
        """The line's cells as text."""
        if self.skipped:
            return (self.fault, self.database, "-", "-", "-", "-", "-", "–", f"skipped: {self.skipped}")
        numbers = (self.events, self.lost, self.doubled, self.unknown, round(self.seconds))
        return (
            self.fault, self.database, *map(str, numbers), "✔" if self.right else "✘", "; ".join(self.shown.notes),
        )  # fmt: skip


def table(rows: Sequence[Row]) -> str:
    """All rows below each other, each wrong one with its details."""
    lines = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    shown = [_line(HEADINGS, widths), _line((*("-" * width for width in widths[:-1]), "-" * 13), widths)]
    for row in rows:
        shown.append(_line(row.cells(), widths))
        if not row.right:
            shown += [f"    {detail}" for detail in row.details]
    return "\n".join(shown)


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    padded = [
        cell.rjust(width) if cell.isdigit() else cell.ljust(width) for cell, width in zip(cells, widths, strict=True)
    ]
    return "  ".join(padded).rstrip()
