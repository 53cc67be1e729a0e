"""Whoever uses the page however: with the keyboard alone, on a phone, in the dark, while everything moves."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.page.contrast import FAINT
from tests.page.visitor import FIRE, PHONE, Visitor


def tab_to(visitor: Visitor, name: str, most: int = 60) -> None:
    """Press Tab until the element of this accessible name has the focus."""
    for _ in range(most):
        visitor.page.keyboard.press("Tab")
        if name in (visitor.page.evaluate(
            "(({ ariaLabel, textContent, value }) => [ariaLabel, textContent, value].join('|'))(document.activeElement)"
        ) or ""):  # fmt: skip
            return
    raise AssertionError(f"Tab does not reach {name}")


def test_the_keyboard_alone_makes_an_issue_and_moves_it(visitor: Visitor) -> None:
    keys = visitor.page.keyboard
    visitor.message(FIRE).focus()
    tab_to(visitor, "More actions", 5)
    keys.press("Enter")
    item = visitor.slack.get_by_role("menuitem", name="Create Jira issue")
    expect(item).to_be_visible()
    while not item.evaluate("item => item === document.activeElement"):
        keys.press("ArrowDown")
    keys.press("Enter")
    window = visitor.window("Create Jira issue")
    expect(window.get_by_role("combobox", name="Project")).to_be_focused()
    keys.type("ope")
    expect(window.get_by_role("option", name="Operations (OPS)")).to_be_visible()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(window.get_by_role("combobox", name="Type")).to_have_value("Task")
    tab_to(visitor, "Create", 12)
    keys.press("Enter")
    expect(visitor.card("The printer on floor 3")).to_have_count(1)
    keys.press("Escape")
    expect(window).to_have_count(0)
    visitor.card("The printer on floor 3").get_by_label("Move OPS-6 to").focus()
    keys.press("I")
    keys.press("Enter")
    expect(visitor.column("In Progress").get_by_role("listitem").filter(has_text="OPS-6")).to_have_count(1)


def test_a_phone_shows_one_pane_and_tabs(visit: Callable[..., Visitor]) -> None:
    visitor = visit(size=PHONE)
    panes = {"Slack": visitor.slack, "Jira": visitor.jira, "GitHub": visitor.github, "connect": visitor.connect}
    tabs = visitor.page.get_by_role("navigation", name="Panes")
    for chosen in panes:
        tabs.get_by_role("button", name=chosen).click()
        for name, pane in panes.items():
            expect(pane).to_be_visible(visible=name == chosen)
        wide = visitor.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"]
    tabs.get_by_role("button", name="Slack").click()
    visitor.say("/jira create Water the plants on floor 3")
    expect(tabs.get_by_role("button", name="Jira").get_by_role("img", name="something new")).to_be_visible()
    tabs.get_by_role("button", name="Jira").click()
    expect(visitor.card("Water the plants on floor 3")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(visit: Callable[..., Visitor], dark: bool) -> None:  # noqa: FBT001
    visitor = visit(dark=dark)
    visitor.say("/jira create Mend the lamp")
    expect(visitor.card("Mend the lamp")).to_be_visible()
    visitor.issue("Mend the lamp")
    visitor.connect.get_by_text("Make trouble").click()
    visitor.menu(FIRE, "Create Jira issue")
    expect(visitor.window("Create Jira issue").get_by_role("combobox", name="Project")).to_be_visible()
    assert visitor.page.evaluate(FAINT) == []


def test_what_happens_meanwhile_disturbs_nobody_who_types(visit: Callable[..., Visitor]) -> None:
    visitor, other = visit(), visit()
    field = visitor.slack.get_by_label("Message #general")
    visitor.issue("The badge reader")
    comment = visitor.jira.get_by_label("Add a comment")
    comment.type("It is ")
    field.fill("The end of this sentence")
    field.evaluate("field => field.setSelectionRange(4, 4)")
    for number in range(3):
        other.say(f"Message {number}")
        field.press("x")
        expect(visitor.message(f"Message {number}")).to_be_visible()
    expect(field).to_be_focused()
    expect(field).to_have_value("The xxxend of this sentence")
    expect(comment).to_have_value("It is ")
    assert field.evaluate("field => field.selectionStart") == 7
