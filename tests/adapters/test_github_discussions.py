"""The real client against the GitHub stand-in: comments in discussions, which are changed by GraphQL."""

import pytest

from adapters.errors import NotFound, OutcomeUnknown, Unavailable
from adapters.github.client import GitHubClient
from adapters.github.issues import Comment
from adapters.github.session import Way
from sandbox.github import GitHubStandIn
from tests.adapters import github_cases

github = github_cases.github
client = github_cases.client
HIDDEN = "<!-- connect:ct_1 -->"


def test_a_comment_is_added_found_edited_and_deleted(github: GitHubStandIn, client: GitHubClient) -> None:
    github.now = lambda: float(github_cases.THEN)
    number = github.discuss("acme/web", "More doors")
    for nth in range(120):
        github.say_in_discussion("acme/web", number, "ada", str(nth))
    said = github.repos[0].discussions[number].comments
    made = client.add_discussion_comment("acme/web", number, "Why?", "ct_1")
    at, url = "2026-11-22T23:00:00Z", f"{github.url}/acme/web/discussions/{number}#discussioncomment-{made.id}"
    assert made == Comment(made.id, url, at, str(github.connect.id), f"DC_{made.id}")
    assert said[-1].body == f"Why?\n\n{HIDDEN}"
    said.insert(0, said.pop())  # it is on the second page
    assert client.find_discussion_comment("acme/web", number, "ct_1", github_cases.THEN) == made
    assert client.find_discussion_comment("acme/web", number, "ct_2", github_cases.THEN) is None
    assert client.find_discussion_comment("acme/web", number, "ct_1", github_cases.THEN + 1000) is None
    assert client.edit_discussion_comment("acme/web", made.node, "How?") == made
    client.delete_discussion_comment("acme/web", made.node)
    client.delete_discussion_comment("acme/web", made.node)
    assert len(said) == 120
    with pytest.raises(NotFound):
        client.edit_discussion_comment("acme/web", made.node, "Where?")
    with pytest.raises(NotFound):
        client.add_discussion_comment("acme/web", 99, "Why?", "ct_1")


def test_what_is_in_doubt_and_what_has_to_wait_is_told_apart(github: GitHubStandIn, client: GitHubClient) -> None:
    number = github.discuss("acme/web", "More doors")
    wrong = {"errors": [{"message": "Something went wrong while executing your query."}]}
    often = {"errors": [{"message": "You have exceeded a secondary rate limit."}]}

    def adds(call: object) -> bool:
        return "addDiscussionComment" in str(call)

    github.fault("graphql", status=200, body=wrong, where=adds)
    with pytest.raises(OutcomeUnknown):
        client.add_discussion_comment("acme/web", number, "Why?", "ct_1")
    github.fault("graphql", status=200, body=often, where=adds)
    with pytest.raises(Unavailable) as caught:
        client.add_discussion_comment("acme/web", number, "Why?", "ct_1")
    assert caught.value.retry_after == 60
    github.fault("graphql", status=200, body=wrong)
    with pytest.raises(Unavailable):
        client.find_discussion_comment("acme/web", number, "ct_1", 0)


@pytest.mark.parametrize(
    ("api_url", "graphql"),
    [
        ("https://api.github.com", "https://api.github.com/graphql"),
        ("https://code.example.com/api/v3", "https://code.example.com/api/graphql"),
        ("https://code.example.com/api/v3/", "https://code.example.com/api/graphql"),
    ],
)
def test_graphql_has_its_own_address_on_enterprise_server(api_url: str, graphql: str) -> None:
    assert Way(api_url, 1).github("x").requester.graphql_url == graphql
