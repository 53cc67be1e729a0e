"""The forms in which people do something to an issue: what is sent off in them, and what their selects offer."""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import App

from bot.flows import doing, drafts, from_message
from bot.flows.asker import Asker
from bot.flows.doing import Wish
from bot.flows.plan import Plan
from bot.flows.sending_form import first_block
from bot.listeners.sent_forms import Ask, Wrong, listener
from bot.modals import doing as modal
from bot.modals.elements import chosen, typed, values_of
from bot.modals.fields import complaint, is_changed, named, value_of
from bot.modals.filling import kept_form
from bot.modals.source import words_of
from bot.modals.waiting import away_view, working_view
from bot.payload import mapping, objects, text
from bot.services import Services
from storage.integrations import NewIntegration

SPENT = re.compile(r"\s*(\d+([.,]\d+)?\s*[wdhm]\s*)+")

type Asked = tuple[str, dict[str, Any]]
"""The operation that a form asks for, and what it has to know."""
type Draft = Mapping[str, Any]
"""What is kept of a form that was opened from a message; empty for the others."""
type Read = Callable[[dict[str, Any], Draft], Asked]


def register(app: App, services: Services) -> None:
    """Listen to the forms of `bot.modals.doing`."""
    for callback, read in FORMS.items():
        app.view(callback)(listener(services, _asking(services, read), working_view, away_view))


def _asking(services: Services, read: Read) -> Ask:
    def ask(asker: Asker, view: dict[str, Any], plan: Plan) -> NewIntegration:
        meta = json.loads(view.get("private_metadata") or "{}")
        operation, payload = read(view, drafts.draft_of(services, asker.user, str(meta.get("form", ""))))
        issue = payload.pop("issue", "") or meta["issue"]
        place = Asker(asker.team, asker.user, meta["channel"])
        wish = Wish(place, issue, meta["thread"], meta["response_url"], meta.get("home") or {})
        return doing.ask(plan, operation, wish, view_id=view["id"], filled=kept_form(view), **payload)

    return ask


def _assign(view: dict[str, Any], _: Draft) -> Asked:
    given = chosen(values_of(view), modal.PERSON)
    kinds = {modal.ME: {"me": "yes"}, modal.NOBODY: dict[str, str]()}
    return "assign", {"to": kinds.get(given, {"account": given})}


def _status(view: dict[str, Any], _: Draft) -> Asked:
    values = values_of(view)
    step = mapping(values[modal.STEP], "selected_option")
    fields = [each for each, _ in _fields(view) if each["value"] is not None]
    to = text(step, "text", "text").rpartition(" → ")[2]
    return "transition", {"transition": text(step, "value"), "to": to, "fields": fields}


def _edit(view: dict[str, Any], _: Draft) -> Asked:
    before: list[str] = json.loads(view["private_metadata"]).get("labels", [])
    values = values_of(view)
    changed = [
        (each, block) for each, block in _fields(view)
        if is_changed(text(block, "block_id"), each["kind"], values[text(block, "element", "action_id")])
    ]  # fmt: skip
    if not changed:
        raise Wrong({first_block(view): "Nothing was changed."})
    fields = [each for each, _ in changed if each["id"] != "labels"]
    names = [text(block, "label", "text") for _, block in changed]
    labels = next((each["value"] or [] for each, _ in changed if each["id"] == "labels"), before)
    # Labels are added and removed one by one: those that others set meanwhile stay.
    return "edit", {
        "fields": fields, "names": names, "add_labels": [label for label in labels if label not in before],
        "remove_labels": [label for label in before if label not in labels],
    }  # fmt: skip


def _fields(view: dict[str, Any]) -> list[tuple[dict[str, Any], Mapping[str, Any]]]:
    """What stands in each of Jira's own fields (`kind`, `id`, `value`), with its block."""
    found: list[tuple[dict[str, Any], Mapping[str, Any]]] = []
    values = values_of(view)
    for block in objects(view, "blocks"):
        action = text(block, "element", "action_id")
        field = named(action)
        if field is None:
            continue
        value = value_of(field[0], values.get(action, {}))
        wrong = complaint(field[0], value) if value is not None else ""
        if wrong:
            raise Wrong({text(block, "block_id"): wrong})
        found.append(({"kind": field[0], "id": field[1], "value": value}, block))
    return found


def _comment(view: dict[str, Any], draft: Draft) -> Asked:
    state = values_of(view)["comment"]
    if not words_of(state):
        raise Wrong({"comment": "Please write something."})
    return "comment", {"message": from_message.words(state, draft)}


def _add_to(view: dict[str, Any], draft: Draft) -> Asked:
    values, meta = values_of(view), json.loads(view["private_metadata"])
    origin = {name: meta.get(name, "") for name in ("place", "author", "link")}
    about = {"issue": chosen(values, modal.ISSUE), "files": from_message.files(values, draft), "from": origin}
    return "comment", _comment(view, draft)[1] | about


def _log_work(view: dict[str, Any], _: Draft) -> Asked:
    values = values_of(view)
    spent, began = typed(values, "spent").strip(), values["started"].get("selected_date_time")
    if not SPENT.fullmatch(spent):
        raise Wrong({"spent": "Write it like 2h 30m: with w, d, h and m for weeks, days, hours and minutes."})
    return "log_work", {
        "spent": spent.replace(",", "."), "started": began if isinstance(began, int) else 0,
        "text": typed(values, "comment"),
    }  # fmt: skip


FORMS: dict[str, Read] = {
    modal.ASSIGN: _assign, modal.STATUS: _status, modal.EDIT: _edit, modal.COMMENT: _comment,
    modal.LOG_WORK: _log_work, modal.ADD_TO: _add_to,
}  # fmt: skip
"""By callback id."""
