"""What happens to pull requests and issues alike, as the rest of a sentence: `labeled` is "added the label `bug`".

Each takes a payload and gives words that are inert; none where the card alone is to change.
"""

from collections.abc import Callable, Sequence

from bot.message import code, one_line, strong
from bot.payload import Payload, find, flag, mapping, text
from bot.renderers.github_known import in_slack
from bot.renderers.github_parts import KEY, OWN, is_young, label_of
from bot.renderers.parts import listing, phrase, who

type Did = Callable[[Payload], str]


def ticket_of(payload: Payload) -> Payload:
    """The pull request, issue or discussion that the event is of."""
    return mapping(payload, "pull_request") or mapping(payload, "issue") or mapping(payload, "discussion")


def nothing(_: Payload) -> str:
    """The card says it all."""
    return ""


def saying(words: str) -> Did:
    """Always the same words."""
    return lambda _: words


def unless_young(did: Did) -> Did:
    """The same, but nothing within a minute of the opening: that it came with, and the card shows."""
    return lambda payload: "" if is_young(ticket_of(payload)) else did(payload)


def assigned(payload: Payload) -> str:
    """Somebody is to do it."""
    return "took this on" if _to_themselves(payload) else phrase("assigned", _whom(payload))


def unassigned(payload: Payload) -> str:
    """Somebody is not to do it any more."""
    return "gave this back" if _to_themselves(payload) else phrase("unassigned", _whom(payload))


def labeled(payload: Payload) -> str:
    """It has a label more."""
    return relabeled([("labeled", label_of(payload))])


def unlabeled(payload: Payload) -> str:
    """It has a label less."""
    return relabeled([("unlabeled", label_of(payload))])


def relabeled(changes: Sequence[tuple[str, str]]) -> str:
    """Labels that were added and removed, by the action and the name as `code`; of one that was both, the last."""
    last = {name: action for action, name in changes if name}
    added, removed = ([name for name in last if last[name] == action] for action in ("labeled", "unlabeled"))
    did = [("added", added), ("removed", removed)]
    return " and ".join(_relabeled(verb, names) for verb, names in did if names)


def _relabeled(verb: str, names: Sequence[str]) -> str:
    return f"{verb} the label{'s' if len(names) > 1 else ''} {listing(names, str)}"


def milestoned(payload: Payload) -> str:
    """It belongs to a milestone."""
    return phrase("added this to the milestone", strong(_milestone(payload), 60))


def demilestoned(payload: Payload) -> str:
    """It belongs to no milestone any more."""
    return phrase("took this out of the milestone", strong(_milestone(payload), 60)) or "took this out of its milestone"


def locked(payload: Payload) -> str:
    """Only some may still comment."""
    reason = one_line(text(ticket_of(payload), "active_lock_reason"), 40)
    return f"locked the conversation as {reason}" if reason else "locked the conversation"


def edited(payload: Payload) -> str:
    """A new title or base branch; a new text shows on the card alone."""
    before = text(payload, "changes", "title", "from")
    if before:
        return f"changed the title, which was “{one_line(before, 100)}”"
    base, now = text(payload, "changes", "base", "ref", "from"), text(ticket_of(payload), "base", "ref")
    return f"changed the base branch from {code(base)} to {code(now)}" if base and now else ""


def _whom(payload: Payload) -> str:
    login = text(payload, "assignee", "login")
    return (in_slack(payload, login) or who(login)) if login else ""


def _to_themselves(payload: Payload) -> bool:
    whom = find(payload, "assignee", "login")
    return flag(payload, KEY, OWN) or (bool(whom) and whom == find(payload, "sender", "login"))


def _milestone(payload: Payload) -> str:
    return text(payload, "milestone", "title") or text(ticket_of(payload), "milestone", "title")


SHARED: dict[str, Did] = {
    "edited": edited,
    "labeled": unless_young(labeled),
    "unlabeled": unless_young(unlabeled),
    "assigned": unless_young(assigned),
    "unassigned": unless_young(unassigned),
    "milestoned": unless_young(milestoned),
    "demilestoned": unless_young(demilestoned),
    "locked": locked,
    "unlocked": saying("unlocked the conversation"),
}
"""Actions of both, none of which is worth a card by itself."""
