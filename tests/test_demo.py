"""The demo, run as people run it: the whole story, a step that goes wrong, a connect that does not start, Ctrl-C."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

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
    told = demo(tmp_path, f"once=True, settings={wrong}, patience=0.5, chapters=demo.CHAPTERS[4:5]")
    assert (told.returncode, told.stderr) == (1, ""), told.stdout
    missed = [line for line in told.stdout.splitlines() if line.startswith("  ✘ ")]
    assert len(missed) == 1
    assert missed[0].startswith("  ✘ expected: a card opens in #dev")
    assert "│ github  pull_request.opened: 401" in told.stdout
    log = re.search(r"connect's log: (\S+)", told.stdout)
    assert log is not None
    assert "connect listens on" in Path(log[1]).read_text()


def test_a_connect_that_does_not_start_shows_its_last_lines(tmp_path: Path) -> None:
    told = demo(tmp_path, 'once=True, settings={"CONNECT_WORKERS": "many"}')
    assert (told.returncode, told.stderr) == (1, ""), told.stdout
    assert "✘ connect ended with exit code 2." in told.stdout
    assert "│ CONNECT_WORKERS:" in told.stdout


class Staying:
    """A demo that stays up, read line by line."""

    def __init__(self, folder: Path) -> None:
        code = f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom sandbox import demo\n"
        code += "sys.exit(demo.main(once=False, chapters=demo.CHAPTERS[3:4]))"
        self.process = subprocess.Popen(
            [sys.executable, "-c", code], cwd=folder, env=environment(folder), stdout=subprocess.PIPE, text=True
        )
        self._timer = threading.Timer(SECONDS, self.process.kill)
        self._timer.start()

    def until(self, words: str) -> list[str]:
        """The lines up to the one with these words."""
        assert self.process.stdout is not None
        lines: list[str] = []
        for line in self.process.stdout:
            lines.append(line.rstrip())
            if words in line:
                return lines
        raise AssertionError(f"the demo ended without saying “{words}”:\n" + "\n".join(lines))

    def end(self) -> None:
        self._timer.cancel()
        self.process.kill()
        self.process.wait()


@pytest.fixture
def staying(tmp_path: Path) -> Iterator[Staying]:
    process = Staying(tmp_path)
    yield process
    process.end()


def offered(lines: list[str]) -> Mapping[str, str]:
    """The shell commands that the demo offers, by what they are for."""
    text = "\n".join(lines)
    return dict(re.findall(r"^  # (.+)\n((?:  +\S.*\n)+)", text, re.MULTILINE))


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_it_stays_up_its_offers_work_and_sigterm_ends_it_cleanly(staying: Staying) -> None:
    commands = offered(staying.until("Ctrl-C ends it."))
    assert len(commands) == 4
    answers = {
        title: subprocess.run(
            ["bash", "-c", command.replace("curl ", "curl -sS --fail --noproxy '*' ")],
            capture_output=True, text=True, timeout=20, check=True,
        ).stdout
        for title, command in commands.items()
    }  # fmt: skip
    assert '"message":"Integration created"' in answers["ask connect for an issue"]
    assert '"key":"OPS-' in answers["make an issue in Jira; #dev follows the project"]
    assert '"ok":true' in answers["read #general as Slack's API shows it"].replace(" ", "")
    assert staying.until("Water the plants")
    staying.process.send_signal(signal.SIGTERM)
    assert "connect stopped cleanly" in staying.until("steps seen")[-1]
    assert staying.process.wait(SECONDS) == 0
