"""`/jira link OPS-1`, `@connect link OPS-1` in a thread, the shortcut "Link to Jira issue", and `unlink`."""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

import json
from typing import Any

from slack_bolt import Ack, App, BoltResponse

from adapters.errors import AdapterError
from adapters.jira.issue import Issue
from adapters.jira.jql import containing
from bot.flows import asker as who
from bot.flows import tying
from bot.flows.subscribing import say
from bot.flows.tell import tell_asker
from bot.flows.views import open_view
from bot.listeners.typed import Command, Typed, jira_off
from bot.message import BlockDict, Message, escape
from bot.modals import link_issue as modal
from bot.modals.elements import option
from bot.operations.accounts import known
from bot.operations.looking import may_be_shown
from bot.operations.sites import issue_named, no_issue_link, urgent_jira
from bot.payload import text
from bot.services import Services
from storage import mappings
from storage.mappings import Found

SHORTCUT = "link_issue"
OFFERED = 8
"""Issues in the menu: where Jira says of one issue at a time who may see it, more would take too long."""


def _link(typed: Typed) -> Message | None:
    issue, off = _issue(typed), jira_off(typed.services)
    if off or not issue:
        far = escape(no_issue_link(typed.services.settings, typed.words[0])) if typed.words else ""
        return say(off or f"{far} Name the issue: `{typed.command} link OPS-1`".strip())
    # A mention outside a thread begins one; a command does not say where it was typed, so it gets a new one.
    typed.plan.add(tying.request(typed.plan.key, typed.plan.event, typed.asked, issue, typed.thread or typed.place))
    return None


def _unlink(typed: Typed) -> Message | None:
    off = jira_off(typed.services)
    if off:
        return say(off)
    issue = _issue(typed)
    with typed.services.database.read() as connection:
        if not issue and typed.thread:
            tied = sorted(mappings.other_ends(connection, "thread", "slack", typed.thread, "jira"), key=_closed)
            issue = tied[0].id if tied else ""
        ties = mappings.threads_of(connection, "jira", issue, "") if issue else []
    here = next((tie for tie in sorted(ties, key=_closed) if tie.id.startswith(f"{typed.asker.channel}/")), None)
    if not issue:
        return say("This thread belongs to no issue." if typed.thread else f"Name it: `{typed.command} unlink OPS-1`")
    if here is None:
        return say(f"{issue} has no thread in this channel.")
    typed.plan.add(tying.request_end(typed.plan.key, typed.plan.event, typed.asked, issue, here))
    return None


def _closed(tie: Found) -> bool:
    return bool(tie.extra.get("closed"))


def _issue(typed: Typed) -> str:
    """The issue that was named, by its key or its address; empty if none was."""
    return issue_named(typed.services.settings, typed.words[0]) if typed.words else ""


COMMANDS: dict[str, Command] = {"link": _link, "unlink": _unlink}


def register(app: App, services: Services) -> None:
    """Listen to the shortcut and its form."""

    def from_message(ack: Ack, body: dict[str, Any], context: dict[str, Any]) -> None:
        ack()
        answer = _open(services, body)
        if answer:
            tell_asker(context["plan"], who.of_interaction(body), text(body, "response_url"), answer)

    def issues(ack: Ack, body: dict[str, Any]) -> None:
        ack(options=_options(services, who.of_interaction(body).user, text(body, "value")))

    def submitted(ack: Ack, body: dict[str, Any], view: dict[str, Any], context: dict[str, Any]) -> BoltResponse:
        asker, meta, plan = who.of_interaction(body), json.loads(view["private_metadata"]), context["plan"]
        chosen = modal.chosen_in(view)
        asked = {"requester": asker.user, "channel": meta["channel"], "team": asker.team}
        form = {"view_id": view["id"], "meta": meta, "chosen": chosen}
        plan.add(tying.request(plan.key, plan.event, asked, chosen["value"], meta["thread"], **form))
        return ack(response_action="update", view=modal.linking_view(chosen["value"]))

    app.message_shortcut(SHORTCUT)(from_message)
    app.options(modal.CHOICE)(issues)
    app.view(modal.CALLBACK)(submitted)


def _open(services: Services, body: dict[str, Any]) -> Message | None:
    """Open the form; a message for the person if that is not possible."""
    asker = who.of_interaction(body)
    refusal = jira_off(services) or who.may_not(services, asker)
    if refusal:
        return Message(refusal)
    ts = text(body, "message", "thread_ts") or text(body, "message", "ts")
    meta = {"channel": asker.channel, "thread": f"{asker.channel}/{ts}"}
    return open_view(services, text(body, "trigger_id"), modal.form_view(meta))[1]


def _options(services: Services, user: str, typed: str) -> list[BlockDict]:
    """The issues that the person may see and whose text has these words; one whose key was typed comes first."""
    named = issue_named(services.settings, typed)
    try:
        jira, key = urgent_jira(services, named)
        _, account = known(services, jira, user, urgent=True)
        jql = containing(typed, begun=True)
        found: list[Issue] = [jira.issue(key)] if key else []
        if not found and jql:
            found += jira.search(jql, limit=OFFERED).issues
        return [option(f"{issue.key} {issue.summary}", issue.resource) for issue in may_be_shown(jira, account, found)]
    except AdapterError:
        # Jira does not answer in time: a key is offered as it is, and Jira judges it when it is back.
        return [option(named, named)] if named else []
