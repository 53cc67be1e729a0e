"""Markdown in the GitHub pane: what is shown of it, and that no tag of a visitor's own gets into the page."""

import pytest

from sandbox.page.markup import html_of


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("It works\n\n<!-- connect:ctc39 -->", "<p>It works</p>\n"),
        ("Here <!-- not --> there", "<p>Here  there</p>\n"),
        ("`<!-- in code -->`", "<p><code>&lt;!-- in code --&gt;</code></p>\n"),
        ("<b>bold</b>", "<p>&lt;b&gt;bold&lt;/b&gt;</p>\n"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("<!-- a --><img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
        ("<!--><img src=x onerror=alert(1)>-->", ""),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("one\ntwo", "<p>one<br />\ntwo</p>\n"),
        ("- [x] done\n- [ ] to do", "<ul>\n<li>☑ done</li>\n<li>☐ to do</li>\n</ul>\n"),
        ("[x] done", "<p>[x] done</p>\n"),
        ("~~gone~~", "<p><s>gone</s></p>\n"),
    ],
)
def test_markdown_becomes_html_without_tags_of_its_own(markdown: str, shown: str) -> None:
    assert html_of(markdown) == shown
