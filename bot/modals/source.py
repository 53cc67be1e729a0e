"""What a form shows and keeps of the message that it was opened from. Pure."""

from collections.abc import Mapping
from typing import Any

from adapters.document import Block, CodeBlock, Document, Paragraph, Text
from adapters.plain_text import to_text
from adapters.slack.markup import mention_element, read_rich_text, write_rich_text
from bot.message import BlockDict, context, escape, truncate
from bot.modals.elements import State, Values, input_block, option
from bot.payload import mapping

WITH_FILES = "with_files"
INPUT_LIMIT = 3000
"""Characters of a message that are shown in the form; the rest of it is not lost, see `prefilled`."""


def prefilled(message: Document) -> Document:
    """What of a message the form shows: all of it, or its beginning, if it is too long to be edited there."""
    kept: list[Block] = []
    room = INPUT_LIMIT
    for block in message.blocks:
        words = to_text(Document((block,)))
        if len(words) > room:
            short = truncate(words, max(room, 1))
            kept.append(CodeBlock(short) if isinstance(block, CodeBlock) else Paragraph((Text(short),)))
            break
        kept.append(block)
        room -= len(words)
    return Document(tuple(kept))


def rich(words: Document) -> State:
    """The state of a rich text in which these words stand."""
    return {"rich_text_value": write_rich_text(words, mentions=mention_element)} if words.blocks else {}


def words_of(state: State) -> str:
    """The words of a rich text as it was typed, for telling whether somebody has changed it."""
    return " ".join(to_text(read_rich_text(mapping(state, "rich_text_value"))).split())


def files_blocks(meta: Mapping[str, Any], values: Values) -> list[BlockDict]:
    """The choice whether the message's files go along, and which cannot."""
    blocks: list[BlockDict] = []
    if meta.get("files_label"):
        blocks.append(tick(WITH_FILES, "Files", str(meta["files_label"]), values))
    if meta.get("too_large"):
        blocks.append(context(f":warning: Too large to take along: {escape(meta['too_large'], 300)}"))
    return blocks


def origin_blocks(meta: Mapping[str, Any], what: str, where: str = "Jira") -> list[BlockDict]:
    """Whose message it was; `what` is made of it and will have a link to it, and `where` all of it goes."""
    blocks: list[BlockDict] = []
    if meta.get("author"):
        blocks.append(context(f"From a message of {escape(meta['author'], 100)}; the {what} will have a link to it."))
    if meta.get("long"):
        blocks.append(context(f"The message is too long to show here. Left as it is, all of it goes to {where}."))
    return blocks


def tick(action: str, label: str, words: str, values: Values) -> BlockDict:
    """A field that is ticked or not."""
    element: BlockDict = {"type": "checkboxes", "action_id": action, "options": [option(words, "yes")]}
    return input_block(action, label, element, values.get(action, {}), optional=True)
