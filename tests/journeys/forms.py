"""What a person does with the form "Create Jira issue": fields go by the labels that they see."""

from typing import Any

from adapters.plain_text import to_text
from adapters.slack.markup import read_rich_text
from sandbox.slack import MEMBER
from sandbox.slack.wire import rich_text
from tests.world import World

type Json = dict[str, Any]
DISPATCHED = ("Project", "Type", "Repository", "Template")


def current(world: World, user: str = MEMBER) -> Json:
    """The window that the person sees."""
    view = world.slack.current_view(user)
    assert view is not None
    return view


def opened(world: World, channel: str) -> Json:
    """The form, opened by the command."""
    assert world.slack.command(MEMBER, channel, "/jira", "create").trouble == ""
    return current(world)


def labels(view: Json) -> list[str]:
    """The labels of the fields, from top to bottom."""
    return [block["label"]["text"] for block in view["blocks"] if block["type"] == "input"]


def said(view: Json) -> list[str]:
    """What stands between the fields: sentences and the words on buttons."""
    texts: list[str] = []
    for block in view["blocks"]:
        parts: list[Any] = [block.get("text"), *block.get("elements", [])]
        texts += [part["text"] if isinstance(part["text"], str) else part["text"]["text"] for part in parts if part]
    return texts


def field(view: Json, label: str) -> Json:
    """The block with this label."""
    return next(block for block in view["blocks"] if block["type"] == "input" and block["label"]["text"] == label)


def shown(view: Json, label: str) -> Any:
    """What stands in a field, as the person reads it; None if nothing does."""
    block = field(view, label)
    state: Json = view["state"]["values"][block["block_id"]][block["element"]["action_id"]]
    if state.get("rich_text_value"):
        return to_text(read_rich_text(state["rich_text_value"]))
    if state.get("selected_option"):
        return state["selected_option"]["text"]["text"]
    if state.get("selected_options"):
        return [each["text"]["text"] for each in state["selected_options"]]
    return next((value for name, value in state.items() if name != "type" and value), None)


def offered(world: World, view: Json, label: str, query: str = "") -> list[Json]:
    """The choices that a select offers for what is typed into it."""
    element = field(view, label)["element"]
    if "options" in element:
        return [each for each in element["options"] if query.casefold() in each["text"]["text"].casefold()]
    return world.slack.options(MEMBER, view["id"], element["action_id"], query)


def fill(world: World, values: dict[str, Any], user: str = MEMBER) -> Json:
    """Type and choose, field by field; returns the form as it is afterwards."""
    for label, value in values.items():
        view = current(world, user)
        block = field(view, label)
        state = view["state"]["values"][block["block_id"]][block["element"]["action_id"]]
        state |= _state(world, view, label, value)
        if label in DISPATCHED:
            chosen = state["selected_option"]["value"]
            assert world.slack.click(user, block["element"]["action_id"], value=chosen, view=view["id"]).trouble == ""
    return current(world, user)


def press(world: World, action_id: str, user: str = MEMBER) -> Json:
    """Press a button of the form."""
    assert world.slack.click(user, action_id, view=current(world, user)["id"]).trouble == ""
    return current(world, user)


def submit(world: World, user: str = MEMBER) -> Json:
    """Send the form, and let all that follows happen; returns what the person sees then."""
    assert world.slack.submit(user, current(world, user)["id"]).trouble == ""
    world.settle()
    return current(world, user)


def _state(world: World, view: Json, label: str, value: Any) -> Json:
    kind: str = field(view, label)["element"]["type"]
    if kind == "rich_text_input":
        return {"rich_text_value": rich_text(value)[0] if isinstance(value, str) else value}
    if kind in ("datepicker", "datetimepicker"):
        return {"selected_date" if kind == "datepicker" else "selected_date_time": value}
    if kind == "checkboxes":
        return {"selected_options": field(view, label)["element"]["options"] if value else []}
    if not kind.endswith("_select"):
        return {"value": value}
    chosen = [offered(world, view, label, each)[0] for each in ([value] if isinstance(value, str) else value)]
    return {"selected_options": chosen} if kind.startswith("multi") else {"selected_option": chosen[0]}
