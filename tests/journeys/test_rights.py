"""What a person asks for is done with their rights in Jira, also where it takes no account; on both Jiras."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from bot.operations.accounts import NO_ACCOUNT
from sandbox.slack import BOT_USER, GENERAL, MEMBER
from sandbox.standin import Call
from tests.browser import LINKING, link
from tests.journeys import forms
from tests.workflows import ended, run
from tests.world import World

MAY_NOT_CREATE = "Jira does not permit you to create issues in OPS."
UNKNOWN = NO_ACCOUNT.format("Jira")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind of database: what is asked of Jira does not depend on it."""
    return sqlite_url


@pytest.fixture(params=[True, False], ids=["cloud", "data center"])
def build(request: pytest.FixtureRequest, make_world: Callable[..., World]) -> Callable[..., World]:
    """Builds a world with either Jira and with settings."""
    return partial(make_world, cloud=request.param)


@pytest.fixture
def world(build: Callable[..., World]) -> World:
    """A world in which somebody has an account in Jira."""
    world = build()
    world.give_account(MEMBER)
    return world


@pytest.fixture
def strict(build: Callable[..., World]) -> World:
    """A world in which whose account is not known may do nothing; and nobody's is."""
    return build(jira_without_account="refuse")


def deny(world: World, *permissions: str) -> None:
    world.jira.denied_to = {"Mia": set(permissions)}


def told(world: World) -> list[str]:
    """What connect told the person alone, in channels and directly."""
    direct = [message["text"] for message in world.slack.direct(MEMBER).messages if message.get("bot_id")]
    return [message["text"] for message in world.slack.ephemeral(MEMBER)] + direct


def command(world: World, words: str) -> Any:
    answer = world.slack.command(MEMBER, GENERAL, "/jira", words)
    assert (answer.status, answer.trouble) == (200, "")
    world.settle()
    return answer.body


def mentioned(world: World) -> str:
    ts = world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> create bug in OPS: the door squeaks")
    world.settle()
    return ts


def by_command(world: World) -> None:
    command(world, "default OPS Bug")
    command(world, "create the door squeaks")


def by_reaction(world: World) -> None:
    world.slack.react(MEMBER, GENERAL, world.slack.say(MEMBER, GENERAL, "the door squeaks"), "ticket")
    world.settle()


def fill(world: World) -> Any:
    forms.opened(world, GENERAL)
    view = forms.fill(world, {"Project": "OPS", "Type": "Bug", "Summary": "the door squeaks"})
    world.slack.submit(MEMBER, view["id"])
    world.settle()
    return forms.current(world)


def asked(world: World) -> int:
    """How often Jira was asked what somebody may do."""
    return len(world.jira.calls_to("findUsersWithAllPermissions"))


def comments(world: World) -> list[str]:
    return [comment.text.splitlines()[-1] for issue in world.jira.issues.values() for comment in issue.comments]


def reply(world: World, thread: str, words: str = "on it", **files: Any) -> None:
    world.slack.say(MEMBER, GENERAL, words, thread_ts=thread, **files)
    world.settle()


# --- creating --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("create", [mentioned, by_command, by_reaction])
def test_who_may_not_create_in_jira_is_told_so_with_what_they_asked_for(
    world: World, create: Callable[[World], Any]
) -> None:
    deny(world, "CREATE_ISSUES")
    create(world)
    assert world.jira.issues == {}
    assert f"The issue was not created. {MAY_NOT_CREATE}" in told(world)[-1]
    assert "the door squeaks" in str(world.slack.ephemeral(MEMBER)[-1]["blocks"])
    deny(world)
    create(world)  # a right that was given counts at once
    assert [issue.summary for issue in world.jira.issues.values()] == ["the door squeaks"]


def test_in_the_form_it_stands_at_the_project_and_what_was_typed_is_kept(world: World) -> None:
    deny(world, "CREATE_ISSUES")
    view = fill(world)
    assert MAY_NOT_CREATE in str(forms.said(view))
    assert (forms.shown(view, "Summary"), world.jira.issues) == ("the door squeaks", {})
    problems = [block["block_id"] for block in view["blocks"] if MAY_NOT_CREATE in str(block)]
    assert any("project" in problem for problem in problems)


def test_a_workflow_creates_with_the_rights_of_who_started_it(world: World) -> None:
    deny(world, "CREATE_ISSUES")
    assert MAY_NOT_CREATE in ended(run(world, "create_jira_issue", MEMBER, project="OPS", type="Bug", summary="Door"))
    deny(world)
    run(world, "create_jira_issue", MEMBER, project="OPS", type="Bug", summary="Door")
    assert [issue.summary for issue in world.jira.issues.values()] == ["Door"]


def test_jira_is_asked_once_for_an_issue_and_of_what_it_said_once_a_minute(world: World) -> None:
    mentioned(world)
    mentioned(world)
    assert (asked(world), len(world.jira.issues)) == (1, 2)
    world.advance(61)
    mentioned(world)
    assert asked(world) == 2


def test_where_jira_does_not_let_connect_ask_people_create_reply_subscribe_and_look(world: World) -> None:
    world.jira.rights_shown = False
    reply(world, mentioned(world))
    assert (len(world.jira.issues), comments(world)) == (1, ["on it"])
    assert "now hears of *OPS*" in command(world, "subscribe OPS all")["text"]
    command(world, "OPS-1")
    assert told(world)[-1] == "OPS-1: the door squeaks (To Do)"


# --- replying --------------------------------------------------------------------------------------------------------


def test_who_may_not_comment_in_jira_is_told_that_their_reply_stays_in_slack(world: World) -> None:
    ts = mentioned(world)
    deny(world, "ADD_COMMENTS")
    reply(world, ts)
    assert comments(world) == []
    assert told(world) == ["Your reply did not reach OPS-1. Jira does not permit you to comment on OPS-1."]
    deny(world)
    reply(world, ts, "now")
    assert comments(world) == ["now"]


def test_who_may_no_longer_comment_changes_no_comment_of_theirs_but_can_still_withdraw_it(world: World) -> None:
    ts = mentioned(world)
    place = world.slack.say(MEMBER, GENERAL, "on it", thread_ts=ts)
    world.settle()
    deny(world, "ADD_COMMENTS")
    world.advance(61)
    world.slack.edit(GENERAL, place, "not on it")
    world.settle()
    assert comments(world) == ["on it"]
    assert told(world)[-1].endswith("still says what it said before. Jira does not permit you to comment on OPS-1.")
    world.slack.delete(GENERAL, place)
    world.settle()
    assert comments(world) == []


def test_files_of_a_reply_go_where_its_author_may_attach_them(world: World) -> None:
    ts = mentioned(world)
    deny(world, "CREATE_ATTACHMENTS")
    reply(world, ts, "look", files={"door.png": b"door"})
    assert (len(comments(world)), world.jira.issues["OPS-1"].attachments) == (1, [])
    assert "“door.png” is not attached to OPS-1. Jira does not permit you to attach files to OPS-1." in told(world)[-1]


# --- subscribing -----------------------------------------------------------------------------------------------------


def test_who_may_not_browse_a_project_subscribes_no_channel_to_it(world: World) -> None:
    deny(world, "BROWSE_PROJECTS")
    assert command(world, "subscribe OPS all")["text"] == "Jira does not permit you to see OPS."
    assert world.rows("subscriptions") == []
    deny(world)
    assert "now hears of *OPS*" in command(world, "subscribe OPS all")["text"]


def test_the_form_of_a_subscription_says_so_at_its_field_and_stays_open(world: World) -> None:
    deny(world, "BROWSE_PROJECTS")
    assert command(world, "subscribe OPS urgent bugs") == ""
    view = forms.current(world)
    answer = world.slack.submit(MEMBER, view["id"])
    assert answer.body == {
        "response_action": "errors", "errors": {"name": "Jira does not permit you to see OPS."}
    }  # fmt: skip
    assert (world.rows("subscriptions"), forms.current(world)["id"]) == ([], view["id"])


def test_while_jira_does_not_say_whether_they_may_nobody_subscribes(world: World) -> None:
    world.jira.fault("*", kind="status", status=503, times=9)
    assert "Jira did not tell me whether you may see OPS." in command(world, "subscribe OPS all")["text"]
    assert world.rows("subscriptions") == []


# --- looking ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["OPS-1", "OPS-1 share"])
def test_who_may_not_browse_an_issue_neither_sees_nor_shows_it(world: World, words: str) -> None:
    world.jira.create("OPS", "Bug", "Secret plans")
    world.jira.hidden = {"Mia": {"OPS-1"}}
    command(world, words)
    assert told(world) == ["Jira does not permit you to see OPS-1."]
    assert "Secret plans" not in str((world.slack.history(GENERAL), world.slack.ephemeral(MEMBER)))
    world.jira.hidden = {}
    command(world, words)
    assert "Secret plans" in str((world.slack.history(GENERAL), world.slack.ephemeral(MEMBER)))


def test_a_card_that_is_there_already_is_pointed_to_for_those_who_may_see_it(world: World) -> None:
    mentioned(world)
    command(world, "OPS-1 share")
    assert "has its card here already" in world.slack.history(GENERAL)[-1]["text"]


# --- without an account ----------------------------------------------------------------------------------------------


def test_whose_account_is_not_known_may_all_this_unless_it_is_refused(build: Callable[..., World]) -> None:
    world = build()
    reply(world, mentioned(world))
    command(world, "OPS-1")
    assert (len(world.jira.issues), comments(world), len(told(world))) == (1, ["on it"], 1)
    assert "now hears of *OPS*" in command(world, "subscribe OPS all")["text"]
    assert asked(world) == 0


def test_where_it_is_refused_they_are_told_how_to_name_their_account(strict: World) -> None:
    mentioned(strict)
    assert (strict.jira.issues, told(strict)) == ({}, [f"The issue was not created. {UNKNOWN}"])
    strict.jira.create("OPS", "Bug", "Door stuck")
    command(strict, "OPS-1")
    assert told(strict)[1:] == [UNKNOWN]
    assert command(strict, "subscribe OPS all")["text"] == UNKNOWN
    assert strict.rows("subscriptions") == []


def test_where_it_is_refused_a_reply_stays_in_slack(strict: World) -> None:
    mia = strict.give_account(MEMBER)
    ts = mentioned(strict)
    strict.jira.users.remove(mia)
    strict.advance(86400 * 2)
    reply(strict, ts)
    assert (comments(strict), told(strict)) == ([], [f"Your reply did not reach OPS-1. {UNKNOWN}"])


def test_into_a_restricted_issue_nobody_replies_whose_account_is_not_known(build: Callable[..., World]) -> None:
    world = build()
    ts = mentioned(world)
    world.jira.edit("OPS-1", "Ada Lovelace", security="Staff")
    reply(world, ts, "look", files={"door.png": b"door"})
    assert (comments(world), world.jira.issues["OPS-1"].attachments) == ([], [])
    assert [text.partition(" OPS-1")[0] for text in told(world)] == [
        "Your reply did not reach", "“door.png” is not attached to"
    ]  # fmt: skip


# --- by an account that is linked ------------------------------------------------------------------------------------


@pytest.fixture
def linked(build: Callable[..., World]) -> World:
    """A world in which somebody has linked the account of Ada Lovelace."""
    world = build(**LINKING)
    link(world, "Ada Lovelace")
    return world


@pytest.mark.parametrize("create", [mentioned, fill])
def test_who_has_linked_an_account_creates_under_their_own_name(linked: World, create: Callable[[World], Any]) -> None:
    create(linked)
    (issue,) = linked.jira.issues.values()
    assert (issue.creator.display, issue.reporter and issue.reporter.display) == ("Ada Lovelace", "Ada Lovelace")
    assert issue.properties["connect"]["marker"] == issue.labels[-1].removeprefix("connect-")
    assert ("Mia" in str(issue.description), "in Slack" in str(issue.description)) == (False, True)
    assert asked(linked) == 0


def test_jira_itself_says_what_a_linked_account_may_create(linked: World) -> None:
    linked.jira.denied_to = {"Ada Lovelace": {"CREATE_ISSUES"}}
    linked.jira.rights_shown = False
    view = fill(linked)
    assert "You do not have permission to create issues in this project." in str(forms.said(view))
    assert (forms.shown(view, "Summary"), linked.jira.issues) == ("the door squeaks", {})


def lose_the_answer(world: World, marked: str) -> None:
    """The answer to the creation of an issue is lost, whether its marker is a label as well or a property alone."""
    world.jira.target = ""  # its webhooks would confirm the issue before anything is looked up
    world.jira.labels_on_screen = marked == "by label"
    taken = world.jira.labels_on_screen

    def is_taken(call: Call) -> bool:
        return ("labels" in call.body["fields"]) == taken

    world.jira.fault("createIssue", kind="reset", after=True, where=is_taken)


@pytest.mark.parametrize("marked", ["by label", "by property"])
def test_an_issue_of_their_own_whose_answer_is_lost_is_found_and_not_doubled(linked: World, marked: str) -> None:
    lose_the_answer(linked, marked)
    mentioned(linked)
    linked.advance(60)
    (issue,) = linked.jira.issues.values()
    assert issue.creator.display == "Ada Lovelace"
    assert {row["status"] for row in linked.rows("integrations", "&operation=create_issue")} == {"completed"}


def test_an_issue_of_their_own_is_found_after_they_ended_the_link(linked: World) -> None:
    lose_the_answer(linked, "by property")
    mentioned(linked)
    linked.slack.command(MEMBER, GENERAL, "/jira", "logout")
    for _ in range(20):
        linked.advance(60)
    assert [issue.creator.display for issue in linked.jira.issues.values()] == ["Ada Lovelace"]
    assert {row["status"] for row in linked.rows("integrations", "&operation=create_issue")} == {"completed"}


def test_an_issue_of_connects_is_found_by_who_has_linked_an_account_since(build: Callable[..., World]) -> None:
    world = build(**LINKING)
    lose_the_answer(world, "by property")
    mentioned(world)
    link(world, "Ada Lovelace")
    world.advance(60)
    assert [issue.creator.display for issue in world.jira.issues.values()] == ["connect"]


def test_what_the_api_creates_for_somebody_is_not_created_under_their_name(linked: World) -> None:
    linked.ask("slack", "jira", "create_ticket", {"message": "from a script", "channel": GENERAL, "user": MEMBER})
    linked.settle()
    assert [issue.creator.display for issue in linked.jira.issues.values()] == ["connect"]


# --- a workflow that nobody started ----------------------------------------------------------------------------------


def test_a_workflow_that_nobody_started_creates_in_the_default_project_and_the_named_ones(
    build: Callable[..., World],
) -> None:
    world = build(jira_workflow_projects="WEB")
    for project in ("OPS", "WEB", ""):
        run(world, "create_jira_issue", "", project=project, type="Bug", summary=f"Door {project}".strip())
    step = run(world, "create_jira_issue", "", project="HR", type="Request", summary="Not here")
    assert [issue.summary for issue in world.jira.issues.values()] == ["Door OPS", "Door WEB", "Door"]
    assert "HR is not among the projects in which workflows may act" in ended(step)
