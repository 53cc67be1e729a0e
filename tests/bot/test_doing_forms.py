"""The forms in which people do something to an issue: what they show, what Slack takes, what comes back from them."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.jira.doing import Transition
from adapters.jira.fields import FieldSpec, Kind, Option
from adapters.jira.issue import Issue
from adapters.jira.markup import read_body
from adapters.slack.markup import write_rich_text
from bot.modals import doing
from bot.modals.elements import values_of
from bot.modals.fields import is_changed, named, value_of
from bot.modals.filling import kept_form, with_problems
from bot.modals.source import prefilled
from sandbox.slack.views import checked, initial_values

NAMES = {"timeLogged": "spent"}

META = {"issue": "eu/OPS-1", "channel": "T1/C1", "thread": "", "response_url": ""}
MESSAGE = {"form": "ab12", "place": "T1/C1/1.2", "author": "Ada", "link": "https://x.test", "files_label": "Attach",
           "too_large": "film.mp4", "long": True}  # fmt: skip
HOSTILE = "<!channel> <https://evil.example|good> & *x* \u202e\x00\ud800"
ISSUE = Issue(
    id="1", key="OPS-1", url="https://x.test/browse/OPS-1", summary="Door stuck", status="To Do", priority="High",
    labels=("hot", "connect-x"), due="2026-12-24", assignee="Ada", assignee_id="a1", description="It *sticks*.",
    complete=True,
)  # fmt: skip


def field(ident: str, kind: Kind, *options: str, required: bool = False) -> FieldSpec:
    offered = tuple(Option(str(number), name) for number, name in enumerate(options, 1))
    return FieldSpec(ident, ident.capitalize(), required, kind, offered)


EDITABLE = (
    field("summary", "text", required=True), field("priority", "option", "Low", "High"), field("labels", "labels"),
    field("duedate", "date"), field("assignee", "user"), field("description", "long_text"),
)  # fmt: skip
HELD: dict[str, Any] = {
    "summary": "Door stuck", "priority": {"id": "2", "name": "High"}, "labels": ["hot", "connect-x"],
    "duedate": "2026-12-24", "assignee": {"accountId": "a1", "displayName": "Ada"}, "description": "It *sticks*.",
}  # fmt: skip


def sent(view: dict[str, Any], **typed: Any) -> dict[str, Any]:
    """The view as Slack sends it when it is submitted: untouched fields hold what they were filled with."""
    values: dict[str, Any] = initial_values(view["blocks"])
    for block, actions in values.items():
        for state in actions.values():
            state |= {"value": typed[block]} if block in typed else {}
    return view | {"state": {"values": values}}


def held(view: dict[str, Any]) -> dict[str, Any]:
    """What stands in the fields, by action."""
    found = {name: (named(name), state) for name, state in values_of(sent(view)).items()}
    return {name: value_of(known[0] if known else "text", state) for name, (known, state) in found.items()}


def test_the_form_of_editing_holds_the_fields_as_they_are() -> None:
    view = doing.edit_view(ISSUE, (EDITABLE, HELD, ()), META)
    assert held(view) == {
        "field:text:summary": "Door stuck", "field:option:priority": "2", "field:labels:labels": ["hot"],
        "field:date:duedate": "2026-12-24", "field:user:assignee": "a1",
        "field:long_text:description": write_rich_text(read_body("It *sticks*.")),
    }  # fmt: skip
    assert (view["title"]["text"], view["callback_id"]) == ("Edit OPS-1", "jira_edit")
    assert json.loads(view["private_metadata"])["labels"] == ["hot"]
    checked(view, ("modal",))


PLACES = (Option("1", "Berlin", (Option("2", "Roof"),)),)


@pytest.mark.parametrize(
    ("spec", "raw", "shown"),
    [
        (field("x", "number"), 12.5, "12.5"),
        (field("x", "datetime"), "2026-12-24T15:00:00.000+0100", 1_798_120_800),
        (field("x", "datetime"), None, None),
        (field("x", "options", "Gloves", "Goggles"), [{"id": "2", "value": "Goggles"}], ["2"]),
        (
            FieldSpec("x", "X", required=False, kind="cascading", options=PLACES),
            {"id": "1", "value": "Berlin", "child": {"id": "2", "value": "Roof"}},
            "1/2",
        ),
        (field("x", "users"), [{"name": "ada", "displayName": "Ada"}, {"name": "joe"}], ["ada", "joe"]),
        (field("x", "parent"), {"key": "OPS-9", "fields": {"summary": "Whole"}}, "OPS-9"),
        (field("x", "epic"), "OPS-9", "OPS-9"),
        (field("x", "sprint"), [{"id": 1, "name": "Old", "state": "closed"}, {"id": 2, "name": "New"}], "2"),
        (field("x", "sprint"), ["com.x.Sprint@1[id=3,state=ACTIVE,name=A, b,startDate=<null>]"], "3"),
        (field("x", "option", "Low"), {"id": "7", "name": "Gone"}, "left"),
        (field("x", "labels"), ["x" * 200], "left"),
        (field("x", "text"), "x" * 300, "left"),
        (field("x", "text"), None, None),
    ],
)
def test_every_kind_of_field_is_edited_from_what_it_holds(spec: FieldSpec, raw: Any, shown: Any) -> None:
    view = doing.edit_view(ISSUE, ((spec, field("summary", "text")), {"x": raw, "summary": "Door"}, ()), META)
    action = f"field:{spec.kind}:x"
    assert held(view).get(action, "left") == shown
    checked(view, ("modal",))
    for block in view["blocks"]:
        if block["type"] == "input":
            (state,) = sent(view)["state"]["values"][block["block_id"]].values()
            kind, _ = named(block["element"]["action_id"]) or ("text", "")
            assert not is_changed(block["block_id"], kind, state)
            assert is_changed(block["block_id"], kind, {"value": "else"}) == (kind in ("text", "number") or bool(raw))


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("Two\n\nparagraphs & a <tag>", True),
        ("*loud* and [here|https://x.test/]\n\n* one\n* two", True),
        ("[~ada] knows", False),
        ("||Head||\n|Cell|", False),
        ("x" * 3001, False),
        ("", True),
    ],
)
def test_a_text_is_typed_only_if_it_comes_back_as_it_was(words: str, kept: bool) -> None:  # noqa: FBT001
    fields = (field("summary", "text"), field("description", "long_text"))
    view = doing.edit_view(ISSUE, (fields, {"summary": "Door", "description": words}, ()), META)
    assert ("field:long_text:description" in held(view)) == kept


def test_what_a_form_cannot_give_back_is_left_to_jira() -> None:
    values = {"summary": "Door", "labels": ["x" * 200], "description": "[~ada] knows"}
    view = doing.edit_view(ISSUE, (EDITABLE, values, ("Team", "Budget")), META)
    assert [block["elements"][0]["text"] for block in view["blocks"][-2:]] == [
        "Labels, Description: too long or too rich for this form. <https://x.test/browse/OPS-1|Edit it in Jira>.",
        "There is no room for Team, Budget. <https://x.test/browse/OPS-1|Edit it in Jira>.",
    ]
    assert "field:labels:labels" not in held(view)
    nothing = doing.edit_view(ISSUE, ((), {}, ()), META)
    assert [block["type"] for block in nothing["blocks"]] == ["section"]


def test_the_form_of_the_status_asks_for_what_the_chosen_step_asks_for() -> None:
    asked = field("resolution", "option", "Done", "Won't do", required=True)
    steps = [Transition("1", "Resolve", "Done", (asked,)), Transition("2", "In Progress", "In progress")]
    before, after = doing.status_view(ISSUE, steps, META), doing.status_view(ISSUE, steps, META, "1")
    select = before["blocks"][1]["element"]
    assert [one["text"]["text"] for one in select["options"]] == ["Resolve → Done", "In Progress"]
    assert "initial_option" not in select
    assert after["blocks"][1]["element"]["initial_option"]["value"] == "1"
    assert (after["blocks"][2]["block_id"], after["blocks"][2]["optional"]) == ("resolution@1", False)
    for view in (before, after):
        checked(view, ("modal",))


def test_a_step_that_needs_what_cannot_be_shown_is_left_to_jira() -> None:
    steps = [
        Transition("1", "Resolve", "Done", (field("team", "unsupported", required=True),)),
        Transition("2", "Start", "Doing"),
    ]
    view = doing.status_view(ISSUE, steps, META, "1")
    assert view["blocks"][-1]["text"]["text"] == (
        ":warning: This step asks for Team, which cannot be shown here. <https://x.test/browse/OPS-1|Do it in Jira>."
    )
    assert ("submit" in view, json.loads(view["private_metadata"])) == (False, META)
    checked(view, ("modal",))


def test_a_form_that_is_refused_comes_back_with_what_was_typed_and_why() -> None:
    form = kept_form(sent(doing.log_work_view(META, 5), spent="2h", comment="Hm."))
    back = with_problems(form, "No.", {"timeLogged": "Too long.", "elsewhere": "Odd."}, NAMES)
    assert [block["block_id"] for block in back["blocks"]] == [
        "problem0", "spent", "problem-spent", "started", "comment",
    ]  # fmt: skip
    assert held(back) == {"spent": "2h", "started": None, "comment": "Hm."}
    checked(back, ("modal",))
    again = kept_form(sent(back, spent="1h"))
    assert [block["block_id"] for block in again["blocks"]] == ["spent", "started", "comment"]
    assert held(again)["spent"] == "1h"
    assert with_problems(again, "No.", {}, {})["blocks"][0]["text"]["text"] == ":warning: No."


words = st.one_of(st.text(max_size=300), st.just(HOSTILE), st.just(""))


@given(words, words, words, words, st.text("ab c", max_size=400))
def test_whatever_jira_holds_slack_takes_the_forms(one: str, two: str, three: str, four: str, long: str) -> None:
    issue = Issue(id="1", key="OPS-1", url="https://x.test", summary=one, status=two, priority=three, assignee=four,
                  assignee_id="a", labels=(one, two), description=long * 10, complete=True)  # fmt: skip
    asked = replace(field("x", "option", "Low", "High", required=True), name=one or "x")
    values = {"summary": one, "labels": [one, two], "description": long * 10, "assignee": {"name": four or "a"}}
    steps = [Transition("1", two or "x", three or "y", (asked,))]
    views = [doing.edit_view(issue, (EDITABLE, values, (three,)), META), doing.status_view(issue, steps, META, "1"),
             doing.add_to_view(META, prefilled(read_body(long * 10)), MESSAGE),
             doing.told_view(one or "x", ":x:", "said")]  # fmt: skip
    for view in views:
        checked(view, ("modal",))
        if "submit" in view:
            checked(with_problems(kept_form(sent(view)), one, {"step": two, "y": three}, {}), ("modal",))
