"""Somebody who uses the page: what they do in each pane, found by the names that people see or hear."""

import re
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, expect

SECONDS = 60
"""The longest that anything may take to be seen, on a machine that is busy with other tests."""
DESK = {"width": 1280, "height": 800}
FIRE = "The printer on floor 3 is on fire again"
"""The words of the first message in #general."""
PHONE = {"width": 390, "height": 844}

expect.set_options(timeout=SECONDS * 1000)


class Visitor:
    """One window of a browser in which the page is open; `wrong` is what must never happen in it."""

    def __init__(self, browser: Browser, url: str, *, size: dict[str, int] | None = None, dark: bool = False) -> None:
        self.url = url
        self.wrong: list[str] = []
        shown: Any = size or DESK
        self.context: BrowserContext = browser.new_context(
            viewport=shown, color_scheme="dark" if dark else "light", locale="en-GB", reduced_motion="reduce"
        )
        self.context.set_default_timeout(SECONDS * 1000)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        self.page.on("request", self._asked)
        self.slack, self.jira, self.github, self.connect = (
            self.page.get_by_role("region", name=name, exact=True) for name in ("Slack", "Jira", "GitHub", "connect")
        )

    def open(self) -> None:
        """Open the page and wait until something is drawn in every pane."""
        self.page.goto(self.url)
        expect(self.page.get_by_role("log").first).to_be_attached()

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        if not re.match(r"(https?://127\.0\.0\.1[:/]|data:|blob:)", request.url):
            self.wrong.append(f"request: {request.url}")

    # Slack

    def message(self, words: str, *, thread: bool = False) -> Locator:
        """The newest message with these words, in the channel or in the thread beside it."""
        inside = self.thread if thread else self.channel
        return inside.get_by_role("article").filter(has_text=words).last

    @property
    def thread(self) -> Locator:
        return self.slack.get_by_role("complementary", name="Thread")

    @property
    def channel(self) -> Locator:
        return self.slack.get_by_role("log", name=re.compile("^Messages in "))

    def say(self, words: str) -> None:
        """Write into the channel on show and press Enter."""
        field = self.slack.get_by_role("textbox", name=re.compile("^Message "))
        field.fill(words)
        field.press("Enter")

    def reply(self, words: str) -> None:
        """Write into the thread on show."""
        field = self.thread.get_by_label("Reply…")
        field.fill(words)
        field.press("Enter")

    def go(self, place: str) -> None:
        """Look at another channel."""
        self.slack.get_by_role("navigation", name="Channels").get_by_role(
            "button", name=re.compile(f"^{place}(,|$)")
        ).click()

    def become(self, name: str) -> None:
        """Be somebody else in Slack."""
        chooser = self.slack.get_by_label("Who I am")
        wanted = chooser.locator("option").filter(has_text=name).get_attribute("value")
        chooser.select_option(wanted)

    def menu(self, words: str, item: str) -> None:
        """Choose something from a message's menu."""
        message = self.message(words)
        message.hover()
        message.get_by_role("button", name="More actions").click()
        self.slack.get_by_role("menuitem", name=item).click()

    def window(self, title: str) -> Locator:
        """The window with this title."""
        return self.slack.get_by_role("dialog", name=title)

    def create(self, summary: str, *, kind: str = "Task", message: str = FIRE) -> None:
        """Make a Jira issue of a message, with the form and its live search."""
        self.menu(message, "Create Jira issue")
        window = self.window("Create Jira issue")
        self.choose(window, "Project", "ope", "Operations (OPS)")
        self.choose(window, "Type", kind.lower(), kind)
        window.get_by_label("Summary").fill(summary)
        window.get_by_role("button", name="Create", exact=True).click()
        expect(self.card(summary)).to_have_count(1)
        self.close()

    def choose(self, window: Locator, label: str, letters: str, option: str) -> None:
        """Type into a field that searches, and take what it offers."""
        field = window.get_by_role("combobox", name=label)
        field.fill(letters)
        window.get_by_role("option", name=re.compile(rf"\b{re.escape(option)}$")).click()
        expect(field).to_have_value(option)

    def close(self) -> None:
        """Close the window that is open."""
        windows = self.slack.get_by_role("dialog")
        windows.get_by_role("button", name="Close").first.click()
        expect(windows).to_have_count(0)

    # Jira and GitHub

    def card(self, words: str) -> Locator:
        """A card on Jira's board."""
        return self.jira.get_by_role("listitem").filter(has_text=words)

    def column(self, status: str) -> Locator:
        """A column of the board."""
        return self.jira.get_by_role("region", name=status, exact=True)

    def drag(self, words: str, status: str) -> None:
        """Drag a card to another column, as a hand does: the column opens before the card is let go over it."""
        column, mouse = self.column(status), self.page.mouse
        self.card(words).hover(position={"x": 12, "y": 12})
        mouse.down()
        box = column.get_by_role("heading").bounding_box()
        assert box is not None
        mouse.move(box["x"] + 20, box["y"] + 10, steps=6)
        expect(column).to_have_class(re.compile(r"\bopen\b"))
        mouse.move(box["x"] + 24, box["y"] + 12, steps=2)
        mouse.up()

    def issue(self, summary: str) -> Locator:
        """Open an issue from the board."""
        self.card(summary).get_by_text(summary).click()
        return self.jira.get_by_role("article")

    def tab(self, name: str) -> None:
        """A tab of the GitHub pane."""
        self.github.get_by_role("navigation").get_by_role("button", name=name).click()
