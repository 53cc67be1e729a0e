"""`search` and `mine`: a table of what the person may see in Jira, for them alone, page by page, on both Jiras."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox.slack import GENERAL, GUEST, MEMBER, OUTSIDE
from tests.world import World


@pytest.fixture
def world(on_both_jiras: World) -> World:
    on_both_jiras.give_account(MEMBER)
    return on_both_jiras


def ask(world: World, text: str, channel: str = GENERAL) -> list[dict[str, Any]]:
    """Type a command; returns what the person alone is shown because of it."""
    before = len(world.slack.ephemeral(MEMBER))
    answer = world.slack.command(MEMBER, channel, "/jira", text)
    assert (answer.status, answer.trouble) == (200, "")
    world.settle()
    return world.slack.ephemeral(MEMBER)[before:]


def cells(message: dict[str, Any]) -> list[list[str]]:
    """The table of a message, row by row, without its heads."""
    (table,) = [block for block in message["blocks"] if block["type"] == "table"]
    return [[words(cell) for cell in row] for row in table["rows"][1:]]


def words(cell: dict[str, Any]) -> str:
    return cell["text"] if cell["type"] == "raw_text" else cell["elements"][0]["elements"][0]["text"]


def keys(message: dict[str, Any]) -> list[str]:
    return [row[0] for row in cells(message)]


def test_words_find_issues_as_a_table_that_only_the_asker_sees(world: World) -> None:
    world.jira.create("OPS", "Bug", "Printer is on fire", assignee="Grace Hopper")
    world.jira.create("OPS", "Task", "Door squeaks")
    world.jira.create("WEB", "Task", "The printer page is blank")
    (told,) = ask(world, "search printer")
    assert cells(told) == [
        ["WEB-1", "The printer page is blank", "⚪ To Do", "–"],
        ["OPS-1", "Printer is on fire", "⚪ To Do", "Grace Hopper"],
    ]
    table = told["blocks"][-1]
    assert [words(cell) for cell in table["rows"][0]] == ["Key", "Summary", "Status", "Assignee"]
    assert table["rows"][2][0]["elements"][0]["elements"] == [
        {"type": "link", "url": f"{world.jira.url}/browse/OPS-1", "text": "OPS-1"}
    ]
    assert told["text"] == "Issues for *printer*: WEB-1 The printer page is blank, OPS-1 Printer is on fire"
    assert [message for message in world.slack.history(GENERAL) if message.get("bot_id")] == []


def test_jql_is_searched_as_it_is_and_its_parsers_sentence_comes_back(world: World) -> None:
    world.jira.create("OPS", "Bug", "Printer is on fire")
    world.jira.create("WEB", "Task", "Blank page")
    (told,) = ask(world, "search project = WEB")
    assert keys(told) == ["WEB-1"]
    (told,) = ask(world, 'search project = "OPS')
    assert told["text"].startswith("Jira does not understand this search: Error in the JQL Query:")
    assert told["blocks"][1]["elements"][0]["text"] == 'You searched for: project = "OPS'


def test_a_key_finds_its_issue_first(world: World) -> None:
    world.jira.create("OPS", "Bug", "Printer is on fire")
    world.jira.create("OPS", "Bug", "Like OPS-1 but worse")
    (told,) = ask(world, "search ops-1")
    assert keys(told) == ["OPS-1"]
    (told,) = ask(world, "search OPS-99")
    assert told["text"] == "I found nothing that you may see for *OPS-99*."


def test_quotes_and_operators_in_words_are_words(world: World) -> None:
    world.jira.create("HR", "Request", "salaries", customfield_10050="7")
    (told,) = ask(world, 'search x" OR project = HR OR text ~ "y')
    assert told["text"].startswith("I found nothing that you may see for")


def test_issues_that_the_person_may_not_see_and_restricted_ones_are_left_out(world: World) -> None:
    world.jira.create("OPS", "Bug", "printer one")
    world.jira.create("OPS", "Bug", "printer two")
    world.jira.create("OPS", "Bug", "printer three", security="Staff")
    world.jira.hidden = {"Mia": {"OPS-2"}}
    (told,) = ask(world, "search printer")
    assert keys(told) == ["OPS-1"]
    assert "two" not in str(told)
    assert "three" not in str(told)
    (told,) = ask(world, "search OPS-2")
    assert told["text"] == "I found nothing that you may see for *OPS-2*."


def test_pages_are_turned_in_place_forth_and_back(world: World) -> None:
    for number in range(25):
        world.jira.create("OPS", "Task", f"printer {number}")
        world.clock.offset += timedelta(seconds=1)
    (told,) = ask(world, "search printer")
    first = [f"OPS-{number}" for number in range(25, 15, -1)]
    assert keys(told) == first
    for button, expected in (
        ("jira_search_next", [f"OPS-{number}" for number in range(15, 5, -1)]),
        ("jira_search_next", [f"OPS-{number}" for number in range(5, 0, -1)]),
        ("jira_search_back", [f"OPS-{number}" for number in range(15, 5, -1)]),
        ("jira_search_back", first),
    ):
        world.slack.click(MEMBER, button, message=told)
        world.settle()
        assert keys(told) == expected
    controls = [element["action_id"] for element in told["blocks"][1]["elements"]]
    assert (controls, len(world.slack.ephemeral(MEMBER))) == (["jira_show_here", "jira_search_next"], 1)


def test_one_issue_of_the_table_can_be_shown_to_everyone(world: World) -> None:
    world.jira.create("OPS", "Bug", "Printer is on fire")
    (told,) = ask(world, "search printer", OUTSIDE)
    world.slack.click(MEMBER, "jira_show_here", value="OPS-1", message=told)
    world.settle()
    (shown,) = [message for message in world.slack.history(OUTSIDE) if message.get("bot_id")]
    assert shown["text"] == "OPS-1: Printer is on fire (To Do)"
    world.jira.edit("OPS-1", "Ada Lovelace", security="Staff")
    world.slack.click(MEMBER, "jira_show_here", value="OPS-1", message=told)
    world.settle()
    assert len([message for message in world.slack.history(OUTSIDE) if message.get("bot_id")]) == 1
    assert world.slack.ephemeral(MEMBER)[-1]["text"].startswith("OPS-1 is restricted in Jira.")


def test_mine_shows_my_open_issues_by_status_and_due_date(world: World) -> None:
    (told,) = ask(world, "mine")
    assert told["text"] == "No open issue is assigned to you. :tada:"
    for due in ("2026-12-24", "2026-12-01"):
        world.jira.create("OPS", "Task", f"due {due}", assignee="mia", due=due)
    world.jira.create("OPS", "Task", "secret", assignee="mia", security="Staff")
    world.jira.create("OPS", "Task", "somebody else's", assignee="Grace Hopper")
    world.jira.transition("OPS-2", "In Progress", "Grace Hopper")
    (told,) = ask(world, "mine")
    assert cells(told) == [
        ["OPS-1", "due 2026-12-24", "⚪ To Do", "24 Dec 2026"],
        ["OPS-3", "Restricted in Jira", "⚪ To Do", "–"],
        ["OPS-2", "due 2026-12-01", "🔵 In Progress", "1 Dec 2026"],
    ]


def test_nothing_to_search_for_is_answered_at_once(world: World) -> None:
    assert ask(world, "search")[0]["text"].startswith("Say what to search for")
    assert ask(world, "search ***")[0]["text"].startswith("There is no word in “***” that Jira could look for. Say")


def test_who_has_no_account_or_is_a_guest_is_told_so(world: World) -> None:
    world.jira.create("OPS", "Bug", "Printer is on fire")
    world.jira.users.pop()
    assert "I do not know your account in Jira" in ask(world, "search printer")[0]["text"]
    world.slack.command(GUEST, GENERAL, "/jira", "search printer")
    world.settle()
    assert ["Guests" in message["text"] for message in world.slack.ephemeral(GUEST)] == [True]


def test_while_jira_hangs_the_acknowledgement_leaves_at_once_and_the_answer_comes_later(world: World) -> None:
    world.jira.create("OPS", "Bug", "Printer is on fire")
    ask(world, "mine")  # who is who is known from now on
    world.jira.fault("searchIssues", kind="hang", seconds=2.5)
    answer = world.slack.command(MEMBER, GENERAL, "/jira", "search printer")
    assert (answer.status, answer.body, world.jira.calls_to("searchIssues")[1:]) == (200, "", [])
    world.settle()
    world.advance(10)
    assert keys(world.slack.ephemeral(MEMBER)[-1]) == ["OPS-1"]


def test_hostile_summaries_stay_words_in_the_table(world: World) -> None:
    hostile = "printer <!channel> <http://evil.example|good> *x*"
    world.jira.create("OPS", "Bug", hostile)
    (told,) = ask(world, "search printer <!here>")
    assert told["text"].startswith("I found nothing that you may see for *printer &lt;!here&gt;*")
    (told,) = ask(world, "search printer")
    assert cells(told)[0][1] == hostile
    assert "<!channel>" not in told["text"]
