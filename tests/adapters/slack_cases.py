"""What the tests of the Slack client share: the stand-in, the client, and a usual read and write."""

from collections.abc import Iterator
from typing import Any

import pytest

from adapters.errors import AdapterError
from adapters.slack.client import SlackClient
from sandbox.slack import DEV, MEMBER, SlackStandIn

TOKEN = "xoxb-not-to-be-seen"
BLOCKS: list[dict[str, Any]] = [{"type": "section", "text": {"type": "mrkdwn", "text": "*hello*"}}]
MODAL: dict[str, Any] = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Window"},
    "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}],
}


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    standin = SlackStandIn("secret", TOKEN)
    standin.start()
    yield standin
    standin.stop()


@pytest.fixture
def client(slack: SlackStandIn) -> SlackClient:
    return SlackClient(TOKEN, slack.api_url, timeout=5)


def write(client: SlackClient) -> object:
    return client.post_message(DEV, "hello", [])


def read(client: SlackClient) -> object:
    return client.user(MEMBER)


def described(error: AdapterError) -> tuple[type[AdapterError], str, str]:
    return type(error), getattr(error, "code", ""), str(error)
