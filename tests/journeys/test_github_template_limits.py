"""Templates that Slack has no room for, that cannot be read, or that lie where they lay of old."""

import json
from typing import Any

from sandbox.slack import MEMBER
from tests.bot.test_issue_templates import FORM, MARKDOWN
from tests.journeys import forms, on_github
from tests.journeys.on_github import account
from tests.journeys.test_github_issue_form import FOLDER, HEAD, TAIL, opened, options
from tests.journeys.test_opening_on_github import body, cards, newest
from tests.world import World

world = on_github.world


def lay(world: World, **files: str) -> None:
    """Files in the folder of templates; `bug_yml` is bug.yml."""
    account(world)
    for name, content in files.items():
        world.github.contents["acme/web", f"{FOLDER}/{name.replace('_', '.')}"] = content


def form(*parts: dict[str, Any], **head: Any) -> str:
    return json.dumps({"name": "Survey", "description": "Much", "body": [*parts], **head})


def part(kind: str, label: str, *, required: bool = False, **attributes: Any) -> dict[str, Any]:
    return {"type": kind, "attributes": {"label": label, **attributes}, "validations": {"required": required}}


def test_a_form_of_forty_long_dropdowns_is_shown_whole(world: World) -> None:
    choices = [f"Choice {number} {'of many words ' * 4}end {number}" for number in range(120)]
    parts = (f"- {{type: dropdown, attributes: {{label: Part {number}, options: *all}}}}\n" for number in range(40))
    lay(world, survey_yml=f"options: &all {json.dumps(choices)}\nname: Survey\nbody:\n{''.join(parts)}")
    opened(world)
    view = forms.fill(world, {"Template": "Survey"})
    assert forms.labels(view) == ["Repository", "Template", "Title", *(f"Part {each}" for each in range(40)), *TAIL]
    assert forms.said(view) == []
    assert options(world, "Part 39", "CHOICE 119") == [choices[119]]
    assert len(options(world, "Part 0")) == 100
    forms.fill(world, {"Title": "Door", "Part 39": "Choice 119"})
    forms.submit(world)
    assert f"### Part 39\n\n{choices[119]}\n" in body(newest(world))
    assert "### Part 38\n\n_No response_\n" in body(newest(world))


def test_what_has_no_room_is_named_with_a_way_to_all_of_it(world: World) -> None:
    parts = [part("textarea", f"Part {number}", placeholder="x" * 200) for number in range(90)]
    shots = part("upload", "Screenshots")
    lay(world, a_survey_yml=form(*parts, shots, part("input", "Last", required=True), projects=["acme/7"]))
    opened(world)
    view = forms.fill(world, {"Template": "Survey"})
    assert forms.labels(view)[3:-3] == [*(f"Part {number}" for number in range(79)), "Last"]
    address = f"{world.github.url}/acme/web/issues/new?template=a.survey.yml"
    assert forms.said(view)[1:] == [
        "Left out here: “Part 79”, “Part 80”, “Part 81”, “Part 82”, “Part 83” and 7 more. I do not add the issue to "
        f"its projects (acme/7). <{address}|Fill it in on GitHub>."
    ]
    assert forms.field(view, "Part 0")["hint"]["text"] == f"For example: {'x' * 200}"
    forms.fill(world, {"Title": "Door", "Last": "me"})
    forms.submit(world)
    assert body(newest(world)).endswith(
        "### Screenshots\n\n_No response_\n\n### Last\n\nme\n\nReported by Mia Member in Slack"
    )


def test_what_must_be_told_and_cannot_be_is_said_before_anything_is_typed(world: World) -> None:
    lay(world, a_yml=form(part("upload", "Screenshots", required=True), part("input", "Why")), bug_md=MARKDOWN)
    opened(world)
    view = forms.fill(world, {"Title": "Door", "Template": "Survey"})
    assert forms.labels(view) == ["Repository", "Template"]
    assert forms.said(view) == [
        "Much",
        ":no_entry: This cannot be filled in here. It has to say what Slack has no field or no room for: "
        f"“Screenshots”. <{world.github.url}/acme/web/issues/new?template=a.yml|Fill it in on GitHub>.",
    ]
    assert world.slack.submit(MEMBER, view["id"]).trouble == ""
    errors = world.slack.form_errors[forms.current(world)["id"]]
    assert [*errors.values()] == ["Fill this template in on GitHub, or choose another."]
    view = forms.fill(world, {"Template": "Bug report"})
    assert forms.shown(view, "Title") == "Door"
    forms.submit(world)
    assert newest(world).title == "Door"


def test_a_long_template_stands_in_several_fields(world: World) -> None:
    text = "".join(f"## Part {number}\n<!-- {'words ' * 60}-->\n\n" for number in range(12)).strip()
    lay(world, long_md=f"---\nname: Long one\n---\n{text}")
    opened(world)
    view = forms.fill(world, {"Template": "Long one"})
    several = [f"Description ({number} of 4)" for number in (1, 2, 3, 4)]
    assert forms.labels(view) == ["Repository", "Template", "Title", *several, *TAIL]
    begun = [str(forms.shown(view, label)) for label in several]
    assert ("\n".join(begun), {len(each) < 2001 for each in begun}) == (text, {True})
    forms.fill(world, {"Title": "Door", several[3]: f"{begun[3]}\nIt sticks"})
    forms.submit(world)
    assert body(newest(world)) == f"{text}\nIt sticks\n\nReported by Mia Member in Slack"


def test_what_cannot_be_read_is_named_and_the_plain_form_serves(world: World) -> None:
    lay(world, bug_yml="name: [", config_yml="contact_links: }")
    view = opened(world)
    assert forms.labels(view) == [*HEAD, "Description", *TAIL]
    address = f"{world.github.url}/acme/web/issues/new/choose"
    assert forms.said(view) == [
        ":warning: Not offered here: bug.yml (its YAML cannot be read, line 1) · config.yml (its YAML cannot be read, "
        f"line 1). <{address}|All of them on GitHub>."
    ]
    forms.fill(world, {"Title": "Door"})
    forms.submit(world)
    assert cards(world) == ["acme/web#3: Door (Open)"]


def test_the_one_template_of_old_begins_a_blank_issue(world: World) -> None:
    account(world)
    world.github.contents["acme/web", "docs/issue_template.md"] = "Never seen"
    world.github.contents["acme/web", "ISSUE_TEMPLATE.md"] = "**What happened**\n\n@octocat"
    view = opened(world)
    assert forms.labels(view) == [*HEAD, "Description", "In your words", *TAIL]
    assert forms.shown(view, "Description") == "**What happened**\n\n@octocat"
    forms.fill(world, {"Title": "Door", "In your words": "It sticks"})
    forms.submit(world)
    assert body(newest(world)) == (
        "**What happened**\n\n@octocat\n\nIt sticks\n\nReported by Mia Member in Slack"
    )  # fmt: skip


def test_a_template_gives_its_type_and_maintainers_may_do_without(world: World) -> None:
    lay(world, a_md=MARKDOWN.replace("labels", "type: Bug\nlabels"), config_yml="blank_issues_enabled: false")
    world.github.repos[0].types = ("Bug",)
    opened(world)
    assert options(world, "Template") == ["Bug report"]
    forms.fill(world, {"Template": "Bug report", "Title": "Door"})
    forms.submit(world)
    assert newest(world).type == "Bug"
    world.github.repos[0].types = ()
    account(world, "write")
    world.advance(301)
    opened(world)
    assert options(world, "Template") == ["Bug report", "Blank issue (maintainers only)"]
    forms.fill(world, {"Template": "Bug report", "Title": "Window"})
    view = forms.submit(world)
    assert forms.said(view)[0].partition("Window>. ")[2] == (
        "GitHub left out its type: that takes a higher role there, or its owner has no such type."
    )
    world.advance(2)
    opened(world)
    forms.fill(world, {"Template": "Blank issue (maintainers only)", "Title": "Wall"})
    forms.submit(world)
    assert (newest(world).title, body(newest(world))) == ("Wall", "Reported by Mia Member in Slack")


def test_a_form_that_was_sent_before_it_was_drawn_anew_waits_for_it(world: World) -> None:
    lay(world, a_yml=FORM, bug_md=MARKDOWN)
    opened(world)
    view = forms.fill(world, {"Template": "Crash"})
    block = forms.field(view, "Template")
    chosen = forms.offered(world, view, "Template", "Bug")[0]
    view["state"]["values"][block["block_id"]]["github_template"]["selected_option"] = chosen
    forms.fill(world, {"Title": "Door", "What happened?": "It burns", "Before you send": True})
    assert world.slack.submit(MEMBER, view["id"]).trouble == ""
    errors = world.slack.form_errors[forms.current(world)["id"]]
    assert [*errors.values()] == ["The form does not show this template yet. Choose it once more."]
