"""Slack's rules for Block Kit, as far as an app can break them: pure, `problems` in Slack's own wording.

Source of the limits: docs.slack.dev/reference/block-kit
"""

from collections.abc import Container
from typing import Any, Literal, cast

type Json = dict[str, Any]
type Surface = Literal["message", "modal", "home"]

MAX_BLOCKS = {"message": 50, "modal": 100, "home": 100}
EVERYWHERE = frozenset({"section", "divider", "image", "actions", "context", "header", "input", "rich_text", "video"})
MESSAGES_ONLY = frozenset({"markdown", "table", "file", "call", "context_actions", "card", "carousel", "container"})
SELECTS = frozenset(
    f"{prefix}{kind}_select"
    for prefix in ("", "multi_")
    for kind in ("static", "external", "users", "conversations", "channels")
)
CHOICES = SELECTS | {"checkboxes", "radio_buttons", "datepicker", "timepicker"}
ELEMENTS = {
    "actions": CHOICES | {"button", "overflow", "datetimepicker", "workflow_button"},
    "accessory": CHOICES | {"button", "overflow", "image", "workflow_button"},
    "context": frozenset({"image", "mrkdwn", "plain_text"}),
    "input": CHOICES
    | {
        "datetimepicker",
        "email_text_input",
        "file_input",
        "number_input",
        "plain_text_input",
        "rich_text_input",
        "url_text_input",
    },
}
OPTION_LIMITS = {"overflow": 5, "checkboxes": 10, "radio_buttons": 10}
RICH = frozenset({"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"})
# What an inline element of rich text must say, by type.
RICH_INLINE = {
    "text": "text",
    "link": "url",
    "user": "user_id",
    "usergroup": "usergroup_id",
    "channel": "channel_id",
    "emoji": "name",
    "broadcast": "range",
    "date": "timestamp",
    "color": "value",
}


def problems(blocks: object, surface: Surface) -> list[str]:
    """What Slack would say against these blocks on this surface; empty if nothing."""
    if not isinstance(blocks, list):
        return ["must be an array [json-pointer:/blocks]"]
    return _Check(surface).all(cast("list[object]", blocks))


class _Check:
    """Walks blocks and collects what is wrong, each with its JSON pointer."""

    def __init__(self, surface: Surface) -> None:
        self._surface = surface
        self._found: list[str] = []

    def all(self, blocks: list[object]) -> list[str]:
        self._count(blocks, "/blocks", MAX_BLOCKS[self._surface], least=0)
        seen: set[str] = set()
        for index, block in enumerate(blocks):
            at = f"/blocks/{index}"
            if not isinstance(block, dict):
                self._say("must be an object", at)
                continue
            self._block(cast("Json", block), at)
            self._unique("block_id", _get(cast("object", block), "block_id"), seen, at)
        if sum(_type(block) == "table" for block in blocks) > 1:
            self._say("only_one_table_allowed", "/blocks")
        return self._found

    # --- blocks ------------------------------------------------------------------------------------------------------

    def _block(self, block: Json, at: str) -> None:
        kind = _type(block)
        allowed = EVERYWHERE | MESSAGES_ONLY if self._surface == "message" else EVERYWHERE
        if kind not in allowed:
            self._say(f"unsupported type: {kind}", f"{at}/type")
            return
        check = getattr(self, f"_{kind}", None)
        if check is not None:
            check(block, at)

    def _section(self, block: Json, at: str) -> None:
        fields = block.get("fields")
        if "text" in block or not fields:
            self._text(block.get("text"), f"{at}/text", 3000)
        if fields is not None:
            for index, field in enumerate(self._items(block, "fields", at, 10)):
                self._text(field, f"{at}/fields/{index}", 2000)
        if "accessory" in block:
            self._element(block["accessory"], f"{at}/accessory", ELEMENTS["accessory"])

    def _header(self, block: Json, at: str) -> None:
        self._text(block.get("text"), f"{at}/text", 150, plain=True)

    def _image(self, block: Json, at: str) -> None:
        self._string(block, "alt_text", at, 2000)
        if "slack_file" not in block:
            self._string(block, "image_url", at, 3000)
        if "title" in block:
            self._text(block.get("title"), f"{at}/title", 2000, plain=True)

    def _markdown(self, block: Json, at: str) -> None:
        self._string(block, "text", at, 12000)

    def _actions(self, block: Json, at: str) -> None:
        seen: set[str] = set()
        for index, element in enumerate(self._items(block, "elements", at, 25)):
            where = f"{at}/elements/{index}"
            self._element(element, where, ELEMENTS["actions"])
            self._unique("action_id", _get(element, "action_id"), seen, where)

    def _context(self, block: Json, at: str) -> None:
        for index, element in enumerate(self._items(block, "elements", at, 10)):
            where = f"{at}/elements/{index}"
            if _type(element) in ("mrkdwn", "plain_text"):
                self._text(element, where, 3000)
            else:
                self._element(element, where, ELEMENTS["context"])

    def _input(self, block: Json, at: str) -> None:
        self._text(block.get("label"), f"{at}/label", 2000, plain=True)
        if block.get("hint") is not None:
            self._text(block.get("hint"), f"{at}/hint", 2000, plain=True)
        self._element(block.get("element"), f"{at}/element", ELEMENTS["input"])

    def _table(self, block: Json, at: str) -> None:
        for index, row in enumerate(self._items(block, "rows", at, 100)):
            self._count(row, f"{at}/rows/{index}", 20)
            for column, cell in enumerate(cast("list[object]", row) if isinstance(row, list) else []):
                self._cell(cell, f"{at}/rows/{index}/{column}")

    def _cell(self, given: object, at: str) -> None:
        cell: Json = cast("Json", given) if isinstance(given, dict) else {}
        if cell.get("type") == "raw_text":
            self._string(cell, "text", at, 3000)
        elif cell.get("type") == "rich_text":
            self._rich_text(cell, at)
        else:
            self._say(f"unsupported type: {cell.get('type')}", f"{at}/type")

    def _rich_text(self, block: Json, at: str) -> None:
        for index, element in enumerate(self._items(block, "elements", at, None)):
            self._rich(element, f"{at}/elements/{index}", RICH)

    def _rich(self, element: object, at: str, allowed: Container[str]) -> None:
        if _type(element) not in allowed:
            self._say("unsupported type in rich text", at)
            return
        part = cast("Json", element)
        if part["type"] in RICH:
            inside = {"rich_text_section"} if part["type"] == "rich_text_list" else set(RICH_INLINE)
            for index, child in enumerate(self._items(part, "elements", at, None, least=0)):
                self._rich(child, f"{at}/elements/{index}", inside)
        elif not part.get(RICH_INLINE[part["type"]]):
            self._say(f"missing required field: {RICH_INLINE[part['type']]}", at)

    # --- elements ----------------------------------------------------------------------------------------------------

    def _element(self, given: object, at: str, allowed: Container[str]) -> None:
        kind = _type(given)
        if kind not in allowed:
            self._say(f"unsupported type: {kind}", f"{at}/type")
            return
        element = cast("Json", given)
        if kind == "image":
            self._image(element, at)
            return
        self._string(element, "action_id", at, 255, required=False)
        if element.get("placeholder") is not None:
            self._text(element.get("placeholder"), f"{at}/placeholder", 150, plain=True)
        if element.get("confirm") is not None:
            self._confirm(element["confirm"], f"{at}/confirm")
        if kind == "button":
            self._button(element, at)
        if kind in OPTION_LIMITS or kind in ("static_select", "multi_static_select"):
            self._choices(element, at, OPTION_LIMITS.get(kind, 100))

    def _button(self, button: Json, at: str) -> None:
        self._text(button.get("text"), f"{at}/text", 75, plain=True)
        self._string(button, "value", at, 2000, required=False)
        self._string(button, "url", at, 3000, required=False)
        if button.get("style", "primary") not in ("primary", "danger"):
            self._say("must be a valid enum value", f"{at}/style")

    def _confirm(self, given: object, at: str) -> None:
        confirm: Json = cast("Json", given) if isinstance(given, dict) else {}
        for key, limit in (("title", 100), ("confirm", 30), ("deny", 30)):
            self._text(confirm.get(key), f"{at}/{key}", limit, plain=True)
        self._text(confirm.get("text"), f"{at}/text", 300)

    def _choices(self, element: Json, at: str, limit: int) -> None:
        groups = element.get("option_groups")
        if groups is None:
            offered = self._options(element, at, limit)
        else:
            offered: list[object] = []
            for index, group in enumerate(self._items(element, "option_groups", at, 100)):
                where = f"{at}/option_groups/{index}"
                self._text(cast("Json", group).get("label"), f"{where}/label", 75, plain=True)
                offered += self._options(cast("Json", group), where, limit)
        initial: list[object] = [element["initial_option"]] if element.get("initial_option") else []
        initial += element.get("initial_options") or []
        if any(option not in offered for option in initial):
            self._say("initial option does not match any of the options", at)

    def _options(self, container: Json, at: str, limit: int) -> list[object]:
        options = self._items(container, "options", at, limit)
        seen: set[str] = set()
        for index, option in enumerate(options):
            where = f"{at}/options/{index}"
            entry: Json = cast("Json", option) if isinstance(option, dict) else {}
            self._text(entry.get("text"), f"{where}/text", 75)
            self._string(entry, "value", where, 150)
            self._unique("value", entry.get("value"), seen, where)
        return options

    # --- values ------------------------------------------------------------------------------------------------------

    def _text(self, text: object, at: str, limit: int, *, plain: bool = False) -> None:
        """A text object, between one character and `limit`."""
        parent, _, key = at.rpartition("/")
        if text is None:
            self._say(f"missing required field: {key}", parent)
        elif _type(text) not in (("plain_text",) if plain else ("plain_text", "mrkdwn")):
            self._say("must be a plain_text object" if plain else "failed to match all allowed schemas", at)
        else:
            self._string(cast("Json", text), "text", at, limit)

    def _string(self, container: Json, key: str, at: str, limit: int, *, required: bool = True) -> None:
        value = container.get(key)
        if value is None:
            if required:
                self._say(f"missing required field: {key}", at)
        elif not isinstance(value, str):
            self._say("must be a string", f"{at}/{key}")
        elif len(value) > limit:
            self._say(f"must be less than {limit + 1} characters", f"{at}/{key}")
        elif required and not value:
            self._say("must be more than 0 characters", f"{at}/{key}")

    def _items(self, container: Json, key: str, at: str, limit: int | None, *, least: int = 1) -> list[object]:
        items = container.get(key)
        self._count(items, f"{at}/{key}", limit, least=least)
        return cast("list[object]", items) if isinstance(items, list) else []

    def _count(self, items: object, at: str, limit: int | None, *, least: int = 1) -> None:
        if not isinstance(items, list):
            self._say("must be an array", at)
            return
        count = len(cast("list[object]", items))
        if limit is not None and count > limit:
            self._say(f"no more than {limit} items allowed", at)
        if count < least:
            self._say(f"no fewer than {least} items allowed", at)

    def _unique(self, name: str, value: object, seen: set[str], at: str) -> None:
        if not isinstance(value, str):
            return
        if name == "block_id" and len(value) > 255:
            self._say("must be less than 256 characters", f"{at}/{name}")
        if value in seen:
            self._say(f"`{name}` {value} already exists", f"{at}/{name}")
        seen.add(value)

    def _say(self, problem: str, at: str) -> None:
        self._found.append(f"{problem} [json-pointer:{at}]")


def _get(given: object, key: str) -> object:
    return cast("Json", given).get(key) if isinstance(given, dict) else None


def _type(given: object) -> str:
    return str(_get(given, "type"))
