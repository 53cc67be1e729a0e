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


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, ["Comment", "Assign to me", "Approve", "Merge…", "Request changes", "Update branch", "Close"]),
        ({"draft": True}, ["Comment", "Assign to me", "Approve", "Request changes", "Update branch", "Close"]),
        ({"state": "closed"}, ["Comment", "Reopen"]),
        ({"state": "closed", "merged_at": "2026-11-23T17:00:00Z"}, ["Comment"]),
    ],
)
def test_a_pull_request_has_the_buttons_of_its_state(changed: dict[str, Any], words: list[str]) -> None:
    assert shown(pull_buttons("octo/app#7", "1296269", OPEN | changed)) == words


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("open", ["Comment", "Assign to me", "Close", "Close as not planned", "Close as a duplicate"]),
        ("closed", ["Comment", "Reopen"]),
    ],
)
def test_an_issue_has_the_buttons_of_its_state(state: str, words: list[str]) -> None:
    assert shown(issue_buttons("octo/app#7", {"state": state})) == words


@pytest.mark.parametrize(
    ("resource", "ident", "sha"),
    [
        ("octo/<!channel>#7", "1", SHA),
        ("octo/app#7 evil/app#8", "1", SHA),
        ("octo/app#7\n", "1", SHA),
        ("octo/äpp#7", "1", SHA),
        ("octo/app#7", "1 2", SHA),
        ("octo/app#7", "", SHA),
        ("octo/app#7", "1", "not a commit"),
        ("", "1", SHA),
        (f"octo/{'a' * 100}#7", "1", SHA),
    ],
)
def test_what_is_no_name_of_github_gets_no_buttons(resource: str, ident: str, sha: str) -> None:
    assert pull_buttons(resource, ident, {"state": "open", "head": {"sha": sha}}) is None


def test_an_issue_without_a_name_gets_no_buttons() -> None:
    assert [issue_buttons(name, {"state": "open"}) for name in ("", "octo/app#7 close", "a/b#<@U1>")] == [None] * 3
