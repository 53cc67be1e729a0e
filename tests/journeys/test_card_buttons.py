"""The buttons of an issue's card: each acts as whoever pressed it, if Jira lets them, and says how it ended."""

from sandbox.slack import ADMIN, GENERAL, GUEST, MEMBER
from tests.journeys import doing
from tests.journeys.doing import account, card, held, issue, offered, press, send, shown, told, view
from tests.world import World

world = doing.world


def test_assign_to_me_assigns_the_issue_to_whoever_pressed_it(world: World) -> None:
    mia = account(world)
    press(world, "jira_assign_me")
    assert issue(world).assignee == mia
    assert told(world) == ["OPS-1 is assigned to you now."]
    assert "Assigned to Mia" in str(card(world)["blocks"])
    assert doing.statuses(world) == {"completed"}


def test_the_card_shows_what_was_done_where_jira_sends_no_webhooks(world: World) -> None:
    account(world)
    world.jira.target = ""
    press(world, "jira_assign_me")
    assert "Assigned to Mia" in str(card(world)["blocks"])


def test_who_has_no_account_in_jira_is_told_so_and_nothing_is_done(world: World) -> None:
    press(world, "jira_assign_me")
    assert issue(world).assignee is None
    assert told(world) == [
        "OPS-1 was not assigned. I do not know your account in Jira. Type `/jira me` to say which one it is."
    ]


def test_who_may_not_in_jira_may_not_by_a_button(world: World) -> None:
    world.jira.denied_to = {account(world).display: {"ASSIGN_ISSUES"}}
    press(world, "jira_assign_me")
    assert issue(world).assignee is None
    assert told(world) == ["OPS-1 was not assigned. Jira does not permit you to do this to OPS-1."]


def test_guests_are_offered_no_forms(world: World) -> None:
    press(world, "jira_assign", user=GUEST)
    assert world.slack.current_view(GUEST) is None
    assert told(world, GUEST) == ["Guests of this workspace cannot do this. Ask a full member to do it for you."]


def test_another_person_is_found_by_typing_and_assigned(world: World) -> None:
    account(world)
    press(world, "jira_assign")
    grace = world.jira.person("Grace Hopper")
    ident = grace.account_id if world.jira.cloud else grace.name
    assert offered(world, "jira_person")[:2] == [("Me", "me"), ("Nobody", "nobody")]
    assert offered(world, "jira_person", "gra") == [("Grace Hopper", ident)]
    send(world, assignee=ident)
    assert "Working" in shown(world)
    world.settle()
    assert issue(world).assignee == grace
    assert shown(world) == ":white_check_mark: OPS-1 is assigned to Grace Hopper now."


def test_nobody_can_be_chosen_as_well(world: World) -> None:
    account(world)
    world.jira.edit("OPS-1", "Ada Lovelace", assignee="Grace Hopper")
    press(world, "jira_assign")
    send(world, assignee="nobody")
    world.settle()
    assert issue(world).assignee is None
    assert shown(world) == ":white_check_mark: OPS-1 is assigned to nobody now."


def test_jiras_refusal_of_a_person_stands_at_the_field_with_the_choice_kept(world: World) -> None:
    account(world)
    press(world, "jira_assign")
    world.jira.unassignable = {"Grace Hopper"}
    grace = world.jira.person("Grace Hopper")
    send(world, assignee=grace.account_id if world.jira.cloud else grace.name)
    world.settle()
    blocks = [block["type"] for block in view(world)["blocks"]]
    assert (blocks, "cannot be assigned issues" in shown(world)) == (["input", "context"], True)
    assert held(world, "assignee") == (grace.account_id if world.jira.cloud else grace.name)
    world.jira.unassignable = set()
    send(world, assignee=held(world, "assignee"))
    world.settle()
    assert issue(world).assignee == grace


def test_watch_and_stop_watching(world: World) -> None:
    mia = account(world)
    press(world, "jira_watch")
    assert issue(world).watchers == [mia]
    press(world, "jira_more", "unwatch OPS-1")
    assert issue(world).watchers == []
    assert told(world) == [
        "You watch OPS-1 now. `/jira unwatch OPS-1` ends it.", "You do not watch OPS-1 any more.",
    ]  # fmt: skip


def test_a_comment_names_its_author_and_appears_in_the_thread(world: World) -> None:
    account(world)
    press(world, "jira_comment")
    send(world, comment="It *burns*\n• badly")
    world.settle()
    (comment,) = issue(world).comments
    assert comment.text.lstrip("*").startswith("Mia Member (in Slack):")
    assert "burns" in comment.text
    assert shown(world) == ":white_check_mark: Your comment is on OPS-1."
    replies = world.slack.thread(GENERAL, card(world)["ts"])[1:]
    assert ["burns" in reply["text"] for reply in replies] == [True]


def test_a_comment_waits_while_jira_is_down_and_its_author_is_told_when_it_is_there(world: World) -> None:
    account(world)
    press(world, "jira_comment")
    world.jira.fault("*", status=503, times=1000)
    send(world, comment="Not lost")
    world.settle()
    world.slack.close_view(MEMBER, view(world)["id"])
    world.jira.faults.clear()
    world.advance(60)
    assert [comment.text.rpartition("\n")[2] for comment in issue(world).comments] == ["Not lost"]
    assert told(world) == ["Your comment is on OPS-1."]


def test_what_is_told_after_slacks_half_hour_comes_as_a_direct_message(world: World) -> None:
    account(world)
    world.jira.fault("*", status=503, times=1000)
    press(world, "jira_assign_me")
    world.clock.offset += world.clock.offset.resolution * 3_600_000_000
    world.jira.faults.clear()
    world.advance(60)
    assert told(world) == [":hourglass: Jira does not answer. This is kept, and done as soon as Jira is back."]
    direct = world.slack.history(world.slack.direct(MEMBER).id)
    assert [message["text"] for message in direct] == ["OPS-1 is assigned to you now."]


def test_work_is_logged_with_what_was_done(world: World) -> None:
    account(world)
    press(world, "jira_more", "log_work OPS-1")
    send(world, spent="1h 30m", comment="Put it out")
    world.settle()
    (worklog,) = issue(world).worklogs
    assert worklog.seconds == 5400
    assert "Put it out" in str(worklog.comment)
    assert "Mia Member (in Slack):" in str(worklog.comment)
    assert shown(world) == ":white_check_mark: 1h 30m logged on OPS-1."


def test_work_whose_answer_is_lost_is_logged_once(world: World) -> None:
    account(world)
    for _ in range(2):
        press(world, "jira_more", "log_work OPS-1")
        world.jira.fault("addWorklog", kind="reset", after=True)
        send(world, spent="1h")
        world.settle()
    for _ in range(4):
        world.advance(20)
    assert len(issue(world).worklogs) == 2
    assert len({worklog.started for worklog in issue(world).worklogs}) == 2
    assert doing.statuses(world) == {"completed"}


def test_a_time_that_cannot_be_read_is_refused_at_once(world: World) -> None:
    account(world)
    press(world, "jira_more", "log_work OPS-1")
    send(world, spent="a while")
    errors = world.slack.form_errors[view(world)["id"]]
    assert list(errors) == ["spent"]


def test_a_refusal_of_jira_brings_the_form_back_with_what_was_typed(world: World) -> None:
    account(world)
    press(world, "jira_more", "log_work OPS-1")
    world.jira.time_tracking = False
    send(world, spent="2h", comment="Put it out")
    world.settle()
    assert (held(world, "spent"), held(world, "comment")) == ("2h", "Put it out")
    assert ":warning: Jira does not find it: Time Tracking is not enabled." in shown(world)


def test_another_persons_press_acts_as_them(world: World) -> None:
    account(world)
    ada = account(world, ADMIN, "adam")
    press(world, "jira_assign_me", user=ADMIN)
    assert issue(world).assignee == ada


def test_a_deleted_issue_has_no_buttons(world: World) -> None:
    world.jira.delete("OPS-1", "Ada Lovelace")
    world.settle()
    assert [block["type"] for block in card(world)["blocks"]] == ["section"]


def test_a_form_opens_and_every_press_is_answered_while_jira_hangs(world: World) -> None:
    account(world)
    hangs = world.jira.fault("*", kind="hang", seconds=5, times=1000)
    for action, value in (("jira_assign_me", "OPS-1"), ("jira_watch", "OPS-1"), ("jira_assign", "OPS-1"),
                          ("jira_status", "OPS-1"), ("jira_comment", "OPS-1"), ("jira_more", "edit OPS-1"),
                          ("jira_more", "log_work OPS-1")):  # fmt: skip
        answer = world.slack.click(MEMBER, action, value=value, message=card(world))
        assert (answer.status, answer.trouble) == (200, "")
    assert view(world)["callback_id"] == "jira_log_work"
    assert hangs.met == 0  # nobody is asked while a person waits
    world.jira.faults.clear()


def test_a_triple_click_is_one_press_and_a_later_one_is_another(world: World) -> None:
    account(world)
    for _ in range(3):
        world.slack.click(MEMBER, "jira_assign_me", value="OPS-1", message=card(world))
    world.settle()
    assert told(world) == ["OPS-1 is assigned to you now."]
    assert len(world.jira.calls_to("assignIssue")) == 1
    press(world, "jira_assign_me")
    assert told(world) == ["OPS-1 is assigned to you now."] * 2


def test_presses_that_undo_each_other_are_all_done(world: World) -> None:
    mia = account(world)
    for action, option in (("jira_watch", ""), ("jira_more", "unwatch OPS-1"), ("jira_watch", "")):
        world.slack.click(MEMBER, action, value=option or "OPS-1", message=card(world))
    world.settle()
    assert issue(world).watchers == [mia]
