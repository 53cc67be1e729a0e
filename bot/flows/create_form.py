"""The form "Create Jira issue" between its opening and its submission: drawn anew as project and type change.

Jira is asked within what a person waits for. If it does not answer, the form has the fields that every issue has.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from adapters.errors import AdapterError, NotFound
from adapters.plain_text import to_text
from bot.create_screens import Screen
from bot.flows import from_message, views
from bot.flows.asker import Asker
from bot.flows.defaults import defaults_of
from bot.flows.drafts import draft_of
from bot.message import Message
from bot.modals import create_issue as modal
from bot.modals.create_issue import Form
from bot.modals.elements import State, Values, chosen
from bot.operations.sites import resource_of, urgent_jira
from bot.operations.words import first_line
from bot.payload import text
from bot.services import Services

type Opened = tuple[dict[str, Any], dict[str, State]]
"""What a form knows about itself, and what stands in it."""

SILENT = "Jira does not answer; you can still create with these fields."


def blank(services: Services, asker: Asker, origin: str) -> Opened:
    """What an empty form knows and what stands in it: the channel's defaults."""
    meta = {"origin": origin, "channel": asker.channel, "requester": asker.user, "form": secrets.token_hex(6)}
    return meta | ({"admin": True} if may_set_defaults(services, asker) else {}), _defaults(services, asker)


def of_message(services: Services, asker: Asker, body: Mapping[str, Any], author: str) -> Opened:
    """The same for a form that is opened from a message; the message itself is kept for when the form is sent."""
    ts, thread_ts = text(body, "message", "ts"), text(body, "message", "thread_ts")
    meta, values = blank(services, asker, "modal")
    kept, document, shown = from_message.taken(services, asker, body, author)
    meta |= {**kept, "thread": f"{asker.channel}/{thread_ts or ts}", "in_thread": bool(thread_ts)}
    values |= modal.started(summary=first_line(to_text(document)), description=shown)
    return {name: value for name, value in meta.items() if value}, values


def open_form(services: Services, trigger_id: str, opened: Opened) -> Message | None:
    """Open the form at once with what is known, then fill in Jira's fields; a message if Slack refuses."""
    meta, values = opened
    project, kind = chosen(values, "project"), chosen(values, "issue_type")
    known = resource_of(services.settings, project) if project else ""
    screen = services.screens.known(known, kind, services.now()) if known else None
    asking = "" if screen or not project else f"Asking Jira for the fields of {project}…"
    view = modal.form_view(Form(values, screen, asking), meta)
    view_id, unopened = views.open_view(services, trigger_id, view)
    if asking and not unopened:
        form = _form(services, values)
        # Whoever has chosen another project meanwhile has a newer form already.
        if not draft_of(services, meta["requester"], meta["form"]).get("acted"):
            views.show(services, view_id, modal.form_view(form, meta))
    return unopened


def redraw(services: Services, asker: Asker, view: Mapping[str, Any], action: Mapping[str, Any]) -> None:
    """Draw an open form anew after a choice in it."""
    more = text(action, "action_id") == modal.MORE

    def draw(values: dict[str, State], meta: dict[str, Any]) -> dict[str, Any]:
        meta["more"] = bool(meta.get("more")) or more
        return modal.form_view(_form(services, values), meta)

    views.redraw(services, asker, view, action, draw)


def screen_of(services: Services, project: str, issue_type: str) -> tuple[Screen | None, str]:
    """Jira's create screen within what a person waits for, or a sentence that says why it is not there."""
    try:
        jira, key = urgent_jira(services, resource_of(services.settings, project))
        return services.screens.screen(jira, key, issue_type, services.now()), ""
    except NotFound:
        return None, f"Jira has no project {project} in which I can create."
    except AdapterError:
        return None, SILENT


def _form(services: Services, values: Values) -> Form:
    project = chosen(values, "project")
    if not project:
        return Form(values)
    screen, notice = screen_of(services, project, chosen(values, "issue_type"))
    if screen and screen.type is None and screen.types:
        notice = f"Choose one of its types: {', '.join(kind.name for kind in screen.types)[:200]}."
    return Form(values, screen, notice)


def _defaults(services: Services, asker: Asker) -> dict[str, State]:
    defaults = defaults_of(services, asker.channel)
    return modal.started(defaults.project, defaults.issue_type, labels=defaults.labels, component=defaults.component)


def may_set_defaults(services: Services, asker: Asker) -> bool:
    """Whether the form lets somebody make what they choose the channel's defaults."""
    if not asker.channel or services.urgent.slack is None:
        return False
    try:
        return services.people.person(services.urgent.slack, asker.user).admin
    except AdapterError:
        return False
