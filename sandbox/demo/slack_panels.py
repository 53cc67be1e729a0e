"""What people see in Slack, as readable lines: messages, threads and forms, read from their blocks."""

import re
from collections.abc import Iterable
from typing import cast

from sandbox.demo.screen import Line, Panel, Style
from sandbox.slack import SlackStandIn
from sandbox.slack.views import FIELDS
from sandbox.slack.wire import Json

EMOJI = {"white_check_mark": "✅", "hourglass_flowing_sand": "⏳", "warning": "⚠️"}
_REFERENCE = re.compile(r"<([@#!]?)([^>|]+)(?:\|([^>]*))?>")
_STRONG = re.compile(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])")
_EMPHASIZED = re.compile(r"(?<!\w)_([^_\n]+)_(?!\w)")


def messages(slack: SlackStandIn, title: str, shown: Iterable[Json]) -> Panel:
    """Messages of a channel or thread, each with its author; replies are marked."""
    lines = [line for message in shown for line in _message(slack, message)]
    return Panel(f"Slack, {title}", lines or [Line("(nothing here)", "dim")])


def thread(slack: SlackStandIn, channel: str, ts: str, last: int = 99) -> Panel:
    """A message and the last of its replies."""
    shown = slack.thread(channel, ts)
    replies = shown[1:][-last:]
    left_out = len(shown) - 1 - len(replies)
    panel = messages(slack, f"#{slack.channels[channel].name}, in the thread", [*shown[:1], *replies])
    if left_out > 0:
        panel.lines.insert(len(_message(slack, shown[0])), Line(f"({left_out} more)", "dim", "⋮"))
    return panel


def channel(slack: SlackStandIn, channel_id: str, last: int = 1) -> Panel:
    """The last messages that stand in a channel itself."""
    return messages(slack, f"#{slack.channels[channel_id].name}", slack.history(channel_id)[-last:])


def private(slack: SlackStandIn, user: str) -> Panel:
    """The last message that one person alone sees."""
    shown = slack.ephemeral(user)[-1:]
    return messages(slack, f"only {_name(slack, user)} sees", shown)


def form(slack: SlackStandIn, user: str) -> Panel:
    """The window that is open on somebody's screen."""
    view, title = slack.current_view(user), f"Slack, on {_name(slack, user)}'s screen"
    if view is None:
        return Panel(title, [Line("(no window is open)", "dim")])
    lines: list[Line] = []
    for block in view["blocks"]:
        lines += [_field(view, block)] if block["type"] == "input" else _block(slack, block)
    buttons = [f"[ {view[name]['text']} ]" for name in ("submit", "close") if view.get(name)]
    return Panel(f"{title}: {view['title']['text']}", [*lines, Line("  ".join(buttons), "dim")])


def plain(slack: SlackStandIn, mrkdwn: str) -> str:
    """The words of mrkdwn as a person sees them."""

    def shown(found: re.Match[str]) -> str:
        sigil, target, label = found.groups()
        if sigil == "@":
            return f"@{_name(slack, target)}"
        return f"{sigil}{label or target}" if sigil else label or target

    text = _EMPHASIZED.sub(r"\1", _STRONG.sub(r"\1", _REFERENCE.sub(shown, mrkdwn)))
    text = re.sub(r":(\w+):", lambda found: EMOJI.get(found[1], found[0]), text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _name(slack: SlackStandIn, user: str) -> str:
    return slack.users[user]["real_name"] if user in slack.users else user


def _message(slack: SlackStandIn, message: Json) -> list[Line]:
    reply = message.get("thread_ts", message["ts"]) != message["ts"]
    author = ("↳ " if reply else "") + _name(slack, message["user"])
    blocks: list[Json] = message.get("blocks", []) if message.get("bot_id") else []
    lines = [line for block in blocks for line in _block(slack, block)] or _lines(slack, message["text"])
    if message.get("edited"):
        lines.append(Line("(edited)", "dim"))
    first, *rest = lines
    return [Line(first.text, first.style, author), *rest]


def _block(slack: SlackStandIn, block: Json) -> list[Line]:
    match block["type"]:
        case "section":
            texts = [block["text"]] if "text" in block else []
            return [line for text in (*texts, *block.get("fields", [])) for line in _lines(slack, text["text"])]
        case "context":
            return _lines(slack, "  ·  ".join(element.get("text", "") for element in block["elements"]), "dim")
        case "header":
            return [Line(block["text"]["text"], "bold")]
        case "actions":
            buttons = [f"[ {each['text']['text']} ]" for each in block["elements"] if each["type"] == "button"]
            return [Line("  ".join(buttons), "dim")]
        case other:
            return [Line(f"({other})", "dim")]


def _lines(slack: SlackStandIn, mrkdwn: str, style: Style = "plain") -> list[Line]:
    return [
        Line(plain(slack, line), "bold" if style == "plain" and _STRONG.fullmatch(line) else style)
        for line in mrkdwn.split("\n")
        if line.strip()
    ]


def _field(view: Json, block: Json) -> Line:
    element, label = block["element"], block["label"]["text"]
    name, _ = FIELDS[element["type"]]
    value = view["state"]["values"][block["block_id"]][element["action_id"]][name]
    given = _given(value)
    if given:
        return Line(" ⏎ ".join(line for line in given.splitlines() if line), "plain", label)
    return Line(element.get("placeholder", {}).get("text", "…"), "dim", label)


def _given(value: object) -> str:
    """What stands in a field, as people read it: words, one choice or several, a rich text."""
    if isinstance(value, list):
        return ", ".join(_given(each) for each in cast("list[object]", value))
    if not isinstance(value, dict):
        return str(value or "")
    held = cast("Json", value)
    if held.get("type") == "rich_text":
        return "\n".join(_words(part) for part in held["elements"])
    return str(held["text"]["text"])


def _words(part: Json) -> str:
    return str(part.get("text", "")) + "".join(_words(inner) for inner in part.get("elements", []))
