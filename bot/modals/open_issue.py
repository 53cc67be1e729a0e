"""The modal "Create GitHub issue": the form, drawn by what the repository's template asks for. Pure.

https://docs.slack.dev/reference/views
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.document import Document
from adapters.github.markup import read_markdown
from adapters.slack.markup import write_mrkdwn
from bot.issue_templates import Choice, Part, Template
from bot.message import BlockDict, context, escape, link, one_line, section, truncate
from bot.modals import filling, source
from bot.modals.elements import State, Values, chosen, input_block, is_empty, option, picked, plain
from bot.modals.filling import note

CALLBACK, TITLE = "github_open_issue", "Create GitHub issue"
REPOSITORY, TEMPLATE, LABELS, ASSIGNEES, MILESTONE = (
    "github_repository", "github_template", "github_labels", "github_assignees", "github_milestone",
)  # fmt: skip
"""Action ids of its selects; the names of its texts are `title` and `description`."""
GITHUB_NAMES = {
    "body": "description", "labels": LABELS, "assignees": ASSIGNEES, "milestone": MILESTONE, "repository": REPOSITORY,
}  # fmt: skip
"""The actions of the form that are about a field of GitHub's and called otherwise."""
KEPT = ("origin", "channel", "thread", "place", "requester", "form", "author", "link", "long", "tag")
"""What the form keeps about itself and where it was opened, in its private metadata."""
BLANK = "blank"
TITLE_LIMIT, WORDS_LIMIT, HINT_LIMIT, PLACEHOLDER_LIMIT = 256, 3000, 300, 150
BOXES = 10
"""Checkboxes in one block: Slack takes no more."""


@dataclass(frozen=True)
class Form:
    """What is known: what the person has typed and chosen, and what the repository offers, or why that is not there."""

    values: Values = field(default_factory=dict[str, State])
    choice: Choice | None = None
    notice: str = ""


def started(repository: str = "", title: str = "", words: Document | None = None) -> dict[str, State]:
    """The values of a form that is opened with something in it."""
    given: dict[str, State] = {
        REPOSITORY: picked(*([option(repository, repository)] if repository else [])), "title": {"value": title},
    }  # fmt: skip
    if words is not None:
        given["description"] = source.rich(words)
    return {name: state for name, state in given.items() if not is_empty(state)}


def template_of(choice: Choice | None, values: Values) -> Template | None:
    """The template that is chosen; None: a blank issue."""
    number = chosen(values, TEMPLATE)
    known = choice.templates if choice else ()
    return known[int(number)] if number.isdecimal() and int(number) < len(known) else None


def tag_of(values: Values) -> str:
    """A sign of repository and template: what is typed under the one is not taken for an answer to the other."""
    about = f"{chosen(values, REPOSITORY).lower()} {chosen(values, TEMPLATE)}"
    return hashlib.sha256(about.encode()).hexdigest()[:8]


# --- the form --------------------------------------------------------------------------------------------------------


def form_view(form: Form, meta: Mapping[str, Any]) -> dict[str, Any]:
    """The form with everything that is known filled in."""
    values, tag = form.values, tag_of(form.values)
    template = template_of(form.choice, values)
    blocks = [
        *_head(form, tag), *_body(template, values, tag), *_tail(values, tag),
        *source.origin_blocks(meta, "issue"),
    ]  # fmt: skip
    kept = json.dumps({name: value for name, value in {**meta, "tag": tag}.items() if name in KEPT})
    return filling.form(TITLE, CALLBACK, "Create", kept, blocks[: filling.MOST_BLOCKS])


def _head(form: Form, tag: str) -> list[BlockDict]:
    values, choice = form.values, form.choice or Choice()
    blocks = [_search(REPOSITORY, REPOSITORY, "Repository", "Search, or type owner/repo", values, dispatch_action=True)]
    if form.notice:
        blocks.append(context(escape(form.notice)) | {"block_id": "problem:notice"})
    if choice.templates:
        blocks.append(_templates(choice, values, tag))
    template = template_of(choice, values)
    blocks += [context(escape(template.about, 300))] if template and template.about else []
    if choice.links:
        shown = (f"{link(url, name)} {one_line(about, 150)}".strip() for name, url, about in choice.links)
        blocks.append(context("Elsewhere: " + " · ".join(shown)[:1500]))
    title: BlockDict = {"type": "plain_text_input", "action_id": "title", "max_length": TITLE_LIMIT}
    return [*blocks, input_block(f"title@{tag}", "Title", title, values.get("title", {}))]


def _templates(choice: Choice, values: Values, tag: str) -> BlockDict:
    named = [option(template.name, str(number)) for number, template in enumerate(choice.templates)]
    offered = [*named, *([option("Blank issue", BLANK)] if choice.blank else [])]
    select: BlockDict = {"type": "static_select", "action_id": TEMPLATE, "options": offered}
    state, more = values.get(TEMPLATE, {}), {"dispatch_action": True, "optional": choice.blank}
    return input_block(f"{TEMPLATE}@{tag}", "Template", select, state, **more)


def _body(template: Template | None, values: Values, tag: str) -> list[BlockDict]:
    """What the template asks for; what was written before it was chosen stands in its first text, or by itself."""
    words = values.get("description", {})
    if template is None:
        return [_rich("description", "description", "Description", words)]
    blocks: list[BlockDict] = []
    if not template.parts:
        blocks.append(_raw(f"text:{tag}", "Description", values, template.body))
    home = -1 if is_empty(words) else message_part(template)
    for number, part in enumerate(template.parts):
        action = f"part:{tag}:{number}"
        state = values.get(action) or (words if number == home else {})
        blocks += _boxes(part, action, values) if part.kind == "checkboxes" else _part(part, action, state)
    if home < 0 and not is_empty(words):
        blocks.append(_rich("description", "description", "In your words", words))
    return blocks


def message_part(template: Template) -> int:
    """The part of a form in which stands at first what was written before; -1: that has a field of its own."""
    return next((number for number, part in enumerate(template.parts) if is_rich(part)), -1)


def is_rich(part: Part) -> bool:
    """Whether the answer has Slack's formatting; what begins with Markdown goes on as Markdown."""
    return part.kind == "textarea" and not part.render and not part.value.strip()


def box_actions(part: Part, action: str) -> list[tuple[str, int]]:
    """The action ids of checkboxes, ten in each, with the number of the first."""
    return [(f"{action}:{first}", first) for first in range(0, len(part.options), BOXES)]


def _part(part: Part, action: str, state: State) -> Iterator[BlockDict]:
    if part.kind == "markdown":
        shown = write_mrkdwn(read_markdown(part.value), 2900).strip()
        yield from [section(shown)] if shown else []
    elif part.kind == "dropdown":
        yield from [_dropdown(part, action, state)] if part.options else []
    else:
        yield _asked(part, action, _written(part), state or ({"value": part.value} if part.value else {}))


def _written(part: Part) -> BlockDict:
    if is_rich(part):
        return {"type": "rich_text_input"}
    return {"type": "plain_text_input", "multiline": part.kind == "textarea", "max_length": WORDS_LIMIT}


def _dropdown(part: Part, action: str, state: State) -> BlockDict:
    offered = [option(label, str(number)) for number, label in enumerate(part.options)]
    kind = "multi_static_select" if part.several else "static_select"
    begun = picked(offered[part.chosen]) if part.chosen >= 0 else {}
    return _asked(part, action, {"type": kind, "options": offered}, state or begun)


def _boxes(part: Part, action: str, values: Values) -> Iterator[BlockDict]:
    for name, first in box_actions(part, action):
        offered = [_box(label, first + number) for number, label in enumerate(part.options[first : first + BOXES])]
        # Which of them have to be ticked is looked at when the form is sent: Slack knows of any only.
        needed = any(first <= number < first + BOXES for number in part.needed)
        label = part.label if not first else f"{part.label} ({first // BOXES + 1})"
        boxes: BlockDict = {"type": "checkboxes", "action_id": name, "options": offered}
        yield input_block(name, label, boxes, values.get(name, {}), **_hint(part), optional=not needed)


def _box(label: str, number: int) -> BlockDict:
    """A choice with a long text: what does not fit into its first line stands in its second."""
    words = label.split()
    first = ""
    while words and len(f"{first} {words[0]}") <= 75:
        first = f"{first} {words.pop(0)}".strip()
    rest = truncate(" ".join(words), 75)
    return option(first or label, str(number)) | ({"description": plain(rest)} if rest and first else {})


def _asked(part: Part, action: str, element: BlockDict, state: State) -> BlockDict:
    held = {"placeholder": plain(truncate(part.placeholder, PLACEHOLDER_LIMIT))} if part.placeholder else {}
    asked = {**element, **held, "action_id": action}
    return input_block(action, part.label, asked, state, optional=not part.required, **_hint(part))


def _hint(part: Part) -> dict[str, BlockDict]:
    return {"hint": plain(truncate(part.about, HINT_LIMIT))} if part.about else {}


def _raw(action: str, label: str, values: Values, begun: str) -> BlockDict:
    element: BlockDict = {
        "type": "plain_text_input", "action_id": action, "multiline": True, "max_length": WORDS_LIMIT,
    }  # fmt: skip
    hint = {"hint": plain("In GitHub's Markdown.")}
    return input_block(action, label, element, values.get(action) or {"value": begun}, optional=True, **hint)


def _rich(block: str, action: str, label: str, state: State) -> BlockDict:
    return input_block(block, label, {"type": "rich_text_input", "action_id": action}, state, optional=True)


def _tail(values: Values, tag: str) -> list[BlockDict]:
    fields: Sequence[tuple[str, str, str]] = (
        (LABELS, "Labels", "Search labels"), (ASSIGNEES, "Assignees", "Search accounts on GitHub"),
        (MILESTONE, "Milestone", "Search milestones"),
    )  # fmt: skip
    return [
        _search(f"{action}@{tag}", action, label, words, values, several=action != MILESTONE, optional=True)
        for action, label, words in fields
    ]


def _search(
    block: str, action: str, label: str, words: str, values: Values, *, several: bool = False, **more: Any
) -> BlockDict:
    kind = "multi_external_select" if several else "external_select"
    element: BlockDict = {"type": kind, "action_id": action, "min_query_length": 0, "placeholder": plain(words)}
    return input_block(block, label, element, values.get(action, {}), **more)


# --- what it turns into ----------------------------------------------------------------------------------------------


def creating_view(title: str) -> dict[str, Any]:
    """What the form turns into the moment it is submitted."""
    shown = f":hourglass_flowing_sand: Creating *{one_line(title, 255)}* on GitHub…"
    return note(TITLE, section(shown), context("You may close this: the card will appear all the same."))


def waiting_view(title: str) -> dict[str, Any]:
    """What it says while GitHub is not there."""
    kept = f":hourglass: GitHub does not answer. *{one_line(title, 255)}* is kept, and created as soon as it is back."
    return note(TITLE, section(kept), context("You may close this: I tell you when it is done."))


def created_view(sentence: str) -> dict[str, Any]:
    """The result; the sentence is mrkdwn that is escaped already."""
    return note(TITLE, section(f":white_check_mark: {sentence}"))
