"""What a pull request does to the issues that it names: a link on each, and the status that its project wants then.

Nobody asked for it in so many words: an issue that is not there, or that connect may not see, is noted in the log.
"""

import logging
from typing import Any
from urllib.parse import urlsplit

from adapters.account import Account
from adapters.errors import Rejected, Unauthorized
from adapters.jira.client import JiraClient
from adapters.jira.issue import Issue
from adapters.jira.remote_links import Item
from bot.operations.accounts import NOBODY, Acting
from bot.operations.base import Effect, Operation
from bot.operations.doing import matching, move
from bot.operations.named_issues import project_of
from bot.operations.sites import jira_of
from bot.services import Services
from storage.integrations import Integration

log = logging.getLogger(__name__)

RELATIONSHIP = "pull request"
_ITSELF = Account("", "", "")


def _link(services: Services, row: Integration) -> Effect:
    """Show the pull request on the issue, as it is now. Said twice, it is one link."""
    jira, key = jira_of(services, row.payload["issue"])
    issue = _seen(jira, key, row)
    if issue is None:
        return Effect("", data={})
    try:
        jira.link_item(issue.key, _item(row.payload))
    except Rejected as error:
        if isinstance(error, Unauthorized):
            raise
        log.warning("integration %s: %s shows no link to the pull request: %s", row.id, issue.resource, error)
    return Effect(issue.key, data={"issue": issue.resource, "uid": issue.uid})


def _item(payload: dict[str, Any]) -> Item:
    url: str = payload["url"]
    address, state = urlsplit(url), payload["state"]
    return Item(
        payload["global_id"], url, payload["title"], RELATIONSHIP, state.capitalize(),
        resolved=state in ("merged", "closed"), application="GitHub",
        icon=f"{address.scheme}://{address.netloc}/favicon.ico",
    )  # fmt: skip


def _unlink(services: Services, row: Integration) -> Effect:
    """Take the link from an issue that the pull request names no more; one that is gone has none."""
    jira, key = jira_of(services, row.payload["issue"])
    try:
        jira.unlink_page(key, row.payload["global_id"])
    except Rejected as error:
        if isinstance(error, Unauthorized):
            raise
        log.warning("integration %s: the link stays on %s: %s", row.id, row.payload["issue"], error)
    return Effect(key)


def _move(services: Services, row: Integration) -> Effect:
    """Bring the issue to the status that its project wants; not back from one that finishes it, if this does not."""
    jira, key = jira_of(services, row.payload["issue"])
    wanted: str = row.payload["to"]
    issue = _seen(jira, key, row)
    if issue is None or issue.status.casefold() == wanted.casefold():
        return Effect("", data={"skipped": "it is there already" if issue else "there is no such issue"})
    if issue.container != project_of(row.payload["issue"]):  # which may want something else, or nothing
        log.info("integration %s: %s belongs to another project now", row.id, issue.resource)
        return Effect("", data={"skipped": "it was moved to another project"})
    if issue.status_category == "done" and any(step.category != "done" for step in _steps(jira, issue, wanted)):
        log.info("integration %s: %s is finished, and stays so", row.id, issue.resource)
        return Effect("", data={"skipped": "it is finished already"})
    return move(services, Acting(jira, issue.key, _ITSELF, NOBODY), row)


def _steps(jira: JiraClient, issue: Issue, wanted: str) -> list[Any]:
    return matching(jira.transitions(issue.key), wanted)


def _seen(jira: JiraClient, key: str, row: Integration) -> Issue | None:
    """The issue; None if there is none, or if connect may not see it."""
    try:
        return jira.issue(key)
    except Unauthorized:
        raise
    except Rejected as error:
        log.info("integration %s: Jira shows no %s: %s", row.id, row.payload["issue"], error)
        return None


OPERATIONS = {
    "link_pull": Operation(_link, idempotent=True),
    "unlink_pull": Operation(_unlink, idempotent=True),
    "move_issue": Operation(_move, idempotent=True),
}
