"""What connect's own account does in Jira for people in Slack: threads name them and nobody else, and say why."""

from collections.abc import Iterator

import pytest

from sandbox.slack import ADMIN, DEV, GENERAL, MEMBER
from tests.journeys import doing
from tests.journeys.doing import account, card, press, send, type_
from tests.journeys.test_jira_to_slack import subscribe, ticket
from tests.journeys.test_pull_requests_of_issues import choose, flow
from tests.workflows import run
from tests.world import World

world = doing.world


def lines(world: World) -> list[str]:
    """What the thread of the issue's card tells."""
    return [message["text"] for message in world.slack.thread(GENERAL, card(world)["ts"])[1:]]


def test_who_pressed_or_typed_is_named(world: World) -> None:
    account(world)
    press(world, "jira_assign_me")
    type_(world, "transition OPS-1 In Progress")
    press(world, "jira_more", "edit OPS-1")
    send(world, summary="Printer is cold")
    world.settle()
    press(world, "jira_more", "log_work OPS-1")
    send(world, spent="1h")
    world.settle()
    assert lines(world) == [
        "*Mia Member* changed *Assignee*: _nobody_ → Mia", "*Mia Member* changed *Status*: To Do → In Progress",
        "*Mia Member* changed *Summary*: Printer is on fire → Printer is cold", "*Mia Member* logged 1h",
    ]  # fmt: skip


def test_what_others_do_between_and_what_connect_does_otherwise_stays_theirs(world: World) -> None:
    account(world)
    type_(world, "transition OPS-1 In Progress")
    world.jira.transition("OPS-1", "To Do", "Ada Lovelace")
    world.settle()
    world.jira.transition("OPS-1", "In Progress", "Ada Lovelace")
    world.settle()
    world.jira.edit("OPS-1", "connect", assignee="Grace Hopper")
    world.settle()
    world.advance(120)
    world.jira.transition("OPS-1", "To Do", "connect")
    world.settle()
    assert lines(world) == [
        "*Mia Member* changed *Status*: To Do → In Progress", "*Ada Lovelace* changed *Status*: In Progress → To Do",
        "*Ada Lovelace* changed *Status*: To Do → In Progress",
        "*connect* changed *Assignee*: _nobody_ → Grace Hopper", "*connect* changed *Status*: In Progress → To Do",
    ]  # fmt: skip


@pytest.fixture(params=[True, False], ids=["cloud", "data center"])
def open_world(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[World]:
    """Workflows may act in OPS though nobody is known who started them; OPS-1 has its card in the channel."""
    made = World(sqlite_url, cloud=request.param, jira_workflow_projects="OPS")
    made.jira.create("OPS", "Bug", "Printer is on fire")
    made.settle()
    type_(made, "OPS-1 share")
    yield made
    made.close()


def test_of_workflows_who_approved_is_named_else_who_started_it_else_that_it_was_one(open_world: World) -> None:
    world, shown = open_world, card(open_world)
    world.give_account(ADMIN, "zoe")
    account(world)
    run(world, "approve_jira_transition", MEMBER, issue="OPS-1", status="In Progress", channel=GENERAL)
    question = next(each for each in world.slack.history(GENERAL) if "Approve" in str(each.get("blocks")))
    assert world.slack.click(ADMIN, "step_approve", message=question).status == 200
    world.settle()
    run(world, "assign_jira_issue", MEMBER, issue="OPS-1", assignee="nobody")
    run(world, "transition_jira_issue", MEMBER, issue="OPS-1", status="To Do")
    run(world, "transition_jira_issue", "", issue="OPS-1", status="In Progress")
    assert [message["text"] for message in world.slack.thread(GENERAL, shown["ts"])[1:]] == [
        "*Ada Admin* changed *Status*: To Do → In Progress", "*Mia Member* changed *Status*: In Progress → To Do",
        "*A workflow* changed *Status*: To Do → In Progress",
    ]  # fmt: skip


def test_what_a_pull_request_did_is_told_with_it_unless_its_repository_is_private(world: World) -> None:
    world.jira.transition("OPS-1", "In Progress", "Ada Lovelace")
    choose(world, 'OPS opened:"In Review" merged:Done')
    number = world.github.open_pull_request("acme/web", "OPS-1: oil")
    flow(world)
    next(each for each in world.github.repos if each.full_name == "acme/web").private = True
    world.github.merge_pull_request("acme/web", number)
    flow(world)
    assert [line for line in lines(world) if "*connect*" in line] == [
        f"*connect* changed *Status*: In Progress → In Review, because acme/web#{number} was opened",
        "*connect* changed, because its pull request was merged:\n• *Resolution*: _none_ → Done\n"
        "• *Status*: In Review → Done",
    ]


def test_while_jira_does_not_say_who_connect_is_the_line_waits_for_it(world: World) -> None:
    account(world)
    type_(world, "transition OPS-1 In Progress")
    world.advance(600)
    world.jira.fault("getCurrentUser", status=503, times=3)
    type_(world, "transition OPS-1 To Do")
    for _ in range(4):
        world.advance(6)
    assert lines(world)[1:] == ["*Mia Member* changed *Status*: In Progress → To Do"]


def test_who_had_an_issue_created_is_named_where_others_hear_of_it(world: World) -> None:
    subscribe(world, DEV, style="line")
    key, _ = ticket(world)
    (told,) = [message["text"] for message in world.slack.history(DEV)]
    assert told.partition("  ·  ")[2] == "*Mia Member* created it  ·  Bug  ·  Medium"
    assert key in told
