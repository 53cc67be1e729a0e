"""Slack's two kinds of rich text to and from a `Document`: `rich_text` blocks and mrkdwn.

What a reader cannot understand it reads through, and never raises; what a writer makes of foreign text pings nobody.
"""

from collections.abc import Mapping
from typing import Any

from adapters.document import Document
from adapters.scan import nodes, string
from adapters.slack.mrkdwn import read_mrkdwn
from adapters.slack.mrkdwn_writer import live_mention, write_mrkdwn
from adapters.slack.rich_text import mention_element, read_rich_text, write_rich_text

__all__ = [
    "live_mention",
    "mention_element",
    "read_message",
    "read_mrkdwn",
    "read_rich_text",
    "write_mrkdwn",
    "write_rich_text",
]


def read_message(message: Mapping[str, Any]) -> Document:
    """Read a message from its `rich_text` blocks if it has any, else from its `text`."""
    blocks = [
        block
        for part in nodes(message.get("blocks"))
        if part.get("type") == "rich_text"
        for block in read_rich_text(part).blocks
    ]
    return Document(tuple(blocks)) if blocks else read_mrkdwn(string(message.get("text")))
