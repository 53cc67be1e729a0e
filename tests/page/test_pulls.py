"""A pull request's life, told in a channel by one card."""

import re

from playwright.sync_api import expect

from tests.page.visitor import Visitor


def test_a_pull_request_is_one_card_that_is_edited_in_place(visitor: Visitor) -> None:
    visitor.go("dev")
    visitor.say("/github subscribe acme/web")
    expect(visitor.message("acme/web")).to_be_visible()
    visitor.github.get_by_role("button", name="New pull request").click()
    form = visitor.github.get_by_role("form", name="New pull request")
    form.get_by_label("From branch").select_option("a new branch…")
    form.get_by_label("Name of the branch").fill("OPS-2-fire-door")
    form.get_by_label("Commits, one a line").fill("OPS-2 Let the fire door close by itself")
    form.get_by_label("Title").fill("OPS-2 Fire doors close by themselves")
    form.get_by_role("button", name="Open pull request").click()
    card = visitor.channel.get_by_role("article").filter(has_text="OPS-2 Fire doors close by themselves")
    expect(card).to_have_count(1)
    expect(card).to_contain_text("Open")
    visitor.github.get_by_label("Who you are on GitHub").select_option("grace")
    visitor.github.get_by_label("Verdict").select_option("approved")
    visitor.github.get_by_role("button", name="Submit review").click()
    expect(card).to_contain_text(re.compile("approved", re.IGNORECASE))
    visitor.github.get_by_role("button", name="Merge pull request").click()
    expect(card).to_contain_text("Merged")
    expect(card).to_have_count(1)
    expect(visitor.github.get_by_role("article")).to_contain_text("Merged")
    card.get_by_role("button", name=re.compile("repl")).click()
    expect(visitor.thread.get_by_role("article").filter(has_text="grace").first).to_be_visible()
    expect(visitor.issue("Fire doors close by themselves")).to_contain_text("OPS-2 Fire doors close by themselves")
