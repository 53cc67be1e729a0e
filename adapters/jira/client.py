"""Jira behind one type: Cloud (REST v3, ADF, accountId) and Data Center (REST v2, wiki text, user names).

What it creates carries a marker inside the very call (a property `connect`, and on an issue a label that JQL can find),
so that after a lost answer the caller can look before it sends again. It never sends a call again by itself, but for
one case: Jira surely refused an issue for its reporter or labels alone, and takes it without them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters.document import Document
from adapters.errors import Invalid, NotFound
from adapters.jira.errors import doubt
from adapters.jira.issue import KEY, Issue, browse_url, person_id, read_issue
from adapters.jira.markup import write_adf, write_wiki
from adapters.jira.reading import mapping, objects, string
from adapters.jira.session import JiraSession

PROPERTY = "connect"
LABEL_PREFIX = "connect-"
FIELDS = [
    *("summary", "status", "issuetype", "project", "priority", "assignee", "reporter"),
    *("labels", "duedate", "updated", "description", "security"),
]
DISPENSABLE = frozenset({"reporter", "labels"})
CLOCK_SLACK = 60.0
PAGE = 50


@dataclass(frozen=True)
class Account:
    """A Jira user: `id` is the accountId on Cloud and the user name on Data Center, `name` the user name or empty."""

    id: str
    name: str
    display: str


@dataclass(frozen=True)
class Project:
    id: str
    key: str
    name: str


@dataclass(frozen=True)
class IssueType:
    id: str
    name: str
    subtask: bool


@dataclass(frozen=True)
class Comment:
    """A comment by its id; `created` is Jira's own time stamp, as sent."""

    id: str
    created: str


class JiraClient:
    """One Jira site; safe to share between threads. Every method raises `adapters.errors.AdapterError`s only."""

    def __init__(self, base_url: str, email: str, token: str, timeout: float) -> None:
        """With an `email` it is Cloud and `token` an API token, else Data Center and a personal access token."""
        self.cloud = bool(email)
        self._site = base_url.rstrip("/")
        self._session = JiraSession(self._site, email, token, timeout)

    # --- issues ------------------------------------------------------------------------------------------------------

    def create_issue(
        self,
        *,
        project: str,
        issue_type: str,
        summary: str,
        description: Document,
        marker: str,
        labels: Sequence[str] = (),
        reporter: Account | None = None,
        fields: Mapping[str, Any] | None = None,
    ) -> Issue:
        """Create an issue; the answer knows its id, key and page, and what was sent.

        `project` is a key or an id, `issue_type` a name or an id, `fields` holds further fields in Jira's own shapes.
        Raises `Invalid` with Jira's sentence for each field it does not accept.
        """
        content: dict[str, Any] = {
            **(fields or {}), "project": {"id" if project.isdecimal() else "key": project},
            "issuetype": {"id" if issue_type.isdecimal() else "name": issue_type}, "summary": summary,
            "description": self._body(description), "labels": [*labels, LABEL_PREFIX + marker],
        }  # fmt: skip
        if reporter is not None:
            content["reporter"] = {"accountId": reporter.id} if self.cloud else {"name": reporter.name}
        created, taken = self._create_issue(content, marker)
        key = string(created.get("key"))
        return Issue(
            id=string(created.get("id")),
            key=key,
            url=browse_url(self._site, key),
            summary=summary,
            project=key.rpartition("-")[0],
            type=issue_type,
            labels=tuple(taken.get("labels", ())),
        )

    def find_issue(self, marker: str) -> Issue | None:
        """The issue that was created with this marker, or None if Jira's search does not show one (yet).

        Where labels are not on the screen, it is looked for by its property among connect's issues of the last week.
        """
        # A cloned issue has its original's labels: the oldest is the one that was created with the marker.
        labelled = self._search(f"labels = {_quoted(LABEL_PREFIX + marker)} ORDER BY created ASC", limit=1)
        if labelled:
            return read_issue(labelled[0], self._site)
        recent = self._search("creator = currentUser() AND created >= -7d ORDER BY created DESC", limit=PAGE)
        return next((read_issue(raw, self._site) for raw in recent if self._issue_marker(raw) == marker), None)

    def issue(self, key: str) -> Issue:
        """The whole present state of an issue; one that was moved is found by its old key. Raises `NotFound`."""
        raw = mapping(self._session.get("issue", _key(key), fields=",".join(FIELDS)))
        if not KEY.fullmatch(string(raw.get("key"))):
            raise doubt("Jira's answer does not show an issue.", writes=False)
        return read_issue(raw, self._site)

    # --- comments ----------------------------------------------------------------------------------------------------

    def add_comment(self, key: str, body: Document, marker: str) -> Comment:
        """Comment on an issue."""
        content = {"body": self._body(body), "properties": _properties(marker)}
        raw = mapping(self._session.create("issue", _key(key), "comment", body=content))
        if not string(raw.get("id")):
            raise doubt("Jira's answer does not show the comment.", writes=True)
        return _comment(raw)

    def find_comment(self, key: str, marker: str, since: float) -> Comment | None:
        """The comment with this marker among those made since a time (seconds since 1970, by a clock like Jira's)."""
        for raw in self._newest_comments(key, since - CLOCK_SLACK):
            comment = _comment(raw)
            if self._property("comment", comment.id) == marker:
                return comment
        return None

    # --- what forms need ---------------------------------------------------------------------------------------------

    def projects(self, query: str = "", limit: int = 100) -> list[Project]:
        """Projects whose name or key contains `query`, at most `limit`."""
        if self.cloud:
            return [_project(raw) for raw in self._search_projects(query, limit)]
        found = [_project(raw) for raw in objects(self._session.get("project"))]
        wanted = query.casefold()
        return [each for each in found if wanted in each.name.casefold() or wanted in each.key.casefold()][:limit]

    def issue_types(self, project: str) -> list[IssueType]:
        """The types of issue that may be created in a project (key or id). Raises `NotFound`."""
        answer = mapping(self._session.get("issue", "createmeta", project, "issuetypes", maxResults=200))
        types = objects(answer.get("issueTypes" if self.cloud else "values"))
        return [IssueType(string(raw.get("id")), string(raw.get("name")), raw.get("subtask") is True) for raw in types]

    def find_account(self, email: str) -> Account | None:
        """The active user with this e-mail address; where Jira hides addresses, the only one its search finds by it."""
        found = objects(self._session.get("user", "search", **{"query" if self.cloud else "username": email}))
        active = [
            raw for raw in found if raw.get("active") is True and raw.get("accountType", "atlassian") == "atlassian"
        ]
        shown = [raw for raw in active if string(raw.get("emailAddress")).casefold() == email.casefold()]
        hidden = [raw for raw in active if not raw.get("emailAddress")]
        candidates = shown or (hidden if len(active) == 1 else [])
        return _account(candidates[0]) if candidates else None

    def myself(self) -> Account:
        """The account that the credentials belong to."""
        return _account(mapping(self._session.get("myself")))

    # --- within ------------------------------------------------------------------------------------------------------

    def _create_issue(self, fields: dict[str, Any], marker: str) -> tuple[Mapping[str, Any], dict[str, Any]]:
        """Jira's answer and the fields it took: a field that is not on the project's screen is a sure no (400)."""
        try:
            raw = mapping(self._session.create("issue", body={"fields": fields, "properties": _properties(marker)}))
        except Invalid as refused:
            dropped = refused.fields.keys() & fields.keys() & DISPENSABLE
            if not dropped or refused.fields.keys() - dropped:
                raise
            return self._create_issue({name: fields[name] for name in fields if name not in dropped}, marker)
        if not KEY.fullmatch(string(raw.get("key"))):
            raise doubt("Jira's answer does not show the issue.", writes=True)
        return raw, fields

    def _body(self, document: Document) -> dict[str, Any] | str:
        return write_adf(document) if self.cloud else write_wiki(document)

    def _search(self, jql: str, limit: int) -> list[Mapping[str, Any]]:
        body: dict[str, Any] = {"jql": jql, "fields": FIELDS, "maxResults": limit}
        if self.cloud:
            answer = self._session.query("search", "jql", body=body | {"properties": [PROPERTY]})
        else:
            answer = self._session.query("search", body=body)
        return objects(mapping(answer).get("issues"))

    def _issue_marker(self, raw: Mapping[str, Any]) -> str:
        if self.cloud:
            return _marker(mapping(raw.get("properties")).get(PROPERTY))
        # Data Center's search shows no properties.
        return self._property("issue", string(raw.get("id")))

    def _property(self, kind: str, of: str) -> str:
        try:
            return _marker(mapping(self._session.get(kind, of, "properties", PROPERTY)).get("value"))
        except NotFound:
            return ""

    def _newest_comments(self, key: str, since: float) -> Iterator[Mapping[str, Any]]:
        start = 0
        while True:
            answer = self._session.get(
                "issue", _key(key), "comment", orderBy="-created", startAt=start, maxResults=PAGE
            )
            page = objects(mapping(answer).get("comments"))
            for raw in page:
                if _seconds(raw.get("created")) < since:
                    return
                yield raw
            start += PAGE
            if len(page) < PAGE:
                return

    def _search_projects(self, query: str, limit: int) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        while len(found) < limit:
            named: dict[str, str] = {"query": query} if query else {}
            answer = mapping(self._session.get("project", "search", startAt=len(found), maxResults=PAGE, **named))
            page = objects(answer.get("values"))
            found += page
            if not page or answer.get("isLast") is not False:
                break
        return found[:limit]


def _key(key: str) -> str:
    if not KEY.fullmatch(key):
        raise NotFound(f"“{key[:40]}” is not the key of an issue.")
    return key


def _quoted(value: str) -> str:
    """A JQL string. https://support.atlassian.com/jira-software-cloud/docs/search-syntax-for-text-fields/"""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _properties(marker: str) -> list[dict[str, Any]]:
    return [{"key": PROPERTY, "value": {"marker": marker}}]


def _marker(value: object) -> str:
    return string(mapping(value).get("marker"))


def _seconds(stamp: object) -> float:
    """Jira's `2026-10-02T09:15:22.310+0200`; an unreadable one counts as new, so that nothing is overlooked."""
    try:
        return datetime.fromisoformat(string(stamp)).timestamp()
    except ValueError:
        return float("inf")


def _comment(raw: Mapping[str, Any]) -> Comment:
    return Comment(string(raw.get("id")), string(raw.get("created")))


def _project(raw: Mapping[str, Any]) -> Project:
    return Project(string(raw.get("id")), string(raw.get("key")), string(raw.get("name")))


def _account(raw: Mapping[str, Any]) -> Account:
    return Account(person_id(raw), string(raw.get("name")), string(raw.get("displayName")))
