"""What the steps of workflows ask of Jira, besides what people do from Slack: an issue to hand on, and a decision."""

from dataclasses import asdict

from adapters.errors import Invalid, NotFound, Rejected
from adapters.jira.client import JiraClient
from adapters.jira.issue import Issue, Site
from adapters.jira.jql import containing, is_jql
from adapters.jira.search import Page
from bot.operations.accounts import NO_PROJECTS, acting, known, unattended, workflow_projects
from bot.operations.base import Effect, Operation
from bot.operations.doing import find_move, move
from bot.operations.looking import MOST_PAGES, NO_WORDS, not_understood, visible
from bot.operations.sites import jira_of
from bot.services import Services
from storage import history, mappings
from storage.integrations import Integration


def decision_key(execution: str) -> str:
    """The key of the row that follows from a decision, and from the first one only."""
    return f"step:{execution}:decided"


def _read(services: Services, row: Integration) -> Effect:
    """The issue as it is now, and who in Slack it is assigned to, as far as that is known.

    After a deed of the step (`done`) nobody's rights are asked for any more; before, whoever started the workflow has
    to be one who may see it.
    """
    payload = row.payload
    if payload.get("done"):
        jira, key = jira_of(services, payload["issue"])
    else:
        person, wanted = payload["requester"], payload["issue"]
        who = acting(services, person, wanted, "BROWSE_PROJECTS") if person else unattended(services, wanted)
        jira, key = who.jira, who.key
    issue = jira.issue(key)
    if issue.secured and not payload.get("done"):
        raise Rejected(f"{issue.key} is restricted in Jira, so I do not bring it into a workflow.", "restricted")
    assignee = _in_slack(services, issue, payload["team"])
    return Effect(issue.resource, issue.resource, {"issue": asdict(issue), "assignee": assignee})


def _in_slack(services: Services, issue: Issue, team: str) -> str:
    if not issue.assignee_id:
        return ""
    with services.database.read() as connection:
        account = Site("", issue.site).qualified(issue.assignee_id)
        people = mappings.other_ends(connection, "user", "jira", account, "slack")
    return next((each.id.partition("/")[2] for each in people if each.id.startswith(f"{team}/")), "")


def _decide(services: Services, row: Integration) -> Effect:
    """Do what a person decided, as that person, unless somebody was faster; `late` says that."""
    payload = row.payload
    with services.database.read() as connection:
        if history.with_key(connection, decision_key(payload["execution_id"])) is not None:
            return Effect("", data={"late": True})
    try:
        who = acting(services, payload["requester"], payload["issue"], "TRANSITION_ISSUES")
    except NotFound:
        if payload["decision"] == "approved":
            raise
        return Effect("", data={})  # of an issue that is gone, it is good to be able to say no
    return move(services, who, row) if payload["decision"] == "approved" else Effect(who.key, data={})


def _find_decision(services: Services, row: Integration) -> Effect | None:
    """What came of an approval; to decline changes nothing, so that it is simply done."""
    return find_move(services, row) if row.payload["decision"] == "approved" else _decide(services, row)


def _find(services: Services, row: Integration) -> Effect:
    """What a search finds, of what the person may see, or of the projects where nobody need be known."""
    payload = row.payload
    jira, _ = jira_of(services, payload["project"])
    jql = payload["wanted"] if is_jql(payload["wanted"]) else containing(payload["wanted"])
    if not jql:
        raise Rejected(NO_WORDS, "no_words")
    try:
        if payload["requester"]:
            _, account = known(services, jira, payload["requester"])
            page = visible(jira, account, jql, limit=payload["limit"])
        else:
            page = _in_projects(services, jira, jql, payload["limit"])
    except Invalid as refused:
        raise not_understood(refused) from refused
    return Effect("", data={"issues": [asdict(issue) for issue in page.issues], "more": bool(page.next)})


def _in_projects(services: Services, jira: JiraClient, jql: str, limit: int) -> Page:
    """The first page on which something is that lies in the projects where nobody has to be known."""
    allowed, page = workflow_projects(services), Page((), "")
    if not allowed:
        raise Rejected(NO_PROJECTS, "not_permitted")
    for _ in range(MOST_PAGES):
        page = jira.search(jql, limit=limit, start=page.next)
        shown = tuple(issue for issue in page.issues if issue.container in allowed and not issue.secured)
        if shown or not page.next:
            return Page(shown, page.next)
    return Page((), page.next)


OPERATIONS = {
    "find_for_step": Operation(_find, idempotent=True),
    "read_for_step": Operation(_read, idempotent=True),
    "decide": Operation(_decide, find=_find_decision),
}
