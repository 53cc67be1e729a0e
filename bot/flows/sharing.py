"""Showing an issue to a channel: one live card for each issue and channel, and a link to it where there is one."""

from dataclasses import asdict

from adapters.errors import AdapterError
from adapters.jira.issue import Issue
from bot.flows.asker import Asker
from bot.flows.plan import Plan, to_slack
from bot.flows.subscribing import say
from bot.message import Message, link, section
from bot.operations.slack import bare, card_in
from bot.renderers.jira import SUMMARY_LIMIT, card, version
from bot.services import Services
from storage import history


def share(services: Services, plan: Plan, asker: Asker, issue: Issue, response_url: str) -> Message | None:
    """Ask for the issue's card in the channel; a link to it instead if it has one there already.

    Returns what is for the person alone, if anything.
    """
    resource = {"service": "jira", "resource": issue.resource, "uid": issue.uid}
    there = card_in(services, resource, asker.channel)
    cause = {"source_service": "slack", "event_type": plan.event, "source_id": asker.channel}
    answer = {"response_url": response_url, "in_channel": True}
    if there is not None and there.extra.get("card_ts"):
        pointer = _pointer(services, issue, asker.channel, there.extra["card_ts"])
        if not response_url:
            return pointer
        plan.add(to_slack("respond", f"{plan.key}:shown", plan.key, cause, asker.channel, answer, pointer))
        return None
    key = f"card:{asker.channel}:jira:{issue.resource}"
    with services.database.read() as connection:
        earlier = history.with_key(connection, key)
    if earlier is not None and earlier.status == "pending":
        return say(f"The card of {issue.key} is on its way into this channel.")
    shown = card(issue)
    # Where connect is no member it may not post, but the command's own answer may still be shown to all.
    otherwise = to_slack("respond", f"{plan.key}:shown", plan.key, cause, asker.channel, answer, shown)
    payload = {
        "channel": asker.channel, "otherwise": asdict(otherwise) if response_url else None,
        "card": {**resource, "url": issue.url, "origin": "slack", "version": version(issue)},
    }  # fmt: skip
    once = key if earlier is None else f"{key}:{plan.key}"
    plan.add(to_slack("post_message", once, f"{asker.channel}:{issue.resource}", cause, asker.channel, payload, shown))
    return None


def _pointer(services: Services, issue: Issue, channel: str, card_ts: str) -> Message:
    name = link(issue.url, f"{issue.key}: {issue.summary or 'Untitled'}", SUMMARY_LIMIT)
    address = _address(services, channel, card_ts)
    text = f"{name} has its card here already" + (f": {link(address, 'look there')}." if address else ".")
    return Message(text, [section(text)])


def _address(services: Services, channel: str, ts: str) -> str:
    if services.urgent.slack is None:
        return ""
    try:
        return services.urgent.slack.permalink(bare(channel), ts)
    except AdapterError:
        return ""
