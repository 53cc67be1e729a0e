"""The stand-in's comments: changed and deleted by their author, or by whoever may write in the repository."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from sandbox.github import GitHubStandIn


@pytest.fixture
def github() -> Iterator[GitHubStandIn]:
    standin = GitHubStandIn("secret")
    standin.start()
    yield standin
    standin.stop()


def call(github: GitHubStandIn, method: str, ident: int, body: dict[str, Any] | None = None) -> tuple[int, str]:
    url = f"{github.url}/repos/acme/web/issues/comments/{ident}"
    answer = requests.request(method, url, json=body, headers={"Authorization": "Bearer ghp-sandbox"}, timeout=5)
    shown: dict[str, Any] = answer.json() if answer.content else {}
    return answer.status_code, shown.get("body") or shown.get("message", "")


def test_a_comment_is_reworded_and_deleted_by_a_writer(github: GitHubStandIn) -> None:
    number = github.open_issue("acme/web", "the page is blank")
    ident = github.comment("acme/web", number, "ada", "first")
    assert call(github, "PATCH", ident, {"body": "second"}) == (200, "second")
    assert call(github, "PATCH", ident, {"body": " "}) == (422, "Validation Failed")
    assert call(github, "DELETE", ident) == (204, "")
    assert call(github, "DELETE", ident) == (404, "Not Found")


def test_who_may_not_write_changes_their_own_comments_only(github: GitHubStandIn) -> None:
    github.connect_role = "read"
    number = github.open_issue("acme/web", "the page is blank")
    ident = github.comment("acme/web", number, "ada", "first")
    own = github.comment("acme/web", number, github.connect.login, "mine")
    refused = (403, "Must have admin rights to Repository.")
    assert [call(github, "PATCH", ident, {"body": "x"}), call(github, "DELETE", ident)] == [refused, refused]
    assert call(github, "PATCH", own, {"body": "x"}) == (200, "x")
