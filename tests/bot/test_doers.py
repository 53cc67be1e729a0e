"""Which call made a change that connect's own account is seen to have made."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.jira.accounts import Account
from adapters.jira.event import Change
from bot.operations.doers import Call, cause

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MIA = Account("712020:mia", "mia", "Mia Member")


def call(
    operation: str, seconds: float = -1, remote_id: str = "", account: Account | None = None, **given: Any
) -> Call:
    return Call(operation, given, remote_id, NOW + timedelta(seconds=seconds), account)


def edit(*ids: str, value: Any = "x", seconds: float = -1, names: tuple[str, ...] = (), **labels: Any) -> Call:
    return call("edit", seconds, fields=[{"id": one, "value": value} for one in ids], names=list(names), **labels)


STATUS = Change("status", "To Do", "Done", "status", "1", "3")
ASSIGNEE = Change("assignee", "", "Mia Member", "assignee", "", "712020:mia")
LABELS = Change("labels", "", "urgent", "labels")


@pytest.mark.parametrize(
    ("it", "others", "change"),
    [
        (call("transition", -9, to="Done"), [call("transition", to="In Review")], STATUS),
        (call("transition", -9, to="done"), [call("assign", to={"me": "yes"}), edit("status2")], STATUS),
        (call("decide", -9, to="Done", decision="approved"), [call("decide", to="Done", decision="declined")], STATUS),
        (call("assign", -9, account=MIA, to={"me": "yes"}), [call("assign", to={}), edit("summary")], ASSIGNEE),
        (call("assign", -9, to={"name": "mia member"}), [call("assign", to={"name": "ada"})], ASSIGNEE),
        (call("assign", -9, to={}), [call("assign", account=MIA, to={"me": "yes"})],
         Change("assignee", "Mia Member", "", "assignee", "712020:mia")),
        # Data Center's webhook names the user's key, which the API does not know, and no field's id.
        (call("assign", -9, account=MIA, to={"me": "yes"}), [call("assign", to={})],
         Change("assignee", "", "Mia Member", "assignee", "", "JIRAUSER10100")),
        (edit("customfield_10042", seconds=-9, names=("Root cause",)), [edit("customfield_10043", names=("Other",))],
         Change("Root cause", "", "dust", "root cause")),
        (edit("summary", value="The door", seconds=-9), [edit("summary", value="The lift")],
         Change("summary", "x", "The door", "summary")),
        (edit(seconds=-9, add_labels=["urgent"]), [edit("summary")], LABELS),
        (call("log_work", -9, "10201", spent="1h"), [call("log_work", remote_id="10202", spent="1h")],
         Change("WorklogId", "", "10201", "worklogid", "", "10201")),
    ],
)  # fmt: skip
def test_the_call_that_set_this_field_to_this_value_did_it_whenever_others_left(
    it: Call, others: list[Call], change: Change
) -> None:
    assert cause([it, *others], [Change("resolution", "", "Done", "resolution"), change], NOW) is it


def test_where_several_set_the_same_the_last_one_before_did_it() -> None:
    first, second, later = (call("transition", seconds, to="Done") for seconds in (-60, -5, 20))
    assert [cause([first, second, later], [STATUS], NOW + timedelta(seconds=at)) for at in (-10, 0, 30)] == [
        first, second, later,
    ]  # fmt: skip


def test_a_clock_that_is_behind_is_no_reason_to_name_nobody() -> None:
    ahead = call("transition", 20, to="Done")
    assert cause([ahead], [STATUS], NOW) is ahead


def test_a_change_that_no_call_makes_is_nobodys() -> None:
    calls = [call("assign", account=MIA, to={"me": "yes"}), edit("summary"), call("log_work", spent="1h")]
    assert [cause(calls, changes, NOW) for changes in ([STATUS], [LABELS], [])] == [None, None, None]
