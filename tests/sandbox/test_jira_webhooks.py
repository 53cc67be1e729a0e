"""The Jira stand-in: what happens is announced in Jira's own webhooks."""

import json
from typing import Any

import pytest

from sandbox.jira import JiraStandIn
from tests.sandbox import jira_cases
from tests.sandbox.jira_cases import CORPUS, Receiver, received

receiver = jira_cases.receiver
jira = jira_cases.jira
cloud = jira_cases.cloud


def test_what_people_do_is_announced_in_signed_webhooks(jira: JiraStandIn, receiver: Receiver) -> None:
    jira.create("OPS", "Task", "Disk full")
    jira.edit("OPS-1", "Ada Lovelace", summary="Disk is full", assignee="Grace Hopper", due="2026-12-24")
    jira.edit("OPS-1", "Ada Lovelace", assignee=None)
    jira.edit("OPS-1", "Ada Lovelace", summary="Disk is full")
    jira.transition("OPS-1", "Done", "Grace Hopper")
    assert jira.move("OPS-1", "WEB") == "WEB-1"
    jira.delete("WEB-1", "Ada Lovelace")
    webhooks = received(jira)
    assert [(each.payload.get("issue_event_type_name"), each.resource, each.container) for each in webhooks] == [
        ("issue_created", "OPS-1", "OPS"),
        ("issue_updated", "OPS-1", "OPS"),
        ("issue_assigned", "OPS-1", "OPS"),
        ("issue_generic", "OPS-1", "OPS"),
        ("issue_moved", "WEB-1", "WEB"),
        (None, "WEB-1", "WEB"),
    ]
    changed = [
        (item["field"], item["fromString"], item["toString"]) for item in webhooks[1].payload["changelog"]["items"]
    ]
    assert changed == [
        ("summary", "Disk full", "Disk is full"),
        ("assignee", None, "Grace Hopper"),
        ("duedate", None, "2026-12-24"),
    ]
    assert {each.payload["timestamp"] for each in webhooks} == {1_790_925_322_310}
    assert {each.headers["Content-Type"] for each in receiver.calls} == {"application/json; charset=UTF-8"}


def test_a_comment_is_announced_twice_and_without_its_issue_on_data_center(jira: JiraStandIn) -> None:
    jira.create("OPS", "Task", "Disk full")
    received(jira)
    comment = jira.comment("OPS-1", "Grace Hopper", "On it.", restricted=True)
    jira.edit_comment("OPS-1", comment, "On it!")
    jira.delete_comment("OPS-1", comment)
    webhooks = received(jira)
    assert [(each.event, each.resource) for each in webhooks] == [
        (event, key)
        for part in ("created", "updated", "deleted")
        for event, key in ((f"comment_{part}", "OPS-1" if jira.cloud else ""), ("jira:issue_updated", "OPS-1"))
    ]
    first = webhooks[0].payload["comment"]
    assert (first["body"], first["author"]["displayName"]) == ("On it.", "Grace Hopper")
    assert first["visibility"] == {"type": "role", "value": "Administrators", "identifier": "Administrators"}


def test_a_repeated_webhook_keeps_its_identifier_and_its_body(cloud: JiraStandIn, receiver: Receiver) -> None:
    cloud.create("OPS", "Task", "Disk full")
    cloud.redeliver(2)
    cloud.flush()
    headers = [each.headers for each in receiver.calls]
    assert len({each["X-Atlassian-Webhook-Identifier"] for each in headers}) == 1
    assert [each.get("X-Atlassian-Webhook-Retry") for each in headers] == [None, "1", "2"]
    assert len({each["X-Hub-Signature"] for each in headers}) == 1


def test_a_new_issues_webhook_has_every_field_of_a_real_one(cloud: JiraStandIn) -> None:
    path = CORPUS / "jira" / "webhooks-hand-written" / "issue_created.cloud.json"
    if not path.exists():
        pytest.skip("the corpus of real payloads (../shared/corpus) is not here")
    real: dict[str, Any] = json.loads(path.read_bytes())
    cloud.create("OPS", "Task", "Disk full", assignee="Grace Hopper", description="Very.")
    ours = received(cloud)[0].payload
    assert real.keys() == ours.keys()
    assert real["user"].keys() == ours["user"].keys()
    custom = {name for name in real["issue"]["fields"] if name.startswith("customfield")}
    assert real["issue"]["fields"].keys() - custom - ours["issue"]["fields"].keys() == set()
    for name in ("issuetype", "project", "priority", "assignee", "status"):
        assert real["issue"]["fields"][name].keys() == ours["issue"]["fields"][name].keys()
    assert real["changelog"]["items"][0].keys() - ours["changelog"]["items"][1].keys() == set()
