"""What the visitor breaks: still one issue and one message."""

import re

import pytest
from playwright.sync_api import expect

from tests.page.visitor import FIRE, Visitor


def one_of_each(visitor: Visitor, summary: str) -> None:
    """There is one issue, and one card of it in the message's thread, and nothing waits."""
    expect(visitor.connect.get_by_text("waiting 0 ")).to_be_visible()
    expect(visitor.card(summary)).to_have_count(1)
    visitor.message(FIRE).get_by_role("button", name=re.compile("1 reply")).click()
    expect(visitor.thread.get_by_role("article").filter(has_text=summary)).to_have_count(1)
    expect(visitor.connect.get_by_role("group", name="Tally")).to_contain_text("issues made twice: 0")
    expect(visitor.connect.get_by_role("group", name="Tally")).to_contain_text("messages made twice: 0")
    expect(visitor.connect.get_by_text("failed 0")).to_be_visible()


@pytest.mark.parametrize("button", ["Lose Jira's answer", "Lose Slack's answer"])
def test_a_lost_answer_makes_nothing_twice(visitor: Visitor, button: str) -> None:
    visitor.connect.get_by_text("Make trouble").click()
    visitor.connect.get_by_role("button", name=button).click()
    visitor.create("The printer burns")
    expect(visitor.connect.get_by_text("It happened: an answer was lost.")).to_be_visible()
    one_of_each(visitor, "The printer burns")


def test_what_slack_limits_is_posted_once_as_soon_as_it_may_be(visitor: Visitor) -> None:
    visitor.connect.get_by_text("Make trouble").click()
    switch = visitor.connect.get_by_role("switch", name=re.compile("too many requests"))
    visitor.menu(FIRE, "Create Jira issue")
    window = visitor.window("Create Jira issue")
    visitor.choose(window, "Project", "ope", "Operations (OPS)")
    window.get_by_label("Summary").fill("The printer burns")
    switch.check()
    window.get_by_role("button", name="Create", exact=True).click()
    expect(visitor.card("The printer burns")).to_have_count(1)
    expect(visitor.connect.get_by_text("it is left alone until").first).to_be_visible()
    switch.uncheck()
    visitor.close()
    one_of_each(visitor, "The printer burns")


def test_connect_that_is_killed_and_started_again_does_what_it_had_accepted_once(visitor: Visitor) -> None:
    visitor.connect.get_by_text("Make trouble").click()
    visitor.menu(FIRE, "Create Jira issue")
    window = visitor.window("Create Jira issue")
    visitor.choose(window, "Project", "ope", "Operations (OPS)")
    window.get_by_label("Summary").fill("The printer burns")
    down = visitor.connect.get_by_role("switch", name="Jira is down")
    down.check()
    window.get_by_role("button", name="Create", exact=True).click()
    expect(visitor.connect.get_by_text("waiting 1 ")).to_be_visible()
    visitor.connect.get_by_role("button", name="Kill connect now").click()
    expect(visitor.connect.get_by_text("connect is not running")).to_be_visible()
    visitor.close()
    down.uncheck()
    visitor.card("The badge reader").get_by_label("Move OPS-3 to").select_option("Done")
    expect(visitor.connect.get_by_text(re.compile("1 webhook waits"))).to_be_visible()
    visitor.connect.get_by_role("button", name="Start connect").click()
    expect(visitor.connect.get_by_text("connect is running")).to_be_visible()
    one_of_each(visitor, "The printer burns")
    expect(visitor.connect.get_by_role("group", name="Tally")).to_contain_text(re.compile(r"sent (\d+) · taken \1\b"))
