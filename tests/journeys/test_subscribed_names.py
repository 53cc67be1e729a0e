"""What a subscription names is looked up in Jira when it is made: what there is not would never pass; on both Jiras."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.slack import DEV, MEMBER
from tests.journeys.doing import option
from tests.world import World

PATH = "/api/v1/subscriptions"
MADE = ":white_check_mark: This channel now hears of *OPS*: "
UNCHECKED = "Jira did not tell in time whether it has what is named here, so check the spelling."


@pytest.fixture(params=[True, False], ids=["cloud", "data center"])
def world(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[World]:
    made = World(sqlite_url, cloud=request.param)
    yield made
    made.close()


def typed(world: World, words: str) -> str:
    return world.slack.command(MEMBER, DEV, "/jira", f"subscribe OPS {words}").body["text"]


def asked(world: World, **content: Any) -> tuple[int, str]:
    answer = world.call("POST", PATH, {"source_service": "jira", "source": "OPS", "channel": DEV, **content})
    said = answer.json()
    return answer.status_code, said["error"]["message"] if "error" in said else str(said.get("warnings", ""))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("status:Nirvana", "OPS has no status “Nirvana”. There are: To Do, In Progress, In Review, Done."),
        ("status:Don", "OPS has no status “Don”. Did you mean Done?"),
        ("created field:prioritty", "Jira has no field “prioritty”. Did you mean Priority?"),
    ],
)
def test_a_command_that_names_what_there_is_not_subscribes_to_nothing(world: World, words: str, said: str) -> None:
    assert typed(world, words) == said
    assert world.rows("subscriptions") == []


@pytest.mark.parametrize("words", ["status:done", "field:labels", "field:duedate", "field:Link", 'status:"in review"'])
def test_what_there_is_is_taken_however_it_is_written(world: World, words: str) -> None:
    assert typed(world, words).startswith(MADE)


@pytest.mark.parametrize(
    ("content", "warning"),
    [
        ({"events": ["field:🔥"]}, "Jira has no field “🔥”."),
        ({"broadcast": ["status:Don"]}, "OPS has no status “Don”. Did you mean Done?"),
        ({"filters": {"type": {"any": ["Nope"]}}}, "OPS has no type “Nope”."),
        ({"filters": {"status": {"none": ["Don"]}}}, "OPS has no status “Don”. Did you mean Done?"),
        ({"filters": {"priority": {"any": ["Hihg"]}}}, "Jira has no priority “Hihg”. Did you mean"),
    ],
)
def test_a_request_that_names_what_there_is_not_is_warned(world: World, content: dict[str, Any], warning: str) -> None:
    status, warnings = asked(world, **content)
    assert (status, warning in warnings) == (201, True)
    assert asked(world, name="other", events=["status:Done"]) == (201, "")


def test_a_request_that_wants_and_bars_the_same_is_refused(world: World) -> None:
    assert asked(world, filters={"priority": {"any": ["High"], "none": ["high"]}}) == (
        422, "filters.priority: High is wanted and barred at once: nothing can pass that way",
    )  # fmt: skip
    assert world.rows("subscriptions") == []


def test_the_form_says_at_the_field_what_there_is_not(world: World) -> None:
    world.slack.command(MEMBER, DEV, "/jira", "subscribe OPS")
    form = world.slack.current_view(MEMBER)
    assert form is not None
    many = {"type": "multi_external_select", "selected_options": [option("status:Don")]}
    types = {"type": "multi_external_select", "selected_options": [option("any:Nope")]}
    values = {"event_status": {"event_status": many}, "filter_type": {"filter_type": types}}
    errors = world.slack.submit(MEMBER, form["id"], values).body["errors"]
    assert errors["event_status"] == "OPS has no status “Don”. Did you mean Done?"
    assert errors["filter_type"].startswith("OPS has no type “Nope”.")
    assert world.rows("subscriptions") == []


def test_while_jira_does_not_answer_it_is_made_with_a_warning(world: World) -> None:
    world.jira.fault("getAllStatuses", times=9, status=503)
    assert typed(world, "status:Nirvana") == f"{MADE}status:Nirvana. {UNCHECKED}"
    assert asked(world, name="other", events=["status:Nirvana"]) == (201, str([UNCHECKED]))
    assert [row["events"] for row in world.rows("subscriptions")] == [["status:Nirvana"]] * 2


def test_a_word_that_is_nearly_an_event_is_asked_about_beside_the_form(world: World) -> None:
    world.slack.command(MEMBER, DEV, "/jira", "subscribe OPS creatd")
    assert (
        "Did you mean the event created? Then close this form and type `/jira subscribe OPS created`: "
        "here creatd is a name."
    ) in str(world.slack.current_view(MEMBER))
    world.slack.command(MEMBER, DEV, "/jira", "subscribe OPS urgent")
    assert "Did you mean" not in str(world.slack.current_view(MEMBER))


def test_what_the_channels_subscription_was_before_is_said(world: World) -> None:
    assert typed(world, 'created status:"In Progress"') == f"{MADE}created, status:In Progress."
    assert typed(world, "resolved") == (
        f"{MADE}resolved. Before, it was: created, status:In Progress. "
        '`/jira subscribe OPS created "status:In Progress"` sets those events again.'
    )
    assert typed(world, 'created "status:In Progress"').startswith(f"{MADE}created, status:In Progress. Before")
    assert typed(world, 'created "status:In Progress"') == f"{MADE}created, status:In Progress."
