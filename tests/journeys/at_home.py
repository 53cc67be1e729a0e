"""What the journeys in the App Home share: how somebody uses theirs, and what they see there."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from sandbox.slack import MEMBER
from tests.world import World


@pytest.fixture(params=[True, False], ids=["cloud", "data center"])
def world(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[World]:
    """Both Jiras on one database: how rows are kept is tested elsewhere. The member has an account in Jira."""
    made = World(sqlite_url, cloud=request.param)
    made.give_account(MEMBER)
    yield made
    made.close()


def open_home(world: World, user: str = MEMBER) -> None:
    world.slack.open_home(user)
    world.settle()


def home(world: World, user: str = MEMBER) -> dict[str, Any]:
    found = world.slack.home(user)
    assert found is not None
    return found


def use(world: World, action: str, value: str | None = None, user: str = MEMBER) -> None:
    """Press, choose or type something in the home, and let it be done."""
    at_once(world, action, value, user)
    world.settle()


def at_once(world: World, action: str, value: str | None = None, user: str = MEMBER) -> None:
    answer = world.slack.click(user, action, value=value, view=home(world, user)["id"])
    assert (answer.status, answer.trouble) == (200, "")


def words(world: World, user: str = MEMBER) -> list[str]:
    """The words of the home's sections and small print."""
    return [
        text["text"]
        for block in home(world, user)["blocks"] if block["type"] in ("section", "context")
        for text in block.get("elements", [block.get("text")])
    ]  # fmt: skip


def listed(world: World) -> list[str]:
    """The keys of the issues that are shown."""
    lines = [line for line in words(world) if "/browse/" in line]
    return [line.partition("|")[2].partition(":")[0] for line in lines]


def views(world: World) -> list[dict[str, Any]]:
    """All that was published, oldest first."""
    return [json.loads(view) if isinstance(view := call.body["view"], str) else view
            for call in world.slack.calls_to("views.publish")]  # fmt: skip


def text_of(view: dict[str, Any]) -> str:
    """The heading of the list."""
    return next(block["text"]["text"] for block in view["blocks"] if block["type"] == "section")


def view_id(world: World) -> str:
    """The form that is open."""
    form = world.slack.current_view(MEMBER)
    assert form is not None
    return form["id"]


def direct(world: World) -> list[dict[str, Any]]:
    """The direct messages from connect to the member."""
    return [message for message in world.slack.history(world.slack.direct(MEMBER).id) if message.get("bot_id")]


def issue(world: World, summary: str, **fields: Any) -> str:
    world.clock.offset += timedelta(seconds=1)
    return world.jira.create("OPS", "Task", summary, **fields)
