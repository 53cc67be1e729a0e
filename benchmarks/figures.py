"""From measurements to figures: percentiles, medians, ratios and the table. Pure."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One line of the table: what was measured, connect's value, its baseline's, and what the baseline is."""

    what: str
    value: float
    baseline: float
    unit: str
    against: str

    @property
    def ratio(self) -> float:
        """connect's value by its baseline's; a baseline of nothing has no ratio."""
        return self.value / self.baseline if self.baseline else float("nan")


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest of the values that at least this share (0 to 1) of them does not exceed; nan if there are none."""
    ordered = sorted(values)
    if not ordered:
        return float("nan")
    return ordered[max(0, -(-int(share * 10_000) * len(ordered) // 10_000) - 1)]


def interleaved[T](rounds: int, *measure: Callable[[int], T]) -> list[list[T]]:
    """Measure A B A B …, so that what slows the machine down for a while slows both down; the results of each."""
    results: list[list[T]] = [[] for _ in measure]
    for number in range(rounds):
        for kept, one in zip(results, measure, strict=True):
            kept.append(one(number))
    return results


def compared(what: str, ours: Sequence[float], theirs: Sequence[float], unit: str, against: str) -> Figure:
    """The figure made of the medians of several measurements of each."""
    return Figure(what, statistics.median(ours), statistics.median(theirs), unit, against)


def table(figures: Iterable[Figure]) -> str:
    """All figures as text, in columns."""
    rows = [("what", "connect", "baseline", "ratio", "the baseline")]
    rows += [
        (one.what, f"{_number(one.value)} {one.unit}", f"{_number(one.baseline)} {one.unit}", f"{one.ratio:.2f}",
         one.against)
        for one in figures
    ]  # fmt: skip
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *numbers, last = (
        cell.rjust(width) if column in (1, 2, 3) else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join([first, *numbers, last]).rstrip()


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
