"""Whom a webhook of GitHub concerns, the nearest first, and what they are told."""

from typing import Any

import pytest

from bot.message import Message
from bot.renderers.github_known import KEY
from bot.renderers.github_notices import KINDS, Concerned, concerned, notice, words_of

OCTO = {"login": "octocat", "id": 1, "type": "User"}
ADA = {"login": "ada", "id": 2, "type": "User"}
BOT = {"login": "renovate[bot]", "id": 3, "type": "Bot"}
WEB = {"full_name": "acme/web", "id": 9, "owner": {"login": "acme"}}
PULL: dict[str, Any] = {"number": 7, "user": ADA, "title": "Oil the door", "body": ""}


def event(**given: Any) -> dict[str, Any]:
    return {"sender": OCTO, "repository": WEB, "pull_request": PULL, **given}


CASES: dict[str, tuple[str, dict[str, Any], list[tuple[str, str]]]] = {
    "a reviewer": (
        "pull_request.review_requested", event(requested_reviewer=ADA), [("ada", "review_requested")],
    ),
    "a team": (
        "pull_request.review_requested", event(requested_team={"slug": "core", "name": "The core"}),
        [("acme/core", "review_requested")],
    ),
    "a program": ("pull_request.review_requested", event(requested_reviewer=BOT), []),
    "themselves": ("issues.assigned", event(assignee=OCTO), []),
    "an assignee": ("pull_request.assigned", event(assignee=ADA), [("ada", "assigned")]),
    "nobody any more": ("pull_request.unassigned", event(assignee=ADA), []),
    "an approval that mentions its reader": (
        "pull_request_review.submitted", event(review={"state": "approved", "body": "fine, @ada and @bob"}),
        [("ada", "approved"), ("ada", "mentioned"), ("bob", "mentioned")],
    ),
    "a comment of a review": ("pull_request_review.submitted", event(review={"state": "commented", "body": ""}), []),
    "a merge": ("pull_request.closed", event(pull_request={**PULL, "merged": True}), [("ada", "merged")]),
    "a close": ("pull_request.closed", event(), []),
    "an edit of another thing": ("pull_request.edited", event(pull_request={**PULL, "body": "@bob"},
                                 changes={"title": {"from": "Oil"}}), []),
    "an edit": (
        "pull_request.edited",
        event(pull_request={**PULL, "body": "@bob, @cid and @acme/core"}, changes={"body": {"from": "@bob"}}),
        [("cid", "mentioned"), ("acme/core", "mentioned")],
    ),
    "checks that fail": (
        "status", {"sender": ADA, KEY: {"pull": {"user": ADA}, "checks": {"a": {"state": "failure"}}, "before": ""}},
        [("ada", "checks_failed")],
    ),
    "checks that go on failing": (
        "status",
        {"sender": ADA, KEY: {"pull": {"user": ADA}, "checks": {"a": {"state": "failure"}}, "before": "failure"}},
        [],
    ),
    "nothing at all": ("issue_comment.created", {}, []),
    "nulls": ("pull_request_review.submitted", {"sender": None, "review": None, "pull_request": None}, []),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_it_concerns(name: str) -> None:
    happened, payload, expected = CASES[name]
    assert [(one.login, one.kind) for one in concerned(happened, payload)] == expected


def test_a_team_is_told_apart_from_a_person_and_a_person_has_a_number_where_the_event_says_it() -> None:
    asked = event(requested_reviewer=ADA, requested_team={"slug": "core"})
    assert concerned("pull_request.review_requested", asked) == [
        Concerned("ada", "2", "review_requested"), Concerned("acme/core", "", "review_requested", team=True),
    ]  # fmt: skip


def test_a_notice_as_a_whole() -> None:
    said = notice("mentioned", "octo*cat", "<https://x|acme/web#7 Door>", "*look*", "acme/core")
    headline = "*octocat* mentioned your team acme/core in <https://x|acme/web#7 Door>"
    assert said == Message(
        f"{headline}\n*look*",
        [{"type": "section", "text": {"type": "mrkdwn", "text": text}} for text in (headline, "*look*")],
    )
    assert notice("merged", "", "acme/web#7", "").text == "someone merged your pull request acme/web#7"
    assert {notice(kind, "ada", "it", "").text for kind in KINDS} == {
        "*ada* requested a review of it from you", "*ada* assigned it to you", "*ada* mentioned you in it",
        "Checks failed on your pull request it", "*ada* requested changes on your pull request it",
        "*ada* approved your pull request it", "*ada* merged your pull request it",
    }  # fmt: skip


def test_the_words_of_a_notice_are_those_that_were_said_and_mention_nobody() -> None:
    people = {KEY: {"people": {"ada": "U1"}}}
    comment = event(comment={"body": "*hi* @ada & <@U1>"}, **people)
    assert words_of("issue_comment.created", comment, Message("x")) == "_hi_ @ada &amp; &lt;@U1&gt;"
    assert words_of("pull_request_review.submitted", event(review={"body": "ok"}), Message("x")) == "ok"
    assert words_of("status", event(), Message("🔴 The check CI failed")) == "🔴 The check CI failed"
    assert words_of("pull_request.closed", event(), Message("x")) == ""
