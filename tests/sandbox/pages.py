"""The page as a browser uses it: what it streams, and what is done there."""

import json
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from sandbox.page.server import Page

SECONDS = 60.0


class Browser:
    """A window that shows the page at `url`."""

    def __init__(self, url: str) -> None:
        self.url = url

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(self.url + path, headers=headers, timeout=SECONDS)

    def do(self, name: str, given: object = None, **headers: str) -> requests.Response:
        return requests.post(f"{self.url}/do/{name}", json=given or {}, headers=headers, timeout=SECONDS)

    def result(self, name: str, /, **given: Any) -> Any:
        """What came of something that can be done."""
        answer = self.do(name, given)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]

    def until(self, pane: str, true: Callable[[Any], object] = bool) -> Any:
        """What the pane shows as soon as that is true of it."""
        with requests.get(f"{self.url}/stream", stream=True, timeout=SECONDS) as answer:
            event = ""
            for line in answer.iter_lines(chunk_size=1):
                name, _, value = line.decode().partition(": ")
                if name == "event":
                    event = value
                elif name == "data" and event == pane and true(state := json.loads(value)):
                    return state
        raise AssertionError(f"the stream ended before {pane} showed it")


@contextmanager
def served(folder: Path, host: str = "127.0.0.1", **settings: str) -> Generator[Page]:
    """The page with its stand-ins, on a free port of loopback; connect is not started yet."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        page = Page(host, listener, folder, settings)
        page.serve()
        try:
            yield page
        finally:
            page.stop()


def address(page: Page) -> str:
    """Where it listens, whatever host it was told."""
    return f"http://127.0.0.1:{page.port}"
