"""A proxy that stands before a stand-in, misbehaves on request and counts who tries to come through."""

import time
from typing import Any
from urllib.parse import urlsplit

from sandbox.standin import StandIn
from tests.proxy import Proxy


class CountingProxy(Proxy):
    """Carries connections to a stand-in, until told otherwise."""

    def __init__(self, standin: StandIn) -> None:
        super().__init__(urlsplit(standin.url).port or 80)
        self.tried: list[float] = []
        """When somebody connected, in epoch seconds."""

    def _serve(self, wire: Any) -> None:
        self.tried.append(time.time())
        super()._serve(wire)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"
