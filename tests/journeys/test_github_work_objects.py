"""Work Objects of GitHub: what a link to an issue or a pull request unfurls as, and what their panel shows to whom."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.github.shapes import stamp
from sandbox.slack import ADMIN, GENERAL, GUEST, MEMBER, PRIVATE
from tests.journeys.on_github import account
from tests.journeys.test_github_previews import SECRET, page, prepared, share, shown
from tests.journeys.test_work_objects import panel
from tests.world import World


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    made = prepared(World(sqlite_url, slack_work_objects=True))
    made.github.open_pull_request("acme/web", "Oil it", head="oil", body="It *squeaks*.")
    made.settle()
    yield made
    made.close()


def entity(world: World) -> dict[str, Any]:
    """The pull request as a task."""
    repo = world.github.repos[0]
    updated = int(repo.tickets[2].updated_at)
    assert stamp(updated) == stamp(repo.tickets[2].updated_at)
    return {
        "url": page(world, "acme/web/pull/2"),
        "external_ref": {"id": f"{page(world, '')[7:]}{repo.id}/2", "type": "pull_request"},
        "entity_type": "slack#/entities/task",
        "entity_payload": {
            "attributes": {
                "title": {"text": "Oil it"}, "display_id": "acme/web#2", "display_type": "Pull request",
                "product_name": "GitHub", "metadata_last_modified": updated,
            },
            "fields": {
                "status": {"value": "Open", "tag_color": "green"},
                "description": {"value": "It _squeaks_."},
                "created_by": {"type": "slack#/types/user", "user": {"text": "octocat"}},
                "date_updated": {"value": updated},
            },
            "custom_fields": [
                {"key": "repository", "label": "Repository", "type": "string", "value": "acme/web"},
                {"key": "branches", "label": "Branches", "type": "string", "value": "oil → main"},
            ],
        },
        "entity_comments": {"count": 0},
    }  # fmt: skip


def test_a_link_to_a_pull_request_unfurls_as_a_task_and_its_panel_shows_how_it_is_now(world: World) -> None:
    ts = share(world, "acme/web/pull/2")
    [each] = shown(world, ts)
    assert each["entity"] == {"app_unfurl_url": page(world, "acme/web/pull/2"), **entity(world)}
    world.github.merge_pull_request("acme/web", 2)
    now = panel(world, world.slack.open_object(MEMBER, GENERAL, ts))["entity"]
    assert now["entity_payload"]["fields"]["status"] == {"value": "Merged", "tag_color": "blue"}
    assert {row["status"] for row in world.rows("integrations")} == {"completed"}


def test_what_is_no_task_is_shown_as_a_card_beside_it(world: World) -> None:
    both = shown(world, share(world, "acme/web/issues/1", "acme/web"))
    assert [("entity" in each, "blocks" in each) for each in both] == [(True, False), (False, True)]
    world.slack.links.work_objects = False
    both = shown(world, share(world, "acme/web/pull/2", "octocat"))
    assert [("entity" in each, "blocks" in each) for each in both] == [(False, True), (False, True)]


def test_the_comments_come_in_pages_the_newest_first(world: World) -> None:
    for number in range(51):
        world.github.comment("acme/web", 2, "hubot", f"number *{number}*")
    world.settle()
    ts = share(world, "acme/web/pull/2")
    first = panel(world, world.slack.open_comments(MEMBER, GENERAL, ts))
    second = panel(world, world.slack.open_comments(MEMBER, GENERAL, ts, first["cursor"]))
    said = [each["comment"]["value"] for each in (*first["comments"], *second["comments"])]
    assert (said, second["cursor"]) == ([f"number _{number}_" for number in range(50, -1, -1)], "")
    newest = world.github.repos[0].tickets[2].comments[-1]
    assert first["comments"][0] == {
        "id": str(newest.id), "sender": {"text": "hubot"}, "timestamp": int(newest.created_at),
        "comment": {"value": "number _50_"}, "url": f"{page(world, 'acme/web/pull/2')}#issuecomment-{newest.id}",
    }  # fmt: skip


def test_the_panel_of_something_private_opens_for_who_may_read_it(world: World) -> None:
    account(world, "read", repo=SECRET)
    ts = share(world, f"{SECRET}/issues/1", channel=PRIVATE)
    assert panel(world, world.slack.open_object(MEMBER, PRIVATE, ts))["entity"]["url"] == page(
        world, f"{SECRET}/issues/1"
    )
    assert panel(world, world.slack.open_comments(MEMBER, PRIVATE, ts)) == {"comments": [], "cursor": ""}
    for user in (GUEST, ADMIN):  # Ada Admin has no account on GitHub
        assert panel(world, world.slack.open_object(user, PRIVATE, ts)) == {"error": {"status": "restricted"}}
        told = panel(world, world.slack.open_comments(user, PRIVATE, ts))
        assert told == {"comments": [], "cursor": "", "error": {"status": "restricted"}}


def test_the_panel_says_that_it_is_gone_or_that_github_broke(world: World) -> None:
    ts = share(world)
    world.github.fault("issues/get", status=400, times=1)
    assert panel(world, world.slack.open_object(MEMBER, GENERAL, ts)) == {"error": {"status": "internal_error"}}
    world.github.transfer_issue("acme/web", 1, SECRET)
    assert panel(world, world.slack.open_object(MEMBER, GENERAL, ts)) == {"error": {"status": "not_found"}}
