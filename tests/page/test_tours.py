"""Each guided tour, done for the visitor and by the visitor, and what the panes show at its end."""

import re

import pytest
from playwright.sync_api import expect

from tests.page import tours
from tests.page.visitor import Visitor


@pytest.mark.parametrize("title", tours.TITLES)
def test_a_tour_that_is_done_for_the_visitor_comes_to_its_end(visitor: Visitor, title: str) -> None:
    sentences = [sentence for _, sentence in tours.walk(visitor, title)]
    assert len(sentences) == len(set(sentences)) > 3
    tally = visitor.connect.get_by_role("group", name="Tally")
    expect(tally).to_contain_text("issues made twice: 0 · messages made twice: 0 · comments made twice: 0")
    expect(visitor.connect.get_by_text(re.compile("waiting 0 "))).to_be_visible()
    expect(visitor.connect.get_by_text("failed 0")).to_be_visible()


def test_the_visitor_can_do_each_step_of_a_tour_themselves(visitor: Visitor) -> None:
    tours.begin(visitor, tours.TITLES[0])
    strip = visitor.page.get_by_role("complementary", name=re.compile("^Tour: "))
    words = "The window on floor 1 does not shut"
    visitor.say(words)
    expect(strip.get_by_text("Step 2 of")).to_be_visible()
    visitor.create("The window does not shut", message=words)
    expect(strip.get_by_text("its card stands in it").or_(strip.get_by_text("Open the thread"))).to_be_visible()
    visitor.message(words).get_by_role("button", name=re.compile("1 reply")).click()
    card = visitor.thread.get_by_role("article").nth(1)
    expect(card).to_contain_text("The window does not shut")
    issue = visitor.issue("The window does not shut")
    issue.get_by_label("Status").select_option("In Progress")
    expect(card).to_contain_text("In Progress")
    expect(strip.get_by_text("Step 3 of")).to_have_count(0)
