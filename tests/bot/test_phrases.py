"""What people write in plain words, and what connect makes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flows.phrases import Creation, parse_creation, strip_mention

BOT = "U0DEVBOT01"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("create bug in OPS: the printer is on fire", Creation("OPS", "bug", "the printer is on fire")),
        ("create a bug in OPS: it burns", Creation("OPS", "bug", "it burns")),
        ("create an issue in OPS: it burns", Creation("OPS", "", "it burns")),
        ("create the new bug ticket for ops: it burns", Creation("OPS", "bug", "it burns")),
        ("Create A New Jira Ticket In Project Web: it burns", Creation("WEB", "", "it burns")),
        ("create story on A_1: x", Creation("A_1", "story", "x")),
        ("create task to OPS: x", Creation("OPS", "task", "x")),
        ("create sub-task in OPS: x", Creation("OPS", "sub-task", "x")),
        ("create new feature in OPS: x", Creation("OPS", "feature", "x")),
        ("create ticket: it burns", Creation("", "", "it burns")),
        ("create bug: it burns", Creation("", "bug", "it burns")),
        ("create in OPS: it burns", Creation("OPS", "", "it burns")),
        ("create: it burns", Creation("", "", "it burns")),
        ("create jira: it burns", Creation("", "", "it burns")),
        ("create bug in OPS: a: b: c", Creation("OPS", "bug", "a: b: c")),
        ("create bug in OPS:\n first\n second ", Creation("OPS", "bug", "first\n second")),
        ("create bug in OPS:", Creation("OPS", "bug", "")),
        ("create bug in OPS", Creation("OPS", "bug", "")),
        ("create bug in eu/OPS: it burns", Creation("EU/OPS", "bug", "it burns")),
        ("create bug in eu/OPS", Creation("eu/OPS", "bug", "")),
        ("create a ticket", Creation("", "", "")),
        ("create ticket in OPS", Creation("OPS", "", "")),
        ("create", Creation("", "", "")),
        ("  create  ", Creation("", "", "")),
        ("CREATE Printer", Creation("", "", "Printer")),
        ("create Printer burns\nsince noon: help", Creation("", "", "Printer burns\nsince noon: help")),
        (f"create {'very long words ' * 5}: x", Creation("", "", f"{'very long words ' * 5}: x")),
    ],
)
def test_a_wish_for_an_issue_is_read(words: str, expected: Creation) -> None:
    assert parse_creation(words) == expected


@pytest.mark.parametrize(
    "words",
    ["", " ", "help", "recreate bug", "created a bug: x", "creates", "creation: x", "please create bug: x", ": x"],
)
def test_what_does_not_begin_with_create_is_none(words: str) -> None:
    assert parse_creation(words) is None


@pytest.mark.parametrize(
    "words",
    [
        "printer is on fire", "test for login", "a way to export", "page in German", "look at <https://example.com/a>",
        "<https://example.com/a> is down", "alarm at 12:30 sharp",
    ],
)  # fmt: skip
def test_ordinary_words_are_the_text_and_name_no_project(words: str) -> None:
    text = words.removeprefix("a ")
    assert parse_creation(f"create {words}") == Creation("", "", text)


@pytest.mark.parametrize(
    ("text", "bot", "expected"),
    [
        (f"<@{BOT}> create x", BOT, "create x"),
        (f"create x <@{BOT}>", BOT, "create x"),
        (f"<@{BOT}|connect> help", BOT, "help"),
        (f"<@{BOT}>", BOT, ""),
        (f"ask <@{BOT}> and <@{BOT}>", BOT, "ask   and"),
        ("<@U1> create x", BOT, "<@U1> create x"),
        (f"<@{BOT}2> x", BOT, f"<@{BOT}2> x"),
        ("no mention", BOT, "no mention"),
        ("", BOT, ""),
        ("<@U1> create x for <@U2>", "", "create x for <@U2>"),
        ("  <@U1|connect>  help", "", "help"),
        ("help <@U1>", "", "help <@U1>"),
        ("<@U1> x", ".*", "<@U1> x"),
    ],
)
def test_the_mention_of_connect_is_taken_off(text: str, bot: str, expected: str) -> None:
    assert strip_mention(text, bot) == expected


@given(st.text(max_size=300))
def test_whatever_is_said_is_read_or_none(words: str) -> None:
    for said in (words, f"create {words}", f"create bug in OPS: {words}"):
        found = parse_creation(said)
        assert found is None or found.text == found.text.strip()
    assert parse_creation(f"create bug in OPS: {words}") == Creation("OPS", "bug", words.strip())


@given(st.text(alphabet="create aintkb:\n ", max_size=3000))
def test_no_words_take_long(words: str) -> None:
    parse_creation(f"create {words}")
    strip_mention(words, BOT)


@given(st.text(max_size=100), st.sampled_from(["", BOT]))
def test_nothing_but_the_mention_is_taken_off(words: str, bot: str) -> None:
    said = words.replace("<@", "")
    assert strip_mention(f"<@{BOT}> {said}", bot) == said.strip()
