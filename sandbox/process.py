"""connect as a child process, started as a user starts it, with nothing of the user's own settings in it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import requests

APP = Path(__file__).resolve().parents[1] / "app.py"
OURS = ("SLACK_", "JIRA_", "GITHUB_", "CONNECT_", "DATABASE_URL")
START_SECONDS = 60.0
STOP_SECONDS = 25.0
"""Longer than connect itself waits for what is under way."""


class ConnectEnded(Exception):
    """connect is not there: it did not start, or it ended before it was told to."""


class Connect:
    """One run of `python app.py` on a free port, in `folder`, where its database and its log are."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "connect.log"
        self._folder = folder
        own = {
            "CONNECT_HOST": "127.0.0.1", "CONNECT_PORT": str(self.port), "CONNECT_PUBLIC_URL": self.url,
            "DATABASE_URL": "sqlite:///./connect.db", "TMPDIR": str(folder),
        }  # fmt: skip
        self._environment = clean_environment() | own | dict(settings)
        self._process: subprocess.Popen[bytes] | None = None
        self._output: IO[bytes] | None = None

    def start(self) -> None:
        """Start connect and wait until it is healthy; raises `ConnectEnded` if it ends instead or takes too long."""
        self._output = self.log.open("ab")
        # The folder as working directory keeps a `.env` of the user's out; the session of its own keeps Ctrl-C out.
        self._process = subprocess.Popen(
            [sys.executable, str(APP)], cwd=self._folder, env=self._environment, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=self._output, stderr=subprocess.STDOUT,
        )  # fmt: skip
        deadline = time.monotonic() + START_SECONDS
        while not self._healthy():
            self.check()
            if time.monotonic() > deadline:
                raise ConnectEnded(f"connect was not healthy after {START_SECONDS:.0f} s.")
            time.sleep(0.02)

    def check(self) -> None:
        """Raise `ConnectEnded` if connect has ended."""
        if self._process is not None and self._process.poll() is not None:
            raise ConnectEnded(f"connect ended with exit code {self._process.returncode}.")

    @property
    def up(self) -> bool:
        """Whether its process lives."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """End it at once (SIGKILL), in the middle of whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._output is not None:
            self._output.close()

    def stop(self) -> int:
        """Ask connect to stop (SIGTERM) and return its exit code; it is killed if it does not obey in time."""
        if self._process is None:
            return 0
        if self._process.poll() is None:
            self._process.terminate()
        try:
            code = self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        if self._output is not None:
            self._output.close()
        return code

    def last_lines(self, count: int = 20) -> list[str]:
        """The end of what connect wrote."""
        return self.log.read_text("utf-8", "replace").splitlines()[-count:]

    def _healthy(self) -> bool:
        try:
            return requests.get(f"{self.url}/health", timeout=2).status_code == requests.codes.ok
        except requests.RequestException:
            return False


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clean_environment() -> dict[str, str]:
    """This process's environment without any setting of connect's, in any case of letters, and without proxies."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith(OURS) and not name.upper().endswith("_PROXY")
    }
