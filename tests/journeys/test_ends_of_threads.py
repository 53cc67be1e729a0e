"""What ends or moves a thread: settings, moved and deleted issues, deleted cards and messages, archived channels."""

from sandbox.slack import ADMIN, BOT_USER, DEV, GENERAL, MEMBER
from tests.journeys.test_jira_to_slack import bot_messages, replies, subscribe
from tests.journeys.threads import all_done, comments, said, ticket, told, world
from tests.world import World

__all__ = ["world"]


def typed(world: World, text: str, channel: str = GENERAL) -> str:
    return world.slack.command(MEMBER, channel, "/jira", text).body["text"]


def talk(world: World, key: str, ts: str, channel: str = GENERAL) -> tuple[list[str], list[str]]:
    """A reply, a comment and a change; what Jira and the thread have then."""
    world.slack.say(MEMBER, channel, "from Slack", thread_ts=ts)
    world.jira.comment(key, "Grace Hopper", "from Jira")
    world.jira.edit(key, "Grace Hopper", priority="High")
    world.settle()
    return comments(world, key), said(world, ts, channel)


# --- what goes through -----------------------------------------------------------------------------------------------

FROM_SLACK = "Mia Member (in Slack):\n\nfrom Slack"
HEARD = ["*Grace Hopper* commented:\nfrom Jira", "*Grace Hopper* changed *Priority*: Medium → High"]


def test_a_link_goes_both_ways_unless_told_otherwise(world: World) -> None:
    key, ts = ticket(world)
    assert typed(world, f"sync {key}") == (
        "OPS-1 in this channel: replies become comments, and what happens in Jira is told here."
    )
    jira, slack = talk(world, key, ts)
    assert (sorted(jira), slack) == ([FROM_SLACK, "from Jira"], HEARD)


def test_only_to_jira_tells_nothing_in_the_thread_but_keeps_the_card_live(world: World) -> None:
    key, ts = ticket(world)
    assert "nothing is told here" in typed(world, f"sync {key.lower()} to-jira")
    jira, slack = talk(world, key, ts)
    assert (sorted(jira), slack) == ([FROM_SLACK, "from Jira"], [])
    assert "High" in str(world.slack.thread(GENERAL, ts)[1]["blocks"])


def test_only_to_slack_leaves_jira_without_replies_their_edits_and_deletions(world: World) -> None:
    key, ts = ticket(world)
    first = world.slack.say(MEMBER, GENERAL, "before", thread_ts=ts)
    world.settle()
    typed(world, f"sync {key} to-slack")
    assert talk(world, key, ts) == (["Mia Member (in Slack):\n\nbefore", "from Jira"], HEARD)
    world.slack.edit(GENERAL, first, "after")
    world.slack.delete(GENERAL, first)
    world.settle()
    assert comments(world, key)[0] == "Mia Member (in Slack):\n\nbefore"


def test_off_lets_nothing_through_until_it_is_both_again(world: World) -> None:
    key, ts = ticket(world)
    assert "the card changes" in typed(world, f"sync {key} OFF")
    assert talk(world, key, ts) == (["from Jira"], [])
    typed(world, f"sync {key} both")
    world.slack.say(MEMBER, GENERAL, "again", thread_ts=ts)
    world.settle()
    assert comments(world, key) == ["from Jira", "Mia Member (in Slack):\n\nagain"]


def test_nonsense_after_sync_is_answered_with_what_is_possible(world: World) -> None:
    key, _ = ticket(world)
    usage = "Name an issue and what goes through: `/jira sync OPS-1 both`, `to-jira`, `to-slack` or `off`."
    assert [typed(world, f"sync {text}") for text in ("", "printer", f"{key} sideways")] == [usage] * 3
    assert typed(world, f"sync {key} off", DEV) == "OPS-1 has no thread in this channel."


# --- the issue -------------------------------------------------------------------------------------------------------


def test_a_moved_issue_shows_its_new_key_says_so_once_and_is_still_one_conversation(world: World) -> None:
    key, ts = ticket(world)
    reply = world.slack.say(MEMBER, GENERAL, "before", thread_ts=ts)
    world.settle()
    moved = world.jira.move(key, "WEB")
    world.settle()
    assert [f"*Key*: {key} → {moved}" in text for text in said(world, ts)] == [True]
    assert world.slack.thread(GENERAL, ts)[1]["text"].startswith(f"{moved}: ")
    world.slack.edit(GENERAL, reply, "before, edited")
    world.slack.say(MEMBER, GENERAL, "after", thread_ts=ts)
    world.jira.comment(moved, "Grace Hopper", "from Jira")
    world.settle()
    assert sorted(comments(world, moved)) == [
        "Mia Member (in Slack):\n\nafter", "Mia Member (in Slack):\n\nbefore, edited", "from Jira",
    ]  # fmt: skip
    assert said(world, ts)[1:] == ["*Grace Hopper* commented:\nfrom Jira"]
    (link,) = world.rows("mappings", "&mapping_type=thread")
    assert link["target_id"] == moved
    all_done(world)


def test_a_reply_to_a_deleted_issue_stays_in_slack_and_its_author_is_told_once(world: World) -> None:
    key, ts = ticket(world)
    world.jira.delete(key, "Grace Hopper")
    world.settle()
    assert said(world, ts) == [f"*Grace Hopper* deleted {key}"]
    for text in ("why?", "really?"):
        world.slack.say(MEMBER, GENERAL, text, thread_ts=ts)
    world.slack.say(ADMIN, GENERAL, "I know", thread_ts=ts)
    world.settle()
    sentence = f"{key} was deleted in Jira, so what you write here stays in Slack."
    assert (told(world), told(world, ADMIN)) == ([sentence], [sentence])
    assert world.jira.calls_to("addComment") == []
    all_done(world)


def test_a_deletion_that_connect_never_heard_of_is_told_to_each_author_once(world: World) -> None:
    key, ts = ticket(world)
    world.jira.target = ""
    world.jira.delete(key, "Grace Hopper")
    for text in ("why?", "really?"):
        world.slack.say(MEMBER, GENERAL, text, thread_ts=ts)
    world.settle()
    assert [f"Your reply did not reach {key}." in text for text in told(world)] == [True]


# --- cards and messages ----------------------------------------------------------------------------------------------


def test_a_card_deleted_from_a_peoples_thread_is_not_drawn_again_and_the_talk_goes_on(world: World) -> None:
    key, ts = ticket(world)
    world.slack.delete(GENERAL, world.slack.thread(GENERAL, ts)[1]["ts"])
    world.settle()
    world.slack.say(MEMBER, GENERAL, "from Slack", thread_ts=ts)
    world.jira.comment(key, "Grace Hopper", "from Jira")
    world.settle()
    bots = [message["text"] for message in world.slack.thread(GENERAL, ts) if message.get("bot_id")]
    assert bots == ["*Grace Hopper* commented:\nfrom Jira"]
    assert sorted(comments(world, key)) == [FROM_SLACK, "from Jira"]
    all_done(world)


def test_a_deleted_card_of_a_subscription_stays_away_and_so_does_its_issue(world: World) -> None:
    subscribe(world, DEV)
    key = world.jira.create("OPS", "Bug", "Door stuck")
    world.settle()
    world.jira.comment(key, "Grace Hopper", "first")
    world.settle()
    (card,) = bot_messages(world, DEV)
    world.slack.delete(DEV, card["ts"])
    world.settle()
    before = world.slack.channels[DEV].messages[:]
    world.jira.edit(key, "Grace Hopper", priority="High")
    world.jira.comment(key, "Grace Hopper", "second")
    world.settle()
    assert world.slack.channels[DEV].messages == before
    world.jira.create("OPS", "Bug", "Window stuck")
    world.settle()
    assert ["Window stuck" in message["text"] for message in bot_messages(world, DEV)[-1:]] == [True]
    all_done(world)


def test_a_card_deleted_while_connect_heard_nothing_is_let_go_at_the_next_event(world: World) -> None:
    subscribe(world, DEV)
    key = world.jira.create("OPS", "Bug", "Door stuck")
    world.settle()
    world.slack.target = ""
    world.slack.delete(DEV, bot_messages(world, DEV)[0]["ts"])
    for priority in ("High", "Low"):
        world.jira.edit(key, "Grace Hopper", priority=priority)
        world.settle()
    assert world.slack.channels[DEV].messages == []
    assert len(world.slack.calls_to("chat.update")) == 1
    all_done(world)


def test_a_deleted_card_is_noticed_though_slack_was_silent_when_connect_started(world: World) -> None:
    subscribe(world, DEV)
    key = world.jira.create("OPS", "Bug", "Door stuck")
    world.settle()
    vars(world.services.workspace)["_identity"] = None  # as in a process that has just started
    world.slack.fault("auth.test", status=503)
    world.slack.delete(DEV, bot_messages(world, DEV)[0]["ts"])
    world.settle()
    world.advance(6)
    world.jira.edit(key, "Grace Hopper", priority="High")
    world.settle()
    assert (world.slack.channels[DEV].messages, world.slack.calls_to("chat.update")) == ([], [])
    all_done(world)


def test_a_thread_whose_first_message_is_deleted_says_goodbye_once_and_ends(world: World) -> None:
    key, ts = ticket(world)
    world.slack.delete(GENERAL, ts)
    world.settle()
    farewell = f"The message that began this thread was deleted, so I no longer connect it with {key}."
    assert said(world, ts) == [farewell]
    assert talk(world, key, ts) == (["from Jira"], [farewell])
    all_done(world)


# --- the channel -----------------------------------------------------------------------------------------------------


def test_an_archived_channel_is_left_alone_and_who_subscribed_it_is_told_once(world: World) -> None:
    world.slack.command(MEMBER, GENERAL, "/jira", "subscribe OPS created updated commented deleted")
    key, ts = ticket(world)
    world.slack.archive(ADMIN, GENERAL)
    world.settle()
    before, posts = replies(world, GENERAL, ts), len(world.slack.calls_to("chat.postMessage"))
    for number in range(5):
        world.jira.comment(key, "Grace Hopper", f"comment {number}")
        world.settle()
    assert replies(world, GENERAL, ts) == before
    assert len(world.slack.calls_to("chat.postMessage")) == posts
    told_of_it = [message["text"] for message in world.slack.direct(MEMBER).messages]
    assert [f"I stopped posting *OPS* to <#{GENERAL}>: the channel is archived." in text for text in told_of_it] == [
        True
    ]
    world.slack.archive(ADMIN, GENERAL, back=True)
    world.settle()
    world.jira.comment(key, "Grace Hopper", "welcome back")
    world.settle()
    assert replies(world, GENERAL, ts)[-1] == "*Grace Hopper* commented:\nwelcome back"
    all_done(world)


def test_a_channel_archived_while_connect_heard_nothing_refuses_once_and_is_left_alone(world: World) -> None:
    key, ts = ticket(world)
    world.slack.target = ""
    world.slack.archive(ADMIN, GENERAL)
    for number in range(3):
        world.jira.comment(key, "Grace Hopper", f"comment {number}")
        world.settle()
    failed = [row["operation"] for row in world.rows("integrations", "&status=failed")]
    assert "post_message" in failed
    assert len(failed) <= 2
    world.slack.target = world.url
    world.slack.archive(ADMIN, GENERAL, back=True)
    world.slack.say(MEMBER, GENERAL, "back again", thread_ts=ts)
    world.settle()
    world.jira.comment(key, "Grace Hopper", "welcome back")
    world.settle()
    assert said(world, ts) == ["*Grace Hopper* commented:\nwelcome back"]


# --- after the end ---------------------------------------------------------------------------------------------------


def test_a_thread_that_was_closed_does_not_stand_in_the_way_of_a_new_one(world: World) -> None:
    key, ts = ticket(world)
    world.give_account(MEMBER)
    world.slack.delete(GENERAL, ts)
    world.settle()
    world.slack.command(MEMBER, GENERAL, "/jira", f"link {key}")
    world.settle()
    assert told(world) == []
    new = bot_messages(world, GENERAL)[-1]["ts"]
    _, slack = talk(world, key, new)
    assert (slack, sorted(comments(world, key))) == (HEARD, [FROM_SLACK, "from Jira"])
    assert len(said(world, ts)) == 1
    typed_again = world.slack.command(MEMBER, GENERAL, "/jira", f"unlink {key}").body
    world.settle()
    assert (typed_again, "ended the link" in said(world, new)[-1]) == ("", True)
    all_done(world)


def test_after_a_deleted_card_of_a_subscription_the_issue_can_be_linked_anew(world: World) -> None:
    subscribe(world, DEV)
    key = world.jira.create("OPS", "Bug", "Door stuck")
    world.give_account(MEMBER)
    world.settle()
    world.slack.delete(DEV, bot_messages(world, DEV)[0]["ts"])
    world.settle()
    world.slack.command(MEMBER, DEV, "/jira", f"link {key}")
    world.settle()
    world.jira.comment(key, "Grace Hopper", "from Jira")
    world.settle()
    assert replies(world, DEV, bot_messages(world, DEV)[-1]["ts"]) == ["*Grace Hopper* commented:\nfrom Jira"]


def test_the_same_thread_can_be_linked_again_after_it_and_another_were_closed(world: World) -> None:
    subscribe(world, DEV)
    key, ts = ticket(world)
    world.give_account(MEMBER)
    world.slack.say(ADMIN, GENERAL, "oh no", thread_ts=ts)
    world.slack.delete(GENERAL, ts)
    world.settle()
    world.slack.command(MEMBER, GENERAL, "/jira", f"link {key}")
    world.settle()
    world.slack.delete(GENERAL, bot_messages(world, GENERAL)[-1]["ts"])
    world.settle()
    world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> link {key}", thread_ts=ts)
    world.settle()
    world.jira.comment(key, "Grace Hopper", "from Jira")
    world.settle()
    assert replies(world, GENERAL, ts)[-1] == "*Grace Hopper* commented:\nfrom Jira"
