"""The marks of phones, and the word that was nearly typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.filters import FEATURES
from bot.github_filters import GitHubFilters
from bot.names import Choice
from bot.spelling import meant, nearest, plain, query, same, signed, words


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ('bug "help wanted" -wip', ["bug", "help wanted", "-wip"]),
        ("bug “help wanted” „so“ «or so»", ["bug", "help wanted", "so", "or so"]),
        ("‘won’t fix’ won't don’t 'x'", ["won’t fix", "won't", "don’t", "x"]),
        ("status:“In Progress” created\u00a0resolved", ["status:In Progress", "created", "resolved"]),
        ('"" bug\u200b 5"', ["", "bug", "5"]), ("", []),
    ],
)  # fmt: skip
def test_words_are_cut_at_spaces_outside_quotes_of_any_kind(typed: str, found: list[str]) -> None:
    assert words(typed) == found


@given(st.text())
def test_no_text_breaks_the_reading(text: str) -> None:
    assert all(word == word.strip() or " " in text for word in words(text))
    assert plain(plain(text)) == plain(text)
    assert query(query(text)) == query(text)


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("status = “In Progress”", 'status = "In Progress"'), ("status = ‘Done’", "status = 'Done'"),
        ('summary ~ "the “so-called” printer"', 'summary ~ "the “so-called” printer"'),
        ("label:“help\u00a0wanted”", 'label:"help wanted"'), ("won’t start", "won't start"),
    ],
)  # fmt: skip
def test_a_query_has_plain_quotes_unless_it_has_those_as_well(typed: str, sent: str) -> None:
    assert query(typed) == sent


@pytest.mark.parametrize(
    ("typed", "known", "near"),
    [
        ("mergd", ["merged", "closed"], "merged"), ("isues", FEATURES["github"], "issues"),
        ("pul", FEATURES["github"], "pulls"), ("Subscibe", ["subscribe", "unsubscribe"], "subscribe"),
        ("merged", ["merged"], ""), ("acme", ["me", "pause"], ""), ("", ["me"], ""),
    ],
)  # fmt: skip
def test_the_nearest_word_is_one_that_was_nearly_typed(typed: str, known: list[str], near: str) -> None:
    assert nearest(typed, known) == near
    assert meant(typed, known, "`{}`") == (f" Did you mean `{near}`?" if near else "")


def test_a_dash_before_a_word_is_a_minus() -> None:
    assert [signed(word) for word in ("–wip", "—wip", "--wip", "-wip", "wip–1")] == [*["-wip"] * 4, "wip–1"]


def test_names_are_the_same_whichever_quotes_and_dashes_they_have() -> None:
    assert same("Won’t fix – ever") == "won't fix - ever"
    assert Choice(any=["won't fix"]).admits(frozenset({"Won’t Fix"}))
    assert not Choice(none=["won’t fix"]).admits(frozenset({"won't fix"}))


def test_a_misspelt_action_is_told_with_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"there is no mergd \(did you mean merged\?\); possible are added, answered,"):
        GitHubFilters.model_validate({"actions": ["mergd"]})
