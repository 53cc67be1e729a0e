"""Search, accounts and links on both Jiras: what is sent, what is found, who may see it."""

from dataclasses import replace

import pytest

from adapters.errors import Invalid, NotFound, Rejected
from adapters.jira.client import JiraClient
from adapters.jira.jql import concerning, containing, is_jql, open_of, quoted, reported_by, watched_by
from adapters.jira.remote_links import Item
from sandbox.jira import JiraStandIn
from tests.adapters import jira_cases
from tests.adapters.jira_cases import account

jira = jira_cases.jira
client = jira_cases.client


# --- JQL -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "project = OPS", "PROJECT=OPS and status = Done", '"Story Points" > 3', "cf[10042] ~ x", "labels in (a, b)",
        "assignee is EMPTY", "status was Done", "(project = OPS OR project = WEB)", "not status = Done",
        "status changed after -1d", "order by created desc", "due <= 2026-12-24", "fixVersion not in (1, 2)",
    ],
)  # fmt: skip
def test_what_begins_with_a_field_and_an_operator_is_jql(typed: str) -> None:
    assert is_jql(typed)


@pytest.mark.parametrize(
    "typed",
    ["printer is on fire", "status of the printer", "project", "a = b", "text message lost", "", "type in the word",
     "key is missing", "order by phone"],
)  # fmt: skip
def test_other_words_are_words(typed: str) -> None:
    assert not is_jql(typed)


@pytest.mark.parametrize(
    ("typed", "jql"),
    [
        ("printer", 'text ~ "printer" ORDER BY updated DESC'),
        ("  the   printer ", 'text ~ "the printer" ORDER BY updated DESC'),
        ('a" OR project = HR ORDER BY "x', 'text ~ "a or project HR ORDER BY x" ORDER BY updated DESC'),
        (r"back\slash +must -not (a|b) c~2 d*", 'text ~ "back slash must not a b c 2 d" ORDER BY updated DESC'),
        ("[x] {y} e^3 f:g ?", 'text ~ "x y e 3 f g" ORDER BY updated DESC'),
        ("don't ada@example.com 1.5", "text ~ \"don't ada@example.com 1.5\" ORDER BY updated DESC"),
        ("*** ?", ""),
    ],
)  # fmt: skip
def test_words_become_a_search_in_which_they_are_nothing_but_words(typed: str, jql: str) -> None:
    assert containing(typed) == jql


def test_a_word_may_be_the_beginning_of_one() -> None:
    assert containing("pri", begun=True) == 'text ~ "pri*" ORDER BY updated DESC'


def test_quotes_in_a_value_are_no_ends_of_it() -> None:
    assert quoted('a"b\\c') == '"a\\"b\\\\c"'
    assert open_of('x"y').startswith('assignee = "x\\"y" AND statusCategory != Done ORDER BY status ASC')


def test_the_lists_of_a_home_name_their_account_as_a_string() -> None:
    assert reported_by('a"b') == 'reporter = "a\\"b" ORDER BY updated DESC'
    assert watched_by("mia") == 'watcher = "mia" ORDER BY updated DESC'
    assert concerning("mia", 14) == (
        '(assignee = "mia" OR reporter = "mia" OR watcher = "mia") AND updated >= -14d ORDER BY updated DESC'
    )


# --- search ----------------------------------------------------------------------------------------------------------


def test_a_search_goes_on_where_its_page_ended(jira: JiraStandIn, client: JiraClient) -> None:
    for number in range(5):
        jira.create("OPS", "Task", f"printer {number}")
    jira.create("OPS", "Task", "door")
    jql, pages, start = 'text ~ "printer" ORDER BY key ASC', list[list[str]](), ""
    for _ in range(3):
        page = client.search(jql, limit=2, start=start)
        pages.append([issue.key for issue in page.issues])
        start = page.next
    assert (pages, start) == ([["OPS-1", "OPS-2"], ["OPS-3", "OPS-4"], ["OPS-5"]], "")


def test_a_search_shows_what_a_table_needs(jira: JiraStandIn, client: JiraClient) -> None:
    jira.create("OPS", "Bug", "Disk full", assignee="Grace Hopper", due="2026-12-24", security="Staff", description="x")
    (issue,) = client.search("project = OPS", limit=10).issues
    shown = (issue.key, issue.summary, issue.status, issue.assignee, issue.due, issue.secured, issue.description)
    assert shown == ("OPS-1", "Disk full", "To Do", "Grace Hopper", "2026-12-24", True, None)


def test_the_sentence_of_jiras_parser_is_kept(jira: JiraStandIn, client: JiraClient) -> None:
    with pytest.raises(Invalid) as caught:
        client.search("project = ", limit=10)
    assert "The query ends too early" in str(caught.value)


def test_my_open_issues_come_by_status_and_due_date(jira: JiraStandIn, client: JiraClient) -> None:
    for due in (None, "2026-12-24", "2026-12-01"):
        jira.create("OPS", "Task", f"due {due}", assignee="Grace Hopper", due=due)
    jira.create("OPS", "Task", "somebody else's", assignee="Ada Lovelace")
    jira.create("OPS", "Task", "done", assignee="Grace Hopper")
    jira.transition("OPS-5", "Done", "Grace Hopper")
    jira.transition("OPS-3", "In Progress", "Grace Hopper")
    found = client.search(open_of(account(jira, "Grace Hopper").id), limit=10)
    assert [issue.key for issue in found.issues] == ["OPS-2", "OPS-1", "OPS-3"]


# --- who may see -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("administers", [True, False])
def test_jira_says_which_issues_somebody_may_see(jira: JiraStandIn, client: JiraClient, administers: bool) -> None:  # noqa: FBT001
    jira.administers = administers
    for number in range(3):
        jira.create("OPS", "Task", f"printer {number}")
    jira.hidden = {"Grace Hopper": {"OPS-2"}}
    found = client.search("project = OPS ORDER BY key ASC", limit=10).issues
    visible = client.visible_to(account(jira, "Grace Hopper"), found)
    assert [issue.key for issue in found if issue.id in visible] == ["OPS-1", "OPS-3"]
    single = jira.cloud and administers
    assert len(jira.calls_to("findUsersWithBrowsePermission")) == (0 if single else 3)
    assert client.visible_to(account(jira, "Grace Hopper"), ()) == frozenset()


def test_where_jira_does_not_show_users_nobody_may_see_anything(jira: JiraStandIn, client: JiraClient) -> None:
    jira.create("OPS", "Task", "printer")
    jira.rights_shown = False
    found = client.search("project = OPS", limit=10).issues
    assert client.visible_to(account(jira, "Grace Hopper"), found) == frozenset()


# --- accounts --------------------------------------------------------------------------------------------------------


def test_an_account_is_found_by_its_id_while_it_is_active(jira: JiraStandIn, client: JiraClient) -> None:
    grace = account(jira, "Grace Hopper")
    assert client.account(grace.id) == grace
    assert client.account("nobody") is None
    jira.inactive = {"Grace Hopper"}
    assert client.account(grace.id) is None
    assert client.find_account("grace@example.com") is None


# --- links -----------------------------------------------------------------------------------------------------------


def test_a_link_said_twice_is_one_link_and_is_taken_away_once(jira: JiraStandIn, client: JiraClient) -> None:
    jira.create("OPS", "Task", "printer")
    for title in ("Thread", "Thread in #ops"):
        client.link_page("OPS-1", "connect:slack:T1/C1/1.0", "https://x.slack.com/archives/C1/p1", title)
    (link,) = jira.issues["OPS-1"].links
    assert (link["globalId"], link["object"]) == (
        "connect:slack:T1/C1/1.0",
        {"url": "https://x.slack.com/archives/C1/p1", "title": "Thread in #ops"},
    )
    client.unlink_page("OPS-1", "connect:slack:T1/C1/1.0")
    client.unlink_page("OPS-1", "connect:slack:T1/C1/1.0")
    client.unlink_page("OPS-99", "connect:slack:T1/C1/1.0")
    assert jira.issues["OPS-1"].links == []


def test_a_link_to_something_with_a_state_is_brought_up_to_date(jira: JiraStandIn, client: JiraClient) -> None:
    jira.create("OPS", "Task", "printer")
    page, icon = "https://github.com/acme/web/pull/7", "https://github.com/favicon.ico"
    given = Item(
        "connect:1", page, "acme/web#7", "pull request", "Open", resolved=False, application="GitHub", icon=icon
    )
    client.link_item("OPS-1", given)
    client.link_item("OPS-1", replace(given, title="x" * 300, state="Merged", resolved=True))
    (link,) = jira.issues["OPS-1"].links
    status = {"url16x16": f"{jira.url}/images/icons/statuses/resolved.png", "title": "Merged", "link": page}
    assert link == {
        "id": link["id"],
        "globalId": "connect:1",
        "application": {"type": "connect", "name": "GitHub"},
        "relationship": "pull request",
        "object": {
            "url": page,
            "title": "x" * 255,
            "icon": {"url16x16": icon, "title": "GitHub"},
            "status": {"resolved": True, "icon": status},
        },
    }
    with pytest.raises(NotFound):
        client.link_item("OPS-99", given)


def test_who_may_not_link_is_refused(jira: JiraStandIn, client: JiraClient) -> None:
    jira.create("OPS", "Task", "printer")
    jira.denied = {"LINK_ISSUES"}
    with pytest.raises(Rejected):
        client.link_page("OPS-1", "g", "https://x.test", "Thread")
    with pytest.raises(Rejected):
        client.unlink_page("OPS-1", "g")
