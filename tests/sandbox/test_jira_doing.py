"""The Jira stand-in: what people do to an issue is possible, refused and kept as in Jira."""

from typing import Any

import pytest

from sandbox.jira import JiraStandIn
from sandbox.jira.adf import document
from tests.sandbox import jira_cases
from tests.sandbox.jira_cases import NOW, call, text, told
from tests.sandbox.test_jira_schema import complaints

receiver = jira_cases.receiver
jira = jira_cases.jira
cloud = jira_cases.cloud


@pytest.fixture(autouse=True)
def an_issue(request: pytest.FixtureRequest) -> None:
    name = "cloud" if "cloud" in request.fixturenames else "jira"
    stand_in: JiraStandIn = request.getfixturevalue(name)
    stand_in.create("OPS", "Task", "Disk full")
    stand_in.flush()


def steps(jira: JiraStandIn) -> list[str]:
    return [each["name"] for each in call(jira, "GET", "issue/OPS-1/transitions").json()["transitions"]]


def take(jira: JiraStandIn, ident: str, **fields: Any) -> Any:
    return call(jira, "POST", "issue/OPS-1/transitions", {"transition": {"id": ident}, "fields": fields})


def test_what_is_possible_depends_on_the_status(jira: JiraStandIn) -> None:
    assert steps(jira) == ["Start work", "Done"]
    assert take(jira, "61").status_code == 400
    assert take(jira, "21").status_code == 204
    assert steps(jira) == ["To Do", "Ask for review", "Done", "Resolve"]
    assert take(jira, "41").status_code == 204
    assert steps(jira) == ["Reopen"]


def test_a_screen_asks_for_its_fields_and_takes_no_others(jira: JiraStandIn) -> None:
    take(jira, "21")
    assert take(jira, "51").json()["errors"] == {"resolution": "Resolution is required."}
    unknown = take(jira, "51", resolution={"id": "10001"}, summary="x").json()["errors"]
    assert list(unknown) == ["summary"]
    assert take(jira, "51", resolution={"id": "10001"}).status_code == 204
    issue = jira.issues["OPS-1"]
    assert (issue.status.name, issue.resolution) == ("Done", "Won't Do")
    assert told(jira)[-1] == ("jira:issue_updated", "issue_generic")


def test_only_who_is_assignable_is_found_and_taken(jira: JiraStandIn) -> None:
    jira.unassignable = {"Grace Hopper"}
    found = call(jira, "GET", "user/assignable/search", issueKey="OPS-1").json()
    assert [user["displayName"] for user in found] == ["Ada Lovelace", "connect"]
    grace = jira.person("Grace Hopper")
    who = {"accountId": grace.account_id} if jira.cloud else {"name": grace.name}
    answer = call(jira, "PUT", "issue/OPS-1/assignee", who)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["assignee"])
    assert call(jira, "GET", "user/assignable/search").status_code == 400


def test_watchers_come_and_go_by_their_names(jira: JiraStandIn) -> None:
    grace = jira.person("Grace Hopper")
    who = grace.account_id if jira.cloud else grace.name
    assert call(jira, "POST", "issue/OPS-1/watchers", who).status_code == 204
    shown = call(jira, "GET", "issue/OPS-1/watchers").json()
    assert (shown["watchCount"], shown["watchers"][0]["displayName"]) == (1, "Grace Hopper")
    name = {"accountId" if jira.cloud else "username": who}
    assert call(jira, "DELETE", "issue/OPS-1/watchers", **name).status_code == 204
    assert jira.issues["OPS-1"].watchers == []
    assert call(jira, "POST", "issue/OPS-1/watchers", "nobody").status_code == 404


def test_work_is_logged_with_a_property_on_cloud_only(jira: JiraStandIn) -> None:
    work = {"timeSpent": "1d 2h", "started": "2026-10-02T09:15:22.310+0000", "comment": text(jira, "Hm.")}
    marked = work | {"properties": [{"key": "connect", "value": {"marker": "x"}}]}
    assert call(jira, "POST", "issue/OPS-1/worklog", marked).status_code == (201 if jira.cloud else 400)
    assert call(jira, "POST", "issue/OPS-1/worklog", work).status_code == 201
    worklogs = call(jira, "GET", "issue/OPS-1/worklog").json()["worklogs"]
    assert {each["timeSpentSeconds"] for each in worklogs} == {10 * 3600}
    path = f"issue/OPS-1/worklog/{worklogs[0]['id']}/properties/connect"
    assert call(jira, "GET", path).status_code == (200 if jira.cloud else 404)
    assert told(jira)[-1] == ("jira:issue_updated", "issue_work_logged")


def test_cloud_lists_the_work_that_began_after_a_time(cloud: JiraStandIn) -> None:
    call(cloud, "POST", "issue/OPS-1/worklog", {"timeSpent": "1h"})
    for after, count in ((NOW - 1, 1), (NOW + 1, 0)):
        shown = call(cloud, "GET", "issue/OPS-1/worklog", startedAfter=int(after * 1000)).json()
        assert len(shown["worklogs"]) == count


@pytest.mark.parametrize("spent", ["", "a while", "2x", "2h and more"])
def test_a_time_that_jira_does_not_read_is_refused(jira: JiraStandIn, spent: str) -> None:
    answer = call(jira, "POST", "issue/OPS-1/worklog", {"timeSpent": spent})
    assert answer.json() == {
        "errorMessages": ["Worklog must not be null."], "errors": {"timeLogged": "Invalid time duration entered."},
    }  # fmt: skip


def test_without_time_tracking_there_are_no_worklogs(jira: JiraStandIn) -> None:
    jira.time_tracking = False
    assert call(jira, "POST", "issue/OPS-1/worklog", {"timeSpent": "1h"}).status_code == 404


def test_what_the_account_may_not_is_refused(jira: JiraStandIn) -> None:
    jira.denied = {"ASSIGN_ISSUES", "TRANSITION_ISSUES", "MANAGE_WATCHERS", "WORK_ON_ISSUES"}
    nobody = {"accountId" if jira.cloud else "name": None}
    answers = [
        call(jira, "PUT", "issue/OPS-1/assignee", nobody), take(jira, "41"),
        call(jira, "POST", "issue/OPS-1/watchers", "x"),
        call(jira, "POST", "issue/OPS-1/worklog", {"timeSpent": "1h"}),
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [403] * 4


@pytest.mark.parametrize(
    ("operation", "path"),
    [
        ("getEditIssueMeta", "issue/OPS-1/editmeta"),
        ("getTransitions", "issue/OPS-1/transitions?expand=transitions.fields"),
        ("getIssueWatchers", "issue/OPS-1/watchers"),
        ("getIssueWorklog", "issue/OPS-1/worklog"),
        ("findAssignableUsers", "user/assignable/search?issueKey=OPS-1&query=ada"),
    ],
)
def test_an_answer_fits_jiras_own_description(cloud: JiraStandIn, operation: str, path: str) -> None:
    cloud.issues["OPS-1"].watchers.append(cloud.person("Grace Hopper"))
    logged = call(cloud, "POST", "issue/OPS-1/worklog", {"timeSpent": "1h", "comment": document("Hm.")})
    assert complaints(logged, "addWorklog") == []
    take(cloud, "21")
    answer = call(cloud, "GET", path)
    assert answer.status_code == 200
    assert complaints(answer, operation) == []
