"""A card of GitHub's and its buttons, as the journeys of doing things by them begin."""

from typing import Any

from sandbox.github.state import Pull
from sandbox.slack import GENERAL, MEMBER
from tests.journeys.on_github import settle, ticket
from tests.world import World


def card(world: World, number: int) -> dict[str, Any]:
    """The channel's live card, shared if it is not there."""
    name = f"acme/web#{number}:"
    found = [message for message in world.slack.history(GENERAL) if message["text"].startswith(name)]
    if not found:
        world.slack.command(MEMBER, GENERAL, "/github", f"acme/web#{number} share")
        settle(world)
        world.slack.responses.clear()
        return card(world, number)
    return found[0]


def values(message: dict[str, Any]) -> dict[str, str]:
    """What a card's buttons hold, by action id; the choices of the menu by their first word."""
    (row,) = [block for block in message["blocks"] if block["type"] == "actions"]
    found: dict[str, str] = {}
    for element in row["elements"]:
        found |= {one["value"].split()[0]: one["value"] for one in element.get("options", [])}
        found |= {element["action_id"]: element["value"]} if "value" in element else {}
    return found


def change(world: World) -> Pull:
    """The pull request."""
    pull = ticket(world, 2).pull
    assert pull is not None
    return pull


def press(world: World, number: int, name: str, user: str = MEMBER, message: dict[str, Any] | None = None) -> None:
    """Press a button, or choose from the menu, and let it be done."""
    message = message or card(world, number)
    action = name if name.startswith("github_") else "github_more"
    answer = world.slack.click(user, action, value=values(message)[name], message=message)
    assert (answer.status, answer.trouble) == (200, "")
    settle(world)
