"""Which status a pull request brings its issues to: who may choose it, when it happens, and when it does not."""

import json
from typing import Any

import pytest

from sandbox.slack import MEMBER
from tests.journeys.deaths import dies, outlived
from tests.journeys.test_pull_requests_of_issues import choose, flow, lines
from tests.journeys.threads import all_done, ticket, world
from tests.world import World

__all__ = ["world"]
ALL = 'OPS opened:"In Review" merged:Done deployed:Done'
CHOSEN = "opened → *In Review*, merged → *Done*, deployed → *Done*"
USAGE = '`/connect transitions OPS opened:"In Review" merged:Done deployed:Released`'


def opened(world: World, **more: Any) -> int:
    number = world.github.open_pull_request("acme/web", "OPS-1: oil", **more)
    flow(world)
    return number


def status(world: World) -> str:
    return world.jira.issues["OPS-1"].status.name


def moves(world: World) -> list[str]:
    """What the log holds of transitions: which status each was to bring."""
    rows = world.rows("integrations", "&target_service=jira")
    return [json.loads(row["payload"])["to"] for row in rows if row["operation"] == "move_issue"]


def test_it_is_chosen_shown_changed_and_cleared(world: World) -> None:
    none = f"No pull request moves any issue yet. {USAGE}"
    assert choose(world, "") == none
    assert choose(world, ALL) == f":white_check_mark: *OPS*: {CHOSEN}, when a pull request names the issue."
    assert choose(world, "web merged:“Done”").startswith(":white_check_mark: *WEB*: merged → *Done*")
    heading = "What becomes of a pull request moves the issues that it names:"
    assert choose(world, "") == f"{heading}\n*OPS*: {CHOSEN}\n*WEB*: merged → *Done*"
    assert choose(world, 'OPS opened:"" deployed:').startswith(":white_check_mark: *OPS*: merged → *Done*")
    assert choose(world, "OPS") == f"{heading}\n*OPS*: merged → *Done*"
    assert choose(world, "OPS clear") == ":white_check_mark: Pull requests move no issues of *OPS* any more."
    assert choose(world, "OPS") == f"No pull request moves any issue of *OPS* yet. {USAGE}"
    assert choose(world, "WEB clear").startswith(":white_check_mark:")
    assert choose(world, "") == none


def test_what_cannot_be_is_not_chosen(world: World) -> None:
    assert choose(world, "OPS merged:Dnoe") == "OPS has no status “Dnoe”. Did you mean Done?"
    wrong = f"I did not understand that. `opened`, `merged`, `deployed` can be followed by a status: {USAGE}"
    assert [choose(world, f"OPS {words}") for words in ("closed:Done", "Done", "merged:Done now")] == [wrong] * 3
    assert choose(world, "ops-1 merged:Done") == f"Name a project's key, and what is to happen: {USAGE}"
    assert choose(world, "").startswith("No pull request moves any issue yet.")


def test_what_strangers_open_moves_nothing_until_it_is_merged(world: World) -> None:
    ticket(world)
    choose(world, ALL)
    number = opened(world, head="fork", from_outside=True)
    assert (status(world), moves(world)) == ("To Do", [])
    world.github.merge_pull_request("acme/web", number)
    flow(world)
    assert (status(world), moves(world)) == ("Done", ["Done"])


def test_only_admins_and_those_who_administer_the_project_choose(world: World) -> None:
    refused = "Only admins of this workspace, and those who administer OPS in Jira, can do this."
    assert choose(world, "OPS merged:Done", MEMBER) == refused
    mia = world.give_account(MEMBER)
    world.jira.denied_to[mia.display] = {"ADMINISTER_PROJECTS"}
    assert choose(world, "OPS merged:Done", MEMBER) == refused
    world.jira.denied_to.clear()
    assert choose(world, "OPS merged:Done", MEMBER).startswith(":white_check_mark:")
    assert choose(world, "").endswith("*OPS*: merged → *Done*")
    assert choose(world, "OPS", MEMBER).endswith("*OPS*: merged → *Done*")
    all_of_them = "Those of all projects are shown to admins of this workspace."
    assert choose(world, "", MEMBER) == f"Name a project: `/connect transitions OPS`. {all_of_them}"
    world.advance(3600)  # what somebody may is remembered for a while
    world.jira.denied_to[mia.display] = {"BROWSE_PROJECTS"}
    assert "Done" not in choose(world, "OPS", MEMBER)


def test_a_draft_is_opened_when_it_is_ready_and_each_step_is_taken_once(world: World) -> None:
    key, ts = ticket(world)
    world.jira.transition(key, "In Progress", "Ada Lovelace")
    choose(world, ALL)
    number = opened(world, draft=True)
    assert (status(world), moves(world)) == ("In Progress", [])
    world.github.ready_for_review("acme/web", number)
    flow(world)
    assert status(world) == "In Review"
    world.jira.transition(key, "In Progress", "Ada Lovelace")
    world.github.close_pull_request("acme/web", number)
    world.github.reopen_pull_request("acme/web", number)
    flow(world)
    assert (status(world), moves(world)) == ("In Progress", ["In Review"])
    name = f"[{number}|acme/web#{number} OPS-1: oil]"
    assert [line for line in lines(world, ts) if "acme/web" in line] == [
        f"🟢 *octocat* opened the draft {name}",
        f"🟢 *octocat* marked {name} as ready for review",
        f"*connect* changed *Status*: In Progress → In Review, because acme/web#{number} was opened",
        f"🔴 *octocat* closed {name} without merging",
        f"🟢 *octocat* reopened {name}",
    ]
    all_done(world)


def test_an_issue_that_is_finished_is_not_brought_back(world: World) -> None:
    key, _ = ticket(world)
    world.jira.transition(key, "Done", "Ada Lovelace")
    choose(world, 'OPS opened:"To Do" merged:Done')
    number = opened(world)
    world.github.merge_pull_request("acme/web", number)
    flow(world)
    assert (status(world), moves(world)) == ("Done", ["To Do", "Done"])
    assert not world.jira.calls_to("doTransition")
    all_done(world)


def test_what_jira_does_not_do_is_told_in_the_issues_thread(world: World) -> None:
    key, ts = ticket(world)
    choose(world, 'OPS opened:"In Review"')
    opened(world)
    assert status(world) == "To Do"
    assert lines(world, ts)[1:] == [
        f":warning: {key} was not moved to *In Review* when its pull request was opened: “In Review” is not possible "
        f"now for {key}. Possible: Start work → In Progress, Done."
    ]
    world.github.review("acme/web", 1, "grace", "approved")
    flow(world)
    assert len(lines(world, ts)) == 3


def test_the_answer_that_was_lost_is_not_asked_for_twice(world: World) -> None:
    ticket(world)
    choose(world, "OPS merged:Done")
    world.jira.fault("doTransition", kind="reset", after=True)
    world.jira.fault("createOrUpdateRemoteIssueLink", kind="reset", after=True)
    number = opened(world)
    world.github.merge_pull_request("acme/web", number)
    flow(world)
    world.advance(world.settings.connect_settle_seconds + 1)
    world.advance(world.settings.connect_settle_seconds + 1)
    assert (status(world), len(world.jira.calls_to("doTransition"))) == ("Done", 1)
    assert len(world.jira.issues["OPS-1"].links) == 1
    all_done(world)


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("call", [("jira", "move_issue"), ("jira", "link_pull"), ("slack", "post_message")])
def test_a_worker_that_dies_over_it_leaves_one_move_one_link_and_each_line_once(
    world: World, monkeypatch: pytest.MonkeyPatch, call: tuple[str, str], moment: str
) -> None:
    _, ts = ticket(world)
    choose(world, "OPS merged:Done")
    number = opened(world)
    before = lines(world, ts)
    world.github.merge_pull_request("acme/web", number)
    dies(monkeypatch, *call, moment)
    outlived(world, world.settle)
    told = lines(world, ts)
    assert (status(world), len(world.jira.calls_to("doTransition"))) == ("Done", 1)
    assert (len(world.jira.issues["OPS-1"].links), told[: len(before)]) == (1, before)
    assert len(told) == len({*told})
    all_done(world)


def test_a_deployment_brings_all_that_was_merged_before_it_and_none_that_is_elsewhere(world: World) -> None:
    _, ts = ticket(world)
    choose(world, "OPS deployed:Done")
    first = opened(world, head="one")
    other = opened(world, head="other", base="next")
    second = opened(world, head="two")
    for number in (first, other, second):
        world.advance(2)
        world.github.merge_pull_request("acme/web", number)
    flow(world)
    for place, ref in (("staging", "main"), ("production", world.github.repos[0].heads["main"])):
        deployed = world.github.deploy("acme/web", place, ref)
        world.github.deployment_status("acme/web", deployed, "success")
    flow(world)
    assert [line.partition("\n")[0] for line in lines(world, ts) if "deployed" in line] == [
        *(f"🚀 [{number}|acme/web#{number} OPS-1: oil] is deployed to *production*" for number in (first, second)),
        f"*connect* changed, because acme/web#{first} was deployed:",
    ]
    assert (status(world), moves(world)) == ("Done", ["Done", "Done"])
    all_done(world)
