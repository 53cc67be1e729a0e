"""`make chaos`: play every scenario on both databases and print one table; exit code 1 if a row is not right.

Environment: `SEED=7`, `ONLY=storm` (or several with commas), `DATABASE=sqlite` or `mysql`, `SHORT=1`.
"""

import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import get_args

from chaos.arena import forget
from chaos.databases import roomy, server
from chaos.report import Row, Shown, table
from chaos.run import Kind, Run
from chaos.scenarios import SCENARIOS, SHORT
from tests.mariadb import find_binary


def play(name: str, run: Run) -> Iterator[Row]:
    """One scenario's rows; a scenario that breaks is a row that says so."""
    begun = time.monotonic()
    try:
        yield from SCENARIOS[name](run)
    except Exception as error:  # noqa: BLE001 (the others are to be played all the same)
        shown = Shown()
        shown.must(False, f"broke: {type(error).__name__}: {error}"[:300])
        yield Row(name, run.database, seconds=time.monotonic() - begun, shown=shown)


def main() -> int:
    """Play what the environment asks for."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)  # connect's processes are ended on the way out
    os.environ["no_proxy"] = "127.0.0.1"  # whatever proxy there is, it does not lead to this machine
    short = bool(os.environ.get("SHORT"))
    seed = int(os.environ.get("SEED") or time.time_ns() % 10**6)
    names = [name for name in os.environ.get("ONLY", "").split(",") if name] or list(SHORT if short else SCENARIOS)
    kinds: tuple[Kind, ...] = get_args(Kind.__value__)
    chosen: list[Kind] = [kind for kind in kinds if os.environ.get("DATABASE") in (None, "", kind)]
    unknown = [name for name in names if name not in SCENARIOS]
    if unknown or not chosen:
        print(f"There is no {', '.join(unknown) or os.environ.get('DATABASE')}. Scenarios: {', '.join(SCENARIOS)}")
        return 2
    # In memory where there is room: what dies here are processes, not disks, and a busy disk would be measured along.
    folder = Path(tempfile.mkdtemp(prefix="connect-chaos-", dir=roomy()))
    print(f"seed {seed}, {'short' if short else 'long'} form, logs in {folder}", flush=True)
    rows = list(_rows(names, chosen, short=short, seed=seed, folder=folder))
    print(f"\n{table(rows)}\n\nseed {seed}")
    wrong = [row for row in rows if not row.right]
    if not wrong:
        forget(folder)
    print(f"{len(rows)} rows, {len(wrong)} not right")
    return 1 if wrong else 0


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _rows(names: Sequence[str], kinds: Sequence[Kind], *, short: bool, seed: int, folder: Path) -> Iterator[Row]:
    with ExitStack() as stack:
        binary, url = find_binary() or "", ""
        if "mysql" in kinds and binary:
            url = stack.enter_context(server(binary)).url
        for name in names:
            for kind in kinds:
                if kind == "mysql" and not binary:
                    yield Row(name, kind, skipped="mariadbd is not installed")
                    continue
                given = Run(database=kind, short=short, seed=seed, folder=folder, server=url, binary=binary)
                for row in play(name, given):
                    print("  ".join(row.cells()), flush=True)
                    yield row


if __name__ == "__main__":
    sys.exit(main())
