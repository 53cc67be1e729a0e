"""`make bench`: every figure, or those named by ONLY (`make bench ONLY=accept`), in one table at the end."""

import argparse
import sys
import time
from collections.abc import Callable, Generator
from contextlib import closing

from benchmarks import accept, answers, planning, queue, starting
from benchmarks.databases import Databases, databases
from benchmarks.figures import Figure, table

PARTS: dict[str, tuple[Callable[[Databases], Generator[Figure]], float]] = {
    "start": (starting.starting, 20),
    "servers": (accept.servers, 15),
    "commands": (answers.commands, 30),
    "slack": (answers.to_slack, 45),
    "slow": (accept.while_slack_is_slow, 20),
    "accept": (accept.accepting, 95),
    "queue": (queue.throughput, 30),
    "planning": (planning.planning, 30),
    "claims": (queue.cost_of_a_claim, 50),
}
"""Each part and how many seconds it may begin further measurements for: a slow machine gets fewer figures."""


def main() -> int:
    """Measure, saying what is being measured, and print the table."""
    parser = argparse.ArgumentParser(prog="make bench", description="Figures as ratios to plain apps' figures.")
    parser.add_argument("only", nargs="*", choices=[[], *PARTS], help="which parts; all if none is named")
    wanted = parser.parse_args().only or list(PARTS)
    figures: list[Figure] = []
    try:
        with databases() as given:
            for name in wanted:
                figures += _measured(name, given)
    finally:
        print(table(figures))
    return 0


def _measured(name: str, given: Databases) -> list[Figure]:
    measure, patience = PARTS[name]
    figures: list[Figure] = []
    begun = time.monotonic()
    with closing(measure(given)) as measuring:
        for figure in measuring:
            figures.append(figure)
            if time.monotonic() - begun > patience:
                print(f"{name}: no time for more after “{figure.what.strip()}”", file=sys.stderr)
                break
    print(f"{name}: {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    return figures


if __name__ == "__main__":
    sys.exit(main())
