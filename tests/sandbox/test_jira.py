"""The Jira stand-in: its answers and webhooks have Jira's own shape, and it refuses what Jira refuses."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Response
from jsonschema import Draft202012Validator

from adapters.jira.webhook import parse
from adapters.webhook import Webhook
from sandbox.jira import JiraStandIn
from sandbox.jira.adf import document, is_document, plain_text, wiki_text
from sandbox.jira.fields import SUMMARY_LIMIT
from sandbox.jira.model import as_object
from sandbox.standin import StandIn

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
NOW = 1_790_925_322.31


class Receiver(StandIn):
    """Takes webhooks, as connect does."""

    service = "receiver"

    def __init__(self) -> None:
        super().__init__()
        self.app.add_url_rule("/webhooks/jira", "jira", lambda: Response(status=202), methods=["POST"])


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    stand_in = Receiver()
    stand_in.start()
    yield stand_in
    stand_in.stop()


@pytest.fixture(params=[True, False], ids=["cloud", "data-center"])
def jira(request: pytest.FixtureRequest, receiver: Receiver) -> Iterator[JiraStandIn]:
    yield from running(receiver, cloud=request.param)


@pytest.fixture
def cloud(receiver: Receiver) -> Iterator[JiraStandIn]:
    yield from running(receiver, cloud=True)


def running(receiver: Receiver, *, cloud: bool) -> Iterator[JiraStandIn]:
    stand_in = JiraStandIn("webhook-secret", cloud=cloud)
    stand_in.now = lambda: NOW
    stand_in.target = receiver.url
    stand_in.start()
    yield stand_in
    stand_in.stop()


def call(jira: JiraStandIn, method: str, path: str, body: object = None, **params: Any) -> requests.Response:
    given: dict[str, Any] = (
        {"auth": (jira.email, jira.token)} if jira.cloud else {"headers": {"Authorization": f"Bearer {jira.token}"}}
    )
    url = f"{jira.url}/rest/api/{3 if jira.cloud else 2}/{path}"
    return requests.request(method, url, json=body, params=params, timeout=5, allow_redirects=False, **given)


def text(jira: JiraStandIn, words: str) -> Any:
    return document(words) if jira.cloud else words


def new(jira: JiraStandIn, **fields: Any) -> requests.Response:
    usual = {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "Disk full"}
    return call(jira, "POST", "issue", {"fields": usual | fields})


def received(jira: JiraStandIn) -> list[Webhook]:
    """Flush, and give back what was sent as connect reads it."""
    before = len(jira.sent)
    jira.flush()
    return [parse(sent.sign(sent.body), sent.body, ["webhook-secret"]) for sent, _ in jira.sent[before:]]


def told(jira: JiraStandIn) -> list[tuple[str, str]]:
    return [(webhook.event, webhook.payload.get("issue_event_type_name", "")) for webhook in received(jira)]


# --- Jira's description ----------------------------------------------------------------------------------------------

READS = [
    ("getServerInfo", "serverInfo"),
    ("getCurrentUser", "myself"),
    ("findUsers", "user/search?query=ada"),
    ("findAssignableUsers", "user/assignable/search?project=OPS&query=ada"),
    ("getMyPermissions", "mypermissions?permissions=CREATE_ISSUES"),
    ("getAllProjects", "project"),
    ("searchProjects", "project/search?query=op"),
    ("getProject", "project/OPS"),
    ("getCreateIssueMetaIssueTypes", "issue/createmeta/OPS/issuetypes"),
    ("getCreateIssueMetaIssueTypeId", "issue/createmeta/HR/issuetypes/10010"),
    ("getFields", "field"),
    ("getPriorities", "priority"),
    ("getStatuses", "status"),
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


# --- refusals --------------------------------------------------------------------------------------------------------


def test_only_the_right_kind_of_credentials_is_taken(jira: JiraStandIn) -> None:
    basic: dict[str, Any] = {"auth": (jira.email, jira.token)}
    bearer: dict[str, Any] = {"headers": {"Authorization": f"Bearer {jira.token}"}}
    url = f"{jira.url}/rest/api/{3 if jira.cloud else 2}/myself"
    answers = [requests.get(url, timeout=5, **given).status_code for given in (basic, bearer, {})]
    assert answers == ([200, 401, 401] if jira.cloud else [401, 200, 401])


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"summary": ""}, {"summary": "You must specify a summary of the issue."}),
        ({"summary": "x" * (SUMMARY_LIMIT + 1)}, {"summary": "Summary can't exceed 255 characters."}),
        ({"summary": "a\nb"}, {"summary": "The summary is invalid because it contains newline characters."}),
        ({"project": {"key": "NONE"}}, {"project": "Specify a valid project ID or key"}),
        ({"issuetype": {"name": "Epic"}}, {"issuetype": "Specify a valid issue type"}),
        ({"labels": ["a b"]}, {"labels": "The label 'a b' contains spaces which is invalid."}),
        ({"priority": {"name": "Urgent"}}, {"priority": "Specify a valid 'id' or 'name' for Priority"}),
        ({"duedate": "24.12."}, {"duedate": "Operation value must be in the format yyyy-MM-dd."}),
        ({"reporter": {"id": "ada"}}, {"reporter": "The reporter specified is not a user."}),
        (
            {"nonsense": 1},
            {"nonsense": "Field 'nonsense' cannot be set. It is not on the appropriate screen, or unknown."},
        ),
        (
            {"project": {"key": "HR"}, "issuetype": {"name": "Request"}},
            {"customfield_10050": "Employee number is required."},
        ),
    ],
)
def test_a_field_that_jira_would_not_take_is_refused(
    jira: JiraStandIn, fields: dict[str, Any], errors: dict[str, str]
) -> None:
    answer = new(jira, **fields)
    assert (answer.status_code, answer.json()) == (400, {"errorMessages": [], "errors": errors})
    assert jira.issues == {}


def test_a_text_in_the_other_jiras_form_is_refused(jira: JiraStandIn) -> None:
    other: Any = "wiki text" if jira.cloud else document("ADF")
    assert list(new(jira, description=other).json()["errors"]) == ["description"]
    jira.create("OPS", "Task", "Disk full")
    answer = call(jira, "POST", "issue/OPS-1/comment", {"body": other})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["comment"])


def node(kind: str, *content: Any, **attrs: Any) -> dict[str, Any]:
    return {"type": kind, "content": list(content)} | ({"attrs": attrs} if attrs else {})


WORD = {"type": "text", "text": "word"}
CODE_LINK = [{"type": "code"}, {"type": "link", "attrs": {"href": "https://x.test"}}]
PARAGRAPH = node("paragraph", WORD)


@pytest.mark.parametrize(
    ("block", "sound"),
    [
        (PARAGRAPH, True),
        (node("paragraph"), True),
        (node("heading", WORD, level=2), True),
        (node("heading", WORD, level=7), False),
        (node("heading", WORD), False),
        (node("paragraph", {"type": "text", "text": ""}), False),
        (node("paragraph", PARAGRAPH), False),
        (node("bulletList", node("listItem", PARAGRAPH, node("codeBlock", WORD))), True),
        (node("bulletList"), False),
        (node("bulletList", PARAGRAPH), False),
        (node("bulletList", node("listItem", node("blockquote", PARAGRAPH))), False),
        (node("blockquote", node("blockquote", PARAGRAPH)), False),
        (node("blockquote", node("heading", WORD, level=1)), False),
        (node("codeBlock", WORD | {"marks": [{"type": "strong"}]}), False),
        (node("paragraph", WORD | {"marks": [{"type": "code"}, {"type": "strong"}]}), False),
        (node("paragraph", WORD | {"marks": CODE_LINK}), True),
        (node("paragraph", WORD | {"marks": [{"type": "link"}]}), False),
        (node("paragraph", {"type": "mention", "attrs": {"id": "712020:x", "text": "@Ada"}}), True),
        (node("paragraph", {"type": "mention", "attrs": {}}), False),
        (node("table", node("tableRow", node("tableHeader", PARAGRAPH), node("tableCell", PARAGRAPH))), True),
        (node("table", node("tableRow", node("tableCell"))), False),
        ({"type": "rule"}, True),
        ({"type": "marquee"}, False),
    ],
)  # fmt: skip
def test_adf_is_checked_node_by_node(block: dict[str, Any], *, sound: bool) -> None:
    assert is_document({"type": "doc", "version": 1, "content": [block]}) is sound
    assert not is_document({"type": "doc", "content": [block]})


def test_adf_is_shown_as_words_and_as_wiki_text() -> None:
    marked = {"type": "text", "text": "bold", "marks": [{"type": "strong"}]}
    linked = {"type": "text", "text": "here", "marks": [{"type": "link", "attrs": {"href": "https://x.test"}}]}
    mention = {"type": "mention", "attrs": {"id": "712020:x", "text": "@Ada"}}
    body = {
        "type": "doc",
        "version": 1,
        "content": [node("paragraph", marked, linked, mention), node("bulletList", node("listItem", PARAGRAPH))],
    }
    assert plain_text(body) == "boldhere@Ada\n\nword"
    assert wiki_text(body) == "*bold*[here|https://x.test][~accountid:712020:x]\n\n* word"
    assert plain_text(document("a\nb\n\nc")) == "a\nb\n\nc"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "issue/OPS-9"),
        ("GET", "issue/OPS-1/comment/9"),
        ("GET", "issue/OPS-1/properties/connect"),
        ("GET", "comment/9/properties/connect"),
        ("GET", "project/NONE"),
        ("GET", "issue/createmeta/NONE/issuetypes"),
        ("GET", "nothing/here"),
    ],
)
def test_what_does_not_exist_is_not_found(jira: JiraStandIn, method: str, path: str) -> None:
    jira.create("OPS", "Task", "Disk full")
    assert call(jira, method, path).status_code == 404


def test_missing_permissions_refuse_the_call(jira: JiraStandIn) -> None:
    jira.create("OPS", "Task", "Disk full")
    jira.denied = {"CREATE_ISSUES", "ADD_COMMENTS", "EDIT_ISSUES"}
    assert new(jira).status_code == 400
    assert call(jira, "POST", "issue/OPS-1/comment", {"body": text(jira, "Hi")}).status_code == 403
    assert call(jira, "PUT", "issue/OPS-1", {"fields": {"summary": "x"}}).status_code == 403
    shown = call(jira, "GET", "mypermissions", permissions="CREATE_ISSUES,TRANSITION_ISSUES").json()["permissions"]
    assert {key: each["havePermission"] for key, each in shown.items()} == {
        "CREATE_ISSUES": False,
        "TRANSITION_ISSUES": True,
    }


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
    ],
)
def test_jql_selects(jira: JiraStandIn, jql: str, found: list[str]) -> None:
    jira.create("OPS", "Task", "Disk full", labels=["disk"])
    jira.create("WEB", "Bug", "Broken", assignee="connect")
    jira.comment("WEB-1", "Ada Lovelace", "A needle in it")
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


# --- webhooks --------------------------------------------------------------------------------------------------------


def test_what_people_do_is_announced_in_signed_webhooks(jira: JiraStandIn, receiver: Receiver) -> None:
    jira.create("OPS", "Task", "Disk full")
    jira.edit("OPS-1", "Ada Lovelace", summary="Disk is full", assignee="Grace Hopper", due="2026-12-24")
    jira.edit("OPS-1", "Ada Lovelace", assignee=None)
    jira.edit("OPS-1", "Ada Lovelace", summary="Disk is full")
    jira.transition("OPS-1", "Done", "Grace Hopper")
    assert jira.move("OPS-1", "WEB") == "WEB-1"
    jira.delete("WEB-1", "Ada Lovelace")
    webhooks = received(jira)
    assert [(each.payload.get("issue_event_type_name"), each.resource, each.container) for each in webhooks] == [
        ("issue_created", "OPS-1", "OPS"),
        ("issue_updated", "OPS-1", "OPS"),
        ("issue_assigned", "OPS-1", "OPS"),
        ("issue_generic", "OPS-1", "OPS"),
        ("issue_moved", "WEB-1", "WEB"),
        (None, "WEB-1", "WEB"),
    ]
    changed = [
        (item["field"], item["fromString"], item["toString"]) for item in webhooks[1].payload["changelog"]["items"]
    ]
    assert changed == [
        ("summary", "Disk full", "Disk is full"),
        ("assignee", None, "Grace Hopper"),
        ("duedate", None, "2026-12-24"),
    ]
    assert {each.payload["timestamp"] for each in webhooks} == {1_790_925_322_310}
    assert {each.headers["Content-Type"] for each in receiver.calls} == {"application/json; charset=UTF-8"}


def test_a_comment_is_announced_twice_and_without_its_issue_on_data_center(jira: JiraStandIn) -> None:
    jira.create("OPS", "Task", "Disk full")
    received(jira)
    comment = jira.comment("OPS-1", "Grace Hopper", "On it.", restricted=True)
    jira.edit_comment("OPS-1", comment, "On it!")
    jira.delete_comment("OPS-1", comment)
    webhooks = received(jira)
    assert [(each.event, each.resource) for each in webhooks] == [
        (event, key)
        for part in ("created", "updated", "deleted")
        for event, key in ((f"comment_{part}", "OPS-1" if jira.cloud else ""), ("jira:issue_updated", "OPS-1"))
    ]
    first = webhooks[0].payload["comment"]
    assert (first["body"], first["author"]["displayName"]) == ("On it.", "Grace Hopper")
    assert first["visibility"] == {"type": "role", "value": "Administrators", "identifier": "Administrators"}


def test_a_repeated_webhook_keeps_its_identifier_and_its_body(cloud: JiraStandIn, receiver: Receiver) -> None:
    cloud.create("OPS", "Task", "Disk full")
    cloud.redeliver(2)
    cloud.flush()
    headers = [each.headers for each in receiver.calls]
    assert len({each["X-Atlassian-Webhook-Identifier"] for each in headers}) == 1
    assert [each.get("X-Atlassian-Webhook-Retry") for each in headers] == [None, "1", "2"]
    assert len({each["X-Hub-Signature"] for each in headers}) == 1


def test_a_new_issues_webhook_has_every_field_of_a_real_one(cloud: JiraStandIn) -> None:
    path = CORPUS / "jira" / "webhooks-hand-written" / "issue_created.cloud.json"
    if not path.exists():
        pytest.skip("the corpus of real payloads (../shared/corpus) is not here")
    real: dict[str, Any] = json.loads(path.read_bytes())
    cloud.create("OPS", "Task", "Disk full", assignee="Grace Hopper", description="Very.")
    ours = received(cloud)[0].payload
    assert real.keys() == ours.keys()
    assert real["user"].keys() == ours["user"].keys()
    custom = {name for name in real["issue"]["fields"] if name.startswith("customfield")}
    assert real["issue"]["fields"].keys() - custom - ours["issue"]["fields"].keys() == set()
    for name in ("issuetype", "project", "priority", "assignee", "status"):
        assert real["issue"]["fields"][name].keys() == ours["issue"]["fields"][name].keys()
    assert real["changelog"]["items"][0].keys() - ours["changelog"]["items"][1].keys() == set()
