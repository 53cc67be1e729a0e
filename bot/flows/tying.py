"""`link` and `unlink`: a thread in Slack and an issue that exists belong together from now on, or no longer.

A thread belongs to one issue, and an issue has one thread in a channel. The issue's card stands in the thread, the
issue shows a link to it, and replies and comments follow as in a thread that the issue was created from.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from adapters.errors import AdapterError, NotFound
from adapters.jira.issue import Issue
from bot.flows.plan import Consequences, to_slack
from bot.flows.tell import tell
from bot.flows.tickets import cause_of, issue_from
from bot.message import Message, context, escape, link, section
from bot.modals import link_issue as modal
from bot.renderers.jira import card
from storage.integrations import Integration, NewIntegration
from storage.mappings import Found


def request(key: str, event: str, asked: Mapping[str, Any], issue: str, thread: str, **form: Any) -> NewIntegration:
    """Ask for a tie of an issue to a thread (`team/channel/ts`), or to a new one in the channel if `thread` is empty.

    `asked` says who asks and where they are told: `requester`, `channel`, and `thread` or `response_url`. A `form`
    holds its `view_id`, and its `meta` and what was `chosen` in it where it comes back with a refusal.
    """
    payload = {**asked, **form, "issue": issue, "to_thread": thread}
    return _of_issue("tie_thread", f"{key}:tie_thread", event, issue, asked["channel"], payload)


def request_end(key: str, event: str, asked: Mapping[str, Any], issue: str, tie: Found, **form: Any) -> NewIntegration:
    """Ask for the end of a tie (the mapping of a thread, seen from the issue); a `form` holds its `view_id`."""
    payload = {**asked, **form, "issue": issue, "of_thread": tie.id, "mapping": tie.row_id}
    return _of_issue("untie_thread", f"{key}:untie_thread", event, issue, tie.id, payload)


def _of_issue(operation: str, key: str, event: str, issue: str, source: str, payload: dict[str, Any]) -> NewIntegration:
    return NewIntegration(operation, key, f"jira:{issue}", "slack", "jira", event, source, issue, payload)


def allowed(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The card is posted in the thread; with that, they are tied."""
    payload, issue = row.payload, issue_from(data["issue"])
    thread, channel = data["thread"], payload["channel"]
    tied = {"service": "jira", "resource": issue.resource, "uid": issue.uid, "url": issue.url, "origin": "slack",
            "thread": thread, "tied": True}  # fmt: skip
    content = {
        "channel": channel, "thread_ts": thread.rpartition("/")[2], "card": tied,
        "fallback": {name: payload.get(name, "") for name in ("response_url", "requester", "channel", "thread")},
    }  # fmt: skip
    order, said = f"{channel}:{issue.resource}", _said(issue, payload["requester"])
    content |= {name: payload[name] for name in ("execution_id", "team", "requester") if "execution_id" in payload}
    rows = [to_slack("post_message", data["card_key"], order, cause_of(row), thread or channel, content, said)]
    if payload.get("view_id"):
        rows.append(_view(row, modal.linked_view(issue.key, issue.url)))
    return Consequences(integrations=tuple(rows))


def _said(issue: Issue, requester: str) -> Message:
    shown = card(issue)
    by = f"<@{requester.partition('/')[2]}>" if requester else "A workflow"
    by = f"{by} linked this thread with {link(issue.url, issue.key)}"
    return Message(shown.text, [*shown.blocks, context(f"{by}: replies become comments.")])


def posted(row: Integration, place: str) -> tuple[NewIntegration, ...]:
    """The link on the issue, once the card of a tie was posted at `place`; nothing for other cards."""
    tied = row.payload["card"]
    if not tied.get("tied"):
        return ()
    thread = tied.get("thread") or place
    payload = {"issue": tied["resource"], "thread": thread}
    return (_of_issue("link_thread", f"link_thread:{row.id}", row.event_type, tied["resource"], thread, payload),)


def not_posted(row: Integration, error: AdapterError) -> Consequences:
    """Whoever asked for a tie is told that there is none, since its card could not be posted."""
    tied = row.payload["card"]
    text = f"{link(tied['url'], tied['resource'])} was not linked: I could not post its card there. {escape(error)}"
    answer = tell(row.payload["fallback"], f"{row.key}:refused", cause_of(row), Message(text, [section(text)]))
    return Consequences(integrations=(answer,) if answer else ())


def refused(row: Integration, error: AdapterError) -> Consequences:
    """Whoever asked is told why not: in the form, if they used one."""
    payload, reason = row.payload, str(error)
    if isinstance(error, NotFound):  # Jira says "it", and means the issue
        reason = f"{row.payload['issue']}: {error}"
    text = escape(reason)
    told = tell(payload, f"{row.key}:refused", cause_of(row), Message(text, [section(text)]))
    if payload.get("view_id"):
        view = modal.refused_view(text)
        if "chosen" in payload:
            view = modal.form_view(payload["meta"], reason, payload["chosen"])
        return Consequences(integrations=(_view(row, view, asdict(told) if told else None),))
    return Consequences(integrations=(told,) if told else ())


def ended(row: Integration, _: Mapping[str, Any]) -> Consequences:
    """The tie is over; the thread is told, and a subscription of the channel may open a card of its own."""
    payload, issue = row.payload, row.payload["issue"]
    channel, _, ts = payload["of_thread"].rpartition("/")
    by = f"<@{payload['requester'].partition('/')[2]}>"
    text = f"{by} ended the link with {escape(issue)}: replies here stay here, and nothing more of it is told."
    key = f"{row.key}:told"
    told = to_slack("post_message", key, f"{channel}:{issue}", cause_of(row), payload["of_thread"],
                    {"channel": channel, "thread_ts": ts}, Message(text, [section(text)]))  # fmt: skip
    shown = (_view(row, modal.ended_view(issue)),) if payload.get("view_id") else ()
    freed = (f"card:{channel}:jira:{issue}",)
    return Consequences(integrations=(told, *shown), ended=(payload["mapping"],), freed=freed)


def _view(row: Integration, view: dict[str, Any], otherwise: dict[str, Any] | None = None) -> NewIntegration:
    payload = {"view_id": row.payload["view_id"], "view": view, "otherwise": otherwise}
    return to_slack("update_view", f"{row.key}:view", f"view:{row.key}", cause_of(row), "", payload)
