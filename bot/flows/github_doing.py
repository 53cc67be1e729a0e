"""What people do to GitHub's issues and pull requests from Slack: what they ask for, and what they are told in the end.

Whoever asked learns privately how it ended, wherever they asked. Nothing they typed is lost: what GitHub refuses comes
back with it. The card follows by GitHub's own webhook.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection

from adapters.errors import AdapterError, Invalid, Rejected
from adapters.github.addresses import host_of
from adapters.github.session import is_repository
from adapters.plain_text import to_text
from adapters.slack.markup import read_message
from bot.flows import github_steps
from bot.flows.asker import Asker
from bot.flows.doing import ONE_CLICK
from bot.flows.github_trying import resource_of
from bot.flows.plan import Consequences, Plan, to_slack
from bot.flows.tell import given_back, tell
from bot.flows.tickets import cause_of
from bot.message import BlockDict, Message, code, escape, link, one_line, section
from bot.modals import github_doing as modal
from bot.modals.filling import note, with_problems
from bot.payload import mapping, text
from bot.renderers.github_cards import REASONS
from bot.settings import Settings
from storage import history
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
}
"""What is said of what was not done; these are also the names of all that can be done."""
NO_REASON = " Pull requests are closed without a reason."


@dataclass(frozen=True)
class Wish:
    """Who wants something done to which issue or pull request (`acme/web#7`), and where they asked."""

    asker: Asker
    resource: str
    thread: str = ""
    response_url: str = ""

    @property
    def payload(self) -> dict[str, Any]:
        """What a row needs of it."""
        repository, _, number = self.resource.partition("#")
        return {
            "resource": self.resource, "repository": repository, "number": int(number), "origin": "deed",
            "requester": self.asker.user, "team": self.asker.team, "channel": self.asker.channel,
            "thread": self.thread, "response_url": self.response_url,
        }  # fmt: skip


def ticket_named(settings: Settings, word: str) -> str:
    """The issue or pull request that `acme/web#7`, or a link to it on connect's GitHub, names; empty if none."""
    address = _address(settings, word)
    return "" if "/discussions/" in address else resource_of(address)


def repository_named(settings: Settings, word: str) -> str:
    """The repository that `acme/web`, or a link to something in it, names; empty if none."""
    address = _address(settings, word)
    name = "/".join(urlsplit(address).path.split("/")[1:3]) if "://" in address else address
    return name if is_repository(name) else ""


def _address(settings: Settings, word: str) -> str:
    """What somebody wrote, out of Slack's marks; empty for a link to another GitHub than connect's."""
    address = word.strip().strip("<>").partition("|")[0]
    host = urlsplit(address).netloc.lower() if "://" in address else ""
    return "" if host and host.removeprefix("www.") != host_of(settings.github_api_url) else address


def ask(plan: Plan, operation: str, wish: Wish, **payload: Any) -> NewIntegration:
    """Ask for something to be done, as the person who wants it."""
    reads = operation == "read_ticket"
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


def is_asked(connection: Connection, operation: str, wish: Wish, how: Mapping[str, Any], now: datetime) -> bool:
    """Whether the same person has just asked for the very same, which is not done yet: a double click is one wish."""
    last = history.last_waiting(connection, f"github:{wish.resource}")
    if last is None or last.operation != operation or now - last.created_at > ONE_CLICK:
        return False
    payload = history.payload_of(last)
    return payload["requester"] == wish.asker.user and all(payload.get(name) == how[name] for name in how)


def done(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """Whoever asked is told; a workflow goes on."""
    if row.payload.get("execution_id"):
        return github_steps.done(row, data)
    sentence = _sentence(row, data)
    return _told(row, Message(sentence, [section(f":white_check_mark: {sentence}")]))


def refused(row: Integration, error: AdapterError) -> Consequences:
    """Whoever asked is told why not, with the words they typed; so is the author of a workflow."""
    if row.payload.get("execution_id"):
        return github_steps.not_done(row, error)
    sentence = f"{REFUSED[row.operation].format(escape(row.payload['resource']))} {escape(error)}{_details(error)}"
    said = Message(sentence, [section(f":warning: {sentence}"), *_typed(row)])
    stale = isinstance(error, Rejected) and error.code == "409"  # the form would ask for the same again
    form: Mapping[str, Any] = {} if stale else mapping(row.payload, "filled")
    fields = error.fields if isinstance(error, Invalid) else {}
    return _told(row, said, with_problems(form, str(error), fields, {}) if form else None)


def waiting(row: Integration) -> Consequences:
    """What follows when GitHub is not there: whoever looks at the form is told that what they typed is kept."""
    if not row.payload.get("view_id"):
        return Consequences()
    return Consequences(integrations=(_view(row, "waiting", modal.away_view(_heading(row)), None),))


def _told(row: Integration, said: Message, view: Mapping[str, Any] | None = None) -> Consequences:
    """In the form, if there is one that is open still; else by a message."""
    told = tell(row.payload, f"{row.key}:told", cause_of(row), said)
    if row.payload.get("view_id"):
        shown = view or note(_heading(row), section(said.blocks[0]["text"]["text"]))
        return Consequences(integrations=(_view(row, "view", shown, asdict(told) if told else None),))
    return Consequences(integrations=(told,) if told else ())


def _view(row: Integration, word: str, view: Mapping[str, Any], otherwise: dict[str, Any] | None) -> NewIntegration:
    shown = {"view_id": row.payload["view_id"], "view": view, "otherwise": otherwise}
    order = f"view:{row.payload['view_id']}"
    return to_slack("update_view", f"{row.key}:{word}", order, cause_of(row), "", shown)


def _heading(row: Integration) -> str:
    return text(row.payload, "filled", "title", "text")


def _typed(row: Integration) -> list[BlockDict]:
    """What the person wrote, as far as one message can hold it."""
    message = mapping(row.payload, "message")
    return given_back(to_text(read_message(message)) if message else row.payload.get("text", ""), "You wrote: ")


def _details(error: AdapterError) -> str:
    fields = error.fields if isinstance(error, Invalid) else {}
    return "".join(f" {escape(reason)}" for reason in fields.values() if reason not in str(error))


def _sentence(row: Integration, data: Mapping[str, Any]) -> str:
    ticket, resource = mapping(data, "ticket"), row.payload["resource"]
    name = link(text(ticket, "url") or text(data, "url"), resource)
    if row.operation == "comment":
        return f"Your comment is on {name}."
    if row.operation in _PULLS:
        return _PULLS[row.operation](row, data, name)
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


def _updated(_: Integration, data: Mapping[str, Any], name: str) -> str:
    base = code(data["base"])
    return f"The branch of {name} gets what is new in {base}." if data["new"] else f"{name} has all of {base} already."


_PULLS: dict[str, Callable[[Integration, Mapping[str, Any], str], str]] = {
    "review": _reviewed,
    "merge": lambda _row, _data, name: f"{name} is merged.",
    "update_branch": _updated,
}
