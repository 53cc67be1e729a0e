"""The buttons of GitHub's cards: which there are in each state, and what their values may hold."""

from typing import Any

import pytest

from bot.renderers.github_buttons import issue_buttons, pull_buttons

SHA = "a" * 40
OPEN: dict[str, Any] = {"state": "open", "head": {"sha": SHA}}


def shown(row: dict[str, Any] | None) -> list[str]:
    """The words on the buttons, and of the choices behind the last one."""
    elements: list[dict[str, Any]] = row["elements"] if row else []
    options: list[dict[str, Any]] = [option for element in elements for option in element.get("options", [])]
    return [each["text"]["text"] for each in [*elements, *options] if "text" in each]


EDIT = "Edit, label, assign…"
MENU = ["Request changes…", "Request a review…", "Update branch"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, ["Comment", "Approve", "Merge…", EDIT, *MENU, "Back to draft", "Close"]),
        ({"draft": True}, ["Comment", "Approve", "Ready for review", EDIT, *MENU, "Close"]),
        ({"state": "closed"}, ["Comment", "Reopen", EDIT]),
        ({"state": "closed", "merged_at": "2026-11-23T17:00:00Z"}, ["Comment", EDIT]),
    ],
)
def test_a_pull_request_has_the_buttons_of_its_state(changed: dict[str, Any], words: list[str]) -> None:
    assert shown(pull_buttons("octo/app#7", OPEN | changed)) == words


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("open", ["Comment", "Assign to me", "Close", EDIT, "Close as not planned", "Close as a duplicate"]),
        ("closed", ["Comment", "Reopen", EDIT]),
    ],
)
def test_an_issue_has_the_buttons_of_its_state(state: str, words: list[str]) -> None:
    assert shown(issue_buttons("octo/app#7", {"state": state})) == words


@pytest.mark.parametrize(
    ("resource", "sha"),
    [
        ("octo/<!channel>#7", SHA),
        ("octo/app#7 evil/app#8", SHA),
        ("octo/app#7\n", SHA),
        ("octo/äpp#7", SHA),
        ("octo/app#7", f"{SHA} {SHA}"),
        ("octo/app#7", "not a commit"),
        ("", SHA),
        (f"octo/{'a' * 100}#7", SHA),
    ],
)
def test_what_is_no_name_of_github_gets_no_buttons(resource: str, sha: str) -> None:
    assert pull_buttons(resource, {"state": "open", "head": {"sha": sha}}) is None


def test_an_issue_without_a_name_gets_no_buttons() -> None:
    assert [issue_buttons(name, {"state": "open"}) for name in ("", "octo/app#7 close", "a/b#<@U1>")] == [None] * 3
