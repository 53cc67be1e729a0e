"""Subscriptions to a Jira project: what passes them, and how it is told."""

from typing import Any

import pytest

from sandbox.slack import DEV, PRIVATE
from tests.bot.effects import on_sqlite
from tests.journeys.test_jira_to_slack import bot_messages, replies, subscribe
from tests.world import World

PATH = "/api/v1/subscriptions"
WHOLE: dict[str, Any] = {
    "source_service": "jira", "source": "OPS", "channel": DEV, "name": "urgent bugs",
    "events": ["created", "status", "commented", "resolved", "field:customfield_10042"],
    "filters": {
        "jql": "component = Printers", "type": {"any": ["Bug"]}, "priority": {"any": ["High", "Highest"]},
        "labels": {"none": ["noise"]}, "assignee": {"empty": True}, "status": {"any": ["Blocked"]},
        "authors": {"none": ["automation"]}, "comments": "public",
    },
    "style": "full", "thread": "only", "broadcast": ["resolved"],
    "quiet_hours": {"from": "20:00", "to": "07:00", "timezone": "Europe/Berlin"}, "paused": False,
}  # fmt: skip
ADA, GRACE = "Ada Lovelace", "Grace Hopper"


def held(world: World) -> list[str]:
    return [row["detail"] for row in world.rows("deliveries", "&service=jira") if row["status"] == "ignored"]


def test_the_whole_shape_is_taken_and_shown_as_it_was_sent(on_both_jiras: World) -> None:
    world = on_both_jiras
    row_id = subscribe(world, **{name: value for name, value in WHOLE.items() if name != "source_service"})
    shown = world.call("GET", f"{PATH}/{row_id}").json()["subscription"]
    assert {name: shown[name] for name in WHOLE} == WHOLE
    assert {name: shown[name] for name in ("created_by", "last_passed_at", "trouble")} == {
        "created_by": "api", "last_passed_at": None, "trouble": None,
    }  # fmt: skip


def test_a_channel_may_have_several_by_name_and_one_without(world: World) -> None:
    first = subscribe(world, DEV, name="bugs", events=["created"])
    unnamed = subscribe(world, DEV)
    assert subscribe(world, DEV, name="bugs", events=["deleted"]) == first
    assert subscribe(world, DEV, events=["created"]) == unnamed
    assert [(row["name"], row["events"]) for row in world.rows("subscriptions")] == [
        ("bugs", ["deleted"]), ("", ["created"]),
    ]  # fmt: skip
    taken = world.call("PATCH", f"{PATH}/{unnamed}", {"name": "bugs"})
    assert (taken.status_code, taken.json()["error"]["message"]) == (
        422, "name: the channel has another subscription of this name to it",
    )  # fmt: skip


@on_sqlite
def test_every_part_can_be_changed_and_null_ends_the_quiet_hours(world: World) -> None:
    row_id = subscribe(world, DEV, **{name: WHOLE[name] for name in ("quiet_hours", "broadcast")})
    change = {
        "name": "new", "style": "line", "thread": "channel", "broadcast": ["created"], "events": ["all"],
        "filters": {"comments": "all"}, "quiet_hours": None, "paused": True,
    }  # fmt: skip
    answer = world.call("PATCH", f"{PATH}/{row_id}", change).json()["subscription"]
    assert {name: answer[name] for name in change} == change
    assert (answer["paused_by"], answer["paused_reason"]) == ("api", "someone asked for it through the REST API")


@on_sqlite
@pytest.mark.parametrize(
    ("spoiled", "fields"),
    [
        ({"styl": "full"}, ["styl"]), ({"style": "loud"}, ["style"]), ({"thread": "never"}, ["thread"]),
        ({"broadcast": ["exploded"]}, ["broadcast"]), ({"events": ["status:"]}, ["events"]),
        ({"name": "x" * 61}, ["name"]), ({"paused": "yes"}, ["paused"]),
        ({"quiet_hours": {"from": "25:00", "to": "07:00", "timezone": "Europe/Berlin"}}, ["quiet_hours.from"]),
        ({"quiet_hours": {"from": "20:00", "to": "07:00", "timezone": "Mars/Base"}}, ["quiet_hours.timezone"]),
        ({"quiet_hours": {"from": "20:00", "to": "20:00", "timezone": "UTC"}}, ["quiet_hours"]),
        ({"quiet_hours": {"from": "20:00"}}, ["quiet_hours.to", "quiet_hours.timezone"]),
        ({"filters": {"assignee": {"empty": "yes"}}}, ["filters.assignee.empty"]),
        ({"filters": {"comments": "some"}}, ["filters.comments"]), ({"filters": {"sprint": {}}}, ["filters.sprint"]),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_at_its_key(world: World, spoiled: dict[str, Any], fields: list[str]) -> None:
    answer = world.call("POST", PATH, {"source_service": "jira", "source": "OPS", "channel": DEV, **spoiled})
    assert (answer.status_code, [one["field"] for one in answer.json()["error"]["details"]]) == (422, fields)
    assert world.rows("subscriptions") == []


# --- events ----------------------------------------------------------------------------------------------------------


def lines(world: World, channel: str = DEV) -> list[str]:
    """What is told in the thread of the channel's one card."""
    [card] = bot_messages(world, channel)
    return replies(world, channel, card["ts"])


def test_the_status_may_be_any_or_a_chosen_one(on_both_jiras: World) -> None:
    world = on_both_jiras
    subscribe(world, DEV, events=["created", "status:In Review"])
    key = world.jira.create("OPS", "Bug", "Door stuck")
    for status in ("In Progress", "In Review", "Done"):
        world.jira.transition(key, status, ADA)
    world.settle()
    assert ["In Review" in line for line in lines(world)] == [True]
    assert "Done" in str(bot_messages(world, DEV)[0]["blocks"])  # the card shows the state all the same


def test_resolved_reopened_assignee_and_priority_are_events_of_their_own(on_both_jiras: World) -> None:
    world = on_both_jiras
    subscribe(world, DEV, events=["created", "resolved", "reopened", "assignee", "priority"])
    key = world.jira.create("OPS", "Bug", "Door stuck")
    world.jira.transition(key, "In Progress", ADA)
    world.jira.transition(key, "Done", ADA)
    world.jira.transition(key, "To Do", GRACE)
    world.jira.edit(key, ADA, assignee=GRACE)
    world.jira.edit(key, ADA, priority="High")
    world.jira.edit(key, ADA, summary="Door mended")
    world.settle()
    told = lines(world)
    assert len(told) == 4
    assert ["Done" in told[0], "To Do" in told[1], GRACE in told[2], "High" in told[3]] == [True] * 4


def test_any_chosen_field_is_an_event_also_a_custom_one(on_both_jiras: World) -> None:
    world = on_both_jiras
    subscribe(world, DEV, events=["created", "field:customfield_10016", "field:labels"])
    key = world.jira.create("OPS", "Bug", "Door stuck")
    world.jira.edit(key, ADA, customfield_10016="5")
    world.jira.edit(key, ADA, labels=["hot"])
    world.jira.edit(key, ADA, priority="High")
    world.settle()
    assert ["Story point" in line for line in lines(world)] == [True, False]


def test_comments_made_and_edited_can_be_told_apart(on_both_jiras: World) -> None:
    world = on_both_jiras
    subscribe(world, DEV, events=["created", "comment_created"])
    key = world.jira.create("OPS", "Bug", "Door stuck")
    world.settle()
    comment = world.jira.comment(key, GRACE, "I saw it")
    world.settle()
    world.jira.edit_comment(key, comment, "I saw it twice")
    world.settle()
    assert len(lines(world)) == 1


# --- filters ---------------------------------------------------------------------------------------------------------


def test_filters_look_at_the_issue_and_at_who_acted(on_both_jiras: World) -> None:
    world = on_both_jiras
    subscribe(
        world, DEV, events=["created"],
        filters={"assignee": {"empty": True}, "components": {"empty": True}, "authors": {"none": [GRACE]}},
    )  # fmt: skip
    world.jira.create("OPS", "Bug", "assigned", assignee=ADA)
    world.jira.create("OPS", "Bug", "by Grace", actor=GRACE)
    world.jira.create("OPS", "Bug", "free")
    world.settle()
    assert ["free" in card["text"] for card in bot_messages(world, DEV)] == [True]
    assert held(world) == [
        "the subscription's filter on assignee holds it back", "the subscription's filter on authors holds it back",
    ]  # fmt: skip


def test_a_restricted_comment_is_told_only_where_a_subscription_wants_all_of_them(on_both_jiras: World) -> None:
    world = on_both_jiras
    subscribe(world, DEV)
    subscribe(world, PRIVATE, filters={"comments": "all"})
    key = world.jira.create("OPS", "Bug", "Door stuck")
    world.settle()
    world.jira.comment(key, GRACE, "for admins only", restricted=True)
    world.settle()
    assert (lines(world), ["for admins only" in line for line in lines(world, PRIVATE)]) == ([], [True])


# --- JQL -------------------------------------------------------------------------------------------------------------


def test_jql_is_judged_by_jira_for_this_very_issue(on_both_jiras: World) -> None:
    world = on_both_jiras
    subscribe(world, DEV, filters={"jql": "labels = hot OR priority = Highest"})
    world.jira.create("OPS", "Bug", "cold", labels=["cold"])
    key = world.jira.create("OPS", "Bug", "hot", labels=["hot"])
    world.settle()
    assert ["hot" in card["text"] for card in bot_messages(world, DEV)] == [True]
    world.jira.edit(key, ADA, summary="hot still")
    world.settle()
    world.jira.edit(key, ADA, labels=["cold"])
    world.settle()
    assert ["hot still" in line for line in lines(world)] == [True]
    [row] = world.rows("subscriptions")
    assert (row["last_passed_at"] is not None, row["last_held_reason"]) == (True, "the issue does not match its JQL")


def test_what_comes_while_jira_is_asked_is_told_in_its_order(on_both_jiras: World) -> None:
    world = on_both_jiras
    subscribe(world, DEV, name="hot", filters={"jql": "labels = hot"})
    world.jira.create("OPS", "Bug", "another")
    operation = "matchIssues" if world.jira.cloud else "searchIssues"
    world.jira.fault(operation, status=429, headers={"Retry-After": "5"})
    key = world.jira.create("OPS", "Bug", "Door stuck", labels=["hot"])
    world.jira.edit(key, ADA, priority="High")
    world.jira.comment(key, GRACE, "I saw it")
    world.jira.transition(key, "Done", ADA)
    world.settle()
    assert bot_messages(world, DEV) == []
    world.advance(6)
    told = lines(world)
    assert ["High" in told[0], "I saw it" in told[1], "Done" in told[2], len(told)] == [True, True, True, 3]


def test_a_wrong_jql_is_refused_with_jiras_words_when_it_is_made(on_both_jiras: World) -> None:
    world = on_both_jiras
    for jql, words in (("colour = red", "colour"), ("labels = ", "ends too early")):
        answer = world.call(
            "POST", PATH, {"source_service": "jira", "source": "OPS", "channel": DEV, "filters": {"jql": jql}}
        )
        details = answer.json()["error"]["details"]
        assert (answer.status_code, details[0]["field"], words in details[0]["message"]) == (422, "filters.jql", True)
    assert world.rows("subscriptions") == []


def test_jql_cannot_leave_its_brackets(make_world: Any) -> None:
    world = make_world(cloud=False)
    for jql in ("labels = x) OR (key is not EMPTY", 'labels = "x', "labels = x ORDER BY created"):
        answer = world.call(
            "POST", PATH, {"source_service": "jira", "source": "OPS", "channel": DEV, "filters": {"jql": jql}}
        )
        assert (answer.status_code, answer.json()["error"]["details"][0]["field"]) == (422, "filters.jql")
    assert world.jira.calls_to("searchIssues") == []


def test_a_jql_that_jira_does_not_take_any_more_pauses_the_subscription_and_says_so(on_both_jiras: World) -> None:
    world = on_both_jiras
    row_id = subscribe(world, DEV, filters={"jql": "labels = hot"})
    world.database.run(lambda connection: _spoil(connection, row_id))
    world.jira.create("OPS", "Bug", "Door stuck", labels=["hot"])
    world.settle()
    [row] = world.rows("subscriptions")
    assert (row["paused"], "Jira does not accept its JQL" in row["paused_reason"]) == (True, True)
    assert bot_messages(world, DEV) == []


def _spoil(connection: Any, row_id: int) -> None:
    from storage import subscriptions
    from tests.storage.rows import NOW

    subscriptions.change(connection, row_id, NOW, filters={"jql": "colour = red"})


def test_without_an_answer_of_jira_nothing_is_stored(on_both_jiras: World) -> None:
    world = on_both_jiras
    world.jira.fault("parseJqlQueries" if world.jira.cloud else "searchIssues", status=503)
    given = {"source_service": "jira", "source": "OPS", "channel": DEV, "filters": {"jql": "labels = x"}}
    answer = world.call("POST", PATH, given)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "jira_unavailable")
    assert world.rows("subscriptions") == []


def test_an_issue_that_is_gone_is_told_where_it_has_a_card_and_nowhere_else(on_both_jiras: World) -> None:
    world = on_both_jiras
    subscribe(world, DEV, filters={"jql": "labels = hot"})
    hot = world.jira.create("OPS", "Bug", "hot", labels=["hot"])
    cold = world.jira.create("OPS", "Bug", "cold")
    world.settle()
    world.jira.delete(hot, ADA)
    world.jira.delete(cold, ADA)
    world.settle()
    assert ["deleted" in line for line in lines(world)] == [True]
    assert world.rows("integrations", "&status=failed") == []
