"""The form "Create GitHub issue": from a command, a message or nothing; templates, what may be chosen, refusals."""

from typing import Any

import pytest

from sandbox.slack import ADMIN, GENERAL, GUEST, MEMBER, PRIVATE
from tests.bot.test_issue_templates import FORM, MARKDOWN
from tests.journeys import forms, on_github
from tests.journeys.on_github import account, told
from tests.journeys.test_opening_on_github import body, cards, newest
from tests.world import World

world = on_github.world

FOLDER = ".github/ISSUE_TEMPLATE"
HEAD, TAIL = ["Repository", "Title"], ["Labels", "Assignees", "Milestone"]
FORUM = "contact_links:\n- {name: Forum, url: https://example.com/forum, about: Ask there}\n"


@pytest.fixture
def templates(world: World) -> World:
    """`acme/web` has a template and an issue form, and takes no other issues."""
    for name, content in (
        ("bug.md", MARKDOWN),
        ("form.yml", FORM),
        ("config.yml", f"blank_issues_enabled: false\n{FORUM}"),
    ):
        world.github.contents["acme/web", f"{FOLDER}/{name}"] = content
    account(world)
    world.github.allow("acme/web", "octocat", "write")
    return world


def opened(world: World, words: str = "open acme/web") -> dict[str, Any]:
    assert world.slack.command(MEMBER, GENERAL, "/github", words).trouble == ""
    world.settle()
    return forms.current(world)


def options(world: World, label: str, query: str = "") -> list[str]:
    view = forms.current(world)
    return [each["text"]["text"] for each in forms.offered(world, view, label, query)]


def test_the_form_opens_at_once_and_makes_an_issue(world: World) -> None:
    account(world)
    world.github.add_milestone("acme/web", "1.0")
    assert world.slack.command(MEMBER, GENERAL, "/github", "open acme/web").trouble == ""
    view = forms.current(world)
    assert forms.labels(view) == [*HEAD, "Description", *TAIL]
    assert (forms.shown(view, "Repository"), forms.said(view)) == ("acme/web", ["Reading the templates of acme/web…"])
    world.settle()
    assert forms.said(forms.current(world)) == []
    assert (options(world, "Labels", "b"), options(world, "Assignees", "ad")) == (["bug"], ["ada"])
    filled = {"Title": "Door", "Description": "It *sticks*", "Labels": ["bug"], "Assignees": ["ada"]}
    forms.fill(world, {**filled, "Milestone": "1.0"})
    view = forms.submit(world)
    assert forms.said(view) == [f":white_check_mark: Created <{world.github.url}/acme/web/issues/3|acme/web#3 Door>."]
    ticket = newest(world)
    shown = (ticket.title, ticket.labels, [person.login for person in ticket.assignees], ticket.milestone)
    assert shown == ("Door", ["bug"], ["ada"], world.github.repos[0].milestones[1])
    assert body(ticket) == "It \\*sticks\\*\n\nReported by Mia Member in Slack"
    assert cards(world) == ["acme/web#3: Door (Open)"]


def test_a_message_becomes_an_issue_with_its_thread(world: World) -> None:
    account(world)
    words = [{"type": "text", "text": "The door ", "style": {"bold": True}}, {"type": "text", "text": "is stuck"}]
    rich = {"type": "rich_text_section", "elements": words}
    blocks: list[dict[str, Any]] = [{"type": "rich_text", "elements": [rich]}]
    ts = world.slack.say(ADMIN, GENERAL, "The door is stuck", blocks=blocks)
    assert world.slack.message_shortcut(MEMBER, GENERAL, ts, "create_github_issue_from_message").trouble == ""
    view = forms.current(world)
    assert forms.shown(view, "Title") == "The door is stuck"
    assert forms.shown(view, "Description") == "*The door *is stuck"
    assert forms.said(view) == ["From a message of Ada Admin; the issue will have a link to it."]
    forms.fill(world, {"Repository": "acme/web"})
    world.settle()
    forms.submit(world)
    address = f"https://sandbox.slack.com/archives/{GENERAL}/p{ts.replace('.', '')}"
    assert body(newest(world)) == (
        f"**The door** is stuck\n\nWritten by Ada Admin, reported by Mia Member [in Slack]({address})"
    )
    assert [message["text"] for message in world.slack.thread(GENERAL, ts)[1:]] == [
        "acme/web#3: The door is stuck (Open)"
    ]
    world.advance(2)
    world.slack.say(ADMIN, GENERAL, "Oil it", thread_ts=ts)
    world.settle()
    assert "Oil it" in newest(world).comments[0].body


def test_what_may_be_chosen_is_what_a_person_may_see(world: World) -> None:
    assert world.slack.global_shortcut(MEMBER, "create_github_issue").trouble == ""
    assert forms.shown(forms.current(world), "Repository") is None
    assert options(world, "Repository") == ["acme/web"]
    assert options(world, "Repository", "octo/app") == ["octo/app"]
    assert options(world, "Labels") == []
    account(world, "read", repo="acme/secret")
    world.advance(301)
    assert options(world, "Repository", "SECRET") == ["acme/secret"]
    forms.fill(world, {"Repository": "acme/secret", "Title": "Vault"})
    world.settle()
    assert options(world, "Labels") == ["bug", "docs"]
    forms.submit(world)
    direct = world.slack.direct(MEMBER).id
    assert cards(world, direct) == ["acme/secret#1: Vault (Open)"]


def test_where_a_channel_has_one_repository_it_stands_there(world: World) -> None:
    world.slack.command(MEMBER, GENERAL, "/github", "subscribe acme/web")
    assert forms.shown(opened(world, "open"), "Repository") == "acme/web"
    account(world, "read", repo="acme/secret")
    world.slack.command(MEMBER, PRIVATE, "/github", "default acme/secret")
    world.slack.command(MEMBER, PRIVATE, "/github", "open")
    assert forms.shown(forms.current(world), "Repository") == "acme/secret"


# --- templates -------------------------------------------------------------------------------------------------------


def test_a_template_is_chosen_and_filled_in(templates: World) -> None:
    world = templates
    view = opened(world)
    assert forms.labels(view) == ["Repository", "Template", "Title", "Description", *TAIL]
    assert options(world, "Template") == ["Crash", "Bug report"]
    assert forms.said(view) == ["Elsewhere: <https://example.com/forum|Forum> Ask there"]
    assert forms.field(view, "Template")["optional"] is False
    view = forms.fill(world, {"Template": "Bug report"})
    assert (forms.shown(view, "Title"), forms.shown(view, "Labels")) == ("[BUG] ", ["bug", "help wanted"])
    text = str(forms.shown(view, "Description"))
    assert text.startswith("**What happened**\n<!-- in short -->")
    forms.fill(world, {"Title": "[BUG] Door", "Description": f"{text}\nSee @octocat in #1"})
    forms.submit(world)
    ticket = newest(world)
    # The label “help wanted” is not there, so GitHub itself would leave it out.
    assert (ticket.title, ticket.labels) == ("[BUG] Door", ["bug"])
    assert body(ticket) == f"{text}\nSee @\u200boctocat in #\u200b1\n\nReported by Mia Member in Slack"


def test_an_issue_form_is_filled_in_and_written_as_github_writes_it(templates: World) -> None:
    world = templates
    opened(world)
    view = forms.fill(world, {"Description": "It sticks", "Template": "Crash"})
    asked = ["Contact", "What happened?", "Log", "Version", "Before you send"]
    assert forms.labels(view) == ["Repository", "Template", "Title", *asked, "In your words", *TAIL]
    assert forms.said(view)[1:3] == [
        "Elsewhere: <https://example.com/forum|Forum> Ask there",
        "Thanks for *telling* us!",
    ]
    assert forms.shown(view, "What happened?") == "A bug!\n"
    assert forms.shown(view, "Version") == ["off"]
    view = forms.fill(world, {"Title": "[Bug]: Door", "What happened?": "A bug!\nIt `burns`", "Log": "lp -d hell"})
    boxes = forms.field(view, "Before you send")
    ticked = view["state"]["values"][boxes["block_id"]][boxes["element"]["action_id"]]
    ticked["selected_options"] = boxes["element"]["options"][1:]
    assert world.slack.submit(MEMBER, forms.current(world)["id"]).trouble == ""
    errors = world.slack.form_errors[forms.current(world)["id"]]
    assert [*errors.values()] == ["Tick what has to be ticked: “I agree to the [rules](https://example.com)”."]
    view = forms.fill(world, {"Version": ["1.0", "true"], "Before you send": True})
    forms.submit(world)
    assert body(newest(world)) == (
        "### Contact\n\n_No response_\n\n### What happened?\n\nA bug!\nIt `burns`\n\n"
        "### Log\n\n```shell\nlp -d hell\n```\n\n### Version\n\n1\\.0, true\n\n"
        "### Before you send\n\n- [x] I agree to the [rules](https://example.com)\n"
        "- [x] I would help\n\nIt sticks\n\nReported by Mia Member in Slack"
    )
    assert [person.login for person in newest(world).assignees] == ["octocat"]


def test_what_is_typed_stays_while_templates_and_repositories_change(templates: World) -> None:
    world = templates
    world.github.contents["acme/web", f"{FOLDER}/config.yml"] = FORUM
    opened(world)
    forms.fill(world, {"Title": "Mine", "Description": "It sticks", "Labels": ["docs"], "Template": "Crash"})
    view = forms.fill(world, {"Contact": "me"})
    assert (forms.shown(view, "Title"), forms.shown(view, "Labels")) == ("Mine", ["bug", "triage", "docs"])
    view = forms.fill(world, {"Template": "Blank issue"})
    assert (forms.shown(view, "Description"), forms.shown(view, "Labels")) == ("It sticks", ["docs"])
    view = forms.fill(world, {"Template": "Crash"})
    assert forms.shown(view, "Contact") == "me"
    account(world, "read", repo="acme/secret")
    world.advance(301)
    forms.fill(world, {"Repository": "acme/secret"})
    world.settle()
    view = forms.current(world)
    assert forms.labels(view) == [*HEAD, "Description", *TAIL]
    assert (forms.shown(view, "Title"), forms.shown(view, "Description"), forms.shown(view, "Labels")) == (
        "Mine", "It sticks", None,
    )  # fmt: skip


def test_templates_are_read_again_only_if_they_changed_and_an_owners_own_are_for_all(world: World) -> None:
    account(world)
    world.github.rename_repository("acme/secret", ".github")
    world.github.contents["acme/.github", f"{FOLDER}/bug.md"] = MARKDOWN
    opened(world)
    assert options(world, "Template") == ["Bug report", "Blank issue"]
    opened(world)
    assert len(world.github.calls_to("repos/get-content")) == 6


# --- when it does not go well ----------------------------------------------------------------------------------------


def test_a_form_comes_back_with_the_reason_at_its_field(world: World) -> None:
    account(world, "none")
    opened(world)
    forms.fill(world, {"Title": "Door", "Description": "It sticks", "Labels": ["bug"]})
    view = forms.submit(world)
    assert forms.said(view) == [
        ":warning: GitHub lets only those choose labels in acme/web who have the role “triage” there, and yours is a "
        "lower one. Leave that empty, and whoever looks after acme/web can choose."
    ]
    assert (forms.shown(view, "Title"), forms.shown(view, "Description")) == ("Door", "It sticks")
    forms.fill(world, {"Labels": []})
    world.advance(2)
    forms.submit(world)
    assert newest(world).title == "Door"


def test_who_has_closed_the_form_is_told_with_all_they_typed(world: World) -> None:
    opened(world)
    view = forms.fill(world, {"Title": "Door", "Description": "It sticks"})
    assert world.slack.submit(MEMBER, view["id"]).trouble == ""
    world.slack.close_view(MEMBER, forms.current(world)["id"])
    world.settle()
    (message,) = world.slack.ephemeral(MEMBER)
    assert message["text"].startswith("The issue was not created. I do not know your account on GitHub.")
    assert "You asked for: acme/web Door\\nIt sticks" in str(message["blocks"])


def test_while_github_is_away_the_form_can_be_used_and_is_kept(world: World) -> None:
    account(world)
    world.github.fault("*", status=503, times=3)
    world.slack.command(MEMBER, GENERAL, "/github", "open acme/web")
    world.settle()
    forms.fill(world, {"Title": "Door"})
    view = forms.submit(world)
    for _ in range(5):
        world.advance(60)
    view = forms.current(world)
    assert "Created" in forms.said(view)[0]
    assert newest(world).title == "Door"


def test_guests_get_no_form(world: World) -> None:
    assert world.slack.global_shortcut(GUEST, "create_github_issue").trouble == ""
    world.settle()
    assert world.slack.current_view(GUEST) is None
    assert "Guests" in world.slack.history(world.slack.direct(GUEST).id)[-1]["text"]
    assert told(world) == []
