"""Which threads hear what of a pull request: not those that want none of it, and of a private repository no more than
that something happened."""

from sandbox.slack import BOT_USER, DEV, GENERAL, MEMBER, PRIVATE
from tests.journeys.test_pull_requests_of_issues import flow, link, links
from tests.journeys.threads import all_done, said, ticket, world
from tests.world import World

__all__ = ["world"]
PULL = "acme/web#1 OPS-1: oil"


def heard(world: World, ts: str, channel: str = GENERAL) -> list[str]:
    """What a thread heard of pull requests, with links as their words."""
    texts = [text for text in said(world, ts, channel) if "pull request" in text or "acme/" in text]
    return [text.replace(f"<{world.github.url}/acme/web/pull/1|{PULL}>", PULL) for text in texts]


def opened(world: World, repo: str = "acme/web", title: str = "OPS-1: oil") -> int:
    number = world.github.open_pull_request(repo, title, head="oil")
    flow(world)
    return number


def tied(world: World, channel: str) -> str:
    """A thread of OPS-1 in another channel."""
    ts = world.slack.say(MEMBER, channel, "The same thing here?")
    world.settle()
    world.slack.say(MEMBER, channel, f"<@{BOT_USER}> link OPS-1", thread_ts=ts)
    world.settle()
    return ts


def test_a_private_repository_is_told_of_by_name_only_where_it_is_subscribed_to(world: World) -> None:
    world.give_account(MEMBER)
    _, ts = ticket(world)
    there = tied(world, PRIVATE)
    world.github.person("mia").email = world.slack.users[MEMBER]["profile"]["email"]
    world.github.allow("acme/secret", "mia", "read")
    answer = world.slack.command(MEMBER, PRIVATE, "/github", "subscribe acme/secret releases")
    assert "now hears of" in answer.body["text"]
    number = opened(world, "acme/secret", "OPS-1: hush")
    world.github.review("acme/secret", number, "grace", "changes_requested")
    flow(world)
    assert heard(world, ts) == [
        "🟢 A pull request for this issue was opened",
        "🔴 Changes were requested on a pull request for this issue",
    ]
    name = f"<{world.github.url}/acme/secret/pull/1|acme/secret#1 OPS-1: hush>"
    assert heard(world, there, PRIVATE) == [f"🟢 *octocat* opened {name}", f"🔴 *grace* requested changes on {name}"]
    assert [each["object"]["title"] for each in links(world)] == ["acme/secret#1"]
    assert "hush" not in str(world.slack.channels[GENERAL].messages)
    all_done(world)


def test_a_thread_that_wants_nothing_from_jira_hears_nothing_and_each_chooses_for_itself(world: World) -> None:
    world.give_account(MEMBER)
    _, ts = ticket(world)
    there = tied(world, DEV)
    world.slack.command(MEMBER, GENERAL, "/jira", "sync OPS-1 to-jira")
    opened(world)
    assert (heard(world, ts), heard(world, there, DEV)) == ([], [f"🟢 *octocat* opened {PULL}"])
    all_done(world)


def test_the_thread_of_an_issue_that_is_hidden_hears_nothing_until_it_is_shown_again(world: World) -> None:
    key, ts = ticket(world)
    world.jira.edit(key, "Grace Hopper", security="Staff")
    world.settle()
    number = opened(world)
    assert heard(world, ts) == []
    world.jira.edit(key, "Grace Hopper", security=None)
    world.settle()
    world.github.close_pull_request("acme/web", number)
    flow(world)
    assert heard(world, ts) == [f"🔴 *octocat* closed {PULL} without merging"]
    all_done(world)


def test_the_thread_of_a_subscriptions_card_hears_it_for_as_long_as_there_is_a_subscription(world: World) -> None:
    world.slack.command(MEMBER, DEV, "/jira", "subscribe OPS created")
    world.jira.create("OPS", "Bug", "Door stuck")
    world.settle()
    (card,) = [each for each in world.slack.history(DEV) if each.get("bot_id")]
    number = opened(world)
    world.slack.command(MEMBER, DEV, "/jira", "unsubscribe OPS")
    world.github.close_pull_request("acme/web", number)
    flow(world)
    told = [each["text"] for each in world.slack.thread(DEV, card["ts"])[1:]]
    assert told == [f"🟢 *octocat* opened <{world.github.url}/acme/web/pull/1|{PULL}>"]
    assert len([each for each in world.slack.history(DEV) if each.get("bot_id")]) == 1
    all_done(world)


def test_where_the_pull_request_has_its_own_card_in_the_issues_thread_it_is_told_once(world: World) -> None:
    world.give_account(MEMBER)
    world.jira.create("OPS", "Bug", "Door stuck")
    world.slack.command(MEMBER, DEV, "/github", "subscribe acme/web pulls")
    number = opened(world)
    (card,) = [each for each in world.slack.history(DEV) if "acme/web#1" in each["text"]]
    world.slack.say(MEMBER, DEV, f"<@{BOT_USER}> link OPS-1", thread_ts=card["ts"])
    flow(world)
    world.github.close_pull_request("acme/web", number)
    flow(world)
    told = [each["text"] for each in world.slack.thread(DEV, card["ts"])[1:] if each.get("bot_id")]
    assert [text for text in told if "without merging" in text] == ["*octocat* closed this without merging"]
    all_done(world)


def test_what_an_issue_that_was_moved_is_called_now_is_found_by_its_old_key(world: World) -> None:
    key, ts = ticket(world)
    number = opened(world)
    assert world.jira.move(key, "WEB") == "WEB-1"
    world.settle()
    world.github.close_pull_request("acme/web", number)
    flow(world)
    assert heard(world, ts) == [f"🟢 *octocat* opened {PULL}", f"🔴 *octocat* closed {PULL} without merging"]
    assert links(world, "WEB-1") == [link(world, PULL, state="Closed")]
