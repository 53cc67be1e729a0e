"""The real client against the stand-in, as Cloud and as Data Center: what people do to an issue."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.document import Document, plain
from adapters.errors import Invalid, NotFound, OutcomeUnknown, Rejected
from adapters.jira.accounts import Account
from adapters.jira.client import JiraClient
from adapters.jira.doing import Transition
from adapters.jira.fields import FieldSpec, Kind, Option, held, jira_value, read_fields
from adapters.jira.worklogs import Worklog
from sandbox.jira import JiraStandIn
from sandbox.jira.adf import document
from tests.adapters import jira_cases
from tests.adapters.jira_cases import MARKER, account

jira = jira_cases.jira
client = jira_cases.client

OPTIONS = (Option("10000", "Done"), Option("10001", "Won't Do"), Option("10002", "Duplicate"))
RESOLUTION = FieldSpec("resolution", "Resolution", required=True, kind="option", options=OPTIONS)
STARTED = datetime(2026, 10, 2, 9, 15, 22, 310_000, UTC)


@pytest.fixture(autouse=True)
def an_issue(jira: JiraStandIn) -> None:
    jira.create("OPS", "Task", "Disk full", labels=["disk"])


# --- the workflow ----------------------------------------------------------------------------------------------------


def test_the_steps_that_are_possible_are_read_with_their_screens(jira: JiraStandIn, client: JiraClient) -> None:
    assert client.transitions("OPS-1") == [
        Transition("21", "Start work", "In Progress", (), "indeterminate"),
        Transition("41", "Done", "Done", (), "done"),
    ]
    jira.transition("OPS-1", "In Progress", "Ada Lovelace")
    asked = (
        RESOLUTION, FieldSpec("assignee", "Assignee", required=False, kind="user"),
        FieldSpec("customfield_10016", "Story point estimate", required=False, kind="number"),
    )  # fmt: skip
    assert client.transitions("OPS-1")[-1] == Transition("51", "Resolve", "Done", asked, "done")


def test_a_step_is_taken_with_its_fields(jira: JiraStandIn, client: JiraClient) -> None:
    jira.transition("OPS-1", "In Progress", "Ada Lovelace")
    step = client.transitions("OPS-1")[-1]
    client.transition("OPS-1", step, {"resolution": {"id": "10002"}, "customfield_10016": 2.5})
    issue = jira.issues["OPS-1"]
    assert (issue.status.name, issue.resolution, issue.custom) == ("Done", "Duplicate", {"customfield_10016": 2.5})


def test_a_step_taken_twice_is_no_refusal(jira: JiraStandIn, client: JiraClient) -> None:
    step = Transition("41", "Done", "Done")
    client.transition("OPS-1", step)
    client.transition("OPS-1", step)
    with pytest.raises(Invalid, match="Transition id '21' is not valid"):
        client.transition("OPS-1", Transition("21", "Start work", "In Progress"))


def test_a_step_is_found_by_its_marker_in_the_issues_history(jira: JiraStandIn, client: JiraClient) -> None:
    client.transition("OPS-1", Transition("21", "Start work", "In Progress"), marker="mine")
    jira.transition("OPS-1", "In Review", "Ada Lovelace")
    client.transition("OPS-1", Transition("41", "Done", "Done"))
    assert [client.find_transition("OPS-1", marker) for marker in ("mine", "another")] == ["In Progress", None]


def test_a_missing_field_is_named(jira: JiraStandIn, client: JiraClient) -> None:
    jira.transition("OPS-1", "In Progress", "Ada Lovelace")
    with pytest.raises(Invalid) as caught:
        client.transition("OPS-1", Transition("51", "Resolve", "Done"))
    assert caught.value.fields == {"resolution": "Resolution is required."}


# --- people ----------------------------------------------------------------------------------------------------------


def test_an_issue_is_assigned_to_a_user_or_to_nobody(jira: JiraStandIn, client: JiraClient) -> None:
    grace = account(jira, "Grace Hopper")
    client.assign("OPS-1", grace)
    assert jira.issues["OPS-1"].assignee == jira.person("Grace Hopper")
    client.assign("OPS-1", None)
    assert jira.issues["OPS-1"].assignee is None
    client.assign("OPS-1", grace.id)
    assert jira.issues["OPS-1"].assignee == jira.person("Grace Hopper")


def test_whom_jira_does_not_take_is_a_refusal_of_the_field(jira: JiraStandIn, client: JiraClient) -> None:
    jira.unassignable = {"Grace Hopper"}
    with pytest.raises(Invalid) as caught:
        client.assign("OPS-1", account(jira, "Grace Hopper"))
    assert list(caught.value.fields) == ["assignee"]


def test_whom_an_issue_can_be_assigned_to_is_found_by_typing(jira: JiraStandIn, client: JiraClient) -> None:
    jira.unassignable = {"connect"}
    ada, grace = account(jira, "Ada Lovelace"), account(jira, "Grace Hopper")
    names = {one.display: one.id for one in client.assignable("OPS-1")}
    assert names == {"Ada Lovelace": ada.id, "Grace Hopper": grace.id}
    assert [one.display for one in client.assignable("OPS-1", "hop")] == ["Grace Hopper"]
    assert len(client.assignable("OPS-1", limit=1)) == 1


def test_watching_and_its_end_may_be_repeated(jira: JiraStandIn, client: JiraClient) -> None:
    grace = account(jira, "Grace Hopper")
    for _ in range(2):
        client.watch("OPS-1", grace)
    assert jira.issues["OPS-1"].watchers == [jira.person("Grace Hopper")]
    for _ in range(2):
        client.unwatch("OPS-1", grace)
    assert jira.issues["OPS-1"].watchers == []


def test_a_stranger_cannot_watch(client: JiraClient) -> None:
    with pytest.raises(NotFound):
        client.watch("OPS-1", Account("nobody", "nobody", "Nobody"))


# --- fields ----------------------------------------------------------------------------------------------------------


def test_the_fields_that_can_be_edited_are_read(client: JiraClient) -> None:
    shown = [(field.id, field.kind, field.required) for field in client.screen("OPS-1")]
    assert shown == [
        ("summary", "text", True), ("priority", "option", False), ("labels", "labels", False),
        ("duedate", "date", False), ("assignee", "user", False), ("description", "long_text", False),
    ]  # fmt: skip


def test_fields_are_set_and_emptied(jira: JiraStandIn, client: JiraClient) -> None:
    given: dict[str, tuple[Kind, Any]] = {
        "summary": ("text", "Disk is full"), "priority": ("option", "2"), "duedate": ("date", "2026-12-24"),
        "assignee": ("user", account(jira, "Grace Hopper").id), "description": ("long_text", plain("Very.")),
    }  # fmt: skip
    client.edit("OPS-1", {name: taken(client, *value) for name, value in given.items()}, ["new"], ["disk"])
    issue = jira.issues["OPS-1"]
    assert (issue.summary, issue.priority, issue.due, issue.labels) == ("Disk is full", "High", "2026-12-24", ["new"])
    assert issue.assignee == jira.person("Grace Hopper")
    assert issue.description == (document("Very.") if jira.cloud else "Very.")
    emptied = ("duedate", "assignee", "description")
    client.edit("OPS-1", {name: taken(client, given[name][0], None) for name in emptied})
    assert (issue.due, issue.assignee, issue.description) == (None, None, None)


def taken(client: JiraClient, kind: Kind, value: Any) -> Any:
    return jira_value(kind, value, cloud=client.cloud, timezone="")


def test_what_an_issue_holds_is_read_field_by_field(jira: JiraStandIn, client: JiraClient) -> None:
    jira.add_laboratory()
    key = jira.create("LAB", "Experiment", "It melts")
    ada = account(jira, "Ada Lovelace")
    given: dict[str, tuple[Kind, Any]] = {
        "customfield_10201": ("long_text", plain("Slowly.")), "customfield_10202": ("number", "12"),
        "customfield_10204": ("datetime", 1_798_120_800), "customfield_10205": ("option", "10351"),
        "customfield_10206": ("options", ["10360"]), "customfield_10207": ("cascading", "10300/10311"),
        "customfield_10208": ("user", ada.id), "customfield_10020": ("sprint", "32"),
        "components": ("options", ["10500"]), "fixVersions": ("options", ["10601"]),
    }  # fmt: skip
    client.edit(key, {name: taken(client, *value) for name, value in given.items()})
    raw = client.values(key, [*given, "customfield_10209"])
    assert {name: held(kind, raw[name]) for name, (kind, _) in given.items()} == {
        "customfield_10201": plain("Slowly."), "customfield_10202": "12", "customfield_10204": 1_798_120_800,
        "customfield_10205": (Option("10351", "High"),), "customfield_10206": (Option("10360", "Gloves"),),
        "customfield_10207": (Option("10300/10311", "Berlin › Roof"),),
        "customfield_10208": (Option(ada.id, "Ada Lovelace"),), "customfield_10020": (Option("32", "Sprint 2"),),
        "components": (Option("10500", "Printers"),), "fixVersions": (Option("10601", "2.0"),),
    }  # fmt: skip
    assert held("users", raw["customfield_10209"]) == ()
    client.edit(key, {name: taken(client, kind, None) for name, (kind, _) in given.items() if name != "components"})
    raw = client.values(key, list(given))
    assert [held(kind, raw[name]) for name, (kind, _) in given.items() if name != "components"] == [
        Document(()), "", 0, (), (), (), (), (), (),
    ]  # fmt: skip


def test_what_is_no_field_of_a_known_kind_is_unsupported() -> None:
    raw: Any = {
        "parent": {"name": "Parent", "schema": {"type": "issuelink"}, "required": True},
        "fixVersions": {"name": "Fix", "schema": {"type": "array", "items": "version"},
                        "allowedValues": [{"id": "1", "name": "1.0"}, {"id": "2", "value": "2.0"}, {"self": "x"}]},
        "broken": None,
    }  # fmt: skip
    assert read_fields(raw) == (
        FieldSpec("parent", "Parent", required=True, kind="unsupported"),
        FieldSpec(
            "fixVersions", "Fix", required=False, kind="options", options=(Option("1", "1.0"), Option("2", "2.0"))
        ),
        FieldSpec("broken", "broken", required=False, kind="unsupported"),
    )
    assert read_fields([]) == ()


def test_issues_are_picked_by_key_or_by_words(jira: JiraStandIn, client: JiraClient) -> None:
    jira.create("OPS", "Task", 'Door "stuck"')
    jira.issues["OPS-2"].updated += 1
    found = {typed: [issue.key for issue in client.pick(typed, 5)] for typed in ("ops-1", "OPS-9", "doo", '"', "", "x")}
    assert found == {"ops-1": ["OPS-1"], "OPS-9": [], "doo": ["OPS-2"], '"': ["OPS-2", "OPS-1"],
                     "": ["OPS-2", "OPS-1"], "x": []}  # fmt: skip


# --- work ------------------------------------------------------------------------------------------------------------


def test_work_is_logged_and_found_again(jira: JiraStandIn, client: JiraClient) -> None:
    made = client.log_work("OPS-1", "1h 30m", STARTED, plain("Swapped it."), MARKER)
    (kept,) = jira.issues["OPS-1"].worklogs
    assert made == Worklog(kept.id, "90m")
    assert (kept.seconds, kept.started) == (5400, STARTED.timestamp())
    assert kept.comment == (document("Swapped it.") if jira.cloud else "Swapped it.")
    assert client.find_worklog("OPS-1", STARTED, MARKER) == made
    assert client.find_worklog("OPS-1", STARTED + timedelta(milliseconds=1), MARKER) is None
    assert (client.find_worklog("OPS-1", STARTED, "another") is None) == jira.cloud


def test_a_worklog_of_somebody_else_is_not_taken_for_ours(jira: JiraStandIn, client: JiraClient) -> None:
    client.log_work("OPS-1", "1h", STARTED, Document(()), MARKER)
    jira.issues["OPS-1"].worklogs[0].author = jira.person("Grace Hopper")
    jira.issues["OPS-1"].worklogs[0].properties = {}
    assert client.find_worklog("OPS-1", STARTED, MARKER) is None


def test_a_database_that_keeps_no_milliseconds_is_no_trouble(jira: JiraStandIn, client: JiraClient) -> None:
    client.log_work("OPS-1", "1h", STARTED, Document(()), MARKER)
    jira.issues["OPS-1"].worklogs[0].started = STARTED.replace(microsecond=0).timestamp()
    assert client.find_worklog("OPS-1", STARTED, MARKER) is not None


def test_a_time_that_jira_does_not_read_is_a_refusal_of_the_field(client: JiraClient) -> None:
    with pytest.raises(Invalid) as caught:
        client.log_work("OPS-1", "a while", STARTED, Document(()), MARKER)
    assert caught.value.fields == {"timeLogged": "Invalid time duration entered."}


# --- faults ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [{"kind": "reset", "after": True}, {"status": 500}, {"status": 200, "body": "<"}])
def test_a_change_without_an_answer_is_unknown(jira: JiraStandIn, client: JiraClient, fault: dict[str, Any]) -> None:
    grace = account(jira, "Grace Hopper")
    jira.fault("*", **fault, times=20)
    for change in (
        lambda: client.assign("OPS-1", grace), lambda: client.watch("OPS-1", grace),
        lambda: client.unwatch("OPS-1", grace), lambda: client.edit("OPS-1", {"summary": "x"}),
        lambda: client.transition("OPS-1", Transition("41", "Done", "Done")),
        lambda: client.log_work("OPS-1", "1h", STARTED, Document(()), MARKER),
    ):  # fmt: skip
        with pytest.raises(OutcomeUnknown):
            change()


def test_what_connect_itself_may_not_is_a_refusal(jira: JiraStandIn, client: JiraClient) -> None:
    jira.denied = {"ASSIGN_ISSUES", "TRANSITION_ISSUES", "EDIT_ISSUES", "MANAGE_WATCHERS", "WORK_ON_ISSUES"}
    grace = account(jira, "Grace Hopper")
    for change in (
        lambda: client.assign("OPS-1", grace), lambda: client.watch("OPS-1", grace),
        lambda: client.edit("OPS-1", {"summary": "x"}),
        lambda: client.transition("OPS-1", Transition("41", "Done", "Done")),
        lambda: client.log_work("OPS-1", "1h", STARTED, Document(()), MARKER),
    ):  # fmt: skip
        with pytest.raises(Rejected, match="Jira does not permit this"):
            change()


def test_what_is_no_key_reaches_no_jira(jira: JiraStandIn, client: JiraClient) -> None:
    with pytest.raises(NotFound):
        client.watch("../OPS-1", Account("a", "a", "A"))
    assert jira.calls == []
