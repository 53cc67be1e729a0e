"""What a subscription lets through: every event and filter, alone and together."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.filters import (
    ALL,
    DEFAULTS,
    FEATURES,
    FILTERS,
    Choice,
    GitHubFilters,
    JiraFilters,
    passes,
    unknown_events,
)
from bot.github_filters import lets_in, read
from bot.renderers.news import Facts, News

FACTS = Facts(
    author="Octocat", bot=False, labels=frozenset({"Bug", "p1"}), base="main", default_branch=True, draft=False,
    type="Story", priority="High", status="To Do", components=frozenset({"Printers", "Doors"}),
    reporter=frozenset({"Grace", "grace-id"}), actors=frozenset({"Ada", "ada-id"}),
)  # fmt: skip


def news(feature: str, **facts: Any) -> News:
    return News(feature=feature, resource="acme/web#7", card=None, line=None, facts=replace(FACTS, **facts))


def github(filters: dict[str, Any], feature: str = "pulls", events: tuple[str, ...] = (ALL,), **facts: Any) -> str:
    return passes(events, filters, news(feature, **facts), "github")


def jira(filters: dict[str, Any], feature: str = "updated", events: tuple[str, ...] = (ALL,), **facts: Any) -> str:
    return passes(events, filters, news(feature, **facts), "jira")


# --- events ----------------------------------------------------------------------------------------------------------


def test_the_events_and_their_defaults_are_those_of_the_contract() -> None:
    github_defaults = ("issues", "pulls", "commits", "releases", "deployments")
    github_events = (
        *github_defaults, "reviews", "comments", "branches", "tags", "workflows", "checks", "discussions", "forks",
        "stars", "security", "repository", "members",
    )  # fmt: skip
    jira_defaults = ("created", "updated", "commented", "deleted")
    jira_events = (
        *jira_defaults, "status", "assignee", "priority", "resolved", "reopened", "comment_created", "comment_edited",
        "comment_deleted", "attachments", "sprints", "versions", "worklogs",
    )  # fmt: skip
    assert {"github": github_events, "jira": jira_events} == FEATURES
    assert {"github": github_defaults, "jira": jira_defaults} == DEFAULTS
    assert {"github": GitHubFilters, "jira": JiraFilters} == FILTERS


@pytest.mark.parametrize("service", ["github", "jira"])
def test_only_what_is_not_an_event_is_unknown(service: str) -> None:
    assert unknown_events(service, (*FEATURES[service], ALL)) == []
    assert unknown_events(service, ["Issues", "", "bogus", ALL]) == ["Issues", "", "bogus"]
    assert unknown_events(service, []) == []


@pytest.mark.parametrize("service", ["github", "jira"])
def test_an_event_passes_if_it_or_all_is_listed(service: str) -> None:
    for feature in FEATURES[service]:
        others = [name for name in FEATURES[service] if name != feature]
        assert [passes(events, {}, news(feature), service) for events in ([feature], [ALL], FEATURES[service])] == [
            ""
        ] * 3
        assert passes(others, {}, news(feature), service) == f"the subscription does not ask for {feature}"
        assert passes([], {}, news(feature), service) == f"the subscription does not ask for {feature}"


def test_commits_are_those_of_the_default_branch_unless_more_is_asked_for() -> None:
    side = {"base": "feature/x", "default_branch": False}
    only = ("commits",)
    assert github({}, "commits", only) == ""
    assert github({}, "commits", only, **side) == "the push is not to the default branch"
    assert github({}, "commits", (ALL,), **side) == ""
    assert github({"base": ["feature/*"]}, "commits", only, **side) == ""
    assert github({"base": []}, "commits", only, **side) == "the push is not to the default branch"
    assert github({"base": ["main"]}, "commits", only, **side) == "the subscription's filter on base holds it back"
    assert github({}, "pulls", ("pulls",), **side) == ""


# --- a choice of names -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choice", "admitted"),
    [
        ({}, True), ({"any": [], "all": [], "none": []}, True), ({"any": ["bug"]}, True), ({"any": ["docs"]}, False),
        ({"any": ["docs", "P1"]}, True), ({"all": ["BUG", "p1"]}, True), ({"all": ["bug", "docs"]}, False),
        ({"none": ["docs"]}, True), ({"none": ["docs", "bug"]}, False), ({"any": ["bug"], "none": ["p1"]}, False),
        ({"any": ["bug"], "all": ["p1"], "none": ["docs"]}, True), ({"any": ["bu"]}, False), ({"any": [""]}, False),
    ],
)  # fmt: skip
def test_a_choice_is_any_of_these_all_of_these_and_none_of_these(choice: dict[str, Any], admitted: bool) -> None:  # noqa: FBT001
    assert Choice(**choice).admits(FACTS.labels) is admitted


def test_of_nothing_only_a_wish_for_nothing_is_fulfilled() -> None:
    nothing: frozenset[str] = frozenset()
    assert Choice().admits(nothing)
    assert Choice(none=["bug"]).admits(nothing)
    assert not Choice(any=["bug"]).admits(nothing)
    assert not Choice(all=["bug"]).admits(nothing)


names = st.text(alphabet="abAB", max_size=2)
lists = st.lists(names, max_size=3)


@given(wanted=lists, needed=lists, barred=lists, found=st.frozensets(names, max_size=4))
def test_a_choice_is_what_its_words_say_in_any_case_of_letters(
    wanted: list[str], needed: list[str], barred: list[str], found: frozenset[str]
) -> None:
    have = {name.lower() for name in found}
    expected = (
        (not wanted or any(name.lower() in have for name in wanted))
        and all(name.lower() in have for name in needed)
        and not any(name.lower() in have for name in barred)
    )
    choice = Choice(any=wanted, all=needed, none=barred)
    assert choice.admits(found) is expected
    assert choice.admits(frozenset(name.upper() for name in found)) is expected


# --- the filters -----------------------------------------------------------------------------------------------------


def held(name: str) -> str:
    return f"the subscription's filter on {name} holds it back"


@pytest.mark.parametrize(
    ("filters", "facts", "expected"),
    [
        ({}, {}, ""),
        ({"labels": {"any": ["bug"]}}, {}, ""),
        ({"labels": {"none": ["bug"]}}, {}, held("labels")),
        ({"labels": {"any": ["bug"]}}, {"labels": frozenset[str]()}, held("labels")),
        ({"authors": {"any": ["octocat"]}}, {}, ""),
        ({"authors": {"none": ["OCTOCAT"]}}, {}, held("authors")),
        ({"authors": {"any": ["hubot"]}}, {}, held("authors")),
        ({"bots": False}, {"bot": True}, held("bots")),
        ({"bots": False}, {"bot": False}, ""),
        ({"bots": True}, {"bot": True}, ""),
        ({"bots": True}, {"bot": False}, ""),
        ({"bots": None}, {"bot": True}, ""),
        ({"base": ["main"]}, {}, ""),
        ({"base": ["release/*", "main"]}, {"base": "release/1.2"}, ""),
        ({"base": ["release/*"]}, {}, held("base")),
        ({"base": ["MAIN"]}, {}, held("base")),
        ({"base": ["mai"]}, {}, held("base")),
        ({"draft": False}, {"draft": True}, held("draft")),
        ({"draft": False}, {}, ""),
        ({"draft": True}, {"draft": True}, ""),
        ({"draft": True}, {}, ""),
        ({"labels": {"none": ["bug"]}, "draft": False}, {"draft": True}, held("labels")),
        ({"bots": False, "base": ["x"], "draft": False}, {}, held("base")),
    ],
)
def test_each_filter_of_github_holds_back_what_it_names(
    filters: dict[str, Any], facts: dict[str, Any], expected: str
) -> None:
    assert github(filters, **facts) == expected


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ""), ({"labels": {"all": ["bug", "p1"]}}, ""), ({"labels": {"none": ["p1"]}}, held("labels")),
        ({"authors": {"any": ["ada"]}}, ""), ({"authors": {"none": ["ADA"]}}, held("authors")),
        ({"authors": {"none": ["bots"]}}, ""), ({"authors": {"any": ["octocat"]}}, held("authors")),
        ({"status": {"any": ["to do"]}}, ""), ({"status": {"none": ["To Do"]}}, held("status")),
        ({"components": {"all": ["printers", "doors"]}}, ""), ({"components": {"empty": True}}, held("components")),
        ({"assignee": {"empty": True}}, ""), ({"assignee": {"any": ["Ada"]}}, held("assignee")),
        ({"assignee": {"any": ["Ada"], "empty": True}}, ""), ({"reporter": {"any": ["grace"]}}, ""),
        ({"reporter": {"empty": True}}, held("reporter")), ({"jql": "priority = Low"}, ""),
        ({"comments": "public"}, ""),
        ({"type": {"any": ["story", "bug"]}}, ""), ({"type": {"any": ["bug"]}}, held("type")),
        ({"type": {"none": ["Story"]}}, held("type")), ({"priority": {"any": ["HIGH"]}}, ""),
        ({"priority": {"none": ["High"]}}, held("priority")),
        ({"type": {"any": ["bug"]}, "priority": {"none": ["High"]}}, held("type")),
    ],
)  # fmt: skip
def test_each_filter_of_jira_holds_back_what_it_names(filters: dict[str, Any], expected: str) -> None:
    assert jira(filters) == expected


def test_a_restricted_comment_passes_only_a_filter_for_all_of_them() -> None:
    outcomes = [jira(filters, "commented", restricted=True) for filters in ({}, {"comments": "all"})]
    assert outcomes == [held("comments"), ""]


def test_programs_are_excluded_by_one_word_for_all_of_them() -> None:
    program = frozenset({"Automation for Jira", "bots", "automation"})
    for word in ("bots", "automation", "Automation for Jira"):
        assert jira({"authors": {"none": [word]}}, actors=program) == held("authors")


@pytest.mark.parametrize(
    ("events", "passed"),
    [
        (["updated"], True), (["status"], True), (["status:Done"], True), (["status:done"], True),
        (["status: Done"], True), (["status:To Do"], False), (["resolved"], True), (["field:resolution"], True),
        (["field:Resolution"], True), (["field:labels"], False), (["commented", "assignee"], False), ([ALL], True),
    ],
)  # fmt: skip
def test_one_event_of_jira_goes_by_several_names(events: list[str], passed: bool) -> None:  # noqa: FBT001
    topics = frozenset({"updated", "status", "status:done", "resolved", "field:status", "field:resolution"})
    expected = "" if passed else "the subscription does not ask for updated"
    assert passes(events, {}, replace(news("updated"), topics=topics), "jira") == expected


def test_a_status_or_a_field_has_to_be_named() -> None:
    named = [
        "status:Done",
        "field:customfield_10042",
        "field:Story Points",
        "status:",
        "status: ",
        "labels:x",
    ]
    assert unknown_events("jira", named) == ["status:", "status: ", "labels:x"]
    assert unknown_events("github", ["status:Done"]) == ["status:Done"]


@pytest.mark.parametrize(
    ("choice", "of_nothing", "of_bug"),
    [
        ({"empty": True}, True, False), ({"empty": False}, False, True), ({"empty": True, "any": ["bug"]}, True, True),
        ({"empty": True, "any": ["docs"]}, True, False), ({"empty": True, "none": ["docs"]}, True, False),
        ({"empty": False, "none": ["bug"]}, False, False), ({"empty": None}, True, True),
    ],
)  # fmt: skip
def test_empty_is_where_nothing_is_set(choice: dict[str, Any], of_nothing: bool, of_bug: bool) -> None:  # noqa: FBT001
    found = [Choice(**choice).admits(each) for each in (frozenset[str](), frozenset({""}), frozenset({"Bug"}))]
    assert found == [of_nothing, of_nothing, of_bug]


def test_an_event_that_shows_a_part_of_the_issue_is_not_held_back_for_what_it_does_not_show() -> None:
    nothing: dict[str, Any] = {"labels": frozenset[str](), "type": "", "priority": "", "author": "", "complete": False}
    filters = {"labels": {"any": ["bug"]}, "type": {"any": ["Bug"]}, "priority": {"any": ["High"]}}
    whole: dict[str, Any] = {**nothing, "complete": True}
    assert jira(filters, "commented", **nothing) == ""
    assert jira(filters, "commented", **whole) == held("labels")
    assert jira(filters, "commented", ("created",), **nothing) == "the subscription does not ask for commented"


@pytest.mark.parametrize(
    ("service", "filters"),
    [
        ("github", {"label": {}}), ("github", {"labels": {"some": []}}), ("github", {"labels": ["bug"]}),
        ("github", {"labels": {"any": "bug"}}), ("github", {"base": "main"}), ("github", {"bots": "perhaps"}),
        ("github", {"base": ["x"] * 101}), ("github", {"type": {}}), ("jira", {"base": []}), ("jira", {"draft": False}),
        ("jira", {"priority": {"any": [1]}}),
    ],
)  # fmt: skip
def test_what_is_no_filter_is_refused(service: str, filters: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        FILTERS[service].model_validate(filters)


facts = st.builds(
    Facts, author=names, bot=st.booleans(), labels=st.frozensets(names, max_size=3), base=names,
    default_branch=st.booleans(), draft=st.booleans(), type=names, priority=names, complete=st.booleans(),
)  # fmt: skip


@given(facts=facts, service=st.sampled_from(["github", "jira"]), data=st.data())
def test_without_filters_all_lets_everything_through(facts: Facts, service: str, data: st.DataObject) -> None:
    feature = data.draw(st.sampled_from(FEATURES[service]))
    assert passes([ALL], {}, replace(news(feature), facts=facts), service) == ""


@given(facts=facts, pattern=st.text(alphabet="ab*?[]!-\\", max_size=12))
def test_a_pattern_of_branches_is_never_an_error(facts: Facts, pattern: str) -> None:
    outcome = passes([ALL], {"base": [pattern]}, replace(news("pulls"), facts=facts), "github")
    assert outcome in ("", held("base"))


def test_a_pattern_made_to_be_slow_is_not() -> None:
    assert github({"base": ["*a" * 50 + "!"]}, base="a" * 250) == held("base")


@pytest.mark.parametrize(
    ("label", "labels", "wanted", "due"),
    [
        ("bug", {"bug"}, {"any": ["Bug"]}, True),
        ("docs", {"bug", "docs"}, {"any": ["bug"]}, False),
        ("bug", {"bug", "ui"}, {"all": ["bug", "ui"]}, True),
        ("bug", {"bug"}, {}, False),
        ("", {"bug"}, {"any": ["bug"]}, False),
    ],
)
def test_a_label_lets_in_what_no_other_label_did(label: str, labels: set[str], wanted: object, due: bool) -> None:  # noqa: FBT001
    happened = replace(news("pulls"), facts=Facts(labels=frozenset(labels), label=label))
    assert lets_in(read({"labels": wanted}), happened) is due
