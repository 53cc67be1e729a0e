"""The courier: webhooks arrive signed, and what was not taken is sent again where the service does so."""

import queue
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Response, request

from sandbox.page import courier
from sandbox.page.courier import Courier
from sandbox.playground import ADA, Playground
from sandbox.slack import GENERAL
from sandbox.standin import StandIn

SECONDS = 30
RETRIES = ("X-Slack-Retry-Num", "X-Atlassian-Webhook-Retry")


class Door(StandIn):
    """Takes webhooks, or says no so many times to each service."""

    service = "door"

    def __init__(self) -> None:
        super().__init__()
        self.refusals: dict[str, int] = {}
        self.arrived: queue.Queue[tuple[str, str | None, int]] = queue.Queue()
        """The service, the number of the repeat, and the answer."""
        for path in ("slack/events", "webhooks/jira", "webhooks/github"):
            self.app.add_url_rule(f"/{path}", path, self._answer, methods=["POST"])

    def _answer(self) -> Response:
        service = request.path.strip("/").removeprefix("webhooks/").partition("/")[0]
        left = self.refusals.get(service, 0)
        self.refusals[service] = left - 1
        status = 503 if left > 0 else 200
        again = next((request.headers[name] for name in RETRIES if name in request.headers), None)
        self.arrived.put((service, again, status))
        return Response(status=status)


@pytest.fixture
def door() -> Iterator[Door]:
    stand_in = Door()
    stand_in.start()
    yield stand_in
    stand_in.stop()


@pytest.fixture
def playground(tmp_path: Path, door: Door, monkeypatch: pytest.MonkeyPatch) -> Iterator[Playground]:
    monkeypatch.setattr(courier, "AGAIN_SECONDS", 0.01)
    each = Playground(tmp_path, {})
    each.connect.url = door.url
    yield each
    each.close()


@pytest.fixture
def carrying(playground: Playground) -> Iterator[Courier]:
    each = Courier(playground)
    each.start()
    yield each
    each.stop()
    each.join()


def told(door: Door, count: int) -> list[tuple[str, str | None, int]]:
    return [door.arrived.get(timeout=SECONDS) for _ in range(count)]


def test_slack_and_jira_send_again_what_was_refused(playground: Playground, door: Door, carrying: Courier) -> None:
    door.refusals = {"slack": 2, "jira": 1}
    playground.slack.say(ADA, GENERAL, "Hello")
    assert told(door, 3) == [("slack", None, 503), ("slack", "1", 503), ("slack", "2", 200)]
    playground.jira.create("OPS", "Task", "Order paper", "Ada Lovelace")
    assert told(door, 2) == [("jira", None, 503), ("jira", "1", 200)]
    carrying.stop()
    carrying.join()
    assert carrying.told() == {"sent": 2, "taken": 2, "repeats": 2, "missing": {}}


def test_github_sends_nothing_again(playground: Playground, door: Door, carrying: Courier) -> None:
    door.refusals = {"github": 1}
    playground.github.open_issue("acme/web", "It is blank", "hedy")
    assert told(door, 1) == [("github", None, 503)]
    playground.github.open_issue("acme/web", "It is dark", "hedy")
    assert told(door, 1) == [("github", None, 200)]
    carrying.stop()
    carrying.join()
    assert carrying.told() == {"sent": 2, "taken": 1, "repeats": 0, "missing": {"github": 1}}


def test_what_is_refused_for_good_is_given_up(playground: Playground, door: Door, carrying: Courier) -> None:
    door.refusals = {"slack": 99}
    playground.slack.say(ADA, GENERAL, "Hello")
    assert [again for _, again, _ in told(door, 6)] == [None, "1", "2", "3", "4", "5"]
    playground.jira.create("OPS", "Task", "Order paper", "Ada Lovelace")
    assert told(door, 1) == [("jira", None, 200)]
    carrying.stop()
    carrying.join()
    assert (carrying.waiting["slack"], door.arrived.empty()) == ([], True)


def test_while_nobody_is_there_it_goes_on_trying(playground: Playground, door: Door, carrying: Courier) -> None:
    for standin in playground.standins:
        standin.target = "http://127.0.0.1:9"  # nobody listens there
    playground.slack.say(ADA, GENERAL, "Hello")
    while not any(each.repeats > courier.MOST_REPEATS for each in carrying.waiting["slack"]):
        assert door.arrived.empty()
    playground.slack.target = door.url
    ((service, again, status),) = told(door, 1)
    assert (service, status) == ("slack", 200)
    assert int(again or 0) > courier.MOST_REPEATS
