"""The forms in which people do something to an issue: assign, status, comment, edit, log work. Pure.

Those that ask nothing of Jira open as they are, with selects that search as the person types; status and edit open
empty and are filled in when Jira has answered.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from adapters.document import Document
from adapters.jira.doing import Transition
from adapters.jira.fields import FieldSpec, Held, held
from adapters.jira.issue import Issue
from bot.message import BlockDict, context, escape, link, one_line, section
from bot.modals import source
from bot.modals.elements import field, filled, input_block, option, picked, plain
from bot.modals.fields import MOST_CHOSEN, can_show, field_block, held_block
from bot.modals.filling import form, note

ASSIGN, STATUS, COMMENT, EDIT, LOG_WORK, ADD_TO = (
    "jira_assign", "jira_status", "jira_comment", "jira_edit", "jira_log_work", "jira_add_to",
)  # fmt: skip
PERSON, ISSUE, STEP = "jira_person", "jira_issue", "jira_step"
"""Action ids of the selects that search people and issues, and of the one that chooses a step of the workflow."""
ME, NOBODY = "me", "nobody"
TEXT_LIMIT = 3000
MOST_OPTIONS, MOST_FIELDS = 100, 60
MARKER_LABEL = "connect-"
TITLES = {ASSIGN: "Assign", STATUS: "Status of", COMMENT: "Comment on", EDIT: "Edit", LOG_WORK: "Log work on",
          ADD_TO: "Add to Jira issue"}  # fmt: skip

type Meta = Mapping[str, Any]
"""What a form keeps about where it was opened: `issue`, `channel`, `thread`, `response_url`."""
type Screen = tuple[Sequence[FieldSpec], Mapping[str, Any], Sequence[str]]
"""The fields that can be edited, what the issue has in them (Jira's JSON), and the names of those that have no room."""


def title(callback: str, issue: str) -> str:
    """The heading of a form."""
    key = issue.rpartition("/")[2]
    return f"{TITLES[callback]} {key}" if key else TITLES[callback]


def assign_view(meta: Meta) -> dict[str, Any]:
    """Whom to assign an issue to."""
    return _form(ASSIGN, "Assign", meta, field("assignee", "To", _people()))


def comment_view(meta: Meta) -> dict[str, Any]:
    """A comment."""
    return _form(COMMENT, "Comment", meta, _rich("comment", "Comment", Document(())))


def add_to_view(meta: Meta, words: Document, message: Meta) -> dict[str, Any]:
    """A comment on an issue that is still to be found, prefilled with the words of a message (`from_message.taken`)."""
    search: BlockDict = _search(ISSUE, "Type a key, or words of the summary")
    about = {name: message[name] for name in ("form", "place", "author", "link") if name in message}
    return _form(
        ADD_TO, "Add", {**meta, **about}, field("issue", "Issue", search), _rich("comment", "Comment", words),
        *source.files_blocks(message, {source.WITH_FILES: picked(option("yes", "yes"))}),
        *source.origin_blocks(message, "comment"),
    )  # fmt: skip


def log_work_view(meta: Meta, now: int) -> dict[str, Any]:
    """Time that was spent; `now` is in seconds since 1970."""
    spent: BlockDict = {"type": "plain_text_input", "placeholder": plain("2h 30m"), "max_length": 50}
    return _form(
        LOG_WORK, "Log work", meta,
        field("spent", "Time spent", spent, hint="Weeks, days, hours and minutes: 1w 2d 3h 4m"),
        field("started", "Begun", {"type": "datetimepicker", "initial_date_time": now}),
        field("comment", "What was done", _long(), optional=True),
    )  # fmt: skip


def told_view(heading: str, mark: str, sentence: str) -> dict[str, Any]:
    """The end of it; `sentence` is mrkdwn that is escaped already."""
    return note(heading, section(f"{mark} {sentence}"))


# --- status ----------------------------------------------------------------------------------------------------------


def status_view(issue: Issue, steps: Sequence[Transition], meta: Meta, chosen: str = "") -> dict[str, Any]:
    """The steps that are possible now; for the one that is chosen, what its screen asks for."""
    head = section(f"{link(issue.url, issue.key)} is *{one_line(issue.status, 60).replace('*', '')}*.")
    if not steps:
        return note(title(STATUS, issue.key), head, section("Jira lets it go nowhere from here."))
    options = [option(_step_name(step), step.id) for step in steps][:MOST_OPTIONS]
    select: BlockDict = {"type": "static_select", "action_id": STEP, "options": options,
                         "placeholder": plain("Choose")}  # fmt: skip
    select = filled(select, picked(option("", chosen)))
    asked = next((step.fields for step in steps if step.id == chosen), ())
    missing = [field.name for field in asked if field.required and not can_show(field)]
    if missing:
        # Slack takes no field in a window that cannot be sent off, but takes a menu among buttons.
        again: BlockDict = {"type": "actions", "block_id": "step", "elements": [select]}
        return note(title(STATUS, issue.key), head, again, section(
            f":warning: This step asks for {escape(', '.join(missing))}, which cannot be shown here. "
            f"{link(issue.url, 'Do it in Jira')}.")) | {"private_metadata": json.dumps(dict(meta))}  # fmt: skip
    shown = [spec for spec in asked if can_show(spec)][:MOST_FIELDS]
    move = field("step", "Move it to", select) | {"dispatch_action": True}
    return _form(STATUS, "Save", meta, head, move, *(field_block(spec, {}, chosen) for spec in shown))


def _step_name(step: Transition) -> str:
    return step.name if step.name.casefold() == step.to.casefold() else f"{step.name} → {step.to}"


# --- edit ------------------------------------------------------------------------------------------------------------


def edit_view(issue: Issue, screen: Screen, meta: Meta) -> dict[str, Any]:
    """The fields that can be edited, as they are now; what cannot be kept as it is here is left to Jira's own page."""
    fields, values, rest = screen
    blocks: list[BlockDict] = []
    left: list[str] = []
    for spec in fields:
        block = held_block(spec, _held(spec, values.get(spec.id)))
        if block is None:
            left.append(spec.name)
        else:
            blocks.append(block)
    if not blocks:
        return note(title(EDIT, issue.key), section(f"Nothing of {link(issue.url, issue.key)} can be edited here."))
    in_jira = f"{link(issue.url, 'Edit it in Jira')}."
    if left:
        blocks.append(context(f"{escape(', '.join(left), 500)}: too long or too rich for this form. {in_jira}"))
    if rest:
        blocks.append(context(f"There is no room for {escape(', '.join(rest), 500)}. {in_jira}"))
    return _form(EDIT, "Save", {**meta, "type": issue.type, "labels": visible_labels(issue)[:MOST_CHOSEN]}, *blocks)


def _held(spec: FieldSpec, raw: object) -> Held:
    value = held(spec.kind, raw)
    if spec.id == "labels" and isinstance(value, tuple):
        return tuple(label for label in value if not label.id.startswith(MARKER_LABEL))
    return value


def visible_labels(issue: Issue) -> list[str]:
    """The labels that people see."""
    return [label for label in issue.labels if not label.startswith(MARKER_LABEL)]


def _people() -> BlockDict:
    return _search(PERSON, "Type a name")


def _search(action: str, placeholder: str) -> BlockDict:
    return {"type": "external_select", "action_id": action, "min_query_length": 0, "placeholder": plain(placeholder)}


def _long() -> BlockDict:
    return {"type": "plain_text_input", "multiline": True, "max_length": TEXT_LIMIT}


def _rich(name: str, label: str, words: Document) -> BlockDict:
    return input_block(name, label, {"type": "rich_text_input", "action_id": name}, source.rich(words))


def _form(callback: str, submit: str, meta: Meta, *blocks: BlockDict) -> dict[str, Any]:
    return form(title(callback, str(meta.get("issue", ""))), callback, submit, json.dumps(dict(meta)), blocks)
