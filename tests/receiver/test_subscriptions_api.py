"""`/api/v1/subscriptions`: which repository or project reaches which channel."""

import json
from datetime import datetime
from typing import Any

import pytest

from sandbox.slack import DEV, GENERAL, PRIVATE
from tests.receiver.doors import at_once, refused
from tests.world import World

PATH = "/api/v1/subscriptions"
WEB: dict[str, Any] = {"source_service": "github", "source": "acme/web", "channel": DEV}
OPS: dict[str, Any] = {"source_service": "jira", "source": "OPS", "channel": DEV}
DEFAULTS = {
    "github": ["issues", "pulls", "commits", "releases", "deployments"],
    "jira": ["created", "updated", "commented", "deleted"],
}


def subscribe(world: World, **wanted: Any) -> int:
    answer = world.call("POST", PATH, wanted)
    assert (answer.status_code, answer.json()) == (
        201, {"success": True, "subscription_id": answer.json().get("subscription_id")},
    ), answer.text  # fmt: skip
    return answer.json()["subscription_id"]


def shown(world: World, row_id: int) -> dict[str, Any]:
    answer = world.call("GET", f"{PATH}/{row_id}")
    assert answer.status_code == 200
    return answer.json()["subscription"]


def refusal(world: World, given: Any, method: str = "POST", path: str = PATH) -> dict[str, Any]:
    """A 422 that changes nothing."""
    before = world.rows("subscriptions")
    answer = world.call(method, path, given)
    assert (answer.status_code, answer.json()["success"]) == (422, False), answer.text
    assert world.rows("subscriptions") == before
    return answer.json()["error"]


@pytest.mark.parametrize("wanted", [WEB, OPS], ids=["github", "jira"])
def test_a_subscription_is_shown_with_the_default_events(world: World, wanted: dict[str, Any]) -> None:
    row = shown(world, subscribe(world, **wanted))
    for name in ("created_at", "updated_at"):
        assert str(datetime.fromisoformat(row.pop(name)).utcoffset()) == "0:00:00"
    events = DEFAULTS[wanted["source_service"]]
    assert row == {
        "id": row["id"], **wanted, "events": events, "filters": {}, "created_by": "api", "paused": False,
        "paused_reason": None, "paused_by": None, "name": "", "style": "full", "thread": "only", "broadcast": [],
        "reactions": False, "replies": True, "quiet_hours": None,
        "last_passed_at": None, "last_held_at": None, "last_held_reason": None,
        "trouble": None,
    }  # fmt: skip


def test_what_was_asked_for_is_kept_as_it_was_asked_for(world: World) -> None:
    events, filters = (
        ["pulls", "issues"],
        {"labels": {"any": ["Bug", "über"]}, "draft": False, "base": ["main", "release/*"]},
    )
    row = shown(world, subscribe(world, **WEB, events=events, filters=filters))
    assert (row["events"], row["filters"]) == (events, filters)
    row = shown(world, subscribe(world, **OPS, events=["all"], filters={"priority": {"none": ["Low"]}}))
    assert (row["events"], row["filters"]) == (["all"], {"priority": {"none": ["Low"]}})


def test_nulls_are_the_defaults(shared: World) -> None:
    row = shown(shared, subscribe(shared, **{**WEB, "source": "acme/nulls"}, events=None))
    assert (row["events"], row["filters"]) == (DEFAULTS["github"], {})


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({**WEB, "source": " acme/spaced "}, "acme/spaced"),
        ({**OPS, "source": "web"}, "WEB"),
        ({**OPS, "source": "A_1"}, "A_1"),
    ],
)  # fmt: skip
def test_a_source_is_kept_as_its_service_calls_it(shared: World, given: dict[str, Any], kept: str) -> None:
    assert shown(shared, subscribe(shared, **given))["source"] == kept


def test_a_link_is_one_to_the_github_that_connect_works_with_or_is_refused(world: World) -> None:
    here = world.github.url
    subscribe(world, **WEB)
    assert shown(world, subscribe(world, **{**WEB, "source": f"{here}/Acme/Site.git/"}))["source"] == "Acme/Site"
    (wrong,) = refusal(world, {**WEB, "source": "https://gitlab.com/acme/web", "events": ["forks"]})["details"]
    said = f"That is no link to {here.removeprefix('http://')}, the GitHub I work with."
    assert wrong == {"field": "source", "message": said}


def test_the_same_source_and_channel_is_the_same_subscription_replaced(world: World) -> None:
    first = subscribe(world, **WEB, events=["issues"])
    again = subscribe(world, **{**WEB, "source": "ACME/Web"}, events=["pulls"], filters={"bots": False})
    assert again == first
    [row] = world.rows("subscriptions")
    assert (row["source"], row["events"], row["filters"]) == ("ACME/Web", ["pulls"], {"bots": False})
    other = subscribe(world, **{**WEB, "channel": GENERAL})
    assert other != first
    assert [row["channel"] for row in world.rows("subscriptions")] == [DEV, GENERAL]


def test_the_same_subscription_twenty_times_at_once_is_one(world: World) -> None:
    world.services.workspace.identity()
    # Who loses too many races on MySQL is asked to come again.
    assert set(at_once(20, lambda: world.call("POST", PATH, OPS).status_code)) <= {201, 503}
    assert len(world.rows("subscriptions")) == 1


# --- what is refused -------------------------------------------------------------------------------------------------

SPOILED: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["source_service", "source", "channel"]),
    ({**WEB, "source_service": "slack"}, ["source_service"]),
    ({**WEB, "source_service": None, "source": 5, "channel": []}, ["source_service", "source", "channel"]),
    ({**WEB, "source": "acme_"}, ["source"]),
    ({**WEB, "source": ""}, ["source"]),
    ({**WEB, "source": "acme/web/extra"}, ["source"]),
    ({**WEB, "source": "../../admin"}, ["source"]),
    ({**WEB, "source": "acme/.."}, ["source"]),
    ({**WEB, "source": "acme/web?x=1"}, ["source"]),
    ({**WEB, "source": "a" * 200 + "/" + "b" * 200}, ["source"]),
    ({**WEB, "source": "acme/\ud800"}, ["source"]),
    ({**OPS, "source": "acme/web"}, ["source"]),
    ({**OPS, "source": "O"}, ["source"]),
    ({**OPS, "source": "OPS-1"}, ["source"]),
    ({**OPS, "source": 'OPS" OR 1=1'}, ["source"]),
    ({**WEB, "channel": "#dev"}, ["channel"]),
    ({**WEB, "channel": "T0DEV00001/C0DEV00001"}, ["channel"]),
    ({**WEB, "events": []}, ["events"]),
    ({**WEB, "events": "issues"}, ["events"]),
    ({**WEB, "events": [5]}, ["events.0"]),
    ({**WEB, "events": ["issues"] * 51}, ["events"]),
    ({**WEB, "events": ["bogus", "created", "issues"]}, ["events", "events"]),
    ({**WEB, "events": ["Issues"]}, ["events"]),
    ({**OPS, "events": ["pulls"]}, ["events"]),
    ({**WEB, "filters": None}, ["filters"]),
    ({**WEB, "filters": ["labels"]}, ["filters"]),
    ({**WEB, "filters": {"label": {}}}, ["filters.label"]),
    ({**WEB, "filters": {"labels": ["bug"]}}, ["filters.labels"]),
    ({**WEB, "filters": {"labels": {"some": ["bug"]}}}, ["filters.labels.some"]),
    ({**WEB, "filters": {"labels": {"any": "bug"}}}, ["filters.labels.any"]),
    ({**WEB, "filters": {"labels": {"any": [5, None]}}}, ["filters.labels.any.0", "filters.labels.any.1"]),
    ({**WEB, "filters": {"labels": {"any": ["x"] * 101}}}, ["filters.labels.any"]),
    ({**WEB, "filters": {"labels": {"any": ["x" * 30_000]}}}, ["filters"]),
    ({**WEB, "filters": {"base": "main", "draft": "perhaps"}}, ["filters.base", "filters.draft"]),
    ({**WEB, "filters": {"type": {"any": ["Bug"]}}}, ["filters.type"]),
    ({**OPS, "filters": {"base": ["main"]}}, ["filters.base"]),
    ({**WEB, "event": ["issues"], "private": True}, ["event", "private"]),
    ({**WEB, "source": "-acme", "events": ["bogus"], "filters": {"x": 1}}, ["source", "events", "filters.x"]),
]


@pytest.mark.parametrize(("given", "fields"), SPOILED)
def test_every_wrong_field_is_named(shared: World, given: dict[str, Any], fields: list[str]) -> None:
    error = refusal(shared, given)
    assert (error["code"], [detail["field"] for detail in error["details"]]) == ("invalid", fields)
    assert error["message"] == f"{fields[0]}: {error['details'][0]['message']}"


def test_what_is_no_choice_is_told_how_one_looks(shared: World) -> None:
    assert refusal(shared, {**WEB, "filters": {"labels": ["bug"]}})["message"] == (
        'filters.labels: must be an object, such as {"any": ["bug"], "none": ["wip"]}'
    )
    assert refusal(shared, {**WEB, "quiet_hours": "at night"})["message"] == "quiet_hours: must be an object"


def test_an_unknown_event_is_told_with_the_possible_ones(shared: World) -> None:
    assert refusal(shared, {**WEB, "events": ["bogus"]})["message"] == (
        "events: there is no bogus; possible are issues, pulls, commits, releases, deployments, reviews, comments, "
        "branches, tags, workflows, checks, discussions, forks, stars, security, repository, members, all, commits:…, "
        "branches:…, tags:… and workflows:{…}"
    )
    assert refusal(shared, {**OPS, "events": ["bogus"]})["message"] == (
        "events: there is no bogus; possible are created, updated, commented, deleted, status, assignee, priority, "
        "resolved, reopened, comment_created, comment_edited, comment_deleted, attachments, sprints, versions, "
        "worklogs, all, status:… and field:…"
    )
    assert refusal(shared, {**WEB, "source": "acme_"})["message"] == (
        "source: must be owner/repo, or an owner for all of their repositories"
    )
    assert refusal(shared, {**OPS, "source": "acme/x"})["message"] == "source: must be a project's key, such as OPS"


def test_filters_of_the_longest_allowed_length_are_kept_whole(world: World) -> None:
    filters = {"labels": {"any": [f"{number:03} {'é' * 31}" for number in range(100)]}}
    assert 19_000 < len(json.dumps(filters)) <= 20_000
    assert shown(world, subscribe(world, **WEB, filters=filters))["filters"] == filters


# --- changed and ended -----------------------------------------------------------------------------------------------


def test_events_and_filters_can_be_changed_each_alone(world: World) -> None:
    row_id = subscribe(world, **WEB, events=["issues"], filters={"bots": False})
    before = shown(world, row_id)
    world.clock.offset += world.clock.offset.resolution
    changes: list[tuple[dict[str, Any], list[str], dict[str, bool]]] = [
        ({"events": ["pulls", "all"]}, ["pulls", "all"], {"bots": False}),
        ({"filters": {"draft": False}}, ["pulls", "all"], {"draft": False}),
        ({"events": ["issues"], "filters": {}}, ["issues"], {}),
        ({}, ["issues"], {}),
        ({"events": None, "filters": None}, ["issues"], {}),
    ]
    for change, events, filters in changes:
        answer = world.call("PATCH", f"{PATH}/{row_id}", change)
        row = answer.json()["subscription"]
        assert (answer.status_code, row) == (
            200, before | {"events": events, "filters": filters, "updated_at": row["updated_at"]},
        )  # fmt: skip
        assert row["updated_at"] > before["updated_at"]
        assert shown(world, row_id) == row


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"events": []}, ["events"]), ({"events": ["created"]}, ["events"]), ({"events": "all"}, ["events"]),
        ({"filters": []}, ["filters"]), ({"filters": {"type": {}}}, ["filters.type"]),
        ({"filters": {"labels": {"any": ["x" * 30_000]}}}, ["filters"]), ({"channel": GENERAL}, ["channel"]),
        ({"source": "acme/other", "id": 7}, ["source", "id"]),
        ({"events": ["x"], "filters": {"y": 1}}, ["events", "filters.y"]),
    ],
)  # fmt: skip
def test_a_change_that_cannot_be_made_is_a_422_and_changes_nothing(
    shared: World, change: dict[str, Any], fields: list[str]
) -> None:
    row_id = subscribe(shared, **{**WEB, "source": "acme/change"})
    error = refusal(shared, change, "PATCH", f"{PATH}/{row_id}")
    assert (error["code"], [detail["field"] for detail in error["details"]]) == ("invalid", fields)


def test_a_malformed_change_is_a_400(shared: World) -> None:
    row_id = subscribe(shared, **{**WEB, "source": "acme/change"})
    for given in ([1], "x", 5):
        answer = shared.call("PATCH", f"{PATH}/{row_id}", given)
        assert (answer.status_code, answer.json()) == (400, refused("malformed", "The body is not a JSON object."))


def test_a_subscription_that_is_ended_is_gone(world: World) -> None:
    row_id = subscribe(world, **WEB)
    answer = world.call("DELETE", f"{PATH}/{row_id}")
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    gone = refused("not_found", f"There is no subscription {row_id}.")
    for method in ("GET", "PATCH", "DELETE"):
        answer = world.call(method, f"{PATH}/{row_id}", {})
        assert (answer.status_code, answer.json()) == (404, gone)
    world.github.open_issue("acme/web", "Nobody hears of it")
    world.settle()
    assert world.slack.history(DEV) == []


def test_a_subscription_can_be_paused_and_started_again(sqlite_world: World) -> None:
    world, asked = sqlite_world, "someone asked for it through the REST API"
    row_id = subscribe(world, **WEB, events=["issues"])

    def change(**given: Any) -> tuple[bool, str | None, list[str]]:
        answer = world.call("PATCH", f"{PATH}/{row_id}", given)
        assert answer.status_code == 200, answer.text
        row = answer.json()["subscription"]
        assert row == shown(world, row_id)
        return row["paused"], row["paused_reason"], row["events"]

    assert change(paused=True) == (True, asked, ["issues"])
    world.github.open_issue("acme/web", "Nobody hears of it")
    world.settle()
    [delivery] = world.rows("deliveries")
    assert (delivery["status"], delivery["detail"]) == ("ignored", f"the subscription is paused: {asked}")
    assert change(events=["issues", "pulls"], paused=None) == (True, asked, ["issues", "pulls"])
    assert change(paused=False) == (False, None, ["issues", "pulls"])
    world.github.open_issue("acme/web", "Login fails")
    world.settle()
    assert ["Login fails" in card for card in _cards(world, DEV)] == [True]


@pytest.mark.parametrize("paused", ["yes", 1, []])
def test_paused_is_true_or_false_and_nothing_else(shared: World, paused: Any) -> None:
    row_id = subscribe(shared, **{**WEB, "source": "acme/paused"})
    error = refusal(shared, {"paused": paused}, "PATCH", f"{PATH}/{row_id}")
    assert error["message"] == "paused: Input should be a valid boolean"


# --- what it does ----------------------------------------------------------------------------------------------------


def _cards(world: World, channel: str) -> list[str]:
    return [message["text"] for message in world.slack.history(channel)]


def test_events_and_filters_decide_what_a_channel_hears_of(sqlite_world: World) -> None:
    world = sqlite_world
    subscribe(world, **WEB, events=["pulls"], filters={"draft": False})
    subscribe(world, **{**WEB, "channel": GENERAL}, events=["issues"])
    subscribe(world, **{**WEB, "channel": PRIVATE}, events=["all"])
    world.github.open_issue("acme/web", "Login fails")
    world.github.open_pull_request("acme/web", "Mend login")
    world.github.open_pull_request("acme/web", "Unfinished", head="draft", draft=True)
    world.settle()
    heard = {channel: "\n".join(_cards(world, channel)) for channel in (DEV, GENERAL, PRIVATE)}
    titles = ("Login fails", "Mend login", "Unfinished")
    assert {channel: [title for title in titles if title in text] for channel, text in heard.items()} == {
        DEV: ["Mend login"], GENERAL: ["Login fails"], PRIVATE: ["Login fails", "Mend login", "Unfinished"],
    }  # fmt: skip


def test_a_jira_subscription_hears_of_its_project_only(sqlite_world: World) -> None:
    world = sqlite_world
    subscribe(world, **OPS, events=["created"])
    world.jira.create("OPS", "Task", "Printer is on fire")
    world.jira.create("WEB", "Task", "Another project")
    world.settle()
    [card] = _cards(world, DEV)
    assert "Printer is on fire" in card


def test_a_changed_subscription_hears_of_what_it_is_changed_to(sqlite_world: World) -> None:
    world = sqlite_world
    row_id = subscribe(world, **WEB, events=["issues"])
    world.call("PATCH", f"{PATH}/{row_id}", {"events": ["pulls"]})
    world.github.open_issue("acme/web", "Login fails")
    world.github.open_pull_request("acme/web", "Mend login")
    world.settle()
    [card] = _cards(world, DEV)
    assert "Mend login" in card
