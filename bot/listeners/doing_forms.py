"""The forms in which people do something to an issue: what is sent off in them, and what their selects offer.

The answer turns a form into "working…"; the result replaces that when Jira has answered.
"""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

import json
import re
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, BoltResponse

from bot.flows import asker as who
from bot.flows import doing
from bot.flows.doing import Wish
from bot.modals import doing as modal
from bot.modals.filling import Given, kept_form, read_values
from bot.payload import objects, text
from bot.services import Services

SPENT = re.compile(r"\s*(\d+([.,]\d+)?\s*[wdhm]\s*)+")

type Asked = tuple[str, dict[str, Any]]
"""The operation that a form asks for, and what it has to know."""


class Wrong(Exception):
    """A field that cannot be so: its block, and what is wrong with it."""


def register(app: App, services: Services) -> None:
    """Listen to the forms of `bot.modals.doing`."""
    for callback, read in FORMS.items():
        app.view(callback)(_listener(services, read))


def _listener(services: Services, read: Callable[[dict[str, Any]], Asked]) -> Callable[..., BoltResponse]:
    def submitted(ack: Ack, body: dict[str, Any], view: dict[str, Any], context: dict[str, Any]) -> BoltResponse:
        asker, meta = who.of_interaction(body), json.loads(view.get("private_metadata") or "{}")
        refusal = who.may_not(services, asker)
        if refusal:
            return ack(response_action="errors", errors={_first_field(view): refusal})
        try:
            operation, payload = read(view)
        except Wrong as wrong:
            block, sentence = wrong.args
            return ack(response_action="errors", errors={block: sentence})
        issue = payload.pop("issue", "") or meta["issue"]
        place = who.Asker(asker.team, asker.user, meta["channel"])
        wish = Wish(place, issue, meta["thread"], meta["response_url"], meta.get("home") or {})
        doing.ask(context["plan"], operation, wish, view_id=view["id"], filled=kept_form(view), **payload)
        return ack(response_action="update", view=modal.working_view(text(view, "title", "text")))

    return submitted


def _first_field(view: dict[str, Any]) -> str:
    return next(text(block, "block_id") for block in objects(view, "blocks") if text(block, "type") == "input")


def _assign(view: dict[str, Any]) -> Asked:
    given = str(read_values(view)["assignee"])
    kinds = {modal.ME: {"me": "yes"}, modal.NOBODY: dict[str, str]()}
    return "assign", {"to": kinds.get(given, {"account": given})}


def _status(view: dict[str, Any]) -> Asked:
    values = read_values(view)
    chosen = text(view, "state", "values", "step", modal.STEP, "selected_option", "text", "text")
    fields = {name: [kind, value] for name, kind, value in _fields(values) if value}
    return "transition", {"transition": values["step"], "to": chosen.rpartition(" → ")[2], "fields": fields}


def _edit(view: dict[str, Any]) -> Asked:
    meta = json.loads(view["private_metadata"])
    changed = [one for one in _fields(read_values(view)) if modal.digest(one[2]) != meta["was"].get(one[0])]
    if not changed:
        raise Wrong(_first_field(view), "Nothing was changed.")
    titles = {text(block, "block_id"): text(block, "label", "text") for block in objects(view, "blocks")}
    fields: dict[str, Any] = {name: [kind, value] for name, kind, value in changed if name != "labels"}
    names = [titles[modal.block_of(kind, name)] for name, kind, _ in changed]
    return "edit", {"fields": fields, "names": names, **_labels(changed, meta.get("labels", []))}


def _labels(changed: list[tuple[str, str, Given]], before: list[str]) -> dict[str, list[str]]:
    """Labels are added and removed one by one: those that others set meanwhile stay."""
    typed = next((str(value).replace(",", " ").split() for name, _, value in changed if name == "labels"), before)
    return {"add_labels": [label for label in dict.fromkeys(typed) if label not in before],
            "remove_labels": [label for label in before if label not in typed]}  # fmt: skip


def _fields(values: dict[str, Given]) -> list[tuple[str, str, Given]]:
    """Id, kind and value of each of Jira's own fields."""
    split = [(block.split(":", 2), value) for block, value in values.items() if block.startswith("field:")]
    return [(ident, kind, value) for (_, kind, ident), value in split]


def _comment(view: dict[str, Any]) -> Asked:
    return "comment", {"text": _words(view), "typed": True}


def _add_to(view: dict[str, Any]) -> Asked:
    return "comment", {"issue": read_values(view)["issue"], "text": _words(view), "typed": True}


def _log_work(view: dict[str, Any]) -> Asked:
    values = read_values(view)
    spent, began = str(values["spent"]).strip(), str(values["started"])
    if not SPENT.fullmatch(spent):
        raise Wrong("spent", "Write it like 2h 30m: with w, d, h and m for weeks, days, hours and minutes.")
    started = int(began) if began.isdecimal() else 0
    return "log_work", {"spent": spent.replace(",", "."), "started": started, "text": values["comment"]}


def _words(view: dict[str, Any]) -> str:
    words = str(read_values(view)["comment"]).strip()
    if not words:
        raise Wrong("comment", "Please write something.")
    return words


FORMS: dict[str, Callable[[dict[str, Any]], Asked]] = {
    modal.ASSIGN: _assign, modal.STATUS: _status, modal.EDIT: _edit, modal.COMMENT: _comment,
    modal.LOG_WORK: _log_work, modal.ADD_TO: _add_to,
}  # fmt: skip
"""By callback id."""
