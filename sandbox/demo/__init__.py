"""The demo: connect between stand-ins of Slack, Jira and GitHub on this machine, playing what it is there for.

connect runs as a process of its own, as a user starts it, and is talked to through its real doors only. A step counts
when its far end shows it. `python app.py demo --once` says by its exit code whether everything was seen; without
`--once` it is the page (`sandbox.page`) to try things out oneself.
"""

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType

import requests

from sandbox.demo import ending, promises, repositories, tickets
from sandbox.demo.screen import Line, Panel, Screen
from sandbox.demo.stage import NotSeen, Stage
from sandbox.process import ConnectEnded

PATIENCE = 15.0

type Chapter = tuple[str, Callable[[Stage], None]]
CHAPTERS: tuple[Chapter, ...] = (
    ("A message in Slack becomes an issue in Jira", tickets.from_a_message),
    ("Four other ways to an issue: a mention, a command, a workflow, REST", tickets.other_ways),
    ("The thread and the issue hear each other", tickets.both_ways),
    ("A channel follows a project in Jira", tickets.a_project_followed),
    ("A channel follows a repository on GitHub", repositories.a_repository_followed),
    ("Nothing is lost, nothing is done twice", promises.nothing_lost_nothing_twice),
)


def main(
    settings: Mapping[str, str] | None = None,
    patience: float = PATIENCE,
    chapters: Sequence[Chapter] = CHAPTERS,
) -> int:
    """Play the chapters and return the exit code: 0 if every step was seen and connect stopped cleanly.

    `settings` are environment variables that replace connect's own here; `patience` is in seconds per step.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    os.environ["no_proxy"] = "127.0.0.1"  # whatever proxy there is, it does not lead to this machine
    screen = Screen(sys.stdout)
    folder = Path(tempfile.mkdtemp(prefix="connect-demo-"))
    stage = Stage(screen, folder, settings or {}, patience)
    with stage.services():
        try:
            _perform(stage, chapters)
        except KeyboardInterrupt:
            screen.line()
            stage.fail("it was interrupted")
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)  # connect is on its way down already
            code = stage.connect.stop()
    ending.verdict(stage, code)
    if code or stage.steps["missed"]:
        screen.line(f"connect's log: {stage.connect.log}", "dim")
        return 1
    shutil.rmtree(folder)
    return 0


def _perform(stage: Stage, chapters: Sequence[Chapter]) -> None:
    """Start connect and play."""
    try:
        ending.greet(stage.screen)
        stage.connect.start()
        ending.addresses(stage)
        for number, (title, chapter) in enumerate(chapters, 1):
            stage.screen.chapter(number, title)
            _play(stage, chapter)
        _play(stage, ending.tables)
    except ConnectEnded as end:
        stage.fail(str(end))
        stage.screen.panel(Panel("the last lines of its log", [Line(line) for line in stage.connect.last_lines()]))


def _play(stage: Stage, chapter: Callable[[Stage], None]) -> None:
    """Play a chapter to its end, or to the first step that is not seen: the others need not suffer from it."""
    try:
        chapter(stage)
    except NotSeen:
        return
    except (LookupError, ValueError, requests.RequestException) as error:
        stage.connect.check()
        stage.fail(f"this could not be played: {error!r}")


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
