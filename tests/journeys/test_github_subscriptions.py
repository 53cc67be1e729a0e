"""What a channel hears of a repository or of all of an owner's: typed, listed, paused, tested, asked why."""

from typing import Any

import pytest

from sandbox.slack import DEV, GENERAL, GUEST, MEMBER, PRIVATE
from tests.bot.effects import on_sqlite
from tests.journeys.test_github_to_slack import bot_messages, replies
from tests.world import World

PATH = "/api/v1/subscriptions"
WHOLE: dict[str, Any] = {
    "source_service": "github", "source": "acme/web", "channel": DEV, "name": "release watch",
    "events": ["pulls", "reviews", "workflows"],
    "filters": {
        "labels": {"any": ["bug"], "all": [], "none": ["wip"]}, "authors": {"none": ["renovate[bot]"]}, "bots": False,
        "teams": {"any": ["acme/core"]}, "base": ["main", "release/*"], "head": ["feature/*"], "paths": ["services/**"],
        "owners": ["@acme/core"], "draft": False, "actions": ["merged"], "conclusions": ["failure"],
        "only_changes": True, "environments": ["production"], "states": ["failure", "success"],
    },
    "style": "compact", "thread": "only", "broadcast": ["merged"], "reactions": False, "replies": False,
    "paused": False,
}  # fmt: skip
pytestmark = on_sqlite


def said(world: World, text: str, user: str = MEMBER, channel: str = DEV) -> str:
    body = world.slack.command(user, channel, "/github", text).body
    return body["text"] + "".join(str(block.get("text", {}).get("text", "")) for block in body["blocks"])


def kept(world: World) -> list[tuple[str, str, list[str], dict[str, Any]]]:
    rows = sorted(world.rows("subscriptions"), key=lambda row: row["id"])
    return [(row["source"], row["name"], row["events"], row["filters"]) for row in rows]


def titles(world: World, channel: str = DEV) -> list[str]:
    return [message["text"] for message in bot_messages(world, channel)]


def test_the_whole_shape_is_taken_and_shown_as_it_was_sent(world: World) -> None:
    answer = world.call("POST", PATH, WHOLE)
    assert (answer.status_code, answer.json()["success"]) == (201, True)
    shown = world.call("GET", f"{PATH}/{answer.json()['subscription_id']}").json()["subscription"]
    assert {name: shown[name] for name in WHOLE} == WHOLE


@pytest.mark.parametrize(
    ("spoiled", "fields"),
    [
        ({"filters": {"actions": ["exploded"]}}, ["filters.actions"]), ({"events": ["pulls:main"]}, ["events"]),
        ({"filters": {"teams": {"any": ["core"]}}}, ["filters.teams"]), ({"thread": "never"}, ["thread"]),
        ({"broadcast": ["exploded"]}, ["broadcast"]), ({"reactions": "yes"}, ["reactions"]),
        ({"filters": {"only_changes": 1}}, ["filters.only_changes"]), ({"source": "acme/web/x"}, ["source"]),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_at_its_key(world: World, spoiled: dict[str, Any], fields: list[str]) -> None:
    answer = world.call("POST", PATH, {"source_service": "github", "source": "acme/web", "channel": DEV, **spoiled})
    assert (answer.status_code, [one["field"] for one in answer.json()["error"]["details"]]) == (422, fields)


def test_what_people_pasted_from_githubs_app_means_the_same(world: World) -> None:
    workflows = 'workflows:{name:"CI" branch:"main"}'
    pasted = f'acme/web issues pulls commits:release/* reviews comments:"channel" {workflows} +label:"bug"'
    assert "now hears of *acme/web*" in said(world, f"subscribe {pasted}")
    events = ["issues", "pulls", "commits:release/*", "reviews", "comments", workflows]
    assert kept(world) == [("acme/web", "", events, {"labels": {"any": ["bug"]}})]
    assert world.rows("subscriptions")[0]["broadcast"] == ["comments"]


def test_names_are_kept_without_the_at_that_is_put_before_them(world: World) -> None:
    sent = WHOLE | {"filters": {"authors": {"none": ["@octocat"]}, "teams": {"any": ["@acme/core"]}}}
    world.call("POST", PATH, sent)
    bare = {"authors": {"none": ["octocat"]}, "teams": {"any": ["acme/core"]}}
    assert kept(world)[0][3] == bare
    world.call("PATCH", f"{PATH}/{world.rows('subscriptions')[0]['id']}", {"filters": {"authors": {"any": ["@ada"]}}})
    assert kept(world)[0][3] == {"authors": {"any": ["ada"]}}


def test_what_was_changed_is_what_the_answer_names(world: World) -> None:
    said(world, "subscribe acme/web pulls commits")
    answer = said(world, "subscribe acme/web commits:release/* style:line")
    assert "That takes the place of `commits`. Each thing is one line." in answer
    assert kept(world)[0][2] == ["pulls", "commits:release/*"]


def test_a_feature_that_is_off_at_first_is_added_and_taken_away_again(world: World) -> None:
    usual = ["issues", "pulls", "commits", "releases", "deployments"]
    said(world, "subscribe acme/web reviews comments")
    assert kept(world) == [("acme/web", "", [*usual, "reviews", "comments"], {})]
    said(world, 'subscribe acme/web branches -label:"wip" -bots')
    assert kept(world)[0][2:] == (
        [*usual, "reviews", "comments", "branches"],
        {"labels": {"none": ["wip"]}, "bots": False},
    )
    answer = said(world, 'unsubscribe acme/web comments commits issues -bots -label:"wip"')
    assert "now hears of *acme/web*: pulls, releases, deployments, reviews, branches." in answer
    assert kept(world)[0][2:] == (["pulls", "releases", "deployments", "reviews", "branches"], {})
    said(world, "subscribe acme/web only pulls")
    assert kept(world)[0][2] == ["pulls"]
    assert "no longer hears of *acme/web*" in said(world, "unsubscribe acme/web pulls")
    assert kept(world) == []


def test_several_by_name_are_paused_shown_and_ended_each_by_itself(world: World) -> None:
    said(world, "subscribe acme/web pulls")
    said(world, 'subscribe acme/web named "release watch" releases')
    assert [one[:3] for one in kept(world)] == [
        ("acme/web", "", ["pulls"]),
        ("acme/web", "release watch", ["releases"]),
    ]
    assert "*acme/web* (release watch) is paused" in said(world, 'pause acme/web named "release watch"')
    world.github.release("acme/web", "v1.0", "First", "")
    world.github.open_pull_request("acme/web", "Door", head="a")
    world.settle()
    assert [["Door" in title, "v1.0" in title] for title in titles(world)] == [[True, False]]
    assert "*acme/web*, *acme/web* (release watch) are told here again" in said(world, "resume")
    world.github.release("acme/web", "v1.1", "Second", "")
    world.settle()
    assert "v1.1" in titles(world)[-1]
    assert "There are others: release watch" in said(world, "unsubscribe acme/web")
    assert "Say which one: release watch" in said(world, "unsubscribe acme/web")
    assert 'named "release watch"' in said(world, "settings acme/web")
    assert "no longer hears" in said(world, 'unsubscribe acme/web named "release watch"')
    assert "no subscriptions" in said(world, "settings")


def test_what_settings_show_can_be_typed_again(world: World) -> None:
    manner = "style:compact +reactions -replies"
    typed = f'only named "x y" pulls workflows:{{name:"CI"}} +label:"a b" base:"main" -drafts {manner}'
    said(world, f"subscribe acme/web {typed}")
    before = world.rows("subscriptions")
    shown = said(world, "settings acme/web").partition("`/github ")[2].partition("`")[0]
    world.call("DELETE", f"{PATH}/{before[0]['id']}")
    said(world, shown.replace("&amp;", "&"))
    same = ("source", "name", "events", "filters", "style", "thread", "broadcast", "reactions", "replies")
    assert [[row[name] for name in same] for row in world.rows("subscriptions")] == [
        [row[name] for name in same] for row in before
    ]


def test_nonsense_is_answered_with_its_place_and_an_example(world: World) -> None:
    answer = said(world, 'subscribe acme/web pulls +lable:"bug" reviews')
    assert "There is no filter +lable." in answer
    assert 'I read `pulls` and stopped before `+lable:"bug" reviews`' in answer
    assert '`/github subscribe acme/web +label:"bug"`' in answer
    assert "Guests" in said(world, "subscribe acme/web", GUEST)
    assert "Guests" in said(world, "pause", GUEST)
    assert kept(world) == []


def test_all_repositories_of_an_owner_are_heard_of_but_those_left_out(world: World) -> None:
    world.github.person("ada").email = world.slack.users[MEMBER]["profile"]["email"]
    world.github.organization_roles["acme", "ada"] = "admin"
    assert "now hears of *acme*" in said(world, "subscribe acme issues -acme/secret", channel=PRIVATE)
    said(world, "subscribe acme/web pulls", channel=PRIVATE)
    world.github.open_issue("acme/web", "heard")
    world.github.open_issue("acme/secret", "left out")
    world.github.open_pull_request("acme/web", "by the other", head="a")
    world.settle()
    assert [["heard" in title, "by the other" in title] for title in titles(world, PRIVATE)] == [
        [True, False], [False, True],
    ]  # fmt: skip
    details = [row["detail"] for row in world.rows("deliveries", "&status=ignored")]
    assert "the subscription's filter on repositories holds it back" in details


def test_topics_and_names_choose_among_an_owners_repositories(world: World) -> None:
    world.github.repos[0].topics = ["shop"]
    said(world, 'subscribe acme issues +topic:"shop"')
    said(world, 'subscribe acme issues +repo:"sec*"', channel=PRIVATE)
    world.github.open_issue("acme/web", "Tagged")
    world.settle()
    world.github.repos[0].topics = ["door"]
    world.github.open_issue("acme/web", "Not tagged any more")
    world.settle()
    assert [["Tagged" in title for title in titles(world)], titles(world, PRIVATE)] == [[True], []]


def test_branches_paths_and_actions_decide(world: World) -> None:
    said(world, 'subscribe acme/web pulls commits:* path:"docs/**" head:"feature/*" action:"merged"')
    world.github.push("acme/web", "side", [("elsewhere", "octocat")])
    first, second = [max(world.github.repos[0].tickets, default=0) + number for number in (1, 2)]
    world.github.changed |= {("acme/web", first): ["docs/a.md"], ("acme/web", second): ["src/a.py"]}
    for head in ("feature/a", "feature/b", "fix/a"):
        world.github.open_pull_request("acme/web", f"From {head}", head=head)
    world.settle()
    assert titles(world) == []
    for number in (first, second, second + 1):
        world.github.merge_pull_request("acme/web", number)
    world.settle()
    assert ["From feature/a" in title for title in titles(world)] == [True]


def test_only_what_turns_red_or_green_again_is_told(world: World) -> None:
    said(world, "subscribe acme/web workflows:* +only-changes")
    for conclusion in ("success", "failure", "failure", "success", "success"):
        world.github.finish_run("acme/web", world.github.start_run("acme/web", "main"), conclusion)
        world.settle()
        world.advance(60)
    assert titles(world) == ["acme/web: CI #2 (Failure)", "acme/web: CI #4 (Success)"]


def test_without_threads_everything_stands_in_the_channel(world: World) -> None:
    said(world, "subscribe acme/web pulls thread:off")
    number = world.github.open_pull_request("acme/web", "Door", head="a")
    world.settle()
    world.github.close_pull_request("acme/web", number)
    world.settle()
    shown = [message for message in world.slack.history(DEV) if message.get("bot_id")]
    assert [("closed" in message["text"], "thread_ts" in message) for message in shown] == [
        (False, False), (True, False),
    ]  # fmt: skip


@pytest.mark.parametrize(("mode", "broadcast"), [("on", [True, False, True]), ("only", [False] * 3)])
def test_the_end_is_told_in_the_channel_too_if_that_is_wanted(world: World, mode: str, broadcast: list[bool]) -> None:
    said(world, f"subscribe acme/web pulls thread:{mode}")
    number = world.github.open_pull_request("acme/web", "Door", head="a", draft=True)
    world.settle()
    world.github.close_pull_request("acme/web", number)
    world.settle()
    world.github.reopen_pull_request("acme/web", number)
    world.github.ready_for_review("acme/web", number)
    world.github.merge_pull_request("acme/web", number)
    world.settle()
    thread = world.slack.thread(DEV, bot_messages(world)[0]["ts"])[1:]
    told = {("closed" in m["text"], "merged" in m["text"]): m.get("subtype") == "thread_broadcast" for m in thread}
    assert [told[True, False], told[False, True]] == [broadcast[0], broadcast[2]]


def test_chosen_actions_are_told_in_the_channel_besides(world: World) -> None:
    said(world, 'subscribe acme/web pulls broadcast:"merged"')
    number = world.github.open_pull_request("acme/web", "Door", head="a", draft=True)
    world.settle()
    world.github.ready_for_review("acme/web", number)
    world.github.merge_pull_request("acme/web", number)
    world.settle()
    thread = world.slack.thread(DEV, bot_messages(world)[0]["ts"])[1:]
    assert [(m.get("subtype") == "thread_broadcast", "merged" in m["text"]) for m in thread] == [
        (False, False),
        (True, True),
    ]


def test_why_something_was_not_seen_is_told_by_the_rules_of_now(world: World) -> None:
    said(world, "subscribe acme/web issues")
    said(world, 'subscribe acme/web named "release watch" only pulls -drafts base:"main"')
    number = world.github.open_pull_request("acme/web", "Hidden", head="a", base="develop", draft=True)
    world.settle()
    answer = said(world, f"why {world.github.url}/acme/web/pull/{number}/files#x")
    assert "*acme/web*: issues\n:no_entry_sign: " in answer
    assert "the subscription does not ask for pulls" in answer
    assert "the subscription's filter on base holds it back" in answer
    said(world, 'unsubscribe acme/web named "release watch" -drafts base:"main"')
    assert ":white_check_mark:" in said(world, f"why acme/web#{number}")
    assert "does not hear of" in said(world, f"why acme/web#{number}", channel=GENERAL)
    assert "Name an issue" in said(world, "why was that")
    assert said(world, f"why https://other.test/acme/web/pull/{number}").startswith("That is no link to 127.0.0.1:")
    assert "Nothing of acme/web#4711" in said(world, "why acme/web#4711")


def test_a_test_shows_what_would_pass_of_the_latest_events(world: World) -> None:
    said(world, "subscribe acme issues pulls path:docs/**")
    world.github.open_issue("acme/web", "An issue")
    world.github.open_pull_request("acme/web", "A change", head="a")
    world.github.release("acme/web", "v1", "First", "")
    world.settle()
    answer = said(world, "test acme")
    lines = answer[answer.index("*acme*") :].split("\n")[1:]
    assert [line.split(" ")[0] for line in lines] == [":no_entry_sign:", ":white_check_mark:", ":white_check_mark:"]
    assert "the subscription does not ask for releases" in lines[0]
    assert "(if the files it changes will do: GitHub is asked)" in lines[1]


def test_the_list_has_its_buttons(world: World) -> None:
    said(world, "subscribe acme/web pulls")
    for name, paused in (("pause", True), ("resume", False)):
        world.slack.command(MEMBER, DEV, "/github", "subscribe list features")
        answer = world.slack.click(MEMBER, f"subscription_{name}", message=world.slack.ephemeral(MEMBER)[-1])
        assert (answer.status, answer.trouble) == (200, "")
        world.settle()
        assert [row["paused"] for row in world.rows("subscriptions")] == [paused]
        assert "*acme/web*" in str(world.slack.ephemeral(MEMBER)[-1]["blocks"])


def test_with_reactions_the_card_shows_what_became_of_it_and_nothing_is_said(world: World) -> None:
    said(world, "subscribe acme/web pulls +reactions")
    number = world.github.open_pull_request("acme/web", "Door", head="a", draft=True)
    world.settle()
    seen: list[list[str]] = []
    for happens in (
        world.github.ready_for_review, world.github.close_pull_request, world.github.reopen_pull_request,
        world.github.merge_pull_request,
    ):  # fmt: skip
        happens("acme/web", number)
        world.settle()
        [card] = bot_messages(world)
        seen.append([one["name"] for one in card.get("reactions", [])])
    assert seen == [
        ["eyes"], ["eyes", "no_entry_sign"], ["eyes", "recycle"], ["eyes", "twisted_rightwards_arrows"],
    ]  # fmt: skip
    assert replies(world, card["ts"]) == []
    assert "Merged" in str(card["blocks"])
