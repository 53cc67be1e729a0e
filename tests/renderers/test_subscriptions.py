"""A channel's subscriptions as a list."""

from typing import Any

import pytest

from bot.renderers.subscriptions import entries
from storage.subscriptions import Kept


@pytest.mark.parametrize(
    ("events", "filters", "shown"),
    [
        (("issues", "pulls", "all"), {}, "everything"),
        (("pulls",), {"draft": False, "bots": False}, "pulls\n• no drafts\n• nothing that programs do"),
        (("checks",), {"only_changes": True},
         "checks\n• runs and checks only when red follows green, or green red"),
        (("pulls",), {"repository_teams": {"any": ["acme/core"]}, "base": ["main", "dev"], "labels": {"none": ["wip"]}},
         "pulls\n• team of the repository: one of acme/core\n• into the branches: main, dev\n• labels: none of wip"),
    ],
)  # fmt: skip
def test_filters_are_listed_in_words(events: tuple[str, ...], filters: dict[str, Any], shown: str) -> None:
    kept = Kept(1, "github", "acme/web", "T1/C1", events, filters, False, "T1/U1", "")
    assert entries([kept])[0]["text"]["text"] == f"*acme/web*\n{shown}"
