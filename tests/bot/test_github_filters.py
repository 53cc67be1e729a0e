"""The filters of a GitHub subscription, one by one, and all together against a plain reading of them."""

from dataclasses import replace
from typing import Any

import pytest

from bot.filters import ALL, passes
from bot.github_filters import GitHubFilters, lets_in, to_ask
from bot.github_words import asked, refusal, unknown_broadcasts
from bot.renderers.news import Facts, News

FACTS = Facts(
    author="mona", labels=frozenset({"Bug"}), base="main", head="feature/x", default_branch=True, action="opened",
    repository="acme/web", actors=frozenset({"mona"}),
)  # fmt: skip


def news(feature: str = "pulls", **facts: Any) -> News:
    return News(feature=feature, resource="acme/web#7", card=None, line=None, facts=replace(FACTS, **facts))


def reason(filters: dict[str, Any], feature: str = "pulls", *events: str, **facts: Any) -> str:
    return passes(events or (ALL,), filters, news(feature, **facts), "github")


def held(name: str) -> str:
    return f"the subscription's filter on {name} holds it back"


NONE: frozenset[str] = frozenset()
RUN: dict[str, Any] = {"workflow": "CI", "trigger": "push", "conclusion": "failure", "labels": NONE}
type Given = dict[str, Any]
HELD: list[tuple[Given, str, Given, str]] = [

    ({"head": ["feature/*"]}, "pulls", {}, ""), ({"head": ["fix/*"]}, "pulls", {}, "head"),
    ({"head": ["fix/*"]}, "issues", {"head": "", "base": ""}, ""), ({"base": ["release/*"]}, "pulls", {}, "base"),
    ({"labels": {"any": ["docs"]}}, "reviews", {}, "labels"), ({"labels": {"any": ["docs"]}}, "workflows", RUN, ""),
    ({"labels": {"any": ["docs"]}}, "commits", {"labels": NONE}, ""),
    ({"actions": ["merged"]}, "pulls", {}, "actions"), ({"actions": ["merged"]}, "pulls", {"action": "merged"}, ""),
    ({"actions": ["MERGED"]}, "pulls", {"action": "closed"}, "actions"),
    ({"actions": ["merged"]}, "reviews", {"action": "submitted"}, ""), ({"actions": ["merged"]}, "commits", {}, ""),
    ({"conclusions": ["failure"]}, "workflows", RUN, ""),
    ({"conclusions": ["failure"]}, "checks", RUN | {"conclusion": "success"}, "conclusions"),
    ({"conclusions": ["failure"]}, "workflows", RUN | {"conclusion": ""}, "conclusions"),
    ({"conclusions": ["failure"]}, "pulls", {}, ""), ({"only_changes": True}, "workflows", RUN, "only_changes"),
    ({"only_changes": True}, "workflows", RUN | {"turned": True}, ""), ({"only_changes": True}, "pulls", {}, ""),
    ({"only_changes": False}, "workflows", RUN, ""),
    ({"environments": ["prod*"]}, "deployments", {"environment": "Production"}, ""),
    ({"environments": ["production"]}, "deployments", {"environment": "staging"}, "environments"),
    ({"environments": ["production"]}, "pulls", {}, ""),
    ({"states": ["failure"]}, "deployments", {"state": "failure"}, ""),
    ({"states": ["failure"]}, "deployments", {"state": "success"}, "states"),
    ({"states": ["failure"]}, "issues", {}, ""),
    ({"paths": ["services/**"]}, "pulls", {"paths": frozenset({"services/a.py", "x"})}, ""),
    ({"paths": ["services/**"]}, "pulls", {"paths": frozenset({"docs/a.md"})}, "paths"),
    ({"paths": ["services/**"]}, "pulls", {"paths": NONE}, "paths"), ({"paths": ["services/**"]}, "pulls", {}, ""),
    ({"owners": ["@acme/Core"]}, "pulls", {"owners": frozenset({"@acme/core"})}, ""),
    ({"owners": ["@acme/core"]}, "pulls", {"owners": NONE}, "owners"),
    ({"teams": {"any": ["acme/core"]}}, "issues", {"teams": frozenset({"acme/core"})}, ""),
    ({"teams": {"any": ["acme/core"]}}, "issues", {"teams": NONE}, "teams"),
    ({"teams": {"none": ["acme/core"]}}, "issues", {"teams": frozenset({"acme/core"})}, "teams"),
    ({"assignees": {"any": ["Ada"]}}, "issues", {"assignee": frozenset({"ada", "4096"})}, ""),
    ({"assignees": {"any": ["ada"]}}, "comments", {}, "assignees"),
    ({"assignees": {"any": ["ada"]}}, "commits", {}, ""),
    ({"assignees": {"none": ["ada"]}}, "pulls", {"assignee": frozenset({"ada"})}, "assignees"),
    ({"assignees": {"empty": True}}, "reviews", {}, ""), ({"assignees": {"empty": False}}, "pulls", {}, "assignees"),
    ({"reviewers": {"any": ["ada", "acme/core"]}}, "pulls", {"reviewers": frozenset({"Acme/core"})}, ""),
    ({"reviewers": {"all": ["ada", "acme/core"]}}, "pulls", {"reviewers": frozenset({"ada"})}, "reviewers"),
    ({"reviewers": {"any": ["ada"]}}, "comments", {"pull": True, "reviewers": NONE}, "reviewers"),
    ({"reviewers": {"any": ["ada"]}}, "comments", {}, ""), ({"reviewers": {"any": ["ada"]}}, "issues", {}, ""),
    ({"reviewers": {"empty": True}}, "pulls", {"reviewers": NONE}, ""),
    ({"authors": {"none": ["hubot"]}}, "comments", {"actors": frozenset({"hubot", "bots"})}, "authors"),
    ({"authors": {"none": ["hubot"]}}, "pulls", {"actors": frozenset({"hubot", "bots"})}, ""),
    ({"bots": False}, "comments", {"actors": frozenset({"hubot", "bots"})}, "bots"),
    ({"bots": False}, "pulls", {"actors": frozenset({"hubot", "bots"})}, ""),
    ({"bots": False}, "pulls", {"bot": True}, "bots"),
    ({"repositories": {"none": ["acme/web"]}}, "pulls", {}, "repositories"),
    ({"repositories": {"none": ["legacy-*"]}}, "pulls", {}, ""),
    ({"repositories": {"any": ["WEB", "api"]}}, "pulls", {}, ""),
    ({"repositories": {"any": ["api"]}}, "stars", {}, "repositories"),
    ({"topics": {"any": ["shop"]}}, "pulls", {"topics": frozenset({"shop"})}, ""),
    ({"topics": {"any": ["shop"]}}, "pulls", {"topics": NONE}, "topics"),
    ({"repository_teams": {"any": ["acme/core"]}}, "pulls", {"keepers": NONE}, "repository_teams"),
]  # fmt: skip


@pytest.mark.parametrize(("filters", "feature", "facts", "name"), HELD)
def test_each_filter_speaks_of_what_has_what_it_is_about(
    filters: dict[str, Any], feature: str, facts: dict[str, Any], name: str
) -> None:
    assert reason(filters, feature, **facts) == (held(name) if name else "")


def test_the_whole_shape_of_a_subscription_is_understood() -> None:
    whole: dict[str, Any] = {
        "labels": {"any": ["bug"], "all": [], "none": ["wip"]}, "authors": {"none": ["renovate[bot]"]}, "bots": False,
        "teams": {"any": ["acme/core"]}, "base": ["main", "release/*"], "head": ["feature/*"], "paths": ["services/**"],
        "owners": ["@acme/core"], "draft": False, "actions": ["merged"], "conclusions": ["failure"],
        "only_changes": True, "environments": ["production"], "states": ["failure", "success"],
    }  # fmt: skip
    known: dict[str, Any] = {
        "paths": frozenset({"services/a"}), "owners": frozenset({"@acme/core"}), "teams": frozenset({"acme/core"}),
    }  # fmt: skip
    events = ("pulls", "reviews", "workflows")
    assert reason(whole, "pulls", *events, action="merged", **known) == ""
    assert reason(whole, "reviews", *events, action="submitted", **known) == ""
    assert reason(whole, "workflows", *events, **RUN, **known, turned=True) == ""
    assert reason(whole, "pulls", *events, **known) == held("actions")
    assert reason(whole, "workflows", *events, **RUN, **known) == held("only_changes")
    assert reason(whole, "issues", *events, **known) == "the subscription does not ask for issues"
    assert GitHubFilters.model_validate(whole).model_dump(exclude_unset=True)["base"] == ["main", "release/*"]


ASKED: list[tuple[Given, str, Given, set[str]]] = [
    ({}, "pulls", {}, set()), ({"base": ["main"]}, "pulls", {}, set()),
    ({"paths": ["a"]}, "pulls", {}, {"paths"}), ({"paths": ["a"]}, "pulls", {"paths": NONE}, set()),
    ({"paths": ["a"]}, "commits", {}, set()), ({"paths": ["a"]}, "issues", {}, set()),
    ({"paths": ["a"]}, "comments", {"pull": True}, {"paths"}), ({"paths": ["a"]}, "comments", {}, set()),
    ({"owners": ["@a"]}, "pulls", {}, {"paths", "owners"}),
    ({"owners": ["@a"]}, "commits", {"paths": NONE}, {"owners"}),
    ({"teams": {"any": ["a/b"]}}, "stars", {}, {"teams"}),
    ({"teams": {"any": ["a/b"]}}, "stars", {"author": ""}, set()),
    ({"topics": {"any": ["x"]}}, "stars", {}, {"topics"}),
    ({"topics": {"any": ["x"]}}, "stars", {"topics": NONE}, set()),
    ({"repository_teams": {"none": ["a/b"]}}, "pulls", {}, {"keepers"}),
    ({"base": ["main"], "draft": False}, "comments", {"pull": True, "base": ""}, {"pull"}),
    ({"reviewers": {"empty": True}}, "comments", {"pull": True, "base": ""}, {"pull"}),
    ({"reviewers": {"any": ["ada"]}}, "reviews", {"reviewers": NONE}, set()),
    ({"reviewers": {"any": ["ada"]}}, "comments", {}, set()), ({"assignees": {"any": ["ada"]}}, "pulls", {}, set()),
    ({"draft": True}, "comments", {"pull": True, "base": ""}, set()), ({"teams": {}}, "stars", {}, set()),
]  # fmt: skip


@pytest.mark.parametrize(("filters", "feature", "facts", "asked_for"), ASKED)
def test_only_what_a_filter_needs_and_the_event_does_not_tell_is_asked(
    filters: dict[str, Any], feature: str, facts: dict[str, Any], asked_for: set[str]
) -> None:
    assert to_ask(GitHubFilters.model_validate(filters), news(feature, **facts)) == asked_for


ADA, EVE = frozenset({"ada", "4096"}), frozenset({"eve"})


@pytest.mark.parametrize(
    ("filters", "facts", "due"),
    [
        ({"assignees": {"any": ["ada"]}}, {"action": "assigned", "assignee": ADA, "joined": ADA}, True),
        ({"assignees": {"empty": False}}, {"action": "assigned", "assignee": ADA, "joined": ADA}, True),
        ({"assignees": {"any": ["ada"]}}, {"action": "assigned", "assignee": ADA | EVE, "joined": EVE}, False),
        ({"assignees": {"any": ["ada"]}}, {"action": "labeled", "assignee": ADA}, False),
        ({"assignees": {"empty": True}}, {"action": "unassigned", "joined": ADA}, True),
        ({"assignees": {"none": ["ada"]}}, {"action": "unassigned", "assignee": EVE, "joined": ADA}, True),
        ({"assignees": {"none": ["ada"]}}, {"action": "unassigned", "joined": EVE}, False),
        ({"reviewers": {"any": ["ada"]}}, {"action": "review_requested", "reviewers": ADA, "joined": ADA}, True),
        ({"reviewers": {"any": ["ada"]}}, {"action": "assigned", "assignee": ADA, "joined": ADA}, False),
        ({"reviewers": {"empty": True}}, {"action": "review_request_removed", "reviewers": NONE, "joined": ADA}, True),
        ({}, {"action": "assigned", "assignee": ADA, "joined": ADA}, False),
    ],
)
def test_somebody_who_came_or_went_lets_in_what_would_not_have_passed_before(
    filters: dict[str, Any],
    facts: dict[str, Any],
    due: bool,  # noqa: FBT001
) -> None:
    assert lets_in(GitHubFilters.model_validate(filters), news(**facts)) is due


@pytest.mark.parametrize(
    ("events", "feature", "facts", "why"),
    [
        (["commits"], "commits", {}, ""), (["commits:*"], "commits", {"base": "x/y", "default_branch": False}, ""),
        (["commits"], "commits", {"default_branch": False}, "the push is not to the default branch"),
        (["commits:dev", "commits:x/*"], "commits", {"base": "x/y", "default_branch": False}, ""),
        (["commits:dev"], "commits", {}, "the subscription asks for other branches"),
        (["commits:@default"], "commits", {}, ""), (["branches:release/*"], "branches", {"base": "release/1"}, ""),
        (["branches:release/*"], "branches", {}, "the subscription asks for other branches"),
        (["tags:v*"], "tags", {"base": "beta"}, "the subscription asks for other tags"), (["tags"], "tags", {}, ""),
        (["workflows"], "workflows", RUN, ""),
        (['workflows:{name:"CI" event:"push" branch:"main"}'], "workflows", RUN, ""),
        (['workflows:{name:"Deploy"}', 'workflows:{actor:"mona"}'], "workflows", RUN, ""),
        (['workflows:{name:"Deploy"}'], "workflows", RUN, "the run's name is another than the subscription asks for"),
        (['workflows:{event:"pull_request" branch:"@default"}'], "workflows", RUN,
         "the run's event is another than the subscription asks for"),
        (["pulls"], "issues", {}, "the subscription does not ask for issues"),
        ([], "pulls", {}, "the subscription does not ask for pulls"),
    ],
)  # fmt: skip
def test_an_event_may_be_limited_to_some_branches_or_runs(
    events: list[str], feature: str, facts: dict[str, Any], why: str
) -> None:
    assert refusal(events, news(feature, **facts), branches=False) == why


def test_what_is_no_event_is_none() -> None:
    wrong = ["pulls:main", "commits:", "commits:a b", "workflows:x", "workflows:{}", 'workflows:{job:"x"}', "pulls:",
             'workflows:{name:"x"', "workflows:{name:x}", "labels", ""]  # fmt: skip
    assert [event for event in wrong if asked(event) is not None] == []
    assert unknown_broadcasts(["merged", "reviews", "all", "exploded"]) == ["exploded"]


@pytest.mark.parametrize(
    "filters",
    [
        {"actions": ["exploded"]}, {"conclusions": ["fine"]}, {"states": ["fine"]}, {"teams": {"any": ["core"]}},
        {"owners": ["core"]}, {"only_changes": "yes"}, {"bots": "no"}, {"draft": 1}, {"paths": "x"}, {"heads": []},
        {"repository_teams": {"none": ["acme/"]}}, {"base": ["x" * 256]},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(filters: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(filters))):
        GitHubFilters.model_validate(filters)
