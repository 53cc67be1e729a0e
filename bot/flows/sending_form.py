"""The form "Create Jira issue" as it was sent: what is wrong with it before Jira is asked, and the request it makes."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.flows import from_message, tickets
from bot.flows.asker import Asker
from bot.flows.create_form import may_set_defaults
from bot.flows.defaults import Defaults, for_channel, set_defaults
from bot.flows.drafts import draft_of
from bot.flows.plan import Plan
from bot.modals import create_issue as modal
from bot.modals.elements import Values, choices_in, chosen, interactive, ticked, typed, values_of
from bot.modals.fields import complaint, named, value_of
from bot.modals.filling import kept_form
from bot.modals.source import WITH_FILES
from bot.operations.sites import resource_of
from bot.payload import objects, text
from bot.services import Services
from storage.integrations import NewIntegration

LABELS, COMPONENTS = "field:labels:labels", "field:options:components"


def complaints(view: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with the form before Jira is asked, by block."""
    values, blocks = values_of(view), interactive(_blocks(view))
    given = {"project": chosen(values, "project"), "issue_type": chosen(values, "issue_type"),
             "summary": typed(values, "summary").strip()}  # fmt: skip
    found = {name: "Please fill this in." for name, value in given.items() if not value}
    for action, state in values.items():
        field = named(action)
        value = value_of(field[0], state) if field else None
        if field and value is not None and complaint(field[0], value):
            found[action] = complaint(field[0], value)
    return {blocks[action]: reason for action, reason in found.items() if action in blocks}


def first_block(view: Mapping[str, Any]) -> str:
    """The block for what is about the form as a whole."""
    return next(iter(interactive(_blocks(view)).values()), "")


def request(services: Services, asker: Asker, view: Mapping[str, Any], plan: Plan) -> NewIntegration:
    """Ask for the issue; the row keeps the form too, so that it can come back as it was."""
    values, meta = values_of(view), json.loads(text(view, "private_metadata") or "{}")
    draft = draft_of(services, asker.user, str(meta.get("form", "")))
    summary = typed(values, "summary")
    payload = {
        **{name: meta[name] for name in ("channel", "thread", "place", "link", "home") if meta.get(name)},
        # Not from the form's metadata: Slack says who submitted it.
        "origin": "modal", "requester": asker.user, "team": asker.team,
        "project": resource_of(services.settings, chosen(values, "project")),
        "issue_type": chosen(values, "issue_type"), "summary": summary,
        "typed": True, "message": from_message.words(values.get("description", {}), draft),
        "written_by": meta.get("author", ""),
        "fields": _fields(values), "transcript": ticked(values, modal.WITH_THREAD),
        "with_files": ticked(values, WITH_FILES), "files": from_message.files(values, draft),
        "view_id": text(view, "id"), "form": kept_form(view),
    }  # fmt: skip
    payload |= _hidden_defaults(services, asker, values, payload)
    if ticked(values, modal.AS_DEFAULT):
        place = asker.channel or str(payload.get("channel", ""))
        if may_set_defaults(services, replace(asker, channel=place)):
            set_defaults(services, place, _as_defaults(values, payload))
    return tickets.request_issue(f"{plan.key}:create_issue", plan.event, payload)


def _as_defaults(values: Values, payload: Mapping[str, Any]) -> Defaults:
    """What was chosen, as a channel's defaults; of components there is one."""
    labels = [text(each, "value") for each in choices_in(values.get(LABELS, {}))]
    component = next((text(each, "text", "text") for each in choices_in(values.get(COMPONENTS, {}))), "")
    return Defaults(payload["project"], payload["issue_type"], tuple(labels), component)


def _fields(values: Values) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for action, state in values.items():
        field = named(action)
        value = value_of(field[0], state) if field else None
        if field and value is not None:
            found.append({"kind": field[0], "id": field[1], "value": value})
    return found


def _hidden_defaults(services: Services, asker: Asker, values: Values, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The channel's labels and component, if Jira did not say in time whether there is a place for them."""
    if services.screens.known(payload["project"], payload["issue_type"], services.now()):
        return {}
    defaults = for_channel(services, asker.channel or str(payload.get("channel", "")), payload["project"])
    given = {"labels": list(defaults.labels) if LABELS not in values else [],
             "component": defaults.component if COMPONENTS not in values else ""}  # fmt: skip
    return {name: value for name, value in given.items() if value}


def _blocks(view: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [dict(block) for block in objects(view, "blocks")]
