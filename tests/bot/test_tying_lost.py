"""A tie whose calls lose their answers is one card and one link all the same; on both Jiras."""

import pytest

from sandbox.slack import BOT_USER, GENERAL, MEMBER
from tests.world import World


@pytest.mark.parametrize("call", ["createOrUpdateRemoteIssueLink", "getIssue", "chat.postMessage"])
def test_a_lost_answer_leaves_one_card_and_one_link(on_both_jiras: World, call: str) -> None:
    world = on_both_jiras
    world.give_account(MEMBER)
    world.jira.create("OPS", "Bug", "Printer is on fire")
    ts = world.slack.say(MEMBER, GENERAL, "The printer smells")
    world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> link OPS-1", thread_ts=ts)
    (world.slack if "." in call else world.jira).fault(call, kind="reset", after=True)
    world.settle()
    for _ in range(4):
        world.advance(world.settings.connect_settle_seconds + 1)
    cards = [message for message in world.slack.thread(GENERAL, ts) if message.get("bot_id")]
    assert (len(cards), len(world.jira.issues["OPS-1"].links)) == (1, 1)
    assert {row["status"] for row in world.rows("integrations")} == {"completed"}


def test_an_unlink_whose_answer_was_lost_is_over(on_both_jiras: World) -> None:
    world = on_both_jiras
    world.give_account(MEMBER)
    world.jira.create("OPS", "Bug", "Printer is on fire")
    world.slack.command(MEMBER, GENERAL, "/jira", "link OPS-1")
    world.settle()
    world.jira.fault("deleteRemoteIssueLinkByGlobalId", kind="reset", after=True)
    world.slack.command(MEMBER, GENERAL, "/jira", "unlink OPS-1")
    world.settle()
    for _ in range(4):
        world.advance(world.settings.connect_settle_seconds + 1)
    assert world.jira.issues["OPS-1"].links == []
    assert [row for row in world.rows("mappings") if row["mapping_type"] == "thread"] == []
