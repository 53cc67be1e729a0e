"""The steps that find issues and that tie a thread to one: what they hand on, and to whose rights they keep."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.slack import GENERAL, MEMBER, OUTSIDE
from tests.workflows import ended, run
from tests.world import World


@pytest.fixture(params=[True, False], ids=["cloud", "data center"])
def world(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[World]:
    made = World(sqlite_url, cloud=request.param)
    fill(made)
    yield made
    made.close()


@pytest.fixture(params=[True, False], ids=["cloud", "data center"])
def open_world(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[World]:
    made = World(sqlite_url, cloud=request.param, jira_workflow_projects="OPS")
    fill(made)
    yield made
    made.close()


def fill(world: World) -> None:
    world.jira.create("OPS", "Bug", "Printer is on fire")
    world.jira.create("OPS", "Task", "Tell <!channel> of <https://evil.test|home>")
    world.jira.create("HR", world.jira.projects["HR"].types[0].name, "Raise")
    world.jira.create("OPS", "Task", "Hidden", security="Confidential")
    world.give_account(MEMBER)
    world.settle()


def find(world: World, user: str, jql: str, **inputs: Any) -> Any:
    return ended(run(world, "find_jira_issues", user, jql=jql, **inputs))


TWO = "• OPS-1: Printer is on fire (To Do)\n• OPS-2: Tell ‹!channel› of ‹https://evil.test|home› (To Do)"


def test_what_a_search_finds_is_handed_on_with_nothing_live_in_it(world: World) -> None:
    assert find(world, MEMBER, "project = OPS ORDER BY key ASC") == {
        "count": 2, "more": False, "keys": "OPS-1, OPS-2", "first_key": "OPS-1", "list": TWO,
        "first_url": f"{world.jira.url}/browse/OPS-1", "first_summary": "Printer is on fire",
    }  # fmt: skip


def test_a_search_may_be_words_may_be_short_and_may_find_nothing(world: World) -> None:
    assert find(world, MEMBER, "fire")["keys"] == "OPS-1"
    assert find(world, MEMBER, "project = OPS ORDER BY key ASC", limit=1) == {
        "count": 1, "more": True, "keys": "OPS-1", "first_key": "OPS-1", "list": TWO.partition("\n")[0],
        "first_url": f"{world.jira.url}/browse/OPS-1", "first_summary": "Printer is on fire",
    }  # fmt: skip
    assert find(world, MEMBER, "status = Done") == {"count": 0, "more": False, "keys": "", "list": ""}


def test_a_search_that_jira_does_not_understand_or_that_asks_for_too_much_fails(world: World) -> None:
    assert find(world, MEMBER, "project = ").startswith("Jira does not understand this search: ")
    assert find(world, MEMBER, "fire", limit=51) == "The limit is a number from 1 to 50."
    assert find(world, MEMBER, " ") == "The search is empty. Fill it in where the workflow adds this step."


def test_what_somebody_may_not_see_in_jira_is_not_found_for_them(world: World) -> None:
    world.jira.denied_to["Mia"] = {"BROWSE_PROJECTS"}
    assert find(world, MEMBER, "project = OPS")["count"] == 0


def test_without_anybody_known_only_the_projects_of_the_settings_are_searched(open_world: World) -> None:
    assert find(open_world, "", "created >= -1d ORDER BY key ASC")["keys"] == "OPS-1, OPS-2"


def test_without_anybody_known_and_without_such_projects_nothing_is_searched(world: World) -> None:
    assert "JIRA_WORKFLOW_PROJECTS" in find(world, "", "project = OPS")


# --- links -----------------------------------------------------------------------------------------------------------


def tie(world: World, user: str = MEMBER, **inputs: Any) -> dict[str, Any]:
    return run(world, "link_jira_thread", user, issue="OPS-1", **inputs)


def test_a_thread_is_linked_by_a_message_of_it_and_replies_become_comments(world: World) -> None:
    root = world.slack.say(MEMBER, GENERAL, "The printer again")
    reply = world.slack.say(MEMBER, GENERAL, "Yes", root)
    world.settle()
    step = tie(world, message={"channel_id": GENERAL, "message_ts": reply})
    assert ended(step)["issue_key"] == "OPS-1"
    card = world.slack.thread(GENERAL, root)[-1]
    assert f"<@{MEMBER}> linked this thread" in card["blocks"][-1]["elements"][0]["text"]
    (link,) = world.jira.issues["OPS-1"].links
    assert root.replace(".", "") in link["object"]["url"]
    world.slack.say(MEMBER, GENERAL, "It smokes", root)
    world.settle()
    assert ["It smokes" in comment.text for comment in world.jira.issues["OPS-1"].comments] == [True]
    assert {row["status"] for row in world.rows("integrations")} == {"completed"}


def test_a_thread_is_linked_by_a_link_to_a_message(world: World) -> None:
    ts = world.slack.say(MEMBER, GENERAL, "The printer again")
    step = tie(world, link=f"https://sandbox.slack.com/archives/{GENERAL}/p{ts.replace('.', '')}")
    assert (ended(step)["issue_key"], len(world.slack.thread(GENERAL, ts))) == ("OPS-1", 2)


def test_a_thread_that_cannot_be_linked_fails_the_step_with_the_reason(world: World) -> None:
    ts = world.slack.say(MEMBER, GENERAL, "The printer again")
    gone = {"channel_id": GENERAL, "message_ts": "1600000000.000100"}
    assert ended(tie(world, message=gone)) == "OPS-1 was not linked. The message is not there any more."
    assert ended(tie(world)) == "Say which message: one that the workflow has sent or heard of, or a link to one."
    outside = world.slack.say(MEMBER, OUTSIDE, "Elsewhere")
    assert ended(tie(world, message={"channel_id": OUTSIDE, "message_ts": outside})).startswith("OPS-1 was not linked.")
    assert "JIRA_WORKFLOW_PROJECTS" in ended(tie(world, "", message={"channel_id": GENERAL, "message_ts": ts}))
    assert ended(tie(world, message={"channel_id": GENERAL, "message_ts": ts}))["issue_key"] == "OPS-1"
    again = ended(tie(world, message={"channel_id": GENERAL, "message_ts": ts}))
    assert again == "OPS-1 was not linked. This thread is tied to OPS-1 already. `@connect unlink` here ends that."


def test_where_the_settings_say_so_a_workflow_links_a_thread_by_itself(open_world: World) -> None:
    ts = open_world.slack.say(MEMBER, GENERAL, "The printer again")
    step = tie(open_world, "", message={"channel_id": GENERAL, "message_ts": ts})
    assert ended(step)["issue_key"] == "OPS-1"
    card = open_world.slack.thread(GENERAL, ts)[-1]
    assert card["blocks"][-1]["elements"][0]["text"].startswith("A workflow linked this thread with ")
