"""The quick way through the webhook doors answers what the route behind it would, and stores the same row."""

from typing import Any

import pytest

from bot.receiver import quick
from storage.engine import DatabaseUnavailable
from tests.receiver.doors import chunks, github_headers, post, to_github, to_jira
from tests.storage.rows import at_once
from tests.world import World

OPENED = b'{"action":"opened","issue":{"number":7,"title":"the printer"},"repository":{"full_name":"acme/web"}}'
ISSUE = b'{"webhookEvent":"jira:issue_created","timestamp":1,"issue":{"key":"OPS-7"}}'
HOOK = {"X-GitHub-Hook-ID": "7", "User-Agent": "GitHub-Hookshot/1"}


def answered(world: World, body: Any, delivery: str) -> tuple[int, str, str | None]:
    """What the door says to a delivery of GitHub's; a body in pieces names no length, so it takes the long way."""
    headers = {"Content-Type": "application/json", **github_headers(OPENED, delivery), **HOOK}
    answer = post(world, "/webhooks/github", body, headers)
    return answer.status_code, answer.text, answer.headers.get("Content-Type")


def test_both_ways_answer_the_same_and_store_the_same(sqlite_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    quickly = [answered(sqlite_world, OPENED, "quick") for _ in range(2)]

    def unused(*_: Any) -> None:
        raise AssertionError("this request was to take the long way")

    monkeypatch.setattr(quick, "accept", unused)
    slowly = [answered(sqlite_world, chunks(OPENED), "slow") for _ in range(2)]
    assert quickly == slowly
    assert [status for status, _, _ in quickly] == [202, 200]
    one, other = sqlite_world.rows("deliveries")
    assert {name for name in one if one[name] != other[name]} <= {"id", "delivery_id", "received_at", "updated_at"}


def test_a_request_of_either_service_takes_the_quick_way(shared: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.receiver.webhooks.accept", None)
    assert to_github(shared, OPENED, "quick-github").status_code == 202
    assert to_jira(shared, ISSUE, "quick-jira").status_code == 202


def test_of_many_at_once_each_gets_the_answer_to_its_own_request(shared: World) -> None:
    forged = {"X-Hub-Signature-256": "sha256=" + "0" * 64}

    def send(number: int) -> int:
        headers = {"Content-Type": "application/json", **github_headers(OPENED, f"crowd-{number}")}
        return post(shared, "/webhooks/github", OPENED, headers | (forged if number % 3 == 0 else {})).status_code

    assert at_once(24, send) == [401 if number % 3 == 0 else 202 for number in range(24)]


def test_a_large_body_is_taken_like_a_small_one(shared: World) -> None:
    large = OPENED.replace(b"the printer", b"the printer " * 20_000)
    assert [to_github(shared, large, "quick-large").status_code for _ in range(2)] == [202, 200]


def test_a_database_that_is_away_is_asked_once_for_one_request(shared: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def away(*_: Any) -> int:
        asked.append(1)
        raise DatabaseUnavailable("away")

    monkeypatch.setattr(quick, "accept", away)
    answer = to_github(shared, OPENED, "while-away")
    assert (answer.status_code, answer.headers["Retry-After"], len(asked)) == (503, "5", 1)
    assert answer.json()["error"]["code"] == "unavailable"
