"""The words of a comment or a review as a reply shows them, and which state of it that is."""

from adapters.github.markup import read_markdown
from adapters.slack.markup import write_mrkdwn
from bot.comment_ids import GITHUB_COMMENT
from bot.payload import Payload, text
from bot.people import without_name
from bot.renderers.github_known import AUTHOR, KEY, live
from bot.renderers.news import CommentKind, CommentNews

COMMENT_LIMIT = 2500
_READ = 20_000
"""Characters of a comment that are parsed: those shown, and room for their markup."""


def comment_text(payload: Payload, comment: Payload, author: str = "") -> str:
    """The words of a comment of the payload in mrkdwn, inert but for mentions of those who allow it; empty if none.

    The line is left out that names its `author`, or who wrote it from Slack.
    """
    document = without_name(read_markdown(text(comment, "body")[:_READ]), author or author_in_slack(payload))
    return write_mrkdwn(document, COMMENT_LIMIT, mentions=live(payload)).strip()


def author_in_slack(payload: Payload) -> str:
    """The name of the person in Slack who wrote the comment of a payload by way of connect; empty if nobody did."""
    return text(payload, KEY, AUTHOR)


def state_of(comment: Payload, series: str, kind: CommentKind) -> CommentNews | None:
    """Which comment it is, and which state of it; `series` names the kind of comment, whose numbers are its own."""
    ident = text(comment, "id")
    version = text(comment, "updated_at") or text(comment, "created_at")
    return CommentNews(f"{GITHUB_COMMENT}{series}/{ident}", kind, version) if ident else None
