"""The form "Thread…" behind a card's More: what goes through between a thread and its issue, the link's end, or a link.

Whoever may `/jira sync`, `/jira link` and `/jira unlink` may do the same here, and Jira is asked for the same rights.
"""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

import json
from typing import Any

from slack_bolt import Ack, App, BoltResponse
from sqlalchemy import Connection

from bot.flows import asker as who
from bot.flows import syncing, tying
from bot.flows.doing import Wish
from bot.flows.plan import Plan
from bot.flows.subscribing import say
from bot.flows.views import open_view
from bot.message import Message, escape
from bot.modals import thread as modal
from bot.services import Services
from storage import mappings
from storage.mappings import Found


def register(app: App, services: Services) -> None:
    """Listen to the form."""

    def submitted(ack: Ack, body: dict[str, Any], view: dict[str, Any], context: dict[str, Any]) -> BoltResponse:
        asker, meta = who.of_interaction(body), json.loads(view["private_metadata"])
        refusal = who.may_not(services, asker)
        if refusal:
            shown = modal.said_view(meta["issue"], f":warning: {refusal}")
        else:
            shown = _asked(services, context["plan"], asker, view, meta)
        return ack(response_action="update", view=shown)

    app.view(modal.CALLBACK)(submitted)


def open_form(services: Services, wish: Wish, thread: str, trigger_id: str) -> Message | None:
    """Open the form for a card in `thread`, empty if there is none; a message for the person if it cannot be."""
    refusal = who.may_not(services, wish.asker)
    if refusal:
        return say(refusal)
    with services.database.read() as connection:
        view = _view(connection, wish, thread)
    return open_view(services, trigger_id, view)[1]


def _view(connection: Connection, wish: Wish, thread: str) -> dict[str, Any]:
    issue, key = wish.issue, escape(wish.issue.rpartition("/")[2])
    meta = {"issue": issue, "channel": wish.asker.channel, "answer": wish.thread, "response_url": wish.response_url}
    tied = syncing.threads_in(connection, issue, wish.asker.channel)
    if tied:
        chosen = thread if thread in tied else tied[-1]
        present = syncing.read(connection, chosen)
        return modal.settings_view(meta | {"tied": chosen}, syncing.MODES, present, here=chosen == thread)
    ends = mappings.other_ends(connection, "thread", "slack", thread, "jira") if thread else []
    other = next((end.id for end in ends if not end.extra.get("closed")), "")
    if other:
        sentence = f"This thread belongs to {escape(other)}, so it cannot be linked with {key} as well."
        return _said(meta, sentence)
    if wish.asker.channel_id[:1] in ("", "D"):
        sentence = f"There is no thread of {key} here. In a channel's thread, `@connect link {escape(issue)}` links it."
        return _said(meta, sentence)
    return modal.link_view(meta | {"thread": thread})


def _said(meta: dict[str, Any], sentence: str) -> dict[str, Any]:
    view = modal.said_view(meta["issue"], sentence)
    return {**view, "blocks": [*view["blocks"], modal.channel_row(meta)]}


def _asked(
    services: Services, plan: Plan, asker: who.Asker, view: dict[str, Any], meta: dict[str, Any]
) -> dict[str, Any]:
    """Do or ask for what was chosen; returns what the form turns into."""
    issue, form = meta["issue"], {"view_id": view["id"]}
    asked = {"requester": asker.user, "channel": meta["channel"], "team": asker.team, "thread": meta["answer"],
             "response_url": meta["response_url"]}  # fmt: skip
    if "tied" not in meta:
        plan.add(tying.request(plan.key, plan.event, asked, issue, meta["thread"], **form))
        return modal.working_view(issue)
    tie = services.database.run(lambda connection: _tie(connection, issue, meta["tied"]))
    if tie is None:
        return modal.said_view(issue, f":warning: The thread is not linked with {escape(issue)} any more.")
    if modal.ends_link(view):
        plan.add(tying.request_end(plan.key, plan.event, asked, issue, tie, **form))
        return modal.working_view(issue)
    mode, now = modal.mode_in(view), services.now()
    services.database.run(lambda connection: syncing.set_sync(connection, tie.id, mode, now))
    key = escape(issue.rpartition("/")[2])
    return modal.said_view(issue, f":white_check_mark: {key} in this channel: {syncing.SAID[mode]}.")


def _tie(connection: Connection, issue: str, thread: str) -> Found | None:
    found = mappings.threads_of(connection, "jira", issue, "")
    return next((tie for tie in found if tie.id == thread and not tie.extra.get("closed")), None)
