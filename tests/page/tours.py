"""The page's guided tours, step by step."""

import re
from collections.abc import Iterator

from playwright.sync_api import expect

from tests.page.visitor import Visitor

TITLES = ("Ticket from a message", "Two-way thread", "A pull request's life", "Break it")


def begin(visitor: Visitor, title: str) -> None:
    """Choose a tour from the menu."""
    visitor.page.locator("summary", has_text="Guided tours").click()
    visitor.page.get_by_role("button", name=re.compile(rf"^{title.replace("'", "['’]")}")).click()


def walk(visitor: Visitor, title: str) -> Iterator[tuple[int, str]]:
    """Have the whole tour done; each step, with its sentence, before it is done."""
    begin(visitor, title)
    strip = visitor.page.get_by_role("complementary", name=re.compile("^Tour: "))
    count = int(re.findall(r"\d+", strip.get_by_text(re.compile(r"^Step 1 of \d+")).inner_text())[1])
    for number in range(1, count + 1):
        expect(strip.get_by_text(f"Step {number} of {count}")).to_be_visible()
        yield number, strip.get_by_role("status").inner_text()
        strip.get_by_role("button", name=re.compile("^(Do it for me|Go on)$")).click()
    expect(strip.get_by_text("That was it.")).to_be_visible()
    strip.get_by_role("button", name="Close").click()
