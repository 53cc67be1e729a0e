"""The step that waits for a person: it asks, and what is pressed is done as that person and ends the step, once."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.slack import ADMIN, GENERAL, GUEST, HIDDEN, MEMBER
from tests.workflows import ended, run
from tests.world import World


@pytest.fixture(params=[True, False], ids=["cloud", "data center"])
def world(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[World]:
    made = World(sqlite_url, cloud=request.param)
    made.jira.create("OPS", "Bug", "Printer is on fire")
    made.give_account(MEMBER)
    made.give_account(ADMIN, "zoe")
    made.settle()
    yield made
    made.close()


def ask(world: World, **inputs: Any) -> dict[str, Any]:
    step = run(world, "approve_jira_transition", MEMBER, **({"issue": "OPS-1", "status": "Done"} | inputs))
    assert (step["state"], step["error"]) == ("running", None)
    return step


def question(world: World, channel: str = GENERAL) -> dict[str, Any]:
    (found,) = [each for each in world.slack.channels[channel].messages if each.get("bot_id")]
    return found


def press(world: World, action: str, user: str, channel: str = GENERAL) -> None:
    answer = world.slack.click(user, action, message=question(world, channel))
    assert (answer.status, answer.trouble) == (200, "")


def words(message: dict[str, Any]) -> list[str]:
    """What each block says, and the labels of its buttons."""
    said: list[str] = []
    for block in message["blocks"]:
        said += [block["text"]["text"]] if "text" in block else []
        for element in block.get("elements", []):
            text = element["text"]
            said.append(text if isinstance(text, str) else text["text"])
    return said


def told(world: World, user: str) -> list[str]:
    return [response["body"]["text"] for response in world.slack.responses if response["user"] == user]


def decision(world: World, **others: Any) -> dict[str, Any]:
    known = {
        "issue_key": "OPS-1", "issue_url": f"{world.jira.url}/browse/OPS-1", "summary": "Printer is on fire",
        "status": "To Do", "type": "Bug", "priority": "Medium", "assignee_name": "",
    }  # fmt: skip
    return known | others


def test_the_question_stands_in_the_channel_with_what_it_is_about_and_two_buttons(world: World) -> None:
    ask(world, channel=GENERAL, question="Has <!channel> tested it?")
    wish = f"<@{MEMBER}> asks to move <{world.jira.url}/browse/OPS-1|OPS-1> Printer is on fire to *Done*."
    assert question(world)["text"] == wish
    assert words(question(world)) == [
        f":raised_hand: {wish}", "Has &lt;!channel&gt; tested it?", "Whoever may move OPS-1 in Jira decides.",
        "Approve", "Decline",
    ]  # fmt: skip


def test_an_approval_moves_the_issue_and_the_workflow_goes_on_with_who_decided(world: World) -> None:
    step = ask(world, channel=GENERAL)
    press(world, "step_approve", ADMIN)
    world.settle()
    assert ended(step) == decision(world, decision="approved", decided_by=ADMIN, status="Done")
    assert world.jira.issues["OPS-1"].status.name == "Done"
    assert words(question(world))[1:] == [f":white_check_mark: <@{ADMIN}> approved: OPS-1 is *Done* now."]
    assert {row["status"] for row in world.rows("integrations")} == {"completed"}


def test_whoever_says_no_lets_the_issue_stand_and_the_workflow_go_on(world: World) -> None:
    step = ask(world, channel=GENERAL)
    press(world, "step_decline", ADMIN)
    world.settle()
    assert ended(step) == decision(world, decision="declined", decided_by=ADMIN)
    assert words(question(world))[1:] == [f":no_entry: <@{ADMIN}> declined: OPS-1 was not moved to *Done*."]


@pytest.mark.parametrize(("first", "second"), [("step_approve", "step_decline"), ("step_decline", "step_approve")])
def test_of_two_who_press_at_once_the_first_one_counts_and_the_other_is_told(
    world: World, first: str, second: str
) -> None:
    step = ask(world, channel=GENERAL)
    press(world, first, ADMIN)
    press(world, second, MEMBER)
    press(world, first, ADMIN)
    world.settle()
    assert (ended(step)["decision"], ended(step)["decided_by"]) == (
        {"step_approve": "approved", "step_decline": "declined"}[first], ADMIN,
    )  # fmt: skip
    assert world.jira.issues["OPS-1"].status.name == {"step_approve": "Done", "step_decline": "To Do"}[first]
    late = "Somebody was faster: this is decided already."
    assert (told(world, MEMBER), told(world, ADMIN)) == ([late], [late])
    assert len(world.slack.calls_to("functions.completeSuccess")) == 1
    assert len(world.jira.calls_to("doTransition")) == (first == "step_approve")


def test_whoever_may_not_move_the_issue_decides_nothing_and_the_question_stays(world: World) -> None:
    world.jira.denied_to["Zoe"] = {"TRANSITION_ISSUES"}
    step = ask(world, channel=GENERAL)
    for action in ("step_approve", "step_decline"):
        press(world, action, ADMIN)
        world.settle()
    refused = "OPS-1 was not moved, and the workflow goes on waiting. Jira does not permit you to do this to OPS-1."
    assert told(world, ADMIN) == [f":warning: {refused}"] * 2
    assert (step["state"], words(question(world))[-2:]) == ("running", ["Approve", "Decline"])
    press(world, "step_approve", MEMBER)
    world.settle()
    assert ended(step)["decided_by"] == MEMBER


def test_a_guest_decides_nothing(world: World) -> None:
    step = ask(world, channel=GENERAL)
    press(world, "step_decline", GUEST)
    world.settle()
    assert (step["state"], ["Guests" in each for each in told(world, GUEST)]) == ("running", [True])


def test_one_approver_is_asked_in_a_direct_message_and_nobody_else_decides(world: World) -> None:
    step = ask(world, approver=ADMIN)
    place = world.slack.direct(ADMIN).id
    assert words(question(world, place))[1:] == [f"<@{ADMIN}> decides.", "Approve", "Decline"]
    press(world, "step_approve", ADMIN, place)
    world.settle()
    assert ended(step)["decided_by"] == ADMIN


def test_in_a_channel_too_one_approver_alone_decides(world: World) -> None:
    step = ask(world, approver=ADMIN, channel=GENERAL)
    press(world, "step_approve", MEMBER)
    world.settle()
    assert (step["state"], told(world, MEMBER)) == ("running", [f"Only <@{ADMIN}> can decide this."])


def test_a_transition_whose_answer_is_lost_ends_the_step_once(world: World) -> None:
    step = ask(world, channel=GENERAL)
    world.jira.fault("doTransition", kind="reset", after=True)
    press(world, "step_approve", ADMIN)
    world.settle()
    world.advance(world.settings.connect_settle_seconds + 1)
    world.advance(30)
    assert ended(step) == decision(world, decision="approved", decided_by=ADMIN, status="Done")
    assert len(world.jira.calls_to("doTransition")) == 1


def test_a_completion_whose_answer_is_lost_is_no_second_completion(world: World) -> None:
    step = ask(world, channel=GENERAL)
    world.slack.fault("functions.completeSuccess", kind="reset", after=True)
    press(world, "step_decline", ADMIN)
    world.settle()
    world.advance(30)
    assert ended(step)["decision"] == "declined"
    assert {row["status"] for row in world.rows("integrations")} == {"completed"}


def test_of_an_issue_that_is_gone_one_may_still_say_no_and_the_step_ends(world: World) -> None:
    step = ask(world, channel=GENERAL)
    world.jira.delete("OPS-1", "Ada Lovelace")
    world.settle()
    press(world, "step_approve", ADMIN)
    world.settle()
    assert step["state"] == "running"
    press(world, "step_decline", ADMIN)
    world.settle()
    assert ended(step).startswith("It was done, but what this step hands on is not known: OPS-1 could not be read.")


def test_a_question_that_cannot_be_posted_fails_the_step(world: World) -> None:
    step = run(world, "approve_jira_transition", MEMBER, issue="OPS-1", status="Done", channel=HIDDEN)
    assert ended(step).startswith("The message could not be posted.")
