"""Reading an issue's comments, in pages, and telling which of them some may not see; on both Jiras."""

from adapters.jira.client import JiraClient
from sandbox.jira import JiraStandIn
from tests.adapters import jira_cases
from tests.adapters.jira_cases import create

jira = jira_cases.jira
client = jira_cases.client


def test_what_is_for_a_role_or_for_a_service_desks_agents_is_restricted(jira: JiraStandIn, client: JiraClient) -> None:
    create(client)
    jira.comment("OPS-1", "Ada Lovelace", "for everybody")
    jira.comment("OPS-1", "Grace Hopper", "for admins", restricted=True)
    jira.comment("OPS-1", "Grace Hopper", "for agents")
    jira.issues["OPS-1"].comments[-1].public = False
    page, following = client.comments("OPS-1")
    assert [(comment.author, comment.restricted) for comment in page] == [
        ("Grace Hopper", True), ("Grace Hopper", True), ("Ada Lovelace", False),
    ]  # fmt: skip
    assert following is None


def test_comments_come_in_pages_the_newest_first(jira: JiraStandIn, client: JiraClient) -> None:
    create(client)
    made = [jira.comment("OPS-1", "Ada Lovelace", str(number)) for number in range(60)]
    first, following = client.comments("OPS-1")
    assert following == 50
    second, end = client.comments("OPS-1", following)
    assert [comment.id for comment in (*first, *second)] == made[::-1]
    assert end is None
