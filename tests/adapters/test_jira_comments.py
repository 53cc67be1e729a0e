"""Comments and people through the real client: edited, deleted, read in pages and one by one, on both Jiras."""

import pytest

from adapters.document import Document, Mention, Paragraph, Text, plain
from adapters.errors import NotFound, OutcomeUnknown
from adapters.jira.client import JiraClient
from sandbox.jira import JiraStandIn
from tests.adapters import jira_cases
from tests.adapters.jira_cases import MARKER, account, create

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


def test_an_edited_comment_has_the_new_text_and_says_when(jira: JiraStandIn, client: JiraClient) -> None:
    create(client)
    made = client.add_comment("OPS-1", plain("first"), MARKER)
    jira.now = lambda: 1_790_000_000.25
    edited = client.edit_comment("OPS-1", made.id, plain("second"))
    (kept,) = jira.issues["OPS-1"].comments
    assert (kept.text, kept.properties) == ("second", {"connect": {"marker": MARKER}})
    assert (edited.id, edited.created, edited.updated) == (made.id, made.created, "2026-09-21T14:13:20.250+0000")
    assert client.comment("OPS-1", made.id) == edited


def test_a_deleted_comment_is_gone_and_may_be_deleted_again(jira: JiraStandIn, client: JiraClient) -> None:
    create(client)
    made = client.add_comment("OPS-1", plain("first"), MARKER)
    for _ in range(2):
        client.delete_comment("OPS-1", made.id)
    assert jira.issues["OPS-1"].comments == []
    with pytest.raises(NotFound):
        client.edit_comment("OPS-1", made.id, plain("second"))


def test_an_edit_and_a_deletion_whose_answer_is_lost_may_have_been_made(jira: JiraStandIn, client: JiraClient) -> None:
    create(client)
    made = client.add_comment("OPS-1", plain("first"), MARKER)
    for call in ("updateComment", "deleteComment"):
        jira.fault(call, kind="reset", after=True)
    with pytest.raises(OutcomeUnknown):
        client.edit_comment("OPS-1", made.id, plain("second"))
    with pytest.raises(OutcomeUnknown):
        client.delete_comment("OPS-1", made.id)
    assert jira.issues["OPS-1"].comments == []


def test_a_mention_is_live_only_of_whom_the_caller_names(jira: JiraStandIn, client: JiraClient) -> None:
    create(client)
    words = Document((Paragraph((Mention("user", "U1", "Ada"), Text(" "), Mention("user", "U2", "Bob"))),))
    ada = account(jira, "Ada Lovelace").id
    client.add_comment("OPS-1", words, MARKER, lambda mention: ada if mention.id == "U1" else None)
    (kept,) = jira.issues["OPS-1"].comments
    mention = {"type": "mention", "attrs": {"id": ada, "text": "@Ada"}}
    rest = [{"type": "text", "text": " "}, {"type": "text", "text": "@Bob"}]
    in_adf = [{"type": "paragraph", "content": [mention, *rest]}]
    if jira.cloud:
        assert kept.body["content"] == in_adf
    else:
        assert kept.body == "[~ada] @Bob"


def test_a_user_is_known_by_id_with_the_address_where_jira_shows_it(jira: JiraStandIn, client: JiraClient) -> None:
    ada = account(jira, "Ada Lovelace")
    assert client.user(ada.id) == (ada, "ada@example.com")
    jira.emails_shown = False
    assert client.user(ada.id) == (ada, "" if jira.cloud else "ada@example.com")
    with pytest.raises(NotFound):
        client.user("nobody")
