"""Work Objects: what a link to an issue unfurls as where there are some, and what their panel shows; on both Jiras."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.slack import ADMIN, GENERAL, GUEST, MEMBER
from tests.journeys.test_previews import link, prepared, share, shown
from tests.world import World


@pytest.fixture(params=[True, False], ids=["cloud", "data center"])
def world(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[World]:
    world = prepared(World(sqlite_url, cloud=request.param, slack_work_objects=True))
    world.jira.edit("OPS-1", "Ada Lovelace", summary="Door stuck", description="It is *really* stuck.", assignee="ada")
    yield world
    world.close()


def seconds(world: World, what: str) -> int:
    """When the issue, or its only comment, was made or changed, as Jira shows it."""
    issue = world.jira.issues["OPS-1"]
    return int(issue.comments[0].created if what == "comment" else issue.updated)


def entity(world: World) -> dict[str, Any]:
    updated = seconds(world, "issue")
    return {
        "url": link(world, "OPS-1"),
        "external_ref": {
            "id": f"{world.jira.url.removeprefix('http://')}/{world.jira.issues['OPS-1'].id}", "type": "issue",
        },
        "entity_type": "slack#/entities/task",
        "entity_payload": {
            "attributes": {
                "title": {"text": "Door stuck"}, "display_id": "OPS-1", "display_type": "Bug", "product_name": "Jira",
                "metadata_last_modified": updated,
            },
            "fields": {
                "status": {"value": "To Do", "tag_color": "gray"},
                "priority": {"value": "High"},
                "assignee": {"type": "slack#/types/user", "user": {"text": "Ada Lovelace"}},
                "due_date": {"value": "2026-12-24", "type": "slack#/types/date"},
                "description": {"value": "It is *really* stuck."},
                "created_by": {"type": "slack#/types/user", "user": {"text": "Ada Lovelace"}},
                "date_updated": {"value": updated},
            },
        },
        "entity_comments": {"count": 1, "latest_timestamp": seconds(world, "comment")},
    }  # fmt: skip


def comments_of(world: World) -> list[dict[str, Any]]:
    issue = world.jira.issues["OPS-1"]
    return [
        {
            "id": issue.comments[0].id,
            "sender": {"text": "Grace Hopper"},
            "timestamp": seconds(world, "comment"),
            "comment": {"value": "I am on it"},
            "url": f"{link(world, 'OPS-1')}?focusedCommentId={issue.comments[0].id}",
        }
    ]


def commented(world: World) -> None:
    """One comment for everybody, one for a role, one for a service desk's agents."""
    world.jira.comment("OPS-1", "Grace Hopper", "I am on it")
    world.jira.comment("OPS-1", "Grace Hopper", "for admins", restricted=True)
    world.jira.comment("OPS-1", "Grace Hopper", "for agents")
    world.jira.issues["OPS-1"].comments[-1].public = False


def panel(world: World, trigger: str) -> dict[str, Any]:
    world.settle()
    return {name: value for name, value in world.slack.links.panels[trigger].items() if name != "external_ref"}


def test_a_link_unfurls_as_a_task_with_status_priority_assignee_and_due_date(world: World) -> None:
    commented(world)
    [each] = shown(world, share(world))
    assert each["entity"] == {"app_unfurl_url": link(world, "OPS-1"), **entity(world)}


def test_its_panel_shows_the_details(world: World) -> None:
    commented(world)
    ts = share(world)
    world.jira.transition("OPS-1", "Done", "Ada Lovelace")
    wanted = entity(world)
    wanted["entity_payload"]["fields"]["status"] = {"value": "Done", "tag_color": "green"}
    assert panel(world, world.slack.open_object(MEMBER, GENERAL, ts)) == {"entity": wanted}


def test_its_panel_shows_the_comments_that_everybody_may_see(world: World) -> None:
    commented(world)
    trigger = world.slack.open_comments(MEMBER, GENERAL, share(world))
    assert panel(world, trigger) == {"comments": comments_of(world), "cursor": ""}


def test_the_comments_come_in_pages(world: World) -> None:
    for number in range(51):
        world.jira.comment("OPS-1", "Grace Hopper", f"number {number}")
    ts = share(world)
    first = panel(world, world.slack.open_comments(MEMBER, GENERAL, ts))
    second = panel(world, world.slack.open_comments(MEMBER, GENERAL, ts, first["cursor"]))
    said = [each["comment"]["value"] for each in (*first["comments"], *second["comments"])]
    assert (len(first["comments"]), said, second["cursor"]) == (50, [f"number {n}" for n in range(50, -1, -1)], "")


def test_the_panel_tells_who_may_not_see_the_issue_and_nothing_of_it(world: World) -> None:
    ts = share(world)
    world.jira.denied_to = {"Mia": {"BROWSE_PROJECTS"}}
    for user in (MEMBER, GUEST, ADMIN):  # Ada Admin has no account in Jira, and the channel does not hear of OPS
        assert panel(world, world.slack.open_object(user, GENERAL, ts)) == {"error": {"status": "restricted"}}
        told = panel(world, world.slack.open_comments(user, GENERAL, ts))
        assert told == {"comments": [], "cursor": "", "error": {"status": "restricted"}}


def test_the_panel_says_that_an_issue_is_gone_or_that_jira_broke(world: World) -> None:
    ts = share(world)
    world.jira.fault("getIssue", status=400)
    assert panel(world, world.slack.open_object(MEMBER, GENERAL, ts)) == {"error": {"status": "internal_error"}}
    world.jira.delete("OPS-1", "Ada Lovelace")
    assert panel(world, world.slack.open_object(MEMBER, GENERAL, ts)) == {"error": {"status": "not_found"}}


def test_where_slack_refuses_work_objects_the_card_is_shown(world: World) -> None:
    world.slack.links.work_objects = False
    [card] = shown(world, share(world))
    assert ("entity" in card, "OPS-1: Door stuck" in str(card["blocks"])) == (False, True)
    assert {row["status"] for row in world.rows("integrations")} == {"completed"}


def test_an_issue_that_says_little_makes_a_work_object_that_slack_takes(world: World) -> None:
    key = world.jira.create("OPS", "Task", "Bare")
    [each] = shown(world, share(world, key))
    fields = each["entity"]["entity_payload"]["fields"]
    assert list(fields) == ["status", "priority", "created_by", "date_updated"]
    assert each["entity"]["entity_comments"] == {"count": 0}


def test_a_panel_whose_answer_was_lost_is_filled_again(world: World) -> None:
    ts = share(world)
    world.slack.fault("entity.presentDetails", kind="reset", after=True)
    trigger = world.slack.open_object(MEMBER, GENERAL, ts)
    world.settle()
    world.advance(60)
    assert len(world.slack.calls_to("entity.presentDetails")) == 2
    assert "entity" in panel(world, trigger)
