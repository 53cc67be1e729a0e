"""The forms in which people do something to an issue: what they show, what Slack takes, what comes back from them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.document import Document, Link, Paragraph, Text, plain
from adapters.jira.issue import Issue
from bot.modals import doing
from bot.modals.filling import kept_form, read_values, with_problems
from sandbox.slack.views import checked

META = {"issue": "eu/OPS-1", "channel": "T1/C1", "thread": "", "response_url": ""}
HOSTILE = "<!channel> <https://evil.example|good> & *x* \u202e\x00\ud800"
ISSUE = Issue(
    id="1", key="OPS-1", url="https://x.test/browse/OPS-1", summary="Door stuck", status="To Do", priority="High",
    labels=("hot", "connect-x"), due="2026-12-24", assignee="Ada", assignee_id="a1", description="It *sticks*.",
    complete=True,
)  # fmt: skip


def field(ident: str, kind: str, *options: str, required: bool = False, default: bool = False) -> dict[str, Any]:
    given = [(str(number), name) for number, name in enumerate(options, 1)]
    return {"id": ident, "name": ident.capitalize(), "required": required, "kind": kind, "options": given,
            "default": default}  # fmt: skip


EDITABLE = [
    field("summary", "text", required=True), field("priority", "option", "Low", "High"), field("labels", "labels"),
    field("duedate", "date"), field("assignee", "user"), field("description", "long"), field("parent", "other"),
]  # fmt: skip


def step(ident: str, name: str, to: str, *fields: dict[str, Any]) -> dict[str, Any]:
    return {"id": ident, "name": name, "to": to, "fields": list(fields)}


def sent(view: dict[str, Any], **typed: Any) -> dict[str, Any]:
    """The view as Slack sends it when it is submitted: untouched fields hold what they were filled with."""
    values: dict[str, dict[str, Any]] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element, name = block["element"], block["block_id"]
            kind = element["type"]
            where, initial = {
                "datepicker": ("selected_date", "initial_date"),
                "datetimepicker": ("selected_date_time", "initial_date_time"),
            }.get(
                kind, ("selected_option", "initial_option") if kind.endswith("select") else ("value", "initial_value")
            )
            value = typed.get(name, element.get(initial))
            values[name] = {element["action_id"]: {"type": kind, where: value}}
    return view | {"state": {"values": values}}


def test_the_form_of_editing_holds_the_fields_as_they_are() -> None:
    view = doing.edit_view(ISSUE, EDITABLE, META)
    assert read_values(sent(view)) == {
        "field:text:summary": "Door stuck", "field:option:priority": "2", "field:labels:labels": "hot",
        "field:date:duedate": "2026-12-24", "field:user:assignee": "a1", "field:long:description": "It *sticks*.",
    }  # fmt: skip
    assert (view["title"]["text"], view["callback_id"]) == ("Edit OPS-1", "jira_edit")
    assert json.loads(view["private_metadata"])["labels"] == ["hot"]
    checked(view, ("modal",))


@pytest.mark.parametrize(
    ("document", "typed"),
    [
        (plain("Two\n\nparagraphs & a <tag>"), "Two\n\nparagraphs & a <tag>"),
        (Document((Paragraph((Text("loud", frozenset({"strong"})),)),)), "*loud*"),
        (Document((Paragraph((Link("https://x.test/", "here"),)),)), None),
        (plain("x" * 3001), None),
        (Document(()), ""),
    ],
)
def test_a_text_is_typed_only_if_it_comes_back_as_it_was(document: Document, typed: str | None) -> None:
    assert doing.typeable(document) == typed


def test_what_a_form_cannot_give_back_is_left_to_jira() -> None:
    many = tuple(f"label-{number}" for number in range(60))
    issue = Issue(id="1", key="OPS-1", url=ISSUE.url, summary="Door", labels=many, description="[here|https://x.test/]")
    view = doing.edit_view(issue, EDITABLE, META)
    assert view["blocks"][-1]["elements"][0]["text"] == (
        "Labels, Description: too long or too rich for this form. <https://x.test/browse/OPS-1|Edit it in Jira>."
    )
    assert "field:labels:labels" not in read_values(sent(view))
    nothing = doing.edit_view(ISSUE, [field("parent", "other")], META)
    assert [block["type"] for block in nothing["blocks"]] == ["section"]


def test_the_form_of_the_status_asks_for_what_the_chosen_step_asks_for() -> None:
    asked = field("resolution", "option", "Done", "Won't do", required=True)
    steps = [step("1", "Resolve", "Done", asked), step("2", "In Progress", "In progress")]
    before, after = doing.status_view(ISSUE, steps, META), doing.status_view(ISSUE, steps, META, "1")
    select = before["blocks"][1]["element"]
    assert [one["text"]["text"] for one in select["options"]] == ["Resolve → Done", "In Progress"]
    assert "initial_option" not in select
    assert after["blocks"][1]["element"]["initial_option"]["value"] == "1"
    assert (after["blocks"][2]["block_id"], after["blocks"][2]["optional"]) == ("field:option:resolution", False)
    for view in (before, after):
        checked(view, ("modal",))


def test_a_step_that_needs_what_cannot_be_shown_is_left_to_jira() -> None:
    steps = [step("1", "Resolve", "Done", field("team", "other", required=True)), step("2", "Start", "Doing")]
    view = doing.status_view(ISSUE, steps, META, "1")
    assert view["blocks"][-1]["text"]["text"] == (
        ":warning: This step asks for Team, which cannot be shown here. <https://x.test/browse/OPS-1|Do it in Jira>."
    )
    assert ("submit" in view, json.loads(view["private_metadata"])) == (False, META)
    checked(view, ("modal",))
    by_itself = field("team", "other", required=True, default=True)
    assert "submit" in doing.status_view(ISSUE, [step("1", "Resolve", "Done", by_itself)], META, "1")


def test_a_form_that_is_refused_comes_back_with_what_was_typed_and_why() -> None:
    form = kept_form(sent(doing.log_work_view(META, 5), spent="2h", comment="Hm."))
    back = with_problems(form, "No.", {"spent": "Too long.", "elsewhere": "Odd."})
    assert [block["block_id"] for block in back["blocks"]] == [
        "problem0", "spent", "problem-spent", "started", "comment",
    ]  # fmt: skip
    assert read_values(sent(back)) == {"spent": "2h", "started": "5", "comment": "Hm."}
    checked(back, ("modal",))
    again = kept_form(sent(back, spent="1h"))
    assert [block["block_id"] for block in again["blocks"]] == ["spent", "started", "comment"]
    assert read_values(sent(again))["spent"] == "1h"
    assert with_problems(again, "No.", {})["blocks"][0]["text"]["text"] == ":warning: No."


words = st.one_of(st.text(max_size=300), st.just(HOSTILE), st.just(""))


@given(words, words, words, words, st.text("ab c", max_size=400))
def test_whatever_jira_holds_slack_takes_the_forms(one: str, two: str, three: str, four: str, long: str) -> None:
    issue = Issue(id="1", key="OPS-1", url="https://x.test", summary=one, status=two, priority=three, assignee=four,
                  assignee_id="a", labels=(one, two), description=long * 10, complete=True)  # fmt: skip
    asked = field("x", "option", "Low", "High", required=True) | {"name": one or "x"}
    steps = [step("1", two or "x", three or "y", asked)]
    views = [doing.edit_view(issue, EDITABLE, META), doing.status_view(issue, steps, META, "1"),
             doing.add_to_view(META, long * 10), doing.told_view(one or "x", ":x:", "said")]  # fmt: skip
    for view in views:
        checked(view, ("modal",))
        if "submit" in view:
            checked(with_problems(kept_form(sent(view)), one, {"step": two, "y": three}), ("modal",))
