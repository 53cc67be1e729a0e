"""The modal "Create GitHub issue": the form, drawn by what the repository's template asks for. Pure.

https://docs.slack.dev/reference/views
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from adapters.document import Document
from bot.issue_templates import Choice, Part, Template
from bot.message import BlockDict, context, escape, link, one_line, section, strong
from bot.modals import filling, source
from bot.modals.elements import State, Values, chosen, input_block, is_empty, option, picked, plain
from bot.modals.filling import note
from bot.modals.template_form import Layout, layout, message_part, part_blocks, text_blocks
from bot.modals.waiting import Wait

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
TITLE_LIMIT = 256
NOTE_LIMIT = 1500
"""Characters of a line of notes."""
MOST_NAMED = 5
IMPOSSIBLE = ":no_entry: This cannot be filled in here. It has to say what Slack has no field or no room for: {}."
LEFT_OUT = "Left out here: {}."
CUT = "Cut short here: {}."
PROJECTS = "I do not add the issue to its projects ({})."


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
    """The template that is chosen, or that blank issues begin with; None: a blank issue."""
    if choice is None:
        return None
    number, known = chosen(values, TEMPLATE), choice.templates
    return known[int(number)] if number.isdecimal() and int(number) < len(known) else choice.legacy


def whole_text(template: Template) -> Part:
    """The text of a template that is no form."""
    return Part("textarea", "Description", "In GitHub's Markdown.", value=template.body)


def tag_of(values: Values) -> str:
    """A sign of repository and template: what is typed under the one is not taken for an answer to the other."""
    about = f"{chosen(values, REPOSITORY).lower()} {chosen(values, TEMPLATE)}"
    return hashlib.sha256(about.encode()).hexdigest()[:8]


# --- the form --------------------------------------------------------------------------------------------------------


def form_view(form: Form, meta: Mapping[str, Any]) -> dict[str, Any]:
    """The form with everything that is known filled in."""
    values, tag = form.values, tag_of(form.values)
    template = template_of(form.choice, values)
    room = layout(template) if template else Layout()
    blocks = _head(form, template, room, tag)
    if not room.impossible:
        legacy = template is not None and form.choice is not None and template is form.choice.legacy
        asked = _body(template, room, values, tag, always=legacy)
        blocks += [*asked, *_tail(values, tag), *source.origin_blocks(meta, "issue", "GitHub")]
    kept = json.dumps({name: value for name, value in {**meta, "tag": tag}.items() if name in KEPT})
    return filling.form(TITLE, CALLBACK, "Create", kept, blocks)


def _head(form: Form, template: Template | None, room: Layout, tag: str) -> list[BlockDict]:
    values, choice = form.values, form.choice or Choice()
    blocks = [_search(REPOSITORY, REPOSITORY, "Repository", "Search, or type owner/repo", values, dispatch_action=True)]
    if form.notice:
        blocks.append(context(form.notice) | {"block_id": "problem:notice"})
    if choice.templates:
        blocks.append(_templates(choice, values, tag))
    elsewhere = (f"{link(url, name)} {one_line(about, 150)}".strip() for name, url, about in choice.links)
    lines = [
        escape(template.about, 300) if template else "", _listed("Elsewhere: ", elsewhere),
        _unread(choice), _limits(choice, template, room) if template else "",
    ]  # fmt: skip
    blocks += [context(line) for line in lines if line]
    if room.impossible:
        return blocks
    title: BlockDict = {"type": "plain_text_input", "action_id": "title", "max_length": TITLE_LIMIT}
    return [*blocks, input_block(f"title@{tag}", "Title", title, values.get("title", {}))]


def _templates(choice: Choice, values: Values, tag: str) -> BlockDict:
    named = [option(template.name, str(number)) for number, template in enumerate(choice.templates)]
    blank = "Blank issue" if choice.blank else "Blank issue (maintainers only)"
    offered = [*named, *([option(blank, BLANK)] if choice.blank or choice.maintainer else [])]
    select: BlockDict = {"type": "static_select", "action_id": TEMPLATE, "options": offered}
    state, more = values.get(TEMPLATE, {}), {"dispatch_action": True, "optional": choice.blank}
    return input_block(f"{TEMPLATE}@{tag}", "Template", select, state, **more)


def _listed(head: str, words: Iterable[str]) -> str:
    """Words that are escaped already in one line, as many as fit; empty without any."""
    shown = ""
    for each in words:
        if len(head) + len(shown) + len(each) > NOTE_LIMIT:
            return f"{head}{shown} · …"
        shown = f"{shown} · {each}" if shown else each
    return f"{head}{shown}" if shown else ""


def _unread(choice: Choice) -> str:
    """Which templates are not offered, and why."""
    said = _listed("Not offered here: ", (f"{one_line(name, 100)} ({why})" for name, why in choice.unread))
    where = f" {link(f'{choice.page}/issues/new/choose', 'All of them on GitHub')}." if choice.page else ""
    return f":warning: {said}.{where}" if said else ""


def _limits(choice: Choice, template: Template, room: Layout) -> str:
    """What of a template is not as it is on GitHub, and where it is."""
    if room.impossible:
        said = IMPOSSIBLE.format(_named(room.impossible))
    else:
        projects = one_line(", ".join(template.projects), 200)
        told = (
            (LEFT_OUT, _named(room.left_out)), (CUT, _named(room.cut)), (PROJECTS, projects),
        )  # fmt: skip
        said = " ".join(sentence.format(words) for sentence, words in told if words)
    address = f"{choice.page}/issues/new?template={quote(template.file, safe='')}" if choice.page else ""
    return f"{said} {link(address, 'Fill it in on GitHub')}." if said and address else said


def _named(parts: Sequence[Part]) -> str:
    """The parts by their labels; what is only to be read has none."""
    named = dict.fromkeys(f"“{one_line(part.label, 100)}”" if part.label else "an explanation" for part in parts)
    more = len(named) - MOST_NAMED
    return ", ".join([*named][:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _body(
    template: Template | None, room: Layout, values: Values, tag: str, *, always: bool = False
) -> list[BlockDict]:  # fmt: skip
    """What the template asks for; what was written before it was chosen stands in its first text, or by itself.

    `always` shows the field for the latter, too, while it is empty: somebody may be typing in it.
    """
    words = values.get("description", {})
    if template is None:
        return [_rich("description", "description", "Description", words)]
    blocks = [] if template.parts else [*text_blocks(whole_text(template), f"text:{tag}", values)]
    home = -1 if is_empty(words) else message_part(template)
    for number in sorted(room.shown):
        begun = words if number == home else None
        blocks += part_blocks(template.parts[number], f"part:{tag}:{number}", values, begun)
    if home < 0 and (always or not is_empty(words)):
        blocks.append(_rich("description", "description", "In your words", words))
    return blocks


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
    shown = f":hourglass_flowing_sand: Creating {strong(title, 255)} on GitHub…"
    return note(TITLE, section(shown), context("You may close this: the card will appear all the same."))


def waiting_view(title: str, wait: Wait) -> dict[str, Any]:
    """What it says while GitHub cannot do it."""
    return note(
        TITLE,
        section(wait.kept(strong(title, 255), "created")),
        context("You may close this: I tell you when it is done."),
    )


def created_view(sentence: str) -> dict[str, Any]:
    """The result; the sentence is mrkdwn that is escaped already."""
    return note(TITLE, section(f":white_check_mark: {sentence}"))
