"""What connect says about comments: on issues and pull requests, on lines of code and on commits."""

from functools import partial
from typing import Any

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
    sentence,
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
    """A comment on an issue, or on a pull request."""
    comment = state_of(mapping(payload, "comment"), "comment", kind)
    if comment is None:
        return None
    return _on_ticket(payload, line=comment_line(payload, kind), comment=comment)


def pinned(did: str, payload: Payload) -> News | None:
    """A comment stands at the top of its issue, or does so no more."""
    comment = mapping(payload, "comment")
    by = who(author_in_slack(payload) or text(comment, "user", "login"))
    said = f"{did} {linked(text(comment, 'html_url'), 'a comment')} by {by}"
    return _on_ticket(payload, line=sentence(payload, said), minor=True) if text(comment, "id") else None


def _on_ticket(payload: Payload, **said: Any) -> News | None:
    """News beneath an issue, or a pull request: that one's card is shown if connect has seen it before."""
    if not mapping(payload, "issue", "pull_request"):
        return issue_news(payload, "comments", **said)
    if known_pull(payload):
        return pull_news(payload, "comments", **said)
    issue = mapping(payload, "issue")
    name = reference(payload, issue)
    told: dict[str, Any] = {"resource": name, "headline": headline(payload, issue)} | said
    return news(payload, "comments", facts(payload, issue), **told) if name else None


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
    "issue_comment.pinned": partial(pinned, "pinned"),
    "issue_comment.unpinned": partial(pinned, "unpinned"),
    "commit_comment.created": commit_comment,
}
