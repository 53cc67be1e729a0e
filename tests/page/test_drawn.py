"""Every message that the fixtures lead to, drawn in the Slack pane: all of it known, and every word to be read."""

import html
import re
from collections.abc import Iterator
from itertools import batched
from pathlib import Path
from typing import Any, cast

import pytest
import requests
from playwright.sync_api import Browser, expect

from bot.message import Message
from sandbox.page.server import Page
from sandbox.slack import ADMIN, BOT_USER
from tests.page.visitor import SECONDS, Visitor
from tests.renderers import pairs
from tests.sandbox.pages import address, served

AT_ONCE = 175
TOKEN = {"Authorization": "Bearer xoxb-sandbox"}
UNSEEN = ("value", "options", "option_groups", "confirm", "action_id", "block_id", "type", "url", "style", "emoji")
DRAWN = """() => [...document.querySelectorAll("[role=log] article .blocks")]
  .map((each) => [each.closest("article").dataset.ts, each.innerText])"""


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    """The page without connect: what is shown was posted by hand."""
    with served(tmp_path) as page:
        yield page


def messages() -> list[Message]:
    """All of them, each once."""
    services: tuple[pairs.Service, ...] = ("github", "jira")
    found = [it for service in services for name in pairs.names(service)
             for it in pairs.messages(pairs.rendered(service, name)) if it.blocks]  # fmt: skip
    return list({str(each.blocks): each for each in found}.values())


def words(value: object, *, plain: bool = False) -> list[str]:
    """The words that a reader of these blocks sees, without their markup."""
    if isinstance(value, str):
        return readable(value if plain else unmarked(value))
    if isinstance(value, list):
        return [word for each in cast("list[object]", value) for word in words(each)]
    given = cast("dict[str, Any]", value)
    plain = given.get("type") == "plain_text"
    return [word for name, each in given.items() if name not in UNSEEN for word in words(each, plain=plain)
            if isinstance(each, str | list | dict)]  # fmt: skip


def unmarked(mrkdwn: str) -> str:
    """What stands there once links, times and styles are drawn."""
    without = re.sub(r"<!date[^>]*>", " ", mrkdwn)
    without = re.sub(r"<[^|>]*\|([^>]*)>", r"\1", without)
    return html.unescape(re.sub(r"<([^>]*)>", r"\1", without))


def readable(text: str) -> list[str]:
    """The words of a text; emoji are pictures, and what marks a style is not seen."""
    return re.findall(r"[^\W_]+", re.sub(r":[a-z0-9_+-]*[a-z][a-z0-9_+-]*:", " ", text))


def missing(wanted: list[str], shown: str) -> list[str]:
    """The words that are not shown, in their order."""
    there = iter(readable(shown))
    return [word for word in wanted if word not in there]


def test_every_message_of_the_fixtures_is_drawn_with_all_its_words(page: Page, chromium: Browser) -> None:
    slack = page.current.playground.slack
    posted: dict[str, Message] = {}
    names = [f"fixtures-{number}" for number in range(9)]
    for name, some in zip(names, batched(messages(), AT_ONCE), strict=False):
        slack.add_channel(name.upper(), name, members=(ADMIN, BOT_USER))
        for each in some:
            given = {"channel": name.upper(), "text": each.text, "blocks": each.blocks}
            answer = requests.post(
                f"{slack.api_url}chat.postMessage", json=given, headers=TOKEN, timeout=SECONDS
            ).json()
            posted[str(answer["ts"])] = each
    visitor = Visitor(chromium, address(page))
    visitor.open()
    drawn: dict[str, str] = {}
    for name in {name for name in names if name.upper() in slack.channels}:
        visitor.go(name)
        expect(visitor.slack.get_by_role("log", name=f"Messages in {name}")).to_be_visible()
        expect(visitor.slack.locator(".unknown")).to_have_count(0)
        drawn |= dict(visitor.page.evaluate(DRAWN))
    unseen = {ts: lost for ts, each in posted.items() if (lost := missing(words(each.blocks), drawn.get(ts, "")))}
    assert unseen == {}
    assert visitor.wrong == []
    visitor.context.close()
