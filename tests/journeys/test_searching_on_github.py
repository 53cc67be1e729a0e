"""`/github search` and `/github todo`: of what a person may see, to them alone."""

from typing import Any

from sandbox.slack import GENERAL, GUEST, MEMBER
from tests.journeys import on_github
from tests.journeys.on_github import account, link, type_
from tests.world import World

world = on_github.world


def answers(world: World, user: str = MEMBER) -> list[dict[str, Any]]:
    return [response["body"] for response in world.slack.responses if response["user"] == user]


def table(body: dict[str, Any]) -> list[list[str]]:
    """The rows of an answer's table beneath its headings, as text."""
    (found,) = [block for block in body["blocks"] if block["type"] == "table"]
    return [[_words(cell) for cell in row] for row in found["rows"][1:]]


def _words(cell: dict[str, Any]) -> str:
    return cell["text"] if cell["type"] == "raw_text" else cell["elements"][0]["elements"][0]["text"]


def press(world: World, action: str, value: str | None = None) -> dict[str, Any]:
    """Use a control of the answer; returns what is shown in its place."""
    message = world.slack.ephemeral(MEMBER)[0]
    assert world.slack.click(MEMBER, action, value=value, message=message).trouble == ""
    world.settle()
    return world.slack.ephemeral(MEMBER)[0]


def test_words_find_what_the_person_may_see(world: World) -> None:
    world.github.open_issue("acme/secret", "Hidden door")
    assert type_(world, "search") == (
        'Say what to search for: words, with `label:"help wanted"`, `repo:owner/name` or `is:pr` besides.'
    )
    assert type_(world, "search Door") == ""
    (found,) = answers(world)
    assert sorted(table(found)) == [
        ["acme/web#1", "Door stuck", "🟢 Open", "–"], ["acme/web#2", "Oil the door", "🟢 Open", "–"],
    ]  # fmt: skip
    assert "Hidden" not in str(answers(world))
    assert world.github.calls_to("search/issues-and-pull-requests")[-1].query["q"] == "Door user:acme"
    account(world, "read", repo="acme/secret")
    world.advance(301)
    type_(world, "search door OR oil")
    assert world.github.calls_to("search/issues-and-pull-requests")[-1].query["q"] == "(door OR oil) user:acme"
    type_(world, "search door is:issue")
    assert sorted(row[0] for row in table(answers(world)[-1])) == ["acme/secret#1", "acme/web#1"]
    type_(world, "github search door repo:acme/web is:pr", command="/connect")
    assert [row[0] for row in table(answers(world)[-1])] == ["acme/web#2"]
    type_(world, "search zebra *<!here>*")
    assert answers(world)[-1]["text"] == "I found nothing that you may see for *zebra ∗&lt;!here&gt;∗*."
    type_(world, "search door repo:acme/none")
    assert answers(world)[-1]["text"] == "GitHub has no acme/none that you and I can see."
    assert "Guests" in type_(world, "search door", GUEST)


def test_what_is_hidden_leaves_no_trace(world: World) -> None:
    """Neither that something was found in a private repository, nor that there is such a repository."""
    for number in range(25):
        world.github.open_issue("acme/secret", f"Layoff {number}")
    told = [(type_(world, f"search {words}"), answers(world)[-1])[1] for words in ("layoff", "zebra")]
    assert [body["text"] for body in told] == [
        f"I found nothing that you may see for *{word}*." for word in ("layoff", "zebra")
    ]
    for word in ("secret", "nosuch"):
        type_(world, f"search layoff repo:acme/{word}")
    hidden, missing = answers(world)[-2:]
    assert str(hidden).replace("acme/secret", "acme/nosuch") == str(missing)


def test_pages_are_turned_and_one_is_shown_to_everyone(world: World) -> None:
    for number in range(9):
        world.github.open_issue("acme/web", f"Door {number}")
    type_(world, "search door")
    assert len(table(answers(world)[-1])) == 10
    assert len(table(press(world, "github_search_next"))) == 1
    assert len(table(press(world, "github_search_back"))) == 10
    press(world, "github_show_here", "acme/web#3")
    assert "acme/web#3: Door 0 (Open)" in [message["text"] for message in world.slack.history(GENERAL)]


def test_who_has_linked_an_account_searches_by_it(world: World) -> None:
    world.github.open_issue("acme/secret", "Hidden door")
    account(world, "read", repo="acme/secret")
    link(world)
    type_(world, "search door")
    assert sorted(row[0] for row in table(answers(world)[-1])) == ["acme/secret#1", "acme/web#1", "acme/web#2"]


def test_where_the_limit_is_reached_the_answer_comes_later(world: World) -> None:
    type_(world, "search door")
    world.github.quotas.limits["search"] = 1
    type_(world, "search oil")
    assert answers(world)[-1]["text"].startswith(":hourglass: GitHub asked me to wait until ")
    type_(world, "acme/web#1")
    assert answers(world)[-1]["text"] == "acme/web#1: Door stuck (Open)"
    for _ in range(3):
        world.advance(61)
    assert [row[0] for row in table(answers(world)[-1])] == ["acme/web#2"]


def test_what_waits_for_somebody(world: World) -> None:
    assert type_(world, "todo") == ""
    assert answers(world)[-1]["text"].startswith("I do not know your account on GitHub.")
    account(world, "write")
    world.advance(301)
    type_(world, "todo", command="/connect")
    assert answers(world)[-1]["text"] == "Nothing on GitHub waits for you. :tada:"
    ada = world.github.people["ada"]
    mine = world.github.open_pull_request("acme/web", "Mine", author="ada", head="mine", draft=True)
    tickets = world.github.repos[0].tickets
    for number in (1, mine):
        tickets[number].assignees.append(ada)
    pull = tickets[2].pull
    assert pull is not None
    pull.reviewers.append(ada)
    hidden = world.github.open_issue("acme/secret", "Hidden")
    world.github.repos[1].tickets[hidden].assignees.append(ada)
    type_(world, "todo")
    assert [row[:4] for row in table(answers(world)[-1])] == [
        ["acme/web#2", "Oil the door", "Your review", "🟢 Open"],
        ["acme/web#3", "Mine", "Your pull request, Assigned to you", "⚪ Draft"],
        ["acme/web#1", "Door stuck", "Assigned to you", "🟢 Open"],
    ]
    link(world)
    world.github.allow("acme/secret", "ada", "read")
    type_(world, "todo")
    assert [row[0] for row in table(answers(world)[-1])] == ["acme/web#2", "acme/web#3", "acme/secret#1", "acme/web#1"]


def test_words_behind_a_command_that_takes_none_are_named(world: World) -> None:
    for command in ("todo", "me", "login", "logout"):
        answer = world.slack.command(MEMBER, GENERAL, "/github", f"{command} <x>").body["text"]
        unknown = f"I do not know `&lt;x&gt;` there: `/github {command}` takes nothing more."
        assert answer == f"{unknown} `/github help` shows what there is."
    world.settle()
    assert world.slack.responses == []
