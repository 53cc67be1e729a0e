"""The forms in which people do something on GitHub: comment, ask for changes and for reviews, merge, edit. Pure.

Those that show what GitHub has open empty, and are filled in when it has answered.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.document import Document
from bot.message import BlockDict, code, context, link, one_line, section
from bot.modals import source
from bot.modals.elements import field, input_block, option, picked, plain
from bot.modals.filling import form, note

COMMENT, CHANGES, REVIEWERS, MERGE, EDIT, GATES = (
    "github_form_comment", "github_form_changes", "github_form_reviewers", "github_form_merge", "github_form_edit",
    "github_form_gates",
)  # fmt: skip
TITLES = {COMMENT: "Comment on", CHANGES: "Changes to", REVIEWERS: "Review of", MERGE: "Merge", EDIT: "Edit",
          GATES: "Review deployment"}  # fmt: skip
WORDS, METHOD, TITLE, BODY, LABELS, PEOPLE, ASKED, PLACES, VERDICT = (
    "comment", "method", "title", "body", "labels", "assignees", "reviewers", "environments", "decision",
)  # fmt: skip
VERDICTS = (("Approve: let it deploy", "approved"), ("Reject: the run fails", "rejected"))
LABEL, ASSIGNEE, REVIEWER = "github_label", "github_assignee", "github_reviewer"
"""Action ids of the selects that search what a repository has."""
METHODS = (("Create a merge commit", "merge"), ("Squash and merge", "squash"), ("Rebase and merge", "rebase"))
"""As GitHub calls them; a repository may allow some of them only."""
TITLE_LIMIT, BODY_LIMIT = 256, 3000
"""In characters: what GitHub takes as a title, and what Slack shows in a field."""
COMMENT_LIMIT = 1000
MOST_LABELS, MOST_PEOPLE, MOST_REVIEWERS = 30, 10, 15
"""More labels have no room in what a form keeps; more people GitHub takes none."""
TEAM = "/"
"""What stands in front of a team's slug among the reviewers: no login has it."""

type Meta = Mapping[str, Any]
"""What a form keeps: `resource`, `channel`, `thread`, `response_url`, and the commit that was looked at (`sha`)."""


@dataclass(frozen=True)
class Known:
    """What there is to be said of a pull request before it is merged, in mrkdwn that is escaped already.

    `obstacle` says why it cannot be merged; empty if it may be tried.
    """

    headline: str
    base: str
    state: Sequence[str] = ()
    methods: Sequence[str] = ()
    obstacle: str = ""


@dataclass(frozen=True)
class Held:
    """What an issue or a pull request holds; `signs` are those of its `title` and `body`, by which a change is seen."""

    url: str
    title: str
    body: str
    labels: Sequence[str]
    assignees: Sequence[str]
    signs: Mapping[str, str]


@dataclass(frozen=True)
class Gate:
    """An environment that a run waits for, and what deploying to it `brings`, in mrkdwn that is escaped already.

    `obstacle` says why the person cannot decide about it; empty if they may.
    """

    id: int
    environment: str
    brings: str
    obstacle: str = ""


def title(callback: str, resource: str) -> str:
    """The heading of a form."""
    number = resource.partition("#")[2]
    return f"{TITLES[callback]} #{number}" if number else TITLES[callback]


def comment_view(meta: Meta) -> dict[str, Any]:
    """A comment."""
    return _form(COMMENT, "Comment", meta, _rich("Comment"))


def changes_view(meta: Meta) -> dict[str, Any]:
    """A review that asks for changes, which GitHub wants to be said in words."""
    return _form(CHANGES, "Request changes", meta, _rich("What is to be changed"))


def reviewers_view(meta: Meta) -> dict[str, Any]:
    """Who is asked to look at a pull request."""
    hint = "Teams begin with a slash. Who has reviewed it before is asked again."
    return _form(REVIEWERS, "Ask", meta, field(ASKED, "Ask for a review", _search(REVIEWER, MOST_REVIEWERS), hint=hint))


def merge_view(meta: Meta, known: Known) -> dict[str, Any]:
    """What is known of a pull request, to be looked at before it is merged, and how to merge it."""
    head = [section(known.headline), context(*known.state)] if known.state else [section(known.headline)]
    options = [option(label, value) for label, value in METHODS if value in known.methods]
    if known.obstacle or not options:
        why = known.obstacle or "Its repository allows no way of merging that I know."
        return note(title(MERGE, meta["resource"]), *head, section(f":warning: {why}"))
    choice: BlockDict = {"type": "static_select", "options": options, "initial_option": options[0]}
    where = f"Into {code(known.base)}, only if {code(str(meta['sha'])[:7])} still is its newest commit."
    return _form(MERGE, "Merge", meta, *head, context(where), field(METHOD, "How", choice))


def edit_view(meta: Meta, held: Held) -> dict[str, Any]:
    """Title, text, labels and assignees, as they are now; what has no room here is left to GitHub's own page."""
    on_github, blocks, labels = link(held.url, "Edit it on GitHub"), [_title(held)], list[str]()
    if len(held.body) <= BODY_LIMIT:
        blocks.append(_body(held))
    else:
        blocks.append(context(f"Its description is too long for this form. {on_github}."))
    if len(held.labels) <= MOST_LABELS:
        labels += held.labels
        blocks.append(_several(LABELS, "Labels", LABEL, MOST_LABELS, labels))
    else:
        blocks.append(context(f"It has too many labels for this form. {on_github}."))
    blocks.append(_several(PEOPLE, "Assigned to", ASSIGNEE, MOST_PEOPLE, held.assignees))
    return _form(EDIT, "Save", {**meta, LABELS: labels, PEOPLE: [*held.assignees]}, *blocks)


def gates_view(meta: Meta, run: str, gates: Sequence[Gate]) -> dict[str, Any]:
    """What a run waits to deploy, and what that would bring; `run` is a link to it."""
    head = [section(run), *(section(f"*{one_line(gate.environment, 60)}*\n{gate.brings}") for gate in gates)]
    mine = [gate for gate in gates if not gate.obstacle]
    if not gates:
        return note(title(GATES, ""), *head, section("It waits for nobody any more."))
    if not mine:
        return note(title(GATES, ""), *head, section(f":warning: {gates[0].obstacle}"))
    places = [option(gate.environment, str(gate.id)) for gate in mine]
    choose: BlockDict = {"type": "multi_static_select", "options": places, "initial_options": places}
    decide: BlockDict = {"type": "radio_buttons", "options": [option(words, value) for words, value in VERDICTS]}
    words: BlockDict = {"type": "plain_text_input", "multiline": True, "max_length": COMMENT_LIMIT}
    return _form(
        GATES, "Send", {**meta, PLACES: {str(gate.id): gate.environment for gate in mine}}, *head,
        field(PLACES, "Environments", choose), field(VERDICT, "Decision", decide),
        field(WORDS, "Comment", words, optional=True),
    )  # fmt: skip


def _title(held: Held) -> BlockDict:
    element = {"type": "plain_text_input", "action_id": TITLE, "max_length": TITLE_LIMIT}
    return input_block(f"{TITLE}@{held.signs[TITLE]}", "Title", element, {"value": held.title})


def _body(held: Held) -> BlockDict:
    element = {"type": "plain_text_input", "action_id": BODY, "multiline": True, "max_length": BODY_LIMIT}
    hint = {"hint": plain("As GitHub's Markdown."), "optional": True}
    return input_block(f"{BODY}@{held.signs[BODY]}", "Description", element, {"value": held.body}, **hint)


def _several(name: str, label: str, action: str, most: int, held: Sequence[str]) -> BlockDict:
    state = picked(*(option(each, each) for each in held))
    return input_block(name, label, _search(action, most), state, optional=True)


def _search(action: str, most: int) -> BlockDict:
    return {"type": "multi_external_select", "action_id": action, "min_query_length": 0, "max_selected_items": most,
            "placeholder": plain("Type a name")}  # fmt: skip


def _rich(label: str) -> BlockDict:
    element = {"type": "rich_text_input", "action_id": WORDS}
    return input_block(WORDS, label, element, source.rich(Document(())))


def _form(callback: str, submit: str, meta: Meta, *blocks: BlockDict) -> dict[str, Any]:
    kept = json.dumps(dict(meta), ensure_ascii=False)
    return form(title(callback, str(meta["resource"])), callback, submit, kept, blocks)
