"""Two-way threads of another Jira's issues: edits, deletions and mentions go both ways, and to that Jira only."""

from typing import Any

from sandbox.jira import JiraStandIn
from sandbox.jira.model import User
from sandbox.slack import ADMIN, BOT_USER, GENERAL, MEMBER
from tests.journeys.test_sites import eu, world
from tests.journeys.threads import all_done, said
from tests.world import World

__all__ = ["eu", "world"]


def thread(world: World, eu: JiraStandIn) -> str:
    """SHOP-1 of the second Jira, made from a message: its thread's ts. The main Jira has an issue with the same id."""
    world.jira.create("OPS", "Bug", "Door stuck")
    ts = world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> create bug in SHOP: the cart is empty")
    world.settle()
    assert list(eu.issues) == ["SHOP-1"]
    return ts


def texts(eu: JiraStandIn) -> list[str]:
    return [note.text.replace("*", "") for note in eu.issues["SHOP-1"].comments]


def nothing_elsewhere(world: World) -> None:
    assert [issue.comments for issue in world.jira.issues.values()] == [[]]
    all_done(world)


def test_edits_and_deletions_of_replies_go_to_their_site(world: World, eu: JiraStandIn) -> None:
    ts = thread(world, eu)
    reply = world.slack.say(ADMIN, GENERAL, "I emptyed it", thread_ts=ts)
    world.settle()
    world.slack.edit(GENERAL, reply, "I emptied it")
    world.settle()
    assert texts(eu) == ["Ada Admin (in Slack):\n\nI emptied it"]
    world.slack.delete(GENERAL, reply)
    world.settle()
    assert (texts(eu), said(world, ts)) == ([], [])
    nothing_elsewhere(world)


def test_edits_and_deletions_of_comments_come_from_their_site(world: World, eu: JiraStandIn) -> None:
    ts = thread(world, eu)
    first, second = (eu.comment("SHOP-1", "Grace Hopper", text) for text in ("first", "second"))
    world.settle()
    eu.edit_comment("SHOP-1", first, "first, edited")
    world.settle()
    assert said(world, ts) == [
        "*Grace Hopper* commented (edited):\nfirst, edited", "*Grace Hopper* commented:\nsecond",
    ]  # fmt: skip
    eu.delete_comment("SHOP-1", second)
    world.settle()
    assert said(world, ts) == ["*Grace Hopper* commented (edited):\nfirst, edited"]
    nothing_elsewhere(world)


def test_a_comment_of_the_main_site_with_the_same_id_is_another_one(world: World, eu: JiraStandIn) -> None:
    ts = thread(world, eu)
    note = eu.comment("SHOP-1", "Grace Hopper", "theirs")
    world.settle()
    world.jira.comment("OPS-1", "Ada Lovelace", "ours")
    world.jira.issues["OPS-1"].comments[0].id = note
    world.settle()
    world.jira.delete_comment("OPS-1", note)
    world.settle()
    assert said(world, ts) == ["*Grace Hopper* commented:\ntheirs"]


def person(world: World, eu: JiraStandIn) -> User:
    """Mia's account in the second Jira; in the main one she has none."""
    eu.users.append(User("712020:mia-eu", "mia-eu", "Mia in Europe", world.slack.users[MEMBER]["profile"]["email"]))
    return eu.users[-1]


def test_a_mention_in_a_reply_is_of_the_persons_account_there_in_its_edit_too(world: World, eu: JiraStandIn) -> None:
    ts, mia = thread(world, eu), person(world, eu)
    reply = world.slack.say(ADMIN, GENERAL, f"<@{MEMBER}> look", thread_ts=ts)
    world.settle()
    for words in ("look", "look again"):
        world.slack.edit(GENERAL, reply, f"<@{MEMBER}> {words}")
        world.settle()
        (comment,) = eu.issues["SHOP-1"].comments
        assert _mentions(comment.body) == [mia.account_id] if eu.cloud else f"[~{mia.name}] {words}" in comment.text
    nothing_elsewhere(world)


def _mentions(node: Any) -> list[str]:
    found = [node["attrs"]["id"]] if node.get("type") == "mention" else []
    return found + [ident for child in node.get("content", ()) for ident in _mentions(child)]


def test_a_mention_in_a_comment_there_is_one_of_the_person_in_slack(world: World, eu: JiraStandIn) -> None:
    ts, mia = thread(world, eu), person(world, eu)
    mention = {"type": "mention", "attrs": {"id": mia.account_id, "text": f"@{mia.display}"}}
    adf = {"type": "doc", "version": 1, "content": [
        {"type": "paragraph", "content": [mention, {"type": "text", "text": " look"}]},
    ]}  # fmt: skip
    note = eu.comment("SHOP-1", "Grace Hopper", adf if eu.cloud else f"[~{mia.name}] look")
    world.settle()
    assert said(world, ts) == [f"*Grace Hopper* commented:\n<@{MEMBER}> look"]
    eu.delete_comment("SHOP-1", note)
    world.settle()
    assert said(world, ts) == []
    nothing_elsewhere(world)


def test_files_go_both_ways_and_leave_at_their_site_alone(world: World, eu: JiraStandIn) -> None:
    ts = thread(world, eu)
    ident = eu.attach("SHOP-1", "Grace Hopper", "theirs.txt", b"theirs")
    reply = world.slack.say(MEMBER, GENERAL, "see", thread_ts=ts, files={"ours.txt": b"ours"})
    world.settle()
    assert [each.name for each in eu.issues["SHOP-1"].attachments] == ["theirs.txt", "ours.txt"]
    shown = [file["name"] for message in world.slack.thread(GENERAL, ts) for file in message.get("files", ())]
    assert sorted(shown) == ["ours.txt", "theirs.txt"]
    eu.detach(ident)
    world.slack.delete(GENERAL, reply)
    world.settle()
    assert eu.issues["SHOP-1"].attachments == []
    assert [message for message in world.slack.thread(GENERAL, ts) if message.get("files")] == []
    nothing_elsewhere(world)


def test_an_issue_of_another_site_has_its_own_channel(world: World, eu: JiraStandIn) -> None:
    thread(world, eu)
    person(world, eu)
    world.slack.command(MEMBER, GENERAL, "/jira", "channel SHOP-1")
    world.settle()
    (place,) = [place for place in world.slack.channels.values() if place.creator == BOT_USER]
    assert (place.name, place.members) == ("eu-shop-1-the-cart-is-empty", [BOT_USER, MEMBER])
    assert place.topic == f"SHOP-1 · To Do · {eu.url}/browse/SHOP-1"
    eu.transition("SHOP-1", "Done", "Grace Hopper")
    world.settle()
    message = [message for message in place.messages if message.get("bot_id")][-1]
    world.slack.click(MEMBER, "jira_archive_channel", message=message["ts"])
    world.settle()
    assert place.archived
    nothing_elsewhere(world)
