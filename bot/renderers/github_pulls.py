"""What connect says about pull requests, their reviews and their review threads."""

from functools import partial
from typing import Any

from bot.comment_ids import GITHUB_COMMENT
from bot.message import Message, code, one_line
from bot.payload import Payload, flag, mapping, objects, strings, text
from bot.renderers import github_cards as cards
from bot.renderers.github_known import TEAMS, has_judged, in_slack, known_pull, reviewer, version
from bot.renderers.github_parts import (
    DOER,
    KEY,
    actor,
    facts,
    headline,
    is_young,
    linked,
    names_of,
    news,
    offer,
    reference,
    sentence,
    team_name,
    with_text,
)
from bot.renderers.github_tickets import SHARED, Did, nothing, saying
from bot.renderers.github_words import comment_text
from bot.renderers.news import CommentKind, CommentNews, Facts, News, Renderer
from bot.renderers.parts import who

VERDICTS = {
    "approved": ("✅", "approved this"),
    "changes_requested": ("🔴", "requested changes"),
    "commented": ("💬", "reviewed this"),
}
DEQUEUED = {
    "CI_FAILURE": "a check failed", "CI_TIMEOUT": "the checks took too long", "MANUAL": "by hand",
    "MERGE_CONFLICT": "it conflicts with what is before it", "QUEUE_CLEARED": "the queue was cleared",
    "ROLL_BACK": "what was before it was rolled back", "BRANCH_PROTECTIONS": "the branch's rules do not let it in",
    "GIT_TREE_INVALID": "its files cannot be merged", "INVALID_MERGE_COMMIT": "its merge commit is not valid",
    "UNKNOWN_REMOVAL_REASON": "",
}  # fmt: skip
"""Why the merge queue let go of it: https://docs.github.com/en/graphql/reference/objects#removedfrommergequeueevent"""


def pull_news(payload: Payload, feature: str = "pulls", **said: Any) -> News | None:
    """News of a pull request with its card: of one that the event shows, or that is remembered."""
    pull = known_pull(payload)
    name = reference(payload, pull)
    if not name:
        return None
    told: dict[str, Any] = {
        "resource": name, "card": cards.pull_request(payload), "version": version(payload, pull),
        "uid": uid(pull), "headline": headline(payload, pull),
    }  # fmt: skip
    return news(payload, feature, said.pop("given", None) or pull_facts(payload), **(told | said))


def uid(pull: Payload) -> str:
    """What tells a pull request from all others; issues and deployments count for themselves."""
    number = text(pull, "id")
    return number and f"pull/{number}"


def pull_facts(payload: Payload, **known: Any) -> Facts:
    """What filters look at in a pull request's events."""
    pull = mapping(payload, "pull_request") or known_pull(payload)
    told: dict[str, Any] = {
        "base": text(pull, "base", "ref"), "head": text(pull, "head", "ref"), "reviewers": _reviewers(payload, pull),
    }  # fmt: skip
    return facts(payload, pull, **(told | known))


def _reviewers(payload: Payload, pull: Payload) -> frozenset[str]:
    """Who is asked for a review, or has given one: GitHub strikes these, and the team that they are in, off the asked.

    Who opened it is no reviewer, though their answers in a review's conversations count as reviews of theirs.
    """
    teams = {team_name(payload, team) for team in objects(pull, "requested_teams")}
    before = {*strings(payload, KEY, TEAMS), *mapping(payload, KEY, "verdicts")}
    given = {text(payload, "review", "user", "login"), *before} - {text(pull, "user", "login")}
    return names_of(*objects(pull, "requested_reviewers")) | (teams | given) - {""}


def _told(did: Did, payload: Payload, *, opens: bool = False, minor: bool = False) -> News | None:
    """One action on a pull request, in the words of `did`."""
    added = text(payload, "label", "name") if text(payload, "action") == "labeled" else ""
    given = pull_facts(payload, label=added, action=_action(payload))
    return pull_news(payload, given=given, line=sentence(payload, did(payload)), opens=opens, minor=minor)


def opened(payload: Payload) -> News | None:
    """A new pull request: the card says it all."""
    return pull_news(payload, opens=True, brief=sentence(payload, "opened this pull request"))


def closed(payload: Payload) -> str:
    """The end of a pull request: merged, or closed as it was."""
    if not flag(payload, "pull_request", "merged"):
        return "closed this without merging"
    base = code(text(payload, "pull_request", "base", "ref"))
    return f"merged this into {base}" if base else "merged this"


def review_requested(payload: Payload) -> str:
    """Somebody, or a team, is asked for a review; who has given one before is asked for another."""
    login, team = text(payload, "requested_reviewer", "login"), text(payload, "requested_team", "name")
    if not (login or team) or is_young(mapping(payload, "pull_request")):
        return ""
    another = bool(login) and has_judged(payload, login)
    return f"asked {in_slack(payload, login) or who(login or team)} for {'another' if another else 'a'} review"


def review_request_removed(payload: Payload) -> str:
    """Somebody, or a team, is not asked any more."""
    name = text(payload, "requested_reviewer", "login") or text(payload, "requested_team", "name")
    return f"does not ask {who(name)} for a review any more" if name else ""


def dequeued(payload: Payload) -> str:
    """Out of the merge queue, and why; a merge is told by itself."""
    reason = text(payload, "reason")
    if reason in ("MERGE", "ALREADY_MERGED"):
        return ""
    why = DEQUEUED.get(reason, one_line(reason.replace("_", " ").lower(), 60))
    return "took this out of the merge queue" + (f" ({why})" if why else "")


def review_submitted(payload: Payload) -> News | None:
    """A verdict, with its words; one of comments on lines alone changes the card, since those are told themselves."""
    review = mapping(payload, "review")
    state, words = text(review, "state").lower(), comment_text(payload, review, text(payload, KEY, DOER))
    emoji, did = VERDICTS.get(state, VERDICTS["commented"])
    said = f"{emoji} {actor(payload)} {linked(text(review, 'html_url'), did)}"
    silent = state not in ("approved", "changes_requested") and not words
    return pull_news(
        payload, "reviews", given=pull_facts(payload, action=state, state=state),
        line=None if silent else Message(with_text(said, words)),
        comment=_review_words(payload, "created") if words else None,
    )  # fmt: skip


def review_edited(payload: Payload) -> News | None:
    """The reply with the review shows its new words."""
    review = mapping(payload, "review")
    emoji, did = VERDICTS.get(text(review, "state").lower(), VERDICTS["commented"])
    by = reviewer(payload, text(review, "user", "login"))
    said = f"{emoji} {who(by)} {linked(text(review, 'html_url'), did)} (edited)"
    words = comment_text(payload, review, by)
    line = Message(with_text(said, words)) if words else None
    return pull_news(payload, "reviews", line=line, comment=_review_words(payload, "edited") if words else None)


def review_dismissed(payload: Payload) -> News | None:
    """A verdict that counts no more."""
    name, by = text(payload, "review", "user", "login"), text(payload, "sender", "login")
    whose = "their own" if name == by else f"{who(reviewer(payload, name))}’s"
    said = f"{actor(payload)} dismissed {whose} {linked(text(payload, 'review', 'html_url'), 'review')}"
    return pull_news(payload, "reviews", line=Message(said), minor=True)


def thread_news(did: str, payload: Payload) -> News | None:
    """A conversation about some lines is settled, or open again."""
    said = objects(payload, "thread", "comments")
    where, url = (code(text(said[0], "path")), text(said[0], "html_url")) if said else ("", "")
    words = f"{did} {offer(url, 'a conversation') or 'a conversation'}" + (f" about {where}" if where else "")
    return pull_news(payload, "reviews", line=sentence(payload, words), minor=True)


def _review_words(payload: Payload, kind: CommentKind) -> CommentNews | None:
    review = mapping(payload, "review")
    edited = text(payload, "pull_request", "updated_at") if kind == "edited" else ""
    version = max(text(review, "submitted_at"), text(review, "updated_at"), edited)
    ident = text(review, "id")
    return CommentNews(f"{GITHUB_COMMENT}review/{ident}", kind, version) if ident else None


def _action(payload: Payload) -> str:
    action = text(payload, "action")
    return "merged" if action == "closed" and flag(payload, "pull_request", "merged") else action


_MINOR: dict[str, Did] = {
    **SHARED,
    "synchronize": nothing,
    "converted_to_draft": saying("turned this back into a draft"),
    "review_requested": review_requested,
    "review_request_removed": review_request_removed,
    "auto_merge_enabled": saying("turned on auto-merge"),
    "auto_merge_disabled": saying("turned off auto-merge"),
    "enqueued": saying("added this to the merge queue"),
    "dequeued": dequeued,
}

EVENTS: dict[str, Renderer] = {
    "pull_request.opened": opened,
    "pull_request.ready_for_review": partial(_told, saying("marked this as ready for review"), opens=True),
    "pull_request.reopened": partial(_told, saying("reopened this"), opens=True),
    "pull_request.closed": partial(_told, closed),
    **{f"pull_request.{action}": partial(_told, did, minor=True) for action, did in _MINOR.items()},
    "pull_request_review.submitted": review_submitted,
    "pull_request_review.edited": review_edited,
    "pull_request_review.dismissed": review_dismissed,
    "pull_request_review_thread.resolved": partial(thread_news, "resolved"),
    "pull_request_review_thread.unresolved": partial(thread_news, "reopened"),
}
