"""Calls by which a reply in a card's thread is a comment on GitHub: made, edited, deleted.

The comment is its author's own where they have linked their account; else it is connect's, once GitHub has said that
they may read there, with their name above the words. Edits and deletions may simply be repeated.
"""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from adapters.document import Document
from adapters.errors import AdapterError, NotFound, Rejected
from adapters.github.client import GitHubClient
from adapters.github.issues import BODY_LIMIT, Comment
from adapters.github.markup import Live, unordered, write_markdown
from adapters.walk import mentioned
from bot.operations.base import Effect, Operation, before_sending
from bot.operations.comments import THERE, bare_id, comment_of, not_edited, note, skip
from bot.operations.github import commented, github_of
from bot.operations.github_accounts import commenting, on_github
from bot.operations.github_links import own_github
from bot.operations.outsiders import kept_in_slack
from bot.operations.room import shortened
from bot.operations.words import permalink, person_of, requester_name, signed_words
from bot.services import Services
from storage import mappings
from storage.integrations import Integration

CANNOT_DISCUSS = (
    "GitHub does not let connect write in discussions there: whoever runs connect can give its GitHub App or its token "
    "the right to write in “Discussions”."
)
MARKER_ROOM = 100
"""Characters that are left for the hidden comment at the end."""


def _add_comment(services: Services, row: Integration) -> Effect:
    payload = row.payload
    if nothing := kept_in_slack(services, payload):
        return nothing
    writer, named = github_of(services), False
    if "body" in payload:  # over REST, by whoever holds the key
        body = payload["body"]
    else:
        own = own_github(services, payload["author"])
        if own is None:
            commenting(services, payload["author"], payload["repository"])
        writer, named = (own.github, False) if own else (writer, True)
        body = _body(services, writer, payload, named=named)
        before_sending(services, row)
    return commented(_add(writer, payload, body, row.marker), _name(services, payload))


def _find_comment(services: Services, row: Integration) -> Effect | None:
    """Look with the eyes of whoever may have written it, and with connect's: a link may have begun or ended since."""
    since = (row.sent_at or row.created_at).timestamp()
    repository, number = row.payload["repository"], row.payload["number"]

    def look(github: GitHubClient) -> Comment | None:
        find = github.find_discussion_comment if row.payload.get("discussion") else github.find_comment
        return find(repository, number, row.marker, since=since)

    own = own_github(services, row.payload.get("author", ""))
    comment = (look(own.github) if own else None) or look(github_of(services))
    return commented(comment, _name(services, row.payload)) if comment else None


def _name(services: Services, payload: dict[str, Any]) -> str:
    return requester_name(services, payload["author"]) if payload.get("author") else ""


def _add(writer: GitHubClient, payload: dict[str, Any], body: str, marker: str) -> Comment:
    if not payload.get("discussion"):
        return writer.add_comment(payload["repository"], payload["number"], body, marker)
    with _in_discussions():
        return writer.add_discussion_comment(payload["repository"], payload["number"], body, marker)


def _edit_comment(services: Services, row: Integration) -> Effect:
    """Set the text of the comment that a reply became."""
    payload = row.payload
    comment = comment_of(services, payload["place"], "github")
    skipped = skip(comment, "edited", payload["version"])
    if comment is None or skipped:
        return not_edited(comment, skipped)
    if nothing := kept_in_slack(services, payload):
        return nothing
    writer, own = _writer(services, payload, comment)
    if not own:
        commenting(services, payload["author"], payload["repository"])
    body = _body(services, writer, payload, named=not own)
    try:
        written = _edit(writer, payload["repository"], comment, body)
    except NotFound:
        return Effect(comment.id, data={**note(comment, deleted=THERE), "gone": True})
    return Effect(comment.id, data=note(comment, edited=payload["version"], updated=written.updated))


def _delete_comment(services: Services, row: Integration) -> Effect:
    """Delete the comment that a reply became."""
    comment = comment_of(services, row.payload["place"], "github")
    skipped = skip(comment)
    if comment is None or skipped:
        return Effect("", data={"skipped": skipped})
    writer, _ = _writer(services, row.payload, comment)
    if node := comment.extra.get("node"):
        with _in_discussions():
            writer.delete_discussion_comment(row.payload["repository"], node)
    else:
        writer.delete_comment(row.payload["repository"], bare_id(comment))
    return Effect(comment.id, data=note(comment, deleted="yes"))


def _edit(writer: GitHubClient, repository: str, comment: mappings.Found, body: str) -> Comment:
    if node := comment.extra.get("node"):
        with _in_discussions():
            return writer.edit_discussion_comment(repository, node, body)
    return writer.edit_comment(repository, bare_id(comment), body)


@contextmanager
def _in_discussions() -> Generator[None]:
    """Say what is missing where GitHub does not let a token or a GitHub App write in discussions.

    https://docs.github.com/en/graphql/reference/discussions
    """
    try:
        yield
    except Rejected as error:
        if error.code == "insufficient_scopes" or "not accessible by" in str(error):
            raise Rejected(CANNOT_DISCUSS, error.code) from error
        raise


def _writer(services: Services, payload: dict[str, Any], comment: mappings.Found) -> tuple[GitHubClient, bool]:
    """Whoever wrote the comment, and whether that is its author by their own account, as long as it is linked."""
    own = own_github(services, payload["author"])
    if own is not None and own.account.id == comment.extra.get("by"):
        return own.github, True
    return github_of(services), False


def _body(services: Services, github: GitHubClient, payload: dict[str, Any], *, named: bool) -> str:
    """The reply in Markdown; where GitHub does not take all of it, with a line that leads to the rest."""
    words = signed_words(services, payload, named=named)
    room = BODY_LIMIT - MARKER_ROOM
    if github.length(words) > room:
        words = Document(shortened(github, words.blocks, room, permalink(services, payload["place"])))
    written = write_markdown(words, mentions=_logins(services, words, payload["team"]))
    return unordered(written) if named else written


def _logins(services: Services, document: Document, team: str) -> Live:
    """Says which login a mention in the document is of, for those whose account on GitHub is known."""
    people = {mention.id for mention in mentioned(document) if mention.kind == "user" and mention.id}
    logins = {ident: _login(services, f"{team}/{ident}") for ident in sorted(people)}
    return lambda mention: logins.get(mention.id) if mention.kind == "user" else None


def _login(services: Services, qualified: str) -> str | None:
    def look() -> str | None:
        person = person_of(services, qualified)
        account = on_github(services, person, qualified) if person and not person.deleted else None
        return account.name if account else None

    try:
        return services.people.recall("account", f"github:{qualified}", look)
    except AdapterError:
        return None  # the name says who is meant


OPERATIONS = {
    "add_comment": Operation(_add_comment, find=_find_comment),
    "edit_comment": Operation(_edit_comment, idempotent=True),
    "delete_comment": Operation(_delete_comment, idempotent=True),
}
