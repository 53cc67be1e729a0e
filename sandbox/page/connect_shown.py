"""What connect did, as its own REST API tells; and what waits at its door while it is away."""

from typing import Any

import requests

from sandbox.page.courier import Courier
from sandbox.playground import Playground

type Json = dict[str, Any]
MOST_ROWS = 60


def shown(playground: Playground, courier: Courier) -> Json:
    """Whether connect is up, its newest deliveries and integrations, and how many webhooks wait to be sent again."""
    waiting = {service: len(each) for service, each in courier.waiting.items() if each}
    state: Json = {"url": playground.connect.url, "up": playground.connect.up, "waiting": waiting}
    if not playground.connect.up:
        return state | {"deliveries": [], "integrations": []}
    try:
        return state | {kind: _rows(playground, kind) for kind in ("deliveries", "integrations")}
    except (requests.RequestException, ValueError, KeyError):  # it is starting, or is being killed right now
        return state | {"up": False, "deliveries": [], "integrations": []}


def _rows(playground: Playground, kind: str) -> list[Json]:
    answer = requests.get(f"{playground.connect.url}/api/v1/{kind}", params={"limit": MOST_ROWS}, timeout=5)
    rows: list[Json] = answer.json()[kind]
    return rows
