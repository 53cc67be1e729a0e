"""What GitHub's webhooks do not tell is asked before a channel is told: files, owners, teams, branches."""

from typing import Any

import pytest

from sandbox.slack import DEV, GENERAL
from tests.bot.effects import on_sqlite
from tests.journeys.test_github_subscriptions import titles
from tests.world import World

pytestmark = on_sqlite


def subscribe(world: World, channel: str = DEV, **content: Any) -> int:
    body = {"source_service": "github", "source": "acme/web", "channel": channel, **content}
    answer = world.call("POST", "/api/v1/subscriptions", body)
    assert answer.status_code == 201, answer.text
    return answer.json()["subscription_id"]


def asked(world: World) -> list[str]:
    names = [call.operation for call in world.github.calls]
    return [name for name in names if name.startswith(("pulls/", "repos/get-content", "teams/"))]


def pull(world: World, *files: str, author: str = "octocat", title: str = "Change", head: str = "side") -> int:
    """A pull request that changes these files."""
    number = max([0, *world.github.repos[0].tickets]) + 1
    world.github.changed["acme/web", number] = list(files)
    assert world.github.open_pull_request("acme/web", title, author=author, head=head) == number
    world.settle()
    return number


def test_a_pull_request_passes_by_the_files_it_changes(world: World) -> None:
    row_id = subscribe(world, filters={"paths": ["services/**"]})
    pull(world, "docs/a.md", title="Docs", head="a")
    assert titles(world) == []
    pull(world, *[f"x/{number}" for number in range(150)], "services/api/a.py", title="Service", head="b")
    assert ["Service" in title for title in titles(world)] == [True]
    assert asked(world) == ["pulls/list-files"] * 3
    kept = world.call("GET", f"/api/v1/subscriptions/{row_id}").json()["subscription"]
    assert kept["last_held_reason"] == "the subscription's filter on paths holds it back"


def test_it_is_asked_once_for_several_subscriptions_and_channels(world: World) -> None:
    subscribe(world, filters={"paths": ["services/**"]})
    subscribe(world, name="docs", filters={"paths": ["docs/**"]})
    subscribe(world, GENERAL, filters={"paths": ["**"]})
    pull(world, "services/a.py")
    assert [len(titles(world, channel)) for channel in (DEV, GENERAL)] == [1, 1]
    assert asked(world) == ["pulls/list-files"]


def test_it_is_not_asked_where_the_answer_changes_nothing(world: World) -> None:
    subscribe(world, filters={"paths": ["services/**"], "base": ["release/*"]})
    subscribe(world, GENERAL, name="all")
    subscribe(world, GENERAL, filters={"paths": ["services/**"]})
    pull(world, "services/a.py")
    assert [len(titles(world, channel)) for channel in (DEV, GENERAL)] == [0, 1]
    assert asked(world) == []


def test_codeowners_say_whose_files_they_are(world: World) -> None:
    world.github.contents["acme/web", "CODEOWNERS"] = "* @acme/all\n/services/ @acme/Core\n"
    subscribe(world, filters={"owners": ["@acme/core"]})
    pull(world, "docs/a.md", title="Docs", head="a")
    pull(world, "services/a.py", title="Service", head="b")
    assert ["Service" in title for title in titles(world)] == [True]
    assert asked(world)[-3:] == ["pulls/list-files", "repos/get-content", "repos/get-content"]


def test_the_authors_team_decides(world: World) -> None:
    world.github.teams["acme/core"] = {"mona"}
    world.github.teams["acme/bots"] = {"hubot"}
    subscribe(world, filters={"teams": {"any": ["acme/core"], "none": ["acme/bots"]}})
    pull(world, title="By another", head="a")
    pull(world, title="By a member", author="mona", head="b")
    assert ["By a member" in title for title in titles(world)] == [True]


def test_the_repositorys_teams_choose_among_an_owners(world: World) -> None:
    world.github.teams["acme/core"] = set()
    world.github.team_repositories["acme/core"] = {"acme/web"}
    subscribe(world, source="acme", filters={"repository_teams": {"any": ["acme/core"]}})
    pull(world, title="Ours")
    assert ["Ours" in title for title in titles(world)] == [True]


def test_a_team_that_connect_cannot_see_is_the_subscriptions_trouble(world: World) -> None:
    row_id = subscribe(world, filters={"teams": {"any": ["acme/secret"]}})
    pull(world)
    kept = world.call("GET", f"/api/v1/subscriptions/{row_id}").json()["subscription"]
    assert titles(world) == []
    assert kept["trouble"].startswith("GitHub did not say whether acme/web#1 passes: ")


def test_while_github_does_not_answer_it_waits_and_so_does_what_comes_after(world: World) -> None:
    subscribe(world, filters={"paths": ["services/**"]})
    world.github.fault("pulls/list-files", status=503, times=2)
    number = pull(world, "services/a.py")
    world.github.merge_pull_request("acme/web", number)
    world.settle()
    assert titles(world) == []
    world.advance(60)
    world.advance(60)
    [card] = [message for message in world.slack.history(DEV) if message.get("bot_id") and "#1" in message["text"]]
    assert "Merged" in str(card["blocks"])
    assert ["merged" in line["text"] for line in world.slack.thread(DEV, card["ts"])[1:]] == [True]


@pytest.mark.parametrize("status", [403, 404, 422])
def test_what_github_does_not_know_of_yet_is_asked_again_and_told_in_its_order(world: World, status: int) -> None:
    subscribe(world, filters={"paths": ["services/**"]})
    world.github.fault("pulls/list-files", status=status, times=2)
    number = pull(world, "services/a.py")
    world.github.close_pull_request("acme/web", number)
    world.settle()
    assert titles(world) == []
    world.advance(6)
    world.advance(6)
    [card] = [message for message in world.slack.history(DEV) if message.get("bot_id") and "#1" in message["text"]]
    assert "Closed" in str(card["blocks"])
    assert asked(world) == ["pulls/list-files"] * 4  # two in vain, and one for each event


def test_what_github_does_not_know_after_half_a_minute_is_the_subscriptions_trouble(world: World) -> None:
    row_id = subscribe(world, filters={"paths": ["services/**"]})
    world.github.fault("pulls/list-files", status=404, times=9)
    pull(world, "services/a.py")
    for _ in range(8):
        world.advance(6)
    kept = world.call("GET", f"/api/v1/subscriptions/{row_id}").json()["subscription"]
    assert (titles(world), len(asked(world))) == ([], 6)
    assert kept["trouble"].startswith("GitHub did not say whether acme/web#1 passes: ")


def test_a_label_added_later_brings_the_card_then(world: World) -> None:
    subscribe(world, filters={"labels": {"any": ["bug"]}}, events=["issues", "pulls"])
    number = world.github.open_issue("acme/web", "Door stuck")
    other = world.github.open_issue("acme/web", "Old and tagged")
    world.settle()
    world.github.label("acme/web", number, "docs")
    world.settle()
    assert titles(world) == []
    world.github.label("acme/web", number, "bug")
    world.settle()
    assert ["Door stuck" in title for title in titles(world)] == [True]
    world.github.label("acme/web", number, "wip")
    world.settle()
    assert (len(titles(world)), other) == (1, 2)


def test_somebody_assigned_later_brings_the_card_then(world: World) -> None:
    subscribe(world, filters={"assignees": {"any": ["ada"]}}, events=["issues", "pulls", "comments"])
    number = world.github.open_issue("acme/web", "Door stuck")
    world.settle()
    assign(world, number, "eve")
    assert titles(world) == []
    assign(world, number, "ada")
    assert ["Door stuck" in title for title in titles(world)] == [True]
    assign(world, number, "ada", to=False)
    world.github.comment("acme/web", number, "octocat", "Whose is it now?")
    world.settle()
    [card] = [message for message in world.slack.history(DEV) if "Door stuck" in str(message.get("blocks"))]
    assert "Assigned to eve" in str(card["blocks"])
    assert "Whose is it now?" not in str(world.slack.thread(DEV, card["ts"]))


def test_who_is_asked_for_a_review_brings_the_card_and_stays_its_reviewer(world: World) -> None:
    world.github.teams["acme/core"] = {"ada"}
    subscribe(world, filters={"reviewers": {"any": ["acme/core"]}}, events=["pulls", "reviews"])
    subscribe(world, GENERAL, filters={"reviewers": {"empty": True}}, events=["pulls"])
    number = pull(world, "a.py", title="Door")
    assert [len(titles(world, channel)) for channel in (DEV, GENERAL)] == [0, 1]
    world.github.request_team_review("acme/web", number, "core")
    world.settle()
    assert ["Door" in title for title in titles(world)] == [True]
    asked_for = world.github.repos[0].tickets[number].pull
    assert asked_for is not None
    asked_for.teams.clear()  # as GitHub does once one of them has given a review
    world.github.review("acme/web", number, "ada", "approved", "Looks good")
    world.settle()
    [card] = [message for message in world.slack.history(DEV) if "Door" in str(message.get("blocks"))]
    assert "Looks good" in str(world.slack.thread(DEV, card["ts"]))


def test_of_a_pull_request_never_seen_github_says_who_is_its_reviewer(world: World) -> None:
    number = pull(world, "a.py", title="Door")
    world.github.request_review("acme/web", number, "ada")
    world.settle()
    world.services.database.run(lambda connection: connection.exec_driver_sql("DELETE FROM preferences"))
    subscribe(world, filters={"reviewers": {"any": ["ada"]}}, events=["comments"], style="line")
    world.github.comment("acme/web", number, "octocat", "What of this?")
    world.settle()
    assert asked(world)[-1:] == ["pulls/get"]
    assert "What of this?" in str(world.slack.history(DEV)[-1])


def assign(world: World, number: int, login: str, *, to: bool = True) -> None:
    there = world.github.repos[0]
    by = world.github.person("octocat")
    world.github.assign(there, there.tickets[number], world.github.person(login), by, to=to)
    world.settle()
