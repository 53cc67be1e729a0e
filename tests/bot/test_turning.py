"""A run that ends in the same second as the one before it is a turn all the same, if it is the later one."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.flows import turning
from bot.renderers.registry import render_github
from tests.world import World


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    made = World(sqlite_url)
    yield made
    made.close()


def run(ident: int, conclusion: str) -> dict[str, Any]:
    return {
        "action": "completed", "repository": {"full_name": "acme/web"}, "sender": {"login": "ada"},
        "workflow_run": {
            "id": ident, "name": "CI", "head_branch": "main", "event": "push", "conclusion": conclusion,
            "status": "completed", "updated_at": "2026-11-23T09:00:00Z", "html_url": "https://github.com/acme/web",
        },
    }  # fmt: skip


def test_of_runs_that_end_in_the_same_second_the_later_one_counts(world: World) -> None:
    def turned(ident: int, conclusion: str) -> bool:
        news = render_github("workflow_run.completed", run(ident, conclusion))
        assert news is not None
        return world.database.run(lambda connection: turning.noted(connection, news, world.clock())).facts.turned

    assert [turned(9, "success"), turned(10, "failure"), turned(10, "failure")] == [False, True, True]
    assert [turned(8, "success"), turned(11, "failure"), turned(100, "success")] == [False, False, True]
