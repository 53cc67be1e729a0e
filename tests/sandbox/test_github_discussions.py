"""The stand-in's discussions: their comments come and go by GraphQL, each told by a webhook as GitHub describes it."""

from typing import Any

from sandbox.github import GitHubStandIn
from tests.sandbox import github_cases
from tests.sandbox.github_cases import call, received
from tests.sandbox.test_github_schema import described, mistakes

github, receiver = github_cases.github, github_cases.receiver
KINDS = {"add": "discussionId", "update": "commentId", "delete": "id"}


def changed(github: GitHubStandIn, verb: str, wanted: str = "body", **given: str) -> dict[str, Any]:
    name = f"{verb}DiscussionComment"
    query = f"mutation($input: X!) {{ {name}(input: $input) {{ comment {{ id {wanted} }} }} }}"
    answer = call(github, "POST", "/graphql", {"query": query, "variables": {"input": given}})
    assert answer.status_code == 200
    return answer.json()


def test_a_comment_is_said_changed_and_deleted_and_each_is_told(
    github: GitHubStandIn, receiver: github_cases.Receiver
) -> None:
    document = described("github-webhooks.reduced.json")
    number = github.discuss("acme/web", "More doors")
    node = f"D_{github.repos[0].discussions[number].id}"
    received(github, receiver)
    made = changed(github, "add", "author { login ... on User { databaseId } }", discussionId=node, body="Why?")
    comment = made["data"]["addDiscussionComment"]["comment"]
    assert comment == {
        "id": comment["id"], "author": {"login": "connect-app", "databaseId": github.connect.id},
    }  # fmt: skip
    assert changed(github, "update", commentId=comment["id"], body="How?")["data"] == {
        "updateDiscussionComment": {"comment": {"id": comment["id"], "body": "How?"}}
    }
    changed(github, "delete", id=comment["id"])
    told = received(github, receiver)
    assert [(event, payload["action"]) for event, payload in told] == [
        ("discussion_comment", "created"), ("discussion_comment", "edited"), ("discussion_comment", "deleted"),
    ]  # fmt: skip
    for event, payload in told:
        name = f"{event}-{payload['action']}".replace("_", "-")
        body = document["webhooks"][name]["post"]["requestBody"]["content"]["application/json"]["schema"]
        assert mistakes(document, body, payload) == []


def test_what_cannot_be_is_refused_with_200(github: GitHubStandIn) -> None:
    number = github.discuss("acme/web", "More doors")
    node = f"D_{github.repos[0].discussions[number].id}"
    theirs = f"DC_{github.say_in_discussion('acme/web', number, 'ada', 'Mine')}"

    def kinds(**given: dict[str, str]) -> list[str]:
        return [changed(github, verb, **one)["errors"][0]["type"] for verb, one in given.items()]

    gone: dict[str, dict[str, str]] = {verb: {"body": "x", name: "none"} for verb, name in KINDS.items()}
    assert kinds(**gone) == ["NOT_FOUND"] * 3
    assert kinds(add={"body": " ", "discussionId": node}) == ["UNPROCESSABLE"]
    github.connect_role = "read"
    assert kinds(update={"body": "x", "commentId": theirs}, delete={"id": theirs}) == ["FORBIDDEN"] * 2
    github.may_discuss = False
    assert kinds(add={"body": "x", "discussionId": node}) == ["FORBIDDEN"]
    assert "doesn't exist" in str(call(github, "POST", "/graphql", {
        "query": "query($a: A) { repository(owner: $a) { discussion(number: $b) { comments(last: 1) { nonsense } } } }",
        "variables": {"owner": "acme", "name": "web", "number": number},
    }).json())  # fmt: skip
