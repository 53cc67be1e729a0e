"""Showing an issue to a channel: one live card for each issue and channel, and a link to it where there is one."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from adapters.jira.issue import Issue
from bot.flows.plan import Consequences, to_slack
from bot.flows.subscribing import say
from bot.flows.tell import tell
from bot.flows.tickets import cause_of, issue_from
from bot.message import Message, link
from bot.renderers.jira import SUMMARY_LIMIT, card, version
from storage import history
from storage.integrations import Integration, NewIntegration


def shared(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The issue's card is posted in the channel; where it has one there already (`there`), a link to that is shown."""
    issue = issue_from(data["issue"])
    if data["there"] is not None:
        return Consequences(integrations=_shown(row, _pointer(issue, data["there"])))
    return Consequences(later=lambda connection, _: _posted(connection, row, issue))


def _posted(connection: Connection, row: Integration, issue: Issue) -> tuple[NewIntegration, ...]:
    channel = row.payload["channel"]
    key = f"card:{channel}:jira:{issue.resource}"
    earlier = history.with_key(connection, key)
    if earlier is not None and earlier.status == "pending":
        return _told(row, say(f"The card of {issue.key} is on its way into this channel."))
    shown = card(issue)
    # Where connect is no member it may not post, but the command's own answer may still be shown to all.
    otherwise = [asdict(new) for new in _shown(row, shown)] if row.payload["response_url"] else [None]
    payload = {
        "channel": channel, "otherwise": otherwise[0],
        "card": {"service": "jira", "resource": issue.resource, "uid": issue.uid, "url": issue.url, "origin": "slack",
                 "version": version(issue)},
    }  # fmt: skip
    once = key if earlier is None else f"{key}:{row.key}"
    return (to_slack("post_message", once, f"{channel}:{issue.resource}", cause_of(row), channel, payload, shown),)


def _shown(row: Integration, message: Message) -> tuple[NewIntegration, ...]:
    """The command's answer for everyone; a mention has none, so it is for the person alone."""
    channel, response_url = row.payload["channel"], row.payload["response_url"]
    if not response_url:
        return _told(row, message)
    answer = {"response_url": response_url, "in_channel": True}
    return (to_slack("respond", f"{row.key}:shown", row.key, cause_of(row), channel, answer, message),)


def _told(row: Integration, message: Message) -> tuple[NewIntegration, ...]:
    told = tell(row.payload, f"{row.key}:answer", cause_of(row), message)
    return (told,) if told else ()


def _pointer(issue: Issue, address: str) -> Message:
    name = link(issue.url, f"{issue.key}: {issue.summary or 'Untitled'}", SUMMARY_LIMIT)
    return say(f"{name} has its card here already" + (f": {link(address, 'look there')}." if address else "."))
