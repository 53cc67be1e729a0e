"""The form of a subscription to GitHub: what is chosen is kept, tried before it is saved, and comes back as it was."""

from typing import Any

import pytest

from sandbox.slack import ADMIN, DEV, GUEST, MEMBER, PRIVATE
from tests.journeys.on_github import account, world
from tests.journeys.test_subscription_form import chosen, one, save, texts
from tests.world import World

__all__ = ("world",)
LINES = {"value": "main\nrelease/*"}


def opened(world: World, channel: str = DEV, user: str = MEMBER) -> dict[str, Any]:
    answer = world.slack.command(user, channel, "/github", "subscribe")
    assert (answer.body, answer.trouble) == ("", ""), answer
    view = world.slack.current_view(user)
    assert view is not None
    return view


def edited(world: World, channel: str = DEV, user: str = MEMBER) -> dict[str, Any]:
    world.slack.command(user, channel, "/github", "subscribe list")
    listed = world.slack.ephemeral(user)[-1]
    assert world.slack.click(user, "subscription_edit", message=listed).trouble == ""
    view = world.slack.current_view(user)
    assert view is not None
    return view


def test_the_form_makes_a_subscription_with_all_that_was_chosen_and_opens_with_it_again(world: World) -> None:
    body = save(
        world, opened(world),
        source={"value": "https://github.com/acme/web"}, name={"value": "release watch"},
        events=chosen("pulls", "reviews", "workflows"),
        patterns={"value": 'commits:release/* workflows:{name:"CI" branch:"main"}'},
        filter_github_labels=chosen("any:bug", "none:wip"), filter_github_authors=chosen("none:renovate[bot]"),
        filter_github_assignees=chosen("any:ada", "empty:"), filter_github_reviewers=chosen("none:acme/core", "set:"),
        filter_github_teams=chosen("any:acme/core"), base=LINES, head={"value": "feature/*"},
        paths={"value": "services/**\n!*.md\n"}, owners={"value": "@acme/core"}, environments={"value": "production"},
        actions=chosen("merged"), conclusions=chosen("failure"), states=chosen("failure", "success"),
        flags=chosen("bots", "draft", "only_changes", "reactions", "replies"), style=one("compact"),
        thread=one("on"), broadcast=chosen("merged"), quiet_from={"selected_time": "20:00"},
        quiet_to={"selected_time": "07:00"}, timezone=one("Europe/Berlin"),
    )  # fmt: skip
    assert "now hears of *acme/web* (release watch)" in str(body["view"]["blocks"])
    wanted = {
        "source": "acme/web", "channel": DEV, "name": "release watch",
        "events": [
            "pulls", "reviews", "workflows", "commits:release/*", 'workflows:{name:"CI" branch:"main"}',
        ],
        "filters": {
            "labels": {"any": ["bug"], "none": ["wip"]}, "authors": {"none": ["renovate[bot]"]},
            "assignees": {"any": ["ada"], "empty": True}, "reviewers": {"none": ["acme/core"], "empty": False},
            "teams": {"any": ["acme/core"]}, "actions": ["merged"], "conclusions": ["failure"],
            "states": ["failure", "success"], "base": ["main", "release/*"], "head": ["feature/*"],
            "paths": ["services/**", "!*.md"], "owners": ["@acme/core"], "environments": ["production"],
            "bots": False, "draft": False, "only_changes": True,
        },
        "style": "compact", "thread": "on", "broadcast": ["merged"], "reactions": True, "replies": False,
        "quiet_hours": {"from": "20:00", "to": "07:00", "timezone": "Europe/Berlin"}, "paused": False,
    }  # fmt: skip
    [row] = world.rows("subscriptions")
    assert {name: row[name] for name in wanted} == wanted
    save(world, edited(world))
    [again] = world.rows("subscriptions")
    assert {name: again[name] for name in wanted} == wanted
    assert again["id"] == row["id"]


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(world: World) -> None:
    def errors(**values: Any) -> dict[str, str]:
        return save(world, opened(world), MEMBER, **values)["errors"]

    source = {"value": "acme/web"}
    assert errors(source={"value": "no such thing"}).keys() == {"source"}
    assert errors(source=source, events=chosen()) == {"events": "Choose at least one."}
    assert "Only events" in errors(source=source, patterns={"value": '+label:"bug"'})["patterns"]
    assert errors(source=source, owners={"value": "somebody"}).keys() == {"owners"}
    assert errors(source=source, filter_github_teams=chosen("any:core")).keys() == {"filter_github_teams"}
    assert errors(source=source, filter_github_labels=chosen("any:a", "none:a")).keys() == {"filter_github_labels"}
    assert errors(source=source, quiet_from={"selected_time": "20:00"}).keys() == {"quiet_from"}
    assert world.rows("subscriptions") == []


def test_it_is_tried_on_what_has_happened_before_it_is_saved(world: World) -> None:
    world.github.label("acme/web", world.github.open_issue("acme/web", "Crash"), "bug")
    world.settle()
    view = opened(world)
    state = view["state"]["values"]
    state["source"]["source"]["value"] = "acme/web"
    state["events"]["events"] |= chosen("issues")
    state["filter_github_labels"]["filter_github_labels"] |= chosen("any:bug")
    assert world.slack.click(MEMBER, "subscription_try", view=view["id"]).trouble == ""
    shown = world.slack.current_view(MEMBER)
    assert shown is not None
    said = texts(shown["blocks"])
    assert "nothing is saved yet" in said
    assert [mark in said for mark in (":white_check_mark: <http", "Crash", "filter on labels holds it back")] == [
        True, True, True,
    ]  # fmt: skip
    assert world.rows("subscriptions") == []


def test_a_private_repository_is_tried_and_saved_by_those_who_may_read_it_in_a_private_channel(world: World) -> None:
    world.github.repos[0].private = True
    world.github.open_issue("acme/web", "Vault open")
    world.settle()
    source = {"value": "acme/web"}
    assert "GitHub does not show acme/web to you and me" in str(save(world, opened(world), source=source))
    assert "GitHub does not show acme/web to you and me" in str(save(world, opened(world, PRIVATE), source=source))
    world.slack.command(MEMBER, PRIVATE, "/github", "unsubscribe acme/web")
    view = opened(world, PRIVATE)
    view["state"]["values"]["source"]["source"]["value"] = "acme/web"
    world.slack.click(MEMBER, "subscription_try", view=view["id"])
    tried = world.slack.current_view(MEMBER)
    assert tried is not None
    assert "Vault open" not in str(tried)
    account(world, "read")
    world.advance(3600)  # that nobody was found is remembered for a while
    assert "is private and this channel is not" in save(world, opened(world), source=source)["errors"]["source"]
    assert "now hears" in str(save(world, opened(world, PRIVATE), source=source))
    world.github.close_issue("acme/web", 1)
    world.settle()
    assert "Door stuck" in str(world.slack.history(PRIVATE))


@pytest.mark.parametrize("user", [GUEST])
def test_guests_get_no_form(world: World, user: str) -> None:
    assert "Guests" in world.slack.command(user, DEV, "/github", "subscribe").body["text"]
    assert world.slack.current_view(user) is None


def test_one_that_is_paused_stays_so_when_it_is_edited_and_labels_are_those_of_the_repository(world: World) -> None:
    number = world.github.open_issue("acme/web", "Crash")
    for name in ("bug", "wip"):
        world.github.label("acme/web", number, name)
    world.slack.command(MEMBER, DEV, "/github", "subscribe acme/web")
    world.slack.command(MEMBER, DEV, "/github", "pause acme/web")
    view = edited(world, user=ADMIN)
    offered = world.slack.options(ADMIN, view["id"], "filter_github_labels", "bu")
    assert [option["value"] for option in offered] == ["any:bug", "all:bug", "none:bug", "empty:", "set:"]
    hidden = world.github.repo("acme/web")
    assert hidden is not None
    hidden.private = True
    world.advance(61)
    offered = world.slack.options(ADMIN, view["id"], "filter_github_labels", "wi")
    assert offered[0]["value"] == "any:wi"  # as it was typed: it is not theirs to read
    hidden.private = False
    offered = world.slack.options(ADMIN, view["id"], "filter_github_authors", "hubot")
    assert [option["value"] for option in offered] == ["any:hubot", "none:hubot"]
    offered = world.slack.options(ADMIN, view["id"], "filter_github_assignees", "acm")
    assert [option["value"] for option in offered] == ["any:acme", "all:acme", "none:acme", "empty:", "set:"]
    offered = world.slack.options(ADMIN, view["id"], "filter_github_reviewers", "acme/core")
    assert offered[0]["value"] == "any:acme/core"
    save(world, view, ADMIN, style=one("line"))
    assert [(row["style"], row["paused"]) for row in world.rows("subscriptions")] == [("line", True)]


def test_one_that_the_form_has_no_room_for_is_for_the_command(world: World) -> None:
    paths = " ".join(f'path:"services/{number}/a-rather-long-name-of-a-folder/**"' for number in range(90))
    world.slack.command(MEMBER, DEV, "/github", f"subscribe acme/web {paths}")
    world.slack.command(MEMBER, DEV, "/github", "subscribe list")
    listed = world.slack.ephemeral(MEMBER)[-1]
    world.slack.click(MEMBER, "subscription_edit", message=listed)
    world.settle()
    assert world.slack.current_view(MEMBER) is None
    assert "more than a form has room for" in texts(world.slack.ephemeral(MEMBER)[-1]["blocks"])
