"""Hostile text and bodies of any shape or depth through every reader and writer."""

import re
from collections.abc import Iterator
from typing import Any, cast

import pytest
from hypothesis import given, settings

from adapters.document import (
    Break,
    Document,
    Emoji,
    Inline,
    ItemList,
    Link,
    Mention,
    Paragraph,
    Table,
    Text,
    clean,
    safe_url,
    table_text,
    tidy,
)
from adapters.github.markup import read_markdown, write_markdown
from adapters.jira.markup import read_adf, read_body, read_wiki, write_adf, write_wiki
from adapters.slack.markup import read_message, read_mrkdwn, read_rich_text, write_mrkdwn, write_rich_text
from tests.adapters.markup_strategies import documents, headings, hostile_text, tables

LIVE = {
    "mrkdwn": re.compile(r"<(?!https://example\.com|http://localhost|mailto:a@example\.com)"),
    "wiki": re.compile(r"(?<!\\)\[~|(?<!\\)\{html|(?<!\\)\[good\||(?<!\\)!http"),
    "markdown": re.compile(
        r"(?<![A-Za-z0-9])@\w|#\d|\bGH-\d|<!--|<script|(?<!\\)\]\(http://evil|(?:https?://|www\.)github\.com/octo",
        re.IGNORECASE,
    ),
}


def _outside_of_code(markdown: str) -> str:
    """What GitHub looks for references in: code is left out, markers stay."""
    without = re.sub(r"^([> ]|[-+] |\d+[.)] )*(`{3,})[^`\n]*\n.*?\n([> ])*\2$", "", markdown, flags=re.S | re.M)
    without = re.sub(r"(?<![`\\])(`+)(?!`).+?(?<!`)\1(?!`)", "", without, flags=re.S)
    return without + "".join(re.findall("<!--", markdown))


@settings(deadline=None)
@given(documents(hostile_text, headings(hostile_text), tables(hostile_text), code=hostile_text))
def test_no_writer_brings_foreign_text_to_life(document: Document) -> None:
    assert not LIVE["mrkdwn"].search(write_mrkdwn(document, 100_000))
    outside = re.sub(r"\{(code|noformat)(:[^{}]*)?\}\n.*?\n\{\1\}", "", write_wiki(document), flags=re.S)
    assert not LIVE["wiki"].search(outside)
    assert not LIVE["markdown"].search(_outside_of_code(write_markdown(document)))
    kinds = {node["type"] for node in _nodes(write_adf(document))} | {
        node["type"] for node in _nodes(write_rich_text(document))
    }
    assert not kinds & {"mention", "inlineCard", "extension", "user", "usergroup", "channel", "broadcast"}


@settings(deadline=None)
@given(documents(hostile_text, headings(hostile_text), tables(hostile_text), code=hostile_text))
def test_what_was_written_reads_as_no_more_than_was_meant(document: Document) -> None:
    meant = {link.url for link in _links(document)}
    for read in (
        read_wiki(write_wiki(document)),
        read_mrkdwn(write_mrkdwn(document, 100_000)),
        read_markdown(write_markdown(document)),
        read_adf(write_adf(document)),
        read_rich_text(write_rich_text(document)),
    ):
        assert not [found for found in _inlines(read) if isinstance(found, Mention)]
        # A bare address may become a link to what it says; nothing else may.
        assert all(link.url in meant or link.url == link.label for link in _links(read))


def _nodes(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        node = cast("dict[str, Any]", value)
        if "type" in node:
            yield node
        for inner in node.values():
            yield from _nodes(inner)
    elif isinstance(value, list):
        for inner in cast("list[object]", value):
            yield from _nodes(inner)


def _inlines(value: object) -> Iterator[Inline]:
    if isinstance(value, Text | Link | Mention | Emoji | Break):
        yield value
    elif isinstance(value, tuple):
        for inner in cast("tuple[object, ...]", value):
            yield from _inlines(inner)
    else:
        for name in ("blocks", "content", "items", "rows"):
            yield from _inlines(getattr(value, name, ()))


def _links(document: Document) -> list[Link]:
    return [found for found in _inlines(document.blocks) if isinstance(found, Link)]


DEEP = 100_000


def _nested_objects(key: str, kind: str) -> dict[str, Any]:
    node: dict[str, Any] = {"type": "text", "text": "core"}
    for _ in range(DEEP):
        node = {"type": kind, key: [node]}
    return node


@pytest.mark.parametrize("kind", ["blockquote", "bulletList", "listItem", "unknown", "taskList", "table", "paragraph"])
def test_adf_of_any_depth_is_read(kind: str) -> None:
    assert "core" in write_markdown(read_adf(_nested_objects("content", kind)))


@pytest.mark.parametrize("kind", ["rich_text_section", "rich_text_list", "rich_text_quote", "unknown"])
def test_rich_text_of_any_depth_is_read(kind: str) -> None:
    assert write_mrkdwn(read_rich_text(_nested_objects("elements", kind)), 100).endswith("core")


@pytest.mark.parametrize("piece", ["*a ", "{code}", "["])
def test_two_hundred_kilobytes_of_hostile_text_are_read(piece: str) -> None:
    for read in (read_wiki, read_mrkdwn):
        assert isinstance(read(piece * (200_000 // len(piece))), Document)
    # GitHub takes 65 536 characters.
    assert isinstance(read_markdown(piece * (65_536 // len(piece))), Document)


@pytest.mark.parametrize(
    "piece",
    [
        *[
            "{quote}a",
            "{{",
            "{{a}",
            "!a",
            "||",
            "|\\x",
            "* a\n",
            "[~",
            "<",
            "<a",
            "`",
            "```",
            "> ",
            "• a\n",
            "&amp;",
            "_*~a",
        ],
        *["- ", "1. ", "<!--", "@a", "http://", "<b>", "{*}", "\\", "#1 ", "   -a\n", "a\n|-\n", "\n", "![", "\\{"],
    ],
)
def test_hostile_text_is_read_and_written_in_every_format(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    for read in (read_wiki, read_mrkdwn, read_markdown):
        document = read(text)
        assert len(write_mrkdwn(document, 3000)) <= 3000
        assert read_adf(write_adf(document)).blocks is not None
        assert isinstance(write_wiki(document), str)
        assert isinstance(write_markdown(document), str)
        assert write_rich_text(document)["type"] == "rich_text"


@pytest.mark.parametrize("opener", ["> ", "- ", "1. ", "&gt; ", "* ", "*", "_", "**_", "[", "(", "<", "{quote}", "#"])
def test_nested_text_of_any_depth_is_read(opener: str) -> None:
    for read in (read_wiki, read_mrkdwn, read_markdown):
        assert isinstance(read(opener * 20_000 + "core"), Document)


def test_growing_indents_nest_only_so_deep() -> None:
    for read, lines in (
        (read_mrkdwn, [" " * depth + "- a" for depth in range(400)]),
        (read_wiki, ["*" * depth + " a" for depth in range(1, 400)]),
        (read_markdown, [" " * (2 * depth) + "- a" for depth in range(400)]),
    ):
        block, depth = cast("ItemList", read("\n".join(lines)).blocks[0]), 1
        while inner := [found for found in block.items[0].blocks if isinstance(found, ItemList)]:
            block, depth = inner[0], depth + 1
        assert depth == 12


@pytest.mark.parametrize(
    "value", [None, 1, "x", [], [[]], {"type": []}, {"type": {}}, {"content": 1}, {"content": [1]}]
)
def test_json_of_the_wrong_shape_is_read_as_what_can_be_read(value: object) -> None:
    for wrapped in (value, {"type": "doc", "content": value}, {"type": "doc", "content": [value]}):
        assert isinstance(read_adf(cast("Any", wrapped)), Document)
        assert isinstance(read_body(wrapped), Document)
    for wrapped in ({"elements": value}, {"elements": [value]}, {"elements": [{"elements": value}]}):
        assert isinstance(read_rich_text(cast("Any", wrapped)), Document)
        assert isinstance(read_message(cast("Any", {"blocks": [wrapped], "text": value})), Document)


def test_characters_that_mislead_are_dropped_by_every_reader_and_writer() -> None:
    nasty = "a\x00b\ud800c\u202ed\x07e"
    assert clean(nasty) == "abcde"
    expected = Document((Paragraph((Text("abcde"),)),))
    assert read_wiki(nasty) == read_mrkdwn(nasty) == read_markdown(nasty) == expected
    raw = Document((Paragraph((Text(nasty),)),))
    assert write_wiki(raw) == write_markdown(raw) == write_mrkdwn(raw, 10) == "abcde"
    assert read_adf(write_adf(raw)) == read_rich_text(write_rich_text(raw)) == expected


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc", "//evil", " ", "http://"])
def test_an_address_of_another_kind_is_no_link(url: str) -> None:
    assert safe_url(url) == ""
    assert tidy([Link(url, "label")]) == (Text("label"),)


def test_an_address_cannot_end_its_own_markup() -> None:
    assert safe_url(' https://e.com/a b|c>d<e{f}"g`h\\i^j ') == (
        "https://e.com/a%20b%7Cc%3Ed%3Ce%7Bf%7D%22g%60h%5Ci%5Ej"
    )


def test_a_table_is_aligned_as_text_whatever_its_rows_are() -> None:
    assert table_text(Table((((Text("a"),),), ((Text("bb"), Break(), Text("c")), (Text("d"),))))) == (
        "a    |\n-----+--\nbb c | d"
    )
