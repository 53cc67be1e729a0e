"""The page: Slack, Jira and GitHub to click through in a browser, with connect between them and no account anywhere.

`server` gives the page out, streams what the panes show (`shown`) and takes what visitors do (`acts`), which changes
the stand-ins as their own users would: connect hears of it by signed webhooks and answers through the APIs.
"""

import shutil
import signal
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

from sandbox.page.courier import Courier
from sandbox.page.opening import prepare
from sandbox.page.server import PORT, Page
from sandbox.playground import Playground
from sandbox.process import ConnectEnded

__all__ = ["PORT", "main"]


def main(host: str = "127.0.0.1", port: int | None = None, settings: Mapping[str, str] | None = None) -> int:
    """Serve the page until Ctrl-C or SIGTERM and return the exit code.

    Without a `port` it is `PORT`, or a free one where that is taken. `settings` replace connect's own here.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    folder = Path(tempfile.mkdtemp(prefix="connect-demo-"))
    playground = Playground(folder, settings or {})
    courier = Courier(playground)
    page = Page(playground, courier)
    try:
        page.start(host, port)
        prepare(playground)
        playground.connect.start()
        courier.start()
        _say(page)
        threading.Event().wait()
    except KeyboardInterrupt:
        print()
    except ConnectEnded as end:
        print(f"{end} The last lines of its log:", *playground.connect.last_lines(), sep="\n  ")
        return 1
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)  # it is on its way down already
        page.stop()
        courier.stop()
        code = playground.connect.stop()
        playground.close()
    shutil.rmtree(folder)
    return 0 if code in (0, -signal.SIGKILL) else 1


def _say(page: Page) -> None:
    print(f"Open {page.url} in a browser: Slack, Jira and GitHub are played on this machine.")
    print("Nothing of it leaves this machine, and all of it is gone when it ends. Ctrl-C ends it.", flush=True)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
