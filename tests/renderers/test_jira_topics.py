"""By which names a subscription may select an event of Jira."""

from typing import Any

import pytest

from bot.renderers.jira_changes import change_sentence, duration
from bot.renderers.jira_topics import topics


def item(field: str, ident: str = "", before: str | None = None, after: str | None = None) -> dict[str, Any]:
    named = {"fieldId": ident} if ident else {}
    return {"field": field, "fromString": before, "toString": after, **named}


def names(*items: dict[str, Any], kind: str = "", commented: str = "") -> set[str]:
    payload = {"issue_event_type_name": kind, "changelog": {"items": list(items)}}
    return set(topics(payload, "updated", commented)) - {"updated"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([item("status", "status", "To Do", "In Review")], {"status", "status:in review", "field:status"}),
        ([item("Статус", "status", "To Do", "Done")], {"status", "status:done", "field:status", "field:статус"}),
        ([item("status", "", "To Do", "Done")], {"status", "status:done", "field:status"}),
        ([item("resolution", "resolution", None, "Done")], {"resolved", "field:resolution"}),
        ([item("resolution", "resolution", "Done", None)], {"reopened", "field:resolution"}),
        ([item("resolution", "resolution", "Done", "Won't Do")], {"field:resolution"}),
        ([item("assignee", "assignee", None, "Ada")], {"assignee", "field:assignee"}),
        ([item("priority", "", "Low", "High")], {"priority", "field:priority"}),
        ([item("Attachment", "attachment", None, "a.png")], {"attachments", "field:attachment"}),
        ([item("Sprint", "customfield_10020", "", "S1")], {"sprints", "field:sprint", "field:customfield_10020"}),
        ([item("Fix Version", "fixVersions", "", "1.0")], {"versions", "field:fix version", "field:fixversions"}),
        ([item("Version", "", "", "1.0")], {"versions", "field:version"}),
        ([item("timespent", "timespent", None, "60")], {"worklogs", "field:timespent"}),
        ([item("Rank", "customfield_10019", "", "higher")], set[str]()),
        ([item("labels", "labels", "a", "b"), item("summary", "summary", "a", "b")], {"field:labels", "field:summary"}),
    ],
)  # fmt: skip
def test_each_change_has_its_names(changes: list[dict[str, Any]], expected: set[str]) -> None:
    assert names(*changes) == expected


def test_data_center_may_resolve_and_reopen_without_a_resolution() -> None:
    assert [names(kind=kind) for kind in ("issue_resolved", "issue_closed", "issue_reopened", "issue_moved")] == [
        {"resolved"}, {"resolved"}, {"reopened"}, set(),
    ]  # fmt: skip


def test_what_no_service_takes_is_in_no_name() -> None:
    change = {"field": "sta\ud800tus", "fieldId": "sta\u0000tus", "toString": "Do\u202ene"}
    assert names(change) == {"field:status", "status", "status:done"}


def test_a_comment_goes_by_what_happened_to_it() -> None:
    assert topics({}, "commented", "edited") == {"commented", "comment_edited"}
    assert names(commented="created") == {"commented", "comment_created"}
    assert topics({}, "created") == {"created"}


@pytest.mark.parametrize(("before", "after"), [("60", "60"), ("x", "y")])
def test_work_that_makes_no_difference_is_not_told(before: str, after: str) -> None:
    logged = item("timespent", "timespent", before, after) | {"from": before, "to": after}
    assert change_sentence({"changelog": {"items": [logged]}}, "Ada") == ""


def test_a_short_time_is_minutes() -> None:
    assert [duration(seconds) for seconds in (0, 59, 60, 3600, 3660)] == ["0m", "0m", "1m", "1h", "1h 1m"]
