"""The form "Create Jira issue": what it shows, what Slack takes, and what comes back from it. Pure."""

import json
from collections.abc import Callable
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.document import Document, Paragraph, Text
from adapters.jira.fields import FieldSpec, Kind, Option
from adapters.jira.forms import IssueType
from bot.create_screens import Screen
from bot.modals import open_issue
from bot.modals.create_issue import (
    CALLBACK,
    JIRA_NAMES,
    Form,
    created_view,
    creating_view,
    form_view,
    started,
    waiting_view,
)
from bot.modals.elements import Values, filled, interactive, option, picked, values_of
from bot.modals.fields import complaint, field_block, named, offered, value_of
from bot.modals.filling import kept_form, with_problems
from bot.modals.waiting import Wait
from sandbox.blocks import problems
from sandbox.slack.views import initial_values

HOSTILE = "<!channel> <@U1> <https://evil.example|good> & *x* \u202e\x00\ud800"
META = {"origin": "modal", "channel": "T1/C1", "thread": "T1/C1/1.2", "requester": "T1/U1", "form": "ab12"}
KINDS: tuple[Kind, ...] = (
    "text", "url", "long_text", "number", "date", "datetime", "option", "options", "cascading", "user", "users",
    "labels", "parent", "epic", "sprint",
)  # fmt: skip
BUG = IssueType("10004", "Bug", subtask=False)


def plain(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words}


def mrkdwn(words: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": words}


def modal(blocks: list[dict[str, Any]], close: str = "Close") -> dict[str, Any]:
    return {"type": "modal", "title": plain("Create Jira issue"), "close": plain(close), "blocks": blocks}


def block(block_id: str, label: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element} | more


def search(name: str, placeholder: str, chosen: str = "") -> dict[str, Any]:
    element: dict[str, Any] = {
        "type": "external_select", "min_query_length": 0, "action_id": name, "placeholder": plain(placeholder),
    }  # fmt: skip
    return element | ({"initial_option": option(chosen, chosen)} if chosen else {})


def usual(project: str = "", issue_type: str = "", summary: str = "", description: Any = None) -> list[dict[str, Any]]:
    words = {"type": "plain_text_input", "action_id": "summary", "max_length": 255}
    rich = {"type": "rich_text_input", "action_id": "description"}
    return [
        block("project", "Project", search("project", "Search projects", project), dispatch_action=True),
        block(f"issue_type@{project}", "Type", search("issue_type", "Task, Bug, …", issue_type), dispatch_action=True),
        block("summary", "Summary", words | ({"initial_value": summary} if summary else {})),
        block(
            "description", "Description", rich | ({"initial_value": description} if description else {}), optional=True
        ),
    ]


def taken(view: dict[str, Any]) -> None:
    """Slack takes this view."""
    assert problems(view["blocks"], "modal") == []
    assert len(view["title"]["text"]) <= 24
    assert len(view.get("private_metadata", "")) <= 3000
    assert len(json.dumps(view, ensure_ascii=False)) <= 250_000


def kept(view: dict[str, Any]) -> Values:
    """What Slack says of a form that nobody has touched."""
    return values_of({"state": {"values": initial_values(view["blocks"])}})


def sent(view: dict[str, Any]) -> dict[str, Any]:
    """The view as Slack sends it when nobody has touched it."""
    return view | {"state": {"values": initial_values(view["blocks"])}}


def refused(view: dict[str, Any], general: str = "", fields: dict[str, str] | None = None) -> dict[str, Any]:
    """The view as it comes back after it was sent off and refused."""
    return with_problems(kept_form(sent(view)), general, fields or {}, JIRA_NAMES)


def rich(words: str) -> dict[str, Any]:
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": words}]}],
    }


# --- the form --------------------------------------------------------------------------------------------------------


def test_an_empty_form_asks_for_what_every_issue_has() -> None:
    assert form_view(Form(), META) == modal(usual(), "Cancel") | {
        "callback_id": CALLBACK, "submit": plain("Create"), "private_metadata": json.dumps(ordered(META)),
    }  # fmt: skip
    taken(form_view(Form(), META))


def ordered(meta: dict[str, Any]) -> dict[str, Any]:
    names = ("origin", "channel", "thread", "place", "signed", "requester", "form")
    return {name: meta[name] for name in names if name in meta}


def test_what_is_known_is_filled_in() -> None:
    values = started("OPS", "Bug", "Printer is on fire", Document((Paragraph((Text("It burns."),)),)))
    assert form_view(Form(values), {})["blocks"] == usual("OPS", "Bug", "Printer is on fire", rich("It burns."))


def test_what_is_too_long_is_cut_to_what_the_field_takes() -> None:
    blocks = form_view(Form(started("P" * 500, "T" * 500, "s" * 500)), {})["blocks"]
    assert blocks[0]["element"]["initial_option"] == {"text": plain("P" * 74 + "…"), "value": "P" * 150}
    assert blocks[2]["element"]["initial_value"] == "s" * 254 + "…"


def spec(number: int, kind: Kind = "text", *, required: bool = False, options: int = 0) -> FieldSpec:
    chosen_from = tuple(Option(str(each), f"Option {each}") for each in range(options))
    return FieldSpec(f"customfield_{number}", f"Field {number}", required, kind, chosen_from)


def test_the_largest_screen_is_still_a_view_that_slack_takes() -> None:
    fields = tuple(spec(number, "options", required=number % 2 == 0, options=20) for number in range(300))
    view = form_view(Form(started("OPS", "Bug"), Screen("OPS", (BUG,), BUG, fields)), META | {"more": True})
    taken(view)
    said = [each["text"] for block in view["blocks"] if block["type"] == "context" for each in block["elements"]]
    assert said == ["240 more fields are in Jira's own form."]
    taken(refused(view, "No.", {field.id: "&" * 900 for field in fields} | {f"x{n}": "y" for n in range(50)}))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_field_is_a_block_that_slack_takes(kind: Kind) -> None:
    for many in (2, 50):
        field = spec(1, kind, options=many if kind in ("option", "options", "cascading") else 0)
        made = field_block(field, {}, "OPS.1")
        taken(modal([made]))
        assert named(made["element"]["action_id"]) == (kind, "customfield_1")
        searched = "external" in made["element"]["type"]
        assert searched == (kind in ("user", "users", "labels", "parent", "epic", "sprint") or bool(field.options[20:]))


def test_a_long_address_of_jiras_own_form_is_cut_between_characters() -> None:
    beyond = FieldSpec("customfield_1", "Approvers", required=True, kind="unsupported")
    screen = Screen("OPS", (BUG,), BUG, (beyond,), "https://jira.example.com/x?pid=1")
    values = started("OPS", "Bug", "ä" * 255, Document((Paragraph((Text("ö" * 4000),)),)))
    view = form_view(Form(values, screen), {})
    address = next(block["accessory"]["url"] for block in view["blocks"] if "accessory" in block)
    assert 2890 < len(address) <= 2900
    assert address.endswith("%C3%B6")
    taken(view)


# --- after a refusal -------------------------------------------------------------------------------------------------


def test_each_refusal_stands_beneath_its_field_and_the_rest_above() -> None:
    before = form_view(Form(started("OPS", "Bug", "Printer")), META)
    said = {"summary": "Too <!here>", "customfield_10050": "Needed.", "issuetype": "No such type."}
    view = refused(before, "Jira refused it.", said)
    expected = usual("OPS", "Bug", "Printer")
    assert view["blocks"] == [
        {"type": "section", "text": mrkdwn(":warning: Needed."), "block_id": "problem0"},
        expected[0], expected[1],
        {"type": "context", "elements": [mrkdwn(":warning: No such type.")], "block_id": "problem-issue_type@OPS"},
        expected[2],
        {"type": "context", "elements": [mrkdwn(":warning: Too &lt;!here&gt;")], "block_id": "problem-summary"},
        expected[3],
    ]  # fmt: skip
    # What was said is not said again when it is sent once more.
    assert refused(view)["blocks"] == expected


def test_a_refusal_in_general_stands_above_if_no_field_is_named() -> None:
    before = form_view(Form(), META)
    view = refused(before, "You may not create issues in <OPS>.")
    said = mrkdwn(":warning: You may not create issues in &lt;OPS&gt;.")
    assert view["blocks"] == [{"type": "section", "text": said, "block_id": "problem0"}, *usual()]


def test_the_form_waits_and_then_shows_the_issue_with_inert_text() -> None:
    waiting = creating_view(HOSTILE)
    assert waiting == modal(
        [
            {
                "type": "section",
                "text": mrkdwn(
                    ":hourglass_flowing_sand: Creating "
                    "*&lt;!channel&gt; &lt;@U1&gt; &lt;https://evil.example|good&gt; &amp; x* in Jira…"
                ),
            },
            {"type": "context", "elements": [mrkdwn("You may close this: the card will appear all the same.")]},
        ]
    )
    done = created_view("OPS-1", "https://example.atlassian.net/browse/OPS-1", "Printer & fire")
    assert done == modal(
        [
            {
                "type": "section",
                "text": mrkdwn(
                    ":white_check_mark: <https://example.atlassian.net/browse/OPS-1|OPS-1> *Printer &amp; fire*"
                ),
            }
        ]
    )
    for view in (
        waiting,
        done,
        creating_view("&" * 5000),
        waiting_view("&" * 5000, Wait("Jira")),
        created_view("OPS-1", "javascript:alert(1)", ""),
    ):
        taken(view)
        assert "callback_id" not in view


@pytest.mark.parametrize(
    ("shown", "value", "expected"),
    [
        ("Operations (OPS)", "OPS", {"text": plain("Operations (OPS)"), "value": "OPS"}),
        ("n" * 76, "v" * 151, {"text": plain("n" * 74 + "…"), "value": "v" * 150}),
        ("a\x00b\u202ec", "x", {"text": plain("abc"), "value": "x"}),
        ("<!channel> & more", "x", {"text": plain("<!channel> & more"), "value": "x"}),
    ],
)
def test_a_choice_fits_a_menu(shown: str, value: str, expected: dict[str, Any]) -> None:
    assert option(shown, value) == expected


# --- what comes back -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "state", "value"),
    [
        ("text", {"value": " It melts "}, "It melts"),
        ("text", {"value": "  "}, None),
        ("number", {"value": "12.5"}, "12.5"),
        ("date", {"selected_date": "2026-12-24"}, "2026-12-24"),
        ("datetime", {"selected_date_time": 1_798_120_800}, 1_798_120_800),
        ("long_text", {"rich_text_value": rich("x")}, rich("x")),
        ("option", {"selected_option": option("High", "1")}, "1"),
        ("cascading", {"selected_option": option("Berlin › Roof", "1/2")}, "1/2"),
        ("options", {"selected_options": [option("a", "1"), option("b", "2")]}, ["1", "2"]),
        ("labels", {"selected_options": []}, None),
        ("user", {"selected_option": None}, None),
    ],
)
def test_what_was_typed_or_chosen_is_read(kind: Kind, state: dict[str, Any], value: Any) -> None:
    assert value_of(kind, state) == value


def test_only_what_is_cheap_to_judge_is_judged_before_jira_is_asked() -> None:
    assert [complaint("number", typed) for typed in ("12.5", "1,5", "-3")] == ["", "", ""]
    assert complaint("number", "nan") == complaint("number", "a few") == "Please type a number, such as 3.5."
    assert (complaint("date", "2026-12-24"), complaint("date", "tomorrow")) == ("", "Please choose a date.")
    assert complaint("text", "anything") == ""


def test_a_cascading_choice_is_made_in_one_list() -> None:
    places = (Option("1", "Berlin", (Option("2", "Roof"),)), Option("3", "Rome"))
    assert offered(places) == [option("Rome", "3"), option("Berlin", "1"), option("Berlin › Roof", "1/2")]


def test_a_choice_is_filled_in_only_where_it_is_offered() -> None:
    menu = {"type": "static_select", "action_id": "x", "options": [option("High", "1")]}
    assert filled(menu, picked(option("anything", "1"))) == menu | {"initial_option": option("High", "1")}
    assert filled(menu | {"initial_option": option("High", "1")}, picked(option("Low", "2"))) == menu
    by_name = field_block(spec(1, "options", options=3), picked(option("option 2", "option 2")), "")
    assert by_name["element"]["initial_options"] == [option("Option 2", "2")]


def test_what_is_missing_null_or_of_another_type_is_empty() -> None:
    for odd in ({}, {"state": None}, {"state": {"values": {"a": None, "b": {"c": 5}}}}):
        assert all(state == {} for state in values_of(odd).values())
    assert named("summary") is None


words = st.text(max_size=80)


@given(words, words, words, words, st.dictionaries(st.sampled_from(["summary", "project", "x", "y"]), words))
def test_whatever_was_typed_and_refused_slack_takes_the_form(
    project: str, kind: str, summary: str, general: str, said: dict[str, str]
) -> None:
    view = form_view(Form(started(project, kind, summary)), META)
    taken(view)
    again = refused(view, general, said)
    taken(again)
    assert set(interactive(again["blocks"])) == set(interactive(view["blocks"]))
    assert cast("dict[str, Any]", kept(again)) == kept(view)


def waiting(title: str) -> dict[str, Any]:
    return open_issue.waiting_view(title, Wait("GitHub"))


@pytest.mark.parametrize("view", [creating_view, open_issue.creating_view, waiting])
def test_a_title_with_asterisks_does_not_end_the_bold(view: Callable[[str], dict[str, Any]]) -> None:
    assert "*a b c &lt;d&gt;*" in view("a *b* c <d>")["blocks"][0]["text"]["text"]
