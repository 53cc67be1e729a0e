"""The forms in which people do something to an issue: assign, status, comment, edit, log work. Pure.

Those that ask nothing of Jira open as they are, with selects that search as the person types; status and edit open
empty and are filled in when Jira has answered.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from adapters.document import Document
from adapters.jira.issue import Issue
from adapters.jira.markup import read_body
from adapters.plain_text import to_text
from adapters.slack.markup import read_mrkdwn
from bot.message import BlockDict, clean, context, escape, link, one_line, section, truncate
from bot.modals.filling import Given, field, form, initial_values, note, plain

ASSIGN, STATUS, COMMENT, EDIT, LOG_WORK, ADD_TO = (
    "jira_assign", "jira_status", "jira_comment", "jira_edit", "jira_log_work", "jira_add_to",
)  # fmt: skip
PERSON, ISSUE, STEP = "jira_person", "jira_issue", "jira_step"
"""Action ids of the selects that search people and issues, and of the one that chooses a step of the workflow."""
ME, NOBODY = "me", "nobody"
TEXT_LIMIT, LINE_LIMIT = 3000, 255
OPTION_LIMIT = 75
MOST_OPTIONS = 100
MARKER_LABEL = "connect-"
TITLES = {ASSIGN: "Assign", STATUS: "Status of", COMMENT: "Comment on", EDIT: "Edit", LOG_WORK: "Log work on",
          ADD_TO: "Add to Jira issue"}  # fmt: skip

type Meta = Mapping[str, Any]
"""What a form keeps about where it was opened: `issue`, `channel`, `thread`, `response_url`."""


def title(callback: str, issue: str) -> str:
    """The heading of a form."""
    key = issue.rpartition("/")[2]
    return f"{TITLES[callback]} {key}" if key else TITLES[callback]


def option(shown: str, value: str) -> BlockDict:
    """A choice in a select."""
    return {"text": plain(truncate(" ".join(clean(shown).split()), OPTION_LIMIT) or value[:OPTION_LIMIT]),
            "value": value[:150]}  # fmt: skip


def assign_view(meta: Meta) -> dict[str, Any]:
    """Whom to assign an issue to."""
    return _form(ASSIGN, "Assign", meta, field("assignee", "To", _people()))


def comment_view(meta: Meta) -> dict[str, Any]:
    """A comment."""
    return _form(COMMENT, "Comment", meta, field("comment", "Comment", _long()))


def add_to_view(meta: Meta, words: str) -> dict[str, Any]:
    """A comment on an issue that is still to be found, prefilled with a message's words."""
    search: BlockDict = _search(ISSUE, "Type a key, or words of the summary")
    return _form(
        ADD_TO, "Add", meta, field("issue", "Issue", search), field("comment", "Comment", _long(words)),
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


def waiting_view(callback: str, issue: str) -> dict[str, Any]:
    """What a form shows that waits for what Jira has to say."""
    return note(title(callback, issue), section(":hourglass_flowing_sand: Asking Jira…"),
                context("If this stays, Jira does not answer: the form appears here when it does."))  # fmt: skip


def working_view(heading: str) -> dict[str, Any]:
    """What a form turns into the moment it is sent off."""
    return note(heading, section(":hourglass_flowing_sand: Working…"),
                context("You may close this: you will be told when it is done."))  # fmt: skip


def told_view(heading: str, mark: str, sentence: str) -> dict[str, Any]:
    """The end of it; `sentence` is mrkdwn that is escaped already."""
    return note(heading, section(f"{mark} {sentence}"))


# --- status ----------------------------------------------------------------------------------------------------------


def status_view(issue: Issue, steps: list[dict[str, Any]], meta: Meta, chosen: str = "") -> dict[str, Any]:
    """The steps that are possible now; for the one that is chosen, what its screen asks for."""
    head = section(f"{link(issue.url, issue.key)} is *{one_line(issue.status, 60).replace('*', '')}*.")
    if not steps:
        return note(title(STATUS, issue.key), head, section("Jira lets it go nowhere from here."))
    options = [option(_step_name(step), step["id"]) for step in steps][:MOST_OPTIONS]
    select: BlockDict = {"type": "static_select", "action_id": STEP, "options": options,
                         "placeholder": plain("Choose")}  # fmt: skip
    given = next((one for one in options if one["value"] == chosen), None)
    select |= {"initial_option": given} if given else {}
    move = field("step", "Move it to", select) | {"dispatch_action": True}
    asked: list[dict[str, Any]] = next((step["fields"] for step in steps if step["id"] == chosen), list[Any]())
    blocks = [block for one in asked if (block := screen_field(one)) is not None]
    missing = [one["name"] for one in asked if one["required"] and not one["default"] and not _can_show(one)]
    if missing:
        # Slack takes no field in a window that cannot be sent off, but takes a menu among buttons.
        again: BlockDict = {"type": "actions", "block_id": "step", "elements": [select]}
        return note(title(STATUS, issue.key), head, again, section(
            f":warning: This step asks for {escape(', '.join(missing))}, which cannot be shown here. "
            f"{link(issue.url, 'Do it in Jira')}.")) | {"private_metadata": json.dumps(dict(meta))}  # fmt: skip
    return _form(STATUS, "Save", meta, head, move, *blocks)


def _step_name(step: Mapping[str, Any]) -> str:
    same = step["name"].casefold() == step["to"].casefold()
    return step["name"] if same else f"{step['name']} → {step['to']}"


# --- fields ----------------------------------------------------------------------------------------------------------


def block_of(kind: str, ident: str) -> str:
    """The block of one of Jira's fields: it says how to read it."""
    return f"field:{kind}:{ident}"


def _can_show(described: Mapping[str, Any]) -> bool:
    kind, options = described["kind"], described["options"]
    return kind != "other" and (kind not in ("option", "options") or 0 < len(options) <= MOST_OPTIONS)


def screen_field(described: Mapping[str, Any], value: Any = None) -> BlockDict | None:
    """One of Jira's fields with its present value; None if connect cannot show it."""
    if not _can_show(described):
        return None
    kind = described["kind"]
    required = described["required"] and not described["default"]
    name = block_of(kind, described["id"])
    return field(name, described["name"], _element(kind, described["options"], value), optional=not required)


def _element(kind: str, options: Any, value: Any) -> BlockDict:
    if kind == "user":
        return _people(value)
    if kind in ("option", "options"):
        offered = [option(shown, ident) for ident, shown in options]
        given = [one for one in offered if value and one["text"]["text"] == option(value, "")["text"]["text"]][:1]
        if kind == "option":
            return {"type": "static_select", "options": offered} | ({"initial_option": given[0]} if given else {})
        return {"type": "multi_static_select", "options": offered}
    if kind == "date":
        return {"type": "datepicker"} | ({"initial_date": value} if value else {})
    if kind == "number":
        return {"type": "number_input", "is_decimal_allowed": True}
    return _long(value) if kind == "long" else _line(value)


def _people(chosen: Any = None) -> BlockDict:
    element = _search(PERSON, "Type a name")
    return element | ({"initial_option": option(chosen[1], chosen[0])} if chosen else {})


def _search(action: str, placeholder: str) -> BlockDict:
    return {"type": "external_select", "action_id": action, "min_query_length": 0, "placeholder": plain(placeholder)}


def _long(words: str | None = "") -> BlockDict:
    element: BlockDict = {"type": "plain_text_input", "multiline": True, "max_length": TEXT_LIMIT}
    return element | ({"initial_value": truncate(clean(words), TEXT_LIMIT)} if words else {})


def _line(words: str | None = "") -> BlockDict:
    element: BlockDict = {"type": "plain_text_input", "max_length": LINE_LIMIT}
    return element | ({"initial_value": truncate(clean(words), LINE_LIMIT)} if words else {})


# --- edit ------------------------------------------------------------------------------------------------------------


def edit_view(issue: Issue, fields: list[dict[str, Any]], meta: Meta) -> dict[str, Any]:
    """The fields that can be edited, as they are now; what cannot be kept as it is here is left to Jira's own page."""
    present = present_values(issue)
    shown = [one for one in fields if one["id"] in present]
    held = {one["id"]: present[one["id"]] for one in shown if present[one["id"]] is not None}
    blocks = [block for one in shown if one["id"] in held and (block := screen_field(one, held[one["id"]]))]
    left = [one["name"] for one in shown if one["id"] not in held]
    if left:
        blocks.append(context(f"{escape(', '.join(left))}: too long or too rich for this form. "
                              f"{link(issue.url, 'Edit it in Jira')}."))  # fmt: skip
    if not held:
        return note(title(EDIT, issue.key), section(f"Nothing of {link(issue.url, issue.key)} can be edited here."))
    was = {name.rpartition(":")[2]: digest(given) for name, given in initial_values(blocks).items()}
    labels = {"labels": visible_labels(issue)} if "labels" in held else {}
    return _form(EDIT, "Save", {**meta, "was": was, **labels}, *blocks)


def present_values(issue: Issue) -> dict[str, Any]:
    """What the form's fields hold, by Jira's id; None for a text or labels that a form cannot give back unchanged."""
    labels = " ".join(visible_labels(issue))
    return {
        "summary": issue.summary or None, "priority": issue.priority or "",
        "labels": labels if len(labels) < LINE_LIMIT else None,
        "duedate": issue.due, "assignee": (issue.assignee_id, issue.assignee) if issue.assignee_id else "",
        "description": typeable(read_body(issue.description)),
    }  # fmt: skip


def typeable(document: Document) -> str | None:
    """A text as it is typed into a form; None if something of it would be lost on the way back."""
    words = to_text(document)
    if len(words) > TEXT_LIMIT or clean(words) != words:
        return None
    return words if read_mrkdwn(escape(words, TEXT_LIMIT)) == document else None


def visible_labels(issue: Issue) -> list[str]:
    """The labels that people see."""
    return [label for label in issue.labels if not label.startswith(MARKER_LABEL)]


def digest(given: Given) -> str:
    """Tells whether a field still holds what it was filled with."""
    return hashlib.sha256(json.dumps(given).encode()).hexdigest()[:12]


def _form(callback: str, submit: str, meta: Meta, *blocks: BlockDict) -> dict[str, Any]:
    return form(title(callback, str(meta.get("issue", ""))), callback, submit, json.dumps(dict(meta)), blocks)
