"""What Workflow Builder offers in the steps' inputs: the live Jira's lists, within 3 s even while Jira hangs."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from sandbox.slack import GUEST, MEMBER
from tests.workflows import FUNCTIONS
from tests.world import World

CREATE, MOVE, ASSIGN = "create_jira_issue", "transition_jira_issue", "assign_jira_issue"
ALWAYS = [("Whoever started the workflow", "me"), ("Nobody", "nobody")]


@pytest.fixture(params=[True, False], ids=["cloud", "data center"])
def world(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[World]:
    made = World(sqlite_url, cloud=request.param)
    made.slack.declare(FUNCTIONS)
    yield made
    made.close()


def hang(world: World, seconds: float = 2) -> None:
    """Let Jira take every question and answer none."""
    world.jira.fault("*", kind="hang", seconds=seconds, times=100)


def test_the_projects_are_offered_and_searched_as_somebody_types(world: World) -> None:
    offered = world.slack.choose(CREATE, "project", MEMBER)
    assert offered == [(f"{each.name} ({each.key})", each.key) for each in world.jira.projects.values()]
    (found,) = world.slack.choose(CREATE, "project", MEMBER, typed="ops")
    assert found[1] == "OPS"


def test_the_types_are_those_of_the_chosen_project_or_else_of_the_default_one(world: World) -> None:
    for project, filled in (("HR", {"project": "HR"}), ("OPS", {})):
        types = [kind.name for kind in world.jira.projects[project].types if not kind.subtask]
        assert world.slack.choose(CREATE, "type", MEMBER, filled=filled) == [(name, name) for name in types]
    assert world.slack.choose(CREATE, "type", MEMBER, typed="bu") == [("Bug", "Bug")]


def test_the_statuses_are_those_of_the_project(world: World) -> None:
    names = ["To Do", "In Progress", "In Review", "Done"]
    offered = world.slack.choose(MOVE, "status", MEMBER, filled={"project": "OPS"})
    assert offered == [(name, name) for name in names]
    assert world.slack.choose("approve_jira_transition", "status", MEMBER, typed="do") == [
        ("To Do", "To Do"), ("Done", "Done"),
    ]  # fmt: skip


def test_people_are_those_whom_issues_of_the_project_can_be_assigned_to(world: World) -> None:
    grace = world.jira.person("Grace Hopper")
    chosen = f"account:{grace.account_id if world.jira.cloud else grace.name}"
    offered = world.slack.choose(ASSIGN, "assignee", MEMBER)
    assert (offered[:2], ("Grace Hopper", chosen) in offered) == (ALWAYS, True)
    assert world.slack.choose(ASSIGN, "assignee", MEMBER, typed="gra") == [("Grace Hopper", chosen)]
    assert world.slack.choose(ASSIGN, "assignee", MEMBER, filled={"project": "NOPE"}) == ALWAYS


def test_what_was_read_once_is_offered_at_once_however_long_ago_while_jira_hangs(world: World) -> None:
    menus = [(CREATE, "project"), (CREATE, "type"), (MOVE, "status"), (ASSIGN, "assignee")]
    before = [world.slack.choose(*menu, MEMBER) for menu in menus]
    hang(world)
    world.clock.offset += timedelta(hours=6)
    begun = time.monotonic()
    assert [world.slack.choose(*menu, MEMBER) for menu in menus] == before
    assert time.monotonic() - begun < 1.0


def test_what_was_never_read_is_answered_in_time_while_jira_hangs(world: World) -> None:
    hang(world)
    for menu, typed, offered in (
        ((CREATE, "project"), "", [("OPS", "OPS")]),
        ((CREATE, "project"), "web", [("WEB", "WEB")]),
        ((CREATE, "type"), "", [("Task", "Task")]),
        ((CREATE, "type"), "Story", [("Story", "Story")]),
        ((MOVE, "status"), "Blocked", [("Blocked", "Blocked")]),
        ((ASSIGN, "assignee"), "", ALWAYS),
    ):
        begun = time.monotonic()
        assert world.slack.choose(*menu, MEMBER, typed=typed) == offered
        assert time.monotonic() - begun < 2.5


def test_a_word_that_was_never_typed_before_is_looked_for_in_what_is_known_while_jira_hangs(world: World) -> None:
    world.slack.choose(CREATE, "project", MEMBER)
    hang(world)
    (found,) = world.slack.choose(CREATE, "project", MEMBER, typed="OPS")
    assert found[1] == "OPS"


def test_if_slack_does_not_take_them_at_once_a_worker_hands_them_over(world: World) -> None:
    world.slack.fault("functions.completeSuccess", kind="reset")
    with pytest.raises(ValueError, match="running"):
        world.slack.choose(CREATE, "project", MEMBER)
    world.settle()
    (step,) = world.slack.steps.values()
    assert (step["state"], len(step["outputs"]["options"])) == ("completed", len(world.jira.projects))
    assert [(row["operation"], row["status"]) for row in world.rows("integrations")] == [("complete_step", "completed")]


def test_a_guest_who_builds_a_workflow_is_offered_nothing(world: World) -> None:
    with pytest.raises(ValueError, match="menu stays empty"):
        world.slack.choose(CREATE, "project", GUEST)
    world.settle()
    (step,) = world.slack.steps.values()
    assert (step["state"], "Guests of this workspace cannot do this." in step["error"]) == ("failed", True)


def test_the_projects_of_all_sites_are_offered(sqlite_url: str) -> None:
    world, other = World(sqlite_url), World(sqlite_url)
    site = {"base_url": other.jira.url, "email": "connect@example.com", "api_token": "jira-token", "projects": ["HR"]}
    both = World(sqlite_url, jira_sites={"eu": site})
    both.slack.declare(FUNCTIONS)
    values = [value for _, value in both.slack.choose(CREATE, "project", MEMBER)]
    types = both.slack.choose(CREATE, "type", MEMBER, filled={"project": "eu/HR"})
    for made in (world, other, both):
        made.close()
    assert values == [*both.jira.projects, *(f"eu/{key}" for key in other.jira.projects)]
    assert types == [(kind.name, kind.name) for kind in other.jira.projects["HR"].types if not kind.subtask]
