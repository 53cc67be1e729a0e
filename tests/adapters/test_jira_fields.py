"""The fields of Jira's create screens: what kind each is, and what was typed in the shape that each Jira takes."""

from typing import Any

import pytest

from adapters.document import Document, Paragraph, Text
from adapters.errors import NotFound
from adapters.jira.client import JiraClient
from adapters.jira.fields import FieldSpec, Kind, Option, jira_value, number, read_field
from adapters.jira.forms import Project, Sprint
from adapters.jira.jql import above
from sandbox.jira import JiraStandIn
from sandbox.jira.screens import GREENHOPPER, SYSTEM
from tests.adapters import jira_cases

jira = jira_cases.jira
client = jira_cases.client
CHOICES = [{"id": "1", "value": "Low"}, {"id": "2", "name": "High"}]


def raw(schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"fieldId": "customfield_1", "name": "Field", "required": False, "schema": schema, **more}


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({"type": "string", "custom": SYSTEM + "textfield"}, "text"),
        ({"type": "string", "custom": SYSTEM + "textarea"}, "long_text"),
        ({"type": "string", "system": "environment"}, "long_text"),
        ({"type": "string", "custom": SYSTEM + "url"}, "url"),
        ({"type": "string", "custom": SYSTEM + "readonlyfield"}, "unsupported"),
        ({"type": "number", "custom": "com.pyxis.greenhopper.jira:jsw-story-points"}, "number"),
        ({"type": "date", "system": "duedate"}, "date"),
        ({"type": "datetime", "custom": SYSTEM + "datetime"}, "datetime"),
        ({"type": "option", "custom": SYSTEM + "radiobuttons"}, "option"),
        ({"type": "priority", "system": "priority"}, "option"),
        ({"type": "securitylevel", "system": "security"}, "option"),
        ({"type": "version", "custom": SYSTEM + "version"}, "option"),
        ({"type": "array", "items": "option", "custom": SYSTEM + "multiselect"}, "options"),
        ({"type": "array", "items": "component", "system": "components"}, "options"),
        ({"type": "array", "items": "version", "system": "fixVersions"}, "options"),
        ({"type": "option-with-child", "custom": SYSTEM + "cascadingselect"}, "cascading"),
        ({"type": "user", "system": "assignee"}, "user"),
        ({"type": "array", "items": "user", "custom": SYSTEM + "multiuserpicker"}, "users"),
        ({"type": "array", "items": "string", "system": "labels"}, "labels"),
        ({"type": "array", "items": "string", "custom": SYSTEM + "labels"}, "labels"),
        ({"type": "issuelink", "system": "parent"}, "parent"),
        ({"type": "any", "custom": GREENHOPPER + "gh-epic-link"}, "epic"),
        ({"type": "array", "items": "json", "custom": GREENHOPPER + "gh-sprint"}, "sprint"),
        ({"type": "array", "items": "string", "custom": GREENHOPPER + "gh-sprint"}, "sprint"),
        ({"type": "group", "custom": SYSTEM + "grouppicker"}, "unsupported"),
        ({"type": "array", "items": "string", "custom": "com.example:table"}, "unsupported"),
        ({"type": "any", "custom": "com.example:thing"}, "unsupported"),
        ({}, "unsupported"),
    ],
)
def test_the_schema_says_what_kind_a_field_is(schema: dict[str, Any], kind: Kind) -> None:
    field = read_field(raw(schema, allowedValues=CHOICES), "customfield_1")
    options = (Option("1", "Low"), Option("2", "High")) if kind in ("option", "options", "cascading") else ()
    assert field == FieldSpec("customfield_1", "Field", required=False, kind=kind, options=options)


def test_what_jira_fills_in_itself_is_not_required_and_what_cannot_be_chosen_is_not_shown() -> None:
    needed = raw({"type": "priority"}, required=True, hasDefaultValue=True, allowedValues=CHOICES)
    fields = (read_field(needed, "customfield_1"), read_field(needed | {"hasDefaultValue": False}, "customfield_1"))
    assert [field.required for field in fields if field] == [False, True]
    gone = [{"id": "1", "name": "1.0", "archived": True}, {"id": "2", "value": "Old", "disabled": True}]
    nothing = read_field(raw({"type": "option"}, allowedValues=gone), "customfield_1")
    assert nothing == FieldSpec("customfield_1", "Field", required=False, kind="unsupported")


@pytest.mark.parametrize(
    ("kind", "value", "cloud", "data_center"),
    [
        ("text", "It melts", "It melts", "It melts"),
        ("number", "12.50", 12.5, 12.5),
        ("number", "3", 3, 3),
        ("date", "2026-12-24", "2026-12-24", "2026-12-24"),
        ("datetime", 1_798_120_800, "2026-12-24T15:00:00.000+0100", "2026-12-24T15:00:00.000+0100"),
        ("option", "7", {"id": "7"}, {"id": "7"}),
        ("options", ["7", "8"], [{"id": "7"}, {"id": "8"}], [{"id": "7"}, {"id": "8"}]),
        ("cascading", "7/8", {"id": "7", "child": {"id": "8"}}, {"id": "7", "child": {"id": "8"}}),
        ("cascading", "7", {"id": "7"}, {"id": "7"}),
        ("user", "ada", {"accountId": "ada"}, {"name": "ada"}),
        ("users", ["ada", "joe"], [{"accountId": "ada"}, {"accountId": "joe"}], [{"name": "ada"}, {"name": "joe"}]),
        ("labels", ["a", "b"], ["a", "b"], ["a", "b"]),
        ("parent", "OPS-1", {"key": "OPS-1"}, {"key": "OPS-1"}),
        ("epic", "OPS-1", "OPS-1", "OPS-1"),
        ("sprint", "31", 31, 31),
    ],
)  # fmt: skip
def test_a_value_takes_the_shape_that_each_jira_wants(kind: Kind, value: Any, cloud: Any, data_center: Any) -> None:
    assert jira_value(kind, value, cloud=True, timezone="Europe/Berlin") == cloud
    assert jira_value(kind, value, cloud=False, timezone="Europe/Berlin") == data_center


def test_a_long_text_is_adf_on_cloud_and_wiki_text_on_data_center() -> None:
    words = Document((Paragraph((Text("slowly", frozenset({"strong"})),)),))
    adf = jira_value("long_text", words, cloud=True, timezone="")
    assert (adf["type"], adf["content"][0]["content"][0]["marks"]) == ("doc", [{"type": "strong"}])
    assert jira_value("long_text", words, cloud=False, timezone="") == "*slowly*"


def test_a_time_zone_that_nobody_knows_is_utc() -> None:
    stamps = [jira_value("datetime", 0, cloud=True, timezone=zone) for zone in ("", "Mars/Olympus", "../etc/passwd")]
    assert stamps == ["1970-01-01T00:00:00.000+0000"] * 3


def test_a_number_may_have_a_comma_for_its_point_and_is_one() -> None:
    assert [number(typed) for typed in (" 1,5 ", "-2", "1e3")] == [1.5, -2, 1000]
    for typed in ("a few", "inf", "nan", "", "1,000.5"):
        with pytest.raises(ValueError):  # noqa: PT011 - any sentence will do, the caller has its own
            number(typed)


# --- the client ------------------------------------------------------------------------------------------------------


def test_a_screen_is_read_however_many_pages_it_has(jira: JiraStandIn, client: JiraClient) -> None:
    jira.add_laboratory()
    fields = {field.name: field.kind for field in client.create_fields("LAB", "10020")}
    assert (fields["Place"], fields["Helpers"], fields["Sprint"]) == ("cascading", "users", "sprint")
    with pytest.raises(NotFound):
        client.create_fields("LAB", "99999")
    jira.projects["LAB"].screens["10021"] = [
        jira.projects["LAB"].screens["10021"][1].__class__(f"customfield_{n}", f"Field {n}", {"type": "string"})
        for n in range(450)
    ]
    assert len([field for field in client.create_fields("LAB", "10021") if field.id.startswith("customfield")]) == 450


def test_what_people_search_for_is_found(jira: JiraStandIn, client: JiraClient) -> None:
    jira.add_laboratory()
    epic = jira.create("LAB", "Epic", "An epic in ice")
    other = jira.create("LAB", "Experiment", "No epic", labels=["burning"])
    assert client.project("LAB") == Project("10003", "LAB", "Laboratory")
    assert [account.display for account in client.people("grace")] == ["Grace Hopper"]
    assert (client.people(""), len(client.people("", assignable_in="LAB"))) == ([], 3)
    assert client.labels("bur") == ["burning"]
    for types, typed, expected in (
        (["Epic"], "", [epic]), ([], 'epic "', [other, epic]), ([], "lab-1", [epic]),
    ):  # fmt: skip
        found = client.search(above("LAB", types, typed), limit=8)
        assert [issue.key for issue in found.issues] == expected
    assert client.sprints("LAB") == [Sprint("32", "Sprint 2", "active"), Sprint("33", "Later", "future")]
    assert client.sprints("OPS") == []
