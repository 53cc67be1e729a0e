"""What a benchmark runs beside itself: connect, a baseline, the stand-in Slack. Each ends with its block."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from benchmarks.bodies import GITHUB_SECRET, REPOSITORIES, SLACK_SECRET, channel_of, repository_name
from sandbox.process import clean_environment, free_port

ROOT = Path(__file__).parents[1]
START_SECONDS = 60.0
API_KEY = "key-for-benchmarks"


class DidNotStart(Exception):
    """A process ended, or did not answer in time."""


@dataclass(frozen=True)
class Running:
    """A server that answers; `seconds` is the time from its start to its first 200."""

    port: int
    process: subprocess.Popen[bytes]
    seconds: float

    def megabytes(self) -> float:
        """The memory of the process and of its children, in megabytes."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return sum(_resident(int(pid)) for pid in (self.process.pid, *children)) / 1024


def _resident(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


@contextmanager
def connect(database_url: str, slack_url: str, *arguments: str, **settings: str) -> Generator[Running]:
    """`python app.py serve …` with every service on, on a migrated database."""
    port = free_port()
    environment = clean_environment() | {
        "CONNECT_HOST": "127.0.0.1", "CONNECT_PORT": str(port), "DATABASE_URL": database_url,
        "CONNECT_LOG_LEVEL": "WARNING", "CONNECT_API_KEY": API_KEY, "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_SIGNING_SECRET": SLACK_SECRET, "SLACK_API_URL": slack_url, "JIRA_BASE_URL": "http://127.0.0.1:9",
        "JIRA_EMAIL": "mia@example.com", "JIRA_API_TOKEN": "token", "JIRA_DEFAULT_PROJECT": "OPS",
        "JIRA_WEBHOOK_SECRET": "jira-secret", "GITHUB_TOKEN": "token", "GITHUB_API_URL": "http://127.0.0.1:9",
        "GITHUB_WEBHOOK_SECRET": GITHUB_SECRET, **settings,
    }  # fmt: skip
    with _running([sys.executable, str(ROOT / "app.py"), "serve", *arguments], environment, port) as server:
        yield server


@contextmanager
def gunicorn(app: str, slack_url: str) -> Generator[Running]:
    """One of `benchmarks.baselines` on gunicorn, as connect's own `make run-prod` uses it, with one process."""
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", f"benchmarks.baselines:{app}()", "--worker-class", "gthread", "--workers",
        "1", "--threads", "16", "--bind", f"127.0.0.1:{port}", "--keep-alive", "75", "--no-control-socket",
        "--log-level", "error",
    ]  # fmt: skip
    with _running(command, clean_environment() | {"SLACK_API_URL": slack_url}, port) as server:
        yield server


@contextmanager
def granian(app: str, slack_url: str) -> Generator[Running]:
    """One of `benchmarks.baselines` on the server of connect's `serve`."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.granian", app, str(port)]
    with _running(command, clean_environment() | {"SLACK_API_URL": slack_url}, port) as server:
        yield server


@contextmanager
def _running(command: list[str], environment: Mapping[str, str], port: int) -> Generator[Running]:
    with tempfile.TemporaryFile() as said:
        begun = time.monotonic()
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=said)
        try:
            while not _healthy(port):
                if process.poll() is not None or time.monotonic() - begun > START_SECONDS:
                    said.seek(0)
                    raise DidNotStart(f"exit code {process.poll()}: {said.read().decode()[-2000:]}")
                time.sleep(0.01)
            yield Running(port, process, time.monotonic() - begun)
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _healthy(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


@dataclass(frozen=True)
class Slack:
    """The stand-in."""

    port: int

    @property
    def api_url(self) -> str:
        """What goes into SLACK_API_URL."""
        return f"http://127.0.0.1:{self.port}/api"

    def seen(self) -> dict[str, float]:
        """When each message was posted, by its number."""
        return self._get("/seen")

    def wait_for(self, numbers: Iterable[str], seconds: float) -> dict[str, float]:
        """When these messages were posted; what is not there after so many seconds is left out."""
        wanted, deadline = set(numbers), time.monotonic() + seconds
        while not wanted <= (posted := self.seen()).keys() and time.monotonic() < deadline:
            time.sleep(0.05)
        return posted

    def takes(self, seconds: float) -> None:
        """Let every call take so long from now on."""
        self._get(f"/delay?{seconds}")

    def _get(self, path: str) -> Any:
        with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return json.load(answer)


@contextmanager
def slack() -> Generator[Slack]:
    """The stand-in Slack, in a process of its own."""
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.slack"], cwd=ROOT, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        yield Slack(int(process.stdout.readline()))
    finally:
        process.kill()
        process.wait()


def subscribe(port: int) -> None:
    """Let each repository of `bodies` reach its channel."""
    for number in range(REPOSITORIES):
        wanted = {"source_service": "github", "source": repository_name(number), "channel": channel_of(number)}
        headers = {"Authorization": f"Bearer {API_KEY}", "Content-Type": "application/json"}
        url = f"http://127.0.0.1:{port}/api/v1/subscriptions"
        urlopen(Request(url, json.dumps(wanted).encode(), headers), timeout=30).close()
