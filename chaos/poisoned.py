"""connect with a bug planted in it, since no event from outside can be sure to find one.

A GitHub title with `poison-raise` makes planning raise, one with `poison-exit` kills the process. The rest is connect.
"""

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import app
from bot.renderers import registry
from bot.renderers.news import News, Renderer


def poisoned(renderer: Renderer) -> Renderer:
    """The renderer, with the bug."""

    def render(payload: Mapping[str, Any]) -> News | None:
        title = str(payload.get("issue"))
        if "poison-exit" in title:
            os.kill(os.getpid(), signal.SIGKILL)
        if "poison-raise" in title:
            raise RuntimeError("poison")
        return renderer(payload)

    return render


if __name__ == "__main__":
    registry.GITHUB.update({event: poisoned(renderer) for event, renderer in registry.GITHUB.items()})
    sys.exit(app.main(sys.argv[1:]))
