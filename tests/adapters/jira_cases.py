"""What the tests of the Jira client share: the stand-in as Cloud and as Data Center, and a usual issue."""

from collections.abc import Iterator
from typing import Any

import pytest

from adapters.document import plain
from adapters.jira.accounts import Account
from adapters.jira.client import JiraClient
from adapters.jira.issue import Issue
from sandbox.jira import JiraStandIn

MARKER = "01JMARKER"
TOKEN = "jira-token"


@pytest.fixture(params=[True, False], ids=["cloud", "data-center"])
def jira(request: pytest.FixtureRequest) -> Iterator[JiraStandIn]:
    stand_in = JiraStandIn("secret", cloud=request.param)
    stand_in.start()
    yield stand_in
    stand_in.stop()


@pytest.fixture
def client(jira: JiraStandIn) -> JiraClient:
    return client_of(jira)


def client_of(jira: JiraStandIn, timeout: float = 5.0) -> JiraClient:
    return JiraClient(jira.url, jira.email if jira.cloud else "", jira.token, timeout)


def create(client: JiraClient, **given: Any) -> Issue:
    usual: dict[str, Any] = {
        "project": "OPS",
        "issue_type": "Task",
        "summary": "Disk full",
        "description": plain("The disk is full."),
        "marker": MARKER,
    }
    return client.create_issue(**usual | given)


def account(jira: JiraStandIn, name: str) -> Account:
    user = jira.person(name)
    return Account(user.account_id, "", user.display) if jira.cloud else Account(user.name, user.name, user.display)
