"""Comments in GitHub's discussions, which are to be had by GraphQL alone.

https://docs.github.com/en/graphql/guides/using-the-graphql-api-for-discussions
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters.errors import NotFound, Unavailable
from adapters.github.issues import CLOCK_SKEW, Comment, carries, hidden
from adapters.github.session import GitHubSession, valid_name

_PAGES = 10
"""Of a hundred comments each, in which one is looked for."""
_SHOWN = "id databaseId url updatedAt author { ... on User { databaseId } ... on Bot { databaseId } }"
_OF_DISCUSSION = "query($owner: String!, $name: String!, $number: Int!%s) { repository(owner: $owner, name: $name) "
_NODE = _OF_DISCUSSION % "" + "{ discussion(number: $number) { id } } }"
_NEWEST = _OF_DISCUSSION % ", $before: String" + (
    "{ discussion(number: $number) { comments(last: 100, before: $before) "
    f"{{ pageInfo {{ hasPreviousPage startCursor }} nodes {{ body createdAt {_SHOWN} }} }} }} }} }}"
)


@dataclass(frozen=True)
class _Listed:
    comment: Comment
    body: str
    created: float


@dataclass(frozen=True)
class _Page:
    """Comments, and the cursor before which there are more; empty if there are none."""

    comments: Sequence[_Listed]
    before: str


class Discussions(GitHubSession):
    """The part of the client that is about what people say in discussions."""

    def add_discussion_comment(self, repository: str, number: int, body: str, marker: str) -> Comment:
        """Comment in a discussion, at its first level; `body` is Markdown."""
        here = ("repository", "discussion", "id")
        node = self._graph(repository, _NODE, _named(repository, number), *here, read=str)
        return self._say(repository, "add", {"discussionId": node, "body": f"{body}\n\n{hidden(marker)}"})

    def find_discussion_comment(self, repository: str, number: int, marker: str, since: float) -> Comment | None:
        """The comment that was added with this marker at or after `since` (seconds since 1970), if the list has it."""
        line, oldest, before = hidden(marker), since - CLOCK_SKEW, None
        for _ in range(_PAGES):
            given = _named(repository, number) | {"before": before}
            page = self._graph(repository, _NEWEST, given, "repository", "discussion", "comments", read=_page)
            found = next((one for one in page.comments if carries(one.body, line)), None)
            if found or not page.before or min(one.created for one in page.comments) < oldest:
                return found.comment if found else None
            before = page.before
        raise Unavailable(f"GitHub lists more than {_PAGES * 100} new comments, too many to look through.")

    def edit_discussion_comment(self, repository: str, node: str, body: str) -> Comment:
        """Give a comment, by its `node`, another text; `body` is Markdown. Made again it changes nothing more."""
        return self._say(repository, "update", {"commentId": node, "body": body})

    def delete_discussion_comment(self, repository: str, node: str) -> None:
        """Delete a comment by its `node`; one that is gone already is no error.

        Of one that was answered GitHub leaves a place without words.
        """
        query = _mutation("delete", "id")
        with suppress(NotFound):
            self._graph(repository, query, {"input": {"id": node}}, read=lambda _: None, write=True)

    def _say(self, repository: str, verb: str, given: Mapping[str, Any]) -> Comment:
        query, here = _mutation(verb, _SHOWN), (f"{verb}DiscussionComment", "comment")
        return self._graph(repository, query, {"input": given}, *here, read=_comment, write=True)


def _mutation(verb: str, wanted: str) -> str:
    name = f"{verb}DiscussionComment"
    kind = f"{name[0].upper()}{name[1:]}Input!"
    return f"mutation($input: {kind}) {{ {name}(input: $input) {{ comment {{ {wanted} }} }} }}"


def _named(repository: str, number: int) -> dict[str, Any]:
    owner, _, name = valid_name(repository).partition("/")
    return {"owner": owner, "name": name, "number": number}


def _page(raw: Mapping[str, Any]) -> _Page:
    listed = [
        _Listed(_comment(each), str(each["body"]), datetime.fromisoformat(each["createdAt"]).timestamp())
        for each in raw["nodes"]
    ]
    return _Page(listed, str(raw["pageInfo"]["startCursor"]) if raw["pageInfo"]["hasPreviousPage"] else "")


def _comment(raw: Mapping[str, Any]) -> Comment:
    author: Mapping[str, Any] = raw["author"] or {}  # a deleted account is none
    ident, by = int(raw["databaseId"]), author.get("databaseId")
    return Comment(ident, str(raw["url"]), str(raw["updatedAt"]), "" if by is None else str(by), str(raw["id"]))
