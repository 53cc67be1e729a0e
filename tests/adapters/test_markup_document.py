"""One document through all five formats."""

import json
from typing import Any

from adapters.document import (
    Break,
    CodeBlock,
    Document,
    Emoji,
    Heading,
    ItemList,
    Link,
    ListItem,
    Mark,
    Mention,
    Paragraph,
    Quote,
    Rule,
    Table,
    Text,
    tidy,
)
from adapters.github.markup import write_markdown
from adapters.jira.markup import read_adf, write_adf, write_wiki
from adapters.slack.markup import write_mrkdwn, write_rich_text

strong, em, strike, code = (frozenset[Mark]({mark}) for mark in ("strong", "em", "strike", "code"))
TORTURE = Document(
    (
        Heading(2, (Text("Plan "), Text("B", em))),
        Paragraph(
            (
                Text("See "),
                Link("https://example.com/a?b=c&d=e", "the <docs>"),
                Text(", "),
                Mention("user", "U1", "ann"),
                Text(" & "),
                Text("x < y", code),
                Break(),
                Text("all", strong),
                Text(" "),
                Text("gone", strike),
                Text(" "),
                Emoji("tada", "🎉"),
            )
        ),
        ItemList(
            False,
            (
                ListItem((Paragraph((Text("one"),)), ItemList(True, (ListItem((Paragraph((Text("deep"),)),)),)))),
                ListItem((Paragraph((Text("two"),)), CodeBlock("a = {1}"))),
            ),
        ),
        CodeBlock('print("<!channel>")\n', "python"),
        Quote((Paragraph((Text("said"),)), ItemList(False, (ListItem((Paragraph((Text("listed"),)),)),)))),
        Table((((Text("k"),), (Text("v"),)), ((Text("a|b"),), (Text("1", strong),)))),
        Rule(),
        Paragraph((Text("<!channel> <@U1> [~accountid:x] {html} @team closes #1 <http://evil|good>"),)),
    )
)


def test_the_torture_document_in_slack_mrkdwn() -> None:
    assert write_mrkdwn(TORTURE, 3000) == (
        "*Plan* *_B_*\n\n"
        "See <https://example.com/a?b=c&amp;d=e|the &lt;docs&gt;>, @ann &amp; `x &lt; y`\n*all* ~gone~ 🎉\n\n"
        "• one\n    1. deep\n• two\n    ```\n    a = {1}\n    ```\n\n"
        '```\nprint("&lt;!channel&gt;")\n\n```\n\n'
        "> said\n> \n> • listed\n\n"
        "```\nk   | v\n----+--\na|b | 1\n```\n\n"
        "───\n\n"
        "&lt;!channel&gt; &lt;@U1&gt; [~accountid:x] {html} @team closes #1 &lt;http://evil|good&gt;"
    )


def test_the_torture_document_in_slack_rich_text() -> None:
    def text(shown: str, **style: bool) -> dict[str, Any]:
        return {"type": "text", "text": shown} | ({"style": style} if style else {})

    def bullets(style: str, indent: int, *items: str, border: int = 0) -> dict[str, Any]:
        sections = [{"type": "rich_text_section", "elements": [text(item)]} for item in items]
        return {"type": "rich_text_list", "style": style, "indent": indent, "border": border, "elements": sections}

    def block(shown: str) -> dict[str, Any]:
        return {"type": "rich_text_preformatted", "border": 0, "elements": [text(shown)]}

    assert write_rich_text(TORTURE) == {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    text("Plan ", bold=True),
                    text("B", bold=True, italic=True),
                    text("\n\nSee "),
                    {"type": "link", "url": "https://example.com/a?b=c&d=e", "text": "the <docs>"},
                    text(", @ann & "),
                    text("x < y", code=True),
                    text("\n"),
                    text("all", bold=True),
                    text(" "),
                    text("gone", strike=True),
                    text(" "),
                    {"type": "emoji", "name": "tada", "unicode": "1f389"},
                ],
            },
            bullets("bullet", 0, "one"),
            bullets("ordered", 1, "deep"),
            bullets("bullet", 0, "two"),
            block("a = {1}"),
            block('print("<!channel>")\n'),
            {"type": "rich_text_quote", "elements": [text("said")]},
            bullets("bullet", 0, "listed", border=1),
            block("k   | v\n----+--\na|b | 1"),
            {
                "type": "rich_text_section",
                "elements": [
                    text(
                        "───\n\n<!channel> <@U1> [~accountid:x] {html} @team closes #1 <http://evil|good>",
                    )
                ],
            },
        ],
    }


def test_the_torture_document_in_wiki_text() -> None:
    assert write_wiki(TORTURE) == (
        "h2. Plan _B_\n\n"
        "See [the <docs>|https://example.com/a?b=c&d=e], @ann & {{x < y}}\n*all* -gone- 🎉\n\n"
        "* one\n*# deep\n* two\n{code}\na = {1}\n{code}\n\n"
        '{code:python}\nprint("<!channel>")\n\n{code}\n\n'
        "{quote}\nsaid\n\n* listed\n{quote}\n\n"
        "||k||v||\n|a\\|b|*1*|\n\n"
        "----\n\n"
        "<\\!channel> <@U1> \\[\\~accountid:x\\] \\{html\\} @team closes #1 <http://evil\\|good>"
    )


def test_the_torture_document_in_github_markdown() -> None:
    assert write_markdown(TORTURE) == (
        "## Plan *B*\n\n"
        "See [the &lt;docs>](https://example.com/a?b=c&d=e), @\u200bann & `x < y`\\\n**all** ~~gone~~ 🎉\n\n"
        "- one\n  1. deep\n- two\n\n  ```\n  a = {1}\n  ```\n\n"
        '```python\nprint("<!channel>")\n\n```\n\n'
        "> said\n>\n> - listed\n\n"
        "| k | v |\n| --- | --- |\n| a\\|b | **1** |\n\n"
        "***\n\n"
        "&lt;!channel> &lt;@\u200bU1> \\[\\~accountid:x\\] {html} @\u200bteam closes #\u200b1 &lt;http://evil\\|good>"
    )


def test_the_torture_document_comes_back_from_adf_with_its_mention_as_text() -> None:
    shown = Document(
        tuple(
            Paragraph(tidy(Text("@ann") if isinstance(part, Mention) else part for part in block.content))
            if isinstance(block, Paragraph)
            else block
            for block in TORTURE.blocks
        )
    )
    assert read_adf(write_adf(TORTURE)) == shown
    assert read_adf(json.loads(json.dumps(write_adf(TORTURE)))) == shown
