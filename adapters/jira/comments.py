"""Comments of Jira's issues."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from adapters.document import Document
from adapters.errors import NotFound
from adapters.jira.errors import doubt
from adapters.jira.event import CommentEvent, read_comment
from adapters.jira.markup import Live
from adapters.jira.reading import mapping, objects, seconds, string
from adapters.jira.site import PAGE, JiraSite, properties, valid_key

CLOCK_SLACK = 60.0


@dataclass(frozen=True)
class Comment:
    """A comment by its id; the time stamps are Jira's own, as sent, and the body as this Jira writes it."""

    id: str
    created: str
    updated: str = ""
    body: object = None


class Comments(JiraSite):
    """The part of the client that is about comments."""

    def add_comment(self, key: str, body: Document, marker: str, mentions: Live | None = None) -> Comment:
        """Comment on an issue; `mentions` says whom of those mentioned Jira is to notify, by the account's id."""
        content = {"body": self._body(body, mentions), "properties": properties(marker)}
        raw = mapping(self._session.create("issue", valid_key(key), "comment", body=content))
        if not string(raw.get("id")):
            raise doubt("Jira's answer does not show the comment.", writes=True)
        return _comment(raw)

    def edit_comment(self, key: str, comment_id: str, body: Document, mentions: Live | None = None) -> Comment:
        """Set a comment's text; doing it again changes nothing."""
        content = {"body": self._body(body, mentions)}
        return _comment(mapping(self._session.put("issue", valid_key(key), "comment", comment_id, body=content)))

    def delete_comment(self, key: str, comment_id: str) -> None:
        """Delete a comment; fine if it is gone."""
        with suppress(NotFound):
            self._session.delete("issue", valid_key(key), "comment", comment_id)

    def comment(self, key: str, comment_id: str) -> Comment:
        """A comment as Jira shows it now."""
        return _comment(mapping(self._session.get("issue", valid_key(key), "comment", comment_id)))

    def find_comment(self, key: str, marker: str, since: float) -> Comment | None:
        """The comment with this marker among those made since a time (seconds since 1970, by a clock like Jira's)."""
        for raw in self._newest_comments(key, since - CLOCK_SLACK):
            comment = _comment(raw)
            if self._property("comment", comment.id) == marker:
                return comment
        return None

    def comments(self, key: str, start: int = 0) -> tuple[list[CommentEvent], int | None]:
        """A page of an issue's comments, the newest first, and where the next page starts (None: this is the last)."""
        # Data Center says only in a property that a comment is for a service desk's agents.
        more = {} if self.cloud else {"expand": "properties"}
        answer = self._session.get(
            "issue", valid_key(key), "comment", orderBy="-created", startAt=start, maxResults=PAGE, **more
        )
        page = objects(mapping(answer).get("comments"))
        return [read_comment(raw) for raw in page], start + PAGE if len(page) == PAGE else None

    def _newest_comments(self, key: str, since: float) -> Iterator[Mapping[str, Any]]:
        start = 0
        while True:
            answer = self._session.get(
                "issue", valid_key(key), "comment", orderBy="-created", startAt=start, maxResults=PAGE
            )
            page = objects(mapping(answer).get("comments"))
            for raw in page:
                if seconds(raw.get("created")) < since:
                    return
                yield raw
            start += PAGE
            if len(page) < PAGE:
                return


def _comment(raw: Mapping[str, Any]) -> Comment:
    return Comment(string(raw.get("id")), string(raw.get("created")), string(raw.get("updated")), raw.get("body"))
