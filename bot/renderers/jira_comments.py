"""A comment of Jira's in words, with those whom it mentions by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from adapters.document import Mention
from adapters.jira.event import CommentEvent, actor
from adapters.jira.issue import person_id, person_name
from adapters.jira.markup import read_body
from adapters.slack.markup import live_mention, write_mrkdwn
from bot.message import one_line
from bot.payload import Payload, mapping
from bot.people import without_name
from bot.renderers.news import CommentKind
from bot.renderers.parts import who

COMMENT_LIMIT = 2500


@dataclass(frozen=True)
class Known:
    """Somebody mentioned: their name in Jira, and their Slack id if it is sure who they are there."""

    name: str
    slack: str = ""


def comment_line(
    payload: Payload, comment: CommentEvent, kind: CommentKind, people: Mapping[str, Known] | None = None,
    author: str = "",
) -> str:  # fmt: skip
    """What the reply shows that stands for a comment: the same for a state of it, whatever led to that.

    `people` are those mentioned in it, as far as they are known, by account id; `author` is the name of the person in
    Slack who wrote it by way of connect.
    """
    by, editor = comment.author or actor(payload)[0], actor(payload)[0]
    edited = "" if kind != "edited" else " (edited)" if editor in ("", by) else f" (edited by {who(editor)})"
    known = {ident: Known(name) for ident, name in _people(payload).items()} | dict(people or {})
    words = without_name(read_body(comment.body), author)
    body = write_mrkdwn(words, COMMENT_LIMIT, mentions=naming(known)).strip()
    said = f"{who(author or by)} commented{edited}"
    return f"{said}:\n{body}" if body else said


def naming(people: Mapping[str, Known]) -> Callable[[Mention], str | None]:
    """Shows mentions by name where Jira sends a bare account id, as its wiki text does.

    Only whom `people` knows in Slack is pinged, and only by what is a mention in Jira too.
    """

    def shown(mention: Mention) -> str | None:
        known = people.get(mention.id) or Known("")
        if known.slack:
            return live_mention(Mention("user", known.slack, ""))
        # Data Center has the user name alone.
        bare = not mention.name or (mention.name == mention.id and known.name)
        return f"@{one_line(known.name or 'someone', 60)}" if bare else None

    return shown


def _people(payload: Payload) -> dict[str, str]:
    """The names of those whom the payload shows, by account id."""
    fields, comment = mapping(payload, "issue", "fields"), mapping(payload, "comment")
    found = [payload.get("user"), *map(comment.get, ("author", "updateAuthor"))]
    found += map(fields.get, ("assignee", "reporter", "creator"))
    return {person_id(person): person_name(person) for person in found}


def stamp(given: str) -> str:
    """A time stamp of Jira's as padded milliseconds, whatever time zone it is told in; empty if unreadable."""
    try:
        milliseconds = int(datetime.fromisoformat(given).timestamp() * 1000)
    except (ValueError, OverflowError):
        return ""
    return f"{milliseconds:015d}" if milliseconds >= 0 else ""
