"""Text on its way through connect: from Slack to Jira and back, and the other way round, for generated documents.

Lists, code, quotes, links and mentions arrive as what they are; what only looks like one stays text all the way.
"""

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.document import CodeBlock, Document, Inline, ItemList, Link, Mention, Paragraph, Quote, Text, tidy
from adapters.jira.markup import read_adf, read_wiki, write_adf, write_wiki
from adapters.slack.markup import (
    live_mention,
    mention_element,
    read_mrkdwn,
    read_rich_text,
    write_mrkdwn,
    write_rich_text,
)
from adapters.walk import changed, mentioned
from tests.adapters.markup_strategies import documents, hostile_text, plain_words, words

PEOPLE = {"U0DEV00001": "712020:mia", "U0DEV00002": "712020:ada"}
"""Slack's people and their accounts in Jira."""
USERS = {"U0DEV00001": "mia", "U0DEV00002": "ada"}
"""The same on Data Center."""

type Through = Callable[[Document], Document]


def through_cloud(document: Document) -> Document:
    """What is read of the ADF that is written; mentions are translated there and back."""
    read = read_adf(write_adf(document, mentions=lambda mention: PEOPLE.get(mention.id)))
    return back(read, PEOPLE)


def through_data_center(document: Document) -> Document:
    """What is read of the wiki text that is written."""
    return back(read_wiki(write_wiki(document, mentions=lambda mention: USERS.get(mention.id))), USERS)


def back(document: Document, accounts: dict[str, str]) -> Document:
    ids = {account: ident for ident, account in accounts.items()}
    return changed(document, lambda it: Mention("user", ids[it.id], "") if isinstance(it, Mention) else it)


def from_slack(document: Document) -> Document:
    """What connect reads of a message that says this."""
    return read_rich_text(write_rich_text(document, mentions=mention_element))


def in_slack(document: Document) -> Document:
    """What Slack shows of what connect writes there, read again."""
    return read_mrkdwn(write_mrkdwn(document, 1_000_000, mentions=live_mention))


BOTH_JIRAS = pytest.mark.parametrize("through", [through_cloud, through_data_center], ids=["cloud", "data center"])


def with_mentions(document: Document, people: list[str]) -> Document:
    """The document with somebody mentioned at the end of each of its paragraphs."""
    left = iter(people * 50)

    def add(block: object) -> object:
        match block:
            case Paragraph(content):
                return Paragraph(tidy((*content, Text(" "), Mention("user", next(left), ""))))
            case Quote(blocks):
                return Quote(tuple(map(add, blocks)))  # pyright: ignore[reportArgumentType]
            case _:
                return block

    return Document(tuple(map(add, document.blocks)))  # pyright: ignore[reportArgumentType]


mentioning = st.builds(
    with_mentions, documents(plain_words), st.lists(st.sampled_from(sorted(PEOPLE)), min_size=1)
).filter(lambda document: any(True for _ in mentioned(document)))


@BOTH_JIRAS
@settings(deadline=None)
@given(document=documents(words))
def test_a_reply_is_the_same_after_slack_jira_and_slack(through: Through, document: Document) -> None:
    said = from_slack(document)
    assert from_slack(through(said)) == said


@BOTH_JIRAS
@settings(deadline=None)
@given(document=mentioning)
def test_mentions_come_back_as_those_of_the_same_people_in_the_same_places(
    through: Through, document: Document
) -> None:
    said = from_slack(document)
    assert through(said) == said


def outline(document: Document) -> list[str]:
    """What has to survive in a message's text, block by block: lists with their nesting, quotes, code and words."""
    return [line for block in document.blocks for line in _outline(block, "")]


def _outline(block: object, where: str) -> list[str]:
    match block:
        case Paragraph(content):
            return [f"{where}{_words(content)}"]
        case CodeBlock(text):
            return [f"{where}code {' '.join(text.split())}"]
        case Quote(blocks):
            return [line for inner in blocks for line in _outline(inner, f"{where}> ")]
        case ItemList(ordered, items, start):
            return [
                line
                for number, item in enumerate(items, start)
                for inner in item.blocks
                for line in _outline(inner, f"{where}{f'{number}.' if ordered else '•'} ")
            ]
        case _:
            return [f"{where}{block}"]


def _words(content: tuple[Inline, ...]) -> str:
    shown = [
        f"[{each.url}]" if isinstance(each, Link) else f"@{each.id}" if isinstance(each, Mention) else
        each.text if isinstance(each, Text) else " " for each in content
    ]  # fmt: skip
    return " ".join("".join(shown).split())


def without_quoted_code(document: Document) -> bool:
    """Message text knows no code inside of a quote; `rich_text`, what people's messages are made of, does."""
    quotes = [block for block in document.blocks if isinstance(block, Quote)]
    return not any(isinstance(inner, CodeBlock) for quote in quotes for inner in quote.blocks)


safe_codes = st.text(st.sampled_from("ab {}<>&|\\#"), min_size=1, max_size=20).map(str.strip).filter(bool)


@BOTH_JIRAS
@settings(deadline=None)
@given(document=documents(plain_words, code=safe_codes).filter(without_quoted_code))
def test_a_comment_shown_in_slack_and_sent_back_keeps_lists_code_quotes_and_links(
    through: Through, document: Document
) -> None:
    in_jira = through(document)
    shown = in_slack(in_jira)
    assert outline(shown) == outline(in_jira)
    assert outline(through(shown)) == outline(in_jira)


@BOTH_JIRAS
@settings(deadline=None)
@given(document=documents(hostile_text, code=hostile_text))
def test_nothing_hostile_is_live_on_either_side_even_where_mentions_are_translated(
    through: Through, document: Document
) -> None:
    there = through(from_slack(document))
    assert list(mentioned(there)) == []
    shown = write_mrkdwn(there, 1_000_000, mentions=live_mention)
    assert not re.search(r"<(?!https?://|mailto:)", shown)
    assert list(mentioned(read_mrkdwn(shown))) == []
    assert list(mentioned(through(read_mrkdwn(shown)))) == []


@BOTH_JIRAS
@settings(deadline=None)
@given(kind=st.sampled_from(["group", "channel", "broadcast"]), ident=st.sampled_from(["U0DEV00001", "here", "S1"]))
def test_broadcasts_groups_and_channels_are_never_translated(through: Through, kind: str, ident: str) -> None:
    mention = Mention(kind, ident, "team")  # pyright: ignore[reportArgumentType]
    assert list(mentioned(through(Document((Paragraph((mention,)),))))) == []


@pytest.mark.parametrize("name", ["x]", "a|b", "a\nb", "~x", "{html}", "", "x [~y"])
def test_a_user_name_that_would_end_its_mention_is_not_made_one(name: str) -> None:
    document = Document((Paragraph((Mention("user", "U1", "Mia"),)),))
    assert write_wiki(document, mentions=lambda _: name) == "@Mia"
    assert write_wiki(document, mentions=lambda _: "mia.m@x-y 2") == "[~mia.m@x-y 2]"
