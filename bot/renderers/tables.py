"""Slack's table. It holds no control, so what can be done with what is in it stands above it.

https://docs.slack.dev/reference/block-kit/blocks/table-block
"""

from collections.abc import Sequence

from bot.message import BlockDict, clean, truncate

NOTHING = "–"
"""An empty cell: Slack refuses one without text."""


def table(heads: Sequence[str], rows: Sequence[Sequence[BlockDict]], wrapped: int) -> BlockDict:
    """A table with these headings; the text of one column, by its number, is wrapped."""
    settings = [{"is_wrapped": number == wrapped} for number in range(len(heads))]
    return {"type": "table", "column_settings": settings, "rows": [[words(head) for head in heads], *map(list, rows)]}


def words(text: str, limit: int = 60) -> BlockDict:
    """A cell of plain text, in which nothing comes alive."""
    return {"type": "raw_text", "text": truncate(" ".join(clean(text).split()), limit) or NOTHING}


def linked(url: str, text: str) -> BlockDict:
    """A cell with a link."""
    element = {"type": "link", "url": url, "text": text}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [element]}]}
