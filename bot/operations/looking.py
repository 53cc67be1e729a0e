"""Looking things up in Jira for one person: what a search finds, and one issue to show to others.

connect's account sees more than the person may. So everybody who searches needs an account of their own, and of each
page that Jira's search finds only what that account may see is shown; what has a security level stays in Jira. How much
was left out is not said, since that says something of its content.
"""

from dataclasses import asdict, replace
from typing import Any

from adapters.errors import Invalid, NotFound, Rejected
from adapters.jira.accounts import Account
from adapters.jira.client import JiraClient
from adapters.jira.issue import Issue
from adapters.jira.jql import containing, is_jql, open_of
from adapters.jira.search import Page
from bot.operations.accounts import entitled, known
from bot.operations.base import Effect, Operation
from bot.operations.sites import issue_named, jira_of
from bot.operations.words import card_address
from bot.services import Services
from storage.integrations import Integration

PAGE = 10
MOST_PAGES = 3
"""Read at a time, where little of what they hold may be shown."""
NO_WORDS = "Say what to search for: words, or JQL such as `project = OPS AND status = Done`."


def _search(services: Services, row: Integration) -> Effect:
    """Search with the words or the JQL that are `wanted`, or for the person's open issues if there are none."""
    payload = row.payload
    start = payload["trail"][-1] if payload["trail"] else ""
    jira, key = jira_of(services, issue_named(services.settings, payload["wanted"]) or payload["project"])
    _, account = known(services, jira, payload["requester"])
    wanted = payload["wanted"]
    page = found(jira, account, wanted, key, start) if wanted else own(jira, account, open_of(account.id), start)
    return Effect("", data={"issues": [asdict(issue) for issue in page.issues], "next": page.next})


def own(jira: JiraClient, account: Account, jql: str, start: str) -> Page:
    """A page of issues that are somebody's own; they alone may be shown it."""
    page = jira.search(jql, limit=PAGE, start=start)
    seen = jira.visible_to(account, page.issues)
    # That an issue is theirs they know; what it says is between them and Jira.
    shown = (replace(issue, summary="Restricted in Jira") if issue.secured else issue for issue in page.issues)
    return Page(tuple(issue for issue in shown if issue.id in seen), page.next)


def _named(jira: JiraClient, key: str) -> Issue | None:
    try:
        return jira.issue(key)
    except NotFound:
        return None  # what looks like a key may be a word all the same


def found(jira: JiraClient, account: Account, query: str, key: str, start: str) -> Page:
    """A page of what words or JQL find for somebody; an issue's `key` finds that issue.

    Raises `Rejected` with a sentence if there is nothing to search for, or Jira's parser does not understand it.
    """
    only = _named(jira, key) if key else None
    if only is not None:
        return Page(tuple(may_be_shown(jira, account, [only])), "")
    jql = query if is_jql(query) else containing(query)
    if not jql:
        nothing = f"There is no word in “{query[:80]}” that Jira could look for. {NO_WORDS}" if query else NO_WORDS
        raise Rejected(nothing, "no_words")
    try:
        return visible(jira, account, jql, start=start)
    except Invalid as refused:
        raise not_understood(refused) from refused


def not_understood(refused: Invalid) -> Rejected:
    """The sentence of Jira's parser, for whoever wrote the search."""
    reason = str(refused).partition(": ")[2] or str(refused)
    return Rejected(f"Jira does not understand this search: {reason}", refused.code)


def visible(jira: JiraClient, account: Account, jql: str, *, start: str = "", limit: int = PAGE) -> Page:
    """The next page of what a search finds and a user may see; empty only if there is nothing, or little, to show."""
    page = Page((), start)
    for _ in range(MOST_PAGES):
        page = jira.search(jql, limit=limit, start=page.next)
        shown = may_be_shown(jira, account, page.issues)
        if shown or not page.next:
            return Page(tuple(shown), page.next)
    return Page((), page.next)


def may_be_shown(jira: JiraClient, account: Account, issues: Any) -> list[Issue]:
    """Those issues that a user may see and that are not hidden from others who see their project."""
    public = [issue for issue in issues if not issue.secured]
    seen = jira.visible_to(account, public)
    return [issue for issue in public if issue.id in seen]


def _show(services: Services, row: Integration) -> Effect:
    """Read an issue that a person wants to see, or to show to those around them; `there` is its card among these."""
    payload = row.payload
    jira, key = jira_of(services, payload["issue"])
    try:
        entitled(services, payload["requester"], payload["issue"], "BROWSE_PROJECTS")
        issue = jira.issue(key)
    except NotFound as error:
        raise NotFound(f"Jira has no issue {payload['issue']} that I can see.", error.code) from error
    if issue.secured:
        raise Rejected(f"{key} is restricted in Jira. Open it there to see it: {issue.url}", "restricted")
    card_of = {"service": "jira", "resource": issue.resource, "uid": issue.uid}
    there = card_address(services, card_of, payload["channel"]) if payload["form"] == "share" else None
    return Effect(issue.resource, issue.resource, {"issue": asdict(issue), "there": there})


OPERATIONS = {
    "search_issues": Operation(_search, idempotent=True),
    "show_issue": Operation(_show, idempotent=True),
}
