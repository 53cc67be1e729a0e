"""`search` and `mine`: a page of issues as a table, for whoever asked alone, and one of them for everyone.

The answer always comes through a row: who asks, what Jira finds and who may see it are up to four calls, more than fit
into the time that Slack waits.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from adapters.jira.issue import Issue
from bot.flows import sharing
from bot.flows.paging import Turn, answer, controls
from bot.flows.plan import Consequences, to_slack
from bot.flows.tickets import cause_of, issue_from
from bot.message import BlockDict, Message, context, escape, section
from bot.renderers.jira import card
from bot.renderers.jira_table import ASSIGNEE, DUE, in_words, table
from storage.integrations import Integration, NewIntegration

BACK, NEXT, SHOW = "jira_search_back", "jira_search_next", "jira_show_here"
type Form = Literal["alone", "everyone", "share"]
"""For the person alone, for everyone as it is now, or for everyone as the channel's live card."""
NO_OPEN = "No open issue is assigned to you. :tada:"


def request(
    key: str, event: str, asked: Mapping[str, Any], query: str, trail: Sequence[str] | None = None
) -> NewIntegration:
    """Ask for a page of what `query` finds (empty: the person's open issues), at the main site, or at the one whose
    name it begins with (`eu/ printer`).

    `asked` says who asks and where the answer goes: `requester`, `channel`, and `thread` or `response_url`. Where the
    person turned a page, `trail` holds the starts of the pages from the second up to this one, as Jira names them.
    """
    first, _, rest = query.partition(" ")
    site, wanted = (first.lower(), rest.strip()) if first.endswith("/") else ("", query)
    payload = {
        **asked, "query": query, "wanted": wanted, "project": site, "trail": [*(trail or ())],
        "replace": trail is not None,
    }  # fmt: skip
    return _ask("search_issues", f"{key}:search_issues", event, "", payload)


def request_show(key: str, event: str, asked: Mapping[str, Any], issue: str, form: Form) -> NewIntegration:
    """Ask for an issue's card in the place that `asked` names."""
    return _ask("show_issue", f"{key}:show_issue", event, issue, {**asked, "issue": issue, "form": form})


def _ask(operation: str, key: str, event: str, target: str, payload: Mapping[str, Any]) -> NewIntegration:
    return NewIntegration(operation, key, key, "slack", "jira", event, payload["channel"], target, payload)


def found(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The page, in place of the one before if the person turned it."""
    issues = [issue_from(each) for each in data["issues"]]
    message = page(row.payload["query"], row.payload["trail"], issues, data["next"])
    return answer(row, message, replace=row.payload["replace"])


def shown(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The issue's card."""
    payload, message = row.payload, card(issue_from(data["issue"]))
    if payload["form"] == "share":
        return sharing.shared(row, data)
    if payload["form"] == "alone":
        return answer(row, message, replace=False)
    there = {"response_url": payload["response_url"], "in_channel": True,
             "thread_ts": payload.get("thread", "").rpartition("/")[2]}  # fmt: skip
    key = f"{row.key}:answer"
    return Consequences(
        integrations=(to_slack("respond", key, key, cause_of(row), payload["channel"], there, message),)
    )


def page(query: str, trail: Sequence[str], issues: Sequence[Issue], following: str) -> Message:
    """A page of issues with what can be done with it, or a sentence if there is none."""
    if not issues and not (trail or following):
        return _nothing("" if is_mine(query) else query)
    site, mine = query.rstrip("/"), is_mine(query)
    heading = f"Issues for *{escape(query, 200).replace('*', '∗')}*"
    if mine:
        heading = "*Your open issues*" + (f" ({escape(site)})" if site else "")
    listed = [section(heading), *_controls(query, trail, issues, following)]
    listed += (
        [table(issues, DUE if mine else ASSIGNEE)] if issues else [section("Nothing on this page is for you to see.")]
    )
    return Message(f"{heading}: {in_words(issues)}", listed)


def is_mine(query: str) -> bool:
    """Whether nothing is searched for but the person's own issues, at the main site or at one that is named (`eu/`)."""
    return not query or (query.endswith("/") and " " not in query)


def _nothing(query: str) -> Message:
    if not query:
        return Message(NO_OPEN, [section(NO_OPEN)])
    text = f"I found nothing that you may see for *{escape(query, 200).replace('*', '∗')}*."
    hint = "Try fewer or other words, or JQL such as `project = OPS AND status = Done`."
    return Message(text, [section(text), context(hint)])


def _controls(query: str, trail: Sequence[str], issues: Sequence[Issue], following: str) -> list[BlockDict]:
    back = _state(query, trail[:-1]) if trail else None
    ahead = _state(query, [*trail, following]) if following else None
    shown = {issue.resource: f"{issue.key} {issue.summary}" for issue in issues}
    return controls(Turn(BACK, NEXT, SHOW), shown, back, ahead)


def _state(query: str, trail: Sequence[str]) -> str:
    return json.dumps([query, *trail], ensure_ascii=False, separators=(",", ":"))


def read_state(value: str) -> tuple[str, list[str]]:
    """The query and the trail of a button; raises `ValueError` if it is not one of ours."""
    query, *trail = json.loads(value)
    return query, trail
