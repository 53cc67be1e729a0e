"""The steps of workflows: what they do in Jira, as whom, and what they hand on; each ends, well or with a sentence."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.jira.model import Issue
from sandbox.slack import ADMIN, GENERAL, GUEST, MEMBER
from tests.workflows import direct, ended, run
from tests.world import World


@pytest.fixture(params=[True, False], ids=["cloud", "data center"])
def world(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[World]:
    made = World(sqlite_url, cloud=request.param)
    made.jira.create("OPS", "Bug", "Printer is on fire", due="2026-12-24")
    made.settle()
    yield made
    made.close()


@pytest.fixture(params=[True, False], ids=["cloud", "data center"])
def open_world(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[World]:
    """A world in which workflows may act in OPS though nobody is known who started them."""
    made = World(sqlite_url, cloud=request.param, jira_workflow_projects="OPS")
    made.jira.create("OPS", "Bug", "Printer is on fire")
    made.settle()
    yield made
    made.close()


def issue(world: World) -> Issue:
    return world.jira.issues["OPS-1"]


def handed_on(world: World, **others: Any) -> dict[str, Any]:
    """What a step hands on about the issue, but for what a test says otherwise."""
    known = {
        "issue_key": "OPS-1", "issue_url": f"{world.jira.url}/browse/OPS-1", "summary": "Printer is on fire",
        "status": "To Do", "type": "Bug", "priority": "Medium", "assignee_name": "", "due_date": "2026-12-24",
    }  # fmt: skip
    return known | others


def assert_all_done(world: World) -> None:
    assert {row["status"] for row in world.rows("integrations")} == {"completed"}, world.rows("integrations")


# --- what they do ----------------------------------------------------------------------------------------------------


def test_a_comment_is_added_under_the_name_of_who_started_the_workflow(world: World) -> None:
    world.give_account(MEMBER)
    step = run(world, "comment_on_jira_issue", MEMBER, issue="OPS-1", text="It *matters*")
    assert ended(step) == handed_on(world)
    assert [comment.text.split() for comment in issue(world).comments] == [
        ["Mia", "Member", "(in", "Slack):", "It", "matters"]
        if world.jira.cloud
        else ["*Mia", "Member", "(in", "Slack):*", "It", "*matters*"]
    ]
    assert_all_done(world)


def test_an_issue_is_moved_by_the_name_of_a_status(world: World) -> None:
    world.give_account(MEMBER)
    step = run(world, "transition_jira_issue", MEMBER, issue="OPS-1", project="OPS", status="Done")
    assert ended(step) == handed_on(world, status="Done")
    assert issue(world).status.name == "Done"
    assert_all_done(world)


def test_an_issue_may_be_named_by_a_link_to_it(world: World) -> None:
    world.give_account(MEMBER)
    step = run(world, "get_jira_issue", MEMBER, issue=f" {world.jira.url}/browse/OPS-1 ")
    assert ended(step) == handed_on(world)


def test_an_issue_is_assigned_to_a_person_in_slack_who_is_handed_on(world: World) -> None:
    world.give_account(MEMBER)
    world.give_account(ADMIN, "zoe")
    step = run(world, "assign_jira_issue", MEMBER, issue="OPS-1", user=ADMIN)
    assert ended(step) == handed_on(world, assignee=ADMIN, assignee_name="Zoe")
    assert_all_done(world)


def test_an_issue_is_assigned_to_whoever_started_the_workflow_or_to_nobody(world: World) -> None:
    world.give_account(MEMBER)
    step = run(world, "assign_jira_issue", MEMBER, issue="OPS-1", assignee="me")
    assert ended(step) == handed_on(world, assignee=MEMBER, assignee_name="Mia")
    step = run(world, "assign_jira_issue", MEMBER, issue="OPS-1", assignee="nobody")
    assert ended(step) == handed_on(world)


def test_an_issue_is_assigned_to_a_choice_of_the_list_or_to_a_name(world: World) -> None:
    world.give_account(MEMBER)
    account = world.jira.person("Grace Hopper")
    chosen = account.account_id if world.jira.cloud else account.name
    for assignee in (f"account:{chosen}", "Grace Hopper"):
        step = run(world, "assign_jira_issue", MEMBER, issue="OPS-1", assignee=assignee)
        assert ended(step) == handed_on(world, assignee_name="Grace Hopper")


def test_an_issue_is_created_for_whoever_started_the_workflow(world: World) -> None:
    world.give_account(MEMBER)
    step = run(world, "create_jira_issue", MEMBER, project="OPS", summary="From a workflow", channel=GENERAL)
    made = next(each for each in world.jira.issues.values() if each.summary == "From a workflow")
    assert (step["state"], step["outputs"]["issue_key"], made.reporter.display) == ("completed", made.key, "Mia")
    assert direct(world, MEMBER) == []
    assert_all_done(world)


def test_a_step_that_is_delivered_twice_is_done_once(world: World) -> None:
    world.give_account(MEMBER)
    run(world, "comment_on_jira_issue", MEMBER, issue="OPS-1", text="Once")
    world.slack.redeliver(2)
    world.settle()
    assert len(issue(world).comments) == 1


def test_a_step_waits_while_jira_is_away_and_is_done_once(world: World) -> None:
    world.give_account(MEMBER)
    world.jira.fault("addComment", kind="reset", after=True)
    step = run(world, "comment_on_jira_issue", MEMBER, issue="OPS-1", text="Once")
    assert step["state"] == "running"
    world.advance(world.settings.connect_settle_seconds + 1)
    assert (ended(step), len(issue(world).comments)) == (handed_on(world), 1)


# --- what they do not ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "inputs", "sentence"),
    [
        ("comment_on_jira_issue", {"issue": " ", "text": "x"},
         "The issue is empty. Fill it in where the workflow adds this step."),
        ("comment_on_jira_issue", {"issue": "OPS-1", "text": " "},
         "The comment is empty. Fill it in where the workflow adds this step."),
        ("get_jira_issue", {"issue": "the printer"},
         "“the printer” is neither the key of an issue, such as OPS-7, nor a link to one."),
        ("get_jira_issue", {"issue": "https://evil.example.com/browse/OPS-1"},
         "“https://evil.example.com/browse/OPS-1” is neither the key of an issue, such as OPS-7, nor a link to one."),
        ("transition_jira_issue", {"issue": "OPS-1", "project": "HR", "status": "Done"},
         "OPS-1 is not in the project HR, for which this step is set up."),
        ("transition_jira_issue", {"issue": "OPS-1", "status": ""},
         "The status is empty. Fill it in where the workflow adds this step."),
        ("assign_jira_issue", {"issue": "OPS-1"},
         "Say whom to assign the issue to: either a person in Slack, or somebody of the list."),
        ("assign_jira_issue", {"issue": "OPS-1", "user": MEMBER, "assignee": "me"},
         "Say whom to assign the issue to: either a person in Slack, or somebody of the list."),
        ("approve_jira_transition", {"issue": "OPS-1", "status": "Done"},
         "Say who decides: a channel to ask in, or a person."),
    ],
)  # fmt: skip
def test_an_input_that_does_not_do_fails_the_step_with_a_sentence_for_its_author(
    world: World, name: str, inputs: dict[str, Any], sentence: str
) -> None:
    assert ended(run(world, name, MEMBER, **inputs)) == sentence
    assert (issue(world).comments, issue(world).status.name) == ([], "To Do")


def test_what_jira_does_not_permit_is_not_done_and_both_author_and_person_learn_why(world: World) -> None:
    world.give_account(MEMBER)
    world.jira.denied_to["Mia"] = {"ADD_COMMENTS"}
    step = run(world, "comment_on_jira_issue", MEMBER, issue="OPS-1", text="My *words*")
    sentence = "OPS-1: the comment was not added. Jira does not permit you to do this to OPS-1."
    assert (ended(step), issue(world).comments) == (sentence, [])
    assert direct(world, MEMBER) == [f":warning: A workflow could not go on for you. {sentence}"]
    (told,) = [each for each in world.slack.direct(MEMBER).messages if each.get("bot_id")]
    assert told["blocks"][1]["elements"][0]["text"] == "The comment was: My *words*"


def test_an_issue_that_is_not_there_fails_the_step(world: World) -> None:
    world.give_account(MEMBER)
    assert ended(run(world, "get_jira_issue", MEMBER, issue="OPS-99")) == (
        "OPS-99 could not be read. Jira does not find it: Issue does not exist or you do not have permission to see it."
    )


def test_somebody_without_an_account_in_jira_is_told_what_to_do(world: World) -> None:
    step = run(world, "transition_jira_issue", MEMBER, issue="OPS-1", status="Done")
    sentence = "OPS-1: the status was not changed. I do not know your account in Jira. Type `/jira me`"
    assert ended(step).startswith(sentence)
    assert issue(world).status.name == "To Do"


def test_a_guest_who_starts_a_workflow_does_not_get_past_what_guests_may_do(world: World) -> None:
    world.give_account(GUEST, "gus")
    for name, inputs in (
        ("transition_jira_issue", {"issue": "OPS-1", "status": "Done"}),
        ("create_jira_issue", {"project": "OPS", "summary": "sneaky", "user": MEMBER}),
    ):
        assert "Guests of this workspace cannot do this." in ended(run(world, name, GUEST, **inputs))
    assert [(each.key, each.status.name) for each in world.jira.issues.values()] == [("OPS-1", "To Do")]


def test_a_restricted_issue_does_not_come_into_a_workflow(world: World) -> None:
    world.give_account(MEMBER)
    issue(world).security = "Confidential"
    assert ended(run(world, "get_jira_issue", MEMBER, issue="OPS-1")) == (
        "OPS-1 could not be read. OPS-1 is restricted in Jira, so I do not bring it into a workflow."
    )
    step = run(world, "transition_jira_issue", MEMBER, issue="OPS-1", status="Done")
    restricted = handed_on(world, status="Done", summary="Restricted in Jira")
    assert ended(step) == {name: value for name, value in restricted.items() if name != "due_date"}


# --- nobody known ----------------------------------------------------------------------------------------------------


def test_without_anybody_known_nothing_is_read_or_done(world: World) -> None:
    for name, inputs in (
        ("get_jira_issue", {}), ("comment_on_jira_issue", {"text": "x"}), ("transition_jira_issue", {"status": "Done"}),
        ("assign_jira_issue", {"user": MEMBER}), ("approve_jira_transition", {"status": "Done", "channel": GENERAL}),
    ):  # fmt: skip
        assert "OPS is not among the projects in which workflows may act all the same" in ended(
            run(world, name, "", issue="OPS-1", **inputs)
        )
    assert (issue(world).comments, issue(world).status.name, issue(world).assignee) == ([], "To Do", None)
    assert world.slack.history(GENERAL) == []


def test_where_the_settings_say_so_connect_acts_by_its_own_account_and_says_that_it_was_a_workflow(
    open_world: World,
) -> None:
    step = run(open_world, "comment_on_jira_issue", "", issue="OPS-1", text="Nightly")
    assert step["state"] == "completed"
    (comment,) = issue(open_world).comments
    assert "A workflow (in Slack):" in comment.text
    assert ended(run(open_world, "get_jira_issue", "", issue="OPS-1"))["summary"] == "Printer is on fire"
    assert ended(run(open_world, "assign_jira_issue", "", issue="OPS-1", assignee="me")) == (
        "Nobody is known who started this workflow, so the issue cannot be assigned to them."
    )


def test_without_anybody_known_a_restricted_issue_and_one_that_moved_away_stay_out_of_reach(open_world: World) -> None:
    issue(open_world).security = "Confidential"
    assert "somebody has to start the workflow who may see it" in ended(
        run(open_world, "transition_jira_issue", "", issue="OPS-1", status="Done")
    )
    issue(open_world).security = None
    open_world.jira.move("OPS-1", "HR", "Ada Lovelace")
    assert "HR is not among the projects" in ended(
        run(open_world, "transition_jira_issue", "", issue="OPS-1", status="Done")
    )


def test_who_acts_cannot_be_chosen_by_who_builds_the_workflow(world: World) -> None:
    with pytest.raises(ValueError, match="nobody can set who started a workflow"):
        run(world, "get_jira_issue", MEMBER, issue="OPS-1", person={"id": ADMIN, "secret": "x"})
