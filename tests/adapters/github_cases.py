"""What the tests of the GitHub client share: the stand-in, the client, and what arrived."""

from collections.abc import Iterator

import pytest

from adapters.github.client import GitHubClient
from sandbox.github import GitHubStandIn

TOKEN = "ghp-a-token-that-must-not-leak"
TIMEOUT = 0.4
THEN = 1795388400


@pytest.fixture
def github() -> Iterator[GitHubStandIn]:
    stand_in = GitHubStandIn("webhook-secret", TOKEN)
    stand_in.start()
    yield stand_in
    stand_in.stop()


@pytest.fixture
def client(github: GitHubStandIn) -> GitHubClient:
    return GitHubClient(TOKEN, github.url, 10)


@pytest.fixture
def hasty(github: GitHubStandIn) -> GitHubClient:
    return GitHubClient(TOKEN, github.url, TIMEOUT)


def made(github: GitHubStandIn) -> list[str]:
    return [call.operation for call in github.calls]


def issues(github: GitHubStandIn, repo: str = "acme/web") -> list[str]:
    found = github.repo(repo)
    assert found is not None
    return [ticket.title for ticket in found.tickets.values()]
