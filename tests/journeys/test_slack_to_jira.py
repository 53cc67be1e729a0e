"""Slack → Jira: every way in makes one issue, its mapping, and its card in the thread it came from."""

from collections.abc import Callable
from typing import Any

from sandbox.slack import ADMIN, BOT_USER, GENERAL, GUEST, MEMBER, PARTNERS, STRANGER
from tests.journeys import forms
from tests.world import World

TEAM = "T0DEV00001"


def only_issue(world: World) -> Any:
    assert len(world.jira.issues) == 1
    return next(iter(world.jira.issues.values()))


def assert_card(world: World, thread_ts: str, key: str, channel: str = GENERAL) -> dict[str, Any]:
    cards = [message for message in world.slack.thread(channel, thread_ts)[1:] if message.get("bot_id")]
    assert [key in card["text"] for card in cards] == [True]
    assert f"{world.jira.url}/browse/{key}" in str(cards[0]["blocks"])
    return cards[0]


def assert_thread_mapping(world: World, thread: str, key: str) -> None:
    found = [row for row in world.rows("mappings") if row["mapping_type"] == "thread"]
    assert [(row["source_service"], row["source_id"], row["target_service"], row["target_id"]) for row in found] == [
        ("slack", thread, "jira", key)
    ]


def assert_all_done(world: World) -> None:
    assert {row["status"] for row in world.rows("integrations")} <= {"completed"}, world.rows("integrations")
    assert not [row for row in world.rows("deliveries") if row["status"] in ("pending", "failed")]


def test_a_message_shortcut_opens_a_prefilled_form_that_becomes_the_issue(world: World) -> None:
    ts = world.slack.say(
        ADMIN, GENERAL, "The printer is on *fire*\nIt began at <https://example.com/log|noon> & spreads"
    )
    world.slack.message_shortcut(MEMBER, GENERAL, ts, "create_issue_from_message")
    view = forms.current(world)
    link = f"https://sandbox.slack.com/archives/{GENERAL}/p{ts.replace('.', '')}"
    assert [forms.shown(view, label) for label in ("Project", "Type", "Summary", "Description")] == [
        "OPS", "Task", "The printer is on *fire*",
        "The printer is on *fire*\nIt began at noon (https://example.com/log) & spreads",
    ]  # fmt: skip

    forms.fill(world, {"Project": "web", "Type": "bug"})
    answer = world.slack.submit(MEMBER, view["id"])
    assert answer.trouble == ""
    assert "Creating" in str(forms.current(world)["blocks"])

    world.settle()
    issue = only_issue(world)
    assert (issue.summary, issue.project.key, issue.type.name) == ("The printer is on *fire*", "WEB", "Bug")
    assert "Written by Ada Admin, reported by Mia Member" in issue.text
    assert link in str(issue.description)
    assert f"{world.jira.url}/browse/{issue.key}" in str(forms.current(world)["blocks"])
    assert_card(world, ts, issue.key)
    assert_thread_mapping(world, f"{TEAM}/{GENERAL}/{ts}", issue.key)
    assert_all_done(world)


def test_jiras_refusal_brings_the_form_back_with_everything_typed(world: World) -> None:
    ts = world.slack.say(MEMBER, GENERAL, "A new colleague")
    world.slack.message_shortcut(MEMBER, GENERAL, ts, "create_issue_from_message")
    forms.fill(world, {"Project": "HR", "Summary": "Onboard Grace", "Description": "Desk &amp; badge"})
    forms.fill(world, {"Employee number": "42"})
    world.jira.fault("createIssue", status=400, body={"errors": {"customfield_10050": "There is no number 42."}})
    back = forms.submit(world)
    assert world.jira.issues == {}
    assert [forms.shown(back, label) for label in ("Project", "Type", "Summary", "Description", "Employee number")] == [
        "People (HR)", "Request", "Onboard Grace", "Desk & badge", "42",
    ]  # fmt: skip
    assert ":warning: There is no number 42." in forms.said(back)
    # The same form can be sent again, now for a project that takes it.
    forms.fill(world, {"Project": "OPS", "Type": "Task"})
    forms.submit(world)
    assert only_issue(world).summary == "Onboard Grace"


def test_the_global_shortcut_opens_the_form_and_the_card_comes_as_a_direct_message(world: World) -> None:
    world.slack.global_shortcut(MEMBER, "create_issue")
    forms.fill(world, {"Summary": "From anywhere"})
    forms.submit(world)
    issue = only_issue(world)
    messages = world.slack.history(world.slack.direct(MEMBER).id)
    assert [issue.key in message["text"] for message in messages] == [True]
    assert_all_done(world)


def test_the_command_without_words_opens_the_same_form(world: World) -> None:
    world.slack.command(MEMBER, GENERAL, "/jira", "create")
    forms.fill(world, {"Summary": "Typed by hand"})
    forms.submit(world)
    issue = only_issue(world)
    posted = [message for message in world.slack.history(GENERAL) if message.get("bot_id")]
    assert [issue.key in message["text"] for message in posted] == [True]
    assert_thread_mapping(world, f"{TEAM}/{GENERAL}/{posted[0]['ts']}", issue.key)


def test_the_command_with_words_creates_at_once_in_the_default_project(world: World) -> None:
    answer = world.slack.command(MEMBER, GENERAL, "/jira", "create Printer is on fire")
    assert (answer.body["response_type"], "Printer is on fire" in answer.body["text"]) == ("ephemeral", True)
    world.settle()
    issue = only_issue(world)
    assert (issue.summary, issue.project.key) == ("Printer is on fire", "OPS")
    posted = [message for message in world.slack.history(GENERAL) if message.get("bot_id")]
    assert [issue.key in message["text"] for message in posted] == [True]
    assert_thread_mapping(world, f"{TEAM}/{GENERAL}/{posted[0]['ts']}", issue.key)
    assert_all_done(world)


def test_a_mention_makes_one_issue_with_type_and_project_though_it_arrives_twice(world: World) -> None:
    ts = world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> create bug in OPS: the printer is on fire")
    world.settle()
    issue = only_issue(world)
    assert (issue.summary, issue.type.name, issue.project.key) == ("the printer is on fire", "Bug", "OPS")
    events = [row["event"] for row in world.rows("deliveries") if row["service"] == "slack"]
    assert {"app_mention", "message"} <= set(events)
    assert_card(world, ts, issue.key)
    assert_thread_mapping(world, f"{TEAM}/{GENERAL}/{ts}", issue.key)
    assert_all_done(world)


def test_a_mention_without_type_and_project_takes_the_defaults(world: World) -> None:
    world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> create a ticket: the door squeaks")
    world.settle()
    issue = only_issue(world)
    assert (issue.summary, issue.type.name, issue.project.key) == ("the door squeaks", "Task", "OPS")


def test_a_mention_in_a_thread_takes_the_thread_along(world: World) -> None:
    root = world.slack.say(ADMIN, GENERAL, "The coffee machine leaks")
    world.slack.say(MEMBER, GENERAL, "since Monday, I think", thread_ts=root)
    world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> create bug in OPS: coffee machine", thread_ts=root)
    world.settle()
    issue = only_issue(world)
    for words in ("Ada Admin", "The coffee machine leaks", "since Monday, I think", "Mia Member"):
        assert words in issue.text
    assert_card_in_thread = [message for message in world.slack.thread(GENERAL, root) if message.get("bot_id")]
    assert [issue.key in message["text"] for message in assert_card_in_thread] == [True]
    assert_thread_mapping(world, f"{TEAM}/{GENERAL}/{root}", issue.key)


def test_a_mention_in_a_thread_needs_no_words_of_its_own(world: World) -> None:
    root = world.slack.say(ADMIN, GENERAL, "The coffee machine leaks")
    world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> create bug in OPS", thread_ts=root)
    world.settle()
    assert only_issue(world).summary == "The coffee machine leaks"


def test_a_direct_message_needs_no_mention(world: World) -> None:
    channel = world.slack.direct(MEMBER).id
    ts = world.slack.say(MEMBER, channel, "create task in WEB: a quiet one")
    world.settle()
    issue = only_issue(world)
    assert (issue.project.key, issue.type.name) == ("WEB", "Task")
    assert_card(world, ts, issue.key, channel)


def test_other_words_get_help_that_only_the_asker_sees(world: World) -> None:
    world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> what can you do?")
    world.settle()
    assert world.jira.issues == {}
    assert ["/jira create" in message["text"] for message in world.slack.ephemeral(MEMBER)] == [True]
    assert not [message for message in world.slack.history(GENERAL) if message.get("bot_id")]


def test_a_wrong_type_is_answered_with_those_there_are(world: World) -> None:
    world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> create bugg in OPS: typo")
    world.settle()
    assert world.jira.issues == {}
    told = world.slack.ephemeral(MEMBER)
    assert len(told) == 1
    assert "OPS has no type bugg; it has Task, Bug" in told[0]["text"]


def test_a_workflow_step_returns_key_and_link(world: World) -> None:
    inputs = {"project": "OPS", "type": "Bug", "summary": "From a workflow", "description": "It *matters*",
              "channel": GENERAL, "user": MEMBER}  # fmt: skip
    execution = world.slack.run_step("create_jira_issue", inputs, MEMBER)
    world.settle()
    issue = only_issue(world)
    assert (issue.summary, issue.type.name) == ("From a workflow", "Bug")
    step = world.slack.steps[execution]
    assert (step["state"], step["outputs"]["issue_key"]) == ("completed", issue.key)
    assert step["outputs"]["issue_url"] == f"{world.jira.url}/browse/{issue.key}"
    posted = [message for message in world.slack.history(GENERAL) if message.get("bot_id")]
    assert [issue.key in message["text"] for message in posted] == [True]
    assert_all_done(world)


def test_a_workflow_step_that_jira_refuses_fails_with_a_sentence(world: World) -> None:
    execution = world.slack.run_step("create_jira_issue", {"project": "NOPE", "summary": "x"}, MEMBER)
    empty = world.slack.run_step("create_jira_issue", {"project": "OPS", "summary": " "}, MEMBER)
    world.settle()
    assert world.slack.steps[execution]["state"] == "failed"
    assert "The issue was not created." in world.slack.steps[execution]["error"]
    assert world.slack.steps[empty]["error"] == ("The summary is empty. Fill it in where the workflow adds this step.")


def test_rest_creates_a_ticket_in_a_thread(world: World) -> None:
    ts = world.slack.say(MEMBER, GENERAL, "Please somebody file this")
    payload = {"message": "File <this> & that", "channel": GENERAL, "thread_ts": ts, "user": MEMBER}
    row_id = world.ask("slack", "jira", "create_ticket", payload)
    world.settle()
    issue = only_issue(world)
    assert issue.summary == "File <this> & that"
    assert_card(world, ts, issue.key)
    assert_thread_mapping(world, f"{TEAM}/{GENERAL}/{ts}", issue.key)
    row = world.call("GET", f"/api/v1/integrations/{row_id}").json()["integration"]
    assert (row["status"], row["target_id"], row["event_type"]) == ("completed", issue.key, "create_ticket")


def test_the_persons_jira_account_becomes_the_reporter_if_jira_allows_it(world: World) -> None:
    world.slack.users[MEMBER]["profile"]["email"] = "ada@example.com"
    world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> create task in OPS: mine")
    world.settle()
    assert only_issue(world).reporter.display == "Ada Lovelace"
    world.jira.reporter_allowed = False
    world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> create task in OPS: not mine")
    world.settle()
    second = next(issue for issue in world.jira.issues.values() if issue.summary == "not mine")
    assert second.reporter.display != "Ada Lovelace"
    assert "Mia Member" in second.text


def test_guests_cannot_create_and_are_told_so(world: World) -> None:
    answer = world.slack.command(GUEST, GENERAL, "/jira", "create something")
    assert "Guests" in answer.body["text"]
    world.slack.say(GUEST, GENERAL, f"<@{BOT_USER}> create task in OPS: sneaky")
    world.slack.run_step("create_jira_issue", {"project": "OPS", "summary": "x", "user": GUEST}, GUEST)
    world.settle()
    assert world.jira.issues == {}
    assert ["Guests" in message["text"] for message in world.slack.ephemeral(GUEST)][-1:] == [True]


def test_a_reply_becomes_a_comment_once_with_its_authors_name(world: World) -> None:
    ts = world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> create bug in OPS: the printer is on fire")
    world.settle()
    issue = only_issue(world)
    before = len(world.slack.thread(GENERAL, ts))
    world.slack.say(ADMIN, GENERAL, f"I unplugged it, <@{MEMBER}>", thread_ts=ts)
    world.settle()
    world.slack.redeliver(3)
    world.settle()
    assert [note.text for note in issue.comments] == ["Ada Admin (in Slack):\n\nI unplugged it, @Mia Member"]
    # Its own echo, which Jira sends twice, is not told in the thread again.
    assert len(world.slack.thread(GENERAL, ts)) == before + 1
    comments = [row for row in world.rows("mappings") if row["mapping_type"] == "comment"]
    assert [row["target_id"] for row in comments] == [issue.comments[0].id]


def test_jira_shows_an_issue_to_the_asker_or_to_all(world: World) -> None:
    key = world.jira.create("OPS", "Bug", "Printer is on fire")
    for words in (key.lower(), "OPS-999", f"{key} share"):
        world.slack.command(MEMBER, GENERAL, "/jira", words)
        world.settle()
    assert [message["text"] for message in world.slack.ephemeral(MEMBER)] == [
        f"{key}: Printer is on fire (To Do)", "Jira has no issue OPS-999 that I can see."
    ]  # fmt: skip
    assert ["Printer is on fire" in message["text"] for message in world.slack.history(GENERAL)] == [True]
    assert "/jira create" in world.slack.command(MEMBER, GENERAL, "/jira", "help").body["text"]
    first = world.slack.command(MEMBER, GENERAL, "/jira", "crate it").body["blocks"][0]
    assert first["elements"][0]["text"] == "I do not know `crate`. Did you mean `/jira create`?"
    first = world.slack.command(MEMBER, GENERAL, "/github", "unsubscibe acme/web").body["blocks"][0]
    assert first["elements"][0]["text"] == "I do not know `unsubscibe`. Did you mean `/github unsubscribe`?"
    unknown = world.slack.command(MEMBER, GENERAL, "/jira", "fnord").body
    assert unknown["text"] == "I do not know `fnord`. `/jira help` lists everything."


def test_hostile_words_stay_words_in_jira_and_in_slack(world: World) -> None:
    hostile = "<!channel> [~accountid:x] {html} &lt;!here&gt; <http://evil.example|good>"
    world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> create task in OPS: {hostile}")
    world.settle()
    issue = only_issue(world)
    card = next(message for message in world.slack.history(GENERAL) if message.get("reply_count"))
    shown = str(world.slack.thread(GENERAL, card["ts"])[-1])
    assert "<!channel>" not in shown
    assert "<!here>" not in shown
    assert "mention" not in str(issue.description)
    assert issue.summary == "@channel [~accountid:x] {html} <!here> good (http://evil.example)"


def test_people_from_other_workspaces_cannot_create(world: World) -> None:
    world.slack.say(STRANGER, PARTNERS, f"<@{BOT_USER}> create task in OPS: sneaky")
    world.settle()
    assert world.jira.issues == {}
    assert ["Only members" in message["text"] for message in world.slack.ephemeral(STRANGER)] == [True]


def test_whoever_closed_the_form_is_told_of_a_refusal_by_message(world: World) -> None:
    world.slack.command(MEMBER, GENERAL, "/jira", "create")
    view = forms.fill(world, {"Project": "HR", "Summary": "Closed early", "Employee number": "42"})
    world.jira.fault("createIssue", status=400, body={"errors": {"customfield_10050": "There is no number 42."}})
    world.slack.submit(MEMBER, view["id"])
    world.slack.close_view(MEMBER, view["id"])
    world.settle()
    told = world.slack.ephemeral(MEMBER)
    assert ["The issue was not created." in message["text"] for message in told] == [True]
    assert "Closed early" in str(told[0]["blocks"])


def test_a_refusal_gives_back_all_that_was_typed(world: World) -> None:
    world.jira.fault("createIssue", status=403, body={"errorMessages": ["No."]})
    world.slack.command(MEMBER, GENERAL, "/jira", "create Printer is on fire\nsince noon\non every floor")
    world.settle()
    (answer,) = world.slack.responses
    assert answer["body"]["blocks"][-1]["text"]["text"] == (
        "You asked for: Printer is on fire\nsince noon\non every floor"
    )
    world.slack.responses.clear()
    world.jira.fault("createIssue", status=403, body={"errorMessages": ["No."]})
    world.slack.command(MEMBER, GENERAL, "/jira", "create")
    view = forms.fill(world, {"Summary": "Closed early", "Description": "It began at noon"})
    world.slack.submit(MEMBER, view["id"])
    world.slack.close_view(MEMBER, view["id"])
    world.settle()
    told = world.slack.ephemeral(MEMBER)[-1]
    assert told["blocks"][-1]["text"]["text"] == "You asked for: Closed early\nIt began at noon"


def test_all_of_it_works_with_jira_data_center(make_world: Callable[..., World]) -> None:
    world = make_world(cloud=False)
    ts = world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> create bug in OPS: the *printer* is on fire")
    world.settle()
    issue = only_issue(world)
    assert_card(world, ts, issue.key)
    world.slack.say(MEMBER, GENERAL, "a reply", thread_ts=ts)
    world.jira.comment(issue.key, "Grace Hopper", "from Jira")
    world.settle()
    assert ["a reply" in note.text for note in issue.comments] == [False, True]
    assert "from Jira" in world.slack.thread(GENERAL, ts)[-1]["text"]
    assert_all_done(world)
