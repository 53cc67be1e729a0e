"""GitHub → Slack: one card per pull request or issue and channel, edited in place, with later events in its thread."""

from typing import Any

from sandbox.slack import DEV, GENERAL, GUEST, MEMBER, PRIVATE
from tests.world import World


def bot_messages(world: World, channel: str = DEV) -> list[dict[str, Any]]:
    return [message for message in world.slack.history(channel) if message.get("bot_id")]


def replies(world: World, ts: str, channel: str = DEV) -> list[str]:
    return [message["text"] for message in world.slack.thread(channel, ts)[1:]]


def subscribed(world: World, words: str = "acme/web", channel: str = DEV) -> str:
    return world.slack.command(MEMBER, channel, "/github", f"subscribe {words}").body["text"]


def test_a_pull_request_is_one_card_edited_in_place_with_its_life_in_the_thread(world: World) -> None:
    assert "acme/web" in subscribed(world, "acme/web pulls")
    number = world.github.open_pull_request("acme/web", "Faster start", head="speed", draft=True)
    world.settle()
    cards = bot_messages(world)
    assert ["Faster start" in card["text"] for card in cards] == [True]
    assert "Draft" in str(cards[0]["blocks"])
    world.github.ready_for_review("acme/web", number)
    world.github.close_pull_request("acme/web", number)
    world.github.reopen_pull_request("acme/web", number)
    world.github.merge_pull_request("acme/web", number)
    world.settle()
    cards = [message for message in bot_messages(world) if f"#{number}" in message["text"]]
    assert len(cards) == 1
    assert "Merged" in str(cards[0]["blocks"])
    lines = replies(world, cards[0]["ts"])
    assert [words in line for line, words in zip(lines, ("ready", "closed", "reopened", "merged"), strict=True)] == [
        True
    ] * 4


def test_an_issue_is_one_card_with_its_life_in_the_thread(world: World) -> None:
    subscribed(world, "acme/web issues")
    number = world.github.open_issue("acme/web", "Crash <!channel>", body="It *crashes* @everyone")
    world.settle()
    world.github.close_issue("acme/web", number, reason="not_planned")
    world.github.reopen_issue("acme/web", number)
    world.settle()
    cards = bot_messages(world)
    assert len(cards) == 1
    assert "<!channel>" not in str(cards)
    assert ["not planned" in line for line in replies(world, cards[0]["ts"])] == [True, False]
    assert "Open" in str(cards[0]["blocks"])


def test_releases_pushes_and_deployments_arrive(world: World) -> None:
    subscribed(world)
    world.github.release("acme/web", "v1.0", "First", "It *works*")
    world.github.push("acme/web", "main", [("Fix the door", "octocat"), ("Oil it", "octocat")])
    world.github.push("acme/web", "feature/x", [("not on main", "octocat")])
    deployment = world.github.deploy("acme/web", "production", "main")
    world.github.deployment_status("acme/web", deployment, "in_progress")
    world.github.deployment_status("acme/web", deployment, "success")
    world.settle()
    texts = [message["text"] + str(message.get("blocks")) for message in bot_messages(world)]
    assert len([text for text in texts if "v1.0" in text]) == 1
    pushes = [text for text in texts if "Fix the door" in text]
    assert len(pushes) == 1
    assert "Oil it" in pushes[0]
    assert not [text for text in texts if "not on main" in text]
    cards = [message for message in bot_messages(world) if "production" in message["text"]]
    assert len(cards) == 1
    assert "Success" in str(cards[0]["blocks"])


def test_a_pull_request_older_than_the_subscription_gets_its_card_when_something_happens(world: World) -> None:
    number = world.github.open_pull_request("acme/web", "Old one")
    world.settle()
    subscribed(world)
    world.github.close_pull_request("acme/web", number)
    world.settle()
    cards = bot_messages(world)
    assert ["Closed" in str(card["blocks"]) for card in cards] == [True]
    assert ["closed" in line for line in replies(world, cards[0]["ts"])] == [True]


def test_links_to_other_hosts_are_no_repositories(world: World) -> None:
    said = f"That is no link to {world.github.url.removeprefix('http://')}, the GitHub I work with."
    for command, link in (
        ("subscribe {} pulls", "acme/web"), ("unsubscribe {}", "acme/web"), ("settings {}", "acme/web"),
        ("default {}", "acme/web"), ("pause {}", "acme/web"), ("close {}", "acme/web/issues/1"),
        ("why {}", "acme/web/issues/1"),
    ):  # fmt: skip
        typed = command.format(f"https://gitlab.com/{link}")
        named = f" Name what you mean like this: `/github {command.split()[0]} owner/repo#1`."
        told = world.slack.command(MEMBER, DEV, "/github", typed).body["text"]
        assert told == said + (named if command.startswith(("close", "why")) else ""), command
    assert world.rows("subscriptions") == []


def test_the_command_subscribes_to_chosen_features_lists_and_ends(world: World) -> None:
    assert "pulls" in subscribed(world, f"{world.github.url}/acme/web pulls,releases")
    listed = world.slack.command(MEMBER, DEV, "/github", "subscribe list").body["text"]
    assert "*acme/web*: pulls, releases" in listed
    world.github.open_issue("acme/web", "not asked for")
    world.github.open_pull_request("ACME/web".lower(), "asked for")
    world.settle()
    assert len(bot_messages(world)) == 1
    world.slack.command(MEMBER, DEV, "/github", "unsubscribe ACME/Web")
    world.github.open_pull_request("acme/web", "no more")
    world.settle()
    assert len(bot_messages(world)) == 1


def test_a_private_repository_reaches_no_public_channel(world: World) -> None:
    world.github.person("ada").email = world.slack.users[MEMBER]["profile"]["email"]
    world.github.allow("acme/secret", "ada", "read")
    assert "private and this channel is not" in subscribed(world, "acme/secret")
    assert world.rows("subscriptions") == []
    assert "now hears" in subscribed(world, "acme/secret", PRIVATE)
    world.github.open_issue("acme/secret", "hidden")
    world.settle()
    assert len(bot_messages(world, PRIVATE)) == 1
    # A repository that becomes private later falls silent in the public channel, and the delivery says why.
    subscribed(world, "acme/web", GENERAL)
    world.github.repos[0].private = True
    world.github.open_issue("acme/web", "private by now")
    world.settle()
    assert bot_messages(world, GENERAL) == []
    why = "the repository is private, and only what is public is told here"
    assert world.rows("deliveries", "&status=ignored")[-1]["detail"] == why


def test_guests_cannot_subscribe_and_nonsense_is_answered(world: World) -> None:
    def said(text: str, user: str = MEMBER) -> str:
        return world.slack.command(user, DEV, "/github", text).body["text"]

    assert "Guests" in said("subscribe acme/web", GUEST)
    assert "Name owner/repo" in said("subscribe -acme")
    assert "I do not know comets." in said("subscribe acme/web comets")
    assert world.rows("subscriptions") == []
    assert "GitHub does not show acme/unknown to you and me" in said("subscribe acme/unknown")


def test_rest_makes_a_github_issue_and_posts_its_link(world: World) -> None:
    payload = {"repository": "acme/web", "title": "From Slack", "body": "closes #1 @octocat", "channel": DEV}
    world.ask("slack", "github", "create_issue", payload)
    world.settle()
    issue = next(ticket for ticket in world.github.repos[0].tickets.values() if ticket.title == "From Slack")
    assert "closes #1 @octocat" not in (issue.body or "")
    assert [f"acme/web#{issue.number}" in message["text"] for message in bot_messages(world)] == [True]


def test_a_repeated_delivery_is_told_once(world: World) -> None:
    subscribed(world)
    world.github.open_pull_request("acme/web", "Once")
    world.settle()
    world.github.redeliver(5)
    world.settle()
    assert len(bot_messages(world)) == 1


def test_filters_hold_back_what_nobody_asked_for(world: World) -> None:
    filters = {"draft": False, "base": ["main"], "authors": {"none": ["hubot"]}, "labels": {"none": ["wip"]}}
    body = {"source_service": "github", "source": "acme/web", "channel": DEV, "filters": filters}
    assert world.call("POST", "/api/v1/subscriptions", body).status_code == 201
    world.github.open_pull_request("acme/web", "a draft", draft=True, head="a")
    world.github.open_pull_request("acme/web", "elsewhere", base="develop", head="b")
    world.github.open_pull_request("acme/web", "by a robot", author="hubot", head="c")
    world.github.open_pull_request("acme/web", "wanted", head="d")
    world.settle()
    assert ["wanted" in message["text"] for message in bot_messages(world)] == [True]
