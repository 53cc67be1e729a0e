"""The forms that show what Jira says now: the steps of the workflow with their screens, and the fields to edit."""

from typing import Any

from adapters.slack.markup import read_mrkdwn, write_rich_text
from sandbox.slack import MEMBER
from tests.journeys import doing
from tests.journeys.doing import account, card, held, issue, press, send, shown, told, view
from tests.world import World

world = doing.world

EDIT = "edit OPS-1"


def steps(world: World) -> list[str]:
    block = next(block for block in view(world)["blocks"] if block.get("block_id") == "step")
    return [option["text"]["text"] for option in block["element"]["options"]]


def choose(world: World, ident: str) -> None:
    answer = world.slack.click(MEMBER, "jira_step", value=ident, view=view(world)["id"])
    assert (answer.status, answer.trouble) == (200, "")
    world.settle()


def chosen(world: World) -> dict[str, Any]:
    found: dict[str, Any] = view(world)["state"]["values"]["step"]["jira_step"]["selected_option"]
    return found


def move(world: World, ident: str) -> None:
    choose(world, ident)
    send(world, step=chosen(world))
    world.settle()


def test_the_steps_are_those_that_are_possible_now(world: World) -> None:
    account(world)
    press(world, "jira_status")
    assert steps(world) == ["Start work → In Progress", "Done"]
    move(world, "21")
    assert issue(world).status.name == "In Progress"
    assert shown(world) == ":white_check_mark: OPS-1 is *In Progress* now."
    assert "*In Progress*" in str(card(world)["blocks"])
    press(world, "jira_status")
    assert steps(world) == ["To Do", "Ask for review → In Review", "Done", "Resolve → Done"]


def test_a_step_with_a_screen_asks_for_its_fields(world: World) -> None:
    account(world)
    world.jira.transition("OPS-1", "In Progress", "Ada Lovelace")
    press(world, "jira_status")
    choose(world, "51")
    labels = [block["label"]["text"] for block in view(world)["blocks"] if block["type"] == "input"]
    assert labels == ["Move it to", "Resolution", "Assignee", "Story point estimate"]
    option = doing.option("10001", "Won't Do")
    send(world, step=chosen(world), resolution=option, customfield_10016="2.5")
    world.settle()
    done = issue(world)
    assert (done.status.name, done.resolution, done.custom) == ("Done", "Won't Do", {"customfield_10016": 2.5})


def test_a_field_that_the_step_needs_and_jira_misses_is_named_and_nothing_is_lost(world: World) -> None:
    account(world)
    world.jira.transition("OPS-1", "In Progress", "Ada Lovelace")
    press(world, "jira_status")
    world.jira.fault("doTransition", status=400, body={"errorMessages": [], "errors": {"resolution": "Not this one."}})
    choose(world, "51")
    option = doing.option("10001", "Won't Do")
    send(world, step=chosen(world), resolution=option)
    world.settle()
    assert (held(world, "step"), held(world, "resolution")) == ("51", "10001")
    assert "Not this one." in shown(world)
    send(world)
    world.settle()
    assert issue(world).resolution == "Won't Do"


def test_a_step_that_somebody_else_has_taken_is_no_trouble(world: World) -> None:
    account(world)
    press(world, "jira_status")
    world.jira.transition("OPS-1", "Done", "Ada Lovelace")
    move(world, "41")
    assert shown(world) == ":white_check_mark: OPS-1 is *Done* now."


def test_a_step_that_is_not_possible_any_more_is_refused_with_what_is(world: World) -> None:
    account(world)
    press(world, "jira_status")
    choose(world, "21")
    world.jira.transition("OPS-1", "Done", "Ada Lovelace")
    send(world, step=chosen(world))
    world.settle()
    assert "“In Progress” is not possible now for OPS-1. Possible: Reopen → To Do." in shown(world)


def test_a_lost_answer_moves_the_issue_once(world: World) -> None:
    account(world)
    press(world, "jira_status")
    choose(world, "41")
    world.jira.fault("doTransition", kind="reset", after=True)
    send(world, step=chosen(world))
    world.settle()
    world.advance(60)
    assert issue(world).status.name == "Done"
    assert shown(world) == ":white_check_mark: OPS-1 is *Done* now."
    assert doing.statuses(world) == {"completed"}


def test_who_may_not_edit_learns_it_before_typing(world: World) -> None:
    world.jira.denied_to = {account(world).display: {"EDIT_ISSUES"}}
    press(world, "jira_more", EDIT)
    assert shown(world) == ":warning: The form for OPS-1 cannot be shown. Jira does not permit you to do this to OPS-1."


def test_the_form_shows_the_fields_as_they_are_and_sends_what_was_changed(world: World) -> None:
    account(world)
    world.jira.edit(
        "OPS-1", "Ada Lovelace", labels=["hot", "connect-x"], description="It burns.", assignee="Grace Hopper"
    )
    press(world, "jira_more", EDIT)
    kept = [held(world, name) for name in ("summary", "priority", "labels", "duedate", "description")]
    assert kept == ["Printer is on fire", "3", ["hot"], None, "It burns."]
    high = doing.option("2", "High")
    send(
        world,
        summary="Printer is out",
        priority=high,
        labels=["cold", "wet"],
        duedate="2026-12-24",
        description=write_rich_text(read_mrkdwn("It *drips*.")),
    )
    # What others set meanwhile stays: only what was changed is sent.
    world.jira.edit("OPS-1", "Ada Lovelace", labels=["hot", "connect-x", "mine"], assignee="Ada Lovelace")
    world.settle()
    now = issue(world)
    assert (now.summary, now.priority, now.due) == ("Printer is out", "High", "2026-12-24")
    assert sorted(now.labels) == ["cold", "connect-x", "mine", "wet"]
    assert now.assignee is not None
    assert now.assignee.display == "Ada Lovelace"
    assert "drips" in now.text
    assert ("strong" in str(now.description)) == world.jira.cloud
    assert shown(world) == (":white_check_mark: OPS-1 was changed: Summary, Priority, Labels, Due date, Description.")
    assert "Printer is out" in card(world)["text"]


def test_a_field_can_be_emptied(world: World) -> None:
    account(world)
    world.jira.edit("OPS-1", "Ada Lovelace", due="2026-12-24", assignee="Grace Hopper", description="It burns.")
    press(world, "jira_more", EDIT)
    send(world, duedate=None, assignee=None, description=None)
    world.settle()
    now = issue(world)
    assert (now.due, now.assignee, now.description) == (None, None, None)


def test_to_change_the_assignee_or_the_due_date_takes_the_permission_for_it(world: World) -> None:
    world.jira.denied_to = {account(world).display: {"SCHEDULE_ISSUES"}}
    press(world, "jira_more", EDIT)
    send(world, duedate="2026-12-24")
    world.settle()
    assert issue(world).due is None
    assert held(world, "duedate") == "2026-12-24"
    assert "Jira does not permit you to do this to OPS-1." in shown(world)


def test_a_form_in_which_nothing_was_changed_says_so(world: World) -> None:
    account(world)
    press(world, "jira_more", EDIT)
    send(world)
    assert set(world.slack.form_errors[view(world)["id"]].values()) == {"Nothing was changed."}


def test_a_text_that_a_form_cannot_give_back_is_left_to_jira(world: World) -> None:
    account(world)
    world.jira.edit("OPS-1", "Ada Lovelace", description="x" * 3001)
    press(world, "jira_more", EDIT)
    assert "Description: too long or too rich for this form." in shown(world)
    send(world, summary="Printer is out")
    world.settle()
    assert (issue(world).summary, len(issue(world).text)) == ("Printer is out", 3001)


def test_jiras_refusal_stands_at_its_field_with_everything_typed(world: World) -> None:
    account(world)
    press(world, "jira_more", EDIT)
    world.jira.fault("editIssue", status=400, body={"errorMessages": [], "errors": {"duedate": "Too soon."}})
    send(world, summary="Printer is out", duedate="2026-12-24")
    world.settle()
    kinds = [(block["type"], block.get("block_id", "")[:8]) for block in view(world)["blocks"]]
    at = next(number for number, (kind, _) in enumerate(kinds) if kind == "context")
    assert view(world)["blocks"][at - 1]["element"]["action_id"] == "field:date:duedate"
    assert (held(world, "summary"), held(world, "duedate")) == ("Printer is out", "2026-12-24")
    send(world)
    world.settle()
    assert (issue(world).summary, issue(world).due) == ("Printer is out", "2026-12-24")
    assert told(world) == []


def test_a_form_waits_for_a_jira_that_is_down_and_then_appears(world: World) -> None:
    account(world)
    world.jira.fault("*", status=503, times=1000)
    press(world, "jira_more", EDIT)
    assert "Asking Jira" in shown(world)
    world.jira.faults.clear()
    world.advance(60)
    assert held(world, "summary") == "Printer is on fire"
