"""What the page shows of Slack, and what visitors do there."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.page.given import Impossible
from sandbox.page.slack_acts import ACTS
from sandbox.page.slack_shown import as_html, functions, shown
from sandbox.playground import ADA, GRACE, Playground
from sandbox.slack import GENERAL, GUEST, OLD, OUTSIDE


@pytest.fixture
def playground(tmp_path: Path) -> Iterator[Playground]:
    made = Playground(tmp_path, {})
    yield made
    made.close()


def do(playground: Playground, name: str, /, **given: Any) -> Any:
    return ACTS[name](playground, {"user": ADA} | given)


def messages(playground: Playground, channel: str = GENERAL) -> list[dict[str, Any]]:
    return next(each["messages"] for each in shown(playground)["channels"] if each["id"] == channel)


def test_what_is_said_edited_and_reacted_to_is_shown(playground: Playground) -> None:
    ts = do(playground, "say", channel=GENERAL, text="the printer burns")
    do(playground, "say", channel=GENERAL, text="which one?", thread=ts, broadcast=True, user=GRACE)
    do(playground, "edit", channel=GENERAL, message=ts, text="the printer is on fire")
    do(playground, "react", channel=GENERAL, message=ts, name="fire", user=GRACE)
    first, second = messages(playground)
    assert (first["text"], first["edited"]["user"], first["reactions"], first["reply_count"]) == (
        "the printer is on fire", ADA, [{"name": "fire", "users": [GRACE], "count": 1}], 1,
    )  # fmt: skip
    assert (second["text"], second["subtype"]) == ("which one?", "thread_broadcast")
    do(playground, "react", channel=GENERAL, message=ts, name="fire", user=GRACE, back=True)
    do(playground, "delete", channel=GENERAL, message=ts)
    assert (messages(playground)[0]["subtype"], messages(playground)[0]["reactions"]) == ("tombstone", [])


def test_a_file_is_sent_with_or_without_words(playground: Playground) -> None:
    do(playground, "say", channel=GENERAL, text="", files=[{"name": "log.txt", "content": "aGVsbG8="}])
    [file] = messages(playground)[-1]["files"]
    assert (file["name"], file["size"], playground.slack.contents[file["id"]]) == ("log.txt", 5, b"hello")


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("say", {"channel": GENERAL, "text": " "}, "There is nothing to send yet: write something first."),
        ("say", {"channel": GENERAL, "text": "x", "files": [{"name": "a", "content": "?"}]},
         "The file did not arrive whole. Attach it again."),
        ("say", {"channel": OLD, "text": "x"}, "#old is archived. Bring it back to write in it."),
        ("say", {"channel": OUTSIDE, "text": "x", "user": GUEST}, "You are not in #random. Join it first."),
        ("say", {"channel": "C0GONE", "text": "x"}, "This channel is not there any more."),
        ("say", {"channel": GENERAL, "text": "x", "user": "U0GONE"}, "Choose who you are first."),
        ("edit", {"channel": GENERAL, "message": "1.0", "text": "x"}, "This message is not there any more."),
        ("close", {"view": "V0GONE"}, "That is not there any more. Look again at what the pane shows now."),
        ("invite", {"channel": GENERAL, "invited": GRACE}, "Grace Hopper is in #general already."),
        ("step", {"function": "create_jira_issue"},
         "Slack did not do it: Workflow Builder does not take the inputs ['summary']."),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_told_with_a_way_on(
    playground: Playground, name: str, given: dict[str, Any], told: str
) -> None:
    with pytest.raises(Impossible) as caught:
        do(playground, name, **given)
    assert str(caught.value) == told


def test_nobody_changes_what_somebody_else_said(playground: Playground) -> None:
    ts = do(playground, "say", channel=GENERAL, text="mine", user=GRACE)
    with pytest.raises(Impossible, match="Only who wrote a message can change it"):
        do(playground, "edit", channel=GENERAL, message=ts, text="yours")
    assert messages(playground)[0]["text"] == "mine"


def test_a_first_word_to_connect_opens_their_conversation(playground: Playground) -> None:
    do(playground, "say", channel="D" + ADA[1:], text="help")
    assert [each["text"] for each in messages(playground, "D" + ADA[1:])] == ["help"]


def test_a_command_while_connect_is_away_is_told_as_slack_tells_it(playground: Playground) -> None:
    playground.slack.target = "http://127.0.0.1:9"
    assert do(playground, "command", channel=GENERAL, command="/jira", text="mine") == {"trouble": "operation_timeout"}


def test_markdown_is_drawn_and_html_in_it_stays_text() -> None:
    assert as_html("**bold** <b>no</b>\n\n- ~~one~~") == (
        "<p><strong>bold</strong> &lt;b&gt;no&lt;/b&gt;</p>\n<ul>\n<li><s>one</s></li>\n</ul>\n"
    )


def test_steps_are_offered_without_what_only_lists_choices_and_without_who_started_them() -> None:
    behind = {"title": "Projects", "description": "", "input_parameters": {"query": {"type": "string"}}}
    project = {"name": "project", "type": "string", "title": "Project",
               "dynamic_options": {"function": "#/functions/projects"}}  # fmt: skip
    person = {"name": "person", "type": "slack#/types/user_context", "title": "Person"}
    step = {"title": "Create", "description": "Creates", "input_parameters": {"project": project, "person": person}}
    assert functions({"create": step, "projects": behind}) == [
        {"id": "create", "title": "Create", "description": "Creates", "inputs": [
            {"name": "project", "title": "Project", "description": "", "type": "string", "required": False,
             "options": True},
        ]},
    ]  # fmt: skip
