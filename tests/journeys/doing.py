"""What the journeys of doing things in Jira share: an issue with its card, people with accounts, and what they see."""

from collections.abc import Iterator
from typing import Any

import pytest

from adapters.plain_text import to_text
from adapters.slack.markup import read_rich_text
from sandbox.jira.model import Issue, User
from sandbox.slack import ADMIN, GENERAL, MEMBER
from sandbox.slack.wire import rich_text
from tests.world import World

TEAM = "T0DEV00001"


@pytest.fixture(params=[True, False], ids=["cloud", "data center"])
def world(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[World]:
    """Both Jiras on one database: how rows are kept is tested elsewhere. OPS-1 has its card in the channel."""
    made = World(sqlite_url, cloud=request.param)
    made.jira.create("OPS", "Bug", "Printer is on fire")
    made.settle()
    made.slack.command(MEMBER, GENERAL, "/jira", "OPS-1 share")
    made.settle()
    made.slack.responses.clear()
    yield made
    made.close()


def issue(world: World) -> Issue:
    return world.jira.issues["OPS-1"]


def card(world: World) -> dict[str, Any]:
    (found,) = [message for message in world.slack.history(GENERAL) if message.get("bot_id")]
    return found


def account(world: World, user: str = MEMBER, name: str = "mia") -> User:
    return world.give_account(user, name)


def press(world: World, action: str, value: str = "OPS-1", user: str = MEMBER) -> None:
    """Press a button of the card, and let it be done."""
    answer = world.slack.click(user, action, value=value, message=card(world))
    assert (answer.status, answer.trouble) == (200, "")
    world.settle()


def type_(world: World, text: str, user: str = MEMBER) -> str:
    """Type a command, and let it be done; returns what was answered at once."""
    answer = world.slack.command(user, GENERAL, "/jira", text)
    assert (answer.status, answer.trouble) == (200, "")
    world.settle()
    return answer.body["text"] if answer.body else ""


def told(world: World, user: str = MEMBER) -> list[str]:
    """What connect told somebody privately after it had answered."""
    return [response["body"]["text"] for response in world.slack.responses if response["user"] == user]


def view(world: World, user: str = MEMBER) -> dict[str, Any]:
    found = world.slack.current_view(user)
    assert found is not None
    return found


def shown(world: World, user: str = MEMBER) -> str:
    """The words of the form that somebody sees."""
    return "\n".join(
        block["text"]["text"] if "text" in block else str(block.get("elements") or block["label"]["text"])
        for block in view(world, user)["blocks"]
    )


def send(world: World, user: str = MEMBER, **typed: Any) -> None:
    """Fill in the form's fields by block, and send it off."""
    form, values = view(world, user), dict[str, dict[str, Any]]()
    for block in form["blocks"]:
        name = _name(block)
        if name in typed:
            element = block["element"]
            values[block["block_id"]] = {element["action_id"]: _state(element["type"], typed.pop(name))}
    assert typed == {}
    answer = world.slack.submit(user, form["id"], values)
    assert answer.trouble == ""


def _name(block: dict[str, Any]) -> str:
    """What the tests call a field: by Jira's id, or by its block."""
    return block.get("block_id", "").partition("@")[0]


def _state(kind: str, given: Any) -> dict[str, Any]:
    if kind == "rich_text_input":
        return {"type": kind, "rich_text_value": rich_text(given)[0] if isinstance(given, str) else given}
    if kind.startswith("multi"):
        return {"type": kind, "selected_options": [option(each) for each in given]}
    if kind.endswith("select") or kind == "radio_buttons":
        return {"type": kind, "selected_option": option(given) if isinstance(given, str) else given}
    names = {"datepicker": "selected_date", "datetimepicker": "selected_date_time"}
    return {"type": kind, names.get(kind, "value"): given}


def option(value: str, shown: str = "") -> dict[str, Any]:
    """A choice in a select."""
    return {"text": {"type": "plain_text", "text": shown or value}, "value": value}


def held(world: World, name: str) -> Any:
    """What a field of the form holds before anybody touches it."""
    element = next(block["element"] for block in view(world)["blocks"] if _name(block) == name)
    if "initial_options" in element:
        return [each["value"] for each in element["initial_options"]]
    if element["type"] == "rich_text_input":
        return to_text(read_rich_text(element.get("initial_value", {})))
    chosen: dict[str, Any] = element.get("initial_option") or {}
    return element.get("initial_value") or element.get("initial_date") or chosen.get("value")


def offered(world: World, action: str, typed: str = "", user: str = MEMBER) -> list[tuple[str, str]]:
    """What a searching select offers: the words and the values."""
    found = world.slack.options(user, view(world, user)["id"], action, typed)
    return [(one["text"]["text"], one["value"]) for one in found]


def statuses(world: World) -> set[str]:
    return {row["status"] for row in world.rows("integrations")}


__all__ = ["ADMIN", "GENERAL", "MEMBER", "TEAM"]
