"""`make demo` as a process, for whoever opens its page in a browser."""

import os
import re
import subprocess
import sys
from pathlib import Path
from time import monotonic

import requests

from tests.page.visitor import SECONDS

ROOT = Path(__file__).resolve().parents[2]


class Demo:
    """`python app.py demo` on a free port; `seconds` is how long it took until it said its address."""

    def __init__(self, folder: Path) -> None:
        began = monotonic()
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "app.py"), "demo", "--port", "0"], cwd=folder, text=True,
            env=os.environ | {"TMPDIR": str(folder)}, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert found is not None, said
        self.url = found[0]
        self.seconds = monotonic() - began

    def afresh(self) -> None:
        """Everything as at the start, with another connect and an empty database."""
        answer = requests.post(f"{self.url}/do/page/afresh", json={}, timeout=2 * SECONDS)
        assert answer.status_code == 200, answer.text

    def end(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=SECONDS)
