"""What fits into a description or a comment; and what becomes of the rest.

What stands in a message is cut, with a last line that leads to all of it. What was typed for Jira alone is refused, so
that it is given back: nothing that somebody typed is lost.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from adapters.document import Block, Document, Inline, Link, Paragraph, Text
from adapters.errors import Invalid
from adapters.jira.client import JiraClient
from adapters.jira.site import TEXT_LIMIT
from adapters.plain_text import to_text
from bot.message import truncate
from bot.operations.words import EM, permalink
from bot.payload import text
from bot.services import Services

LEAST = 200
"""Characters: less is not worth beginning a paragraph for."""


def stands_in_slack(payload: Mapping[str, Any]) -> bool:
    """Whether the words of a request are a message's own; what was typed into a form comes without `text`."""
    return not payload.get("typed") and ("message" not in payload or bool(text(payload, "message", "text")))


class Measure(Protocol):
    """What tells how long a service finds a text."""

    def length(self, document: Document) -> int:
        """In characters."""
        ...


def fitted(
    jira: JiraClient, words: Document, where: Callable[[], str] | None, field: str, room: int = TEXT_LIMIT
) -> Document:
    """The words if they fit, or as many as do with a line that leads to the message, whose address `where` gives.

    Raises `Invalid` about the `field` if they do not fit and stand nowhere else.
    """
    length = jira.length(words)
    if length <= room:
        return words
    if where is None:
        taken = f"{room:,}" if room == TEXT_LIMIT else f"{TEXT_LIMIT:,}, with what connect adds"
        sentence = f"This is {length:,} characters long, and Jira takes no more than {taken}. Shorten it."
        raise Invalid(sentence, {field: sentence})
    return Document(shortened(jira, words.blocks, room, where()))


def within(services: Services, jira: JiraClient, payload: Mapping[str, Any], words: Document) -> Document:
    """The words of a comment as they fit, by the `place` of the message that they are made of."""
    place = str(payload.get("place") or "")
    where = (lambda: permalink(services, place)) if place and stands_in_slack(payload) else None
    return fitted(jira, words, where, "body")


def shortened(measure: Measure, blocks: tuple[Block, ...], room: int, link: str) -> tuple[Block, ...]:
    """As many of the blocks as fit into so many characters, and where there are more, a line that leads to them."""
    sizes = [measure.length(Document((block,))) + 2 for block in blocks]
    if sum(sizes) <= room:
        return blocks
    there: Inline = Link(link, "in Slack", EM) if link else Text("in Slack", EM)
    rest = Paragraph((Text("… The whole text is ", EM), there, Text(".", EM)))
    room -= measure.length(Document((rest,))) + 2
    kept: list[Block] = []
    for block, size in zip(blocks, sizes, strict=True):
        if size > room:
            return (*kept, *_begun(measure, block, room - 2), rest)
        kept.append(block)
        room -= size
    return (*kept, rest)


def _begun(measure: Measure, block: Block, room: int) -> tuple[Block, ...]:
    """The beginning of a block, as plain text."""
    whole, take = to_text(Document((block,))), room
    while take >= LEAST:
        begun = Paragraph((Text(truncate(whole, take)),))
        if measure.length(Document((begun,))) <= room:
            return (begun,)
        take = take * 3 // 4
    return ()
