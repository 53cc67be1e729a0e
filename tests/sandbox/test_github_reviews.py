"""The GitHub stand-in's lists of what waits for a review, and of teams, are valid by GitHub's own description."""

import pytest

from sandbox.github import GitHubStandIn
from tests.sandbox import github_cases
from tests.sandbox.github_cases import call
from tests.sandbox.test_github_schema import described, mistakes

github = github_cases.github
receiver = github_cases.receiver


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/orgs/acme/teams/core/members?per_page=1", "/orgs/{org}/teams/{team_slug}/members"),
        ("/repos/acme/web/pulls?state=open&sort=created&direction=asc", "/repos/{owner}/{repo}/pulls"),
    ],
)
def test_a_list_is_valid(github: GitHubStandIn, path: str, template: str) -> None:
    github.teams["acme/core"] = {"octocat", "hubot"}
    number = github.open_pull_request("acme/web", "Oil the door")
    github.request_review("acme/web", number, "hubot")
    github.request_team_review("acme/web", number, "core")
    document, answer = described("github-rest.reduced.json"), call(github, "GET", path)
    schema = document["paths"][template]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert (answer.status_code, len(answer.json()), mistakes(document, schema, answer.json())) == (200, 1, [])


def test_a_team_that_cannot_be_seen_is_not_there(github: GitHubStandIn) -> None:
    assert call(github, "GET", "/orgs/acme/teams/none/members").status_code == 404
