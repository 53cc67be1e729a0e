"""From a message to an issue and on: what is done in one pane is seen in the others."""

import re

from playwright.sync_api import expect

from tests.page.visitor import FIRE, Visitor


def test_a_message_becomes_an_issue_on_the_board_with_its_card_in_the_thread(visitor: Visitor) -> None:
    visitor.create("The printer burns", kind="Bug")
    expect(visitor.column("To Do").get_by_role("listitem").filter(has_text="The printer burns")).to_have_count(1)
    visitor.message(FIRE).get_by_role("button", name=re.compile("1 reply")).click()
    card = visitor.message("The printer burns", thread=True)
    expect(card).to_contain_text("OPS-6")
    expect(card).to_contain_text("To Do")
    expect(card).to_contain_text("Bug")
    issue = visitor.issue("The printer burns")
    expect(issue).to_contain_text("smoke comes out of tray 2")
    expect(issue.get_by_label("Comments")).to_have_text("")


def test_replies_become_comments_and_comments_replies(visitor: Visitor) -> None:
    visitor.create("The printer burns")
    visitor.message(FIRE).get_by_role("button", name=re.compile("1 reply")).click()
    expect(visitor.message("OPS-6", thread=True)).to_be_visible()
    visitor.reply("I pulled the plug")
    issue = visitor.issue("The printer burns")
    comments = issue.get_by_label("Comments", exact=True).get_by_role("listitem")
    expect(comments).to_contain_text(["I pulled the plug"])
    issue.get_by_label("Add a comment").fill("The plug is back in")
    issue.get_by_role("button", name="Comment", exact=True).click()
    expect(visitor.message("The plug is back in", thread=True)).to_contain_text("Ada Lovelace")
    expect(comments).to_have_count(2)
    expect(visitor.thread.get_by_role("article").filter(has_text="I pulled the plug")).to_have_count(1)


def test_a_card_that_is_dragged_or_moved_on_the_board_is_told_in_the_thread(visitor: Visitor) -> None:
    visitor.create("The printer burns")
    visitor.message(FIRE).get_by_role("button", name=re.compile("1 reply")).click()
    expect(visitor.message("OPS-6", thread=True)).to_contain_text("To Do")
    visitor.card("The printer burns").get_by_label("Move OPS-6 to").select_option("In Progress")
    expect(visitor.column("In Progress").get_by_role("listitem").filter(has_text="OPS-6")).to_have_count(1)
    card = visitor.thread.get_by_role("article").nth(1)
    expect(card).to_contain_text("In Progress")
    visitor.drag("The printer burns", "Done")
    expect(visitor.column("Done").get_by_role("listitem").filter(has_text="OPS-6")).to_have_count(1)
    expect(card).to_contain_text("Done")
    expect(visitor.message("Done", thread=True)).to_be_visible()
