"""The pieces that cards and lines are made of; what comes out of here is inert mrkdwn within Slack's limits."""

from collections.abc import Callable, Iterable
from datetime import date

from adapters.document import Document, Mention
from adapters.slack.markup import write_mrkdwn
from bot.message import BlockDict, Message, context, one_line, section, strong

EXCERPT_LIMIT = 300
EXCERPT_BLOCKS = 4
SHOWN = 10
ONE_LINE = 300


def who(name: str) -> str:
    """A person's name in bold, or "someone" where the service does not say who it was."""
    return strong(name, 60) or "someone"


def dotted(*parts: str) -> str:
    """The parts that say something, on one line with dots between them."""
    return "  ·  ".join(part for part in parts if part)


def listing(names: Iterable[str], write: Callable[[str], str], separator: str = ", ") -> str:
    """The first names as `write` shows each, and how many more there are; empty if there are none."""
    shown = [written for name in names if (written := write(name))]
    more = len(shown) - SHOWN
    return separator.join(shown[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def person(given: str) -> str:
    """A person's name in small print or in a list; empty if there is none."""
    return one_line(given, 40)


def phrase(opening: str, rest: str) -> str:
    """`Assigned to ada`: the opening and the rest, or nothing where there is no rest."""
    return f"{opening} {rest}" if rest else ""


def plural(count: int, noun: str) -> str:
    """`1 file`, `1,204 files`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def day(given: str) -> str:
    """`24 Dec 2026` of `2026-12-24`."""
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return one_line(given, 30)
    return f"{day.day} {day:%b %Y}"


def excerpt(document: Document, mentions: Callable[[Mention], str | None] | None = None) -> str:
    """The beginning of a document as a few lines of mrkdwn; `mentions` as for `write_mrkdwn`."""
    return write_mrkdwn(Document(document.blocks[:EXCERPT_BLOCKS]), EXCERPT_LIMIT, mentions=mentions).strip()


def assemble(fallback: str, head: str, body: str, *notes: str, buttons: BlockDict | None = None) -> Message:
    """A card: what it is and its state, an excerpt of its text, small print and buttons; empty parts are left out."""
    blocks = [section(head)]
    if body:
        blocks.append(section(body))
    if small := [note for note in notes if note]:
        blocks.append(context(*small))
    return Message(fallback, [*blocks, buttons] if buttons else blocks)


def compact(card: Message) -> Message:
    """The same card without text and small print: its title, and its state beneath."""
    head = str(card.blocks[0].get("text", {}).get("text", "")) if card.blocks else ""
    title, _, state = head.partition("\n")
    return Message(card.text, [section(title), *([context(state)] if state else [])]) if title else card


def brief(card: Message) -> Message:
    """The same card as it stands beneath somebody else's message: without text and buttons."""
    return Message(card.text, [card.blocks[0], *(each for each in card.blocks[1:] if each["type"] == "context")])


def without_buttons(card: Message) -> Message:
    """The same card where nothing can be pressed."""
    return Message(card.text, [each for each in card.blocks if each["type"] != "actions"])


def in_one_line(text: str) -> str:
    """What a message says, on one line: its first lines, as many as are short enough."""
    shown, *rest = [line.removeprefix("• ").strip() for line in text.split("\n") if line.strip()] or [""]
    for number, line in enumerate(rest):
        if len(shown) + len(line) > ONE_LINE:
            return f"{shown} …"
        shown += (" " if number == 0 else "; ") + line
    return shown
