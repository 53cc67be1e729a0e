"""What the tests of the Jira stand-in share: it in both kinds, a receiver of its webhooks, and calls to it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from adapters.jira.webhook import parse
from adapters.webhook import Webhook
from sandbox.jira import JiraStandIn
from sandbox.jira.adf import document
from tests.sandbox.receiving import Receiver, receiver

__all__ = ["Receiver", "receiver"]

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
NOW = 1_790_925_322.31


@pytest.fixture(params=[True, False], ids=["cloud", "data-center"])
def jira(request: pytest.FixtureRequest, receiver: Receiver) -> Iterator[JiraStandIn]:
    yield from running(receiver, cloud=request.param)


@pytest.fixture
def cloud(receiver: Receiver) -> Iterator[JiraStandIn]:
    yield from running(receiver, cloud=True)


def running(receiver: Receiver, *, cloud: bool) -> Iterator[JiraStandIn]:
    stand_in = JiraStandIn("webhook-secret", cloud=cloud)
    stand_in.now = lambda: NOW
    stand_in.target = receiver.url
    stand_in.start()
    yield stand_in
    stand_in.stop()


def call(jira: JiraStandIn, method: str, path: str, body: object = None, **params: Any) -> requests.Response:
    given: dict[str, Any] = (
        {"auth": (jira.email, jira.token)} if jira.cloud else {"headers": {"Authorization": f"Bearer {jira.token}"}}
    )
    url = f"{jira.url}/rest/api/{3 if jira.cloud else 2}/{path}"
    return requests.request(method, url, json=body, params=params, timeout=5, allow_redirects=False, **given)


def text(jira: JiraStandIn, words: str) -> Any:
    return document(words) if jira.cloud else words


def new(jira: JiraStandIn, **fields: Any) -> requests.Response:
    usual = {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "Disk full"}
    return call(jira, "POST", "issue", {"fields": usual | fields})


def received(jira: JiraStandIn) -> list[Webhook]:
    """Flush, and give back what was sent as connect reads it."""
    before = len(jira.sent)
    jira.flush()
    return [parse(sent.sign(sent.body), sent.body, ["webhook-secret"]) for sent, _ in jira.sent[before:]]


def told(jira: JiraStandIn) -> list[tuple[str, str]]:
    return [(webhook.event, webhook.payload.get("issue_event_type_name", "")) for webhook in received(jira)]
