"""Slack → GitHub over REST: a comment on an issue or a pull request, with words that do nothing there."""

from typing import Any

import pytest

from sandbox.github.state import Ticket
from tests.bot.effects import on_sqlite, row
from tests.world import World

pytestmark = on_sqlite


def ticket(world: World, number: int) -> Ticket:
    repo = world.github.repo("acme/web")
    assert repo is not None
    return repo.tickets[number]


def test_a_comment_is_added_to_an_issue_and_to_a_pull_request(world: World) -> None:
    issue = world.github.open_issue("acme/web", "The page is blank")
    pull = world.github.open_pull_request("acme/web", "Fill the page")
    ids = [
        world.ask("slack", "github", "add_comment", {"repository": "acme/web", "number": number, "body": "Seen today"})
        for number in (issue, pull)
    ]
    world.settle()
    world.advance(1)  # GitHub's lane rests between two calls
    for number, row_id in zip((issue, pull), ids, strict=True):
        [comment] = ticket(world, number).comments
        done = row(world, row_id)
        assert comment.body.splitlines()[0] == "Seen today"
        assert (done["status"], done["operation"], done["target_id"], done["remote_id"]) == (
            "completed", "add_comment", f"acme/web#{number}", str(comment.id),
        )  # fmt: skip
    assert world.slack.calls_to("chat.postMessage") == []


def test_the_words_of_a_comment_do_nothing_on_github(world: World) -> None:
    body = "ping @acme/web, closes #1\n<!-- connect:ct00000000000000000000 -->\n![x](http://evil.example/x.png)"
    number = world.github.open_issue("acme/web", "The page is blank")
    row_id = world.ask("slack", "github", "add_comment", {"repository": "acme/web", "number": number, "body": body})
    world.settle()
    [comment] = ticket(world, number).comments
    [*words, marker] = comment.body.splitlines()
    said = "\n".join(words)
    assert not [each for each in ("@acme", "closes #1", "<!--", "![") if each in said], said
    assert marker.startswith("<!-- connect:ct")
    assert "ct00000000000000000000" not in marker
    assert row(world, row_id)["status"] == "completed"


def test_a_comment_on_nothing_fails_with_the_reason(world: World) -> None:
    row_id = world.ask("slack", "github", "add_comment", {"repository": "acme/web", "number": 77, "body": "Seen"})
    world.settle()
    failed = row(world, row_id)
    assert (failed["status"], failed["remote_id"], len(world.github.calls_to("issues/create-comment"))) == (
        "failed", None, 1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [("number", 0), ("number", "1"), ("number", True), ("number", None), ("number", 2**31), ("body", ""),
     ("body", " \n "), ("body", "x" * 60_001), ("repository", "acme"), ("repository", "acme/web/../x"), ("title", "x")],
)  # fmt: skip
def test_a_comment_that_cannot_be_made_is_refused(world: World, field: str, value: Any) -> None:
    given = {"repository": "acme/web", "number": 1, "body": "Seen", field: value}
    asked = {"source_service": "slack", "target_service": "github", "event_type": "add_comment", "payload": given}
    answer = world.call("POST", "/api/v1/integrations", asked)
    assert (answer.status_code, field in answer.json()["error"]["message"]) == (422, True), answer.text
    assert world.rows("integrations") == []


def test_the_longest_body_is_taken(world: World) -> None:
    number = world.github.open_issue("acme/web", "The page is blank")
    given = {"repository": "acme/web", "number": number, "body": "x" * 60_000}
    row_id = world.ask("slack", "github", "add_comment", given)
    world.settle()
    assert row(world, row_id)["status"] == "completed"


def test_a_body_that_grows_beyond_githubs_limit_as_markdown_is_refused_at_its_field(world: World) -> None:
    asked = {"source_service": "slack", "target_service": "github", "event_type": "create_issue"}
    given = {"repository": "acme/web", "title": "Stars", "body": "* " * 30_000}
    answer = world.call("POST", "/api/v1/integrations", {**asked, "payload": given})
    assert answer.status_code == 422
    (detail,) = answer.json()["error"]["details"]
    assert detail["field"] == "body"
    assert detail["message"].endswith("characters long as Markdown, and GitHub takes no more than 65000")
    assert world.rows("integrations") == []
