"""Jira's renderers where a fixture pair does not say it plainly: comments told twice, restricted ones, and the card."""

from typing import Any

import pytest

from adapters.jira.issue import Issue, Site, read_issue
from bot.filters import passes
from bot.message import context, section
from bot.renderers import jira
from bot.renderers.buttons import card_buttons
from bot.renderers.news import News
from bot.renderers.registry import render_jira
from tests.renderers import pairs
from tests.renderers.hostile import Path, replaced

ALL = {"comments": "all"}

ISSUE = Issue(
    id="10101",
    key="OPS-1",
    url="https://octo.atlassian.net/browse/OPS-1",
    summary="Printer is on fire",
    type="Bug",
    status="To Do",
    status_category="new",
    complete=True,
)


def test_the_two_events_of_one_comment_on_cloud_are_one_piece_of_news() -> None:
    alone, alongside = told("comment_created", {}), told("issue_updated--commented_on_cloud", {})
    assert gist(alone) == gist(alongside)
    assert alone.occasion == "comment:30001:created"


def test_a_comment_on_data_center_is_told_like_one_on_cloud() -> None:
    cloud = told("comment_created", {("comment", "body"): "It beeps."})
    data_center = told("issue_updated--commented_on_data_center", {("comment", "body"): "It beeps."})
    assert data_center.actor_id == "ada"
    assert gist(cloud)[:-1] == gist(data_center)[:-1]


def test_two_edits_of_one_comment_are_two_states_of_it() -> None:
    first = told("comment_updated", {})
    second = told("comment_updated", {("comment", "updated"): "2026-03-02T10:06:00.000+0100"})
    assert first.comment
    assert second.comment
    assert first.comment.id == second.comment.id
    assert first.comment.version < second.comment.version
    assert first.occasion != second.occasion


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("jsdPublic", False),
        ("jsdPublic", None),
        ("visibility", {"type": "group", "value": "staff"}),
        ("properties", [{"key": "sd.public.comment", "value": {"internal": True}}]),
    ],
)
@pytest.mark.parametrize("name", ["comment_created", "comment_updated", "issue_updated--commented_on_cloud"])
def test_a_restricted_comment_is_news_for_those_alone_who_want_all_of_them(
    name: str, field: str, value: object
) -> None:
    payload = pairs.payload("jira", name)
    payload["comment"][field] = value
    news = render_jira(str(payload["webhookEvent"]), payload, pairs.SITE)
    assert news is not None
    assert (news.facts.restricted, passes(["all"], {}, news, "jira"), passes(["all"], ALL, news, "jira")) == (
        True, "the subscription's filter on comments holds it back", "",
    )  # fmt: skip


def test_a_restricted_comment_of_a_transition_is_left_out_of_the_line() -> None:
    name = "issue_updated--resolved_with_a_comment"
    payload = pairs.payload("jira", name)
    payload["comment"]["visibility"] = {"type": "role", "value": "Administrators"}
    news = render_jira("jira:issue_updated", payload, pairs.SITE)
    assert news is not None
    assert news.beside is not None
    assert (news.line and news.line.text, news.comment) == ("*Mona Lisa* changed *Status*: In Progress → Done", None)
    assert news.beside.facts.restricted


def test_a_logged_comment_text_is_never_shown_as_a_change() -> None:
    payload = pairs.payload("jira", "issue_updated--comment_deleted_on_data_center")
    payload["issue_event_type_name"] = "issue_updated"
    news = render_jira("jira:issue_updated", payload, pairs.SITE)
    assert news is not None
    assert news.line is None
    assert "Never mind" not in str(pairs.as_json(news))


def test_a_mention_by_account_id_is_shown_by_name_if_the_payload_knows_it() -> None:
    body = "[~accountid:5b10a2844c20165700ede21g] and [~accountid:712020:1f] and [~bob] look"
    news = told("comment_created", {("comment", "body"): body})
    assert news.line is not None
    assert news.line.text == "*Ada Lovelace* commented:\n@Mona Lisa and @someone and @bob look"


def test_what_a_part_of_an_issue_leaves_open_is_marked() -> None:
    assert [told(name, {}).facts.complete for name in ("comment_created", "issue_updated--commented_on_cloud")] == [
        False,
        True,
    ]


def test_an_issue_with_a_security_level_is_private() -> None:
    assert [told(name, {}).private for name in ("issue_created--with_a_security_level", "issue_created")] == [
        True,
        False,
    ]


def test_a_moved_issue_is_told_of_by_its_new_key_and_its_lasting_id() -> None:
    news = told("issue_updated--moved", {})
    assert (news.resource, news.uid) == ("HELP-9", "10101")


def test_many_changes_are_counted_after_the_tenth() -> None:
    items = [{"field": f"field {n}", "fromString": "a", "toString": "b"} for n in range(12)]
    news = told("issue_updated", {("changelog", "items"): items})
    assert news.line is not None
    assert news.line.text.splitlines() == [
        "*Ada Lovelace* changed:",
        *(f"• *Field {n}*: a → b" for n in range(10)),
        "and 2 more",
    ]


def test_the_labels_that_connect_sets_for_itself_are_no_change() -> None:
    items = [{"field": "labels", "fieldId": "labels", "fromString": "a", "toString": "a connect-7"}]
    assert told("issue_updated", {("changelog", "items"): items}).line is None


def test_a_bare_issue_makes_a_card() -> None:
    message = jira.card(ISSUE)
    assert message.text == "OPS-1: Printer is on fire (To Do)"
    assert message.blocks == [
        section("*<https://octo.atlassian.net/browse/OPS-1|OPS-1: Printer is on fire>*\n⚪ *To Do*  ·  Bug"),
        context("Unassigned"),
        card_buttons(ISSUE),
    ]


def test_an_answer_of_jiras_api_makes_the_same_card_as_a_webhook() -> None:
    raw = pairs.payload("jira", "issue_created")["issue"]
    news = told("issue_created", {})
    assert jira.card(read_issue(raw, Site(f"{pairs.SITE.url}/"))) == news.card


def test_a_deleted_issue_is_struck_through() -> None:
    message = jira.deleted_card(ISSUE)
    assert message.text == "OPS-1: Printer is on fire (deleted)"
    assert message.blocks == [section("~OPS-1: Printer is on fire~\n🗑️ *Deleted*  ·  Bug")]


@pytest.mark.parametrize(
    ("updated", "timestamp", "version"),
    [
        ("2026-03-02T09:00:00.000+0100", 1772438400123, "001772438400123"),
        ("2026-03-02T09:00:00.123+0100", None, "001772438400123"),
        ("2026-03-02T08:00:00.123Z", None, "001772438400123"),
        ("yesterday", None, ""),
        ("", None, ""),
    ],
)
def test_states_are_sorted_by_the_webhooks_time_or_else_the_issues(
    updated: str, timestamp: int | None, version: str
) -> None:
    assert jira.version(Issue(id="1", key="OPS-1", url="", updated=updated), timestamp) == version


@pytest.mark.parametrize("user", [None, {}, {"displayName": None}, "ada", []])
def test_an_unknown_user_is_someone(user: object) -> None:
    news = told("issue_deleted", {("user",): user})
    assert (news.line and news.line.text, news.actor) == ("someone deleted OPS-1", "")


def test_an_issue_without_a_readable_key_is_no_news() -> None:
    payload = replaced(pairs.payload("jira", "issue_created"), ("issue", "key"), "../OPS-1")
    assert render_jira("jira:issue_created", payload, pairs.SITE) is None


def told(name: str, changes: dict[Path, Any]) -> News:
    """The news of a fixture's payload after some values of it are replaced."""
    payload = pairs.payload("jira", name)
    for at, value in changes.items():
        payload = replaced(payload, at, value)
    news = render_jira(pairs.event("jira", name), payload, pairs.SITE)
    assert news is not None
    return news


def gist(news: News) -> tuple[object, ...]:
    """What has to be the same in two tellings of one thing."""
    return news.feature, news.resource, news.line, news.uid, news.comment, news.occasion, news.actor, news.actor_id
