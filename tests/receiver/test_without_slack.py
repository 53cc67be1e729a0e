"""Requests that have nothing to do with Slack are taken while Slack is off; those that have, are not."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.slack import GENERAL
from tests.world import World

TO_GITHUB: list[tuple[str, dict[str, Any]]] = [
    ("create_issue", {"repository": "acme/web", "title": "The page is blank"}),
    ("add_comment", {"repository": "acme/web", "number": 1, "body": "It still is"}),
]


@pytest.fixture
def without_slack(sqlite_url: str) -> Iterator[World]:
    world = World(sqlite_url, slack_bot_token="")
    yield world
    world.close()


@pytest.mark.parametrize(("event", "payload"), TO_GITHUB)
def test_github_is_asked_while_slack_is_off(without_slack: World, event: str, payload: dict[str, Any]) -> None:
    if event == "add_comment":
        without_slack.github.open_issue("acme/web", "The page is blank")
    row_id = without_slack.ask("slack", "github", event, payload)
    without_slack.settle()
    row = without_slack.call("GET", f"/api/v1/integrations/{row_id}").json()["integration"]
    assert (row["status"], row["error_message"]) == ("completed", None)


def test_what_is_to_be_told_in_a_channel_needs_slack(without_slack: World) -> None:
    event, payload = TO_GITHUB[0]
    body = {"source_service": "slack", "target_service": "github", "event_type": event,
            "payload": {**payload, "channel": GENERAL}}  # fmt: skip
    answer = without_slack.call("POST", "/api/v1/integrations", body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "slack_unavailable")
    assert without_slack.rows("integrations") == []
