"""How a subscription tells what passes it: style, thread or channel, quiet hours, several in one channel."""

from datetime import timedelta
from typing import Any

from sandbox.slack import DEV, GENERAL
from tests.bot.effects import on_sqlite
from tests.journeys.test_jira_to_slack import bot_messages, replies, subscribe, ticket
from tests.world import World

ADA, GRACE = "Ada Lovelace", "Grace Hopper"


def texts(world: World, channel: str = DEV) -> list[str]:
    return [message["text"] for message in bot_messages(world, channel)]


def at(world: World, hour: int, minute: int = 0) -> None:
    """Let it be this time of day (UTC), tomorrow."""
    now = world.clock()
    then = (now + timedelta(days=1)).replace(hour=hour, minute=minute, second=0, microsecond=0)
    world.advance((then - now).total_seconds())


@on_sqlite
def test_a_compact_card_has_its_title_and_state_alone(world: World) -> None:
    subscribe(world, DEV, style="compact")
    key = world.jira.create("OPS", "Bug", "Door stuck", description="It does not open.")
    world.settle()
    link = f"<{world.jira.url}/browse/{key}|{key}: Door stuck>"

    def shown() -> list[tuple[str, Any]]:
        [card] = bot_messages(world, DEV)
        return [(block["type"], block.get("text") or block["elements"]) for block in card["blocks"]]

    def compact(state: str) -> list[tuple[str, Any]]:
        texts = {"type": "mrkdwn", "text": f"*{link}*"}, {"type": "mrkdwn", "text": f"{state}  ·  Bug  ·  Medium"}
        return [("section", texts[0]), ("context", [texts[1]])]

    assert shown() == compact("⚪ *To Do*")
    world.jira.transition(key, "Done", ADA)
    world.settle()
    assert shown() == compact("🟢 *Done*")


def test_in_style_line_each_event_is_one_line_and_there_is_no_card(on_both_jiras: World) -> None:
    world = on_both_jiras
    subscribe(world, DEV, style="line")
    key = world.jira.create("OPS", "Bug", "Door stuck")
    world.settle()
    world.jira.edit(key, ADA, priority="High", summary="Door open")
    world.settle()
    world.jira.comment(key, GRACE, "found\n\nthe key")
    world.settle()
    [root] = bot_messages(world, DEV)
    link = f"<{world.jira.url}/browse/{key}|{key}: Door stuck>"
    assert root["text"] == f"{link}  ·  *Ada Lovelace* created it  ·  Bug  ·  Medium"
    changed, said = replies(world, DEV, root["ts"])
    assert "\n" not in changed + said
    assert ("High" in changed, "Door open" in changed, said) == (True, True, "*Grace Hopper* commented: found; the key")


def test_a_line_begins_the_thread_of_an_older_issue_and_is_told_once(on_both_jiras: World) -> None:
    world = on_both_jiras
    key = world.jira.create("OPS", "Bug", "Door stuck")
    world.settle()
    subscribe(world, DEV, style="line")
    world.jira.comment(key, GRACE, "I saw it")
    world.settle()
    [root] = bot_messages(world, DEV)
    assert ("I saw it" in root["text"], replies(world, DEV, root["ts"])) == (True, [])


def test_in_the_channel_every_event_is_a_message_that_names_its_issue(on_both_jiras: World) -> None:
    world = on_both_jiras
    subscribe(world, DEV, thread="channel")
    key = world.jira.create("OPS", "Bug", "Door stuck")
    world.jira.edit(key, ADA, priority="High")
    world.settle()
    card, line = bot_messages(world, DEV)
    assert (replies(world, DEV, card["ts"]), key in line["text"], "High" in line["text"]) == ([], True, True)
    assert "High" in str(card["blocks"])


def test_chosen_events_are_told_in_the_channel_besides(on_both_jiras: World) -> None:
    world = on_both_jiras
    subscribe(world, DEV, broadcast=["resolved"])
    key = world.jira.create("OPS", "Bug", "Door stuck")
    world.jira.edit(key, ADA, priority="High")
    world.jira.transition(key, "Done", ADA)
    world.settle()
    sent = [call.body for call in world.slack.calls_to("chat.postMessage") if call.body.get("thread_ts")]
    assert [(bool(body.get("reply_broadcast")), "Done" in body["text"]) for body in sent] == [
        (False, False), (True, True),
    ]  # fmt: skip


def test_several_that_let_the_same_through_tell_it_once_in_the_richest_style(on_both_jiras: World) -> None:
    world = on_both_jiras
    subscribe(world, DEV, name="all", style="line")
    subscribe(world, DEV, name="bugs", filters={"type": {"any": ["Bug"]}}, broadcast=["priority"])
    key = world.jira.create("OPS", "Bug", "Door stuck")
    world.jira.edit(key, ADA, priority="High")
    world.settle()
    [card] = bot_messages(world, DEV)
    assert (card["text"], len(replies(world, DEV, card["ts"]))) == (f"{key}: Door stuck (To Do)", 1)
    assert [row["last_passed_at"] is not None for row in world.rows("subscriptions")] == [True, True]


def test_an_issue_that_began_as_a_line_gets_its_card_when_a_richer_subscription_wants_it(on_both_jiras: World) -> None:
    world = on_both_jiras
    subscribe(world, DEV, name="all", style="line")
    subscribe(world, DEV, name="urgent", filters={"priority": {"any": ["Highest"]}})
    key = world.jira.create("OPS", "Bug", "Door stuck")
    world.settle()
    world.jira.edit(key, ADA, priority="Highest")
    world.settle()
    root, card = bot_messages(world, DEV)[0], world.slack.thread(DEV, bot_messages(world, DEV)[0]["ts"])[1]
    assert ("created it" in root["text"], card["text"]) == (True, f"{key}: Door stuck (To Do)")
    world.jira.transition(key, "Done", ADA)
    world.settle()
    assert world.slack.thread(DEV, root["ts"])[1]["text"] == f"{key}: Door stuck (Done)"


# --- quiet hours -----------------------------------------------------------------------------------------------------

NIGHT = {"from": "20:00", "to": "07:00", "timezone": "UTC"}


def test_what_falls_into_quiet_hours_is_told_when_they_end_one_message_for_each_issue(on_both_jiras: World) -> None:
    world = on_both_jiras
    subscribe(world, DEV, quiet_hours=NIGHT)
    at(world, 22)
    key = world.jira.create("OPS", "Bug", "Door stuck")
    world.jira.edit(key, ADA, priority="High")
    world.jira.edit(key, GRACE, labels=["hot"])
    world.settle()
    assert bot_messages(world, DEV) == []
    assert world.call("GET", "/health").json()["backlog"] == {"deliveries": 0, "integrations": 0, "oldest_seconds": 0.0}
    at(world, 6, 59)
    assert bot_messages(world, DEV) == []
    world.advance(61)
    [card] = bot_messages(world, DEV)
    assert ("High" in str(card["blocks"]), "`hot`" in str(card["blocks"])) == (True, True)
    [line] = replies(world, DEV, card["ts"])
    assert ["High" in line.split("\n")[0], "hot" in line.split("\n")[1]] == [True, True]
    world.jira.edit(key, ADA, priority="Low")
    world.settle()
    assert len(replies(world, DEV, card["ts"])) == 2


def test_a_card_that_is_there_changes_at_night_without_a_word(on_both_jiras: World) -> None:
    world = on_both_jiras
    subscribe(world, DEV, quiet_hours=NIGHT)
    at(world, 12)
    key = world.jira.create("OPS", "Bug", "Door stuck")
    world.settle()
    at(world, 23)
    world.jira.edit(key, ADA, priority="High")
    world.settle()
    [card] = bot_messages(world, DEV)
    assert ("High" in str(card["blocks"]), replies(world, DEV, card["ts"])) == (True, [])
    at(world, 7, 1)
    assert ["High" in line for line in replies(world, DEV, card["ts"])] == [True]


@on_sqlite
def test_an_event_told_by_two_deliveries_is_told_once_though_the_night_ends_between_them(world: World) -> None:
    subscribe(world, DEV, quiet_hours=NIGHT)
    key = world.jira.create("OPS", "Bug", "Door stuck")
    world.settle()
    at(world, 6, 59)
    world.jira.edit(key, ADA, priority="High")
    world.settle()
    world.jira.redeliver(2)
    world.advance(120)
    [card] = bot_messages(world, DEV)
    assert len(replies(world, DEV, card["ts"])) == 1


def test_threads_that_people_opened_are_not_silenced(on_both_jiras: World) -> None:
    world = on_both_jiras
    subscribe(world, GENERAL, quiet_hours=NIGHT)
    at(world, 22)
    key, ts = ticket(world)
    world.jira.edit(key, ADA, priority="High")
    world.settle()
    assert "High" in replies(world, GENERAL, ts)[-1]


@on_sqlite
def test_where_one_of_several_is_not_quiet_it_is_told_at_once(world: World) -> None:
    subscribe(world, DEV, name="night", quiet_hours=NIGHT)
    subscribe(world, DEV, name="day", filters={"priority": {"any": ["Highest"]}})
    at(world, 22)
    world.jira.create("OPS", "Bug", "calm")
    world.jira.create("OPS", "Bug", "burning", priority="Highest")
    world.settle()
    assert ["burning" in text for text in texts(world)] == [True]
    at(world, 7, 1)
    assert ["calm" in text for text in texts(world)] == [False, True]
