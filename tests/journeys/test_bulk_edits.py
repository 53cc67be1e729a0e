"""Bulk edits: what one person changes alike in many issues is one message of the channel."""

from sandbox.slack import BOT_USER, DEV, MEMBER
from tests.bot.effects import on_sqlite
from tests.journeys.test_jira_to_slack import bot_messages, replies, subscribe
from tests.journeys.test_subscription_manners import ADA, GRACE, at, texts
from tests.world import World


def edited(world: World, keys: list[str], by: str = ADA, **fields: str) -> None:
    for key in keys:
        world.jira.edit(key, by, **fields)
    world.settle()


def issues(world: World, count: int) -> list[str]:
    keys = [world.jira.create("OPS", "Bug", f"Door {number}") for number in range(1, count + 1)]
    world.settle()
    return keys


def named(world: World, key: str, summary: str) -> str:
    return f"<{world.jira.url}/browse/{key}|{key}: {summary}>"


def test_a_bulk_edit_is_one_message_after_the_first_two(on_both_jiras: World) -> None:
    world = on_both_jiras
    keys = issues(world, 30)
    subscribe(world, DEV)
    edited(world, keys, priority="High")
    assert texts(world) == [f"{key}: Door {number} (To Do)" for number, key in enumerate(keys[:2], 1)]
    world.advance(6)
    world.settle()
    told = texts(world)[2:]
    lines = [f"• {named(world, key, f'Door {number}')}  ·  changed *Priority*: Medium → High"
             for number, key in enumerate(keys[2:22], 3)]  # fmt: skip
    assert told == ["\n".join(["*Ada Lovelace* changed 28 issues:", *lines, "and 8 more"])]


def test_issues_that_have_threads_are_told_there_and_aloud_but_once(on_both_jiras: World) -> None:
    world = on_both_jiras
    subscribe(world, DEV, broadcast=["priority"])
    keys = issues(world, 5)
    edited(world, keys, priority="High")
    world.advance(6)
    world.settle()
    cards = bot_messages(world, DEV)
    assert [replies(world, DEV, card["ts"]) for card in cards[:5]] == [
        ["*Ada Lovelace* changed *Priority*: Medium → High"]
    ] * 5
    sent = [call.body for call in world.slack.calls_to("chat.postMessage") if call.body.get("thread_ts")]
    assert [bool(body.get("reply_broadcast")) for body in sent] == [True, True, False, False, False]
    assert cards[5]["text"].startswith("*Ada Lovelace* changed 3 issues:\n")


@on_sqlite
def test_a_message_of_one_issue_reads_like_any_other(world: World) -> None:
    keys = issues(world, 3)
    subscribe(world, DEV)
    edited(world, keys, priority="High")
    world.advance(6)
    world.settle()
    assert (
        texts(world)[2] == f"{named(world, keys[2], 'Door 3')}  ·  changed *Priority*: Medium → High (*Ada Lovelace*)"
    )


@on_sqlite
def test_others_other_changes_and_later_ones_are_told_for_themselves(world: World) -> None:
    keys = issues(world, 8)
    subscribe(world, DEV)
    edited(world, keys[:2], priority="High")
    edited(world, keys[2:4], by=GRACE, priority="High")
    edited(world, keys[4:6], due="2026-12-24")
    world.advance(20)
    edited(world, keys[6:], priority="High")
    assert len(texts(world)) == 8


@on_sqlite
def test_a_long_bulk_edit_is_told_once_a_minute_and_loses_none(world: World) -> None:
    keys = issues(world, 60)
    subscribe(world, DEV)
    for key in keys:
        edited(world, [key], priority="High")
        world.advance(2)
        world.settle()
    world.advance(6)
    world.settle()
    counts = [int(text.split(" issues:")[0].rsplit(" ", 1)[1]) for text in texts(world)[2:]]
    assert (len(counts), sum(counts)) == (2, 58)


@on_sqlite
def test_a_bulk_edit_of_the_night_is_one_message_in_the_morning(world: World) -> None:
    keys = issues(world, 6)
    subscribe(world, DEV, quiet_hours={"from": "20:00", "to": "07:00", "timezone": "UTC"})
    at(world, 23)
    edited(world, keys, priority="High")
    world.advance(60)
    world.settle()
    assert texts(world) == []
    at(world, 7, 1)
    world.settle()
    assert len(texts(world)) == 3


def test_threads_that_people_opened_hear_it_each_and_the_channel_but_once(on_both_jiras: World) -> None:
    world = on_both_jiras
    subscribe(world, DEV, events=["priority"], broadcast=["priority"])
    threads = [world.slack.say(MEMBER, DEV, f"<@{BOT_USER}> create: Door {number}") for number in range(1, 6)]
    world.settle()
    edited(world, list(world.jira.issues), priority="High")
    world.advance(6)
    world.settle()
    for ts in threads:
        assert replies(world, DEV, ts)[1:] == [f"*{ADA}* changed *Priority*: Medium → High"]
    sent = [call.body for call in world.slack.calls_to("chat.postMessage") if "changed *Priority*" in call.body["text"]]
    assert [bool(body.get("reply_broadcast")) for body in sent] == [True, True, False, False, False, False]
    assert [body["text"].partition("\n")[0] for body in sent if not body.get("thread_ts")] == [
        f"*{ADA}* changed 3 issues:"
    ]


@on_sqlite
def test_threads_of_people_without_broadcasts_are_no_bulk_edit_of_the_channel(world: World) -> None:
    threads = [world.slack.say(MEMBER, DEV, f"<@{BOT_USER}> create: Door {number}") for number in range(1, 6)]
    world.settle()
    edited(world, list(world.jira.issues), priority="High")
    world.advance(6)
    assert [len(replies(world, DEV, ts)) for ts in threads] == [2] * 5
    assert [call for call in world.slack.calls_to("chat.postMessage") if not call.body.get("thread_ts")] == []


@on_sqlite
def test_a_file_for_each_of_many_issues_is_no_bulk_edit(world: World) -> None:
    subscribe(world, DEV, events=["created", "attachments"], broadcast=["attachments"])
    keys = issues(world, 4)
    for key in keys:
        world.jira.attach(key, ADA, "log.txt", b"it burns")
    world.settle()
    world.advance(6)
    cards = [
        card["ts"] for card in bot_messages(world, DEV) if not card.get("thread_ts") or card["thread_ts"] == card["ts"]
    ]
    files = [file["name"] for ts in cards for reply in world.slack.thread(DEV, ts) for file in reply.get("files", ())]
    assert (len(cards), files) == (4, ["log.txt"] * 4)
