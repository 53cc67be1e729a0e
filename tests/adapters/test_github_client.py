"""The real client against the GitHub stand-in: which calls are made, and what is found by its marker."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from adapters.account import Account
from adapters.errors import Unavailable
from adapters.github.client import GitHubClient
from adapters.github.issues import Comment, Issue
from adapters.github.repositories import Repository
from sandbox.github import GitHubStandIn
from sandbox.github.shapes import stamp
from sandbox.github.state import Ticket
from tests.adapters import github_cases
from tests.adapters.github_cases import THEN, TIMEOUT, TOKEN, made

github = github_cases.github
client = github_cases.client


# --- which calls are made --------------------------------------------------------------------------------------------


def test_myself_is_the_account_of_the_token_in_one_call(github: GitHubStandIn, client: GitHubClient) -> None:
    assert client.myself() == Account(str(github.connect.id), "connect-app", "connect")
    assert made(github) == ["users/get-authenticated"]


def test_a_repository_is_read_in_one_call(github: GitHubStandIn, client: GitHubClient) -> None:
    repo = github.repo("acme/secret")
    assert repo is not None
    expected = Repository(repo.id, "acme/secret", True, False, "main", f"{github.url}/acme/secret")
    assert client.repository("acme/secret") == expected
    assert made(github) == ["repos/get"]


def test_an_issue_is_created_in_one_call_that_carries_the_marker(github: GitHubStandIn, client: GitHubClient) -> None:
    issue = client.create_issue("acme/web", "Login fails", "On *Monday*", "ct_1", ["bug", "new"])
    ticket = github.repos[0].tickets[1]
    assert issue == Issue(ticket.id, 1, f"{github.url}/acme/web/issues/1", "Login fails", ("bug", "new"))
    assert [(call.operation, call.body) for call in github.calls] == [
        (
            "issues/create",
            {
                "title": "Login fails",
                "body": "On *Monday*\n\n<!-- connect:ct_1 -->",
                "labels": ["bug", "new"],
            },
        )
    ]


def test_a_comment_is_added_in_one_call_that_carries_the_marker(github: GitHubStandIn, client: GitHubClient) -> None:
    number = github.open_pull_request("acme/web", "Add login")
    comment = client.add_comment("acme/web", number, "Looks good", "ct_2")
    (stored,) = github.repos[0].tickets[number].comments
    page = f"{github.url}/acme/web/pull/1#issuecomment-{stored.id}"
    assert comment == Comment(stored.id, page, str(stamp(stored.created_at)), str(github.connect.id))
    assert [(call.operation, call.body) for call in github.calls] == [
        ("issues/create-comment", {"body": "Looks good\n\n<!-- connect:ct_2 -->"})
    ]


class KeepAlive(BaseHTTPRequestHandler):
    """Answers everything with an account, and notes the client's port of each call."""

    protocol_version = "HTTP/1.1"
    ports: ClassVar[list[int]] = []

    def do_GET(self) -> None:
        self.ports.append(self.client_address[1])
        body = b'{"id": 1, "login": "connect-app"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def test_each_thread_keeps_one_connection_for_its_calls() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), KeepAlive)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    client = GitHubClient(TOKEN, f"http://127.0.0.1:{server.server_port}", TIMEOUT)

    def call_twice() -> None:
        assert client.myself() == client.myself()

    call_twice()
    thread = threading.Thread(target=call_twice)
    thread.start()
    thread.join()
    server.shutdown()
    server.server_close()
    first, second, third, fourth = KeepAlive.ports
    assert (first == second, third == fourth, first == third) == (True, True, False)


# --- finding by marker -----------------------------------------------------------------------------------------------


def test_an_issue_is_found_by_its_marker_even_when_it_was_closed(github: GitHubStandIn, client: GitHubClient) -> None:
    issue = client.create_issue("acme/web", "Login fails", "…", "ct_1")
    client.create_issue("acme/web", "Other", "…", "ct_11")
    github.close_issue("acme/web", issue.number)
    assert client.find_issue("acme/web", "ct_1", github.now()) == issue
    assert client.find_issue("acme/web", "ct_2", github.now()) is None
    assert made(github)[2:] == ["issues/list-for-repo"] * 2


def test_a_comment_is_found_by_its_marker(github: GitHubStandIn, client: GitHubClient) -> None:
    number = github.open_issue("acme/web", "Login fails")
    comment = client.add_comment("acme/web", number, "Seen", "ct_1")
    client.add_comment("acme/web", number, "Seen too", "ct_11")
    assert client.find_comment("acme/web", number, "ct_1", github.now()) == comment
    assert client.find_comment("acme/web", number, "ct_2", github.now()) is None
    assert made(github)[2:] == ["issues/list-comments"] * 2


def test_a_marker_that_somebody_quotes_is_not_taken_for_the_thing_itself(
    github: GitHubStandIn, client: GitHubClient
) -> None:
    number = github.open_issue("acme/web", "Q", body="> <!-- connect:ct_1 -->\n`<!-- connect:ct_1 -->`")
    github.comment("acme/web", number, "octocat", "see <!-- connect:ct_1 -->")
    assert client.find_issue("acme/web", "ct_1", github.now()) is None
    assert client.find_comment("acme/web", number, "ct_1", github.now()) is None


def test_what_a_lagging_list_does_not_show_yet_is_found_later(github: GitHubStandIn, client: GitHubClient) -> None:
    now = THEN + 0.0
    github.now, github.list_lag = lambda: now, 5.0
    issue = client.create_issue("acme/web", "Login fails", "…", "ct_1")
    comment = client.add_comment("acme/web", issue.number, "…", "ct_2")
    assert client.find_issue("acme/web", "ct_1", THEN) is None
    assert client.find_comment("acme/web", issue.number, "ct_2", THEN) is None
    now += 5
    assert client.find_issue("acme/web", "ct_1", THEN) == issue
    assert client.find_comment("acme/web", issue.number, "ct_2", THEN) == comment


def test_what_was_created_long_before_is_not_looked_at(github: GitHubStandIn, client: GitHubClient) -> None:
    now = THEN + 0.0
    github.now = lambda: now
    issue = client.create_issue("acme/web", "Login fails", "…", "ct_1")
    now += 86_400
    github.comment("acme/web", issue.number, "octocat", "touched, so that it is in the list")
    assert client.find_issue("acme/web", "ct_1", now) is None
    assert client.find_issue("acme/web", "ct_1", THEN) == issue


def fill(github: GitHubStandIn, count: int) -> None:
    repo, now = github.repos[0], github.now()
    for number in range(1, count + 1):
        author = github.people["octocat"]
        repo.tickets[number] = Ticket(1000 + number, number, "t", None, author, now + number, now + number)
    repo.tickets[1].body = "<!-- connect:ct_1 -->\r\n"


def test_the_list_is_read_page_by_page_to_its_end(github: GitHubStandIn, client: GitHubClient) -> None:
    github.now = lambda: THEN
    fill(github, 150)
    github.now = lambda: THEN + 1000
    found = client.find_issue("acme/web", "ct_1", THEN)
    assert found == Issue(1001, 1, f"{github.url}/acme/web/issues/1", "t")
    assert [call.query.get("page") for call in github.calls] == [None, "2"]


def test_a_list_too_long_to_be_read_is_not_reported_as_a_miss(github: GitHubStandIn, client: GitHubClient) -> None:
    github.now = lambda: THEN
    fill(github, 2001)
    github.now = lambda: THEN + 10_000
    with pytest.raises(Unavailable, match="more than 2000 entries"):
        client.find_issue("acme/web", "ct_1", THEN)


def test_a_marker_cannot_break_out_of_its_comment(github: GitHubStandIn, client: GitHubClient) -> None:
    with pytest.raises(ValueError, match="a marker is made of"):
        client.create_issue("acme/web", "t", "b", "x --> @octocat")
    assert made(github) == []
