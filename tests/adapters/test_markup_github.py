"""GitHub Flavored Markdown, construct by construct, both ways."""

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
from adapters.github.markup import read_markdown, write_markdown
from tests.adapters.markup_strategies import documents, headings, hostile_text, plain_words, rules, tables

strong, em, strike, code = (frozenset[Mark]({mark}) for mark in ("strong", "em", "strike", "code"))


def paragraph(*content: Inline) -> Paragraph:
    return Paragraph(content)


def item(shown: str, *more: Block) -> ListItem:
    return ListItem((paragraph(Text(shown)), *more))


BOTH_WAYS: list[tuple[str, tuple[Block, ...]]] = [
    ("## Title", (Heading(2, (Text("Title"),)),)),
    (
        "**b** *i* ~~s~~ `c` ***x***",
        (
            paragraph(
                Text("b", strong),
                Text(" "),
                Text("i", em),
                Text(" "),
                Text("s", strike),
                Text(" "),
                Text("c", code),
                Text(" "),
                Text("x", frozenset({"strong", "em"})),
            ),
        ),
    ),
    ("a\\\nb\n\nc", (paragraph(Text("a"), Break(), Text("b")), paragraph(Text("c")))),
    (
        "[e](https://e.com/) <https://e.com/>",
        (paragraph(Link("https://e.com/", "e"), Text(" "), Link("https://e.com/", "https://e.com/")),),
    ),
    (
        "[`f`](https://e.com/) [**g**](<https://e.com/(x)>)",
        (paragraph(Link("https://e.com/", "f", code), Text(" "), Link("https://e.com/(x)", "g", strong)),),
    ),
    ("```python\nx = 1\n\n```", (CodeBlock("x = 1\n", "python"),)),
    ("````\n```\n````", (CodeBlock("```"),)),
    ("> a\n>\n> > b", (Quote((paragraph(Text("a")), Quote((paragraph(Text("b")),)))),)),
    (
        "- a\n  1. b\n- c\n\n  d",
        (ItemList(False, (item("a", ItemList(True, (item("b"),))), item("c", paragraph(Text("d"))))),),
    ),
    ("3. a\n4. b", (ItemList(True, (item("a"), item("b")), 3),)),
    ("- a\n\n+ b\n\n- c", tuple(ItemList(False, (item(name),)) for name in "abc")),
    ("- ```\n  x\n  ```\n-", (ItemList(False, (ListItem((CodeBlock("x"),)), ListItem(()))),)),
    (
        "| h | i |\n| --- | --- |\n| a\\|b | `c\\|d`<br>e |",
        (Table((((Text("h"),), (Text("i"),)), ((Text("a|b"),), (Text("c|d", code), Break(), Text("e"))))),),
    ),
    ("***", (Rule(),)),
    ("", ()),
]


@pytest.mark.parametrize(("source", "blocks"), BOTH_WAYS)
def test_markdown_is_read_and_written(source: str, blocks: tuple[Block, ...]) -> None:
    assert read_markdown(source) == Document(blocks)
    assert write_markdown(Document(blocks)) == source


READ: list[tuple[str, tuple[Block, ...]]] = [
    ("a\nb", (paragraph(Text("a"), Break(), Text("b")),)),
    ("<!-- connect:1 -->\nshown", (paragraph(Text("shown")),)),
    ("a <!-- hidden --> b", (paragraph(Text("a  b")),)),
    ("<!-- open", ()),
    ("<details><summary>S</summary>\nin &amp; out\n</details>", (paragraph(Text("S")), paragraph(Text("in & out")))),
    ("a <b>b</b><br>c", (paragraph(Text("a b"), Break(), Text("c")),)),
    ("![pic](https://e.com/a.png) ![x](ftp://y)", (paragraph(Link("https://e.com/a.png", "pic"), Text(" x")),)),
    ('<img width="3" alt="pic" src="https://e.com/a.png">', (paragraph(Link("https://e.com/a.png", "pic")),)),
    (
        "- [ ] open\n- [x] **done**",
        (ItemList(False, (item("☐ open"), ListItem((paragraph(Text("☑ "), Text("done", strong)),)))),),
    ),
    (
        "see https://e.com/a_b(c). www",
        (paragraph(Text("see "), Link("https://e.com/a_b(c)", "https://e.com/a_b(c)"), Text(". www")),),
    ),
    (
        "hi @ann, @octo/devs a@b.c `@x`",
        (
            paragraph(
                Text("hi "),
                Mention("user", "ann", "ann"),
                Text(", "),
                Mention("group", "octo/devs", "octo/devs"),
                Text(" a@b.c "),
                Text("@x", code),
            ),
        ),
    ),
    (
        "[x](javascript:y) [l][1]\n\n[1]: https://e.com/",
        (paragraph(Text("[x](javascript:y) "), Link("https://e.com/", "l")),),
    ),
    ("    code\n\n~~~\nx\n~~~", (CodeBlock("code"), CodeBlock("x"))),
    ("Title\n===", (Heading(1, (Text("Title"),)),)),
    ("[![badge](https://e.com/b.svg)](https://e.com/)", (paragraph(Link("https://e.com/", "badge")),)),
]


@pytest.mark.parametrize(("source", "blocks"), READ)
def test_markdown_that_people_write_is_read(source: str, blocks: tuple[Block, ...]) -> None:
    assert read_markdown(source) == Document(blocks)


WRITTEN: list[tuple[tuple[Block, ...], str]] = [
    ((paragraph(Text("@team @octo/team a@b.c")),), "@\u200bteam @\u200bocto/team a@b.c"),
    (
        (paragraph(Text("closes #1, octo/app#2, GH-3, HIGH-1, C#")),),
        "closes #\u200b1, octo/app#\u200b2, GH-\u200b3, HIGH-1, C#",
    ),
    (
        (paragraph(Text("https://github.com/o/r/issues/1 https://e.com/x www.github.com/o/r/pull/2")),),
        "https:\u200b//github.com/o/r/issues/1 https://e.com/x www\u200b.github.com/o/r/pull/2",
    ),
    (
        (paragraph(Link("https://github.com/o/r/issues/1", "#1")),),
        "[#\u200b1](https://redirect.github.com/o/r/issues/1)",
    ),
    ((paragraph(Link("https://ghe.example.com/o/r/pull/12#x", "p")),), "[p](https://ghe.example.com/o/r/pull/%312#x)"),
    ((paragraph(Text("<!-- connect:1 -->"), Text("<!-- x -->", code)),), "&lt;!-- connect:1 -->`<!\u200b-- x -->`"),
    ((CodeBlock("<!-- connect:1 -->", "suggestion"),), "```\n<!\u200b-- connect:1 -->\n```"),
    (
        (
            paragraph(
                Text("# a"), Break(), Text("- b"), Break(), Text("1. c"), Break(), Text("> d"), Break(), Text("===")
            ),
        ),
        "\\# a\\\n\\- b\\\n1\\. c\\\n\\> d\\\n\\===",
    ),
    (
        (paragraph(Text("a*b _c_ d_e [x](y) |z| $m$ `k` \\ ~w~ <b> &lt;")),),
        "a\\*b \\_c\\_ d_e \\[x\\](y) \\|z\\| \\$m\\$ \\`k\\` \\\\ \\~w\\~ &lt;b> &amp;lt;",
    ),
    ((paragraph(Text("a``b`", code)),), "``` a``b` ```"),
    ((paragraph(Mention("user", "U1", "ann"), Text(" "), Mention("channel", "C1", "1")),), "@\u200bann #\u200b1"),
    ((paragraph(Text("#"), Emoji("one", "1️⃣")),), "\\#\u200b1️⃣"),
    ((Heading(9, (Text("C #"), Break(), Text("x#"))),), "###### C #<br>x\\#"),
    ((paragraph(Link("javascript:x", "good")),), "good"),
    ((Table((((Text("a"),), ()), ((Text("b"),),))),), "| a |  |\n| --- | --- |\n| b |  |"),
    ((Quote((CodeBlock("a\n\nb"),)),), "> ```\n> a\n>\n> b\n> ```"),
]


@pytest.mark.parametrize(("blocks", "expected"), WRITTEN)
def test_markdown_is_written_so_that_text_stays_text(blocks: tuple[Block, ...], expected: str) -> None:
    assert write_markdown(Document(blocks)) == expected


@settings(deadline=None)
@given(documents(plain_words, headings(plain_words), tables(plain_words), rules))
def test_a_document_is_the_same_after_a_round_trip_through_markdown(document: Document) -> None:
    assert read_markdown(write_markdown(document)) == document


def test_an_escaped_sign_belongs_to_the_address_that_it_stands_in() -> None:
    address = "http://e.com/a_b"
    assert read_markdown("http://e.com/a\\_b").blocks == (paragraph(Link(address, address)),)


@settings(deadline=None)
@given(st.lists(hostile_text | st.sampled_from(["\n\n", "- ", "[a]", "\n[a]: http://x.y\n"])), st.integers(0, 4))
def test_the_first_blocks_read_alone_as_in_the_whole(pieces: list[str], count: int) -> None:
    text = "".join(pieces)
    assert read_markdown(text, count).blocks == read_markdown(text).blocks[:count]
