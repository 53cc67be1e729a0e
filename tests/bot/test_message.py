"""What connect says in Slack: foreign text in it is dead, and nothing is cut in the middle of a character."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.message import (
    actions,
    button,
    clean,
    code,
    context,
    escape,
    fields,
    header,
    link,
    one_line,
    section,
    strong,
    truncate,
)

EVIL = "<!channel> <@U0DEV00001> <http://evil|good> & more"
FAMILY = "👨‍👩‍👧"


def test_foreign_text_comes_out_inert() -> None:
    assert escape(EVIL) == "&lt;!channel&gt; &lt;@U0DEV00001&gt; &lt;http://evil|good&gt; &amp; more"


def test_text_is_cut_before_it_is_escaped() -> None:
    assert escape("<<<<<", 3) == "&lt;&lt;…"


def test_controls_surrogates_and_bidi_overrides_are_dropped() -> None:
    assert clean("a\x00b\x1bc\x7fd\ud83de\u202ef\u2066g\tn\r\no\rp") == "abcdefg\tn\no\np"


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        ("hello", 5, "hello"), ("hello!", 5, "hell…"), ("", 0, ""), ("abc", 0, "…"), ("abc", 1, "…"),
        ("cafe\u0301s", 5, "caf…"), ("ok👍🏽!", 4, "ok…"), (f"{FAMILY}!", 3, "👨…"), ("👍👍👍", 2, "👍…"),
    ],
)  # fmt: skip
def test_text_is_cut_between_characters(text: str, limit: int, cut: str) -> None:
    assert truncate(text, limit) == cut


@given(st.text(max_size=80), st.integers(1, 80))
def test_cut_text_is_never_longer_than_its_limit(text: str, limit: int) -> None:
    assert len(truncate(text, limit)) <= limit


@given(st.text(st.characters(), max_size=80), st.integers(1, 80))
def test_no_text_comes_alive_in_mrkdwn(text: str, limit: int) -> None:
    shown = escape(text, limit)
    assert "<" not in shown
    assert ">" not in shown
    shown.encode()


def test_a_title_is_one_line() -> None:
    assert one_line("  two\n lines\t& more ", 50) == "two lines &amp; more"


@pytest.mark.parametrize(
    ("url", "label", "shown"),
    [
        ("https://a.b/c?d=1&e=2", "name", "<https://a.b/c?d=1&amp;e=2|name>"),
        ("https://a.b", "a|b <!here>\nc", "<https://a.b|a¦b &lt;!here&gt; c>"),
        ("javascript:alert(1)", "name", "name"), ("https://a.b|c", "name", "name"), ("https://a.b>c", "name", "name"),
        ("https://a.b\n", "name", "name"), ("", "name", "name"), (f"https://a.b/{'x' * 1000}", "name", "name"),
    ],
)  # fmt: skip
def test_only_plain_addresses_become_links(url: str, label: str, shown: str) -> None:
    assert link(url, label) == shown


def test_marks_in_foreign_text_cannot_end_bold_or_code() -> None:
    assert (strong("a*b*\nc"), code("a`b`\nc"), strong(" "), code("")) == ("*ab c*", "`a'b' c`", "", "")


def test_blocks_have_the_shape_that_slack_takes() -> None:
    assert section("hi") == {"type": "section", "text": {"type": "mrkdwn", "text": "hi"}}
    assert section("hi", button("Go", "go"))["accessory"] == {
        "type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": "go",
    }  # fmt: skip
    assert context("a", "b") == {
        "type": "context", "elements": [{"type": "mrkdwn", "text": "a"}, {"type": "mrkdwn", "text": "b"}],
    }  # fmt: skip
    assert actions(button("Go", "go", value="1", url="https://a.b", style="primary")) == {
        "type": "actions",
        "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": "go", "value": "1",
                      "url": "https://a.b", "style": "primary"}],
    }  # fmt: skip


def test_what_slack_would_refuse_as_too_long_is_cut() -> None:
    assert len(header("x" * 500)["text"]["text"]) == 150
    assert len(button("x" * 500, "go")["text"]["text"]) == 75
    assert (len(fields(*"abcdefghijklmn")["fields"]), len(context(*"abcdefghijklmn")["elements"])) == (10, 10)
