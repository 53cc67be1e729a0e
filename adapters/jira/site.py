"""One Jira site, and what all parts of its client share: the session, the form of a text, the marker of a creation.

Cloud is REST v3 with ADF and accountIds, Data Center REST v2 with wiki text and user names.
"""

from typing import Any

from adapters.document import Document
from adapters.errors import NotFound
from adapters.jira.issue import KEY, Site
from adapters.jira.markup import Live, write_adf, write_wiki
from adapters.jira.reading import mapping, string
from adapters.jira.session import JiraSession
from adapters.plain_text import to_text

PROPERTY = "connect"
TEXT_LIMIT = 32_767
"""Characters of a description or a comment. https://jira.atlassian.com/browse/JRASERVER-64351"""
PAGE = 50


class JiraSite:
    """One Jira site; safe to share between threads. Every method raises `adapters.errors.AdapterError`s only."""

    def __init__(self, base_url: str, email: str, token: str, timeout: float, name: str = "") -> None:
        """With an `email` it is Cloud and `token` an API token, else Data Center and a personal access token.

        `name` is the site's, empty for the main one.
        """
        self.cloud = bool(email)
        self._site = Site(base_url.rstrip("/"), name)
        self._session = JiraSession(self._site.url, email, token, timeout)

    @property
    def name(self) -> str:
        """What rows tell this site from others by; empty for the main one."""
        return self._site.name

    def qualified(self, ident: str) -> str:
        """A key or an id of this site as rows name it: `eu/10001`; of the main site as it is."""
        return self._site.qualified(ident)

    def length(self, document: Document) -> int:
        """How long Jira finds a text: Data Center counts its marks too."""
        return len(to_text(document)) if self.cloud else len(write_wiki(document))

    def _body(self, document: Document, mentions: Live | None = None) -> dict[str, Any] | str:
        write = write_adf if self.cloud else write_wiki
        return write(document, mentions=mentions)

    def _property(self, kind: str, of: str) -> str:
        try:
            return marker_of(mapping(self._session.get(kind, of, "properties", PROPERTY)).get("value"))
        except NotFound:
            return ""


def valid_key(key: str) -> str:
    """The key, which is sure to be one; raises `NotFound`."""
    if not KEY.fullmatch(key):
        raise NotFound(f"“{key[:40]}” is not the key of an issue.")
    return key


def properties(marker: str) -> list[dict[str, Any]]:
    """What marks a creation as connect's, inside the very call."""
    return [{"key": PROPERTY, "value": {"marker": marker}}]


def marker_of(value: object) -> str:
    """The marker in the value of connect's property; empty if there is none."""
    return string(mapping(value).get("marker"))
