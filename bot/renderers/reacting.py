"""The reactions by which a card shows what became of its thing, where nothing else is to be told. Pure."""

from bot.renderers.news import News

_LIFE = {"merged": "twisted_rightwards_arrows", "closed": "no_entry_sign", "reopened": "recycle"}
_VERDICT = {"approved": "white_check_mark", "changes_requested": "x"}
_READINESS = {"ready_for_review": "eyes", "converted_to_draft": "construction"}
_END = {
    "success": "large_green_circle", "failure": "red_circle", "error": "red_circle", "timed_out": "red_circle",
    "cancelled": "black_circle",
}  # fmt: skip
GROUPS: tuple[dict[str, str], ...] = (_LIFE, _VERDICT, _READINESS, _END)
"""In each group one takes the place of another."""


def reaction(news: News) -> tuple[str, tuple[str, ...]]:
    """The emoji that shows what happened, and those whose place it takes; empty if nothing shows it."""
    facts = news.facts
    for group in GROUPS:
        for word in (facts.action, facts.conclusion, facts.state):
            if word in group:
                return group[word], tuple(sorted(set(group.values()) - {group[word]}))
    return "", ()
