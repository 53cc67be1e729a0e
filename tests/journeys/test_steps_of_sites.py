"""The steps of workflows at a second Jira: each deed lands there, by an account there, and hands on what is there."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.jira import JiraStandIn
from sandbox.jira.model import User
from sandbox.slack import ADMIN, GENERAL, MEMBER
from tests.journeys.test_sites import SECRET, eu, threads
from tests.workflows import direct, ended, run
from tests.world import World

__all__ = ["eu"]


@pytest.fixture
def world(sqlite_url: str, eu: JiraStandIn) -> Iterator[World]:
    """SHOP-1 and OPS-1 at the second Jira, where Mia is Mimi; the main one has an OPS-1 of the same id, and no Mia."""
    site = {
        "base_url": eu.url, "email": eu.email if eu.cloud else "", "api_token": eu.token, "webhook_secret": SECRET,
        "projects": ["SHOP"],
    }  # fmt: skip
    made = World(sqlite_url, jira_sites={"eu": site}, jira_workflow_projects="eu/OPS")
    eu.now, eu.target = made.clock.seconds, made.url
    made.standins = (*made.standins, eu)
    made.jira.create("OPS", "Bug", "Door stuck")
    eu.create("OPS", "Bug", "Lift stuck")
    eu.create("SHOP", "Bug", "Cart is empty")
    account(made, eu, MEMBER, "mimi")
    made.settle()
    yield made
    made.close()


def account(world: World, eu: JiraStandIn, user: str, name: str) -> User:
    """An account at the second Jira only, with the e-mail address of somebody in Slack."""
    eu.users.append(User(f"712020:{name}", name, name.title(), world.slack.users[user]["profile"]["email"]))
    return eu.users[-1]


def handed_on(eu: JiraStandIn, key: str, summary: str, **others: Any) -> dict[str, Any]:
    known = {
        "issue_key": key, "issue_url": f"{eu.url}/browse/{key}", "summary": summary, "status": "To Do", "type": "Bug",
        "priority": "Medium", "assignee_name": "",
    }  # fmt: skip
    return known | others


def untouched(world: World) -> bool:
    """Whether the main Jira's issue is as it was made."""
    (ours,) = world.jira.issues.values()
    return (ours.comments, ours.status.name, ours.assignee, ours.links) == ([], "To Do", None, [])


BOTH = pytest.mark.parametrize(("named", "key", "summary"), [
    ("shop-1", "SHOP-1", "Cart is empty"), ("eu/OPS-1", "OPS-1", "Lift stuck"),
])  # fmt: skip


@BOTH
def test_a_comment_lands_at_its_site(world: World, eu: JiraStandIn, named: str, key: str, summary: str) -> None:
    step = run(world, "comment_on_jira_issue", MEMBER, issue=named, text="On it")
    assert ended(step) == handed_on(eu, key, summary)
    assert ["On it" in comment.text for comment in eu.issues[key].comments] == [True]
    assert untouched(world)


@BOTH
def test_an_issue_is_moved_at_its_site(world: World, eu: JiraStandIn, named: str, key: str, summary: str) -> None:
    step = run(world, "transition_jira_issue", MEMBER, issue=named, status="Done")
    assert ended(step) == handed_on(eu, key, summary, status="Done")
    assert eu.issues[key].status.name == "Done"
    assert untouched(world)


@BOTH
def test_an_issue_is_assigned_at_its_site(world: World, eu: JiraStandIn, named: str, key: str, summary: str) -> None:
    zoe = account(world, eu, ADMIN, "zoe")
    step = run(world, "assign_jira_issue", MEMBER, issue=named, user=ADMIN)
    assert ended(step) == handed_on(eu, key, summary, assignee=ADMIN, assignee_name="Zoe")
    assert eu.issues[key].assignee == zoe
    step = run(world, "assign_jira_issue", MEMBER, issue=named, assignee="me")
    assert ended(step) == handed_on(eu, key, summary, assignee=MEMBER, assignee_name="Mimi")
    assert untouched(world)


def test_a_choice_of_the_list_is_an_account_of_its_site(world: World, eu: JiraStandIn) -> None:
    grace = eu.person("Grace Hopper")
    chosen = f"account:{grace.account_id if eu.cloud else grace.name}"
    step = run(world, "assign_jira_issue", MEMBER, project="eu/SHOP", issue="SHOP-1", assignee=chosen)
    assert ended(step) == handed_on(eu, "SHOP-1", "Cart is empty", assignee_name="Grace Hopper")
    assert eu.issues["SHOP-1"].assignee == grace
    assert untouched(world)


@BOTH
def test_an_issue_is_read_at_its_site(world: World, eu: JiraStandIn, named: str, key: str, summary: str) -> None:
    for words in (named, f"{eu.url}/browse/{key}"):
        assert ended(run(world, "get_jira_issue", MEMBER, issue=words)) == handed_on(eu, key, summary)


def test_a_search_is_of_the_site_that_has_the_project(world: World, eu: JiraStandIn) -> None:
    found = {
        "count": 2, "more": False, "keys": "OPS-1, SHOP-1", "first_key": "OPS-1", "first_url": f"{eu.url}/browse/OPS-1",
        "first_summary": "Lift stuck", "list": "• OPS-1: Lift stuck (To Do)\n• SHOP-1: Cart is empty (To Do)",
    }  # fmt: skip
    for project in ("eu/SHOP", "SHOP", "eu/OPS"):
        step = run(world, "find_jira_issues", MEMBER, project=project, jql="created >= -1d ORDER BY key ASC")
        assert ended(step) == found


@BOTH
def test_a_thread_is_linked_to_the_issue_of_its_site(
    world: World, eu: JiraStandIn, named: str, key: str, summary: str
) -> None:
    ts = world.slack.say(MEMBER, GENERAL, "It is stuck again")
    message = {"channel_id": GENERAL, "message_ts": ts}
    step = run(world, "link_jira_thread", MEMBER, issue=named, message=message)
    assert ended(step) == handed_on(eu, key, summary)
    assert threads(world) == [(f"T0DEV00001/{GENERAL}/{ts}", f"eu/{key}")]
    (link,) = eu.issues[key].links
    assert ts.replace(".", "") in link["object"]["url"]
    world.slack.say(MEMBER, GENERAL, "It smokes", thread_ts=ts)
    world.settle()
    assert ["It smokes" in comment.text for comment in eu.issues[key].comments] == [True]
    assert untouched(world)


def test_an_issue_is_created_at_the_site_of_its_project(world: World, eu: JiraStandIn) -> None:
    step = run(world, "create_jira_issue", MEMBER, project="eu/SHOP", type="Bug", summary="Till is open")
    assert ended(step)["issue_url"] == f"{eu.url}/browse/SHOP-2"
    assert (eu.issues["SHOP-2"].summary, eu.issues["SHOP-2"].reporter.display) == ("Till is open", "Mimi")
    assert untouched(world)


def test_who_has_no_account_at_that_site_is_told_and_nothing_is_done_anywhere(world: World, eu: JiraStandIn) -> None:
    world.give_account(ADMIN, "ada.admin")
    step = run(world, "transition_jira_issue", ADMIN, issue="SHOP-1", status="Done")
    assert ended(step) == (
        "eu/SHOP-1: the status was not changed. I do not know your account in Jira (eu). "
        "Type `/jira me` to say which one it is."
    )
    assert eu.issues["SHOP-1"].status.name == "To Do"
    assert ["SHOP-1" in text for text in direct(world, ADMIN)] == [True]
    assert untouched(world)


def test_a_project_of_one_site_is_not_that_of_another(world: World, eu: JiraStandIn) -> None:
    step = run(world, "transition_jira_issue", MEMBER, project="OPS", issue="eu/OPS-1", status="Done")
    assert ended(step) == "eu/OPS-1 is not in the project OPS, for which this step is set up."
    assert eu.issues["OPS-1"].status.name == "To Do"
    for name, inputs in (("create_jira_issue", {"summary": "x"}), ("find_jira_issues", {"jql": "x"})):
        step = run(world, name, MEMBER, project="us/OPS", **inputs)
        assert ended(step) == "“us/OPS” is no project of a Jira that connect knows."
    assert ended(run(world, "get_jira_issue", MEMBER, issue="us/OPS-1")) == (
        "“us/OPS-1” is neither the key of an issue, such as OPS-7, nor a link to one."
    )


def test_where_nobody_is_known_the_settings_speak_of_one_site_only(world: World, eu: JiraStandIn) -> None:
    step = run(world, "comment_on_jira_issue", "", issue="eu/OPS-1", text="By itself")
    assert ended(step) == handed_on(eu, "OPS-1", "Lift stuck")
    assert ["By itself" in comment.text for comment in eu.issues["OPS-1"].comments] == [True]
    step = run(world, "comment_on_jira_issue", "", issue="OPS-1", text="By itself")
    assert "JIRA_WORKFLOW_PROJECTS" in ended(step)
    assert untouched(world)
