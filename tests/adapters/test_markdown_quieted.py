"""Markdown that people type as such does nothing on GitHub but show; a template's own lines stay as they are."""

import pytest

from adapters.github.markup import quieted


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
