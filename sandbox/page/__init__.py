"""The page: Slack, Jira and GitHub to click through in a browser, with connect between them and no account anywhere.

`server` gives the page out, streams what the panes show (`shown`) and takes what visitors do (`acts`), which changes
the stand-ins as their own users would: connect hears of it by signed webhooks and answers through the APIs.
"""

import os
import signal
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

from sandbox.page.listening import PORT, CannotListen, is_loopback, listen
from sandbox.page.server import Page
from sandbox.process import ConnectEnded

__all__ = ["PORT", "main"]

ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
OPEN = "Warning: it listens on {}, so whoever reaches this machine can use it. There is no password."


def main(host: str = "127.0.0.1", port: int | None = None, settings: Mapping[str, str] | None = None) -> int:
    """Serve the page until Ctrl-C or SIGTERM and return the exit code.

    Without a `port` it is `PORT`, or a free one where that is taken. `settings` replace connect's own here.
    """
    for number in ENDS:
        signal.signal(number, _interrupt)
    os.environ["no_proxy"] = "127.0.0.1"  # whatever proxy there is, it does not lead to this machine
    try:
        with listen(host, port) as listener, tempfile.TemporaryDirectory(prefix="connect-demo-") as folder:
            return _serve(Page(host, listener, Path(folder), settings or {}), host)
    except CannotListen as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # before there was anything to end
        return 0


def _serve(page: Page, host: str) -> int:
    code = 0
    try:
        page.start(lambda: _say(page, host))
        threading.Event().wait()
    except KeyboardInterrupt:
        print()
    except ConnectEnded as end:
        code = 1
        lines = page.current.playground.connect.last_lines()
        print(f"{end} The last lines of its log:", *lines, sep="\n  ", file=sys.stderr)
    finally:
        for number in ENDS:
            signal.signal(number, signal.SIG_IGN)  # it is on its way down already
        ended = page.stop()
    return code or (0 if ended in (0, -signal.SIGKILL) else 1)


def _say(page: Page, host: str) -> None:
    print(f"Open {page.url} in a browser: Slack, Jira and GitHub are played on this machine.")
    print("Nothing of it leaves this machine, and all of it is gone when it ends. Ctrl-C ends it.")
    if not is_loopback(host):
        print(OPEN.format(host))
    sys.stdout.flush()


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
