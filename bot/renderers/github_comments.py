"""What connect says about comments: on issues and pull requests, on lines of code and on commits."""

from functools import partial

from bot.message import Message, code, link
from bot.payload import Payload, mapping, text
from bot.renderers.github_issues import issue_news
from bot.renderers.github_known import known_pull
from bot.renderers.github_parts import (
    actor,
    facts,
    headline,
    in_repository,
    linked,
    message,
    news,
    reference,
    with_text,
)
from bot.renderers.github_pulls import pull_facts, pull_news
from bot.renderers.github_words import author_in_slack, comment_text, state_of
from bot.renderers.news import CommentKind, News, Renderer
from bot.renderers.parts import who


def comment_line(payload: Payload, kind: CommentKind, where: str = "") -> Message | None:
    """What the reply shows that stands for a comment; None for one that is gone."""
    if kind == "deleted":
        return None
    comment = mapping(payload, "comment")
    by, editor = text(comment, "user", "login"), text(payload, "sender", "login")
    edited = "" if kind != "edited" else " (edited)" if editor in ("", by) else f" (edited by {who(editor)})"
    said = f"{who(author_in_slack(payload) or by)} {linked(text(comment, 'html_url'), 'commented')}{where}{edited}"
    return Message(with_text(said, comment_text(payload, comment)))


def issue_comment(kind: CommentKind, payload: Payload) -> News | None:
    """A comment on an issue, or on a pull request: that one's card is shown if connect has seen it before."""
    comment = state_of(mapping(payload, "comment"), "comment", kind)
    if comment is None:
        return None
    line = comment_line(payload, kind)
    if not mapping(payload, "issue", "pull_request"):
        return issue_news(payload, "comments", line=line, comment=comment)
    if known_pull(payload):
        return pull_news(payload, "comments", line=line, comment=comment)
    issue = mapping(payload, "issue")
    name = reference(payload, issue)
    title = headline(payload, issue)
    given = facts(payload, issue)
    return news(payload, "comments", given, resource=name, line=line, comment=comment, headline=title) if name else None


def review_comment(kind: CommentKind, payload: Payload) -> News | None:
    """A comment on lines of a pull request."""
    comment = mapping(payload, "comment")
    shown = state_of(comment, "review_comment", kind)
    if shown is None:
        return None
    path, line = text(comment, "path"), text(comment, "line") or text(comment, "original_line")
    where = f" on {code(f'{path}:{line}' if line else path, 80)}" if path else ""
    said = comment_line(payload, kind, where)
    return pull_news(payload, "comments", given=pull_facts(payload), line=said, comment=shown)


def commit_comment(payload: Payload) -> News | None:
    """A comment on a commit, which has no card."""
    comment = mapping(payload, "comment")
    sha = text(comment, "commit_id")
    if not sha or not text(payload, "repository", "full_name"):
        return None
    commit = link(f"{text(payload, 'repository', 'html_url')}/commit/{sha}", sha[:7])
    path = code(text(comment, "path"), 80)
    did = f"{linked(text(comment, 'html_url'), 'commented')} on {f'{path} in ' if path else ''}{commit}"
    said = with_text(f"{actor(payload)} {did}{in_repository(payload)}", comment_text(payload, comment))
    return message(payload, "comments", said, facts(payload, comment))


_KINDS: tuple[CommentKind, ...] = ("created", "edited", "deleted")

EVENTS: dict[str, Renderer] = {
    **{f"issue_comment.{kind}": partial(issue_comment, kind) for kind in _KINDS},
    **{f"pull_request_review_comment.{kind}": partial(review_comment, kind) for kind in _KINDS},
    "commit_comment.created": commit_comment,
}
