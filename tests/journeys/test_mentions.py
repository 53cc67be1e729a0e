"""Mentions go to the other side's person, if it is known who that is; whatever is typed stays text."""

from typing import Any

from sandbox.slack import ADMIN, GENERAL, MEMBER
from tests.journeys.threads import comments, said, ticket, world
from tests.world import World

__all__ = ["world"]


def mentioning(world: World, who: Any, *, text: str = " look") -> Any:
    """A comment's body that mentions a Jira user, as this Jira keeps it."""
    if not world.jira.cloud:
        return f"[~{who.name}]{text}"
    mention = {"type": "mention", "attrs": {"id": who.account_id, "text": f"@{who.display}"}}
    return {"type": "doc", "version": 1, "content": [
        {"type": "paragraph", "content": [mention, {"type": "text", "text": text}]},
    ]}  # fmt: skip


def test_a_mention_in_a_reply_notifies_the_persons_account(world: World) -> None:
    key, ts = ticket(world)
    user = world.give_account(MEMBER)
    world.slack.say(ADMIN, GENERAL, f"<@{MEMBER}> and <@{ADMIN}> and <!here>, see [~{user.name}]", thread_ts=ts)
    world.settle()
    (comment,) = world.jira.issues[key].comments
    if world.jira.cloud:
        assert str(comment.body).count("'mention'") == 1
        assert {"type": "mention", "attrs": {"id": user.account_id, "text": "@Mia Member"}} in (
            comment.body["content"][1]["content"]
        )
        assert comments(world, key) == [
            f"Ada Admin (in Slack):\n\n@Mia Member and @Ada Admin and @here, see [~{user.name}]"
        ]
    else:
        assert comments(world, key) == [
            f"Ada Admin (in Slack):\n\n[~{user.name}] and @Ada Admin and @here, see \\[\\~{user.name}\\]"
        ]


def test_a_mention_in_a_comment_is_one_of_the_person_in_slack_with_that_address(world: World) -> None:
    key, ts = ticket(world)
    user = world.give_account(MEMBER)
    world.jira.comment(key, "Grace Hopper", mentioning(world, user))
    world.jira.comment(key, "Grace Hopper", mentioning(world, world.jira.person("Ada Lovelace")))
    world.settle()
    assert said(world, ts) == [
        f"*Grace Hopper* commented:\n<@{MEMBER}> look", "*Grace Hopper* commented:\n@Ada Lovelace look",
    ]  # fmt: skip


def test_what_looks_like_a_mention_in_a_clouds_comment_pings_nobody(world: World) -> None:
    key, ts = ticket(world)
    user = world.give_account(MEMBER)
    world.jira.comment(key, "Grace Hopper", f"[~accountid:{user.account_id}] <@{MEMBER}> <!channel> @here look")
    world.settle()
    (text,) = said(world, ts)
    assert f"<@{MEMBER}>" not in text
    assert f"&lt;@{MEMBER}&gt; &lt;!channel&gt; @here look" in text


def test_without_jiras_or_slacks_answer_a_name_will_do(world: World) -> None:
    key, ts = ticket(world)
    user = world.give_account(MEMBER)
    world.jira.fault("getUser", status=500)
    world.jira.comment(key, "Grace Hopper", mentioning(world, user))
    world.settle()
    assert said(world, ts) == [f"*Grace Hopper* commented:\n@{'someone' if world.jira.cloud else user.name} look"]


def test_an_edited_mention_is_translated_too(world: World) -> None:
    key, ts = ticket(world)
    world.give_account(MEMBER)
    reply = world.slack.say(ADMIN, GENERAL, "look", thread_ts=ts)
    world.settle()
    world.slack.edit(GENERAL, reply, f"<@{MEMBER}>, look")
    world.settle()
    body = str(world.jira.issues[key].comments[0].body)
    assert ("'mention'" if world.jira.cloud else "[~mia], look") in body
