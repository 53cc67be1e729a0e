"""The real client against the GitHub stand-in: since when pull requests wait for whose review."""

from dataclasses import replace

import pytest

from adapters.errors import NotFound
from adapters.github.client import GitHubClient
from sandbox.github import GitHubStandIn
from tests.adapters import github_cases

github = github_cases.github
client = github_cases.client

WEB = "acme/web"


def at(github: GitHubStandIn, client: GitHubClient, login: str = "") -> str:
    """When it was asked for, as the number of the request."""
    (one,) = client.when_asked(client.waiting_in(WEB), login, WEB)
    assert one == replace(client.waiting_in(WEB)[0], asked=one.asked)
    return one.asked.removeprefix("2026-11-0").removesuffix("T00:00:00Z")


def test_a_person_is_asked_by_name_or_in_a_team_and_once_more_is_anew(
    github: GitHubStandIn, client: GitHubClient
) -> None:
    pull = github.repos[0].tickets[github.open_pull_request(WEB, "Oil it")].pull
    assert pull is not None
    days = [1793491200.0 + day * 86400 for day in range(4)]  # from 1 November 2026
    hubot, ada = github.person("hubot"), github.person("ada")
    pull.reviewers, pull.teams = [hubot], ["core"]
    assert (at(github, client), at(github, client, "hubot")) == ("", "")
    pull.asked = [(days[0], None), (days[1], hubot), (days[2], hubot), (days[3], ada)]
    assert (at(github, client), at(github, client, "HUBOT"), at(github, client, "mia")) == ("1", "3", "1")


def test_where_nothing_waits_nothing_is_asked_and_what_is_gone_is_refused(
    github: GitHubStandIn, client: GitHubClient
) -> None:
    assert client.when_asked([]) == []
    number = github.open_pull_request(WEB, "Oil it")
    github.request_review(WEB, number, "hubot")
    waiting = client.waiting_in(WEB)
    with pytest.raises(NotFound):
        client.when_asked([replace(waiting[0], node="PR_0")], "", WEB)
