"""How what is typed adds up with what a channel hears of, and what is said of it."""

import pytest

from bot.filters import DEFAULTS
from bot.flows.subscription_changes import events, told
from bot.grammar import USUAL_WORKFLOWS, parsed

USUAL = DEFAULTS["github"]
CI = 'workflows:{name:"CI"}'


@pytest.mark.parametrize(
    ("before", "typed", "after", "said"),
    [
        (("pulls", "commits"), "commits:release/*", ("pulls", "commits:release/*"),
         "That takes the place of `commits`."),
        (("pulls", "commits:*"), "commits:release/*", ("pulls", "commits:release/*"),
         "That takes the place of `commits:*`."),
        (("pulls", USUAL_WORKFLOWS), CI, ("pulls", CI), f"That takes the place of `{USUAL_WORKFLOWS}`."),
        (("workflows",), CI, (CI,), "That takes the place of `workflows`."),
        (("commits:main",), "commits:release/*", ("commits:main", "commits:release/*"), ""),
        (("pulls",), "only commits:release/*", ("commits:release/*",), ""),
        (("pulls",), "reviews", ("pulls", "reviews"), ""),
        ((), "commits:dev", (*(one for one in USUAL if one != "commits"), "commits:dev"),
         "That takes the place of `commits`."),
    ],
)  # fmt: skip
def test_what_narrows_takes_the_place_of_the_wider_form(
    before: tuple[str, ...], typed: str, after: tuple[str, ...], said: str
) -> None:
    written = parsed(typed)
    found = events(written, before)
    assert (found, told(written, before or USUAL, found)) == (after, said)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("thread:on", "What happens later is told in the thread, and its end in the channel too."),
        ("style:line", "Each thing is one line."),
        ('quiet:"20:00-07:00 Europe/Berlin"', "Quiet from 20:00 to 07:00 (Europe/Berlin)."),
        ("broadcast:merged", "Told in the channel besides the thread: merged."),
        ("-replies", "Replies beneath a card stay in Slack."),
        ("+reactions", "What happens later is shown by reactions to the card, and by nothing else."),
        ("style:compact thread:off -reactions +replies",
         "Cards are short. What happens later is told in the channel. What happens later is told in words. "
         "Replies beneath a card become comments on GitHub."),
        ("-author:Dependabot", "GitHub calls that program `dependabot[bot]`: type `-author:\"dependabot[bot]\"`, or "
         "`-bots` for all programs."),
        ("-author:mona", ""),
    ],
)  # fmt: skip
def test_the_answer_names_what_was_changed(typed: str, said: str) -> None:
    assert told(parsed(typed), ("pulls",), ("pulls",)) == said
