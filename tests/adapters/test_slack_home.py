"""The Slack client's call about the App Home."""

from typing import Any

import pytest

from adapters.errors import Rejected
from adapters.slack.client import SlackClient
from sandbox.slack import MEMBER, SlackStandIn
from tests.adapters import slack_cases

slack = slack_cases.slack
client = slack_cases.client


def view(words: str) -> dict[str, Any]:
    return {"type": "home", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": words}}]}


def shown(slack: SlackStandIn) -> str:
    home = slack.home(MEMBER)
    assert home is not None
    return home["blocks"][0]["text"]["text"]


def test_a_home_is_published_and_replaced(slack: SlackStandIn, client: SlackClient) -> None:
    first = client.publish_home(MEMBER, view("one"))
    client.publish_home(MEMBER, view("two"), first)
    assert shown(slack) == "two"


def test_a_home_takes_the_place_of_the_one_that_is_named_and_of_no_other(
    slack: SlackStandIn, client: SlackClient
) -> None:
    first = client.publish_home(MEMBER, view("one"))
    client.publish_home(MEMBER, view("two"))
    with pytest.raises(Rejected) as refused:
        client.publish_home(MEMBER, view("three"), first)
    assert (refused.value.code, shown(slack)) == ("hash_conflict", "two")
