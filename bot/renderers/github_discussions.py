"""What connect says about discussions and their comments."""

from functools import partial
from typing import Any

from bot.message import Message, link, strong
from bot.payload import Payload, flag, mapping, text
from bot.renderers import github_cards as cards
from bot.renderers.github_comments import comment_line
from bot.renderers.github_parts import actor, facts, headline, linked, news, reference, sentence, with_text
from bot.renderers.github_tickets import Did, edited, labeled, locked, saying, unlabeled
from bot.renderers.github_words import comment_text, state_of
from bot.renderers.news import CommentKind, News, Renderer
from bot.renderers.parts import phrase


def discussion_news(payload: Payload, **said: Any) -> News | None:
    """News of a discussion with its card; issues, pull requests and discussions share one series of numbers."""
    shown = mapping(payload, "discussion")
    name = reference(payload, shown)
    if not name:
        return None
    told: dict[str, Any] = {
        "resource": name, "card": cards.discussion(payload), "version": text(shown, "updated_at"),
        "uid": f"discussion/{text(shown, 'id')}", "headline": headline(payload, shown),
    }  # fmt: skip
    given = facts(payload, shown, label=text(payload, "label", "name") if text(payload, "action") == "labeled" else "")
    return news(payload, "discussions", given, **(told | said))


def _told(did: Did, payload: Payload, *, opens: bool = False, minor: bool = False) -> News | None:
    return discussion_news(payload, line=sentence(payload, did(payload)), opens=opens, minor=minor)


def created(payload: Payload) -> News | None:
    """A new discussion: the card says it all."""
    return discussion_news(payload, opens=True, brief=sentence(payload, "began this discussion"))


def answered(payload: Payload) -> News | None:
    """A comment that answers the question."""
    answer = mapping(payload, "answer")
    said = f"✅ {actor(payload)} chose {linked(text(answer, 'html_url'), 'an answer')}"
    return discussion_news(payload, line=Message(with_text(said, comment_text(payload, answer))))


def transferred(payload: Payload) -> str:
    """It lives in another repository from now on."""
    there = mapping(payload, "changes", "new_repository")
    name = text(there, "full_name")
    if not name or (flag(there, "private") and not flag(payload, "repository", "private")):
        return "moved this to another repository"
    return f"moved this to {link(text(payload, 'changes', 'new_discussion', 'html_url'), name)}"


def recategorized(payload: Payload) -> str:
    """It is of another kind now."""
    return phrase("moved this to", strong(text(payload, "discussion", "category", "name"), 60))


def comment(kind: CommentKind, payload: Payload) -> News | None:
    """A comment in a discussion."""
    shown = state_of(mapping(payload, "comment"), "discussion_comment", kind)
    return discussion_news(payload, line=comment_line(payload, kind), comment=shown) if shown else None


_MINOR: dict[str, Did] = {
    "edited": edited,
    "deleted": saying("deleted this"),
    "transferred": transferred,
    "category_changed": recategorized,
    "unanswered": saying("says that this has no answer yet"),
    "labeled": labeled,
    "unlabeled": unlabeled,
    "locked": locked,
    "unlocked": saying("unlocked the conversation"),
    "pinned": saying("pinned this"),
    "unpinned": saying("unpinned this"),
}
_KINDS: tuple[CommentKind, ...] = ("created", "edited", "deleted")

EVENTS: dict[str, Renderer] = {
    "discussion.created": created,
    "discussion.answered": answered,
    "discussion.closed": partial(_told, saying("closed this")),
    "discussion.reopened": partial(_told, saying("reopened this"), opens=True),
    **{f"discussion.{action}": partial(_told, did, minor=True) for action, did in _MINOR.items()},
    **{f"discussion_comment.{kind}": partial(comment, kind) for kind in _KINDS},
}
