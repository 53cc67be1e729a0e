"""The Jira stand-in: it refuses what Jira refuses."""

from typing import Any

import pytest
import requests

from sandbox.jira import JiraStandIn
from sandbox.jira.adf import document, is_document, plain_text, wiki_text
from sandbox.jira.fields import SUMMARY_LIMIT
from tests.sandbox import jira_cases
from tests.sandbox.jira_cases import call, new, text

receiver = jira_cases.receiver
jira = jira_cases.jira


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
