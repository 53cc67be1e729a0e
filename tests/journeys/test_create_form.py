"""The form "Create Jira issue": every kind of field that Jira has, on both Jiras, and nothing typed is lost."""

import json
from typing import Any

import pytest

from sandbox.slack import GENERAL, MEMBER
from tests.journeys import forms
from tests.journeys.test_slack_to_jira import only_issue
from tests.world import World

# Where the database makes no difference, one kind of it is enough.
EVERYTHING: dict[str, Any] = {
    "Samples": "12.5", "Begins on": "2026-12-24", "Begins at": 1_798_120_800, "Gear": ["Gloves", "Goggles"],
    "Place": "Berlin › Roof", "Supervisor": "ada", "Helpers": ["ada", "grace"], "Tags": ["laser beams", "hot"],
    "Substance": "Substance 117", "Paper": "https://example.com/paper", "Sprint": "Sprint 2",
    "Components": ["Lasers", "Printers"], "Fix versions": ["2.0"], "Environment": "Room *7*", "Priority": "Low",
    "Assignee": "grace", "Labels": ["burning"], "Due date": "2026-12-31", "Parent": "epic",
}  # fmt: skip


@pytest.fixture
def lab(on_both_jiras: World) -> World:
    """The world, with a project whose types have fields of every kind."""
    on_both_jiras.jira.add_laboratory()
    return on_both_jiras


def sent(world: World) -> dict[str, Any]:
    """The fields of the last request to create an issue, without what connect adds itself."""
    fields = dict(world.jira.calls_to("createIssue")[-1].body["fields"])
    fields["labels"] = [label for label in fields["labels"] if not label.startswith("connect-")]
    return fields


def person(world: World, name: str) -> dict[str, str]:
    user = world.jira.person(name)
    return {"accountId": user.account_id} if world.jira.cloud else {"name": user.name}


def test_required_fields_come_first_and_the_rest_when_it_is_asked_for(lab: World) -> None:
    forms.opened(lab, GENERAL)
    view = forms.fill(lab, {"Project": "LAB", "Type": "Experiment"})
    needed = ["Project", "Type", "Summary", "Description", "Hypothesis", "Method", "Risk"]
    assert forms.labels(view) == needed
    assert forms.said(view) == ["More fields"]
    view = forms.press(lab, "more_fields")
    assert forms.labels(view)[:7] == needed
    assert set(forms.labels(view)[7:]) == {*EVERYTHING, "Security Level"}
    assert forms.said(view) == []
    assert [forms.field(view, label).get("optional", False) for label in (*needed[4:], "Samples")] == [
        False, False, False, True,
    ]  # fmt: skip


def test_what_is_filled_in_arrives_in_the_shape_that_each_jira_takes(lab: World) -> None:
    lab.give_account(MEMBER)
    epic = lab.jira.create("LAB", "Epic", "An epic in ice")
    forms.opened(lab, GENERAL)
    forms.fill(lab, {"Project": "lab", "Type": "experiment", "Summary": "Melt it", "Description": "Once more"})
    forms.fill(lab, {"Hypothesis": "It melts", "Method": "With a *laser*", "Risk": "High"})
    forms.press(lab, "more_fields")
    forms.fill(lab, EVERYTHING)
    view = forms.submit(lab)
    issue = next(issue for issue in lab.jira.issues.values() if issue.summary == "Melt it")
    assert f"{lab.jira.url}/browse/{issue.key}" in str(view["blocks"])
    given = sent(lab)
    method, environment = given.pop("customfield_10201"), given.pop("environment")
    assert {name: given[name] for name in given if name not in ("description", "reporter")} == {
        "project": {"key": "LAB"}, "issuetype": {"name": "Experiment"}, "summary": "Melt it", "labels": ["burning"],
        "customfield_10200": "It melts", "customfield_10202": 12.5, "customfield_10203": "2026-12-24",
        "customfield_10204": "2026-12-24T15:00:00.000+0100", "customfield_10205": {"id": "10351"},
        "customfield_10206": [{"id": "10360"}, {"id": "10361"}],
        "customfield_10207": {"id": "10300", "child": {"id": "10311"}}, "customfield_10208": person(lab, "ada"),
        "customfield_10209": [person(lab, "ada"), person(lab, "grace")], "customfield_10210": ["laser-beams", "hot"],
        "customfield_10211": {"id": "10517"}, "customfield_10213": "https://example.com/paper",
        "customfield_10020": 32, "components": [{"id": "10501"}, {"id": "10500"}], "fixVersions": [{"id": "10601"}],
        "priority": {"id": "4"}, "assignee": person(lab, "grace"), "duedate": "2026-12-31", "parent": {"key": epic},
    }  # fmt: skip
    assert isinstance(method, dict) == isinstance(environment, dict) == lab.jira.cloud
    assert "With a *laser*" in json.dumps(method).replace("\\", "")


def test_another_project_or_type_draws_the_form_anew_and_keeps_what_was_typed(lab: World) -> None:
    forms.opened(lab, GENERAL)
    typed = {"Summary": "Melt it", "Description": "Once *more*", "Hypothesis": "It melts", "Method": "Slowly",
             "Risk": "Low"}  # fmt: skip
    forms.fill(lab, {"Project": "LAB", "Type": "Experiment", **typed})
    view = forms.fill(lab, {"Project": "WEB"})
    assert forms.shown(view, "Type") is None
    assert forms.said(view) == ["Choose one of its types: Task, Bug, Story, Sub-task."]
    view = forms.fill(lab, {"Type": "Bug"})
    assert forms.labels(view) == ["Project", "Type", "Summary", "Description"]
    assert (forms.shown(view, "Summary"), forms.shown(view, "Description")) == ("Melt it", "Once *more*")
    view = forms.fill(lab, {"Project": "LAB", "Type": "Experiment"})
    assert {label: forms.shown(view, label) for label in typed} == typed


def test_a_choice_that_the_other_type_does_not_have_is_not_taken_along(lab: World) -> None:
    forms.opened(lab, GENERAL)
    forms.fill(lab, {"Project": "LAB", "Type": "Experiment"})
    forms.press(lab, "more_fields")
    forms.fill(lab, {"Components": ["Lasers"]})
    view = forms.fill(lab, {"Project": "OPS", "Type": "Task", "Summary": "Plain"})
    assert "Components" not in forms.labels(view)
    forms.submit(lab)
    assert only_issue(lab).custom == {}


def test_a_field_that_cannot_be_shown_is_named_with_the_way_to_jiras_own_form(lab: World) -> None:
    forms.opened(lab, GENERAL)
    forms.fill(lab, {"Summary": "Let me in & out", "Description": "Please"})
    view = forms.fill(lab, {"Project": "LAB", "Type": "Approval"})
    block = next(block for block in view["blocks"] if block["type"] == "section")
    assert block["text"]["text"] == ":warning: Jira needs *Approvers* here, which cannot be filled in from Slack."
    assert block["accessory"]["url"] == (
        f"{lab.jira.url}/secure/CreateIssueDetails!init.jspa?pid=10003&issuetype=10021"
        "&summary=Let%20me%20in%20%26%20out&description=Please"
    )
    assert forms.press(lab, "open_jira_form") == view
    forms.press(lab, "more_fields")
    assert "Committee" not in forms.labels(forms.current(lab))


def test_what_is_wrong_is_said_at_its_field_before_jira_is_asked(lab: World) -> None:
    forms.opened(lab, GENERAL)
    forms.fill(lab, {"Project": "LAB", "Type": "Experiment", "Summary": "Melt it"})
    forms.fill(lab, {"Hypothesis": "It melts", "Method": "Slowly", "Risk": "Low"})
    forms.press(lab, "more_fields")
    view = forms.fill(lab, {"Samples": "a few"})
    assert lab.slack.submit(MEMBER, view["id"]).trouble == ""
    assert lab.slack.form_errors[view["id"]] == {"customfield_10202": "Please type a number, such as 3.5."}
    assert lab.jira.calls_to("createIssue") == []


def test_jiras_refusals_stand_at_the_fields_they_speak_of_with_everything_still_there(lab: World) -> None:
    forms.opened(lab, GENERAL)
    typed = {"Summary": "Melt it", "Description": "Once more", "Hypothesis": "It melts", "Method": "Slowly",
             "Risk": "Low"}  # fmt: skip
    more = {"Samples": "12.5", "Tags": ["hot"], "Supervisor": "ada", "Place": "Berlin › Roof"}
    forms.fill(lab, {"Project": "LAB", "Type": "Experiment", **typed})
    forms.press(lab, "more_fields")
    before = forms.fill(lab, more)
    said = {"customfield_10202": "Too many <samples>.", "summary": "Too short.", "customfield_99999": "Hidden trouble."}
    lab.jira.fault("createIssue", status=400, body={"errorMessages": [], "errors": said})
    view = forms.submit(lab)
    assert forms.labels(view) == forms.labels(before)
    assert [forms.shown(view, label) for label in forms.labels(view)] == [
        forms.shown(before, label) for label in forms.labels(before)
    ]
    beneath = {block["label"]["text"]: view["blocks"][number + 1].get("elements", [{}])[0].get("text")
               for number, block in enumerate(view["blocks"][:-1]) if block["type"] == "input"}  # fmt: skip
    assert {label: text for label, text in beneath.items() if text} == {
        "Summary": ":warning: Too short.", "Samples": ":warning: Too many &lt;samples&gt;.",
    }  # fmt: skip
    assert view["blocks"][0]["text"]["text"] == ":warning: Hidden trouble."
    # It is sent again as it is, and this time Jira takes it.
    forms.submit(lab)
    assert only_issue(lab).custom["customfield_10207"] == "Berlin > Roof"
    assert sent(lab)["customfield_10202"] == 12.5


def test_while_jira_is_away_the_request_is_kept_and_whoever_asked_is_told_when_it_is_done(lab: World) -> None:
    forms.opened(lab, GENERAL)
    view = forms.fill(lab, {"Summary": "Printer is on fire"})
    away = lab.jira.fault("*", status=503, times=10_000)
    view = forms.submit(lab)
    assert "Jira does not answer. *Printer is on fire* is kept" in str(view["blocks"])
    # Who asks meanwhile is told at once.
    second = forms.opened(lab, GENERAL)
    forms.fill(lab, {"Summary": "Second"})
    lab.slack.submit(MEMBER, second["id"])
    assert "*Second* is kept" in str(forms.current(lab)["blocks"])
    told = lab.slack.command(MEMBER, GENERAL, "/jira", "create Third").body["text"]
    assert told == ":hourglass: Jira does not answer. *Third* is kept, and created in OPS as soon as Jira is back."
    lab.slack.close_view(MEMBER, second["id"])
    lab.jira.faults.remove(away)
    for _ in range(4):
        lab.advance(20)
    assert sorted(issue.summary for issue in lab.jira.issues.values()) == ["Printer is on fire", "Second", "Third"]
    direct = [message["text"] for message in lab.slack.history(lab.slack.direct(MEMBER).id)]
    assert [":white_check_mark: Created" in text for text in direct] == [True, True]


def test_the_form_opens_at_once_while_jira_hangs_and_its_fields_come_when_it_is_back(lab: World) -> None:
    hanging = lab.jira.fault("getCreateIssueMetaIssueTypes", kind="hang", seconds=4, times=10)
    view = forms.opened(lab, GENERAL)
    assert forms.labels(view) == ["Project", "Type", "Summary", "Description"]
    assert forms.said(view) == ["Jira does not answer; you can still create with these fields.", "Ask Jira again"]
    # For some seconds Jira is not even asked.
    before = len(lab.jira.calls)
    assert forms.said(forms.opened(lab, GENERAL))[-1] == "Ask Jira again"
    assert len(lab.jira.calls) == before
    lab.jira.faults.remove(hanging)
    lab.advance(11)
    forms.fill(lab, {"Summary": "Printer is on fire"})
    view = forms.press(lab, "ask_jira_again")
    assert (forms.said(view), forms.shown(view, "Summary")) == (["More fields"], "Printer is on fire")
    forms.submit(lab)
    assert only_issue(lab).type.name == "Task"


def test_a_form_that_knows_no_fields_still_makes_an_issue(lab: World) -> None:
    lab.jira.fault("getCreateIssueMetaIssueTypeId", status=500, times=10)
    forms.opened(lab, GENERAL)
    forms.fill(lab, {"Summary": "Printer is on fire"})
    forms.submit(lab)
    assert (only_issue(lab).summary, only_issue(lab).type.name) == ("Printer is on fire", "Task")


def test_lists_are_searched_as_the_person_types(lab: World) -> None:
    mia = lab.give_account(MEMBER)
    lab.jira.create("LAB", "Epic", "An epic in ice")
    hidden = lab.jira.create("LAB", "Epic", "An epic that Mia may not see")
    lab.jira.hidden = {mia.display: {hidden}}
    key = lab.jira.create("LAB", "Experiment", "No epic", labels=["burning", "burnt-out", "cold"])
    forms.opened(lab, GENERAL)
    forms.fill(lab, {"Project": "LAB", "Type": "Experiment"})
    view = forms.press(lab, "more_fields")

    def found(label: str, query: str) -> list[str]:
        return [each["text"]["text"] for each in forms.offered(lab, view, label, query)]

    assert found("Project", "labo") == ["Laboratory (LAB)"]
    assert found("Type", "e") == ["Experiment", "Epic", "Sub-task"][:2]
    assert found("Assignee", "") == ["Ada Lovelace", "Grace Hopper", "connect", "Mia"]
    assert found("Supervisor", "gra") == ["Grace Hopper"]
    assert found("Labels", "burn") == ["burning", "burnt-out", "burn"]
    assert found("Labels", "two words") == ["two-words"]
    assert found("Substance", "149") == ["Substance 149"]
    assert len(found("Substance", "")) == 100
    assert found("Sprint", "") == ["Sprint 2 (active)", "Later (future)"]
    assert found("Parent", "") == ["LAB-1 An epic in ice"]
    assert found("Parent", "epi ic") == ["LAB-1 An epic in ice"]
    assert found("Parent", key.lower()) == [f"{key} No epic"]
    assert found("Parent", "LAB-99") == []
    view = forms.fill(lab, {"Type": "Sub-task"})
    assert "Parent" in forms.labels(view)[:5]
    assert found("Parent", "epic") == [f"{key} No epic", "LAB-1 An epic in ice"]


def test_a_quick_second_choice_is_the_one_that_counts(lab: World) -> None:
    forms.opened(lab, GENERAL)
    forms.fill(lab, {"Project": "LAB", "Type": "Experiment"})
    # The second choice was made before the form had been drawn anew for the first: Slack says that it has changed.
    lab.slack.fault("views.update", status=200, body={"ok": False, "error": "hash_conflict"})
    view = forms.fill(lab, {"Type": "Epic"})
    assert forms.labels(view) == ["Project", "Type", "Summary", "Description"]
    assert len(lab.slack.calls_to("views.update")) >= 2


# --- the same fields, of an issue that is there ----------------------------------------------------------------------


def editing(lab: World, key: str) -> dict[str, Any]:
    """The form "Edit", from the issue's card."""
    lab.slack.command(MEMBER, GENERAL, "/jira", f"{key} share")
    lab.settle()
    card = next(message for message in lab.slack.history(GENERAL) if "jira_more" in str(message.get("blocks")))
    assert lab.slack.click(MEMBER, "jira_more", value=f"edit {key}", message=card).trouble == ""
    lab.settle()
    return forms.current(lab)


def test_every_kind_of_field_is_edited_as_it_is_filled_in(lab: World) -> None:
    lab.give_account(MEMBER)
    lab.jira.unassignable = {"connect"}
    key = lab.jira.create("LAB", "Experiment", "It melts", labels=["burning", "connect-1"])
    epic = lab.jira.create("LAB", "Epic", "An epic")
    view = editing(lab, key)
    assert forms.labels(view)[:4] == ["Summary", "Hypothesis", "Method", "Risk"]
    filled = {**EVERYTHING, "Risk": "High", "Helpers": ["ada", "grace"], "Labels": ["burning", "cold"]}
    names = set(forms.labels(view))
    forms.fill(lab, {label: value for label, value in filled.items() if label in names})
    shown = forms.submit(lab)
    assert f"{key} was changed" in forms.said(shown)[0]
    view = editing(lab, key)
    again = {label: forms.shown(view, label) for label in ("Risk", "Place", "Helpers", "Sprint", "Begins at", "Labels")}
    assert again == {
        "Risk": "High", "Place": "Berlin › Roof", "Helpers": ["Ada Lovelace", "Grace Hopper"], "Sprint": "Sprint 2",
        "Begins at": 1_798_120_800, "Labels": ["burning", "cold"],
    }  # fmt: skip
    before = len(lab.jira.calls_to("editIssue"))
    forms.fill(lab, {"Gear": []})
    forms.submit(lab)
    (call,) = lab.jira.calls_to("editIssue")[before:]
    assert call.body == {"fields": {"customfield_10206": []}}
    assert lab.jira.issues[epic].custom == {}
