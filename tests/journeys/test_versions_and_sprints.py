"""Versions and sprints: their webhooks name no project, so Jira is asked before a channel is told."""

from typing import Any

from sandbox.slack import DEV, GENERAL
from tests.bot.effects import on_sqlite
from tests.journeys.test_jira_to_slack import bot_messages, subscribe
from tests.world import World


def told(world: World, channel: str = DEV) -> list[str]:
    world.settle()
    return [message["text"] for message in bot_messages(world, channel)]


def deliveries(world: World) -> list[tuple[str, str]]:
    return [(row["status"], row["detail"] or "") for row in world.rows("deliveries")]


def test_what_becomes_of_versions_is_told_where_it_was_asked_for(on_both_jiras: World) -> None:
    world = on_both_jiras
    subscribe(world, DEV, events=["versions"])
    subscribe(world, GENERAL, events=["created"])
    for did in ("created", "released", "unreleased", "deleted"):
        world.jira.version("OPS", "2.4.0", did)
    lines = [line.replace(world.jira.url, "…") for line in told(world)]
    assert [line.split("|")[-1] for line in lines] == [
        "2.4.0>* was created", "2.4.0>* was released", "2.4.0>* is no longer released",
        "*OPS*  ·  🗑️ Version *2.4.0* was deleted",
    ]  # fmt: skip
    assert lines[1].startswith("*OPS*  ·  🚀 Version *<…/issues/?jql=fixVersion%3D")
    assert told(world, GENERAL) == []


def test_a_sprint_that_starts_and_ends_is_told_in_the_channels_of_its_boards_project(on_both_jiras: World) -> None:
    world = on_both_jiras
    subscribe(world, DEV, events=["sprints"], filters={"type": {"any": ["Bug"]}, "jql": "priority = High"})
    world.jira.sprint("OPS", "Sprint 9", goal="Card payments")
    world.jira.sprint("OPS", "Sprint 9", "closed")
    world.jira.sprint("WEB", "Sprint 2")
    started, closed = told(world)
    assert started.endswith("|Sprint 9>* has started  ·  until 19 Oct 2026  ·  Goal: Card payments")
    assert closed.endswith("|Sprint 9>* is over")


def test_where_nobody_asks_for_them_jira_is_not_asked(on_both_jiras: World) -> None:
    world = on_both_jiras
    subscribe(world, DEV)
    world.jira.version("OPS", "2.4.0")
    world.jira.sprint("OPS", "Sprint 9")
    world.settle()
    assert deliveries(world) == [
        ("ignored", "no channel asks for versions"), ("ignored", "no channel asks for sprints"),
    ]  # fmt: skip
    assert [call.operation for call in world.jira.calls] == []


@on_sqlite
def test_a_version_told_by_two_webhooks_of_one_event_is_told_once(world: World) -> None:
    subscribe(world, DEV, events=["all"])
    world.jira.version("OPS", "2.4.0")
    world.jira.redeliver(2)
    assert len(told(world)) == 1


@on_sqlite
def test_of_a_project_that_connect_cannot_see_nothing_is_told(world: World) -> None:
    subscribe(world, DEV, events=["versions"])
    world.jira.version("OPS", "2.4.0")
    project: Any = world.jira.projects.pop("OPS")
    assert told(world) == []
    assert [row["status"] for row in world.rows("integrations")] == ["completed"]
    world.jira.projects["OPS"] = project
