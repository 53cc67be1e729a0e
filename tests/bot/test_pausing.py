"""A channel that refuses for good pauses its subscription, and whoever made that is told once."""

import logging
from typing import Any

import pytest

from bot.flows.pausing import STRIKES, TROUBLES
from sandbox.slack import ADMIN, DEV, MEMBER
from tests.bot.effects import TEAM, on_sqlite, row
from tests.world import World

PATH = "/api/v1/subscriptions"


def subscribe(world: World, words: str = "acme/web issues", user: str = MEMBER) -> str:
    answer = world.slack.command(user, DEV, "/github", f"subscribe {words}").body["text"]
    assert answer.startswith(":white_check_mark: "), answer
    return answer


def archive(world: World, *, archived: bool = True) -> None:
    world.slack.channels[DEV].archived = archived


def issues(world: World, count: int) -> None:
    """So many issues, each of which plans one card for the channel."""
    for number in range(count):
        world.github.open_issue("acme/web", f"Login fails, {number}")
    world.settle()


def kept(world: World) -> dict[str, Any]:
    (found,) = world.rows("subscriptions")
    return found


def told(world: World, user: str = MEMBER) -> list[dict[str, Any]]:
    place = world.slack.channels.get("D" + user[1:])
    return place.messages if place else []


def planned_cards(world: World) -> list[dict[str, Any]]:
    return [one for one in world.rows("integrations", "&target_service=slack") if one["source_service"] == "github"]


ARCHIVED = (
    f"I stopped posting *acme/web* to <#{DEV}>: the channel is archived. Unarchive it and type `/github subscribe "
    "acme/web` there to start again. If it should stay quiet, there is nothing to do."
)


def test_three_refusals_of_the_channel_pause_the_subscription_and_tell_its_maker_once(world: World) -> None:
    subscribe(world)
    archive(world)
    issues(world, STRIKES - 1)
    assert (kept(world)["paused"], kept(world)["paused_reason"], told(world)) == (False, None, [])
    issues(world, 1)
    assert (kept(world)["paused"], kept(world)["paused_reason"]) == (True, "the channel is archived")
    (message,) = told(world)
    assert message["text"] == ARCHIVED
    (block,) = message["blocks"]
    assert (block["type"], block["text"]["text"]) == ("section", f":warning: {ARCHIVED}")
    assert [one["status"] for one in planned_cards(world)] == ["failed"] * STRIKES + ["completed"]


def test_nothing_more_is_planned_for_a_paused_subscription_and_the_delivery_says_why(world: World) -> None:
    subscribe(world)
    archive(world)
    issues(world, STRIKES)
    before = len(planned_cards(world))
    calls = len(world.slack.calls_to("chat.postMessage"))
    issues(world, 2)
    assert (len(planned_cards(world)), len(world.slack.calls_to("chat.postMessage"))) == (before, calls)
    assert {one["detail"] for one in world.rows("deliveries", "&status=ignored&service=github")} == {
        "the subscription is paused: the channel is archived"
    }


def test_rows_that_were_pending_when_the_subscription_was_paused_fail_and_tell_nobody_again(world: World) -> None:
    subscribe(world)
    archive(world)
    issues(world, STRIKES + 4)
    assert [one["status"] for one in planned_cards(world)].count("failed") >= STRIKES
    (failed, *_) = [one for one in planned_cards(world) if one["status"] == "failed"]
    for _ in range(STRIKES):
        world.call("POST", f"/api/v1/integrations/{failed['id']}/retry")
        world.settle()
    assert len(told(world)) == 1


@on_sqlite
def test_a_message_that_arrives_forgets_the_refusals_before_it(world: World) -> None:
    subscribe(world)
    for _ in range(3):
        archive(world)
        issues(world, STRIKES - 1)
        archive(world, archived=False)
        issues(world, 1)
    assert (kept(world)["paused"], told(world)) == (False, [])
    archive(world)
    issues(world, STRIKES)
    assert (kept(world)["paused"], len(told(world))) == (True, 1)


@on_sqlite
def test_an_edit_without_a_card_to_edit_is_no_message_that_arrived(world: World) -> None:
    subscribe(world, "acme/web pulls")
    archive(world)
    world.slack.fault("chat.postMessage", status=429, headers={"Retry-After": "5"})  # what follows is planned meanwhile
    for number in range(STRIKES):
        pull = world.github.open_pull_request("acme/web", f"Mend login {number}", head=f"mend-{number}")
        world.github.close_pull_request("acme/web", pull)
    world.settle()
    world.advance(6)
    assert "completed" in [one["status"] for one in planned_cards(world) if one["operation"] == "update_message"]
    assert kept(world)["paused"]


def test_to_subscribe_again_starts_it_again_with_the_events_it_had(world: World) -> None:
    subscribe(world)
    archive(world)
    issues(world, STRIKES)
    archive(world, archived=False)
    assert subscribe(world, "acme/web", ADMIN) == ":white_check_mark: This channel now hears of *acme/web*: issues."
    again = kept(world)
    assert (again["paused"], again["paused_reason"], again["events"]) == (False, None, ["issues"])
    issues(world, 1)
    assert [message["text"] for message in world.slack.history(DEV)] != []
    archive(world)
    issues(world, STRIKES - 1)
    assert not kept(world)["paused"]
    issues(world, 1)
    assert (len(told(world)), [message["text"] for message in told(world, ADMIN)]) == (1, [ARCHIVED])


@on_sqlite
def test_the_list_shows_what_is_paused_and_how_it_starts_again(world: World) -> None:
    subscribe(world, "acme/secret2 pulls")
    subscribe(world)
    archive(world)
    issues(world, STRIKES)
    listed = world.slack.command(MEMBER, DEV, "/github", "subscribe list").body["text"]
    assert listed == (
        "This channel hears of:\n• *acme/secret2*: pulls\n"
        "• *acme/web*: issues (paused: the channel is archived; `/github subscribe acme/web` starts it again)"
    )


@on_sqlite
def test_a_subscription_made_over_rest_has_nobody_to_tell_but_the_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    given = {"source_service": "github", "source": "acme/web", "channel": DEV, "events": ["issues"]}
    row_id = world.call("POST", PATH, given).json()["subscription_id"]
    archive(world)
    with caplog.at_level(logging.WARNING, "bot.flows.pausing"):
        issues(world, STRIKES)
    said = [record.getMessage() for record in caplog.records if record.name == "bot.flows.pausing"]
    last = planned_cards(world)[-1]["id"]
    assert said == [
        f"integration {last}: subscription {row_id} is paused: the channel is archived",
        f"subscription {row_id}: api made it, so there is nobody in Slack to tell",
    ]
    assert (len(planned_cards(world)), kept(world)["paused"]) == (STRIKES, True)
    archive(world, archived=False)
    assert world.call("POST", PATH, given).json()["subscription_id"] == row_id
    assert not kept(world)["paused"]


@on_sqlite
def test_threads_that_people_opened_strike_no_subscription(world: World) -> None:
    assert "OPS" in world.slack.command(MEMBER, DEV, "/jira", "subscribe OPS all").body["text"]
    thread = world.slack.say(MEMBER, DEV, "the printer is on fire")
    asked = {"message": "the printer is on fire", "channel": DEV, "thread_ts": thread}
    world.ask("slack", "jira", "create_ticket", asked)
    world.settle()
    archive(world)
    for status in ("In Progress", "Done", "To Do", "In Progress"):
        world.jira.transition("OPS-1", status, "Ada Lovelace")
    world.settle()
    failed = world.rows("integrations", "&status=failed")
    # The card and the line are refused once; after that the archived channel is left alone.
    assert (len(failed), kept(world)["paused"], told(world)) == (2, False, [])


def test_a_card_that_is_opened_after_its_issue_was_read_is_on_the_subscriptions_account(world: World) -> None:
    for number in range(STRIKES):
        world.jira.create("OPS", "Task", f"older than the subscription {number}")
    world.settle()
    assert "OPS" in world.slack.command(MEMBER, DEV, "/jira", "subscribe OPS all").body["text"]
    archive(world)
    for number in range(STRIKES):
        world.jira.comment(f"OPS-{number + 1}", "Ada Lovelace", "still?")
    world.settle()
    assert {one["operation"] for one in world.rows("integrations")} >= {"read_issue", "post_message"}
    (message,) = told(world)
    assert message["text"] == ARCHIVED.replace("acme/web", "OPS").replace("/github", "/jira")


@on_sqlite
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("channel_not_found", "the channel is gone, or I cannot see it any more. If it is still there, type `/invite "
         "@connect` and then `/github subscribe acme/web` in it to start again."),
        ("not_in_channel", "I am not in the channel any more. Type `/invite @connect` and then `/github subscribe "
         "acme/web` there to start again."),
        ("restricted_action", "Slack's settings do not let me post there. Ask an admin to let me post in the channel "
         "and type `/github subscribe acme/web` there to start again."),
    ],
)  # fmt: skip
def test_each_refusal_is_told_with_its_own_next_step(world: World, code: str, said: str) -> None:
    subscribe(world)
    world.slack.fault("chat.postMessage", times=STRIKES, status=200, body={"ok": False, "error": code})
    issues(world, STRIKES)
    assert [message["text"] for message in told(world)] == [
        f"I stopped posting *acme/web* to <#{DEV}>: {said} If it should stay quiet, there is nothing to do."
    ]


@on_sqlite
@pytest.mark.parametrize("code", ["msg_too_long", "invalid_blocks", "thread_not_found", "cant_update_message"])
def test_what_is_wrong_with_a_message_strikes_no_subscription(world: World, code: str) -> None:
    assert code not in TROUBLES
    subscribe(world)
    world.slack.fault("chat.postMessage", times=9, status=200, body={"ok": False, "error": code})
    issues(world, STRIKES + 1)
    assert (kept(world)["paused"], {one["status"] for one in planned_cards(world)}) == (False, {"failed"})


@on_sqlite
def test_a_message_asked_for_over_rest_strikes_no_subscription(world: World) -> None:
    subscribe(world)
    archive(world)
    asked = [
        world.ask("github", "slack", "post_message", {"channel": DEV, "text": f"hello {number}"})
        for number in range(STRIKES + 1)
    ]
    world.settle()
    assert ({row(world, one)["status"] for one in asked}, kept(world)["paused"]) == ({"failed"}, False)


@on_sqlite
def test_the_payload_names_the_subscription_on_whose_account_a_call_is_made(world: World) -> None:
    subscribe(world)
    number = world.github.open_issue("acme/web", "Login fails")
    world.settle()
    world.github.close_issue("acme/web", number)
    world.settle()
    assert {f'"subscription": {kept(world)["id"]}' in one["payload"] for one in planned_cards(world)} == {True}
    assert {one["target_id"].split("/")[0] for one in planned_cards(world)} == {TEAM}
