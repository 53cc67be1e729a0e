"""Clicks and forms: what people do with the buttons and windows that connect shows them."""

import copy
from typing import Any, cast

from sandbox.slack import views, wire
from sandbox.slack.people import Answer, People
from sandbox.slack.wire import Json, Refusal
from sandbox.slack.workspace import Shown


class Forms(People):
    """People who also use buttons and windows."""

    def current_view(self, user: str) -> Json | None:
        """The modal that the user sees now."""
        modals = self.shown.get(user, Shown()).modals
        return self.views[modals[-1]] if modals else None

    def home(self, user: str) -> Json | None:
        """The home tab that was published for the user."""
        shown = self.shown.get(user, Shown())
        return self.views.get(shown.home)

    def fill(self, view_id: str, values: dict[str, dict[str, Json]]) -> None:
        """Type into a window (`state` objects by block and action) without sending it off."""
        with self.lock:
            _fill(self.views[view_id], values)

    def click(
        self,
        user: str,
        action_id: str,
        *,
        value: str | None = None,
        chosen: Json | None = None,
        message: str | Json = "",
        view: str = "",
        block_id: str = "",
    ) -> Answer:
        """Use a button or menu in a message (its ts, or the message itself) or in a view (its id).

        `value` is the choice in a menu; on buttons, it tells those with the same action id apart. `chosen` is the
        choice as a `state` object, for options that have words of their own. `block_id` is needed where several blocks
        have elements alike.
        """
        if view:
            shown = self.views[view]
            payload: Json = {"container": {"type": "view", "view_id": view}}
        else:
            ts = message if isinstance(message, str) else str(message["ts"])
            shown, payload = self._message_context(user, ts)
        block, element = _element(
            [each for each in shown["blocks"] if block_id in ("", each["block_id"])], action_id, value
        )
        if block["type"] == "input" and not block.get("dispatch_action"):
            raise ValueError(f"the app is not told of {action_id} before the form is sent off")
        payload |= {"type": "block_actions", "actions": [self._action(block, element, value) | (chosen or {})]}
        if view:
            _choose(shown, block, element, value)
            _fill(shown, {block["block_id"]: {action_id: chosen}} if chosen else {})
            payload |= {"view": copy.deepcopy(shown)}
        payload |= {"state": {"values": views.initial_values(shown["blocks"])} if not view else shown["state"]}
        return self._interact(user, payload, view)

    def options(self, user: str, view_id: str, action_id: str, query: str) -> list[Json]:
        """Type into a menu whose options the app looks up; returns the options that appear."""
        view = self.views[view_id]
        block, _ = _element(view["blocks"], action_id, None)
        answer = self._interact(
            user,
            {
                "type": "block_suggestion",
                "action_id": action_id,
                "block_id": block["block_id"],
                "value": query,
                "container": {"type": "view", "view_id": view_id},
                "view": copy.deepcopy(view),
            },
        )
        given: object = answer.body
        if answer.trouble or not isinstance(given, dict):
            raise ValueError(f"the menu stays empty: {answer}")
        body = cast("Json", given)
        menu: Json = {"type": "static_select", "action_id": action_id} | body
        if body.get("options") or body.get("option_groups"):
            views.checked(_probe(menu), ("home",))
        groups: list[Json] = body.get("option_groups") or [body]
        return [option for group in groups for option in group["options"]]

    def submit(self, user: str, view_id: str, values: dict[str, dict[str, Json]] | None = None) -> Answer:
        """Fill a modal in (`state` objects by block and action) and send it off; the screen follows the answer.

        Raises ValueError where Slack itself keeps the form open, because a field that is needed is empty.
        """
        view = self.views[view_id]
        if view_id not in self.shown[user].modals:
            raise ValueError("the window is not open")
        _fill(view, values or {})
        empty = _missing(view)
        if empty:
            raise ValueError(f"Slack keeps the form open: {', '.join(empty)} must be filled in")
        self.form_errors.pop(view_id, None)
        payload: Json = {"type": "view_submission", "view": copy.deepcopy(view), "response_urls": []}
        answer = self._interact(user, payload, view_id)
        if answer.trouble:
            return answer
        try:
            with self.lock:
                self._follow(user, view, answer.body)
        except Refusal as refusal:
            self.refused("the answer to a form", refusal, user=user)
            return Answer(answer.status, answer.body, f"{refusal.code} {refusal.extra}".removesuffix(" {}"))
        return answer

    def close_view(self, user: str, view_id: str) -> Answer:
        """Close a modal without sending it; the app hears of it if it asked to."""
        view = self.views[view_id]
        with self.lock:
            modals = self.shown[user].modals
            del modals[0 if view["clear_on_close"] else modals.index(view_id) :]
        if not view["notify_on_close"]:
            return Answer(200, "")
        return self._interact(user, {"type": "view_closed", "view": copy.deepcopy(view), "is_cleared": False})

    # --- private -----------------------------------------------------------------------------------------------------

    def _message_context(self, user: str, ts: str) -> tuple[Json, Json]:
        place, message = self.located(ts)
        hidden = bool(message.get("is_ephemeral"))
        container: Json = {
            "type": "message",
            "message_ts": ts,
            "channel_id": place.id,
            "is_ephemeral": hidden,
        }
        container |= {"thread_ts": message["thread_ts"]} if "thread_ts" in message else {}
        payload: Json = {
            "container": container,
            "channel": {"id": place.id, "name": place.name or "directmessage"},
            "response_url": self.response_url(user, place.id, ts),
        }
        if not hidden:
            # Slack does not keep ephemeral messages, so it cannot show them to the app either.
            payload["message"] = {key: copy.deepcopy(value) for key, value in message.items() if key != "metadata"}
        return message, payload

    def _action(self, block: Json, element: Json, value: str | None) -> Json:
        action: Json = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
        action["action_ts"] = self.next_ts()
        if element["type"] == "button":
            return action | {"text": element["text"]} | ({"value": element["value"]} if "value" in element else {})
        if element["type"] == "overflow":
            return action | {"selected_option": _option(element, value or "")}
        return action | _state(element, value)

    def _follow(self, user: str, view: Json, given: object) -> None:
        """Do with the screen what the app says: https://docs.slack.dev/surfaces/modals#response_actions."""
        modals = self.shown[user].modals
        answer: Json = cast("Json", given) if isinstance(given, dict) else {"response_action": given or None}
        match answer.get("response_action"):
            case None:
                modals.remove(view["id"])
            case "clear":
                modals.clear()
            case "errors":
                fields = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
                unknown = [block_id for block_id in answer["errors"] if block_id not in fields]
                if unknown or not answer["errors"]:
                    raise Refusal("invalid_errors", unknown=unknown)
                self.form_errors[view["id"]] = answer["errors"]
            case "update":
                views.replace(self, view, views.checked(answer.get("view"), ("modal",)))
            case "push":
                views.show(self, user, views.checked(answer.get("view"), ("modal",)), push=True)
            case other:
                raise Refusal("invalid_response_action", given=other)


def _element(blocks: list[Json], action_id: str, value: str | None) -> tuple[Json, Json]:
    found = [(block, each) for block in blocks for each in wire.interactive(block) if each["action_id"] == action_id]
    exact = [(block, each) for block, each in found if value is None or _takes(each, value)]
    if not exact:
        raise ValueError(f"nothing to click: {action_id} {value or ''}")
    return exact[0]


def _takes(element: Json, value: str) -> bool:
    """Whether this is the button, or a menu with the choice, that `value` names."""
    if element["type"] == "button":
        return element.get("value") == value
    return element["type"] != "overflow" or any(option["value"] == value for option in element["options"])


def _option(element: Json, value: str) -> Json:
    groups: list[Json] = element.get("option_groups") or [element]
    offered: list[Json] = [option for group in groups for option in group.get("options", [])]
    if not offered:
        # The options of an external menu are not part of the view.
        return {"text": {"type": "plain_text", "text": value}, "value": value}
    return next(option for option in offered if option["value"] == value)


def _state(element: Json, value: str | None) -> Json:
    """What the field holds after `value` was chosen; several choices are separated by commas."""
    field, _ = views.FIELDS[element["type"]]
    chosen: Any = value
    if field == "selected_option":
        chosen = _option(element, value) if value else None
    elif field == "selected_options":
        chosen = [_option(element, each) for each in (value or "").split(",") if each]
    elif field.endswith("s"):
        chosen = [each for each in (value or "").split(",") if each]
    return {"type": element["type"], field: chosen}


def _choose(view: Json, block: Json, element: Json, value: str | None) -> None:
    if element["type"] in views.FIELDS:
        held: Json = view["state"]["values"][block["block_id"]][element["action_id"]].get("selected_option") or {}
        if held.get("value") == value:
            return  # with the words that the app gave the option
        view["state"]["values"][block["block_id"]][element["action_id"]] = _state(element, value)


def _fill(view: Json, values: dict[str, dict[str, Json]]) -> None:
    state = view["state"]["values"]
    for block_id, actions in values.items():
        for action_id, given in actions.items():
            if action_id not in state.get(block_id, {}):
                raise ValueError(f"the form has no field {block_id}/{action_id}")
            state[block_id][action_id] |= given


def _missing(view: Json) -> list[str]:
    found: list[str] = []
    for block in view["blocks"]:
        if block["type"] == "input" and not block.get("optional"):
            state = view["state"]["values"].get(block["block_id"], {}).get(block["element"]["action_id"], {})
            field, _ = views.FIELDS.get(block["element"]["type"], ("value", ""))
            found += [] if state.get(field) else [block["block_id"]]
    return found


def _probe(menu: Json) -> Json:
    """A view with the menu in it, so that options are held to the same rules."""
    return {"type": "home", "blocks": [{"type": "actions", "elements": [menu]}]}
