"""The modal "Create Jira issue": the form, and what it turns into. Pure: data in, a view out.

Project and type are searched in the live Jira as the person types (external selects), so opening the form waits for
nobody. https://docs.slack.dev/reference/views
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.message import BlockDict, clean, context, escape, link, section, truncate
from bot.payload import text

CALLBACK = "create_issue"
KEPT = ("origin", "channel", "thread", "place", "signed", "requester")
"""What the form keeps about where it was opened, in its private metadata."""
OPTION_LIMIT = 75
INPUT_LIMIT = 3000
MOST_PROBLEMS = 20
"""Of those that are about no field of the form; a view takes 100 blocks, and nobody reads more."""


@dataclass(frozen=True)
class Form:
    """What the person has typed or chosen so far."""

    project: str = ""
    issue_type: str = ""
    summary: str = ""
    description: str = ""


@dataclass(frozen=True)
class Problems:
    """Jira's refusal: what it said in general, and by Jira's field id."""

    general: str = ""
    fields: Mapping[str, str] = field(default_factory=dict[str, str])


# Jira's field ids and the blocks where they are typed.
BLOCK_OF = {"project": "project", "issuetype": "issue_type", "summary": "summary", "description": "description"}
NONE = Problems()


def form_view(form: Form, meta: Mapping[str, Any], problems: Problems = NONE) -> dict[str, Any]:
    """The form with everything in `form` filled in, and each problem beneath the field it speaks of."""
    elsewhere = [reason for name, reason in problems.fields.items() if name not in BLOCK_OF]
    general = [problems.general] if problems.general and not problems.fields else []
    blocks: list[BlockDict] = [
        section(f":warning: {escape(reason)}") for reason in [*general, *elsewhere][:MOST_PROBLEMS]
    ]
    for block in (_project(form), _issue_type(form), _summary(form), _description(form)):
        blocks.append(block)
        blocks += [
            context(f":warning: {escape(reason)}")
            for name, reason in problems.fields.items()
            if BLOCK_OF.get(name) == block["block_id"]
        ]
    return _modal("Create Jira issue", blocks) | {
        "callback_id": CALLBACK,
        "submit": _plain("Create"),
        "private_metadata": json.dumps(dict(meta)),
    }


def creating_view(summary: str) -> dict[str, Any]:
    """What the form turns into the moment it is submitted."""
    shown = f":hourglass_flowing_sand: Creating *{escape(summary, 255)}* in Jira…"
    return _modal(
        "Create Jira issue", [section(shown), context("You may close this: the card will appear all the same.")]
    )


def created_view(key: str, url: str, summary: str) -> dict[str, Any]:
    """The result: the issue and its link."""
    return _modal("Create Jira issue", [section(f":white_check_mark: {link(url, key)} *{escape(summary, 255)}*")])


def read_form(state: Mapping[str, Any]) -> Form:
    """What a submitted (or half-filled) form holds: `view.state.values`."""
    return Form(
        _chosen(state, "project"), _chosen(state, "issue_type"), _typed(state, "summary"), _typed(state, "description")
    )


def option(shown: str, value: str) -> BlockDict:
    """A choice in a select."""
    return {"text": _plain(truncate(clean(shown), OPTION_LIMIT)), "value": value[:150]}


def _project(form: Form) -> BlockDict:
    return _select("project", "Project", form.project, "Search projects")


def _issue_type(form: Form) -> BlockDict:
    return _select("issue_type", "Type", form.issue_type, "Task, Bug, …")


def _select(name: str, label: str, chosen: str, placeholder: str) -> BlockDict:
    element: BlockDict = {
        "type": "external_select", "action_id": name, "min_query_length": 0, "placeholder": _plain(placeholder),
    }  # fmt: skip
    if chosen:
        element["initial_option"] = option(chosen, chosen)
    return {"type": "input", "block_id": name, "label": _plain(label), "element": element}


def _summary(form: Form) -> BlockDict:
    element: BlockDict = {"type": "plain_text_input", "action_id": "summary", "max_length": 255}
    return _text_block("summary", "Summary", element, form.summary, 255)


def _description(form: Form) -> BlockDict:
    element: BlockDict = {"type": "plain_text_input", "action_id": "description", "multiline": True,
                          "max_length": INPUT_LIMIT}  # fmt: skip
    return _text_block("description", "Description", element, form.description, INPUT_LIMIT) | {"optional": True}


def _text_block(name: str, label: str, element: BlockDict, typed: str, limit: int) -> BlockDict:
    if typed:
        element["initial_value"] = truncate(clean(typed), limit)
    return {"type": "input", "block_id": name, "label": _plain(label), "element": element}


def _modal(title: str, blocks: list[BlockDict]) -> dict[str, Any]:
    return {"type": "modal", "title": _plain(title), "close": _plain("Close"), "blocks": blocks}


def _plain(words: str) -> BlockDict:
    return {"type": "plain_text", "text": words}


def _chosen(state: Mapping[str, Any], name: str) -> str:
    return text(state, name, name, "selected_option", "value")


def _typed(state: Mapping[str, Any], name: str) -> str:
    return text(state, name, name, "value")
