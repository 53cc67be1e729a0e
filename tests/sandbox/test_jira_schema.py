"""The Jira stand-in: its answers fit Jira's own description."""

import json
from typing import Any

import pytest
import requests
from jsonschema import Draft202012Validator

from sandbox.jira import JiraStandIn
from sandbox.jira.adf import document
from sandbox.jira.model import as_object
from tests.sandbox import jira_cases
from tests.sandbox.jira_cases import CORPUS, call, new

receiver = jira_cases.receiver
cloud = jira_cases.cloud

READS = [
    ("getServerInfo", "serverInfo"),
    ("getCurrentUser", "myself"),
    ("findUsers", "user/search?query=ada"),
    ("getUser", "user?accountId=5b10ac8d82e05b22cc7d4ef5"),
    ("findUsersWithBrowsePermission", "user/viewissue/search?issueKey=OPS-1&accountId=5b10ac8d82e05b22cc7d4ef5"),
    ("findAssignableUsers", "user/assignable/search?project=OPS&query=ada"),
    ("getMyPermissions", "mypermissions?permissions=CREATE_ISSUES"),
    ("getAllProjects", "project"),
    ("searchProjects", "project/search?query=op"),
    ("getProject", "project/OPS"),
    ("getProjectComponents", "project/OPS/components"),
    ("getCreateIssueMetaIssueTypes", "issue/createmeta/OPS/issuetypes"),
    ("getCreateIssueMetaIssueTypeId", "issue/createmeta/HR/issuetypes/10010"),
    ("getFields", "field"),
    ("getPriorities", "priority"),
    ("getStatuses", "status"),
    ("getAllStatuses", "project/OPS/statuses"),
    ("getIssue", "issue/OPS-1?properties=connect"),
    ("getTransitions", "issue/OPS-1/transitions"),
    ("getComments", "issue/OPS-1/comment"),
    ("getRemoteIssueLinks", "issue/OPS-1/remotelink?globalId=connect:1"),
    ("searchAndReconsileIssuesUsingJql", "search/jql?jql=project=OPS&fields=*all"),
]


@pytest.mark.parametrize(("operation", "path"), READS)
def test_an_answer_fits_jiras_own_description(cloud: JiraStandIn, operation: str, path: str) -> None:
    cloud.create("OPS", "Task", "Disk full", description="Very.", assignee="Grace Hopper", labels=["disk"])
    cloud.comment("OPS-1", "Ada Lovelace", "On it.", restricted=True)
    cloud.projects["OPS"].components = ["Printers"]
    link = {"globalId": "connect:1", "object": {"url": "https://x.test", "title": "Thread"}}
    assert call(cloud, "POST", "issue/OPS-1/remotelink", link).status_code == 201
    answer = call(cloud, "GET", path)
    assert answer.status_code == 200
    assert complaints(answer, operation) == []


def test_what_was_made_fits_jiras_own_description(cloud: JiraStandIn) -> None:
    created = new(cloud)
    commented = call(cloud, "POST", "issue/OPS-1/comment", {"body": document("Hi")})
    assert (created.status_code, commented.status_code) == (201, 201)
    assert complaints(created, "createIssue") + complaints(commented, "addComment") == []


def complaints(answer: requests.Response, operation: str) -> list[str]:
    """What Jira's description of the operation says against an answer."""
    path = CORPUS / "openapi" / "jira-platform-v3.json"
    if not path.exists():
        pytest.skip("Jira's description (../shared/corpus/openapi) is not here")
    described: Any = json.loads(path.read_bytes())
    methods: list[Any] = [method for every in described["paths"].values() for method in every.values()]
    chosen: Any = next(each for each in methods if as_object(each).get("operationId") == operation)
    schema: Any = chosen["responses"][str(answer.status_code)]["content"]["application/json"]["schema"]
    validator: Any = Draft202012Validator(schema | {"components": described["components"]})
    return [error.message for error in validator.iter_errors(answer.json())]
