"""`/jira channel OPS-1`, its button in the form Thread…, and the one that archives a resolved issue's channel."""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

import json
from typing import Any

from slack_bolt import Ack, App

from bot.flows import asker as who
from bot.flows import channels
from bot.flows.subscribing import say
from bot.flows.tell import tell_asker
from bot.listeners.typed import Command, Typed, jira_off
from bot.message import Message, escape
from bot.modals import thread as modal
from bot.operations.sites import issue_named, no_issue_link
from bot.payload import text
from bot.services import Services


def _channel(typed: Typed) -> Message:
    issue = issue_named(typed.services.settings, typed.words[0]) if typed.words else ""
    if not issue:
        far = no_issue_link(typed.services.settings, typed.words[0]) if typed.words else ""
        return say(f"{escape(far)} Name the issue: `{typed.command} channel OPS-1`".strip())
    refusal = jira_off(typed.services) or who.may_not(typed.services, typed.asker)
    if refusal:
        return say(refusal)
    channels.request(typed.plan, typed.asked, issue)
    return say(f":hourglass_flowing_sand: Asking for the channel of {issue}…")


COMMANDS: dict[str, Command] = {"channel": _channel}


def register(app: App, services: Services) -> None:
    """Listen to the buttons."""

    def wanted(ack: Ack, body: dict[str, Any], action: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        held: dict[str, str] = json.loads(text(action, "value"))
        asker, url = who.of_interaction(body), held.get("response_url", "")
        place = who.Asker(asker.team, asker.user, held.get("channel", ""))
        refusal = jira_off(services) or who.may_not(services, asker)
        if refusal:
            return tell_asker(context["plan"], place, url, say(refusal))
        asked = {"requester": asker.user, "channel": place.channel, "team": asker.team, "response_url": url,
                 "thread": held.get("answer", "")}  # fmt: skip
        return channels.request(context["plan"], asked, held["issue"], view_id=text(body, "view", "id"))

    def done(ack: Ack, body: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        asker, url = who.of_interaction(body), text(body, "response_url")
        with services.database.read() as connection:
            issue = channels.issue_of(connection, asker.channel)
        refusal = jira_off(services) or who.may_not(services, asker)
        if refusal or not issue:
            refusal = refusal or "This channel belongs to no issue any more."
            return tell_asker(context["plan"], asker, url, say(refusal))
        asked = {"requester": asker.user, "channel": asker.channel, "team": asker.team, "response_url": url}
        ts = text(body, "container", "message_ts")
        return channels.request_end(context["plan"], asked, issue, asker.channel, ts)

    app.action(modal.CHANNEL)(wanted)
    app.action(channels.ARCHIVE)(done)
