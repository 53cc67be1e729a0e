"""The same commands after `/connect` and `@connect`, help for one command, and the nearest one for a mistyped word."""

from typing import Any

import pytest

from bot.listeners.typed import unescaped
from sandbox.slack import ADMIN, BOT_USER, GENERAL, MEMBER
from tests.world import World


@pytest.fixture
def world(on_both_jiras: World) -> World:
    on_both_jiras.give_account(MEMBER)
    on_both_jiras.jira.create("OPS", "Bug", "Printer is on fire", assignee="mia")
    on_both_jiras.settle()
    return on_both_jiras


def command(world: World, text: str, name: str = "/connect") -> Any:
    answer = world.slack.command(MEMBER, GENERAL, name, text)
    assert (answer.status, answer.trouble) == (200, "")
    world.settle()
    return answer.body


def mention(world: World, text: str, thread: str = "") -> list[dict[str, Any]]:
    """Say something to connect; returns what is shown to the person alone because of it."""
    before = len(world.slack.ephemeral(MEMBER))
    world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> {text}".strip(), thread_ts=thread)
    world.settle()
    return world.slack.ephemeral(MEMBER)[before:]


# --- /connect --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["jira OPS-1", "OPS-1", "jira ops-1"])
def test_connect_shows_an_issue_as_jira_does(world: World, text: str) -> None:
    for words, name in ((text, "/connect"), ("OPS-1", "/jira")):
        assert command(world, words, name) == ""
    assert [told["text"] for told in world.slack.ephemeral(MEMBER)] == ["OPS-1: Printer is on fire (To Do)"] * 2


@pytest.mark.parametrize("text", ["jira search printer", "search printer", "jira mine", "mine"])
def test_connect_searches_as_jira_does(world: World, text: str) -> None:
    command(world, text)
    (told,) = world.slack.ephemeral(MEMBER)
    assert "OPS-1 Printer is on fire" in told["text"]


def test_connect_subscribes_to_either_service(world: World) -> None:
    assert "now hears of *OPS*" in command(world, "subscribe OPS all")["text"]
    assert "now hears of *acme/web*" in command(world, "subscribe acme/web")["text"]
    assert "now hears of *acme/api*" in command(world, "github subscribe acme/api")["text"]
    assert "acme/web" in command(world, "github subscribe list")["text"]


def test_connect_creates_with_the_words_as_they_were_typed(world: World) -> None:
    # Slack escapes what follows this command, so that people arrive with their ids.
    command(world, f"jira create 1 &lt; 2 &amp; <@{ADMIN}|ada> says <https://x.test|so>")
    assert world.jira.issues["OPS-2"].summary == "1 < 2 & @ada says https://x.test"
    command(world, "jira create")
    view = world.slack.current_view(MEMBER)
    assert view is not None
    assert view["title"]["text"] == "Create Jira issue"


def test_escaped_words_become_what_was_typed() -> None:
    escaped = "<@U1|ada> <@U2> <#C1|ops> <!here> <!subteam^S1|@team> <mailto:a@b.c|a@b.c> &lt;b&gt; &amp;amp;"
    assert unescaped(escaped) == "@ada @U2 #ops @here @team a@b.c <b> &amp;"


# --- @connect --------------------------------------------------------------------------------------------------------


def test_a_mention_is_answered_for_the_asker_alone_in_their_thread(world: World) -> None:
    root = world.slack.say(ADMIN, GENERAL, "Which one was it?")
    (told,) = mention(world, "jira OPS-1", root)
    assert (told["text"], told["thread_ts"]) == ("OPS-1: Printer is on fire (To Do)", root)
    (told,) = mention(world, "search printer", root)
    assert (told["text"], told["thread_ts"]) == ("Issues for *printer*: OPS-1 Printer is on fire", root)
    (told,) = mention(world, "mine")
    assert ("*Your open issues*: OPS-1" in told["text"], "thread_ts" in told) == (True, False)
    assert [message for message in world.slack.history(GENERAL) if message.get("bot_id")] == []


def test_an_issue_of_a_mentions_table_is_shown_in_its_thread(world: World) -> None:
    root = world.slack.say(ADMIN, GENERAL, "Which one was it?")
    (told,) = mention(world, "search printer", root)
    world.slack.click(MEMBER, "jira_show_here", value="OPS-1", message=told)
    world.settle()
    assert [message["text"] for message in world.slack.thread(GENERAL, root)][-1] == "OPS-1: Printer is on fire (To Do)"


def test_jql_in_a_mention_is_read_as_it_was_typed(world: World) -> None:
    (told,) = mention(world, "search project = OPS AND updated &gt;= -1d")
    assert "OPS-1 Printer is on fire" in told["text"]


@pytest.mark.parametrize("text", ["create", "jira create", "create a ticket", "create bug in OPS", "jira create issue"])
def test_what_opens_a_window_comes_with_a_button_that_opens_it(world: World, text: str) -> None:
    (told,) = mention(world, text)
    assert told["text"] == "I cannot open the form from a message. This button does:"
    world.slack.click(MEMBER, "jira_open_form", message=told)
    view = world.slack.current_view(MEMBER)
    assert view is not None
    assert view["title"]["text"] == "Create Jira issue"
    assert list(world.jira.issues) == ["OPS-1"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("create bug in NOPE: it burns", "Jira has no project NOPE in which I may create issues."),
        ("create bug in us/OPS: it burns", "I know no Jira for the project US/OPS."),
    ],
)
def test_a_project_that_there_is_not_is_named_and_the_words_come_back(world: World, words: str, reason: str) -> None:
    (told,) = mention(world, words)
    assert told["text"] == f"The issue was not created. {reason}"
    assert told["blocks"][-1]["text"]["text"] == "You asked for: it burns"


def test_what_is_said_to_connect_is_done_as_by_the_command(world: World) -> None:
    root = world.slack.say(ADMIN, GENERAL, "Who takes it?")
    under_way, done = mention(world, f"assign OPS-1 <@{ADMIN}>", root)
    assert (under_way["text"], done["thread_ts"]) == (":hourglass_flowing_sand: Assigning OPS-1…", root)
    assert done["text"].startswith("OPS-1 was not assigned. I do not know the account of Ada Admin in Jira.")
    mention(world, "unassign OPS-1", root)
    assert world.jira.issues["OPS-1"].assignee is None
    mention(world, f"assign OPS-1 <@{MEMBER}>", root)
    mention(world, "comment OPS-1 1 &lt; 2 &amp;&amp; done", root)
    mention(world, "transition OPS-1 Done", root)
    issue = world.jira.issues["OPS-1"]
    assert issue.assignee is not None
    assert (issue.assignee.name, issue.status.name, len(issue.comments)) == ("mia", "Done", 1)
    assert "1 < 2 && done" in str(issue.comments[0].body)


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("transition OPS-1", "I cannot open a form from a message. Say all of it: `@connect transition OPS-1 Done`."),
        ("subscribe OPS",
         "I cannot open the form from a message. Say what it is to hear of: `@connect subscribe OPS all`."),
    ],
)  # fmt: skip
def test_what_a_form_would_ask_for_has_to_be_said(world: World, text: str, instead: str) -> None:
    assert [told["text"] for told in mention(world, text)] == [instead]


def test_plain_words_still_create(world: World) -> None:
    assert mention(world, "create bug in OPS: the door squeaks") == []
    assert world.jira.issues["OPS-2"].summary == "the door squeaks"


def test_a_direct_message_needs_no_mention_for_a_command(world: World) -> None:
    channel = world.slack.direct(MEMBER).id
    for words in ("search printer", "OPS-1", "thank you", "mine is broken too"):
        world.slack.say(MEMBER, channel, words)
        world.settle()
    told = [message["text"] for message in world.slack.ephemeral(MEMBER)]
    assert told[:2] == ["Issues for *printer*: OPS-1 Printer is on fire", "OPS-1: Printer is on fire (To Do)"]
    assert len(told) == 2


# --- help ------------------------------------------------------------------------------------------------------------


def shown(world: World, text: str, name: str = "/jira") -> list[str]:
    """The texts of the answer's blocks."""
    blocks = command(world, text, name)["blocks"]
    return [block["text"]["text"] if block["type"] == "section" else block["elements"][0]["text"] for block in blocks]


def test_help_is_one_screen(world: World) -> None:
    screen = shown(world, "help")
    assert screen[0].startswith("*What you can do with Jira here*")
    assert len(screen) <= 5
    assert len("\n".join(screen)) < 3000
    assert shown(world, "help", "/connect")[:-1] == screen
    assert shown(world, "help", "/connect")[-1].startswith("*What you can say to me*")
    assert [message["blocks"][0] for message in mention(world, "")] == [world.slack.ephemeral(MEMBER)[-2]["blocks"][0]]


def test_help_says_more_of_one_command(world: World) -> None:
    (text,) = shown(world, "help search")
    assert text.startswith("`/jira search printer on fire` and `/jira mine` show a table of what you may see")
    assert "What begins with a field and an operator is JQL" in text
    (text,) = shown(world, "help create")
    assert text.startswith("`/jira create` opens the form;")
    assert shown(world, "help search", "/connect") == shown(world, "help search")
    assert shown(world, "help unmap", "/connect")[0].startswith("`/connect map @ada")
    assert shown(world, "help serch")[0] == "I do not know `serch`. Did you mean `/jira search`?"


def test_an_unknown_word_gets_the_nearest_command_and_its_help(world: World) -> None:
    first, text = shown(world, "serach printer")
    assert first == "I do not know `serach`. Did you mean `/jira search`?"
    assert text.startswith("`/jira search printer on fire`")
    first, text = shown(world, "unmpa @ada", "/connect")
    assert first == "I do not know `unmpa`. Did you mean `/connect unmap`?"
    assert "`/connect unmap @ada` takes it back" in text
    assert shown(world, "<!everyone>") == ["I do not know `&lt;!everyone&gt;`. `/jira help` lists everything."]
