"""Previews of GitHub: what appears under a link, for whom and where, and when nothing does."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from sandbox.slack import DEV, GENERAL, GUEST, HIDDEN, MEMBER, OUTSIDE, PARTNERS, PRIVATE, STRANGER
from tests.github_app import as_app, pems
from tests.journeys.on_github import account
from tests.journeys.test_previews import HALF_AN_HOUR, previewed, shown
from tests.world import World

SECRET = "acme/secret"


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    made = prepared(World(sqlite_url))
    yield made
    made.close()


def prepared(world: World) -> World:
    """Slack tells connect of links to GitHub; `acme/web` and `acme/secret` have an issue each."""
    world.slack.links.domains = {"127.0.0.1"}
    world.github.open_issue("acme/web", "Door <stuck> & *jammed*", body="Nobody sees this")
    world.github.open_issue(SECRET, "Confidential")
    world.settle()
    world.github.calls.clear()
    return world


def page(world: World, path: str = "acme/web/issues/1") -> str:
    return f"{world.github.url}/{path}"


def share(world: World, *paths: str, user: str = MEMBER, channel: str = GENERAL) -> str:
    links = " ".join(f"<{page(world, path)}>" for path in paths or ("acme/web/issues/1",))
    ts = world.slack.say(user, channel, f"See {links}")
    world.settle()
    return ts


def secret(world: World, channel: str, user: str = MEMBER) -> bool:
    """Whether a link to the private issue is previewed there; half an hour later, so that it may be."""
    world.advance(HALF_AN_HOUR + 1)
    return shown(world, share(world, f"{SECRET}/issues/1", user=user, channel=channel), channel) != []


def texts(preview: dict[str, Any]) -> list[str]:
    """What the blocks of a preview say."""
    found = [block.get("elements") or [block["text"]] for block in preview["blocks"]]
    return [each["text"] for elements in found for each in elements]


def replies(world: World, ts: str, channel: str = GENERAL) -> list[str]:
    """What connect said in a message's thread."""
    return [message["text"] for message in world.slack.thread(channel, ts) if message.get("bot_id")]


# --- what is shown ---------------------------------------------------------------------------------------------------


def test_a_link_to_an_issue_unfurls_as_a_card_without_its_text(world: World) -> None:
    [card] = shown(world, share(world))
    assert (card["app_unfurl_url"], texts(card)) == (
        page(world),
        [
            f"*<{page(world)}|#1 Door &lt;stuck&gt; &amp; ∗jammed∗>*\n🟢 *Open*  ·  by octocat",
            f"Issue in <{page(world, 'acme/web')}|acme/web>",
        ],
    )
    assert {row["status"] for row in world.rows("integrations")} == {"completed"}


def test_the_issues_of_jira_that_it_names_stand_on_the_card(world: World) -> None:
    key = world.jira.create("OPS", "Bug", "Printer is on fire")
    world.github.open_issue("acme/web", f"Fire, see {key}", body="As UTF-8, XYZ-1")
    pull = world.github.open_pull_request("acme/web", f"{key}: water", head="fix")
    for path in ("issues/2", f"pull/{pull}"):
        [card] = shown(world, share(world, f"acme/web/{path}"))
        assert [text for text in texts(card) if "Jira" in text] == [f"Jira: <{world.jira.url}/browse/{key}|{key}>"]


def test_every_kind_of_page_unfurls(world: World) -> None:
    github, web = world.github, "acme/web"
    pull = github.open_pull_request(web, "Oil it", head="fix/oil")
    said, remark = github.comment(web, pull, "hubot", "Nice"), github.remark(web, pull, "hubot", "Here", "a.py")
    review = github.review(web, pull, "hubot", "approved", "Fine")
    github.push(web, "fix/oil", [("Oil the door", "octocat")])
    github.release(web, "app/v1.0", "One", "All new")
    talk = github.discuss(web, "More doors")
    run = github.repos[0].runs[github.start_run(web, "main", event="push")]
    github.contents[web, "src/a.py"] = "one\ntwo <!channel>\nthree\n"
    world.settle()
    sha = github.repos[0].heads["fix/oil"]
    there, on = page(world, web), f"<{page(world, web)}/pull/2|acme/web#2 Oil it>"
    heads = {
        f"{web}/pull/2/files": f"*<{there}/pull/2|#2 Oil it>*",
        f"{web}/discussions/{talk}": f"*<{there}/discussions/{talk}|#{talk} More doors>*",
        f"{web}/pull/2#issuecomment-{said}": f"💬 *hubot* <{there}/pull/2#issuecomment-{said}|commented> on {on}:",
        f"{web}/pull/2#discussion_r{remark}": f"💬 *hubot* <{there}/pull/2#discussion_r{remark}|commented> on `a.py` "
        f"in {on}:",
        f"{web}/pull/2#pullrequestreview-{review}": f"✅ *hubot* <{there}/pull/2#pullrequestreview-{review}|approved> "
        f"{on}:",
        f"{web}/commit/{sha[:8]}": f"*<{there}/commit/{sha}|Oil the door>*",
        f"{web}/blob/fix/oil/src/a.py#L2-L3": f"*<{there}/blob/fix/oil/src/a.py#L2-L3|src/a.py>*",
        f"{web}/releases/tag/app/v1.0": f"*<{there}/releases/tag/app/v1.0|app/v1.0: One>*",
        f"{web}/actions/runs/{run.id}/job/5": f"*<{there}/actions/runs/{run.id}|CI #1>*",
        web: f"*<{there}|acme/web>*",
        "octocat": f"*<{page(world, 'octocat')}|Mona (octocat)>*",
    }
    seen = {path: shown(world, share(world, path)) for path in heads}
    first = {path: texts(cards[0])[0].partition("\n")[0] if cards else "" for path, cards in seen.items()}
    assert first == heads
    assert "✅ Approved by hubot" in texts(seen[f"{web}/pull/2/files"][0])
    assert "```\ntwo &lt;!channel&gt;\nthree\n```" in texts(seen[f"{web}/blob/fix/oil/src/a.py#L2-L3"][0])
    assert {row["status"] for row in world.rows("integrations")} == {"completed"}


def test_other_pages_and_what_is_not_there_stay_links(world: World) -> None:
    paths = ("acme/web/wiki", "acme/web/issues/99", "acme/none", "nobody", "acme/web/blob/main/none.py#L1",
             "acme/web/commit/0123abc", "acme/web/issues/1#issuecomment-1")  # fmt: skip
    assert [shown(world, share(world, path)) for path in paths] == [[]] * len(paths)
    assert {row["status"] for row in world.rows("integrations")} == {"completed"}


# --- the same quiet as for Jira --------------------------------------------------------------------------------------


def test_not_the_same_twice_in_half_an_hour_not_three_at_once_and_not_while_it_is_written(world: World) -> None:
    world.slack.compose(MEMBER, f"<{page(world)}>")
    world.settle()
    assert world.slack.calls_to("chat.unfurl") == []
    world.github.open_issue("acme/web", "Another")
    assert previewed(world, share(world)) == [page(world)]
    assert previewed(world, share(world, "acme/web/issues/1?x=1", "acme/web/issues/2")) == [
        page(world, "acme/web/issues/2")
    ]
    assert shown(world, share(world, "acme/web", "acme", "octocat")) == []
    assert previewed(world, share(world, channel=DEV), DEV) == [page(world)]
    world.advance(HALF_AN_HOUR + 1)
    assert previewed(world, share(world)) == [page(world)]
    before = len(world.slack.calls_to("chat.unfurl"))
    world.slack.redeliver(3)
    world.settle()
    assert len(world.slack.calls_to("chat.unfurl")) == before


def test_a_link_to_jira_and_one_to_github_are_both_previewed(world: World) -> None:
    world.give_account(MEMBER)
    world.jira.create("OPS", "Bug", "Door stuck")
    jira = f"{world.jira.url}/browse/OPS-1"
    ts = world.slack.say(MEMBER, GENERAL, f"<{jira}> <{page(world)}>")
    world.settle()
    assert sorted(previewed(world, ts)) == sorted([jira, page(world)])


def test_channels_and_people_turn_them_off_and_on(world: World) -> None:
    def said(text: str, user: str = MEMBER) -> str:
        return world.slack.command(user, GENERAL, "/github", f"previews {text}").body["text"]

    assert said("off") == (
        ":white_check_mark: In this channel I no longer preview anything of GitHub. `/github previews on` starts it "
        "again."
    )
    assert (shown(world, share(world)), said("").startswith("I preview nothing of GitHub here.")) == ([], True)
    assert "I now preview links to GitHub" in said("links")
    assert previewed(world, share(world)) == [page(world)]
    assert "I no longer preview what you share" in said("me off")
    assert shown(world, share(world, channel=DEV), DEV) == []
    assert said("me on").startswith(":white_check_mark:")
    assert previewed(world, share(world, channel=DEV), DEV) == [page(world)]
    assert ("Guests" in said("on", GUEST), "`/github previews me on`" in said("me")) == (True, True)
    assert "I do not know `maybe` there." in said("maybe")
    assert (
        "I preview links to Jira issues here" in world.slack.command(MEMBER, GENERAL, "/jira", "previews").body["text"]
    )


def test_guests_and_people_of_other_workspaces_show_nothing(world: World) -> None:
    world.slack.command(MEMBER, PARTNERS, "/github", "previews on")
    assert shown(world, share(world, user=GUEST)) == []
    assert shown(world, share(world, user=STRANGER, channel=PARTNERS), PARTNERS) == []
    assert previewed(world, share(world, channel=PARTNERS), PARTNERS) == [page(world)]


def test_where_others_read_along_previews_have_to_be_turned_on_and_connect_has_to_see_the_channel(world: World) -> None:
    assert shown(world, share(world, channel=PARTNERS), PARTNERS) == []
    assert shown(world, share(world, channel=HIDDEN), HIDDEN) == []
    assert previewed(world, share(world, channel=OUTSIDE), OUTSIDE) == [page(world)]


def test_while_github_is_away_the_preview_waits_but_not_for_longer_than_anybody_would(world: World) -> None:
    world.github.fault("issues/get", status=503, times=1)
    soon = share(world)
    world.advance(60)
    world.github.fault("issues/get", status=503, times=1)
    late = share(world, channel=DEV)
    world.clock.offset += timedelta(seconds=HALF_AN_HOUR)
    world.settle()
    assert (previewed(world, soon), previewed(world, late, DEV)) == ([page(world)], [])


def test_while_github_is_off_links_to_it_are_links(sqlite_url: str) -> None:
    world = prepared(World(sqlite_url, github_token=""))
    world.slack.command(MEMBER, GENERAL, "/github", "previews on")
    share(world)
    world.slack.say(MEMBER, GENERAL, "acme/web#1")
    world.settle()
    assert world.rows("integrations") == []
    world.close()


# --- what is private -------------------------------------------------------------------------------------------------


def test_what_is_private_is_shown_by_who_may_read_it_and_not_in_public(world: World) -> None:
    direct = world.slack.direct(MEMBER).id
    places = (GENERAL, PRIVATE, direct)
    assert [secret(world, place) for place in places] == [False, False, False]
    account(world, "none")
    world.advance(3600)
    assert [secret(world, place) for place in places] == [False, False, False]
    world.github.allow(SECRET, "ada", "read")
    assert [secret(world, place) for place in places] == [False, True, True]
    assert secret(world, PRIVATE, GUEST) is False
    world.github.allow(SECRET, "ada", "none")
    assert [secret(world, place) for place in places] == [False, False, False]


def test_nothing_tells_that_there_is_something_private(world: World) -> None:
    there, not_there = (share(world, f"acme/{name}", channel=PRIVATE) for name in ("secret", "nothing"))
    assert (shown(world, there, PRIVATE), shown(world, not_there, PRIVATE)) == ([], [])
    assert world.slack.calls_to("chat.unfurl") == []
    assert world.slack.ephemerals == []


def test_an_issue_that_went_to_a_private_repository_is_not_shown(world: World) -> None:
    world.github.transfer_issue("acme/web", 1, SECRET)
    world.settle()
    assert shown(world, share(world)) == []


def test_an_admin_lets_a_public_channel_see_it_over_rest_but_nobody_who_may_not_read_it(world: World) -> None:
    body = {"source_service": "github", "source": SECRET, "channel": DEV, "events": ["releases"]}
    assert world.call("POST", "/api/v1/subscriptions", body).status_code == 201
    assert secret(world, DEV) is False
    account(world, "read", repo=SECRET)
    world.advance(3600)
    assert (secret(world, DEV), secret(world, GENERAL)) == (True, False)
    world.slack.command(MEMBER, DEV, "/github", "pause")
    world.settle()
    assert secret(world, DEV) is False


def test_repositories_that_are_named_are_shown_in_every_channel_that_wants_previews(sqlite_url: str) -> None:
    world = prepared(World(sqlite_url, github_preview_repositories="acme/sec*"))
    assert secret(world, GENERAL) is False
    account(world, "read", repo=SECRET)
    world.advance(3600)
    assert (secret(world, GENERAL), secret(world, PARTNERS)) == (True, False)
    world.slack.command(MEMBER, PARTNERS, "/github", "previews on")
    assert secret(world, PARTNERS) is True
    world.close()


def test_where_connect_may_not_ask_who_may_read_it_nothing_is_shown_and_the_row_says_why(world: World) -> None:
    account(world, "read", repo=SECRET)
    world.github.connect_role = "read"
    assert secret(world, PRIVATE) is False
    [failed] = [row for row in world.rows("integrations") if row["status"] == "failed"]
    assert failed["error_message"].startswith("GitHub does not tell connect what you may do in acme/secret")
    # The other link of a message is shown all the same.
    world.advance(HALF_AN_HOUR)
    ts = share(world, f"{SECRET}/issues/1", "acme/web/issues/1", channel=PRIVATE)
    assert previewed(world, ts, PRIVATE) == [page(world)]


def test_an_app_that_is_not_installed_there_previews_what_is_public(sqlite_url: str) -> None:
    given: dict[str, Any] = {**as_app()}
    world = prepared(World(sqlite_url, **given))
    world.github.app_keys["4711"] = pems()[1]
    world.github.install(repos=frozenset())
    assert previewed(world, share(world)) == [page(world)]
    assert shown(world, share(world, f"{SECRET}/issues/1", channel=PRIVATE), PRIVATE) == []
    world.close()


# --- names -----------------------------------------------------------------------------------------------------------


def test_what_is_named_gets_a_reply_where_the_channel_hears_of_it_or_wants_previews(world: World) -> None:
    def said(text: str, thread: str = "") -> list[str]:
        world.advance(HALF_AN_HOUR + 1)
        ts = world.slack.say(MEMBER, GENERAL, text, thread)
        world.settle()
        return replies(world, ts)

    told = "acme/web#1: Door &lt;stuck&gt; &amp; *jammed* (Open)"
    assert said("It is acme/web#1, I think") == []
    world.slack.command(MEMBER, GENERAL, "/github", "subscribe acme/web issues")
    assert said("It is acme/web#1, I think") == [told]
    assert said(f"acme/web#1 is <{page(world)}>") == []
    assert said("`acme/web#1` x/acme/web#1 acme/web#1x acme/web#0 acme/web#1 acme/web#2 acme/web#3") == []
    world.slack.command(MEMBER, GENERAL, "/github", "previews links")
    assert said("acme/web#1") == []
    world.slack.command(MEMBER, GENERAL, "/github", "unsubscribe acme/web")
    world.slack.command(MEMBER, DEV, "/github", "subscribe acme")
    world.slack.command(MEMBER, GENERAL, "/github", "previews on")
    assert (said("acme/web#1"), said("other/web#1")) == ([told], [])


def test_a_reply_beneath_its_own_card_gets_no_preview(world: World) -> None:
    world.slack.command(MEMBER, GENERAL, "/github", "subscribe acme/web issues")
    world.github.open_issue("acme/web", "Another")
    world.settle()
    card = next(message for message in world.slack.history(GENERAL) if message.get("bot_id"))
    world.advance(HALF_AN_HOUR + 1)
    world.slack.say(MEMBER, GENERAL, "acme/web#2 and acme/web#1", card["ts"])
    world.settle()
    assert [text for text in replies(world, card["ts"]) if "#" in text][1:] == [
        "acme/web#1: Door &lt;stuck&gt; &amp; *jammed* (Open)"
    ]
