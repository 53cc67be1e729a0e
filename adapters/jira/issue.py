"""A Jira issue as connect knows it, read from an API answer or from a webhook alike; nothing here does I/O.

Every field but the key may be missing or null in real payloads (comment webhooks carry a part of the issue only).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from adapters.jira.reading import mapping, string

KEY = re.compile(r"[A-Z][A-Z0-9_]+-[0-9]+")
RESOURCE = re.compile(rf"(?:[a-z][a-z0-9-]{{0,19}}/)?{KEY.pattern}")
"""An issue as rows name it: its key, behind the name of its site where that is not the main one (`eu/OPS-7`)."""


@dataclass(frozen=True)
class Site:
    """A Jira: the address that people open, and the name by which rows tell it from others; the main one has none."""

    url: str
    name: str = ""

    def qualified(self, ident: str) -> str:
        """A key or an id of this site as rows name it."""
        return f"{self.name}/{ident}" if self.name and ident else ident


@dataclass(frozen=True)
class Issue:
    """The state of an issue that a card shows; text is Jira's own, not escaped."""

    id: str
    key: str
    url: str
    """The page a person opens: `<site>/browse/OPS-7`."""
    summary: str = ""
    project: str = ""
    type: str = ""
    status: str = ""
    status_category: str = ""
    """`new`, `indeterminate` or `done`; empty if not said."""
    priority: str = ""
    assignee: str = ""
    assignee_id: str = ""
    reporter: str = ""
    labels: tuple[str, ...] = ()
    due: str = ""
    """`2026-12-24` or empty."""
    updated: str = ""
    """Jira's own time stamp, as sent."""
    description: object = None
    """ADF (a dict) on Cloud's API, wiki text (a str) in webhooks and on Data Center, or None."""
    secured: bool = False
    """Whether a security level hides it from part of those who see the project."""
    complete: bool = False
    """Whether the source showed the whole state, so that a card may be drawn from it."""
    site: str = ""
    """The name of its site; empty for the main one."""

    @property
    def resource(self) -> str:
        """What rows name it by: `OPS-7`, `eu/OPS-7`."""
        return Site("", self.site).qualified(self.key)

    @property
    def uid(self) -> str:
        """Its numeric id as rows name it, which outlives a move: `10001`, `eu/10001`."""
        return Site("", self.site).qualified(self.id)

    @property
    def container(self) -> str:
        """Its project as rows name it: `OPS`, `eu/OPS`."""
        return Site("", self.site).qualified(self.project)


def read_issue(raw: Mapping[str, Any], site: Site) -> Issue:
    """Read Jira's JSON for an issue; `site` is the configured one, since a payload's own `self` is not trusted."""
    fields = mapping(raw.get("fields"))
    key = string(raw.get("key"))
    status = mapping(fields.get("status"))
    labels = fields.get("labels")
    return Issue(
        id=string(raw.get("id")),
        key=key,
        url=browse_url(site, key),
        summary=string(fields.get("summary")),
        project=string(mapping(fields.get("project")).get("key")) or key.rpartition("-")[0],
        type=_name(fields.get("issuetype")),
        status=_name(status),
        status_category=string(mapping(status.get("statusCategory")).get("key")),
        priority=_name(fields.get("priority")),
        assignee=person_name(fields.get("assignee")),
        assignee_id=person_id(fields.get("assignee")),
        reporter=person_name(fields.get("reporter")),
        labels=tuple(str(label) for label in cast("list[object]", labels)) if isinstance(labels, list) else (),
        due=string(fields.get("duedate")),
        updated=string(fields.get("updated")),
        description=fields.get("description"),
        secured=bool(fields.get("security")),
        complete="issuetype" in fields and "status" in fields and "labels" in fields,
        site=site.name,
    )


def person_name(raw: object) -> str:
    """The display name of a Jira user object, or its account name; empty for null."""
    person = mapping(raw)
    return string(person.get("displayName")) or string(person.get("name"))


def person_id(raw: object) -> str:
    """What tells a Jira user from all others: the accountId on Cloud, the user name on Data Center."""
    person = mapping(raw)
    return string(person.get("accountId")) or string(person.get("name")) or string(person.get("key"))


def browse_url(site: Site, key: str) -> str:
    """The page of an issue, or the site itself if `key` is not an issue key."""
    return f"{site.url.rstrip('/')}/browse/{key}" if KEY.fullmatch(key) else site.url


def _name(raw: object) -> str:
    return string(mapping(raw).get("name"))
