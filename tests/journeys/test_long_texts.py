"""What is longer than Jira takes: nothing that was typed is lost, on both Jiras.

A message is cut with a line that leads to it; what was typed for Jira alone is given back.
"""

import pytest

from sandbox.slack import BOT_USER, GENERAL, MEMBER
from tests.journeys import doing
from tests.journeys.doing import account, card, issue, press, send, shown, told, type_
from tests.world import World

world = doing.world

LIMIT = 32_767
LONG = "the printer burns again and again, " * 1000  # 35,000 characters
REST = "… The whole text is"


def size(world: World, text: str) -> str:
    return f"This is {len(text.strip()):,} characters long, and Jira takes no more than"


def test_a_comment_of_25000_characters_arrives_whole(world: World) -> None:
    account(world)
    words = LONG[:25_000].strip()
    type_(world, f"comment OPS-1 {words}")
    (comment,) = issue(world).comments
    assert comment.text.endswith(words)
    assert told(world) == ["Your comment is on OPS-1."]


def test_a_comment_that_is_too_long_for_jira_is_given_back(world: World) -> None:
    account(world)
    type_(world, f"comment OPS-1 {LONG}")
    assert issue(world).comments == []
    (answer,) = told(world)
    assert answer.startswith(f"Your comment did not reach OPS-1. {size(world, LONG)}")
    blocks = world.slack.responses[-1]["body"]["blocks"]
    back = "".join(block["text"]["text"] for block in blocks[1:-1]).removeprefix("You wrote: ")
    assert LONG.startswith(back)
    assert len(back) == 4 * 2900


def test_a_form_that_holds_too_much_comes_back_with_it(world: World) -> None:
    account(world)
    press(world, "jira_comment")
    send(world, comment=LONG)
    world.settle()
    assert size(world, LONG) in shown(world)
    assert doing.held(world, "comment").strip() == LONG.strip()
    assert issue(world).comments == []


def test_an_issue_that_is_too_long_is_not_created_and_given_back(world: World) -> None:
    world.slack.command(MEMBER, GENERAL, "/jira", f"create Printer\n{LONG}")
    world.settle()
    assert list(world.jira.issues) == ["OPS-1"]
    assert "The issue was not created. This is 35," in told(world)[-1]


def test_a_long_reply_becomes_a_comment_that_leads_to_the_whole_of_it(world: World) -> None:
    place = world.slack.say(MEMBER, GENERAL, LONG, thread_ts=card(world)["ts"])
    world.settle()
    (comment,) = issue(world).comments
    link = f"/archives/{GENERAL}/p{place.replace('.', '')}"
    assert LIMIT - 400 < len(comment.text) <= LIMIT
    assert REST in comment.text
    assert link in str(comment.body)
    world.slack.edit(GENERAL, place, f"{LONG} and again")
    world.settle()
    (comment,) = issue(world).comments
    assert (len(comment.text) <= LIMIT, REST in comment.text) == (True, True)


@pytest.mark.parametrize("letter", ["a", "*"])
def test_an_issue_from_a_long_message_leads_to_the_whole_of_it(world: World, letter: str) -> None:
    place = world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> create bug in OPS: Printer\n{(letter * 9 + ' ') * 3800}")
    world.settle()
    made = world.jira.issues["OPS-2"]
    assert REST in made.text
    assert f"/archives/{GENERAL}/p{place.replace('.', '')}" in str(made.description)


def test_a_request_by_rest_that_is_too_long_is_refused_at_the_door(world: World) -> None:
    payload = {"issue": "OPS-1", "message": LONG}
    body = {"source_service": "slack", "target_service": "jira", "event_type": "add_comment", "payload": payload}
    answer = world.call("POST", "/api/v1/integrations", body)
    assert (answer.status_code, answer.json()["error"]["message"]) == (
        422, "message: String should have at most 32767 characters",
    )  # fmt: skip
