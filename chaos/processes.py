"""connect's processes: started as an operator starts them, killed, stopped, paused and started again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import requests

from sandbox.process import APP

READY_SECONDS = 60.0


class NotReady(Exception):
    """A process did not come up in time."""


class Process:
    """One of connect's processes. It may be started again after its end; its log goes on in the same file."""

    def __init__(
        self, name: str, command: list[str], folder: Path, environment: Mapping[str, str], url: str = ""
    ) -> None:
        self.name = name
        self.url = url
        self.log = folder / f"{name}.log"
        self.starts = 0
        self._command = command
        self._folder = folder
        self._environment = dict(environment)
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, without waiting for anything."""
        self.starts += 1
        with self.log.open("ab") as output:
            # A session of its own keeps Ctrl-C out: the harness says when it ends.
            self._running = subprocess.Popen(
                self._command, cwd=self._folder, env=self._environment, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip

    @property
    def pid(self) -> int:
        """The id of the running process."""
        assert self._running is not None
        return self._running.pid

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._running is not None and self._running.poll() is None

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it still runs."""
        if self.alive:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """`kill -9`, and wait until it is gone."""
        self.signal(signal.SIGKILL)
        if self._running is not None:
            self._running.wait()

    def stop(self, within: float) -> tuple[int, float]:
        """SIGTERM; returns the exit code and how long it took. One that does not obey is killed (code -9)."""
        assert self._running is not None
        begun = time.monotonic()
        self.signal(signal.SIGTERM)
        try:
            code = self._running.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()
            code = -9
        return code, time.monotonic() - begun

    def wait_ready(self, within: float = READY_SECONDS) -> float:
        """Wait until `/health` answers 200; returns the seconds it took. Raises `NotReady`."""
        begun = time.monotonic()
        while not self.healthy():
            if not self.alive or time.monotonic() - begun > within:
                raise NotReady(f"{self.name} was not ready after {time.monotonic() - begun:.1f} s; see {self.log}")
            time.sleep(0.02)
        return time.monotonic() - begun

    def healthy(self) -> bool:
        """Whether `/health` answers 200 now."""
        try:
            return requests.get(f"{self.url}/health", timeout=5).status_code == requests.codes.ok
        except requests.RequestException:
            return False

    def most_memory(self) -> float:
        """The most memory it ever had, in MB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def connect(name: str, arguments: list[str], folder: Path, environment: Mapping[str, str], url: str = "") -> Process:
    """`python app.py …` as a process."""
    return Process(name, [sys.executable, str(APP), *arguments], folder, environment, url)
