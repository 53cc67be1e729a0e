"""Jira → Slack: a webhook opens or updates the issue's card, and what happened is told in its thread."""

from typing import Any

from sandbox.slack import ADMIN, BOT_USER, DEV, GENERAL, GUEST, MEMBER, OUTSIDE, PRIVATE
from sandbox.standin import Call
from tests.world import World


def bot_messages(world: World, channel: str) -> list[dict[str, Any]]:
    return [message for message in world.slack.history(channel) if message.get("bot_id")]


def replies(world: World, channel: str, ts: str) -> list[str]:
    return [message["text"] for message in world.slack.thread(channel, ts)[1:]]


def subscribe(world: World, channel: str, source: str = "OPS", **more: Any) -> int:
    body = {"source_service": "jira", "source": source, "channel": channel, **more}
    answer = world.call("POST", "/api/v1/subscriptions", body)
    assert answer.status_code == 201, answer.text
    return answer.json()["subscription_id"]


def _to_dev(call: Call) -> bool:
    return call.body.get("channel") == DEV


def ticket(world: World, text: str = "the printer is on fire") -> tuple[str, str]:
    """An issue made from a message: its key and its thread's ts."""
    ts = world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> create bug in OPS: {text}")
    world.settle()
    return next(key for key, issue in world.jira.issues.items() if issue.summary == text), ts


def test_a_created_issue_opens_a_card_whose_thread_is_the_issues_thread(world: World) -> None:
    subscribe(world, DEV)
    key = world.jira.create("OPS", "Bug", "Door stuck")
    world.settle()
    cards = bot_messages(world, DEV)
    assert [f"{key}: Door stuck" in card["text"] for card in cards] == [True]
    ts = cards[0]["ts"]
    assert replies(world, DEV, ts) == []
    world.jira.transition(key, "In Progress", "Ada Lovelace")
    world.settle()
    world.slack.say(MEMBER, DEV, "on my way", thread_ts=ts)
    world.settle()
    assert len(bot_messages(world, DEV)) == 1
    assert ["In Progress" in line for line in replies(world, DEV, ts)] == [True, False]
    assert "In Progress" in str(bot_messages(world, DEV)[0]["blocks"])
    assert ["on my way" in note.text for note in world.jira.issues[key].comments] == [True]
    mapping = next(row for row in world.rows("mappings") if row["mapping_type"] == "thread")
    assert (mapping["source_service"], mapping["source_id"], mapping["target_id"]) == (
        "jira", key, f"T0DEV00001/{DEV}/{ts}",
    )  # fmt: skip


def test_several_changes_are_one_message_with_before_and_after(world: World) -> None:
    key, ts = ticket(world)
    before = len(replies(world, GENERAL, ts))
    world.jira.edit(key, "Ada Lovelace", summary="Printer burnt down", priority="High", labels=["hot"])
    world.settle()
    lines = replies(world, GENERAL, ts)[before:]
    assert len(lines) == 1
    for words in ("Ada Lovelace", "Printer burnt down", "the printer is on fire", "High", "hot"):
        assert words in lines[0]
    card = world.slack.thread(GENERAL, ts)[1]
    assert "Printer burnt down" in card["text"]


def test_a_comment_is_told_once_though_jira_sends_two_events(world: World) -> None:
    key, ts = ticket(world)
    before = len(replies(world, GENERAL, ts))
    world.jira.comment(key, "Grace Hopper", "Found a *moth* & removed it")
    world.settle()
    lines = replies(world, GENERAL, ts)[before:]
    assert ["Grace Hopper" in line and "&amp; removed it" in line for line in lines] == [True]


def test_a_restricted_comment_stays_in_jira(world: World) -> None:
    key, ts = ticket(world)
    before = replies(world, GENERAL, ts)
    world.jira.comment(key, "Grace Hopper", "for admins only", restricted=True)
    world.settle()
    assert replies(world, GENERAL, ts) == before


def test_a_deleted_issue_is_told_and_its_card_says_so(world: World) -> None:
    key, ts = ticket(world)
    world.jira.delete(key, "Ada Lovelace")
    world.settle()
    assert "deleted" in replies(world, GENERAL, ts)[-1]
    assert "Deleted" in str(world.slack.thread(GENERAL, ts)[1]["blocks"])


def test_an_issue_made_in_a_subscribed_channel_has_one_card_there(world: World) -> None:
    subscribe(world, GENERAL)
    subscribe(world, DEV)
    key, ts = ticket(world)
    assert [key in line for line in replies(world, GENERAL, ts)] == [True]
    assert [message for message in bot_messages(world, GENERAL) if not message.get("thread_ts")] == []
    assert [key in card["text"] for card in bot_messages(world, DEV)] == [True]


def test_a_comment_on_an_older_issue_opens_its_card_first(world: World) -> None:
    key = world.jira.create("OPS", "Task", "Older than the subscription")
    world.settle()
    subscribe(world, DEV)
    world.jira.comment(key, "Grace Hopper", "still there?")
    world.settle()
    cards = bot_messages(world, DEV)
    assert [key in card["text"] for card in cards] == [True]
    assert ["still there?" in line for line in replies(world, DEV, cards[0]["ts"])] == [True]


def test_events_and_filters_of_a_subscription_decide(world: World) -> None:
    subscribe(world, DEV, events=["created"], filters={"type": {"any": ["Bug"]}})
    world.jira.create("OPS", "Task", "not a bug")
    key = world.jira.create("OPS", "Bug", "a bug")
    world.settle()
    world.jira.comment(key, "Grace Hopper", "not asked for")
    world.jira.edit(key, "Ada Lovelace", priority="High")
    world.settle()
    cards = bot_messages(world, DEV)
    assert ["a bug" in card["text"] for card in cards] == [True]
    assert replies(world, DEV, cards[0]["ts"]) == []
    ignored = [row["detail"] for row in world.rows("deliveries") if row["status"] == "ignored"]
    assert "the subscription's filter on type holds it back" in ignored


def test_an_issue_with_a_security_level_reaches_no_subscribed_channel_by_command(world: World) -> None:
    world.slack.command(MEMBER, GENERAL, "/jira", "subscribe OPS all")
    world.jira.create("OPS", "Task", "secret plans", security={"id": "1", "name": "Board"})
    world.settle()
    assert bot_messages(world, GENERAL) == []


def test_the_command_subscribes_lists_and_ends(world: World) -> None:
    answer = world.slack.command(MEMBER, DEV, "/jira", "subscribe ops created deleted")
    assert "OPS" in answer.body["text"]
    assert "created, deleted" in world.slack.command(MEMBER, DEV, "/jira", "subscribe list").body["text"]
    world.jira.create("OPS", "Bug", "heard")
    world.settle()
    assert len(bot_messages(world, DEV)) == 1
    world.slack.command(MEMBER, DEV, "/jira", "unsubscribe OPS")
    world.jira.create("OPS", "Bug", "not heard")
    world.settle()
    assert len(bot_messages(world, DEV)) == 1
    assert "no subscriptions" in world.slack.command(MEMBER, DEV, "/jira", "subscribe list").body["text"]


def test_a_channel_without_connect_is_told_to_invite_it(world: World) -> None:
    assert "/invite @connect" in world.slack.command(MEMBER, OUTSIDE, "/jira", "subscribe OPS all").body["text"]
    assert "/invite @connect" not in world.slack.command(MEMBER, DEV, "/jira", "subscribe OPS all").body["text"]


def test_nonsense_in_a_subscription_is_answered_with_what_is_possible(world: World) -> None:
    def said(text: str, user: str = MEMBER) -> str:
        return world.slack.command(user, DEV, "/jira", text).body["text"]

    assert "Jira has no project NOPE" in said("subscribe NOPE created")
    assert "I do not know `exploded`" in said("subscribe OPS created exploded")
    assert "Name a project's key" in said("subscribe")
    assert "Guests" in said("subscribe OPS", GUEST)
    assert world.rows("subscriptions") == []


def test_a_repeated_webhook_is_told_once(world: World) -> None:
    key, ts = ticket(world)
    world.jira.edit(key, "Ada Lovelace", priority="High")
    world.settle()
    before = replies(world, GENERAL, ts)
    world.jira.redeliver(5)
    world.settle()
    assert replies(world, GENERAL, ts) == before


def test_an_issue_that_moved_keeps_its_thread(world: World) -> None:
    key, ts = ticket(world)
    before = len(replies(world, GENERAL, ts))
    moved = world.jira.move(key, "WEB")
    world.settle()
    world.jira.edit(moved, "Ada Lovelace", priority="High")
    world.settle()
    assert len(replies(world, GENERAL, ts)) == before + 2
    assert moved in world.slack.thread(GENERAL, ts)[1]["text"]
    world.slack.say(ADMIN, GENERAL, "after the move", thread_ts=ts)
    world.settle()
    assert ["after the move" in note.text for note in world.jira.issues[moved].comments] == [True]


def test_two_subscribed_channels_do_not_wait_for_each_other(world: World) -> None:
    subscribe(world, DEV)
    subscribe(world, PRIVATE)
    world.slack.fault(
        "chat.postMessage", status=429, headers={"Retry-After": "30"},
        where=_to_dev,
    )  # fmt: skip
    world.jira.create("OPS", "Bug", "Door stuck")
    world.settle()
    assert (len(bot_messages(world, DEV)), len(bot_messages(world, PRIVATE))) == (0, 1)
    world.advance(31)
    assert (len(bot_messages(world, DEV)), len(bot_messages(world, PRIVATE))) == (1, 1)
