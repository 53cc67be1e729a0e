"""What connect says in Slack: a `Message` and the Block Kit helpers that build one safely.

Text from another service goes through `escape` (for mrkdwn) or into a `plain_text` object, after `truncate`: so no
`<!channel>`, `<@U…>` or `<http://evil|good>` in it ever comes alive.
Limits: https://docs.slack.dev/reference/block-kit/blocks
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

type BlockDict = dict[str, Any]

SECTION_LIMIT = 3000
HEADER_LIMIT = 150
BUTTON_LIMIT = 75
URL_LIMIT = 1000

# C0 controls but tab and newline, DEL, lone surrogates, and the bidi controls that can make text read backwards.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Message:
    """A Slack message: the fallback `text` (mrkdwn, already escaped) and the blocks that are shown instead of it."""

    text: str
    blocks: list[BlockDict] = field(default_factory=list[BlockDict])


def clock(moment: datetime) -> str:
    """The hour of a moment of the next or last day, by the clock of whoever reads it."""
    return f"<!date^{int(moment.timestamp())}^{{time}}|{moment.astimezone(UTC):%H:%M} UTC>"


def clean(text: str) -> str:
    """Drop the characters that no service needs and some misread: controls, lone surrogates, bidi overrides."""
    # Nothing of all this is printable, and asking that is quicker.
    return text if text.isprintable() else _UNSAFE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def truncate(text: str, limit: int) -> str:
    """Cut to `limit` characters with an ellipsis, never inside a surrogate pair or a combining sequence."""
    if len(text) <= limit:
        return text
    cut = text[: max(limit - 1, 0)]
    # A joiner, variation selector or combining mark at the border belongs to the character before it.
    while cut and re.match("[\u0300-\u036f\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]", text[len(cut)]):
        cut = cut[:-1]
    return cut.rstrip("\u200d") + "…"


def escape(text: object, limit: int = SECTION_LIMIT // 5) -> str:
    """Make foreign text inert in mrkdwn: cleaned, truncated to `limit` characters, then `&`, `<` and `>` escaped.

    https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    short = truncate(clean(str(text)), limit)
    return short.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def one_line(text: object, limit: int) -> str:
    """Like `escape`, for a title: white space folded, and mrkdwn's own marks broken so that they cannot span it."""
    folded = " ".join(clean(str(text)).split())
    return escape(folded, limit)


def link(url: str, label: object, limit: int = 150) -> str:
    """A mrkdwn link with an inert label; only http(s) addresses of sane length become links, the rest stays a label."""
    shown = one_line(label, limit).replace("|", "¦")
    address = url.replace("&", "&amp;")
    if len(address) > URL_LIMIT or not re.match(r"https?://[^\s<>|]+\Z", url):
        return shown
    return f"<{address}|{shown}>"


def strong(text: object, limit: int = 80) -> str:
    """Foreign text in bold on one line, inert; empty if there is nothing to show."""
    shown = one_line(str(text).replace("*", ""), limit)
    return f"*{shown}*" if shown else ""


def code(text: object, limit: int = 50) -> str:
    """Foreign text as inline code on one line, inert; empty if there is nothing to show."""
    shown = one_line(str(text).replace("`", "'"), limit)
    return f"`{shown}`" if shown else ""


def section(text: str, accessory: BlockDict | None = None) -> BlockDict:
    """A section of mrkdwn that is already escaped."""
    block: BlockDict = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    return block | {"accessory": accessory} if accessory else block


def fields(*texts: str) -> BlockDict:
    """A section of up to ten short mrkdwn fields, two to a line."""
    return {"type": "section", "fields": [{"type": "mrkdwn", "text": text} for text in texts[:10]]}


def context(*texts: str) -> BlockDict:
    """A line of small grey mrkdwn texts."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text} for text in texts[:10]]}


def header(text: str) -> BlockDict:
    """A heading in plain text."""
    return {"type": "header", "text": {"type": "plain_text", "text": truncate(clean(text), HEADER_LIMIT)}}


def button(text: str, action_id: str, value: str = "", url: str = "", style: str = "") -> BlockDict:
    """A button for `actions`; `url` makes it open a page as well."""
    block: BlockDict = {
        "type": "button",
        "text": {"type": "plain_text", "text": truncate(text, BUTTON_LIMIT)},
        "action_id": action_id,
    }
    return block | {key: given for key, given in (("value", value), ("url", url), ("style", style)) if given}


def actions(*elements: BlockDict) -> BlockDict:
    """A row of buttons."""
    return {"type": "actions", "elements": list(elements)}
