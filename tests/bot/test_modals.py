"""The form "Create Jira issue": what it shows, what Slack takes, and what comes back from it."""

import json
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.modals.create_issue import (
    BLOCK_OF,
    CALLBACK,
    Form,
    Problems,
    created_view,
    creating_view,
    form_view,
    option,
    read_form,
)
from sandbox.blocks import problems

HOSTILE = "<!channel> <@U1> <https://evil.example|good> & *x* \u202e\x00\ud800"
META = {"origin": "modal", "channel": "T1/C1", "thread": "T1/C1/1.2", "requester": "T1/U1"}


def plain(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words}


def mrkdwn(words: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": words}


def select(name: str, label: str, placeholder: str, chosen: str = "") -> dict[str, Any]:
    element: dict[str, Any] = {
        "type": "external_select", "action_id": name, "min_query_length": 0, "placeholder": plain(placeholder),
    }  # fmt: skip
    if chosen:
        element["initial_option"] = {"text": plain(chosen), "value": chosen}
    return {"type": "input", "block_id": name, "label": plain(label), "element": element}


def typed(name: str, label: str, limit: int, words: str = "", **more: Any) -> dict[str, Any]:
    element: dict[str, Any] = {"type": "plain_text_input", "action_id": name, "max_length": limit, **more}
    return {
        "type": "input", "block_id": name, "label": plain(label),
        "element": element | ({"initial_value": words} if words else {}),
    }  # fmt: skip


def modal(blocks: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "modal", "title": plain("Create Jira issue"), "close": plain("Close"), "blocks": blocks}


def warning(words: str, kind: str = "context") -> dict[str, Any]:
    shown = mrkdwn(f":warning: {words}")
    return {"type": "context", "elements": [shown]} if kind == "context" else {"type": "section", "text": shown}


EMPTY = [
    select("project", "Project", "Search projects"), select("issue_type", "Type", "Task, Bug, …"),
    typed("summary", "Summary", 255), typed("description", "Description", 3000, multiline=True) | {"optional": True},
]  # fmt: skip


def taken(view: dict[str, Any]) -> None:
    """Slack takes this view."""
    assert problems(view["blocks"], "modal") == []
    assert len(view["title"]["text"]) <= 24
    assert len(view.get("private_metadata", "")) <= 3000
    json.dumps(view).encode()


def test_an_empty_form_asks_for_everything() -> None:
    assert form_view(Form(), META) == modal(EMPTY) | {
        "callback_id": CALLBACK, "submit": plain("Create"), "private_metadata": json.dumps(META),
    }  # fmt: skip
    taken(form_view(Form(), META))


def test_what_is_known_is_filled_in() -> None:
    view = form_view(Form("OPS", "Bug", "Printer is on fire", "It burns.\nHelp!"), {})
    assert view["blocks"] == [
        select("project", "Project", "Search projects", "OPS"), select("issue_type", "Type", "Task, Bug, …", "Bug"),
        typed("summary", "Summary", 255, "Printer is on fire"),
        typed("description", "Description", 3000, "It burns.\nHelp!", multiline=True) | {"optional": True},
    ]  # fmt: skip
    assert view["private_metadata"] == "{}"
    taken(view)


def test_what_is_too_long_is_cut_to_what_the_field_takes() -> None:
    blocks = form_view(Form("P" * 500, "T" * 500, "s" * 500, "d" * 5000), {})["blocks"]
    assert blocks[0]["element"]["initial_option"] == {"text": plain("P" * 74 + "…"), "value": "P" * 150}
    assert blocks[2]["element"]["initial_value"] == "s" * 254 + "…"
    assert blocks[3]["element"]["initial_value"] == "d" * 2999 + "…"


def test_each_refusal_stands_beneath_its_field_and_the_rest_above() -> None:
    said = {
        "summary": "Too short <!channel>", "customfield_10050": "Employee number is required.",
        "project": "Unknown & gone.", "issuetype": "No such type.", "description": "Too long.",
    }  # fmt: skip
    view = form_view(Form(), META, Problems("Jira refused it.", said))
    assert view["blocks"] == [
        warning("Employee number is required.", "section"),
        EMPTY[0], warning("Unknown &amp; gone."), EMPTY[1], warning("No such type."),
        EMPTY[2], warning("Too short &lt;!channel&gt;"), EMPTY[3], warning("Too long."),
    ]  # fmt: skip
    taken(view)


def test_a_refusal_in_general_stands_above_if_no_field_is_named() -> None:
    view = form_view(Form(), META, Problems("You may not create issues in <OPS>."))
    assert view["blocks"] == [warning("You may not create issues in &lt;OPS&gt;.", "section"), *EMPTY]
    taken(view)


def test_every_field_of_jiras_that_the_form_has_is_a_block_of_it() -> None:
    assert sorted(BLOCK_OF.values()) == sorted(block["block_id"] for block in EMPTY)


def test_a_refusal_of_many_and_long_fields_is_still_a_view_that_slack_takes() -> None:
    fields = {f"customfield_{number}": f"{number} " + "&" * 5000 for number in range(150)}
    taken(form_view(Form("OPS", "Bug", "x", "y"), META, Problems("No.", fields)))


def test_the_form_waits_and_then_shows_the_issue_with_inert_text() -> None:
    waiting = creating_view(HOSTILE)
    assert waiting == modal(
        [
            {
                "type": "section",
                "text": mrkdwn(
                    ":hourglass_flowing_sand: Creating "
                    "*&lt;!channel&gt; &lt;@U1&gt; &lt;https://evil.example|good&gt; &amp; *x* * in Jira…"
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
    for view in (waiting, done, creating_view("&" * 5000), created_view("OPS-1", "javascript:alert(1)", "")):
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


def state(project: Any = None, issue_type: Any = None, summary: Any = None, description: Any = None) -> dict[str, Any]:
    """`view.state.values`, as Slack sends it."""
    return {
        "project": {"project": {"type": "external_select", "selected_option": project}},
        "issue_type": {"issue_type": {"type": "external_select", "selected_option": issue_type}},
        "summary": {"summary": {"type": "plain_text_input", "value": summary}},
        "description": {"description": {"type": "plain_text_input", "value": description}},
    }


def test_what_was_chosen_and_typed_is_read() -> None:
    given = state({"text": plain("Operations"), "value": "OPS"}, {"value": "Bug"}, "Printer", "It\r\nburns")
    assert read_form(given) == Form("OPS", "Bug", "Printer", "It\nburns")


def test_what_is_missing_null_or_of_another_type_is_empty() -> None:
    assert read_form(state()) == read_form({}) == Form()
    assert read_form(state("OPS", 5, ["x"], {"x": 1})) == Form()
    assert read_form({"project": None, "summary": {"summary": None}, "description": []}) == Form()


words = st.text(max_size=80)


@given(
    st.builds(Form, words, words, words, words), words, st.dictionaries(st.sampled_from([*BLOCK_OF, "x", "y"]), words)
)
def test_whatever_was_typed_and_refused_slack_takes_the_form(form: Form, general: str, fields: dict[str, str]) -> None:
    taken(form_view(form, META, Problems(general, fields)))


def filled(view: dict[str, Any]) -> dict[str, Any]:
    """What Slack sends back if the person changes nothing."""
    values: dict[str, Any] = {}
    for block in cast("list[dict[str, Any]]", view["blocks"]):
        if block["type"] == "input":
            element = block["element"]
            name = element["action_id"]
            given = {"selected_option": element.get("initial_option"), "value": element.get("initial_value")}
            values[block["block_id"]] = {name: given}
    return values


nice = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs")), max_size=70)


@given(st.builds(Form, nice, nice, nice, nice))
def test_a_form_that_comes_back_unchanged_holds_what_it_was_filled_with(form: Form) -> None:
    assert read_form(filled(form_view(form, META))) == form
