"""Words that a command does not know are named, with the command's own help; on both Jiras."""

import pytest

from sandbox.slack import GENERAL, MEMBER
from tests.journeys import doing
from tests.journeys.doing import account, told, type_
from tests.world import World

world = doing.world


@pytest.mark.parametrize(
    ("words", "unknown", "line"),
    [
        ("mine foo", "I do not know `foo` there.", "`/jira mine` show a table"),
        ("me foo", "I do not know `foo` there.", "`/jira me` shows which Jira account is yours"),
        ("OPS-1 foo", "I do not know `foo` there.", "`/jira OPS-1` shows an issue to you"),
        ("previews xx", "I do not know `xx` there.", "`/jira previews on`, `links` or `off` changes it"),
    ],
)
def test_an_unknown_word_is_named_with_the_commands_help(world: World, words: str, unknown: str, line: str) -> None:
    answer = world.slack.command(MEMBER, GENERAL, "/jira", words).body
    assert (unknown in str(answer["blocks"]), line in str(answer["blocks"])) == (True, True)
    assert answer["response_type"] == "ephemeral"


@pytest.mark.parametrize("command", ["/jira", "/connect"])
@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("view OPS-1", "`/jira OPS-1` shows the issue."),
        ("log ops-7 2h", "To log work, choose *Log work* behind *More* on the issue's card: `/jira ops-7` shows it."),
        ("delete <it>", "Issues cannot be deleted from Slack. Open it in Jira: `/jira OPS-1` shows the link."),
    ],
)
def test_what_is_done_otherwise_is_told(world: World, command: str, words: str, answer: str) -> None:
    assert world.slack.command(MEMBER, GENERAL, command, words).body["text"] == answer


def test_a_search_without_a_word_in_it_is_told_so(world: World) -> None:
    account(world)
    type_(world, "search 🔥")
    (answer,) = told(world)
    assert answer.startswith("There is no word in “🔥” that Jira could look for. Say what to search for")


def test_an_issue_that_cannot_be_linked_is_named(world: World) -> None:
    account(world)
    type_(world, "link OPS-99")
    (answer,) = told(world)
    assert answer.startswith("OPS-99: Jira does not find it")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("/github xyzzy", "I do not know `xyzzy`. `/github help` lists everything."),
        ('/github +label:"bug"', "I do not know `+label:\"bug\"`. `/github help` lists everything."),
        ("/jira thanks!", "I do not know `thanks!`. `/jira help` lists everything."),
        ("/github signin", "`/github login` links your own GitHub account."),
        ("/github signout", "`/github logout` ends the link to your GitHub account."),
        ("/github merge acme/web#1",
         "Press *Merge…* on the pull request's card, or open it on GitHub: `/github acme/web#1` shows it."),
        ("/github approve",
         "Press *Approve* on the pull request's card, or open it on GitHub: `/github owner/repo#1` shows it."),
        ("/jira unsubscribe", "Name a project's key, such as OPS: `/jira unsubscribe OPS`"),
        ("/github unsubscribe",
         "Name owner/repo, or an owner for all of their repositories: `/github unsubscribe acme/web`"),
    ],
)  # fmt: skip
def test_a_word_that_is_no_command_gets_one_line_and_not_the_whole_help(world: World, typed: str, answer: str) -> None:
    command, _, words = typed.partition(" ")
    shown = world.slack.command(MEMBER, GENERAL, command, words).body
    assert (shown["text"], len(shown["blocks"])) == (answer, 1)
