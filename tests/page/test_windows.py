"""Windows, commands and the home in the Slack pane, and who may not."""

import re

from playwright.sync_api import expect

from tests.page.visitor import FIRE, Visitor


def test_a_required_field_that_is_empty_is_told_at_the_field(visitor: Visitor) -> None:
    visitor.menu(FIRE, "Create Jira issue")
    window = visitor.window("Create Jira issue")
    visitor.choose(window, "Project", "ope", "Operations (OPS)")
    window.get_by_label("Summary").fill("")
    window.get_by_role("button", name="Create", exact=True).click()
    expect(window.get_by_role("alert")).to_have_text("Please complete this required field.")
    window.get_by_label("Summary").fill("The printer burns")
    expect(window.get_by_role("alert")).to_have_count(0)


def test_what_connect_finds_wrong_is_told_at_the_field_and_what_was_typed_stays(visitor: Visitor) -> None:
    visitor.say("/jira subscribe OPS")
    window = visitor.window("Subscription")
    window.get_by_label("Only issues that match this JQL").fill("priority = High")
    window.get_by_label("Quiet from").fill("20:00")
    window.get_by_role("button", name="Save").click()
    expect(window.get_by_role("alert")).to_have_text("To be quiet, choose from when, until when, and the time zone.")
    expect(window.get_by_label("Only issues that match this JQL")).to_have_value("priority = High")
    expect(window.get_by_label("Quiet from")).to_have_value("20:00")


def test_commands_are_hinted_and_answered_to_whom_asked_alone(visitor: Visitor) -> None:
    field = visitor.slack.get_by_label("Message #general")
    field.fill("/ji")
    expect(visitor.slack.get_by_role("option", name="/jira")).to_contain_text("create [summary]")
    field.press("Tab")
    expect(field).to_have_value(re.compile("^/jira ?$"))
    visitor.say("/jira OPS-2")
    answer = visitor.message("Fire doors close by themselves")
    expect(answer).to_contain_text("Only visible to you")
    visitor.become("Grace Hopper")
    expect(visitor.message(FIRE)).to_be_visible()
    expect(visitor.message("Fire doors close by themselves")).to_have_count(0)


def test_a_guest_is_refused_in_a_sentence(visitor: Visitor) -> None:
    visitor.become("guest")
    visitor.say("/jira create Water the plants")
    expect(visitor.slack.get_by_text(re.compile("guest", re.IGNORECASE)).last).to_be_visible()
    expect(visitor.card("Water the plants")).to_have_count(1)  # the one that was there before


def test_the_home_shows_what_is_the_person_s_own(visitor: Visitor) -> None:
    visitor.slack.get_by_role("navigation", name="Channels").get_by_role("button", name="connect").click()
    home = visitor.slack.get_by_role("tabpanel", name="Home")
    expect(home).to_contain_text("Fire doors close by themselves")
    expect(home).not_to_contain_text("Order a new fire extinguisher")
    home.get_by_role("button", name="Reported by me").click()
    expect(home).to_contain_text("Water the plants on floor 2")
