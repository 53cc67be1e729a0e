"""What the REST API is asked for, and how: integrations of the six kinds, and the refusals that store nothing."""

from typing import Any

from sandbox.slack import GENERAL
from tests.receiver.doors import stored
from tests.world import World

TEAM = "T0DEV00001"
INTEGRATIONS = "/api/v1/integrations"
NAMES = ("source_service", "target_service", "event_type")
KINDS = [
    ("slack", "jira", "create_ticket"), ("slack", "jira", "add_comment"), ("jira", "slack", "post_message"),
    ("github", "slack", "post_message"), ("slack", "github", "create_issue"), ("slack", "github", "add_comment"),
]  # fmt: skip
POST = {"channel": GENERAL, "text": "hello"}
ONE_OF = {
    "integrations": "integration", "mappings": "mapping", "deliveries": "delivery", "subscriptions": "subscription",
}  # fmt: skip


def body(kind: tuple[str, str, str], payload: Any) -> dict[str, Any]:
    return {**dict(zip(NAMES, kind, strict=True)), "payload": payload}


def ask(world: World, kind: tuple[str, str, str], payload: dict[str, Any]) -> int:
    """Ask over REST, comparing the whole answer."""
    answer = world.call("POST", INTEGRATIONS, body(kind, payload))
    given = answer.json()
    assert (answer.status_code, given) == (
        201, {"success": True, "message": "Integration created", "integration_id": given.get("integration_id")},
    ), answer.text  # fmt: skip
    assert isinstance(given["integration_id"], int)
    return given["integration_id"]


def row(world: World, row_id: int) -> dict[str, Any]:
    answer = world.call("GET", f"{INTEGRATIONS}/{row_id}")
    assert (answer.status_code, set(answer.json())) == (200, {"success", "integration"})
    return answer.json()["integration"]


def part(whole: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: whole[name] for name in names}


def refusal(world: World, given: Any, **headers: str) -> dict[str, Any]:
    """A 422 that stores nothing."""
    before = stored(world)
    answer = world.call("POST", INTEGRATIONS, given, **headers)
    assert (answer.status_code, answer.json()["success"]) == (422, False), answer.text
    assert stored(world) == before
    return answer.json()["error"]
