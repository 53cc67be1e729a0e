"""Going through a `Document`: every inline of it, changed or looked at, wherever it stands."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from adapters.document import Block, Document, Heading, Inline, ItemList, ListItem, Mention, Paragraph, Quote, Table

type Change = Callable[[Inline], Inline]


def changed(document: Document, change: Change) -> Document:
    """The document with every inline changed."""
    return Document(_blocks(document.blocks, change))


def mentioned(document: Document) -> Iterator[Mention]:
    """The mentions in a document, in their order."""
    found: list[Mention] = []

    def note(inline: Inline) -> Inline:
        if isinstance(inline, Mention):
            found.append(inline)
        return inline

    changed(document, note)
    yield from found


def _blocks(blocks: tuple[Block, ...], change: Change) -> tuple[Block, ...]:
    return tuple(_block(block, change) for block in blocks)


def _block(block: Block, change: Change) -> Block:
    match block:
        case Paragraph(content) | Heading(content=content):
            return replace(block, content=tuple(map(change, content)))
        case Quote(blocks):
            return Quote(_blocks(blocks, change))
        case ItemList(items=items):
            return replace(block, items=tuple(ListItem(_blocks(item.blocks, change)) for item in items))
        case Table(rows):
            return Table(tuple(tuple(tuple(map(change, cell)) for cell in row) for row in rows))
        case _:
            return block
