"""Issues and pull requests of GitHub as a table."""

from collections.abc import Sequence

from adapters.github.searching import Hit
from bot.message import BlockDict, one_line
from bot.renderers import tables
from bot.renderers.tables import linked, words

TITLE_LIMIT = 120
STATES = {
    ("open", False): "🟢 Open", ("open", True): "🟢 Open", ("draft", True): "⚪ Draft", ("merged", True): "🟣 Merged",
    ("closed", True): "🔴 Closed", ("closed", False): "🟣 Closed",
}  # fmt: skip
"""By state and whether it is a pull request, as on cards."""
WHY = {"review": "Your review", "pull": "Your pull request", "assigned": "Assigned to you"}


def found(hits: Sequence[Hit]) -> BlockDict:
    """Name, title, state and assignees of each."""
    rows = [[*_head(hit), words(_state(hit)), words(", ".join(hit.assignees))] for hit in hits]
    return tables.table(("Where", "Title", "State", "Assigned to"), rows, wrapped=1)


def waiting(listed: Sequence[tuple[Hit, Sequence[str]]]) -> BlockDict:
    """Name, title, why it waits, state and the day of the last change of each."""
    rows = [
        [*_head(hit), words(", ".join(WHY[each] for each in why)), words(_state(hit)), words(hit.updated[:10])]
        for hit, why in listed
    ]
    return tables.table(("Where", "Title", "Why", "State", "Changed"), rows, wrapped=1)


def in_words(hits: Sequence[Hit]) -> str:
    """The same where no blocks are shown: in notifications, and for screen readers."""
    return ", ".join(one_line(f"{hit.resource} {hit.title}", 80) for hit in hits)


def _head(hit: Hit) -> list[BlockDict]:
    return [linked(hit.url, hit.resource), words(hit.title, TITLE_LIMIT)]


def _state(hit: Hit) -> str:
    return STATES.get((hit.state, hit.pull), hit.state)
