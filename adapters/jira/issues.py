"""Jira's issues: create, find by marker, read, pick one by typing."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from adapters.document import Document
from adapters.errors import Invalid, NotFound
from adapters.jira.accounts import Account
from adapters.jira.errors import doubt
from adapters.jira.issue import KEY, Issue, browse_url, read_issue
from adapters.jira.jql import quoted
from adapters.jira.reading import mapping, objects, string
from adapters.jira.site import PAGE, PROPERTY, JiraSite, marker_of, properties, valid_key

LABEL_PREFIX = "connect-"
FIELDS = [
    *("summary", "status", "issuetype", "project", "priority", "assignee", "reporter"),
    *("labels", "duedate", "updated", "description", "security", "components"),
]
DISPENSABLE = frozenset({"reporter", "labels"})


class Issues(JiraSite):
    """The part of the client that is about issues."""

    def create_issue(
        self, *, project: str, issue_type: str, summary: str, description: Document, marker: str,
        labels: Sequence[str] = (), reporter: Account | None = None, fields: Mapping[str, Any] | None = None,
    ) -> Issue:  # fmt: skip
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
            site=self._site.name,
        )

    def find_issue(self, marker: str, project: str) -> Issue | None:
        """The issue that was created with this marker, or None if Jira's search does not show one (yet).

        Where labels are not on the screen, it is looked for by its property: among connect's issues of the last week,
        and among the latest of its project, since a person may have created it whose account connect no longer has.
        """
        # A cloned issue has its original's labels: the oldest is the one that was created with the marker.
        labelled = self._search(f"labels = {quoted(LABEL_PREFIX + marker)} ORDER BY created ASC", limit=1)
        if labelled:
            return read_issue(labelled[0], self._site)
        for where in ("creator = currentUser()", f"project = {quoted(project)}"):
            recent = self._search(f"{where} AND created >= -7d ORDER BY created DESC", limit=PAGE)
            for raw in recent:
                if self._issue_marker(raw) == marker:
                    return read_issue(raw, self._site)
        return None

    def issue(self, key: str) -> Issue:
        """The whole present state of an issue; one that was moved is found by its old key. Raises `NotFound`."""
        raw = mapping(self._session.get("issue", valid_key(key), fields=",".join(FIELDS)))
        if not KEY.fullmatch(string(raw.get("key"))):
            raise doubt("Jira's answer does not show an issue.", writes=False)
        return read_issue(raw, self._site)

    def pick(self, typed: str, limit: int) -> list[Issue]:
        """The issues that somebody may mean by a key or by words of a summary; without any, the latest ones."""
        if KEY.fullmatch(typed.strip().upper()):
            try:
                return [self.issue(typed.strip().upper())]
            except NotFound:
                return []
        words = " ".join(re.findall(r"\w+", typed))[:100]
        asked = f"summary ~ {quoted(words + '*')}" if words else "updated >= -30d"
        return [read_issue(raw, self._site) for raw in self._search(f"{asked} ORDER BY updated DESC", limit)]

    def _create_issue(self, fields: dict[str, Any], marker: str) -> tuple[Mapping[str, Any], dict[str, Any]]:
        """Jira's answer and the fields it took: a field that is not on the project's screen is a sure no (400)."""
        try:
            raw = mapping(self._session.create("issue", body={"fields": fields, "properties": properties(marker)}))
        except Invalid as refused:
            dropped = refused.fields.keys() & fields.keys() & DISPENSABLE
            if not dropped or refused.fields.keys() - dropped:
                raise
            return self._create_issue({name: fields[name] for name in fields if name not in dropped}, marker)
        if not KEY.fullmatch(string(raw.get("key"))):
            raise doubt("Jira's answer does not show the issue.", writes=True)
        return raw, fields

    def _search(self, jql: str, limit: int) -> list[Mapping[str, Any]]:
        body: dict[str, Any] = {"jql": jql, "fields": FIELDS, "maxResults": limit}
        if self.cloud:
            answer = self._session.query("search", "jql", body=body | {"properties": [PROPERTY]})
        else:
            answer = self._session.query("search", body=body)
        return objects(mapping(answer).get("issues"))

    def _issue_marker(self, raw: Mapping[str, Any]) -> str:
        if self.cloud:
            return marker_of(mapping(raw.get("properties")).get(PROPERTY))
        # Data Center's search shows no properties.
        return self._property("issue", string(raw.get("id")))
