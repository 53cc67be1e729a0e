"""Slack's rich_text and mrkdwn, construct by construct, both ways."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.document import (
    Block,
    Break,
    CodeBlock,
    Document,
    Emoji,
    Heading,
    Inline,
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
)
from adapters.slack.markup import (
    live_mention,
    mention_element,
    read_message,
    read_mrkdwn,
    read_rich_text,
    write_mrkdwn,
    write_rich_text,
)
from tests.adapters.markup_strategies import documents, headings, hostile_text, words

strong, em, strike, code = (frozenset[Mark]({mark}) for mark in ("strong", "em", "strike", "code"))


def text(shown: str, **style: bool) -> dict[str, Any]:
    return {"type": "text", "text": shown} | ({"style": style} if style else {})


def section(*elements: dict[str, Any], kind: str = "section") -> dict[str, Any]:
    return {"type": f"rich_text_{kind}", "elements": list(elements)}


def items(style: str, indent: int, *shown: str, border: int = 0, offset: int = 0) -> dict[str, Any]:
    head: dict[str, Any] = {"type": "rich_text_list", "style": style, "indent": indent, "border": border}
    return head | ({"offset": offset} if offset else {}) | {"elements": [section(text(one)) for one in shown]}


def preformatted(shown: str, border: int = 0) -> dict[str, Any]:
    return {"type": "rich_text_preformatted", "border": border, "elements": [text(shown)]}


def rich(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": list(elements)}


def paragraph(*content: Inline) -> Paragraph:
    return Paragraph(content)


def item(shown: str, *more: Block) -> ListItem:
    return ListItem((paragraph(Text(shown)), *more))


BOTH_WAYS: list[tuple[dict[str, Any], tuple[Block, ...]]] = [
    (rich(section(text("a\n\nb\nc"))), (paragraph(Text("a")), paragraph(Text("b"), Break(), Text("c")))),
    (
        rich(section(text("b", bold=True), text("i", italic=True), text("s", strike=True), text("c", code=True))),
        (paragraph(Text("b", strong), Text("i", em), Text("s", strike), Text("c", code)),),
    ),
    (
        rich(section({"type": "link", "url": "https://e.com/"}, text(" "))),
        (paragraph(Link("https://e.com/", "https://e.com/")),),
    ),
    (
        rich(section({"type": "link", "url": "https://e.com/", "text": "e", "style": {"bold": True}})),
        (paragraph(Link("https://e.com/", "e", strong)),),
    ),
    (
        rich(
            section(
                {"type": "user", "user_id": "U1"},
                {"type": "usergroup", "usergroup_id": "S1"},
                {"type": "channel", "channel_id": "C1"},
                {"type": "broadcast", "range": "here"},
            )
        ),
        (
            paragraph(
                Mention("user", "U1", ""),
                Mention("group", "S1", ""),
                Mention("channel", "C1", ""),
                Mention("broadcast", "here", "here"),
            ),
        ),
    ),
    (
        rich(
            section({"type": "emoji", "name": "family", "unicode": "1f468-200d-1f469"}, {"type": "emoji", "name": "x"})
        ),
        (paragraph(Emoji("family", "👨\u200d👩"), Emoji("x")),),
    ),
    (rich(section(text("said"), kind="quote")), (Quote((paragraph(Text("said")),)),)),
    (rich(preformatted("x = 1\n")), (CodeBlock("x = 1\n"),)),
    (
        rich(items("bullet", 0, "a", border=1), preformatted("c", border=1)),
        (Quote((ItemList(False, (item("a"),)), CodeBlock("c"))),),
    ),
    (
        rich(items("ordered", 0, "a", "b"), items("bullet", 1, "c"), items("ordered", 0, "d", offset=2)),
        (ItemList(True, (item("a"), item("b", ItemList(False, (item("c"),))), item("d"))),),
    ),
    (rich(items("ordered", 0, "e", offset=4)), (ItemList(True, (item("e"),), 5),)),
    (
        rich(items("ordered", 0, "a"), preformatted("x"), items("ordered", 0, "b", offset=1)),
        (ItemList(True, (item("a"),)), CodeBlock("x"), ItemList(True, (item("b"),), 2)),
    ),
    (
        rich(items("bullet", 0, "a"), items("ordered", 0, "b")),
        (ItemList(False, (item("a"),)), ItemList(True, (item("b"),))),
    ),
]


@pytest.mark.parametrize(("block", "blocks"), BOTH_WAYS)
def test_rich_text_is_read(block: dict[str, Any], blocks: tuple[Block, ...]) -> None:
    assert read_rich_text(block) == Document(blocks)


@pytest.mark.parametrize(("block", "blocks"), [case for case in BOTH_WAYS if case[0] != BOTH_WAYS[2][0]])
def test_rich_text_is_written(block: dict[str, Any], blocks: tuple[Block, ...]) -> None:
    assert write_rich_text(Document(blocks), mentions=mention_element) == block


def test_colours_and_dates_are_read_as_text() -> None:
    shown = [
        {"type": "color", "value": "#F405B3"},
        text(" "),
        {"type": "date", "timestamp": 0, "format": "{date}", "fallback": "long ago"},
        text(" "),
        {"type": "date", "timestamp": 1720710212, "format": "{date}"},
    ]
    assert read_rich_text(rich(section(*shown))) == Document(
        (paragraph(Text("#F405B3 long ago 2024-07-11 15:03 UTC")),),
    )


def test_mentions_in_rich_text_are_plain_unless_asked_for() -> None:
    document = Document((paragraph(Mention("user", "U1", "ann"), Text(" "), Mention("channel", "C1", "dev")),))
    assert write_rich_text(document) == rich(section(text("@ann #dev")))


def test_what_rich_text_does_not_know_is_written_with_what_it_knows() -> None:
    document = Document(
        (Heading(1, (Text("h"),)), Rule(), Quote((Quote((paragraph(Text("q")),)),)), Table((((Text("a"),),),)))
    )
    assert write_rich_text(document) == rich(
        section(text("h", bold=True), text("\n\n───")), section(text("q"), kind="quote"), preformatted("a\n-")
    )


def test_an_empty_document_is_a_block_that_slack_takes() -> None:
    assert write_rich_text(Document(())) == rich(section())
    assert write_mrkdwn(Document(()), 10) == ""


def test_a_message_is_read_from_its_rich_text_blocks_else_from_its_text() -> None:
    blocks = [{"type": "divider"}, rich(section(text("one"))), rich(section(text("two")))]
    assert read_message({"text": "flat", "blocks": blocks}) == Document(
        (paragraph(Text("one")), paragraph(Text("two")))
    )
    assert read_message({"text": "*flat*", "blocks": []}) == Document((paragraph(Text("flat", strong)),))
    assert read_message({}) == Document(())


MRKDWN: list[tuple[str, tuple[Block, ...]]] = [
    ("a &amp; b &lt;c&gt; &amp;lt;", (paragraph(Text("a & b <c> &lt;")),)),
    (
        "*b* _i_ ~s~ `c*c*`",
        (
            paragraph(
                Text("b", strong), Text(" "), Text("i", em), Text(" "), Text("s", strike), Text(" "), Text("c*c*", code)
            ),
        ),
    ),
    ("*_both_*", (paragraph(Text("both", frozenset({"strong", "em"}))),)),
    ("2 * 3 * 4, snake_case_name, *open", (paragraph(Text("2 * 3 * 4, snake_case_name, *open")),)),
    (
        "<@U1|ann> <@U2> <#C1|dev> <!subteam^S1|@devs> <!here>",
        (
            paragraph(
                Mention("user", "U1", "ann"),
                Text(" "),
                Mention("user", "U2", ""),
                Text(" "),
                Mention("channel", "C1", "dev"),
                Text(" "),
                Mention("group", "S1", "devs"),
                Text(" "),
                Mention("broadcast", "here", "here"),
            ),
        ),
    ),
    ("<!date^0^{date}|long ago>", (paragraph(Text("long ago")),)),
    (
        "<https://e.com/?a=1&amp;b=2|*label*> <https://e.com/>",
        (paragraph(Link("https://e.com/?a=1&b=2", "*label*"), Text(" "), Link("https://e.com/", "https://e.com/")),),
    ),
    ("*<https://e.com/|e>*", (paragraph(Link("https://e.com/", "e", strong)),)),
    ("<javascript:x|good> <foo>", (paragraph(Text("good foo")),)),
    (
        "see:\n```x &lt; *y*\n<https://e.com/>```\nend",
        (paragraph(Text("see:")), CodeBlock("x < *y*\nhttps://e.com/"), paragraph(Text("end"))),
    ),
    ("a ``` b", (paragraph(Text("a ``` b")),)),
    (
        "&gt; one\n> two\nthree",
        (Quote((paragraph(Text("one"), Break(), Text("two")),)), paragraph(Text("three"))),
    ),
    ("&gt;&gt;&gt;one\n\ntwo", (Quote((paragraph(Text("one")), paragraph(Text("two")))),)),
    (
        "• a\n    ◦ b\n      more\n- c\n3. d\n4. e",
        (
            ItemList(
                False,
                (
                    item("a", ItemList(False, (ListItem((paragraph(Text("b"), Break(), Text("more")),)),))),
                    item("c"),
                ),
            ),
            ItemList(True, (item("d"), item("e")), 3),
        ),
    ),
    ("a\nb\n\nc", (paragraph(Text("a"), Break(), Text("b")), paragraph(Text("c")))),
    ("", ()),
]


@pytest.mark.parametrize(("source", "blocks"), MRKDWN)
def test_mrkdwn_is_read(source: str, blocks: tuple[Block, ...]) -> None:
    assert read_mrkdwn(source) == Document(blocks)


WRITTEN: list[tuple[tuple[Block, ...], str]] = [
    ((paragraph(Text("<!channel> & *as is*")),), "&lt;!channel&gt; &amp; *as is*"),
    ((paragraph(Text("a "), Text(" b ", strong), Text("c")),), "a  *b* c"),
    ((paragraph(Text("it`s", code)),), "`it's`"),
    ((paragraph(Text("x", frozenset({"strong", "em", "strike"}))),), "*_~x~_*"),
    ((paragraph(Link("https://e.com/?a&b", "a|b>c", strong)),), "*<https://e.com/?a&amp;b|a¦b&gt;c>*"),
    ((paragraph(Link("https://e.com/", "https://e.com/")),), "<https://e.com/>"),
    ((paragraph(Link("javascript:x", "good")),), "good"),
    ((paragraph(Mention("user", "U1", "ann"), Text(" "), Mention("group", "S1", "")),), "@ann @S1"),
    ((paragraph(Mention("user", "U1", "<!here>")),), "@&lt;!here&gt;"),
    ((paragraph(Emoji("tada", "🎉"), Emoji("x")),), "🎉:x:"),
    ((CodeBlock("a\n```b"),), "```\na\n`\u200b`\u200b`b\n```"),
    ((Quote((paragraph(Text("a")), Quote((paragraph(Text("b"), Break(), Text("c")),)))),), "> a\n> \n> b\n> c"),
    ((ItemList(True, (item("a", ItemList(False, (item("b"),))), item("c")), 9),), "9. a\n    • b\n10. c"),
    ((Heading(1, (Text("h"),)), Rule()), "*h*\n\n───"),
]


@pytest.mark.parametrize(("blocks", "expected"), WRITTEN)
def test_mrkdwn_is_written(blocks: tuple[Block, ...], expected: str) -> None:
    assert write_mrkdwn(Document(blocks), 1000) == expected


def test_mentions_in_mrkdwn_are_live_where_asked_for() -> None:
    kinds = [Mention("user", "U1", ""), Mention("group", "S1", ""), Mention("channel", "C1", "")]
    document = Document((paragraph(*kinds, Mention("broadcast", "here", "here")),))
    assert write_mrkdwn(document, 100, mentions=live_mention) == "<@U1><!subteam^S1><#C1><!here>"
    assert write_mrkdwn(document, 100, mentions=lambda mention: None) == "@U1@S1#C1@here"


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (0, ""),
        (1, "…"),
        (3, "ab…"),
        (7, "ab…"),
        (8, "ab &lt;…"),
        (12, "ab &lt; *b…*"),
        (14, "ab &lt; *bold*"),
    ],
)
def test_a_cut_never_falls_inside_an_entity_or_a_mark(limit: int, expected: str) -> None:
    document = Document((paragraph(Text("ab < "), Text("bold", strong)),))
    assert write_mrkdwn(document, limit) == expected


def test_a_cut_opens_no_mark_that_nothing_would_stand_in() -> None:
    document = Document((ItemList(False, (item("a"), ListItem((paragraph(Text("more", strong)),)))),))
    assert write_mrkdwn(document, 9) == "• a\n• …"
    assert write_mrkdwn(document, 10) == "• a\n• *m…*"
    assert write_mrkdwn(Document((paragraph(Text("bold", strong)),)), 2) == "…"


def test_a_cut_closes_its_fence_and_leaves_out_a_link_that_does_not_fit() -> None:
    assert write_mrkdwn(Document((CodeBlock("abcdef"),)), 12) == "```\nabc…\n```"
    linked = Document((paragraph(Text("see "), Link("https://e.com/", "label"), Text(" now")),))
    assert write_mrkdwn(linked, 25) == "see…"
    assert write_mrkdwn(linked, 28) == "see <https://e.com/|label>…"
    assert write_mrkdwn(Document((paragraph(Text("a👨\u200d👩b")),)), 4) == "a…"


@settings(deadline=None)
@given(documents(hostile_text, headings(hostile_text), code=hostile_text), st.integers(0, 200))
def test_a_cut_text_keeps_the_limit_and_is_the_start_of_the_whole(document: Document, limit: int) -> None:
    whole, cut = write_mrkdwn(document, 1_000_000), write_mrkdwn(document, limit)
    assert len(cut) <= limit
    start, dots, _ = cut.rpartition("…")
    assert cut == whole or (limit == 0 and not cut) or (dots and whole.startswith(start))
    assert cut.count("<") == cut.count(">") - cut.count("\n> ") - cut.startswith("> ")


@settings(deadline=None)
@given(documents(words))
def test_a_document_from_rich_text_is_the_same_after_a_round_trip(document: Document) -> None:
    block = write_rich_text(document)
    read = read_rich_text(block)
    assert write_rich_text(read, mentions=mention_element) == block
    assert read_rich_text(write_rich_text(read)) == read
