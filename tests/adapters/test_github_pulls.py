"""The real client against the GitHub stand-in: pull requests, whose drafts are changed by GraphQL."""

from typing import Any

import pytest

from adapters.errors import AdapterError, NotFound, OutcomeUnknown, Rejected, Unavailable
from adapters.github.checks import Check
from adapters.github.client import GitHubClient
from sandbox.github import GitHubStandIn
from tests.adapters import github_cases
from tests.adapters.github_cases import made

github = github_cases.github
client = github_cases.client


@pytest.fixture(autouse=True)
def a_pull_request(github: GitHubStandIn) -> None:
    github.open_pull_request("acme/web", "Oil it", head="oil")


def refusal(kind: str) -> dict[str, Any]:
    return {"data": {"convertPullRequestToDraft": None}, "errors": [{"type": kind, "message": "No  way"}]}


ANSWERS: list[tuple[Any, type[AdapterError], str]] = [
    (refusal("FORBIDDEN"), Rejected, "GitHub refused: No way"),
    (refusal("UNPROCESSABLE"), Rejected, "GitHub refused: No way"),
    (refusal("NOT_FOUND"), NotFound, "GitHub does not have this, or the token may not see it: No way"),
    (refusal("RATE_LIMITED"), Unavailable, "GitHub asks connect to wait: No way"),
    ({"errors": [{}]}, Rejected, "GitHub refused: "),
    ({"errors": "x"}, OutcomeUnknown, "cannot be read"),
    ({}, OutcomeUnknown, "cannot be read"),
    ([], OutcomeUnknown, "cannot be read"),
]


@pytest.mark.parametrize(("body", "error", "words"), ANSWERS)
def test_what_graphql_answers_with_200_is_told_apart(
    github: GitHubStandIn, client: GitHubClient, body: Any, error: type[AdapterError], words: str
) -> None:
    github.fault("graphql", status=200, body=body)
    with pytest.raises(AdapterError, match=words) as caught:
        client.set_draft("acme/web", "PR_1", draft=True)
    assert type(caught.value) is error


def test_a_draft_is_made_in_one_call_with_the_id_of_the_pull_request(
    github: GitHubStandIn, client: GitHubClient
) -> None:
    there = client.change("acme/web", 1)
    assert (there.title, there.draft, there.standing, there.asked) == ("Oil it", False, "clean", ())
    client.set_draft("acme/web", there.node, draft=True)
    assert (client.change("acme/web", 1).draft, made(github)) == (True, ["pulls/get", "graphql", "pulls/get"])


def test_the_checks_of_a_commit_are_those_of_apps_and_of_other_programs(
    github: GitHubStandIn, client: GitHubClient
) -> None:
    github.start_run("acme/web", "oil")
    github.commit_status("acme/web", "oil", "ci/preview", "failure")
    found = client.checks("acme/web", client.change("acme/web", 1).sha)
    assert [(one.name, one.state) for one in found] == [("CI", "in_progress"), ("ci/preview", "failure")]
    assert client.checks("acme/web", "0" * 40) == list[Check]()


def test_who_may_not_ask_for_teams_sees_none(github: GitHubStandIn, client: GitHubClient) -> None:
    github.team_repositories["acme/core"] = {"acme/web"}
    assert client.teams("acme/web") == ["core"]
    github.fault("repos/list-teams", status=403, body={"message": "Must have admin rights to Repository."})
    assert client.teams("acme/web") == []
    github.fault("repos/list-teams", status=401, body={"message": "Bad credentials"})
    with pytest.raises(Rejected, match="does not accept the token"):
        client.teams("acme/web")


def test_connects_markers_are_no_part_of_the_words(github: GitHubStandIn, client: GitHubClient) -> None:
    github.repos[0].tickets[1].body = "One\r\n\r\ntwo\r\n\r\n<!-- connect:ct_1 -->\r\n"
    words = client.words("acme/web", 1)
    assert (words.title, words.body, words.hidden) == ("Oil it", "One\n\ntwo", "<!-- connect:ct_1 -->")
