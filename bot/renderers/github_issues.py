"""What connect says about issues: their life, their types, their sub-issues and what blocks them."""

from functools import partial
from typing import Any

from bot.message import Message, link, strong
from bot.payload import Payload, find, flag, mapping, text, texts
from bot.renderers import github_cards as cards
from bot.renderers.github_parts import actor, facts, headline, news, reference, sentence, ticket_link
from bot.renderers.github_tickets import SHARED, Did, saying, unless_young
from bot.renderers.news import News, Renderer
from bot.renderers.parts import phrase


def issue_news(payload: Payload, feature: str = "issues", **said: Any) -> News | None:
    """News of an issue with its card."""
    issue = mapping(payload, "issue")
    name = reference(payload, issue)
    if not name:
        return None
    added = text(payload, "label", "name") if text(payload, "action") == "labeled" else ""
    told: dict[str, Any] = {
        "resource": name, "card": cards.issue(payload), "version": text(issue, "updated_at"),
        "uid": text(issue, "id"), "headline": headline(payload, issue),
    }  # fmt: skip
    return news(payload, feature, facts(payload, issue, label=added), **(told | said))


def _told(did: Did, payload: Payload, *, opens: bool = False, minor: bool = False) -> News | None:
    """One action on an issue, in the words of `did`."""
    return issue_news(payload, line=sentence(payload, did(payload)), opens=opens, minor=minor)


def opened(payload: Payload) -> News | None:
    """A new issue: the card says it all."""
    return issue_news(payload, opens=True, brief=sentence(payload, "opened this issue"))


def closed(payload: Payload) -> str:
    """The end of an issue, with the reason if GitHub gives one."""
    reason = cards.REASONS.get(text(payload, "issue", "state_reason"))
    return f"closed this as {reason}" if reason else "closed this"


def transferred(payload: Payload) -> str:
    """It lives in another repository from now on."""
    there = mapping(payload, "changes", "new_repository")
    if not text(there, "full_name") or _is_secret(payload, there):
        return "moved this to another repository"
    moved = mapping(payload, "changes", "new_issue")
    return f"moved this to {link(text(moved, 'html_url'), f'{text(there, "full_name")}#{text(moved, "number")}')}"


def typed(payload: Payload) -> str:
    """It is of a type now."""
    return phrase("made this a", strong(text(payload, "type", "name"), 60))


def untyped(payload: Payload) -> str:
    """It is of no type any more."""
    return phrase("says that this is no", strong(text(payload, "type", "name"), 60))


def field_added(payload: Payload) -> str:
    """A field of the organization's issues is filled in, or anew."""
    name, value = _field(payload), _value(mapping(payload, "issue_field_value"))
    return f"set {name} to {strong(value, 100)}" if name and value else phrase("changed", name)


def field_removed(payload: Payload) -> str:
    """A field is empty again."""
    return phrase("emptied", _field(payload))


def _field(payload: Payload) -> str:
    return strong(text(payload, "issue_field", "name"), 60)


def _value(given: Payload) -> str:
    """One option, several, or a text, a date or a number."""
    chosen = text(given, "option", "name") or ", ".join(texts(given, "options", key="name"))
    value = find(given, "value")
    return chosen or (f"{value:g}" if isinstance(value, float) else text(given, "value"))


def _tied(own: str, other: str, did: str, payload: Payload) -> News | None:
    """Two issues that belong together, or do so no more, told to the one under the key `own`."""
    named, there = mapping(payload, other), mapping(payload, f"{other}_repo")
    far = text(there, "full_name")
    shown = ticket_link(named, far if far != text(payload, "repository", "full_name") else "")
    if _is_secret(payload, there):
        what = "a sub-issue" if own == "parent_issue" else "an issue"
        did, shown = did.removesuffix(" the sub-issue"), f"{what} of a private repository"
    line = Message(f"{actor(payload)} {did} {shown}") if text(named, "number") else None
    return issue_news({**payload, "issue": mapping(payload, own)}, line=line, minor=True)


def _is_secret(payload: Payload, there: Payload) -> bool:
    """Whether another repository is seen by fewer people than the event's own."""
    return flag(there, "private") and not flag(payload, "repository", "private")


_MINOR: dict[str, Did] = {
    **SHARED,
    "deleted": saying("deleted this"),
    "transferred": transferred,
    "pinned": saying("pinned this"),
    "unpinned": saying("unpinned this"),
    "typed": unless_young(typed),
    "untyped": unless_young(untyped),
    "field_added": unless_young(field_added),
    "field_removed": unless_young(field_removed),
}

_TIES = (
    ("sub_issues.sub_issue", "parent_issue", "sub_issue", "added the sub-issue", "removed the sub-issue"),
    (
        "sub_issues.parent_issue", "sub_issue", "parent_issue",
        "made this a sub-issue of", "says that this is no sub-issue any more of",
    ),
    (
        "issue_dependencies.blocked_by", "blocked_issue", "blocking_issue",
        "marked this as blocked by", "marked this as no longer blocked by",
    ),
    (
        "issue_dependencies.blocking", "blocking_issue", "blocked_issue",
        "marked this as blocking", "marked this as no longer blocking",
    ),
)  # fmt: skip
"""Events, whose they are, which issue they name, and the words for a tie that was made and one that was undone."""

EVENTS: dict[str, Renderer] = {
    "issues.opened": opened,
    "issues.closed": partial(_told, closed),
    "issues.reopened": partial(_told, saying("reopened this"), opens=True),
    **{f"issues.{action}": partial(_told, did, minor=True) for action, did in _MINOR.items()},
    **{
        f"{event}_{done}": partial(_tied, own, other, words)
        for event, own, other, *both in _TIES
        for done, words in zip(("added", "removed"), both, strict=True)
    },
}
