"""Jira's search, page by page, and who may see what it found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from adapters.errors import NotFound, Rejected, Unauthorized
from adapters.jira.accounts import Account
from adapters.jira.issue import Issue, person_id, read_issue
from adapters.jira.reading import mapping, objects, string
from adapters.jira.site import JiraSite

SHOWN = [
    *("summary", "status", "issuetype", "project", "priority", "assignee", "reporter"),
    *("labels", "duedate", "updated", "security"),
]
BROWSE = "BROWSE_PROJECTS"


@dataclass(frozen=True)
class Page:
    """Some of the issues that a search found, without their descriptions; `next` is where it goes on, if it does."""

    issues: tuple[Issue, ...]
    next: str


class Search(JiraSite):
    """The part of the client that searches."""

    def search(self, jql: str, *, limit: int, start: str = "") -> Page:
        """A page of what JQL finds with connect's own rights; `start` is the `next` of the page before.

        Raises `Invalid` with the sentence of Jira's parser.
        """
        body: dict[str, Any] = {"jql": jql, "fields": SHOWN, "maxResults": limit}
        if self.cloud:
            answer = mapping(
                self._session.query("search", "jql", body=body | ({"nextPageToken": start} if start else {}))
            )
            following = string(answer.get("nextPageToken"))
        else:
            first = int(start or 0)
            answer = mapping(self._session.query("search", body=body | {"startAt": first}))
            end, total = first + len(objects(answer.get("issues"))), answer.get("total")
            following = str(end) if isinstance(total, int) and first < end < total else ""
        return Page(tuple(read_issue(raw, self._site) for raw in objects(answer.get("issues"))), following)

    def visible_to(self, account: Account, issues: Sequence[Issue]) -> frozenset[str]:
        """The ids of those issues that a user may see.

        On Cloud that is one call where connect's account administers Jira. Elsewhere it is one for each issue, and
        takes the permission "Browse users and groups": without that, Jira says that nobody may see anything.
        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-permissions/#api-rest-api-3-permissions-check-post
        """
        if not issues:
            return frozenset()
        if self.cloud:
            try:
                return self._granted(account, issues)
            except Unauthorized:
                raise
            except Rejected as refused:
                if refused.code != "403":
                    raise
        return frozenset(issue.id for issue in issues if self._may_see(account, issue))

    def _granted(self, account: Account, issues: Iterable[Issue]) -> frozenset[str]:
        wanted = {"permissions": [BROWSE], "issues": [int(issue.id) for issue in issues if issue.id.isdecimal()]}
        body = {"accountId": account.id, "projectPermissions": [wanted]}
        granted = objects(mapping(self._session.query("permissions", "check", body=body)).get("projectPermissions"))
        ids = [cast("list[object]", each.get("issues") or []) for each in granted if each.get("permission") == BROWSE]
        return frozenset(string(ident) for some in ids for ident in some)

    def _may_see(self, account: Account, issue: Issue) -> bool:
        who = {"accountId": account.id} if self.cloud else {"username": account.id}
        try:
            found = objects(self._session.get("user", "viewissue", "search", issueKey=issue.key, **who))
        except NotFound:
            return False
        return any(person_id(raw) == account.id for raw in found)
