"""When a listener breaks: the person gets a sentence and a number to tell, no secret is told, nothing is half done."""

import re
from typing import Any

import pytest

from sandbox.slack import GENERAL, MEMBER
from tests.receiver.doors import FORM, command, interaction, stored, to_slack
from tests.receiver.slack_requests import SUBMISSION
from tests.world import World


def _boom(*_: Any, **__: Any) -> None:
    raise LookupError("a bug with a secret xoxb-in-it")


def _number(sentence: str) -> str:
    found = re.fullmatch(
        "Something went wrong here, and nothing was done. If it happens again, tell your admin the number (\\w{8}).",
        sentence,
    )
    assert found, sentence
    return found[1]


def test_a_command_whose_listener_breaks_is_answered_with_a_sentence_and_a_number(
    shared: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = stored(shared)
    monkeypatch.setattr("bot.listeners.commands.help_of", _boom)
    answer = to_slack(shared, command("help"), FORM)
    assert (answer.status_code, answer.json()["response_type"]) == (200, "ephemeral")
    assert "secret" not in answer.text
    assert _number(answer.json()["text"]) in caplog.text
    assert stored(shared) == before


def test_a_form_whose_listener_breaks_stays_open_with_a_sentence_and_nothing_is_done(
    shared: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored(shared)
    monkeypatch.setattr("bot.listeners.views.sending_form.request", _boom)
    answer = to_slack(shared, interaction(SUBMISSION | {"trigger_id": "1.2.broken"}), FORM)
    errors = answer.json()["errors"]
    assert (answer.status_code, answer.json()["response_action"], list(errors)) == (200, "errors", ["project"])
    _number(errors["project"])
    assert stored(shared) == before


def test_a_shortcut_whose_listener_breaks_tells_the_person(
    sqlite_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = sqlite_world
    ts = world.slack.say(MEMBER, GENERAL, "the printer is on fire")
    monkeypatch.setattr("bot.listeners.shortcuts.create_form.open_form", _boom)
    assert world.slack.message_shortcut(MEMBER, GENERAL, ts, "create_issue_from_message").status == 200
    world.settle()
    [told] = world.slack.ephemeral(MEMBER)
    _number(told["text"])


def test_an_event_whose_listener_breaks_is_tried_thrice_and_shown_failed(
    sqlite_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = sqlite_world
    monkeypatch.setattr("bot.listeners.events.Said", _boom)
    world.slack.say(MEMBER, GENERAL, "<@U0DEVBOT01> create x")
    for _ in range(8):
        world.advance(60)
    rows = world.rows("deliveries")
    assert [(row["event"], row["status"], row["attempts"]) for row in rows] == [
        ("message", "failed", 3), ("app_mention", "failed", 3),
    ]  # fmt: skip
    assert all("LookupError" in row["detail"] for row in rows)
