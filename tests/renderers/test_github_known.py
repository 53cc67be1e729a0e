"""What is remembered of a pull request: verdicts and checks come in any order, and older news changes nothing."""

from typing import Any

import pytest

from bot.message import context
from bot.renderers import github_cards
from bot.renderers.github_known import KEY, check_of, checked, judged, outcome, reviews, shape, summary
from tests.renderers import pairs


def review(state: str, at: str, ident: int = 1, by: str = "ada") -> dict[str, Any]:
    return {"review": {"id": ident, "state": state, "submitted_at": at, "user": {"login": by}}}


@pytest.mark.parametrize(
    ("told", "left"),
    [
        (["approved 1"], "approved"),
        (["approved 1", "changes_requested 2"], "changes_requested"),
        (["changes_requested 2", "approved 1"], "changes_requested"),
        (["approved 1", "commented 2"], "approved"),
        (["commented 1", "approved 2"], "approved"),
        (["commented 2", "approved 1"], "approved"),
        (["approved 1", "dismissed 1"], "dismissed"),
        (["dismissed 1", "approved 1"], "dismissed"),
        (["changes_requested 1", "dismissed 2", "approved 2", "commented 3"], "dismissed"),
        (["commented 3", "dismissed 2", "approved 2", "changes_requested 1"], "dismissed"),
        (["approved 1", "dismissed 1", "approved 1"], "dismissed"),
        (["approved 2", "dismissed 1"], "approved"),
        (["pending 1"], None),
    ],
)
def test_the_newest_decision_stands_until_it_is_dismissed(told: list[str], left: str | None) -> None:
    verdicts: dict[str, Any] = {}
    for said in told:
        state, number = said.split()
        verdicts = judged(verdicts, review(state, f"2026-03-0{number}T10:00:00Z", int(number)))
    assert verdicts.get("ada", {}).get("state") == left


def test_who_is_asked_again_is_not_among_those_who_judged() -> None:
    verdicts = {"ada": {"state": "approved"}, "bo*b": {"state": "commented"}, "eve": {"state": "dismissed"}}
    known: dict[str, Any] = {KEY: {"pull": {"requested_reviewers": []}, "verdicts": verdicts}}
    assert reviews(known) == "✅ Approved by ada  ·  💬 Reviewed by bo*b"
    known[KEY]["pull"] = {"requested_reviewers": [{"login": "ada"}]}
    assert reviews(known) == "💬 Reviewed by bo*b"


def check(state: str, second: int, name: str = "CI", url: str = "") -> dict[str, str]:
    return {"name": name, "state": state, "at": f"2026-03-02T10:00:0{second}Z", "url": url}


def test_older_news_of_a_check_changes_nothing_and_the_end_wins_within_a_second() -> None:
    checks = checked({}, "suite/1", check("success", 5))
    assert checked(checks, "suite/1", check("in_progress", 4)) == checks
    assert checked(checks, "suite/1", check("in_progress", 5)) == checks
    assert outcome(checked(checks, "suite/1", check("in_progress", 6))) == "pending"


def test_a_suite_of_actions_is_one_check_under_its_workflows_name() -> None:
    run, suite = (
        check("failure", 5, "Build", "https://github.com/o/a/actions/runs/1"),
        check("failure", 5, "GitHub Actions"),
    )
    one = checked(checked({}, "suite/1", run), "suite/1", suite)
    other = checked(checked({}, "suite/1", suite), "suite/1", run)
    assert one == other == {"suite/1": run}


@pytest.mark.parametrize(
    ("states", "shown"),
    [
        ([], ""),
        (["success"], "✅ 1 check passed"),
        (["success", "skipped", "neutral"], "✅ 3 checks passed"),
        (["success", "in_progress", "action_required"], "🟡 2 of 3 checks are still running"),
        (["queued"], "🟡 1 check is still running"),
        (["queued", "success"], "🟡 1 of 2 checks is still running"),
        (["queued", "in_progress"], "🟡 2 checks are still running"),
        (["failure"], "🔴 The check check 0 failed"),
        (["success", "in_progress", "failure"], "🔴 1 of 3 checks failed: check 2"),
        (["error", "timed_out", "cancelled"], "🔴 3 of 3 checks failed: check 0, check 1, check 2"),
    ],
)
def test_all_checks_in_one_line(states: list[str], shown: str) -> None:
    checks = {f"suite/{n}": check(state, 1, f"check {n}") for n, state in enumerate(states)}
    assert summary({KEY: {"checks": checks}}) == shown


def test_a_hundred_failed_checks_with_evil_names_are_one_short_line() -> None:
    checks = {f"status/{n:03}": check("failure", 1, f"<!channel> {n:03}") for n in range(100)}
    said = summary({KEY: {"checks": checks}})
    assert said.startswith("🔴 100 of 100 checks failed: &lt;!channel&gt; 000, ")
    assert said.endswith(", &lt;!channel&gt; 009 and 90 more")


def test_a_check_without_a_name_or_a_state_is_none() -> None:
    assert check_of("status", {"context": "", "state": "success"}) is None
    assert check_of("check_suite.completed", {"check_suite": {"id": 1, "app": {"name": "Lint"}}}) is None
    assert check_of("workflow_run.completed", {"workflow_run": {"name": "CI", "conclusion": "success"}}) is None


def test_what_is_kept_of_a_pull_request_makes_the_same_card() -> None:
    payload = pairs.payload("github", "pull_request.opened")
    kept = {"repository": payload["repository"], KEY: {"pull": shape(payload["pull_request"])}}
    assert github_cards.pull_request(kept) == github_cards.pull_request(payload)


def test_the_issues_of_jira_that_it_names_are_shown_as_links_a_few_of_them() -> None:
    payload = pairs.payload("github", "pull_request.opened")
    payload["pull_request"] |= {"title": "AA-1", "body": None, "head": {"ref": "AA-1"}}
    _, *before = github_cards.pull_request(payload).blocks
    assert "Jira: " not in str(before)
    named = [{"key": f"AA-{n}", "url": f"https://jira.example.com/browse/AA-{n}"} for n in range(1, 7)]
    notes = github_cards.pull_request(payload | {"connect": {"jira": {"issues": named}}}).blocks[-2]
    shown = [note for note in notes["elements"] if note["text"].startswith("Jira: ")]
    links = [f"<https://jira.example.com/browse/AA-{n}|AA-{n}>" for n in range(1, 6)]
    assert shown == context(f"Jira: {', '.join(links)}")["elements"]
