"""The Jira pane of the sandbox's page: what is there at the start, and what a visitor can do about it."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.page import jira_acts, jira_shown
from sandbox.page.given import Impossible
from sandbox.page.opening import prepare
from sandbox.playground import Playground

ADA, GRACE = "Ada Lovelace", "Grace Hopper"


@pytest.fixture
def playground(tmp_path: Path) -> Iterator[Playground]:
    made = Playground(tmp_path, {})
    prepare(made)
    for standin in made.standins:
        standin.target = "http://127.0.0.1:9"
    yield made
    made.close()


def do(playground: Playground, act: str, /, **given: Any) -> Any:
    return jira_acts.ACTS[act](playground, {"actor": GRACE} | given)


def issue(playground: Playground, key: str) -> dict[str, Any]:
    return next(each for each in jira_shown.shown(playground)["issues"] if each["key"] == key)


def told(playground: Playground) -> list[str]:
    """The webhooks that wait for connect."""
    return [each.description for each in playground.jira.take()]


def test_the_opening_has_issues_in_every_status_and_tells_connect_of_none(playground: Playground) -> None:
    shown = [
        (each["key"], each["status"], each["priority"], each["assignee"])
        for each in jira_shown.shown(playground)["issues"]
    ]
    assert shown == [
        ("OPS-1", "To Do", "High", GRACE),
        ("OPS-2", "In Progress", "Highest", ADA),
        ("OPS-3", "In Review", "Medium", GRACE),
        ("OPS-4", "Done", "Low", ADA),
        ("OPS-5", "To Do", "Lowest", ""),
        ("WEB-1", "In Progress", "Medium", GRACE),
        ("WEB-2", "To Do", "High", ""),
    ]
    assert [standin.take() for standin in playground.standins] == [[], [], []]


def test_a_card_goes_where_the_workflow_lets_it_and_its_history_says_who_moved_it(playground: Playground) -> None:
    with pytest.raises(Impossible, match="The workflow lets OPS-1 go from To Do to In Progress or Done only"):
        do(playground, "transition", key="OPS-1", status="In Review")
    do(playground, "transition", key="OPS-1", status="Done")
    moved = issue(playground, "OPS-1")
    assert (moved["status"], moved["resolution"]) == ("Done", "Done")
    (change,) = moved["history"]
    assert (change["author"], change["items"]) == (
        GRACE,
        [{"field": "resolution", "from": "", "to": "Done"}, {"field": "status", "from": "To Do", "to": "Done"}],
    )
    assert told(playground) == ["jira:issue_updated"]


def test_an_issue_is_made_edited_moved_and_deleted(playground: Playground) -> None:
    with pytest.raises(Impossible, match="An issue needs a summary"):
        do(playground, "create", project="OPS", type="Bug", summary=" ")
    with pytest.raises(Impossible, match="The project People also needs: Employee number"):
        do(playground, "create", project="HR", type="Request", summary="A chair")
    key = do(
        playground, "create", project="OPS", type="Bug", summary="Smoke", labels="fire, floor3 fire", priority="High"
    )
    assert (key, issue(playground, key)["labels"], issue(playground, key)["priority"]) == (
        "OPS-6", ["fire", "floor3"], "High",
    )  # fmt: skip
    do(playground, "edit", key=key, assignee=ADA, due="2026-12-24", description="It is *thick*.")
    edited = issue(playground, key)
    assert (edited["assignee"], edited["due"], edited["text"]) == (ADA, "2026-12-24", "It is *thick*.")
    assert do(playground, "move", key=key, project="WEB") == "WEB-3"
    assert issue(playground, "WEB-3")["formerKeys"] == ["OPS-6"]
    do(playground, "delete", key="WEB-3")
    with pytest.raises(Impossible, match="Issue does not exist"):
        do(playground, "edit", key="WEB-3", summary="Gone")
    assert told(playground) == [
        "jira:issue_created", "jira:issue_updated", "jira:issue_updated", "jira:issue_deleted",
    ]  # fmt: skip


def test_comments_and_files_come_and_go(playground: Playground) -> None:
    said = do(playground, "comment", key="OPS-5", text="Twice a week.", restricted=True)
    do(playground, "edit-comment", key="OPS-5", comment=said, text="Three times a week.")
    (comment,) = issue(playground, "OPS-5")["comments"]
    assert (comment["author"], comment["text"], comment["restricted"]) == (
        GRACE, "Three times a week.", "Administrators",
    )  # fmt: skip
    do(playground, "delete-comment", key="OPS-5", comment=said)
    content = base64.b64encode(b"a fern").decode()
    file = do(playground, "attach", key="OPS-5", name="plants.txt", content=content)
    assert [(each["name"], each["size"]) for each in issue(playground, "OPS-5")["attachments"]] == [("plants.txt", 6)]
    do(playground, "detach", attachment=file)
    assert (issue(playground, "OPS-5")["comments"], issue(playground, "OPS-5")["attachments"]) == ([], [])
    with pytest.raises(Impossible, match="Write something first"):
        do(playground, "comment", key="OPS-5", text=" ")


def test_versions_and_sprints_are_told_and_remembered(playground: Playground) -> None:
    do(playground, "version", project="OPS", name="1.4")
    do(playground, "sprint", project="OPS", name="Sprint 7", goal="No fires")
    project = jira_shown.shown(playground)["projects"][0]
    assert (project["versions"], project["sprints"]) == ({"1.4": "released"}, {"Sprint 7": "started"})
    assert told(playground) == ["jira:version_released", "sprint_started"]
    with pytest.raises(Impossible, match="Give the sprint a name"):
        do(playground, "sprint", project="OPS", name="")


def test_a_link_that_connect_set_is_shown(playground: Playground) -> None:
    link = {"id": 1, "relationship": "is mentioned in", "object": {"url": "http://127.0.0.1/x", "title": "#3"}}
    playground.jira.issues["OPS-1"].links.append(link)
    assert issue(playground, "OPS-1")["links"] == [
        {"id": 1, "url": "http://127.0.0.1/x", "title": "#3", "summary": "", "relationship": "is mentioned in",
         "resolved": False},
    ]  # fmt: skip
