"""The demo, run as people run it: the whole story in the terminal, and the page until it is told to end."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.slack import ADMIN, GENERAL
from tests.sandbox.pages import Browser

ROOT = Path(__file__).resolve().parents[1]
SECONDS = 100
STEPS = (
    "connect is up",
    "the form opens, filled in from the message",
    "the form shows the link",
    "the issue's card stands in the message's thread",
    "its card answers her in a thread",
    "she alone is told that it is under way",
    "the step hands key and address on to the workflow",
    "connect takes the request on",
    "her words are a comment in Jira",
    "the thread has her comment",
    "the card above is edited in place",
    "a card for OPS-5 opens in #dev",
    "the same card says so",
    "and its thread says who did it",
    "#dev hears of it in one message",
    "and its end is told",
    "it finds the issue: the card is there",
    "Jira was asked once, and has one issue",
    "connect takes the first, and knows the others",
    "#dev has one message",
    "and every row of its log is completed",
)


def environment(folder: Path) -> dict[str, str]:
    """Settings that would spoil the demo if it let them in, in the process and in a `.env` file."""
    (folder / ".env").write_text("CONNECT_WORKERS=none\n")
    spoilt = {"JIRA_BASE_URL": "https://example.com", "github_token": "mine", "HTTP_PROXY": "http://127.0.0.1:9"}
    return {name: value for name, value in os.environ.items() if name != "FORCE_COLOR"} | spoilt | {
        "TMPDIR": str(folder), "COLUMNS": "100", "PYTHONUTF8": "1",
    }  # fmt: skip


def demo(folder: Path, arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the demo's `main` with these arguments."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom sandbox import demo\nsys.exit(demo.main({arguments}))"
    return run([sys.executable, "-c", code], folder)


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env=environment(folder), capture_output=True, text=True, timeout=SECONDS, check=False
    )


def test_the_whole_story_is_seen_and_leaves_nothing_behind(tmp_path: Path) -> None:
    told = run([sys.executable, str(ROOT / "app.py"), "demo", "--once"], tmp_path)
    assert (told.returncode, told.stderr) == (0, ""), told.stdout
    assert "✘" not in told.stdout
    assert "\033" not in told.stdout
    seen = {line[4:90].rstrip() for line in told.stdout.splitlines() if line.startswith("  ✔ ")}
    assert [step for step in STEPS if not any(line.startswith(step) for line in seen)] == []
    assert "connect stopped cleanly" in told.stdout.splitlines()[-1]
    assert [path.name for path in tmp_path.iterdir()] == [".env"]


def test_a_step_that_is_not_seen_is_told_and_makes_the_exit_code_1(tmp_path: Path) -> None:
    wrong = '{"GITHUB_WEBHOOK_SECRET": "wrong"}'
    told = demo(tmp_path, f"settings={wrong}, patience=0.5, chapters=demo.CHAPTERS[4:5]")
    assert (told.returncode, told.stderr) == (1, ""), told.stdout
    missed = [line for line in told.stdout.splitlines() if line.startswith("  ✘ ")]
    assert len(missed) == 1
    assert missed[0].startswith("  ✘ expected: a card opens in #dev")
    assert "│ github  pull_request.opened: 401" in told.stdout
    log = re.search(r"connect's log: (\S+)", told.stdout)
    assert log is not None
    assert "connect listens on" in Path(log[1]).read_text()


def test_a_connect_that_does_not_start_shows_its_last_lines(tmp_path: Path) -> None:
    told = demo(tmp_path, 'settings={"CONNECT_WORKERS": "many"}')
    assert (told.returncode, told.stderr) == (1, ""), told.stdout
    assert "✘ connect ended with exit code 2." in told.stdout
    assert "│ CONNECT_WORKERS:" in told.stdout


class Served:
    """`python app.py demo`, or its `main` with other settings, read line by line."""

    def __init__(self, folder: Path, *command: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *command], cwd=folder, env=environment(folder), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._timer = threading.Timer(SECONDS, self.process.kill)
        self._timer.start()

    def line(self) -> str:
        """What it says next."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().rstrip()

    def ended(self) -> tuple[int, str]:
        """Its exit code and what it has complained about, once it has ended."""
        _, errors = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, errors

    def end(self) -> None:
        self._timer.cancel()
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Served]:
    process = Served(tmp_path, str(ROOT / "app.py"), "demo", "--port", "0")
    yield process
    process.end()


@pytest.mark.parametrize("ended_by", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=lambda each: each.name)
def test_the_page_stays_up_until_it_is_told_to_end_and_leaves_nothing_behind(
    page: Served, tmp_path: Path, ended_by: signal.Signals
) -> None:
    address = re.fullmatch(r"Open (http://127\.0\.0\.1:\d+) in a browser: .*", page.line())
    assert address is not None
    assert page.line().endswith("all of it is gone when it ends. Ctrl-C ends it.")
    browser = Browser(address[1])
    connect = browser.until("connect", lambda state: state["up"])["url"]
    browser.result(
        "slack/command", user=ADMIN, channel=GENERAL, command="/jira", text="create Feed the fish in the lobby"
    )
    browser.until(
        "jira", lambda state: any(each["summary"] == "Feed the fish in the lobby" for each in state["issues"])
    )
    page.process.send_signal(ended_by)
    assert page.ended() == (0, "")
    assert [path.name for path in tmp_path.iterdir()] == [".env"]
    for url in (address[1], connect):
        host, _, port = url.removeprefix("http://").partition(":")
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((host, int(port)))


def test_what_visitors_do_while_connect_starts_waits_for_it(page: Served, tmp_path: Path) -> None:
    address = re.search(r"http://127\.0\.0\.1:\d+", page.line())
    assert address is not None
    browser = Browser(address[0])
    browser.result("trouble/kill")
    browser.result("page/afresh")
    answer = browser.result("slack/command", user=ADMIN, channel=GENERAL, command="/jira", text="help")
    assert answer == {"trouble": ""}
    page.process.send_signal(signal.SIGTERM)
    assert page.ended() == (0, "")
    assert [path.name for path in tmp_path.iterdir()] == [".env"]


def test_a_page_whose_connect_does_not_start_shows_its_last_lines(tmp_path: Path) -> None:
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom sandbox import page\n"
    code += 'sys.exit(page.main(port=0, settings={"CONNECT_WORKERS": "many"}))'
    page = Served(tmp_path, "-c", code)
    status, errors = page.ended()
    page.end()
    assert status == 1
    assert errors.startswith("connect ended with exit code 2. The last lines of its log:\n")
    assert "CONNECT_WORKERS:" in errors
    assert [path.name for path in tmp_path.iterdir()] == [".env"]


def test_a_page_that_cannot_listen_says_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told = run([sys.executable, str(ROOT / "app.py"), "demo", "--port", port], tmp_path)
    sentence = f"Port {port} is taken: choose another with --port, or leave it out for a free one.\n"
    assert (told.returncode, told.stdout, told.stderr) == (1, "", sentence)


def test_a_page_for_others_warns(tmp_path: Path) -> None:
    page = Served(tmp_path, str(ROOT / "app.py"), "demo", "--port", "0", "--host", "0.0.0.0")
    lines = [page.line() for _ in range(3)]
    page.process.send_signal(signal.SIGTERM)
    assert page.ended() == (0, "")
    page.end()
    warning = "Warning: it listens on 0.0.0.0, so whoever reaches this machine can use it. There is no password."
    assert lines[2] == warning
