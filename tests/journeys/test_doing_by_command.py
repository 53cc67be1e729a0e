"""`/jira assign`, `unassign`, `transition`, `comment`, `watch`, `unwatch`, and "Add to Jira issue" on a message."""

import pytest

from sandbox.slack import ADMIN, GENERAL, GUEST, MEMBER, OUTSIDE
from tests.journeys import doing
from tests.journeys.doing import account, issue, offered, send, shown, told, type_, view
from tests.world import World

world = doing.world


@pytest.mark.parametrize("words", ["me", "ME", f"<@{MEMBER}>", f"<@{MEMBER}|mia>", "@Mia", "mia"])
def test_a_person_is_named_in_any_way(world: World, words: str) -> None:
    mia = account(world)
    assert type_(world, f"assign ops-1 {words}") == ":hourglass_flowing_sand: Assigning OPS-1…"
    assert issue(world).assignee == mia
    assert told(world) == ["OPS-1 is assigned to you now."]


def test_somebody_else_is_named_by_a_mention_or_a_whole_name(world: World) -> None:
    account(world)
    ada = account(world, ADMIN, "ada.admin")
    type_(world, f"assign OPS-1 <@{ADMIN}>")
    assert issue(world).assignee == ada
    type_(world, "assign OPS-1 @Grace Hopper")
    assert told(world) == ["OPS-1 is assigned to Ada.Admin now.", "OPS-1 is assigned to Grace Hopper now."]


def test_a_name_of_several_or_of_nobody_gets_a_sentence(world: World) -> None:
    account(world)
    account(world, ADMIN, "ada.admin")
    type_(world, "assign OPS-1 @ad")
    type_(world, "assign OPS-1 @zebra")
    assert issue(world).assignee is None
    assert told(world) == [
        "OPS-1 was not assigned. 2 people are called ad: Ada Lovelace, Ada.Admin. Type the whole name.",
        "OPS-1 was not assigned. OPS-1 can be assigned to nobody called zebra.",
    ]


def test_a_person_without_an_account_in_jira_is_named(world: World) -> None:
    account(world)
    type_(world, f"assign OPS-1 <@{ADMIN}>")
    assert told(world) == [
        "OPS-1 was not assigned. I do not know the account of Ada Admin in Jira. They can claim it: `/jira me claim`."
    ]


def test_an_issue_may_be_named_by_a_link_to_it_and_what_is_said_may_stand_on_the_next_line(world: World) -> None:
    account(world)
    type_(world, f"comment <{world.jira.url}/browse/OPS-1|OPS-1>\nIt works\nagain")
    type_(world, f"transition {world.jira.url}/browse/ops-1 done")
    assert [comment.text.split()[-3:] for comment in issue(world).comments] == [["It", "works", "again"]]
    assert issue(world).status.name == "Done"
    type_(world, f"{world.jira.url}/browse/OPS-1")
    assert told(world)[-1] == "OPS-1: Printer is on fire (Done)"
    elsewhere = "https://evil.test/browse/OPS-1"
    host = world.jira.url.removeprefix("http://")
    assert type_(world, f"comment {elsewhere} hi") == (
        f"That is no link to an issue on {host}. Say which issue: `/jira comment OPS-1 what you want to say`."
    )


@pytest.mark.parametrize("words", ["comment OPS-1 please share", "me claim share", "subscriptions share"])
def test_what_is_no_issue_to_share_is_answered_to_the_person_alone(world: World, words: str) -> None:
    account(world)
    before = world.slack.history(GENERAL)
    answer = world.slack.command(MEMBER, GENERAL, "/jira", words)
    assert answer.body["response_type"] == "ephemeral"
    assert world.slack.history(GENERAL) == before


def test_an_issue_that_there_is_not_is_said_to_the_person_alone(world: World) -> None:
    account(world)
    before = world.slack.history(GENERAL)
    type_(world, "OPS-9 share")
    assert told(world) == ["Jira has no issue OPS-9 that I can see."]
    assert world.slack.history(GENERAL) == before


def test_unassign(world: World) -> None:
    account(world)
    world.jira.edit("OPS-1", "Ada Lovelace", assignee="Grace Hopper")
    type_(world, "unassign OPS-1")
    assert issue(world).assignee is None
    assert told(world) == ["OPS-1 is assigned to nobody now."]


@pytest.mark.parametrize(
    ("words", "status"), [("done", "Done"), ("START WORK", "In Progress"), ("in progress", "In Progress")]
)
def test_a_step_is_named_by_itself_or_by_its_status(world: World, words: str, status: str) -> None:
    account(world)
    type_(world, f"transition OPS-1 {words}")
    assert issue(world).status.name == status
    assert told(world) == [f"OPS-1 is *{status}* now."]


def test_a_step_that_there_is_not_gets_the_possible_ones(world: World) -> None:
    account(world)
    type_(world, "transition OPS-1 Reopen")
    assert told(world) == [
        "The status of OPS-1 was not changed. “Reopen” is not possible now for OPS-1. "
        "Possible: Start work → In Progress, Done."
    ]


def test_a_step_whose_screen_asks_for_something_is_left_to_the_form(world: World) -> None:
    account(world)
    world.jira.transition("OPS-1", "In Progress", "Ada Lovelace")
    type_(world, "transition OPS-1 resolve")
    assert told(world) == [
        "The status of OPS-1 was not changed. Resolve asks for Resolution. "
        "`/jira transition OPS-1` opens the form for that."
    ]


def test_a_status_that_the_issue_has_already_is_no_trouble(world: World) -> None:
    account(world)
    type_(world, "transition OPS-1 to do")
    assert told(world) == ["OPS-1 is *To Do* now."]


def test_a_comment_by_command_names_its_author(world: World) -> None:
    account(world)
    type_(world, "comment OPS-1 It *burns*, see https://example.com/log")
    (comment,) = issue(world).comments
    assert "Mia Member (in Slack):" in comment.text
    assert told(world) == ["Your comment is on OPS-1."]


def test_a_comment_that_is_refused_comes_back_with_its_words(world: World) -> None:
    world.jira.denied_to = {account(world).display: {"ADD_COMMENTS"}}
    type_(world, "comment OPS-1 Please <!channel> keep this")
    assert issue(world).comments == []
    assert told(world) == ["Your comment did not reach OPS-1. Jira does not permit you to do this to OPS-1."]
    assert "You wrote: Please &lt;!channel&gt; keep this" in str(world.slack.responses[-1]["body"]["blocks"])


def test_watch_and_unwatch(world: World) -> None:
    mia = account(world)
    type_(world, "watch OPS-1")
    assert issue(world).watchers == [mia]
    type_(world, "unwatch OPS-1")
    assert issue(world).watchers == []


def test_a_command_without_the_rest_opens_the_form(world: World) -> None:
    account(world)
    for words, callback in (("assign OPS-1", "jira_assign"), ("comment OPS-1", "jira_comment")):
        assert type_(world, words) == ""
        assert view(world)["callback_id"] == callback
    type_(world, "transition OPS-1")
    assert view(world)["callback_id"] == "jira_status"


def test_what_is_no_key_gets_the_command_explained(world: World) -> None:
    assert type_(world, "assign printer me") == "Say which issue: `/jira assign OPS-1 @somebody`."
    assert type_(world, "watch") == "Say which issue: `/jira watch OPS-1`."


def test_guests_are_refused(world: World) -> None:
    assert "Guests" in type_(world, "watch OPS-1", GUEST)


def test_an_issue_that_there_is_not_is_named(world: World) -> None:
    account(world)
    type_(world, "watch OPS-99")
    assert told(world) == [
        "You do not watch OPS-99. Jira does not find it: Issue does not exist or you do not have permission to see it."
    ]


# --- "Add to Jira issue" ---------------------------------------------------------------------------------------------


def test_a_messages_words_become_a_comment_on_an_issue_found_by_typing(world: World) -> None:
    account(world)
    world.jira.create("OPS", "Bug", "Door stuck")
    ts = world.slack.say(ADMIN, GENERAL, "The printer *smells*")
    world.slack.message_shortcut(MEMBER, GENERAL, ts, "add_to_jira_issue")
    assert offered(world, "jira_issue", "prin") == [("OPS-1: Printer is on fire", "OPS-1")]
    assert offered(world, "jira_issue", "ops-2") == [("OPS-2: Door stuck", "OPS-2")]
    assert [value for _, value in offered(world, "jira_issue")] == ["OPS-2", "OPS-1"]
    send(world, issue="OPS-1")
    world.settle()
    (comment,) = issue(world).comments
    link = f"https://sandbox.slack.com/archives/{GENERAL}/p{ts.replace('.', '')}"
    assert "Mia Member (in Slack):" in comment.text
    assert "smells" in comment.text
    assert "Ada Admin" in comment.text
    assert link in str(comment.body)
    assert shown(world) == ":white_check_mark: Your comment is on OPS-1."


def test_issues_that_the_person_may_not_see_in_jira_are_not_offered(world: World) -> None:
    world.jira.denied_to = {account(world).display: {"BROWSE_PROJECTS"}}
    ts = world.slack.say(ADMIN, GENERAL, "The printer smells")
    world.slack.message_shortcut(MEMBER, GENERAL, ts, "add_to_jira_issue")
    assert offered(world, "jira_issue", "prin") == []
    assert offered(world, "jira_issue", "OPS-1") == [("OPS-1", "OPS-1")]


def test_issues_with_a_security_level_are_not_offered(world: World) -> None:
    account(world)
    world.jira.edit("OPS-1", "Grace Hopper", security="Staff")
    ts = world.slack.say(ADMIN, GENERAL, "The printer smells")
    world.slack.message_shortcut(MEMBER, GENERAL, ts, "add_to_jira_issue")
    assert offered(world, "jira_issue", "prin") == []


def test_a_key_can_be_given_while_jira_does_not_answer(world: World) -> None:
    account(world)
    ts = world.slack.say(ADMIN, GENERAL, "The printer smells")
    world.slack.message_shortcut(MEMBER, GENERAL, ts, "add_to_jira_issue")
    world.jira.fault("*", kind="hang", seconds=5, times=1)
    assert offered(world, "jira_issue", "OPS-1") == [("OPS-1", "OPS-1")]


# --- one card for each issue and channel -----------------------------------------------------------------------------


def test_an_issue_that_is_shown_again_gets_a_link_to_its_card(world: World) -> None:
    before = doing.card(world)
    assert type_(world, "OPS-1 SHARE") == ""
    link = f"https://sandbox.slack.com/archives/{GENERAL}/p{before['ts'].replace('.', '')}"
    answer = world.slack.history(GENERAL)[-1]
    assert "has its card here already" in answer["text"]
    assert link in answer["text"]
    cards = [one for one in world.slack.history(GENERAL) if one.get("bot_id") and one.get("subtype") != "bot_message"]
    assert len(cards) == 1


def test_a_card_that_was_shared_is_live_and_has_a_thread(world: World) -> None:
    world.jira.edit("OPS-1", "Ada Lovelace", summary="Printer is out")
    world.settle()
    assert "Printer is out" in doing.card(world)["text"]
    assert "Summary" in world.slack.thread(GENERAL, doing.card(world)["ts"])[-1]["text"]


def test_where_connect_is_no_member_the_card_is_shown_all_the_same(world: World) -> None:
    answer = world.slack.command(MEMBER, OUTSIDE, "/jira", "OPS-1 share")
    assert answer.body == ""
    world.settle()
    assert ["Printer is on fire" in one["text"] for one in world.slack.history(OUTSIDE)] == [True]
