"""What an issue template asks for, as blocks of the form "Create GitHub issue", and what has no room there. Pure.

A view of Slack's has 100 blocks and 250,000 bytes; other blocks need some of both, and so does what people type.
https://docs.slack.dev/reference/views/modal-views, https://docs.slack.dev/reference/methods/views.open
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adapters.github.markup import read_markdown
from adapters.slack.markup import write_mrkdwn
from bot.issue_templates import Part, Template
from bot.message import BlockDict, clean, section, truncate
from bot.modals.elements import State, Values, choices_in, input_block, option, picked, plain, typed
from bot.modals.fields import STATIC_LIMIT
from bot.payload import text

ACTION = re.compile(r"part:[0-9a-f]{8}:[0-9]+")
"""The action id of a part: the sign of its form, and its number."""
MOST_BLOCKS, MOST_BYTES = 80, 150_000
"""Room for what a template asks for."""
LABEL_LIMIT, HINT_LIMIT, PLACEHOLDER_LIMIT, WORDS_LIMIT, SHOWN_LIMIT = 2000, 2000, 150, 3000, 2900
OPTION_LIMIT = 150
"""Of an option's two lines together."""
PIECE = 2000
"""Characters of a template's text in one field: that takes 3000, and whoever fills it in needs some of them."""
BOXES = 10
"""Checkboxes in one block: Slack takes no more."""
MOST_OPTIONS = 100
"""Options in one answer of a search: Slack takes no more."""


@dataclass(frozen=True)
class Layout:
    """Which parts of an issue form are shown, by number, what is not, and what is not shown whole."""

    shown: frozenset[int] = frozenset()
    left_out: tuple[Part, ...] = ()
    cut: tuple[Part, ...] = ()

    @property
    def impossible(self) -> tuple[Part, ...]:
        """What has to be answered and cannot be: then no issue can be made of it here."""
        return tuple(part for part in self.left_out if part.required or part.needed)


def layout(template: Template) -> Layout:
    """What of a form has room: first what has to be answered, then what may be, then what is only to be read."""
    parts = template.parts
    rank = sorted(range(len(parts)), key=lambda each: (not _must(parts[each]), parts[each].kind == "markdown", each))
    shown: set[int] = set()
    blocks, size = MOST_BLOCKS, MOST_BYTES
    for number in rank:
        drawn = [*part_blocks(parts[number], f"part:00000000:{number}", {})]
        room = len(json.dumps(drawn)) if drawn else 0
        if len(drawn) <= blocks and room <= size and (drawn or parts[number].kind == "markdown"):
            shown.add(number)
            blocks, size = blocks - len(drawn), size - room
    left_out = (part for number, part in enumerate(parts) if number not in shown)
    cut = (part for number, part in enumerate(parts) if number in shown and _is_cut(part))
    return Layout(frozenset(shown), tuple(left_out), tuple(cut))


def _must(part: Part) -> bool:
    return part.required or bool(part.needed)


def _is_cut(part: Part) -> bool:
    """Whether some of its words do not fit where they are shown."""
    if part.kind == "markdown":
        return len(write_mrkdwn(read_markdown(part.value), 10 * SHOWN_LIMIT)) > SHOWN_LIMIT
    long = len(part.label) > LABEL_LIMIT or len(_hint_words(part)) > HINT_LIMIT
    value = part.kind == "input" and len(part.value) > WORDS_LIMIT
    return long or value or any(len(label) > OPTION_LIMIT for label in part.options)


# --- its parts -------------------------------------------------------------------------------------------------------


def message_part(template: Template) -> int:
    """The part of a form in which stands at first what was written before; -1: that has a field of its own."""
    shown = layout(template).shown
    return next((number for number, part in enumerate(template.parts) if number in shown and is_rich(part)), -1)


def is_rich(part: Part) -> bool:
    """Whether the answer has Slack's formatting; what begins with Markdown goes on as Markdown."""
    return part.kind == "textarea" and not part.render and not part.value.strip()


def box_actions(part: Part, action: str) -> list[tuple[str, int]]:
    """The action ids of checkboxes, ten in each, with the number of the first."""
    return [(f"{action}:{first}", first) for first in range(0, len(part.options), BOXES)]


def part_blocks(part: Part, action: str, values: Values, begun: State | None = None) -> Iterator[BlockDict]:
    """A part with what is typed, or `begun`; nothing of what Slack has nothing for."""
    state = values.get(action) or begun or {}
    match part.kind:
        case "markdown":
            shown = write_mrkdwn(read_markdown(part.value), SHOWN_LIMIT).strip()
            yield from [section(shown)] if shown else []
        case "dropdown":
            yield from [_dropdown(part, action, state)] if part.options else []
        case "checkboxes":
            yield from _boxes(part, action, values)
        case "textarea" if not is_rich(part):
            yield from text_blocks(part, action, values)
        case "textarea" | "input":
            yield _asked(part, action, _written(part), state or ({"value": part.value} if part.value else {}))
        case _:
            return


def _written(part: Part) -> BlockDict:
    if is_rich(part):
        return {"type": "rich_text_input"}
    return {"type": "plain_text_input", "multiline": part.kind == "textarea", "max_length": WORDS_LIMIT}


def _dropdown(part: Part, action: str, state: State) -> BlockDict:
    several = "multi_" if part.several else ""
    state = state or (picked(_option(part.options[part.chosen], part.chosen)) if part.chosen >= 0 else {})
    if len(part.options) > STATIC_LIMIT:
        return _asked(part, action, {"type": f"{several}external_select", "min_query_length": 0}, state)
    return _asked(part, action, {"type": f"{several}static_select", "options": options(part)}, state)


def options(part: Part, query: str = "") -> list[BlockDict]:
    """The options of a dropdown that fit what was typed."""
    fitting = [(label, number) for number, label in enumerate(part.options) if query.casefold() in label.casefold()]
    return [_option(label, number) for label, number in fitting[:MOST_OPTIONS]]


def _boxes(part: Part, action: str, values: Values) -> Iterator[BlockDict]:
    for name, first in box_actions(part, action):
        offered = [_option(label, first + number) for number, label in enumerate(part.options[first : first + BOXES])]
        # Which of them have to be ticked is looked at when the form is sent: Slack knows of any only.
        needed = any(first <= number < first + BOXES for number in part.needed)
        label = part.label if not first else f"{part.label} ({first // BOXES + 1})"
        boxes: BlockDict = {"type": "checkboxes", "action_id": name, "options": offered}
        yield _labelled(part, name, label, boxes, values.get(name, {}), optional=not needed)


def _option(label: str, number: int) -> BlockDict:
    """A choice with a long text: what does not fit into its first line stands in its second."""
    words = label.split()
    first = ""
    while words and len(f"{first} {words[0]}") <= 75:
        first = f"{first} {words.pop(0)}".strip()
    rest = truncate(" ".join(words), 75)
    return option(first or label, str(number)) | ({"description": plain(rest)} if rest and first else {})


def _asked(part: Part, action: str, element: BlockDict, state: State) -> BlockDict:
    held = {"placeholder": plain(part.placeholder)} if 0 < len(part.placeholder) <= PLACEHOLDER_LIMIT else {}
    asked = {**element, **held, "action_id": action}
    return _labelled(part, action, part.label, asked, state, optional=not part.required)


def _labelled(part: Part, action: str, label: str, element: BlockDict, state: State, *, optional: bool) -> BlockDict:
    shown = {"label": plain(truncate(clean(label), LABEL_LIMIT) or "–")}
    about = clean(_hint_words(part))
    hint = {"hint": plain(truncate(about, HINT_LIMIT))} if about else {}
    return input_block(action, label, element, state, optional=optional, **hint) | shown


def _hint_words(part: Part) -> str:
    """What it is about; an example that is too long to stand in the empty field follows."""
    example = f"For example: {part.placeholder}" if len(part.placeholder) > PLACEHOLDER_LIMIT else ""
    return "\n".join(words for words in (part.about, example) if words)


# --- long texts ------------------------------------------------------------------------------------------------------


def text_blocks(part: Part, action: str, values: Values) -> Iterator[BlockDict]:
    """A text that begins with something, in as many fields as it takes."""
    begun = _pieces(part.value)
    for number, (name, words) in enumerate(zip(_names(part, action), begun, strict=True)):
        label = part.label if len(begun) == 1 else f"{part.label} ({number + 1} of {len(begun)})"
        element = _written(part) | {"action_id": name}
        state = values.get(name) or {"value": words}
        yield _labelled(part, name, label, element, state, optional=not (part.required and number == 0))


def text_typed(part: Part, action: str, values: Values) -> str:
    """What stands in those fields."""
    return "\n".join(typed(values, name) for name in _names(part, action))


def _names(part: Part, action: str) -> list[str]:
    return [f"{action}:{number}" if number else action for number in range(len(_pieces(part.value)))]


def _pieces(words: str) -> list[str]:
    """A text in pieces that fit, broken between lines, best before a heading."""
    found: list[str] = []
    lines: list[str] = []
    for line in (each[at : at + PIECE] for each in words.split("\n") for at in range(0, max(len(each), 1), PIECE)):
        size = sum(len(each) + 1 for each in lines)
        if lines and (size + len(line) > PIECE or (line.startswith("#") and size > PIECE // 2 and len(words) > PIECE)):
            found.append("\n".join(lines))
            lines = []
        lines.append(line)
    return [*found, "\n".join(lines)]


def chosen_options(part: Part, state: State) -> list[str]:
    """The words of what is chosen in a dropdown."""
    numbers: Sequence[str] = [text(each, "value") for each in choices_in(state)]
    return [part.options[int(each)] for each in numbers if each.isdecimal() and int(each) < len(part.options)]
