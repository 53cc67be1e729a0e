"""The GitHub stand-in: which webhooks are told of an event, how their deliveries are listed, and repeated on demand."""

from typing import Any

import pytest
import requests

from sandbox.github import GitHubStandIn
from sandbox.github.hooks import Hook
from sandbox.standin import Call
from tests.sandbox import github_cases
from tests.sandbox.github_cases import Receiver, call

receiver = github_cases.receiver
github = github_cases.github

WEB = "/repos/acme/web/hooks/292430182/deliveries"


def listed(github: GitHubStandIn, path: str = WEB, **query: Any) -> list[dict[str, Any]]:
    answer = call(github, "GET", path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def organization(github: GitHubStandIn) -> Hook:
    return github.add_hook(github.people["acme"])


def test_each_hook_that_hears_of_an_event_is_told_it_under_the_same_guid(
    github: GitHubStandIn, receiver: Receiver
) -> None:
    hook = organization(github)
    github.open_issue("acme/web", "One")
    github.ping()
    assert github.flush() == 3
    first, second, ping = receiver.calls
    assert first.headers["X-Github-Delivery"] == second.headers["X-Github-Delivery"]
    names = ("X-Github-Hook-Id", "X-Github-Hook-Installation-Target-Type", "X-Github-Hook-Installation-Target-Id")
    assert [[each.headers[name] for name in names] for each in (first, second, ping)] == [
        ["292430182", "repository", str(github.repos[0].id)],
        [str(hook.id), "organization", str(github.people["acme"].id)],
        ["292430182", "repository", str(github.repos[0].id)],
    ]


def test_deliveries_are_listed_newest_first_with_what_came_back(github: GitHubStandIn, receiver: Receiver) -> None:
    github.open_issue("acme/web", "Taken")

    def closes(each: Call) -> bool:
        return each.body["action"] == "closed"

    receiver.fault("*", status=503, where=closes)
    github.close_issue("acme/web", 1)
    github.flush()
    github.target = "http://127.0.0.1:1"
    github.push("acme/web", "main", [("Lost", "octocat")])
    github.flush()
    assert [(each["event"], each["action"], each["status_code"], each["status"]) for each in listed(github)] == [
        ("push", None, 502, "failed to connect to host"),
        ("issues", "closed", 503, "Invalid HTTP Response: 503"),
        ("issues", "opened", 202, "OK"),
    ]
    assert [each["event"] for each in listed(github, status="failure")] == ["push", "issues"]
    assert [each["action"] for each in listed(github, status="success")] == ["opened"]


def test_pages_follow_one_another_by_cursor(github: GitHubStandIn) -> None:
    for number in range(5):
        github.open_issue("acme/web", str(number))
    github.flush()
    whole = [each["id"] for each in listed(github)]
    found: list[int] = []
    answer = call(github, "GET", f"{WEB}?per_page=2")
    while True:
        found += [each["id"] for each in answer.json()]
        following = answer.links.get("next")
        if following is None:
            break
        answer = requests.get(following["url"], headers=github_cases.TOKEN, timeout=5)
    assert (found, len(answer.json())) == (whole, 1)


def test_a_repetition_is_the_same_event_and_a_delivery_of_its_own(github: GitHubStandIn, receiver: Receiver) -> None:
    github.open_issue("acme/web", "Again")
    github.flush()
    (first,) = listed(github)
    answer = call(github, "POST", f"{WEB}/{first['id']}/attempts")
    assert (answer.status_code, answer.json(), github.flush()) == (202, {}, 1)
    once, again = receiver.calls
    assert (once.headers["X-Github-Delivery"], once.body) == (again.headers["X-Github-Delivery"], again.body)
    newest, oldest = listed(github)
    assert (newest["guid"], newest["redelivery"], oldest) == (first["guid"], True, first)
    assert newest["id"] != first["id"]


def test_what_is_older_than_three_days_is_neither_listed_nor_repeated(github: GitHubStandIn) -> None:
    github.open_issue("acme/web", "Old")
    github.flush()
    (old,) = listed(github)
    then = github.now()
    github.now = lambda: then + 3 * 86400
    assert listed(github) == []
    assert call(github, "POST", f"{WEB}/{old['id']}/attempts").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/repos/acme/web/hooks/1/deliveries", "/repos/acme/none/hooks/1/deliveries",
     "/repos/acme/secret/hooks/292430182/deliveries", "/orgs/acme/hooks/292430182/deliveries",
     "/orgs/octocat/hooks/1/deliveries", "/orgs/nobody/hooks/1/deliveries"],
)  # fmt: skip
def test_a_hook_of_somebody_else_is_not_found(github: GitHubStandIn, path: str) -> None:
    assert call(github, "GET", path).status_code == 404


def test_the_hook_of_an_organization_is_listed_at_the_organization(github: GitHubStandIn) -> None:
    hook = organization(github)
    github.open_issue("acme/secret", "One")
    github.flush()
    path = f"/orgs/acme/hooks/{hook.id}/deliveries"
    (found,) = listed(github, path)
    assert found["repository_id"] == github.repos[1].id
    assert call(github, "POST", f"{path}/{found['id']}/attempts").status_code == 202


def test_the_hook_of_an_app_is_shown_to_nobody_without_its_key(github: GitHubStandIn) -> None:
    github.add_hook(4711)
    answer = call(github, "GET", "/app/hook/deliveries")
    assert (answer.status_code, answer.json()["message"]) == (401, "A JSON web token could not be decoded")
