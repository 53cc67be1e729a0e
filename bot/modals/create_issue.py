"""The modal "Create Jira issue": the form, and what it turns into. Pure: data in, a view out.

The form is drawn anew whenever project or type change, from what Jira says of their fields; without that it still has
all that every issue has. https://docs.slack.dev/reference/views
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from adapters.document import Document
from adapters.jira.fields import FieldSpec
from adapters.plain_text import to_text
from adapters.slack.markup import read_rich_text
from bot.create_screens import Screen
from bot.message import BlockDict, actions, button, clean, context, escape, link, section, strong
from bot.modals import filling, source
from bot.modals.elements import State, Values, input_block, is_empty, option, picked, plain, typed
from bot.modals.fields import action_of, can_show, field_block
from bot.modals.filling import note
from bot.modals.waiting import Wait
from bot.payload import mapping

CALLBACK, TITLE = "create_issue", "Create Jira issue"
KEPT = (
    "origin", "channel", "thread", "place", "signed", "requester", "form", "more", "files_label", "in_thread", "author",
    "link", "long", "too_large", "admin", "home",
)  # fmt: skip
"""What the form keeps about itself and where it was opened, in its private metadata."""
MORE, AGAIN, OPEN_JIRA = "more_fields", "ask_jira_again", "open_jira_form"
"""Action ids of its buttons."""
WITH_THREAD, AS_DEFAULT = "with_thread", "as_default"
SUMMARY_LIMIT = 255
MOST_FIELDS = 60
ADDRESS_LIMIT = 2900
"""Slack takes 3000 characters in a button's address."""
JIRA_NAMES = {"issuetype": "issue_type"}
"""The actions of the form that are about a field of Jira's and called otherwise, by its id."""


@dataclass(frozen=True)
class Form:
    """What is known: what the person has typed and chosen, and Jira's screen, or why it is not there."""

    values: Values = field(default_factory=dict[str, State])
    screen: Screen | None = None
    notice: str = ""


def started(
    project: str = "", issue_type: str = "", summary: str = "", description: Document | None = None,
    labels: Sequence[str] = (), component: str = "",
) -> dict[str, State]:  # fmt: skip
    """The values of a form that is opened with something in it."""
    given: dict[str, State] = {
        "project": picked(*([option(project, project)] if project else [])),
        "issue_type": picked(*([option(issue_type, issue_type)] if issue_type else [])),
        "summary": {"value": summary},
        "field:labels:labels": picked(*(option(label, label) for label in labels)),
        "field:options:components": picked(*([option(component, component)] if component else [])),
        source.WITH_FILES: picked(option("yes", "yes")),
    }
    if description is not None:
        given["description"] = source.rich(description)
    return {name: state for name, state in given.items() if not is_empty(state)}


# --- the form --------------------------------------------------------------------------------------------------------


def form_view(form: Form, meta: Mapping[str, Any]) -> dict[str, Any]:
    """The form with everything that is known filled in."""
    tail = [*_source(form, meta), *_buttons(form, more=bool(meta.get("more")))]
    blocks = [*_head(form), *_fields(form, more=bool(meta.get("more"))), *tail]
    kept = json.dumps({name: meta[name] for name in KEPT if name in meta})
    return filling.form(TITLE, CALLBACK, "Create", kept, blocks)


def _head(form: Form) -> list[BlockDict]:
    values, project = form.values, _project_of(form.values)
    kind = form.screen.type if form.screen else None
    chosen = picked(option(kind.name, kind.name)) if kind else values.get("issue_type", {})
    search = {"type": "external_select", "min_query_length": 0}
    summary: BlockDict = {"type": "plain_text_input", "action_id": "summary", "max_length": SUMMARY_LIMIT}
    blocks = [
        input_block("project", "Project",
                    {**search, "action_id": "project", "placeholder": plain("Search projects")},
                    values.get("project", {}), dispatch_action=True),
        input_block(f"issue_type@{clean(project)}", "Type",
                    {**search, "action_id": "issue_type", "placeholder": plain("Task, Bug, …")},
                    {} if form.screen and kind is None else chosen, dispatch_action=True),
        input_block("summary", "Summary", summary, values.get("summary", {})),
        input_block("description", "Description", {"type": "rich_text_input", "action_id": "description"},
                    values.get("description", {}), optional=True),
    ]  # fmt: skip
    if form.notice:
        blocks.insert(2, context(escape(form.notice)) | {"block_id": "problem:notice"})
    return blocks


def _fields(form: Form, *, more: bool) -> list[BlockDict]:
    """The required fields, those that have a value, and, once they are asked for, the others."""
    screen = form.screen
    if screen is None or screen.type is None:
        return []
    tag, values = f"{screen.project}.{screen.type.id}", form.values
    blocks = [_beyond(form, screen, spec) for spec in screen.fields if spec.required and not can_show(spec)][:5]
    for spec in _shown(screen, values, more=more):
        blocks.append(field_block(spec, values.get(action_of(spec), {}), tag))
    left_out = len(_shown(screen, values, more=True, most=None)) - MOST_FIELDS
    if more and left_out > 0:
        blocks.append(context(f"{left_out} more fields are in Jira's own form."))
    return blocks


def _shown(screen: Screen, values: Values, *, more: bool, most: int | None = MOST_FIELDS) -> list[FieldSpec]:
    usable = [spec for spec in screen.fields if can_show(spec)]
    needed = [spec for spec in usable if spec.required]
    others = [spec for spec in usable if not spec.required and (more or not is_empty(values.get(action_of(spec), {})))]
    return [*needed, *others][:most]


def _beyond(form: Form, screen: Screen, spec: FieldSpec) -> BlockDict:
    """A required field that cannot be shown: its name, and the way to Jira's own form with the rest filled in."""
    said = f":warning: Jira needs *{escape(spec.name, 100)}* here, which cannot be filled in from Slack."
    if not screen.page:
        return section(said)
    return section(said, button("Open Jira's form", OPEN_JIRA, url=_address(form, screen)))


def _address(form: Form, screen: Screen) -> str:
    address = screen.page
    described = read_rich_text(mapping(form.values.get("description", {}), "rich_text_value"))
    for name, words in (("summary", typed(form.values, "summary")), ("description", to_text(described))):
        encoded = _encoded(words, ADDRESS_LIMIT - len(address) - len(f"&{name}="))
        address += f"&{name}={encoded}" if encoded else ""
    return address


def _encoded(words: str, room: int) -> str:
    """The beginning of a text that fits into an address with so much room left."""
    encoded = ""
    for character in clean(words):
        part = quote(character, safe="")
        if len(encoded) + len(part) > room:
            break
        encoded += part
    return encoded


def _source(form: Form, meta: Mapping[str, Any]) -> list[BlockDict]:
    """What else of the message goes along, if the form was opened from one."""
    blocks: list[BlockDict] = []
    if meta.get("in_thread"):
        blocks.append(source.tick(WITH_THREAD, "Thread", "Add the whole thread", form.values))
    blocks += source.files_blocks(meta, form.values)
    if meta.get("admin"):
        words = "New issues from this channel begin with this project, type, labels and component"
        blocks.append(source.tick(AS_DEFAULT, "Defaults", words, form.values))
    return blocks + source.origin_blocks(meta, "issue")


def _buttons(form: Form, *, more: bool) -> list[BlockDict]:
    screen = form.screen
    if screen is None:
        return [actions(button("Ask Jira again", AGAIN))] if form.notice else []
    hidden = len(_shown(screen, form.values, more=True)) - len(_shown(screen, form.values, more=False))
    return [actions(button("More fields", MORE))] if hidden > 0 and not more else []


def _project_of(values: Values) -> str:
    return str(mapping(values.get("project", {}), "selected_option").get("value") or "")


# --- what it turns into ----------------------------------------------------------------------------------------------


def creating_view(summary: str) -> dict[str, Any]:
    """What the form turns into the moment it is submitted."""
    shown = f":hourglass_flowing_sand: Creating {strong(summary, 255)} in Jira…"
    return note(TITLE, section(shown), context("You may close this: the card will appear all the same."))


def waiting_view(summary: str, wait: Wait) -> dict[str, Any]:
    """What it says while Jira cannot do it."""
    shown = wait.kept(strong(summary, 255), "created")
    return note(TITLE, section(shown), context("You may close this: I tell you when it is done."))


def created_view(key: str, url: str, summary: str) -> dict[str, Any]:
    """The result: the issue and its link."""
    return note(TITLE, section(f":white_check_mark: {link(url, key)} {strong(summary, 255)}"))
