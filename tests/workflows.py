"""What journeys through workflows share: the functions of the manifest, and a step that is run to its end."""

from pathlib import Path
from typing import Any

import yaml

from tests.world import World

FUNCTIONS: dict[str, Any] = yaml.safe_load((Path(__file__).parents[1] / "manifest.yml").read_text(encoding="utf-8"))[
    "functions"
]


def run(world: World, name: str, user: str, /, **inputs: Any) -> dict[str, Any]:
    """A workflow that `user` started (empty: a schedule) reaches a step; the step as it is when all is done."""
    world.slack.declare(FUNCTIONS)
    execution = world.slack.run_step(name, inputs, user)
    world.settle()
    return world.slack.steps[execution]


def ended(step: dict[str, Any]) -> Any:
    """The step's outputs, or why it failed."""
    assert step["state"] in ("completed", "failed"), step
    return step["outputs"] if step["state"] == "completed" else step["error"]


def direct(world: World, user: str) -> list[str]:
    """What connect told somebody in a direct message."""
    return [message["text"] for message in world.slack.direct(user).messages if message.get("bot_id")]
