"""Tying a Slack thread to an issue that exists, and untying it: what Jira has to say to it, and the link it shows."""

from dataclasses import asdict
from typing import Any

from adapters.errors import NotFound, Rejected
from bot.operations.accounts import acting, unattended
from bot.operations.base import Effect, Operation
from bot.operations.sites import jira_of
from bot.operations.slack import slack_of
from bot.services import Services
from storage import history, mappings
from storage.integrations import Integration
from storage.mappings import Found

PERMISSION = "LINK_ISSUES"
TITLE = "Thread in Slack"
"""Not the channel's name: more people see the issue than the channel."""


def _tie(services: Services, row: Integration) -> Effect:
    """Look whether a person may tie an issue to a thread, or to the channel where its card is posted then."""
    payload, person = row.payload, row.payload["requester"]
    who = acting(services, person, payload["issue"], PERMISSION) if person else unattended(services, payload["issue"])
    issue = who.jira.issue(who.key)
    if issue.secured:
        raise Rejected(f"{issue.key} is restricted in Jira, so I do not bring it into a thread.", "restricted")
    channel, thread = payload["channel"], _thread(services, payload)
    with services.database.read() as connection:
        tied = _open(mappings.other_ends(connection, "thread", "slack", thread, "jira"))
        here = _open(mappings.threads_of(connection, "jira", issue.resource, issue.uid))
        key = f"card:{channel}:jira:{issue.resource}"
        card_key = key if history.with_key(connection, key) is None else f"{key}:{row.id}"
    if tied:
        raise Rejected(f"This thread is tied to {tied[0].id} already. `@connect unlink` here ends that.", "tied")
    there = next((each.id for each in here if each.id.startswith(f"{channel}/")), "")
    if there:
        address = _permalink(services, there)
        raise Rejected(f"{issue.key} has its thread in this channel already: {address}", "tied")
    return Effect(issue.resource, issue.resource, {"issue": asdict(issue), "card_key": card_key, "thread": thread})


def _open(ties: list[Found]) -> list[Found]:
    return [tie for tie in ties if not tie.extra.get("closed")]


def _thread(services: Services, payload: dict[str, Any]) -> str:
    """The thread that is meant; a workflow names any message of it, or the one that it begins with."""
    named: str = payload["to_thread"]
    if "execution_id" not in payload:
        return named
    _, channel, ts = named.split("/")
    message = slack_of(services).message(channel, ts)
    if message is None:
        raise Rejected("The message is not there any more.", "message_not_found")
    return f"{payload['channel']}/{message.get('thread_ts') or ts}"


def _link_thread(services: Services, row: Integration) -> Effect:
    """Show the thread on the issue. Said twice, it is one link."""
    thread = row.payload["thread"]
    jira, key = jira_of(services, row.payload["issue"])
    jira.link_page(key, global_id(thread), _permalink(services, thread), TITLE)
    return Effect(key)


def _untie(services: Services, row: Integration) -> Effect:
    """Take the link from the issue, once it is sure that the person may; an issue that is gone has none."""
    payload = row.payload
    try:
        who = acting(services, payload["requester"], payload["issue"], PERMISSION)
    except NotFound:
        return Effect(payload["issue"], data={})
    who.jira.unlink_page(who.key, global_id(payload["of_thread"]))
    return Effect(payload["issue"], data={})


def global_id(thread: str) -> str:
    """By what Jira tells one link of an issue from the others: a thread is shown once."""
    return f"connect:slack:{thread}"


def _permalink(services: Services, thread: str) -> str:
    _, channel, ts = thread.split("/")
    return slack_of(services).permalink(channel, ts)


OPERATIONS = {
    "tie_thread": Operation(_tie, idempotent=True),
    "link_thread": Operation(_link_thread, idempotent=True),
    "untie_thread": Operation(_untie, idempotent=True),
}
