"""Markdown that people type as such does nothing on GitHub but show; a template's own lines stay as they are."""

import pytest

from adapters.github.markup import quieted, unordered


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("**bold** `code`\n- [ ] box", "**bold** `code`\n- [ ] box"),
        ("ask @ada about #1 and GH-2", "ask @\u200bada about #\u200b1 and GH-\u200b2"),
        ("<!-- connect:1 -->", "<!\u200b-- connect:1 -->"),
        ("https://github.com/acme/web/issues/1", "https:\u200b//github.com/acme/web/issues/1"),
        ("https://example.com/a\r\nb", "https://example.com/a\nb"),
    ],
)
def test_what_would_notify_or_refer_is_dead(typed: str, written: str) -> None:
    assert quieted(typed) == written


def test_lines_of_the_template_are_left() -> None:
    assert quieted("<!-- ask @core -->\n@core", {"<!-- ask @core -->"}) == "<!-- ask @core -->\n@\u200bcore"


@pytest.mark.parametrize(
    ("written", "inert"),
    [
        ("/close", "\u200b/close"),
        ("Fine\n  /lgtm cancel\n\n/kind: bug", "Fine\n\u200b  /lgtm cancel\n\n\u200b/kind: bug"),
        ("```\n/merge\n```", "```\n\u200b/merge\n```"),
        (".deploy production", "\u200b.deploy production"),
        ("bors r+\nBors try\nrecheck", "\u200bbors r+\n\u200bBors try\n\u200brecheck"),
        ("/usr/bin/env is a path, and /close in a line no order", None),
        ("...and so on\n.5 of it\nborsch is a soup", None),
    ],
)
def test_no_line_is_an_order_to_a_robot(written: str, inert: str | None) -> None:
    assert unordered(written) == (inert or written)


def test_orders_of_the_template_are_left() -> None:
    assert unordered("/kind bug\n/close", {"/kind bug"}) == "/kind bug\n\u200b/close"
