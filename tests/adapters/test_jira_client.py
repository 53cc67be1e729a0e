"""The real client against the stand-in, as Cloud and as Data Center: what it sends, finds and reads."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from adapters.document import (
    Break,
    CodeBlock,
    Document,
    Emoji,
    Heading,
    Inline,
    ItemList,
    Link,
    ListItem,
    Mention,
    Paragraph,
    Quote,
    Rule,
    Table,
    Text,
    plain,
)
from adapters.errors import Invalid, NotFound
from adapters.jira.client import JiraClient
from adapters.jira.comments import Comment
from adapters.jira.forms import IssueType, Project
from adapters.jira.issue import Issue
from sandbox.jira import JiraStandIn
from sandbox.jira.adf import document
from sandbox.jira.views import stamp
from tests.adapters import jira_cases
from tests.adapters.jira_cases import MARKER, TOKEN, account, create

jira = jira_cases.jira
client = jira_cases.client


# --- creating --------------------------------------------------------------------------------------------------------


def test_a_created_issue_carries_its_marker_as_a_property_and_as_a_label(jira: JiraStandIn, client: JiraClient) -> None:
    issue = create(client, labels=["disk"], fields={"priority": {"name": "High"}})
    kept = jira.issues["OPS-1"]
    assert issue == Issue(
        id=kept.id,
        key="OPS-1",
        url=f"{jira.url}/browse/OPS-1",
        summary="Disk full",
        project="OPS",
        type="Task",
        labels=("disk", "connect-01JMARKER"),
    )
    assert (kept.summary, kept.text, kept.priority) == ("Disk full", "The disk is full.", "High")
    assert (kept.labels, kept.properties) == (["disk", "connect-01JMARKER"], {"connect": {"marker": MARKER}})


def test_the_description_is_adf_on_cloud_and_wiki_text_on_data_center(jira: JiraStandIn, client: JiraClient) -> None:
    create(client)
    assert jira.issues["OPS-1"].description == (document("The disk is full.") if jira.cloud else "The disk is full.")


def test_whatever_a_document_holds_is_taken_by_both_jiras(jira: JiraStandIn, client: JiraClient) -> None:
    words: tuple[Inline, ...] = (
        *(Text("plain "), Text("loud", frozenset({"strong", "em"})), Text("x = 1", frozenset({"code"})), Break()),
        *(Link("https://x.test/a?b=1", "here"), Mention("user", "U1", "Ada"), Mention("broadcast", "here", "here")),
        *(Emoji("tada", "\U0001f389"), Emoji("party-parrot"), Text("{code} [~grace] h1.")),
    )
    line = Paragraph(words)
    nested = ItemList(
        ordered=True, items=(ListItem((line, Quote((line,)), CodeBlock("y"), Heading(2, words))),), start=3
    )
    create(
        client,
        description=Document(
            (
                *(Heading(1, words), Heading(9, ()), line, Paragraph(()), Rule(), CodeBlock("x", "python")),
                *(Quote((line, Quote((line,)), Heading(3, words), Rule())), Quote(()), nested),
                *(
                    ItemList(ordered=False, items=(ListItem((nested,)), ListItem(()))),
                    ItemList(ordered=False, items=()),
                ),
                *(Table(((words, words), (words, ()))), Table(())),
            )
        ),
    )
    assert "x = 1" in jira.issues["OPS-1"].text


def test_creating_is_one_request(jira: JiraStandIn, client: JiraClient) -> None:
    create(client, reporter=account(jira, "Ada Lovelace"))
    assert [(call.operation, call.method) for call in jira.calls] == [("createIssue", "POST")]
    assert jira.issues["OPS-1"].reporter == jira.person("Ada Lovelace")


def test_project_and_type_may_be_given_by_id(jira: JiraStandIn, client: JiraClient) -> None:
    create(client, project="10001", issue_type="10004")
    assert (jira.issues["WEB-1"].project.key, jira.issues["WEB-1"].type.name) == ("WEB", "Bug")


@pytest.mark.parametrize(("reporter", "labels"), [(False, True), (True, False), (False, False)])
def test_an_issue_is_created_without_the_reporter_or_labels_that_the_screen_lacks(
    jira: JiraStandIn, client: JiraClient, *, reporter: bool, labels: bool
) -> None:
    jira.reporter_allowed, jira.labels_on_screen = reporter, labels
    issue = create(client, labels=["disk"], reporter=account(jira, "Grace Hopper"))
    kept = jira.issues["OPS-1"]
    assert kept.reporter == jira.person("Grace Hopper" if reporter else "connect")
    assert kept.labels == list(issue.labels) == (["disk", "connect-01JMARKER"] if labels else [])
    assert kept.properties == {"connect": {"marker": MARKER}}
    assert len(jira.calls_to("createIssue")) == 2


def test_a_refused_field_is_told_in_jiras_words_and_not_tried_again(jira: JiraStandIn, client: JiraClient) -> None:
    jira.reporter_allowed = False
    with pytest.raises(Invalid) as caught:
        create(client, project="HR", issue_type="Request", reporter=account(jira, "Ada Lovelace"))
    reporter = "Field 'reporter' cannot be set. It is not on the appropriate screen, or unknown."
    assert caught.value.fields == {"reporter": reporter, "customfield_10050": "Employee number is required."}
    assert str(caught.value) == f"Jira does not accept the content: {reporter} Employee number is required."
    assert (len(jira.calls), jira.issues) == (1, {})


# --- looking ---------------------------------------------------------------------------------------------------------


def test_an_issue_is_found_by_its_marker_once_search_shows_it(jira: JiraStandIn, client: JiraClient) -> None:
    jira.search_lag = 30.0
    create(client)
    assert client.find_issue(MARKER, "OPS") is None
    jira.now = lambda: time.time() + 31
    found = client.find_issue(MARKER, "OPS")
    assert found == client.issue("OPS-1")
    assert client.find_issue("01JOTHER", "OPS") is None


def test_an_issue_without_labels_is_found_by_its_property(jira: JiraStandIn, client: JiraClient) -> None:
    jira.labels_on_screen = False
    create(client, marker="01JBEFORE")
    create(client)
    jira.create("OPS", "Task", "Somebody's")
    found = client.find_issue(MARKER, "OPS")
    assert found is not None
    assert found.key == "OPS-2"


def test_the_original_is_found_and_not_its_clone(jira: JiraStandIn, client: JiraClient) -> None:
    create(client)
    jira.create("OPS", "Task", "CLONE - Disk full", labels=["connect-01JMARKER"])
    found = client.find_issue(MARKER, "OPS")
    assert found is not None
    assert found.key == "OPS-1"


def test_a_marker_cannot_break_out_of_the_query(jira: JiraStandIn, client: JiraClient) -> None:
    jira.create("OPS", "Task", "Somebody's")
    assert client.find_issue('x" OR project = "OPS', "OPS") is None
    assert client.find_issue('x\\" OR project = "OPS', "OPS") is None


def test_an_issue_is_read_whole(jira: JiraStandIn, client: JiraClient) -> None:
    jira.create(
        "WEB", "Bug", "Broken", description="It is.", assignee="Grace Hopper", priority="High", due="2026-12-24"
    )
    jira.edit("WEB-1", "Ada Lovelace", labels=["pay"], security="Staff")
    jira.transition("WEB-1", "In Progress", "Ada Lovelace")
    kept = jira.issues["WEB-1"]
    assert client.issue("WEB-1") == Issue(
        id=kept.id,
        key="WEB-1",
        url=f"{jira.url}/browse/WEB-1",
        summary="Broken",
        project="WEB",
        type="Bug",
        status="In Progress",
        status_category="indeterminate",
        priority="High",
        assignee="Grace Hopper",
        reporter="Ada Lovelace",
        assignee_id=jira.person("Grace Hopper").account_id if jira.cloud else "grace",
        reporter_id=jira.person("Ada Lovelace").account_id if jira.cloud else "ada",
        labels=("pay",),
        due="2026-12-24",
        updated=stamp(kept.updated),
        description=document("It is.") if jira.cloud else "It is.",
        secured=True,
        complete=True,
    )


def test_a_moved_issue_is_found_by_its_old_key(jira: JiraStandIn, client: JiraClient) -> None:
    jira.create("OPS", "Task", "Wanders")
    jira.move("OPS-1", "WEB")
    assert client.issue("OPS-1").key == "WEB-1"


@pytest.mark.parametrize("key", ["", "ops-1", "OPS-1/comment", "../myself", "OPS-1?x", "OPS-\u0663", "OPS-1\n"])
def test_what_is_no_issue_key_is_never_sent(jira: JiraStandIn, client: JiraClient, key: str) -> None:
    for call in (
        lambda: client.issue(key),
        lambda: client.add_comment(key, plain("Hi"), MARKER),
        lambda: client.find_comment(key, MARKER, 0.0),
    ):
        with pytest.raises(NotFound):
            call()
    assert jira.calls == []


# --- comments --------------------------------------------------------------------------------------------------------


def test_a_comment_carries_its_marker_and_is_found_by_it(jira: JiraStandIn, client: JiraClient) -> None:
    started = time.time()
    jira.create("OPS", "Task", "Disk full")
    jira.comment("OPS-1", "Ada Lovelace", "Before")
    made = client.add_comment("OPS-1", plain("On it."), MARKER)
    jira.comment("OPS-1", "Grace Hopper", "After")
    kept = jira.issues["OPS-1"].comments[1]
    assert made == Comment(kept.id, stamp(kept.created), stamp(kept.updated), kept.body)
    assert (kept.text, kept.properties, kept.author) == ("On it.", {"connect": {"marker": MARKER}}, jira.me)
    assert client.find_comment("OPS-1", MARKER, started) == made
    assert client.find_comment("OPS-1", "01JOTHER", started) is None


def test_only_comments_since_the_sending_are_looked_at(jira: JiraStandIn, client: JiraClient) -> None:
    jira.create("OPS", "Task", "Disk full")
    for second in range(120):
        jira.now = lambda second=second: 1_800_000_000.0 + second
        jira.comment("OPS-1", "Ada Lovelace", f"Number {second}")
    assert client.find_comment("OPS-1", MARKER, 1_800_000_000.0 + 175) is None
    assert len(jira.calls_to("getCommentProperty")) == 5
    assert client.find_comment("OPS-1", MARKER, 1_800_000_000.0) is None
    assert [call.query["startAt"] for call in jira.calls_to("getComments")] == ["0", "0", "50", "100"]


# --- what forms need -------------------------------------------------------------------------------------------------


def test_projects_are_found_by_a_part_of_their_name_or_key(jira: JiraStandIn, client: JiraClient) -> None:
    operations, website = Project("10000", "OPS", "Operations"), Project("10001", "WEB", "Website")
    assert client.projects() == [operations, website, Project("10002", "HR", "People")]
    assert client.projects("web") == [website]
    assert client.projects(limit=1) == [operations]


def test_projects_beyond_one_page_are_listed(jira: JiraStandIn, client: JiraClient) -> None:
    for number in range(120):
        key = f"P{number}"
        jira.projects[key] = type(jira.projects["OPS"])(str(20000 + number), key, f"Project {number}", [])
    assert len(client.projects(limit=500)) == 123
    assert len(client.projects("project", limit=70)) == 70


def test_the_types_of_a_project_are_listed(jira: JiraStandIn, client: JiraClient) -> None:
    assert client.issue_types("OPS") == [
        IssueType("10002", "Task", subtask=False),
        IssueType("10004", "Bug", subtask=False),
        IssueType("10001", "Story", subtask=False),
        IssueType("10003", "Sub-task", subtask=True),
    ]


@pytest.mark.parametrize("project", ["NONE", "..", "", "../../myself", "OPS/issuetypes?"])
def test_a_project_that_does_not_exist_is_not_found(jira: JiraStandIn, client: JiraClient, project: str) -> None:
    with pytest.raises(NotFound):
        client.issue_types(project)
    assert jira.calls_to("getCurrentUser") == []


def test_an_account_is_found_by_its_whole_address_only(jira: JiraStandIn, client: JiraClient) -> None:
    assert client.find_account("ADA@example.com") == account(jira, "Ada Lovelace")
    assert client.find_account("ada@example.co") is None
    assert client.find_account("nobody@example.com") is None
    assert client.myself() == account(jira, "connect")


def test_where_jira_hides_addresses_the_only_hit_counts(jira: JiraStandIn, client: JiraClient) -> None:
    jira.emails_shown = False
    assert client.find_account("grace@example.com") == account(jira, "Grace Hopper")


# --- connections -----------------------------------------------------------------------------------------------------


def test_threads_share_a_client(jira: JiraStandIn, client: JiraClient) -> None:
    def key_of(number: int) -> str:
        return create(client, marker=f"M{number}").key

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(key_of, range(8)))
    assert sorted(made) == sorted(jira.issues)
    assert len(made) == 8


def test_a_connection_is_used_again_even_after_a_refusal() -> None:
    peers: set[tuple[str, int]] = set()
    answers = iter([(200, b"[]"), (404, b"{}"), (200, b"[]")])

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

        def do_GET(self) -> None:
            peers.add(self.client_address)
            status, body = next(answers)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        client = JiraClient(f"http://127.0.0.1:{server.server_port}", "", TOKEN, 5.0)
        assert client.projects() == []
        with pytest.raises(NotFound):
            client.projects()
        assert client.projects() == []
        server.shutdown()
    assert len(peers) == 1
