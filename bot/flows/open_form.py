"""The form "Create GitHub issue" between its opening and its submission: drawn anew as repository and template change.

It opens at once with what is known. What the repository offers is read by the worker, since that takes a call for each
template; until then, and if GitHub does not answer, the form has what every issue has.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from adapters.document import Document, Heading, Paragraph, text_of
from adapters.errors import AdapterError, Rejected
from adapters.plain_text import to_text
from bot.flows import drafts, from_message, views
from bot.flows.asker import Asker
from bot.flows.away import waits
from bot.flows.drafts import draft_of, keep
from bot.flows.github_defaults import for_channel
from bot.flows.plan import Consequences, Plan, to_slack
from bot.flows.tickets import cause_of
from bot.issue_templates import Choice, Template, read_choice
from bot.message import Message, escape
from bot.modals import open_issue as modal
from bot.modals.elements import State, Values, choices_in, chosen, option, picked, typed
from bot.modals.open_issue import ASSIGNEES, LABELS, MILESTONE, REPOSITORY, TEMPLATE, Form
from bot.modals.waiting import Wait
from bot.operations.words import first_line
from bot.payload import mapping, text
from bot.services import Services
from storage.integrations import Integration, NewIntegration

READING = "Reading the templates of {}…"
LATER = "{} You can create with these fields now; what you type is kept, and the templates appear here then."
SILENT = "GitHub does not say which templates there are; you can still create with these fields."
OF_TEMPLATE = {LABELS: "labels", ASSIGNEES: "assignees"}
"""The selects in which stands at first what a template says, and its name for that."""

type Opened = tuple[dict[str, Any], dict[str, State]]
"""What a form knows about itself, and what stands in it."""


def blank(services: Services, asker: Asker, origin: str, repository: str = "", thread: str = "") -> Opened:
    """An empty form: in it stands the repository that is meant where it is opened."""
    meta = {
        "origin": origin, "channel": asker.channel, "requester": asker.user, "form": secrets.token_hex(6),
        "thread": thread,
    }  # fmt: skip
    values = modal.started(repository or for_channel(services, asker.channel))
    return {name: value for name, value in meta.items() if value}, values


def of_message(services: Services, asker: Asker, body: Mapping[str, Any], author: str) -> Opened:
    """A form that is opened from a message; the message itself is kept for when the form is sent."""
    ts, thread_ts = text(body, "message", "ts"), text(body, "message", "thread_ts")
    meta, values = blank(services, asker, "modal", thread=f"{asker.channel}/{thread_ts or ts}")
    kept, document, shown = from_message.taken(services, asker, body, author)
    values |= modal.started(title=_title(document), words=shown)
    return {**meta, **kept}, values


def _title(document: Document) -> str:
    """The first line of a message, without its formatting."""
    said = (text_of(block.content) for block in document.blocks if isinstance(block, Paragraph | Heading))
    return first_line(next((words for words in said if words.strip()), "") or to_text(document))


def open_form(services: Services, plan: Plan, trigger_id: str, opened: Opened) -> Message | None:
    """Open the form at once with what is known; a message for the person if Slack refuses, None if it is open."""
    meta, values = opened
    repository = chosen(values, REPOSITORY)
    notice = _reading(services, repository)
    view_id, unopened = views.open_view(services, trigger_id, modal.form_view(Form(values, notice=notice), meta))
    if not unopened:
        _ask(plan, meta, values, view_id, "")
    return unopened


def redraw(services: Services, plan: Plan, asker: Asker, view: Mapping[str, Any], action: Mapping[str, Any]) -> None:
    """Draw an open form anew after a choice in it; of another repository the templates are read first."""
    moved = text(action, "action_id") == REPOSITORY

    def draw(values: dict[str, State], meta: dict[str, Any]) -> dict[str, Any]:
        draft = draft_of(services, asker.user, str(meta.get("form", "")))
        if not moved:
            choice = choice_of(draft, values)
            keep(services, asker.user, str(meta["form"]), template=chosen(values, TEMPLATE))
            return modal.form_view(Form(_by_template(choice, draft, values), choice), meta)
        # Labels, people and milestones are each repository's own.
        left = {name: state for name, state in values.items() if name not in (TEMPLATE, LABELS, ASSIGNEES, MILESTONE)}
        keep(services, asker.user, str(meta["form"]), template="")
        _ask(plan, {**meta, "requester": asker.user}, left, text(view, "id"), text(action, "action_ts"))
        return modal.form_view(Form(left, notice=_reading(services, chosen(left, REPOSITORY))), meta)

    views.redraw(services, asker, view, action, draw)


def choice_of(draft: Mapping[str, Any], values: Values) -> Choice | None:
    """What the repository that is chosen offers, if that was read for this form."""
    same = draft.get("repository") == chosen(values, REPOSITORY)
    return read_choice(mapping(draft, "choice")) if same and draft.get("choice") else None


def _by_template(choice: Choice | None, draft: Mapping[str, Any], values: dict[str, State]) -> dict[str, State]:
    """The values with what the template that was just chosen says, in place of what the one before it said."""
    after = modal.template_of(choice, values) or Template("")
    before = modal.template_of(choice, {TEMPLATE: picked(option("", draft.get("template") or modal.BLANK))})
    anew = dict(values)
    for action, name in OF_TEMPLATE.items():
        said, was = getattr(after, name), getattr(before, name) if before else ()
        others = [text(each, "value") for each in choices_in(values.get(action, {}))]
        names = dict.fromkeys([*said, *(other for other in others if other not in was)])
        anew[action] = picked(*(option(each, each) for each in names))
    title = typed(values, "title").strip()
    if not title or (before and title == before.title):
        anew["title"] = {"value": f"{after.title} " if after.title else ""}
    return anew


# --- what the repository offers --------------------------------------------------------------------------------------


def _ask(plan: Plan, meta: Mapping[str, Any], values: Values, view_id: str, acted: str) -> None:
    repository = chosen(values, REPOSITORY)
    if not repository:
        return
    key = f"{plan.key}:read_issue_forms"
    payload: dict[str, Any] = {
        "requester": meta["requester"], "channel": meta.get("channel", ""), "repository": repository, "origin": "form",
        "form": meta["form"], "view_id": view_id, "acted": acted, "meta": dict(meta), "values": dict(values),
    }  # fmt: skip
    plan.add(NewIntegration(
        "read_issue_forms", key, f"form:{view_id}", "slack", "github", plan.event, payload["channel"], repository,
        payload,
    ))  # fmt: skip


def read(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The form is drawn with what the repository offers, unless another was chosen meanwhile."""
    return Consequences(later=lambda connection, now: _drawn(connection, row, now, data["choice"], ""))


def not_read(row: Integration, error: AdapterError) -> Consequences:
    """The form says why its repository offers nothing."""
    notice = escape(error) if isinstance(error, Rejected) else SILENT
    return Consequences(later=lambda connection, now: _drawn(connection, row, now, None, notice))


def waiting(row: Integration, wait: Wait) -> Consequences:
    """While GitHub does not answer, the form can be used without what its repository offers."""
    return Consequences(later=lambda connection, now: _drawn(connection, row, now, None, _without(wait), "waiting"))


def _without(wait: Wait) -> str:
    """Why a form does not have what its repository offers; where GitHub said so, until when."""
    return SILENT if wait.until is None else LATER.format(wait.why)


def _reading(services: Services, repository: str) -> str:
    """What a form says until it is known what its repository offers: that it is being read, or has to wait."""
    if not repository:
        return ""
    lane = NewIntegration("read_issue_forms", "", "", "slack", "github", "", "", "", {}).lane
    with services.database.read() as connection:
        wait = waits(connection, lane, services.now())
    return _without(wait) if wait else READING.format(escape(repository))


def _drawn(
    connection: Connection, row: Integration, now: datetime, choice: Mapping[str, Any] | None, notice: str,
    word: str = "view",
) -> tuple[NewIntegration, ...]:  # fmt: skip
    payload = row.payload
    user, form, values = payload["requester"], payload["form"], payload["values"]
    if drafts.read(connection, user, form).get("acted", "") != payload["acted"]:
        return ()
    if choice is not None:
        drafts.write(connection, user, form, now, choice=dict(choice), repository=payload["repository"])
    known = read_choice(choice) if choice is not None else None
    view = modal.form_view(Form(values, known, notice), payload["meta"])
    shown = {"view_id": payload["view_id"], "view": view, "otherwise": None}
    order = f"view:{payload['view_id']}"
    return (to_slack("update_view", f"{row.key}:{word}", order, cause_of(row), "", shown),)
