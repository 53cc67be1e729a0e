"""`views.*`: the windows that connect opens, the triggers they cost, and what stands in their fields."""

import copy
from typing import Any, cast

from sandbox.blocks import problems
from sandbox.slack import wire
from sandbox.slack.chat import Arguments, invalid
from sandbox.slack.wire import Json, Refusal
from sandbox.slack.workspace import Shown, Trigger, Workspace

TRIGGER_SECONDS = 3.0
MAX_MODALS = 3
LIMITS = {"callback_id": 255, "external_id": 255, "private_metadata": 3000}

# Where an element keeps its value in `state.values`, and where a view gives it one to begin with.
FIELDS = {
    "channels_select": ("selected_channel", "initial_channel"),
    "checkboxes": ("selected_options", "initial_options"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "datepicker": ("selected_date", "initial_date"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "email_text_input": ("value", "initial_value"),
    "external_select": ("selected_option", "initial_option"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_external_select": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "number_input": ("value", "initial_value"),
    "plain_text_input": ("value", "initial_value"),
    "radio_buttons": ("selected_option", "initial_option"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "timepicker": ("selected_time", "initial_time"),
    "url_text_input": ("value", "initial_value"),
    "users_select": ("selected_user", "initial_user"),
}


def trigger_for(slack: Workspace, user: str, view: str = "") -> str:
    """A fresh trigger id."""
    trigger_id = f"{slack.next_id()}.{slack.team}.sandbox"
    slack.triggers[trigger_id] = Trigger(user, slack.now(), view)
    return trigger_id


def open_view(slack: Workspace, arguments: Arguments) -> Json:
    """`views.open`."""
    given = checked(arguments.value("view"), ("modal",))
    trigger = _spend(slack, arguments)
    return {"view": copy.deepcopy(show(slack, trigger.user, given))}


def push_view(slack: Workspace, arguments: Arguments) -> Json:
    """`views.push`."""
    given = checked(arguments.value("view"), ("modal",))
    trigger = _spend(slack, arguments)
    if trigger.view not in _shown(slack, trigger.user).modals:
        raise Refusal("not_found")
    return {"view": copy.deepcopy(show(slack, trigger.user, given, push=True))}


def update_view(slack: Workspace, arguments: Arguments) -> Json:
    """`views.update`, for a window that is still open."""
    view_id, external_id = arguments.text("view_id", ""), arguments.text("external_id", "")
    seen = [each for shown in slack.shown.values() for each in (*shown.modals, shown.home) if each]
    views = [slack.views[each] for each in seen]
    view = next(
        (view for view in views if view["id"] == view_id or (external_id and view["external_id"] == external_id)), None
    )
    if view is None:
        raise Refusal("not_found")
    if arguments.text("hash", view["hash"]) != view["hash"]:
        raise Refusal("hash_conflict")
    replace(slack, view, checked(arguments.value("view"), (view["type"],)))
    return {"view": copy.deepcopy(view)}


def publish_view(slack: Workspace, arguments: Arguments) -> Json:
    """`views.publish`: the home tab of one user."""
    user = arguments.text("user_id")
    if user not in slack.users:
        raise invalid("invalid `user_id`")
    given = checked(arguments.value("view"), ("home",))
    shown = _shown(slack, user)
    if shown.home and arguments.text("hash", slack.views[shown.home]["hash"]) != slack.views[shown.home]["hash"]:
        raise Refusal("hash_conflict")
    if shown.home:
        replace(slack, slack.views[shown.home], given)
    else:
        shown.home = _keep(slack, given)["id"]
    return {"view": copy.deepcopy(slack.views[shown.home])}


def show(slack: Workspace, user: str, given: Json, *, push: bool = False) -> Json:
    """Put a window on a user's screen: alone, or on top of what is there."""
    modals = _shown(slack, user).modals
    if push and len(modals) >= MAX_MODALS:
        raise Refusal("push_limit_reached")
    view = _keep(slack, given)
    if push and modals:
        view |= {"root_view_id": modals[0], "previous_view_id": modals[-1]}
        modals.append(view["id"])
    else:
        modals[:] = [view["id"]]
    return view


def replace(slack: Workspace, view: Json, given: Json) -> None:
    """Give an open view new content; what was typed stays where block and action are the same."""
    typed = view["state"]["values"]
    view |= _content(slack, given)
    state = view["state"]["values"]
    for block_id, actions in typed.items():
        for action_id, value in actions.items():
            if action_id in state.get(block_id, {}):
                state[block_id][action_id] = value


def checked(given: Any, kinds: tuple[str, ...]) -> Json:
    """A view that Slack would take; raises `Refusal`."""
    if not isinstance(given, dict):
        raise invalid("must be an object [json-pointer:/view]")
    view = cast("Json", given)
    if view.get("type") not in kinds:
        raise invalid(f"unsupported type: {view.get('type')} [json-pointer:/view/type]")
    found = [problem.replace("pointer:", "pointer:/view") for problem in problems(view.get("blocks"), view["type"])]
    found += _problems(view)
    if found:
        raise invalid(*found)
    if len(str(view)) > 250_000:
        raise Refusal("view_too_large")
    return view


def _problems(view: Json) -> list[str]:
    found = [
        f"must be less than {limit + 1} characters [json-pointer:/view/{key}]"
        for key, limit in LIMITS.items()
        if len(view.get(key) or "") > limit
    ]
    if view["type"] == "home":
        return found
    for key in ("title", "submit", "close"):
        text = view.get(key)
        if text is None:
            needed = key == "title" or (key == "submit" and any(block["type"] == "input" for block in view["blocks"]))
            found += [f"missing required field: {key} [json-pointer:/view]"] if needed else []
        elif text.get("type") != "plain_text" or not 1 <= len(text.get("text", "")) <= 24:
            found.append(f"must be a plain_text of 1 to 24 characters [json-pointer:/view/{key}]")
    return found


def _spend(slack: Workspace, arguments: Arguments) -> Trigger:
    trigger = slack.triggers.get(arguments.text("trigger_id"))
    if trigger is None:
        raise Refusal("invalid_trigger_id")
    if trigger.used:
        raise Refusal("exchanged_trigger_id")
    if slack.now() - trigger.at > TRIGGER_SECONDS:
        raise Refusal("expired_trigger_id")
    trigger.used = True
    return trigger


def _shown(slack: Workspace, user: str) -> Shown:
    return slack.shown.setdefault(user, Shown())


def _keep(slack: Workspace, given: Json) -> Json:
    view_id = f"V0DEV{slack.next_id():05d}"
    view = {"id": view_id, "root_view_id": view_id, "previous_view_id": None} | _content(slack, given)
    slack.views[view_id] = view
    return view


def _content(slack: Workspace, given: Json) -> Json:
    blocks = wire.identified(given["blocks"])
    return {
        "team_id": slack.team,
        "type": given["type"],
        "blocks": blocks,
        "private_metadata": given.get("private_metadata") or "",
        "callback_id": given.get("callback_id") or "",
        "state": {"values": initial_values(blocks)},
        "hash": f"{int(slack.now())}.{slack.next_id()}",
        "title": given.get("title"),
        "clear_on_close": bool(given.get("clear_on_close")),
        "notify_on_close": bool(given.get("notify_on_close")),
        "close": given.get("close"),
        "submit": given.get("submit"),
        "app_id": wire.APP_ID,
        "external_id": given.get("external_id") or "",
        "app_installed_team_id": slack.team,
        "bot_id": wire.BOT_ID,
    }


def initial_values(blocks: list[Json]) -> Json:
    """`state.values` of a form nobody has touched: every field, null where it is empty."""
    values: Json = {}
    for block in blocks:
        for element in wire.interactive(block):
            if element["type"] in FIELDS:
                field, initial = FIELDS[element["type"]]
                empty: list[Json] | None = [] if field.endswith("s") else None
                state = {"type": element["type"], field: element.get(initial, empty)}
                values.setdefault(block["block_id"], {})[element["action_id"]] = state
    return values
