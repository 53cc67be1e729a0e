"""What people do to GitHub's issues and pull requests from Slack: what they ask for, and what they are told in the end.

Whoever asked learns privately how it ended, wherever they asked. Nothing they typed is lost: what GitHub refuses comes
back with it. The card follows by GitHub's own webhook.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection

from adapters.errors import AdapterError, Invalid, NotFound, Rejected
from bot.comment_ids import github_comment
from bot.flows import away, comments, github_steps
from bot.flows.asker import Asker
from bot.flows.plan import Consequences, Plan, to_slack
from bot.flows.shared_channels import is_silenced
from bot.flows.tell import details, tell, typed
from bot.flows.tickets import cause_of
from bot.message import Message, code, escape, link, one_line, section
from bot.modals import github_doing as modal
from bot.modals.filling import note, with_problems
from bot.modals.waiting import Wait, away_view, later_view
from bot.payload import mapping, text
from bot.renderers.github_cards import REASONS
from storage.integrations import Integration, NewIntegration

REFUSED = {
    "set_state": "{0} was not changed.",
    "assign": "{0} was not assigned.",
    "unassign": "{0} was taken from nobody.",
    "label": "The labels of {0} were not changed.",
    "comment": "Your comment did not reach {0}.",
    "review": "Your review did not reach {0}.",
    "merge": "{0} was not merged.",
    "update_branch": "The branch of {0} was not updated.",
    "edit": "{0} was not changed.",
    "request_review": "Nobody was asked to review {0}.",
    "set_draft": "{0} was not changed.",
    "rerun": "The run was not started again.",
    "cancel_run": "The run was not cancelled.",
    "decide": "Nothing was decided about the deployment.",
    "read_form": "The form cannot be shown.",
}
"""What is said of what was not done; these are also the names of all that can be done."""
STAYS = (
    ":lock: Others can read this channel since this card was posted. If its repository is private, the card stays as "
    "it is: I show nothing new of it here."
)
STALE = ("409", "merged", "held")
"""Refusals after which the form would only ask for the same again."""
NO_REASON = " Pull requests are closed without a reason."


@dataclass(frozen=True)
class Wish:
    """Who wants something done to which issue or pull request (`acme/web#7`) or run (`acme/web@run/7`), asked where."""

    asker: Asker
    resource: str
    thread: str = ""
    response_url: str = ""
    pressed: str = ""
    """The message (`team/channel/ts`) whose button was pressed, if it was one."""

    @property
    def payload(self) -> dict[str, Any]:
        """What a row needs of it."""
        repository, number = re.split("#|@run/", self.resource)
        return {
            "resource": self.resource, "repository": repository, "number": int(number), "origin": "deed",
            "requester": self.asker.user, "team": self.asker.team, "channel": self.asker.channel,
            "thread": self.thread, "response_url": self.response_url,
            **({"pressed": self.pressed} if self.pressed else {}),
        }  # fmt: skip


def ask(plan: Plan, operation: str, wish: Wish, **payload: Any) -> NewIntegration:
    """Ask for something to be done, as the person who wants it."""
    reads = operation.startswith("read_")
    key = f"{plan.key}:{operation}"
    asked = NewIntegration(
        operation=operation,
        key=key,
        ordering_key=key if reads else f"github:{wish.resource}",
        source_service="slack",
        target_service="github",
        event_type=plan.event,
        source_id=wish.thread or wish.asker.channel,
        target_id=wish.resource,
        payload={**wish.payload, **payload},
    )
    plan.add(asked)
    return asked


def done(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """Whoever asked is told; a workflow goes on."""
    if row.payload.get("execution_id"):
        return _wrote(row, data, github_steps.done(row, data))
    sentence = _sentence(row, data)
    said = _told(row, Message(sentence, [section(f":white_check_mark: {sentence}")]))
    return _wrote(row, data, replace(said, later=partial(_card_stays, row)))


def _card_stays(row: Integration, connection: Connection, _: datetime) -> list[NewIntegration]:
    """Whoever pressed beneath a card that others came to read learns why it may not change."""
    pressed = row.payload.get("pressed")
    if not pressed or not is_silenced(connection, pressed):
        return []
    told = tell(row.payload, f"{row.key}:stays", cause_of(row), Message(STAYS, [section(STAYS)]))
    return [told] if told else []


def _wrote(row: Integration, data: Mapping[str, Any], told: Consequences) -> Consequences:
    if row.operation != "comment":
        return told
    return comments.wrote(row, row.payload["resource"], github_comment(str(data["comment_id"])), data["name"], told)


def refused(row: Integration, error: AdapterError) -> Consequences:
    """Whoever asked is told why not, with the words they typed; so is the author of a workflow."""
    if row.payload.get("execution_id"):
        return github_steps.not_done(row, error)
    resource = escape(row.payload["resource"])
    # GitHub says the same, “Not Found”, of what is not there and of what may not be seen.
    unseen = isinstance(error, NotFound) and error.code == "404"
    why = f"GitHub has no {resource} that you and I can see." if unseen else f"{escape(error)}{details(error)}"
    sentence = f"{REFUSED[row.operation].format(resource)} {why}"
    said = Message(sentence, [section(f":warning: {sentence}"), *typed(row.payload)])
    stale = isinstance(error, Rejected) and error.code in STALE
    form: Mapping[str, Any] = {} if stale else mapping(row.payload, "filled")
    fields = error.fields if isinstance(error, Invalid) else {}
    return _told(row, said, with_problems(form, str(error), fields, {}) if form else None)


def waiting(row: Integration, wait: Wait) -> Consequences:
    """What follows when GitHub is not there: whoever asked is told that what they typed is kept."""
    if not row.payload.get("view_id"):
        return away.told(row, wait)
    view = (later_view if row.operation == "read_form" else away_view)(_heading(row), wait)
    if row.operation == "read_form" and (wait.soon or wait.until is None):  # the form says so already
        return Consequences()
    return Consequences(integrations=(form_shown(row, "waiting", view),))


def _told(row: Integration, said: Message, view: Mapping[str, Any] | None = None) -> Consequences:
    """In the form, if there is one that is open still; else by a message."""
    told = tell(row.payload, f"{row.key}:told", cause_of(row), said)
    if row.payload.get("view_id"):
        # Who closes a form that still waits for GitHub wants nothing any more.
        otherwise = asdict(told) if told and row.operation != "read_form" else None
        shown = view or note(_heading(row), *(section(block["text"]["text"]) for block in said.blocks))
        return Consequences(integrations=(form_shown(row, "view", shown, otherwise),))
    return Consequences(integrations=(told,) if told else ())


def form_shown(
    row: Integration, word: str, view: Mapping[str, Any], otherwise: dict[str, Any] | None = None
) -> NewIntegration:
    """What the form that a row belongs to shows from now on; `otherwise` is done if it was closed."""
    shown = {"view_id": row.payload["view_id"], "view": view, "otherwise": otherwise}
    order = f"view:{row.payload['view_id']}"
    return to_slack("update_view", f"{row.key}:{word}", order, cause_of(row), "", shown)


def _heading(row: Integration) -> str:
    if row.operation == "read_form":
        callback = {"merge": modal.MERGE, "edit": modal.EDIT, "gates": modal.GATES}[row.payload["form"]]
        return modal.title(callback, row.payload["resource"])
    return text(row.payload, "filled", "title", "text")


def _sentence(row: Integration, data: Mapping[str, Any]) -> str:
    ticket, resource = mapping(data, "ticket"), row.payload["resource"]
    if row.operation == "comment":
        return f"Your comment is on {link(text(data, 'url'), resource)}."
    name = link(text(ticket, "url") or text(data, "url"), text(data, "name") or resource)
    if row.operation in _BY_NAME:
        return _BY_NAME[row.operation](row, data, name)
    if row.operation == "set_state":
        return _state(row, ticket, name)
    if row.operation == "label":
        labels = ", ".join(one_line(each, 50) for each in ticket["labels"])
        return f"{name} has these labels now: {labels}." if labels else f"{name} has no label now."
    if row.operation == "assign" and data["me"]:
        return f"{name} is assigned to you now."
    people = ", ".join(one_line(each, 40) for each in ticket["assignees"])
    return f"{name} is assigned to {people or 'nobody'} now."


def _state(row: Integration, ticket: Mapping[str, Any], name: str) -> str:
    if ticket["state"] == "open":
        return f"{name} is open again."
    if ticket["pull"]:
        return f"{name} is closed now.{NO_REASON if row.payload.get('reason') else ''}"
    reason = REASONS.get(ticket["reason"], "")
    return f"{name} is closed now{f', as {reason}' if reason else ''}."


def _reviewed(row: Integration, _: Mapping[str, Any], name: str) -> str:
    return f"You approved {name}." if row.payload["verdict"] == "APPROVE" else f"You requested changes to {name}."


def _edited(_: Integration, data: Mapping[str, Any], name: str) -> str:
    return f"{name} was changed: {escape(', '.join(data['names']))}."


def _asked(_: Integration, data: Mapping[str, Any], name: str) -> str:
    return f"You asked {escape(', '.join(data['asked']))} to review {name}."


def _drafted(row: Integration, _: Mapping[str, Any], name: str) -> str:
    return f"{name} is a draft again." if row.payload["draft"] else f"{name} is ready for review now."


def _decided(row: Integration, _: Mapping[str, Any], name: str) -> str:
    word = "let" if row.payload["state"] == "approved" else "did not let"
    return f"You {word} {name} deploy to {escape(', '.join(row.payload['names']))}."


def _updated(_: Integration, data: Mapping[str, Any], name: str) -> str:
    base = code(data["base"])
    if data["new"]:
        return f"The branch of {name} gets what is new in {base}."
    # An earlier try may have had its effect without an answer: then it is this press that brought it.
    return f"{name} has all of {base} {'now' if data['again'] else 'already'}."


_BY_NAME: dict[str, Callable[[Integration, Mapping[str, Any], str], str]] = {
    "review": _reviewed,
    "merge": lambda _row, _data, name: f"{name} is merged.",
    "edit": _edited,
    "request_review": _asked,
    "set_draft": _drafted,
    "rerun": lambda _row, _data, name: f"{name} runs again.",
    "cancel_run": lambda _row, _data, name: f"{name} is cancelled.",
    "decide": _decided,
    "update_branch": _updated,
}
