"""ADF and wiki text, construct by construct, both ways."""

from typing import Any

import pytest
from hypothesis import given, settings

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
from adapters.jira.markup import read_adf, read_body, read_wiki, write_adf, write_wiki
from tests.adapters.markup_strategies import documents, headings, hostile_text, rules, tables, words

strong, em, strike, code = (frozenset[Mark]({mark}) for mark in ("strong", "em", "strike", "code"))
type Node = dict[str, Any]


def node(kind: str, *content: Node, **attrs: object) -> Node:
    return {"type": kind} | ({"attrs": attrs} if attrs else {}) | ({"content": list(content)} if content else {})


def text(shown: str, *marks: str | Node) -> Node:
    written = [{"type": mark} if isinstance(mark, str) else mark for mark in marks]
    return {"type": "text", "text": shown} | ({"marks": written} if written else {})


def doc(*content: Node) -> Node:
    return {"type": "doc", "version": 1, "content": list(content)}


def link(url: str) -> Node:
    return {"type": "link", "attrs": {"href": url}}


def p(*content: Node) -> Node:
    return node("paragraph", *content)


def paragraph(*content: Inline) -> Paragraph:
    return Paragraph(content)


def item(shown: str, *more: Block) -> ListItem:
    return ListItem((paragraph(Text(shown)), *more))


ADF: list[tuple[Node, tuple[Block, ...]]] = [
    (doc(), ()),
    (
        doc(
            p(
                text("a "),
                text("b", "em", "strong"),
                text("s", "strike"),
                text("c", "code"),
                node("hardBreak"),
                text("d"),
            )
        ),
        (
            paragraph(
                Text("a "),
                Text("b", frozenset({"strong", "em"})),
                Text("s", strike),
                Text("c", code),
                Break(),
                Text("d"),
            ),
        ),
    ),
    (
        doc(p(text("e", link("https://e.com/")), text("x", link("https://e.com/x"), "code"))),
        (paragraph(Link("https://e.com/", "e"), Link("https://e.com/x", "x", code)),),
    ),
    (
        doc(p(node("emoji", shortName=":tada:", text="🎉"), node("emoji", shortName=":x:"))),
        (paragraph(Emoji("tada", "🎉"), Emoji("x")),),
    ),
    (doc(node("heading", text("h"), level=2), node("rule")), (Heading(2, (Text("h"),)), Rule())),
    (
        doc(node("codeBlock", text("x\n"), language="python"), node("codeBlock")),
        (CodeBlock("x\n", "python"), CodeBlock("")),
    ),
    (
        doc(node("blockquote", p(text("q")), node("bulletList", node("listItem", p(text("a")))))),
        (Quote((paragraph(Text("q")), ItemList(False, (item("a"),)))),),
    ),
    (
        doc(
            node(
                "orderedList",
                node("listItem", p(text("a")), node("bulletList", node("listItem", p(text("b"))))),
                node("listItem", node("codeBlock", text("c"))),
                order=3,
            )
        ),
        (ItemList(True, (item("a", ItemList(False, (item("b"),))), ListItem((CodeBlock("c"),))), 3),),
    ),
    (
        doc(
            node(
                "table",
                node("tableRow", node("tableHeader", p(text("h"))), node("tableHeader", p(text("i")))),
                node("tableRow", node("tableCell", p(text("a", "strong"))), node("tableCell", p(text("b")))),
            )
        ),
        (Table((((Text("h"),), (Text("i"),)), ((Text("a", strong),), (Text("b"),)))),),
    ),
]


@pytest.mark.parametrize(("source", "blocks"), ADF)
def test_adf_is_read_and_written(source: Node, blocks: tuple[Block, ...]) -> None:
    assert read_adf(source) == Document(blocks)
    assert write_adf(Document(blocks)) == source


READ: list[tuple[tuple[Node, ...], tuple[Block, ...]]] = [
    ((p(node("mention", id="5b:1", text="@Ann B")),), (paragraph(Mention("user", "5b:1", "Ann B")),)),
    (
        (p(node("date", timestamp="1720710212000"), text(" "), node("status", text="DONE", color="green")),),
        (paragraph(Text("2024-07-11 DONE")),),
    ),
    ((p(node("inlineCard", url="https://e.com/")),), (paragraph(Link("https://e.com/", "https://e.com/")),)),
    ((node("blockCard", url="https://e.com/"),), (paragraph(Link("https://e.com/", "https://e.com/")),)),
    (
        (node("mediaSingle", node("media", type="file", id="1", collection=""), node("caption", text("cap"))),),
        (paragraph(Text("[attachment]")), paragraph(Text("cap"))),
    ),
    (
        (node("mediaSingle", node("media", type="external", url="https://e.com/a.png", alt="pic")),),
        (paragraph(Link("https://e.com/a.png", "pic")),),
    ),
    ((node("panel", p(text("careful")), panelType="warning"),), (Quote((paragraph(Text("careful")),)),)),
    ((node("expand", p(text("in")), title="More"),), (paragraph(Text("More", strong)), paragraph(Text("in")))),
    (
        (
            node(
                "taskList",
                node("taskItem", text("a"), state="DONE"),
                node("taskList", node("taskItem", text("b"), state="TODO")),
            ),
        ),
        (ItemList(False, (item("☑ a", ItemList(False, (item("☐ b"),))),)),),
    ),
    ((node("decisionList", node("decisionItem", text("go"), state="DECIDED")),), (ItemList(False, (item("◆ go"),)),)),
    (
        (node("layoutSection", node("layoutColumn", p(text("a"))), node("novelty", text("b"))),),
        (paragraph(Text("a")), paragraph(Text("b"))),
    ),
    ((p(text("x", link("javascript:x"))),), (paragraph(Text("x")),)),
    ((p(text("a\nb")),), (paragraph(Text("a"), Break(), Text("b")),)),
    (
        (node("table", node("tableRow", node("tableCell", p(text("a")), p(text("b"))))),),
        (Table((((Text("a"), Break(), Text("b")),),)),),
    ),
]


@pytest.mark.parametrize(("source", "blocks"), READ)
def test_adf_that_only_jira_writes_is_read(source: tuple[Node, ...], blocks: tuple[Block, ...]) -> None:
    assert read_adf(doc(*source)) == Document(blocks)


def test_mentions_in_adf_are_plain_unless_an_account_is_given() -> None:
    document = Document((paragraph(Mention("user", "U1", "ann"), Text(" "), Mention("user", "U2", "bob")),))
    assert write_adf(document) == doc(p(text("@ann"), text(" "), text("@bob")))
    live = write_adf(document, mentions=lambda mention: {"U1": "5b:1"}.get(mention.id))
    assert live == doc(p(node("mention", id="5b:1", text="@ann"), text(" "), text("@bob")))


def test_what_a_quote_or_an_item_may_not_hold_is_written_as_what_it_may() -> None:
    inner = (Heading(1, (Text("h"),)), Quote((paragraph(Text("q")),)), Rule(), Table((((Text("a"),),),)))
    flat = [p(text("h", "strong")), p(text("q")), p(text("───")), node("codeBlock", text("a\n-"))]
    assert write_adf(Document((Quote(inner),))) == doc(node("blockquote", *flat))
    assert write_adf(Document((ItemList(False, (ListItem(inner),)),))) == doc(
        node("bulletList", node("listItem", *flat))
    )


def test_an_item_that_starts_with_a_list_gets_an_empty_paragraph() -> None:
    document = Document((ItemList(False, (ListItem((ItemList(True, (item("a"),)),)),)),))
    inner = node("orderedList", node("listItem", p(text("a"))))
    assert write_adf(document) == doc(node("bulletList", node("listItem", p() | {"content": []}, inner)))


INLINE_NODES = {"text", "hardBreak", "mention", "emoji"}
CHILDREN = {
    "doc": {"paragraph", "heading", "codeBlock", "blockquote", "bulletList", "orderedList", "table", "rule"},
    "blockquote": {"paragraph", "codeBlock", "bulletList", "orderedList"},
    "listItem": {"paragraph", "codeBlock", "bulletList", "orderedList"},
    "bulletList": {"listItem"},
    "orderedList": {"listItem"},
    "table": {"tableRow"},
    "tableRow": {"tableHeader", "tableCell"},
    "tableHeader": {"paragraph"},
    "tableCell": {"paragraph"},
    "paragraph": INLINE_NODES,
    "heading": INLINE_NODES,
    "codeBlock": {"text"},
}
FULL = {
    "blockquote",
    "bulletList",
    "orderedList",
    "listItem",
    "table",
    "tableRow",
    "tableHeader",
    "tableCell",
    "heading",
}


def check(current: Node) -> None:
    """Assert what Atlassian's JSON schema says of the nodes that we write."""
    kind, content = current["type"], current.get("content", [])
    assert kind not in FULL or content
    for child in content:
        assert child["type"] in CHILDREN[kind]
        if child["type"] == "text":
            marks = [mark["type"] for mark in child.get("marks", [])]
            assert child["text"]
            assert len(set(marks)) == len(marks)
            assert "code" not in marks or set(marks) <= {"code", "link"}
            assert kind != "codeBlock" or not marks
        elif child["type"] not in INLINE_NODES:
            check(child)
    assert kind != "listItem" or content[0]["type"] in ("paragraph", "codeBlock")


@settings(deadline=None)
@given(documents(hostile_text, headings(hostile_text), tables(hostile_text), rules))
def test_written_adf_is_valid(document: Document) -> None:
    check(write_adf(document))


@settings(deadline=None)
@given(documents(words, headings(words), tables(words), rules))
def test_a_document_is_the_same_after_a_round_trip_through_adf(document: Document) -> None:
    assert read_adf(write_adf(document)) == document


WIKI: list[tuple[str, tuple[Block, ...]]] = [
    ("h3. Title", (Heading(3, (Text("Title"),)),)),
    (
        "*b* _i_ -s- {{c}}",
        (
            paragraph(
                Text("b", strong), Text(" "), Text("i", em), Text(" "), Text("s", strike), Text(" "), Text("c", code)
            ),
        ),
    ),
    (
        "*_both_* un{*}believ{*}able",
        (paragraph(Text("both", frozenset({"strong", "em"})), Text(" un"), Text("believ", strong), Text("able")),),
    ),
    (
        "2026-11-22 snake_case a * b {{$&#123;x&#125;}}",
        (paragraph(Text("2026-11-22 snake_case a * b "), Text("${x}", code)),),
    ),
    (
        "[docs|https://e.com/a_b] [https://e.com/]",
        (paragraph(Link("https://e.com/a_b", "docs"), Text(" "), Link("https://e.com/", "https://e.com/")),),
    ),
    ("*[docs|https://e.com/]*", (paragraph(Link("https://e.com/", "docs", strong)),)),
    ("{code:python}\nx = {1}\n{code}", (CodeBlock("x = {1}", "python"),)),
    ("{noformat}\n{code}\n{noformat}", (CodeBlock("{code}"),)),
    ("{quote}\na\n\n* b\n{quote}", (Quote((paragraph(Text("a")), ItemList(False, (item("b"),)))),)),
    (
        "* a\n*# b\n*# c\n* d\n{code}\nx\n{code}\n* e",
        (
            ItemList(
                False,
                (item("a", ItemList(True, (item("b"), item("c")))), item("d", CodeBlock("x")), item("e")),
            ),
        ),
    ),
    (
        "||h||i||\n|a\\|b|[x|https://e.com/]|\n| |c|",
        (Table((((Text("h"),), (Text("i"),)), ((Text("a|b"),), (Link("https://e.com/", "x"),)), ((), (Text("c"),)))),),
    ),
    ("a\n\n----\n\nb\nc", (paragraph(Text("a")), Rule(), paragraph(Text("b"), Break(), Text("c")))),
    ("", ()),
]


@pytest.mark.parametrize(("source", "blocks"), WIKI)
def test_wiki_text_is_read_and_written(source: str, blocks: tuple[Block, ...]) -> None:
    assert read_wiki(source) == Document(blocks)
    assert write_wiki(Document(blocks)) == source


WIKI_READ: list[tuple[str, tuple[Block, ...]]] = [
    ("bq. said", (Quote((paragraph(Text("said")),)),)),
    ("[~bob] [~accountid:5b:1]", (paragraph(Mention("user", "bob", "bob"), Text(" "), Mention("user", "5b:1", "")),)),
    ("a\\\\b \\*c\\*", (paragraph(Text("a"), Break(), Text("b *c*")),)),
    ("!shot.png|width=3! wow!", (paragraph(Text("shot.png wow!")),)),
    ("!https://e.com/a.png!", (paragraph(Link("https://e.com/a.png", "https://e.com/a.png")),)),
    (
        "see https://e.com/a_b-c_d.",
        (paragraph(Text("see "), Link("https://e.com/a_b-c_d", "https://e.com/a_b-c_d"), Text(".")),),
    ),
    ("{color:red}x{color} +y+ ~z~ ^w^ ??v??", (paragraph(Text("x y z w v")),)),
    ("[x] [^file.txt] [a|#b] [good|javascript:x] {unknown}", (paragraph(Text("[x] file.txt a good {unknown}")),)),
    ("{panel:title=T|x=y}in{panel}", (Quote((paragraph(Text("T", strong)), paragraph(Text("in")))),)),
    ("{quote}open", (paragraph(Text("open")),)),
    ("{code}open *b*", (paragraph(Text("{code}open "), Text("b", strong)),)),
    ("x {code}y{code} z", (paragraph(Text("x")), CodeBlock("y"), paragraph(Text("z")))),
    (
        "* a\nmore\n\n- b",
        (ItemList(False, (ListItem((paragraph(Text("a"), Break(), Text("more")),)),)), ItemList(False, (item("b"),))),
    ),
    ("*open -- _x", (paragraph(Text("*open -- _x")),)),
    ("a &lt; b &unknown; &#42;c&#42;", (paragraph(Text("a < b &unknown; *c*")),)),
    ("# one\r\n# two\r\n", (ItemList(True, (item("one"), item("two"))),)),
]


@pytest.mark.parametrize(("source", "blocks"), WIKI_READ)
def test_wiki_text_that_people_write_is_read(source: str, blocks: tuple[Block, ...]) -> None:
    assert read_wiki(source) == Document(blocks)


WIKI_WRITTEN: list[tuple[tuple[Block, ...], str]] = [
    ((paragraph(Text("[~bob] {html} h1. x")),), "\\[\\~bob\\] \\{html\\} h1. x"),
    ((paragraph(Text("h1. x"), Break(), Text("# y"), Break(), Text("bq. z")),), "h1&#46; x\n\\# y\nbq&#46; z"),
    ((paragraph(Text("C:\\x &amp; f(x) R&D")),), "C:&#92;x &amp;amp; f\\(x) R&D"),
    ((paragraph(Text("a"), Break(), Break(), Text("b")),), "a\\\\\nb"),
    ((paragraph(Mention("user", "U1", "ann"), Emoji("x")),), "@ann:x:"),
    ((paragraph(Link("https://e.com/[1]", "[a|b]")),), "[&#91;a&#124;b&#93;|https://e.com/%5B1%5D]"),
    ((CodeBlock("{code}{noformat}", "x y"),), "{noformat}\n{code}{\u200bnoformat}\n{noformat}"),
    ((Quote((Quote((paragraph(Text("q")),)),)),), "{quote}\nq\n{quote}"),
    (
        (ItemList(False, (ListItem((CodeBlock("x"), Quote((paragraph(Text("q")),)), Rule())), ListItem(()))),),
        "* &nbsp;\n{code}\nx\n{code}\nq\n───\n* &nbsp;",
    ),
    (
        (ItemList(True, (ListItem((Heading(1, (Text("h"),)), Table((((Text("a"),),),)))),)),),
        "# *h*\n{code}\na\n-\n{code}",
    ),
]


@pytest.mark.parametrize(("blocks", "expected"), WIKI_WRITTEN)
def test_wiki_text_is_written_so_that_text_stays_text(blocks: tuple[Block, ...], expected: str) -> None:
    assert write_wiki(Document(blocks)) == expected


@settings(deadline=None)
@given(documents(words, headings(words), tables(words), rules))
def test_a_document_is_the_same_after_a_round_trip_through_wiki_text(document: Document) -> None:
    assert read_wiki(write_wiki(document)) == document


def test_a_body_is_read_by_its_type() -> None:
    expected = Document((paragraph(Text("a", strong)),))
    assert read_body("*a*") == read_body(doc(p(text("a", "strong")))) == expected
    assert read_body(None) == read_body(7) == Document(())
