"""What people do to GitHub's issues and pull requests from Slack: what they ask for, and what they are told in the end.

Whoever asked learns privately how it ended, wherever they asked. Nothing they typed is lost: what GitHub refuses comes
back with it. The card follows by GitHub's own webhook.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from adapters.errors import AdapterError, Invalid
from adapters.github.addresses import host_of
from adapters.plain_text import to_text
from adapters.slack.markup import read_message
from bot.flows.asker import Asker
from bot.flows.github_trying import resource_of
from bot.flows.plan import Consequences, Plan
from bot.flows.tell import given_back, tell
from bot.flows.tickets import cause_of
from bot.message import BlockDict, Message, escape, link, one_line, section
from bot.payload import mapping
from bot.renderers.github_cards import REASONS
from bot.settings import Settings
from storage.integrations import Integration, NewIntegration

REFUSED = {
    "set_state": "{0} was not changed.",
    "assign": "{0} was not assigned.",
    "unassign": "{0} was taken from nobody.",
    "label": "The labels of {0} were not changed.",
    "comment": "Your comment did not reach {0}.",
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
    address = word.strip().strip("<>").partition("|")[0]
    host = urlsplit(address).netloc.lower() if "://" in address else ""
    if host and host.removeprefix("www.") != host_of(settings.github_api_url):
        return ""
    return "" if "/discussions/" in address else resource_of(address)


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


def done(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """Whoever asked is told."""
    sentence = _sentence(row, data)
    return _told(row, Message(sentence, [section(f":white_check_mark: {sentence}")]))


def refused(row: Integration, error: AdapterError) -> Consequences:
    """Whoever asked is told why not, with the words they typed."""
    sentence = f"{REFUSED[row.operation].format(escape(row.payload['resource']))} {escape(error)}{_details(error)}"
    return _told(row, Message(sentence, [section(f":warning: {sentence}"), *_typed(row)]))


def _told(row: Integration, said: Message) -> Consequences:
    told = tell(row.payload, f"{row.key}:told", cause_of(row), said)
    return Consequences(integrations=(told,) if told else ())


def _typed(row: Integration) -> list[BlockDict]:
    """What the person wrote, as far as one message can hold it."""
    message = mapping(row.payload, "message")
    return given_back(to_text(read_message(message)) if message else row.payload.get("text", ""), "You wrote: ")


def _details(error: AdapterError) -> str:
    fields = error.fields if isinstance(error, Invalid) else {}
    return "".join(f" {escape(reason)}" for reason in fields.values() if reason not in str(error))


def _sentence(row: Integration, data: Mapping[str, Any]) -> str:
    ticket, resource = mapping(data, "ticket"), row.payload["resource"]
    name = link(ticket.get("url") or data.get("url", ""), resource)
    if row.operation == "comment":
        return f"Your comment is on {name}."
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
