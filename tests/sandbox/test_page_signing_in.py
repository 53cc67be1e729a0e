"""In the sandbox people link their own accounts of Jira and GitHub, and then act under their own names."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.page.server import Page
from sandbox.slack import ADMIN as ADA
from sandbox.slack import DEV
from tests.sandbox.pages import Browser, served

SECONDS = 20


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    with served(tmp_path) as page:
        page.start(lambda: None)
        yield page


@pytest.fixture
def browser(page: Page) -> Browser:
    return Browser(page.url)


def asked(page: Page, command: str, text: str) -> str:
    """What connect answers to a command of Ada's, as JSON."""
    answer = page.current.playground.slack.command(ADA, DEV, command, text)
    assert answer.trouble == ""
    return json.dumps(answer.body)


def test_ada_links_her_jira_account_on_jiras_own_page(page: Page) -> None:
    link = re.search(r'"url": "(http[^"]+/oauth/jira/start[^"]+)"', asked(page, "/jira", "login"))
    assert link is not None
    window = requests.Session()
    invited = window.get(link[1], timeout=SECONDS)
    form = dict(re.findall(r'name="(\w+)" value="([^"]+)"', invited.text))
    start, origin = link[1].partition("?")[0], page.current.playground.connect.url
    choice = window.post(start, form, headers={"Origin": origin}, timeout=SECONDS)
    assert re.findall(r">(Allow [^<]+\??|Do not allow)</a>", choice.text) == [
        "Allow as Ada Lovelace", "Allow as Grace Hopper", "Do not allow",
    ]  # fmt: skip
    yes = re.search(r'href="([^"]+)">Allow as Ada', choice.text)
    assert yes is not None
    end = window.get(page.current.playground.jira.url + html.unescape(yes[1]), timeout=SECONDS)
    assert re.findall("<h1>(.+?)</h1>", end.text) == ["Linked: Ada Lovelace"]
    assert "Ada Lovelace" in asked(page, "/jira", "me")


def test_ada_enters_the_code_of_github_and_then_comments_as_herself(page: Page, browser: Browser) -> None:
    code = re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", asked(page, "/github", "login"))
    assert code is not None
    browser.until("github", lambda state: state["codes"] == [code[0]])
    browser.result("github/answer-code", code=code[0].lower(), who="ada")
    told = "D" + ADA[1:]
    browser.until("slack", lambda state: any(each["id"] == told and each["messages"] for each in state["channels"]))
    asked(page, "/github", "comment acme/web#1 It works again")

    def has_it(state: Any) -> bool:
        (first,) = [each for each in state["repositories"][0]["tickets"] if each["number"] == 1]
        return [(each["author"], each["html"]) for each in first["timeline"]] == [("ada", "<p>It works again</p>\n")]

    browser.until("github", has_it)
