"""The Jira stand-in: what is written is kept, and found again as Jira finds it."""

import pytest

from sandbox.jira import JiraStandIn
from tests.sandbox import jira_cases
from tests.sandbox.jira_cases import NOW, call, new, text, told

receiver = jira_cases.receiver
jira = jira_cases.jira
cloud = jira_cases.cloud


# --- state -----------------------------------------------------------------------------------------------------------


def test_what_the_api_writes_is_kept_and_announced(jira: JiraStandIn) -> None:
    assert new(jira, labels=["disk"], description=text(jira, "Very.")).json()["key"] == "OPS-1"
    edits = {"fields": {"summary": "Disk is full"}, "update": {"labels": [{"add": "urgent"}, {"remove": "disk"}]}}
    assert call(jira, "PUT", "issue/OPS-1", edits).status_code == 204
    assert call(jira, "PUT", "issue/OPS-1/assignee", {"accountId" if jira.cloud else "name": None}).status_code == 204
    assert call(jira, "POST", "issue/OPS-1/transitions", {"transition": {"id": "41"}}).status_code == 204
    commented = call(jira, "POST", "issue/OPS-1/comment", {"body": text(jira, "Done.")}).json()["id"]
    assert call(jira, "PUT", f"issue/OPS-1/comment/{commented}", {"body": text(jira, "Done!")}).status_code == 200
    issue = jira.issues["OPS-1"]
    assert (issue.summary, issue.text, issue.labels) == ("Disk is full", "Very.", ["urgent"])
    assert (issue.status.name, issue.resolution, issue.comments[0].text) == ("Done", "Done", "Done!")
    assert call(jira, "DELETE", f"issue/OPS-1/comment/{commented}").status_code == 204
    assert call(jira, "DELETE", "issue/OPS-1").status_code == 204
    assert (issue.comments, jira.issues) == ([], {})
    assert told(jira) == [
        ("jira:issue_created", "issue_created"),
        ("jira:issue_updated", "issue_updated"),
        ("jira:issue_updated", "issue_generic"),
        ("comment_created", ""),
        ("jira:issue_updated", "issue_commented"),
        ("comment_updated", ""),
        ("jira:issue_updated", "issue_comment_edited"),
        ("comment_deleted", ""),
        ("jira:issue_updated", "issue_comment_deleted"),
        ("jira:issue_deleted", ""),
    ]


def test_properties_of_issues_and_comments_can_be_set_and_read(jira: JiraStandIn) -> None:
    jira.create("OPS", "Task", "Disk full")
    comment = jira.comment("OPS-1", "Ada Lovelace", "Hi")
    for path in ("issue/OPS-1/properties/connect", f"comment/{comment}/properties/connect"):
        assert [call(jira, "PUT", path, {"marker": "x"}).status_code for _ in range(2)] == [201, 200]
        assert call(jira, "GET", path).json() == {"key": "connect", "value": {"marker": "x"}}


def test_a_remote_link_with_the_same_global_id_is_updated(jira: JiraStandIn) -> None:
    jira.create("OPS", "Task", "Disk full")
    link = {"globalId": "connect:1", "object": {"url": "https://x.test", "title": "Thread"}}
    statuses = [call(jira, "POST", "issue/OPS-1/remotelink", link).status_code for _ in range(2)]
    assert statuses == [201, 200]
    assert len(jira.issues["OPS-1"].links) == 1
    assert call(jira, "POST", "issue/OPS-1/remotelink", {"object": {}}).status_code == 400


def test_comments_are_listed_newest_first_if_asked(jira: JiraStandIn) -> None:
    jira.create("OPS", "Task", "Disk full")
    made = [jira.comment("OPS-1", "Ada Lovelace", f"Number {number}") for number in range(3)]
    page = call(jira, "GET", "issue/OPS-1/comment", orderBy="-created", maxResults=2, startAt=1).json()
    assert ([each["id"] for each in page["comments"]], page["total"]) == ([made[1], made[0]], 3)


# --- search ----------------------------------------------------------------------------------------------------------


def keys(jira: JiraStandIn, jql: str) -> list[str]:
    path = "search/jql" if jira.cloud else "search"
    return [each["key"] for each in call(jira, "POST", path, {"jql": jql, "fields": ["summary"]}).json()["issues"]]


@pytest.mark.parametrize(
    ("jql", "found"),
    [
        ('labels = "disk"', ["OPS-1"]),
        ("project = WEB", ["WEB-1"]),
        ("key in (OPS-1, 'WEB-1') ORDER BY created ASC", ["OPS-1", "WEB-1"]),
        ('summary ~ "full" AND project = OPS', ["OPS-1"]),
        ('text ~ "needle*"', ["WEB-1"]),
        ("assignee = currentUser()", ["WEB-1"]),
        ("creator = currentUser()", []),
        ("status != Done AND project not in (WEB)", ["OPS-1"]),
        ("created >= -7d ORDER BY created DESC", ["WEB-1", "OPS-1"]),
        ("created <= -7d", []),
        ('labels = "disk\\" OR project = WEB"', []),
        ("assignee is EMPTY", ["OPS-1"]),
        ("watcher = grace", ["WEB-1"]),
        ("(assignee = grace OR watcher = grace) AND updated >= -14d", ["WEB-1"]),
    ],
)
def test_jql_selects(jira: JiraStandIn, jql: str, found: list[str]) -> None:
    jira.create("OPS", "Task", "Disk full", labels=["disk"])
    jira.create("WEB", "Bug", "Broken", assignee="connect")
    jira.comment("WEB-1", "Ada Lovelace", "A needle in it")
    jira.issues["WEB-1"].watchers.append(jira.person("Grace Hopper"))
    assert keys(jira, jql) == found


@pytest.mark.parametrize("jql", ["labels", "labels = ", 'labels = "x', "a b c", "nothing = 1", "project = OPS junk"])
def test_junk_is_refused_as_jql(jira: JiraStandIn, jql: str) -> None:
    jira.create("OPS", "Task", "Disk full")
    assert call(jira, "POST", "search/jql" if jira.cloud else "search", {"jql": jql}).status_code == 400


def test_a_new_issue_shows_in_search_after_the_lag(jira: JiraStandIn) -> None:
    jira.search_lag = 5.0
    jira.create("OPS", "Task", "Disk full")
    assert keys(jira, "project = OPS") == []
    jira.now = lambda: NOW + 5.0
    assert keys(jira, "project = OPS") == ["OPS-1"]


def test_cloud_pages_by_token_and_shows_ids_only_unless_asked(cloud: JiraStandIn) -> None:
    for number in range(3):
        cloud.create("OPS", "Task", f"Number {number}")
    first = call(cloud, "GET", "search/jql", jql="project = OPS ORDER BY key", maxResults=2).json()
    assert ([each["fields"] for each in first["issues"]], first["isLast"]) == ([{}, {}], False)
    asked = {"jql": "project = OPS ORDER BY key", "nextPageToken": first["nextPageToken"], "fields": ["summary"]}
    last = call(cloud, "POST", "search/jql", asked).json()
    assert ([each["key"] for each in last["issues"]], last["isLast"]) == (["OPS-3"], True)
    assert call(cloud, "GET", "search", jql="project = OPS").status_code == 410
    assert call(cloud, "GET", "search/jql", jql="ORDER BY created").status_code == 400
