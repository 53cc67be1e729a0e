"""The forms in which people do something on GitHub: comment, request changes, merge. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.document import Document
from bot.message import BlockDict, code, context, escape, section
from bot.modals import source
from bot.modals.elements import field, input_block, option
from bot.modals.filling import form, note

COMMENT, CHANGES, MERGE = "github_form_comment", "github_form_changes", "github_form_merge"
TITLES = {COMMENT: "Comment on", CHANGES: "Changes to", MERGE: "Merge"}
WORDS, METHOD = "comment", "method"
METHODS = (("Create a merge commit", "merge"), ("Squash and merge", "squash"), ("Rebase and merge", "rebase"))
"""As GitHub calls them; a repository may allow some of them only."""

type Meta = Mapping[str, Any]
"""What a form keeps: `resource`, `channel`, `thread`, `response_url`, and the commit that was looked at (`sha`)."""


@dataclass(frozen=True)
class Known:
    """What is known of a pull request, in mrkdwn that is escaped already: a link to it, its reviews and its checks."""

    headline: str = ""
    state: Sequence[str] = ()


def title(callback: str, resource: str) -> str:
    """The heading of a form."""
    return f"{TITLES[callback]} #{resource.partition('#')[2]}"


def comment_view(meta: Meta) -> dict[str, Any]:
    """A comment."""
    return _form(COMMENT, "Comment", meta, _rich("Comment"))


def changes_view(meta: Meta) -> dict[str, Any]:
    """A review that asks for changes, which GitHub wants to be said in words."""
    return _form(CHANGES, "Request changes", meta, _rich("What is to be changed"))


def merge_view(meta: Meta, known: Known) -> dict[str, Any]:
    """What is known of a pull request, to be looked at before it is merged, and how to merge it."""
    options = [option(label, value) for label, value in METHODS]
    choice: BlockDict = {"type": "static_select", "options": options, "initial_option": options[0]}
    state = [words for words in known.state if words]
    unheard = "I have heard of no review and no check. Look on GitHub before you merge."
    commit = code(str(meta["sha"])[:7])
    return _form(
        MERGE, "Merge", meta, section(known.headline or escape(meta["resource"])), context(*(state or [unheard])),
        context(f"Only if {commit} still is its newest commit."), field(METHOD, "How", choice),
    )  # fmt: skip


def working_view(heading: str) -> dict[str, Any]:
    """What a form turns into the moment it is sent off."""
    return note(heading, section(":hourglass_flowing_sand: Working…"),
                context("You may close this: you will be told when it is done."))  # fmt: skip


def away_view(heading: str) -> dict[str, Any]:
    """What it says while GitHub is not there."""
    return note(heading, section(":hourglass: GitHub does not answer. This is kept, and done as soon as it is back."),
                context("You may close this: you will be told when it is done."))  # fmt: skip


def _rich(label: str) -> BlockDict:
    element = {"type": "rich_text_input", "action_id": WORDS}
    return input_block(WORDS, label, element, source.rich(Document(())))


def _form(callback: str, submit: str, meta: Meta, *blocks: BlockDict) -> dict[str, Any]:
    return form(title(callback, str(meta["resource"])), callback, submit, json.dumps(dict(meta)), blocks)
