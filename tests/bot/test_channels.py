"""The name of an issue's own channel, by Slack's rules, and what stands above it."""

import pytest

from adapters.jira.issue import Issue
from bot.flows.channels import NAME_LIMIT, slug, topic
from bot.operations.channels import MOST_NAMES, numbered


@pytest.mark.parametrize(
    ("key", "site", "summary", "name"),
    [
        ("OPS-1", "", "Printer is on fire", "ops-1-printer-is-on-fire"),
        ("OPS-1", "eu", "Printer is on fire", "eu-ops-1-printer-is-on-fire"),
        ("OPS-1", "", "", "ops-1"),
        ("OPS-1", "", "  <!channel> & *Größe*: Über, café!  ", "ops-1-channel-grosse-uber-cafe"),
        ("OPS-1", "", "プリンター", "ops-1"),
        ("OPS-1", "", "--- ... ---", "ops-1"),
        ("A_B-1", "", "snake_case stays", "a_b-1-snake_case-stays"),
    ],
)
def test_a_channel_is_named_by_key_and_summary(key: str, site: str, summary: str, name: str) -> None:
    assert slug(Issue("1", key, "", summary, site=site)) == name


def test_a_long_name_ends_with_a_whole_word() -> None:
    name = slug(Issue("1", "OPS-1", "", "word " * 40))
    assert name == "-".join(["ops", "1", *["word"] * 15])
    assert len(name) <= NAME_LIMIT


def test_a_name_of_one_long_word_is_cut_off() -> None:
    assert slug(Issue("1", "OPS-1", "", "x" * 100)) == "ops-1-" + "x" * 74


def test_numbers_fit_behind_the_longest_name() -> None:
    names = numbered("x" * 80)
    assert (names[0], names[1], names[-1]) == ("x" * 80, "x" * 78 + "-2", "x" * 77 + "-10")
    assert (len(names), {len(name) for name in names}) == (MOST_NAMES, {80})


def test_the_topic_is_inert_and_leaves_out_an_address_that_is_too_long() -> None:
    issue = Issue("1", "OPS-1", "https://x.test/browse/OPS-1", status="<!channel> Done")
    assert topic(issue) == "OPS-1 · &lt;!channel&gt; Done · https://x.test/browse/OPS-1"
    assert topic(Issue("1", "OPS-1", "https://x.test/" + "y" * 250, status="Done")) == "OPS-1 · Done"
