"""A person's browser, as far as linking an account needs one: cookies by the rules, pages, and their one form."""

import re
from dataclasses import dataclass
from html import unescape
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import requests

from sandbox.jira.oauth import CLIENT_ID, CLIENT_SECRET
from sandbox.slack import GENERAL, MEMBER
from storage import tokens
from tests.world import World

WHO = f"T0DEV00001/{MEMBER}"
PUBLIC = "https://connect.example.com"
LINKING = {
    "jira_oauth_client_id": CLIENT_ID, "jira_oauth_client_secret": CLIENT_SECRET, "connect_public_url": PUBLIC,
    "connect_encryption_key": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
}  # fmt: skip


@dataclass(frozen=True)
class Page:
    """What the browser shows, or where it is sent."""

    status: int
    title: str
    text: str
    location: str
    html: str
    headers: dict[str, str]


class Browser:
    """One browser with its own cookies; `public` is the world's connect."""

    def __init__(self, world: World, public: str = PUBLIC) -> None:
        self._world = world
        self._public = public
        self.cookies: dict[str, str] = {}
        self.set_cookies: list[str] = []

    def open(self, address: str) -> Page:
        """Type an address, or follow a link or a redirect."""
        return self._ask("GET", address)

    def press(self, page: Page) -> Page:
        """Press the page's button."""
        return self.send(self.fields(page))

    @staticmethod
    def fields(page: Page) -> dict[str, str]:
        """What the page's form holds."""
        found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.html)
        return {name: unescape(value) for name, value in found}

    def send(self, form: dict[str, str], *, with_cookies: bool = True) -> Page:
        """Send a form to connect; a browser leaves `Lax` cookies out of what another site's page sends."""
        return self._ask("POST", f"{self._public}/oauth/jira/start", urlencode(form), with_cookies=with_cookies)

    def _ask(self, method: str, address: str, body: str = "", *, with_cookies: bool = True) -> Page:
        assert address.startswith(f"{self._public}/"), address
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        if with_cookies and self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        url = address.replace(self._public, self._world.url, 1)
        answer = requests.request(method, url, data=body, headers=headers, allow_redirects=False, timeout=10)
        if "Set-Cookie" in answer.headers:
            self.set_cookies.append(answer.headers["Set-Cookie"])
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(answer.headers["Set-Cookie"]).items()}
        title = re.search("<h1>(.*?)</h1>", answer.text)
        body_text = answer.text.partition("</h1>")[2]
        words = " ".join(unescape(re.sub("<[^>]+>", " ", body_text)).split())
        return Page(
            answer.status_code, unescape(title[1]) if title else "", words, answer.headers.get("Location", ""),
            answer.text, dict(answer.headers),
        )  # fmt: skip


def button_of(world: World, user: str = MEMBER) -> str:
    """The address behind the button that `/jira login` shows to somebody."""
    answer = world.slack.command(user, GENERAL, "/jira", "login")
    assert answer.trouble == ""
    return next(block["elements"][0]["url"] for block in answer.body["blocks"] if block["type"] == "actions")


def link(world: World, jira_user: str, user: str = MEMBER) -> Page:
    """The whole way, from the command in Slack to the page at the end."""
    browser = Browser(world)
    there = browser.press(browser.open(button_of(world, user)))
    page = browser.open(world.jira.oauth.answer(there.location, jira_user))
    assert page.title == f"Linked: {jira_user}"
    return page


def linked_account(world: World, subject: str = WHO) -> str:
    """What the account is called that somebody has linked; empty if they have not."""
    with world.database.read() as connection:
        kept = tokens.get(connection, "jira", world.jira.url, subject)
    return kept.whose.display if kept else ""
