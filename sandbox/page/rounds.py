"""A round: everything from one fresh start until the next, in a folder of its own."""

import shutil
import time
from collections.abc import Mapping
from pathlib import Path

from sandbox.page.connect_shown import Rows
from sandbox.page.courier import Courier
from sandbox.page.opening import prepare
from sandbox.playground import Playground


class Round:
    """The stand-ins as they are at the start, connect between them, and who carries the webhooks."""

    def __init__(self, folder: Path, settings: Mapping[str, str], number: int = 1) -> None:
        self.number = number
        self.started = time.time()
        self.folder = folder / str(number)
        self.folder.mkdir()
        self.playground = Playground(self.folder, settings)
        self.courier = Courier(self.playground)
        self.rows = Rows(self.playground, self.courier)
        prepare(self.playground)

    def start(self) -> None:
        """Start connect, and tell it from now on what happens; raises `ConnectEnded` if it does not start."""
        self.playground.connect.start()
        self.courier.start()

    def end(self, *, at_once: bool = False) -> int:
        """End all of it and return connect's exit code; `at_once`: whatever it is in the middle of is lost."""
        self.courier.stop()
        if at_once:
            self.playground.connect.kill()
        code = self.playground.connect.stop()
        self.courier.join()
        self.playground.close()
        return code

    def tidy(self) -> None:
        """Remove what it wrote."""
        shutil.rmtree(self.folder)
