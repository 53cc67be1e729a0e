"""An issue made of a message or thread, by the form or by a reaction: rich text, author, link, transcript and files."""

import json
from typing import Any

import pytest

from bot.flows.defaults import PREFERENCE, Defaults, defaults_of
from sandbox.slack import ADMIN, BOT_USER, GENERAL, GUEST, MEMBER
from storage import preferences
from tests.journeys import forms
from tests.journeys.test_slack_to_jira import TEAM, assert_all_done, assert_card, assert_thread_mapping, only_issue
from tests.world import World

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CHANNEL = f"{TEAM}/{GENERAL}"


def text(words: str, **style: bool) -> dict[str, Any]:
    return {"type": "text", "text": words} | ({"style": style} if style else {})


def section(kind: str, *elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": f"rich_text_{kind}", "elements": list(elements)}


RICH = {
    "type": "rich_text",
    "elements": [
        section("section", text("The printer", bold=True), text(" is on fire, "), {"type": "user", "user_id": ADMIN}),
        section("list", section("section", text("smoke")), section("section", text("flames"))) | {"style": "bullet"},
        section("preformatted", text("lp -d hell")),
        section("quote", text("call 112")),
        section("section", {"type": "link", "url": "https://example.com/log", "text": "the log"}),
    ],
}
IN_ADF = [
    {"type": "paragraph", "content": [
        {"type": "text", "text": "The printer", "marks": [{"type": "strong"}]},
        {"type": "text", "text": " is on fire, "},
        {"type": "text", "text": "@Ada Admin"},
    ]},
    {"type": "bulletList", "content": [
        {"type": "listItem", "content": [{"type": "paragraph", "content": [{"type": "text", "text": word}]}]}
        for word in ("smoke", "flames")
    ]},
    {"type": "codeBlock", "content": [{"type": "text", "text": "lp -d hell"}]},
    {"type": "blockquote", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "call 112"}]}]},
    {"type": "paragraph", "content": [
        {"type": "text", "text": "the log", "marks": [{"type": "link", "attrs": {"href": "https://example.com/log"}}]},
    ]},
]  # fmt: skip
IN_WIKI = (
    "*The printer* is on fire, @Ada Admin\n\n* smoke\n* flames\n\n{code}\nlp -d hell\n{code}\n\n"
    "{quote}\ncall 112\n{quote}\n\n[the log|https://example.com/log]"
)


def link(ts: str) -> str:
    return f"https://sandbox.slack.com/archives/{GENERAL}/p{ts.replace('.', '')}"


def opened_from(world: World, ts: str) -> dict[str, Any]:
    assert world.slack.message_shortcut(MEMBER, GENERAL, ts, "create_issue_from_message").trouble == ""
    return forms.current(world)


def choose_defaults(world: World, **chosen: Any) -> None:
    world.database.run(lambda connection: preferences.put(connection, CHANNEL, PREFERENCE, chosen, world.clock()))


def test_a_messages_formatting_author_and_address_arrive(on_both_jiras: World) -> None:
    world = on_both_jiras
    ts = world.slack.say(ADMIN, GENERAL, "The printer is on fire", blocks=[RICH])
    view = opened_from(world, ts)
    assert "From a message of Ada Admin; the issue will have a link to it." in forms.said(view)
    assert "Thread" not in forms.labels(view)
    forms.submit(world)
    sent = world.jira.calls_to("createIssue")[-1].body["fields"]["description"]
    if world.jira.cloud:
        assert sent["content"][:-1] == IN_ADF
    else:
        assert sent.startswith(IN_WIKI)
    issue = only_issue(world)
    assert "Written by Ada Admin, reported by Mia Member" in issue.text
    assert link(ts) in json.dumps(sent)
    assert_card(world, ts, issue.key)
    assert_all_done(world)


def test_what_is_written_instead_of_the_message_arrives_instead_of_it(on_both_jiras: World) -> None:
    world = on_both_jiras
    opened_from(world, world.slack.say(ADMIN, GENERAL, "The printer is on fire", blocks=[RICH]))
    changed = {"type": "rich_text", "elements": [section("section", text("It is "), text("out", italic=True))]}
    forms.fill(world, {"Description": changed})
    forms.submit(world)
    assert only_issue(world).text.startswith("It is out" if world.jira.cloud else "It is _out_")
    assert "flames" not in only_issue(world).text


def test_a_message_that_is_too_long_for_the_form_arrives_whole(on_both_jiras: World) -> None:
    world = on_both_jiras
    words = " ".join(f"word{number}" for number in range(900))
    view = opened_from(world, world.slack.say(ADMIN, GENERAL, words))
    assert len(forms.shown(view, "Description")) == 3000
    assert "The message is too long to show here. Left as it is, all of it goes to Jira." in forms.said(view)
    forms.submit(world)
    assert words in only_issue(world).text


def test_the_whole_thread_and_its_files_come_along_if_that_is_ticked(on_both_jiras: World) -> None:
    world = on_both_jiras
    root = world.slack.say(ADMIN, GENERAL, "The coffee machine leaks", files={"leak.png": b"water"})
    world.slack.say(ADMIN, GENERAL, "since Monday", thread_ts=root)
    reply = world.slack.say(MEMBER, GENERAL, "here is more", thread_ts=root, files={"a.log": b"1", "b.log": b"22"})
    view = opened_from(world, reply)
    assert (forms.shown(view, "Thread"), forms.shown(view, "Files")) == (None, ["Attach the 2 files (0.1 MB)"])
    forms.fill(world, {"Thread": True})
    forms.submit(world)
    issue = only_issue(world)
    for words in ("The thread in Slack:", "Ada Admin:", "The coffee machine leaks", "since Monday"):
        assert words in issue.text
    assert issue.text.count("here is more") == 1
    assert sorted((each.name, each.content) for each in issue.attachments) == [
        ("a.log", b"1"), ("b.log", b"22"), ("leak.png", b"water"),
    ]  # fmt: skip
    assert_thread_mapping_of_issue(world, root, issue.key)
    assert_all_done(world)


def assert_thread_mapping_of_issue(world: World, root: str, key: str) -> None:
    assert_thread_mapping(world, f"{CHANNEL}/{root}", key)


def test_files_stay_out_if_that_is_not_ticked_and_those_too_large_are_named(on_both_jiras: World) -> None:
    world = on_both_jiras
    ts = world.slack.say(ADMIN, GENERAL, "see", files={"leak.png": b"water", "film.mp4": b"x"})
    world.slack.thread(GENERAL, ts)[0]["files"][1]["size"] = 60 * 1024 * 1024
    view = opened_from(world, ts)
    assert forms.shown(view, "Files") == ["Attach the file leak.png (0.1 MB)"]
    assert ":warning: Too large to take along: film.mp4" in forms.said(view)
    forms.fill(world, {"Files": False})
    forms.submit(world)
    assert only_issue(world).attachments == []


def test_the_files_survive_jiras_refusal(on_both_jiras: World) -> None:
    world = on_both_jiras
    opened_from(world, world.slack.say(ADMIN, GENERAL, "see", files={"leak.png": b"water"}))
    world.jira.fault("createIssue", status=400, body={"errors": {"summary": "Too short."}})
    view = forms.submit(world)
    assert forms.shown(view, "Files") == ["Attach the file leak.png (0.1 MB)"]
    forms.submit(world)
    assert [each.name for each in only_issue(world).attachments] == ["leak.png"]


# --- a reaction ------------------------------------------------------------------------------------------------------


def test_a_reaction_makes_one_issue_of_a_message_however_many_react(on_both_jiras: World) -> None:
    world = on_both_jiras
    ts = world.slack.say(ADMIN, GENERAL, "The printer is on fire", blocks=[RICH], files={"fire.png": b"hot"})
    world.slack.react(MEMBER, GENERAL, ts, "ticket")
    world.slack.react(ADMIN, GENERAL, ts, "ticket")
    world.settle()
    world.slack.react(ADMIN, GENERAL, ts, "ticket::skin-tone-2")
    world.settle()
    issue = only_issue(world)
    assert issue.summary.startswith("*The printer* is on fire")
    assert "Written by Ada Admin, reported by Mia Member" in issue.text
    assert "flames" in issue.text
    assert link(ts) in json.dumps(world.jira.calls_to("createIssue")[-1].body)
    assert [each.content for each in issue.attachments] == [b"hot"]
    assert_card(world, ts, issue.key)
    assert_thread_mapping(world, f"{CHANNEL}/{ts}", issue.key)
    assert_all_done(world)


def test_a_mention_and_a_reaction_to_it_make_one_issue(on_both_jiras: World) -> None:
    world = on_both_jiras
    ts = world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> create bug in OPS: the door squeaks")
    world.slack.react(ADMIN, GENERAL, ts, "ticket")
    world.settle()
    assert len(world.jira.issues) == 1


def test_a_reply_that_is_reacted_to_gives_its_thread_the_card(on_both_jiras: World) -> None:
    world = on_both_jiras
    root = world.slack.say(ADMIN, GENERAL, "Good morning")
    reply = world.slack.say(ADMIN, GENERAL, "The printer is on fire", thread_ts=root)
    world.slack.react(MEMBER, GENERAL, reply, "ticket")
    world.settle()
    issue = only_issue(world)
    assert issue.summary == "The printer is on fire"
    assert_thread_mapping(world, f"{CHANNEL}/{root}", issue.key)


def test_other_reactions_and_those_of_guests_make_no_issue(on_both_jiras: World) -> None:
    world = on_both_jiras
    ts = world.slack.say(ADMIN, GENERAL, "The printer is on fire")
    world.slack.react(MEMBER, GENERAL, ts, "fire")
    world.settle()
    assert world.rows("integrations") == []
    world.slack.react(GUEST, GENERAL, ts, "ticket")
    world.settle()
    assert world.jira.issues == {}
    assert ["Guests" in message["text"] for message in world.slack.ephemeral(GUEST)] == [True]


@on_sqlite
def test_another_emoji_may_be_chosen(make_world: Any) -> None:
    world = make_world(connect_ticket_reaction="bug")
    ts = world.slack.say(ADMIN, GENERAL, "The printer is on fire")
    world.slack.react(MEMBER, GENERAL, ts, "ticket")
    world.settle()
    assert world.jira.issues == {}
    world.slack.react(MEMBER, GENERAL, ts, "bug")
    world.settle()
    assert only_issue(world).summary == "The printer is on fire"


# --- a channel's defaults --------------------------------------------------------------------------------------------


def test_every_way_to_an_issue_takes_the_channels_defaults(on_both_jiras: World) -> None:
    world = on_both_jiras
    choose_defaults(world, project="WEB", issue_type="Bug", labels=["office"])
    world.slack.command(MEMBER, GENERAL, "/jira", "create By command")
    world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> create a ticket: By mention")
    world.slack.react(MEMBER, GENERAL, world.slack.say(ADMIN, GENERAL, "By reaction"), "ticket")
    world.settle()
    view = opened_from(world, world.slack.say(ADMIN, GENERAL, "By form"))
    assert [forms.shown(view, label) for label in ("Project", "Type", "Labels")] == ["WEB", "Bug", ["office"]]
    forms.submit(world)
    made = {
        issue.summary: (issue.project.key, issue.type.name, issue.labels[0]) for issue in world.jira.issues.values()
    }
    assert made == dict.fromkeys(("By command", "By mention", "By reaction", "By form"), ("WEB", "Bug", "office"))


def test_what_a_person_names_goes_before_the_channels_defaults(on_both_jiras: World) -> None:
    world = on_both_jiras
    choose_defaults(world, project="WEB", issue_type="Bug", labels=["office"], component="Printers")
    world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> create story in OPS: elsewhere")
    world.settle()
    issue = only_issue(world)
    assert (issue.project.key, issue.type.name, len(issue.labels)) == ("OPS", "Story", 1)


def test_the_default_component_is_chosen_where_there_is_one(on_both_jiras: World) -> None:
    world = on_both_jiras
    world.jira.add_laboratory()
    choose_defaults(world, project="LAB", issue_type="Experiment", component="lasers")
    view = forms.opened(world, GENERAL)
    assert forms.shown(view, "Components") == ["Lasers"]
    choose_defaults(world, project="LAB", issue_type="Epic", component="lasers")
    assert "Components" not in forms.labels(forms.opened(world, GENERAL))


def test_the_defaults_are_taken_though_jira_did_not_show_its_fields(on_both_jiras: World) -> None:
    world = on_both_jiras
    choose_defaults(world, project="WEB", labels=["office"])
    world.jira.fault("getCreateIssueMetaIssueTypeId", status=500, times=10)
    view = forms.opened(world, GENERAL)
    assert "Labels" not in forms.labels(view)
    forms.fill(world, {"Summary": "Hidden"})
    forms.submit(world)
    assert only_issue(world).labels[0] == "office"


def test_an_admin_makes_what_is_chosen_the_channels_defaults(on_both_jiras: World) -> None:
    world = on_both_jiras
    world.jira.add_laboratory()
    assert "Defaults" not in forms.labels(forms.opened(world, GENERAL))
    assert world.slack.command(ADMIN, GENERAL, "/jira", "create").trouble == ""
    forms.fill(world, {"Project": "lab", "Type": "Experiment"}, ADMIN)
    forms.press(world, "more_fields", ADMIN)
    given = {"Summary": "It melts", "Hypothesis": "Heat", "Method": "Look", "Risk": "High", "Components": ["Lasers"]}
    forms.fill(world, {**given, "Labels": ["hot"], "Defaults": True}, ADMIN)
    forms.submit(world, ADMIN)
    assert only_issue(world).summary == "It melts"
    assert defaults_of(world.services, f"{TEAM}/{GENERAL}") == Defaults("LAB", "Experiment", ("hot",), "Lasers")
