"""A document as a person would type it: for a form's text field, which shows no formatting but should keep it."""

from adapters.document import (
    Block,
    Break,
    CodeBlock,
    Document,
    Emoji,
    Heading,
    Inline,
    ItemList,
    Link,
    Mention,
    Paragraph,
    Quote,
    Rule,
    Table,
    Text,
    emoji_text,
    mention_text,
    table_text,
)

_MARKS = {"strong": "*", "em": "_", "strike": "~", "code": "`"}


def to_text(document: Document) -> str:
    """Slack's own marks (`*bold*`, `• item`, `> quote`), nothing escaped; blocks are separated by a blank line."""
    return "\n\n".join(_block(block) for block in document.blocks).strip()


def _block(block: Block) -> str:
    match block:
        case Paragraph(content) | Heading(content=content):
            return _inlines(content)
        case CodeBlock(text):
            return f"```\n{text}\n```"
        case Quote(blocks):
            return "\n".join(f"> {line}" for line in "\n".join(_block(inner) for inner in blocks).split("\n"))
        case ItemList():
            return _list(block)
        case Table():
            return table_text(block)
        case Rule():
            return "———"


def _list(block: ItemList) -> str:
    lines: list[str] = []
    for number, item in enumerate(block.items, block.start):
        first, *rest = "\n".join(_block(inner) for inner in item.blocks).split("\n")
        lines += [f"{number}. {first}" if block.ordered else f"• {first}", *(f"    {line}" for line in rest)]
    return "\n".join(lines)


def _inlines(content: tuple[Inline, ...]) -> str:
    return "".join(_inline(inline) for inline in content)


def _inline(inline: Inline) -> str:
    match inline:
        case Text(text, marks):
            around = "".join(sign for mark, sign in _MARKS.items() if mark in marks)
            return f"{around}{text}{around[::-1]}"
        case Link(url, label):
            return url if label in ("", url) else f"{label} ({url})"
        case Mention():
            # An id without a name is left as Slack writes it, and is given its name when the issue is made.
            return (
                f"<@{inline.id}>" if inline.kind == "user" and inline.name in ("", inline.id) else mention_text(inline)
            )
        case Emoji():
            return emoji_text(inline)
        case Break():
            return "\n"
