"""Subscriptions follow their repository to a new name, and pause with a word where it hides from their channel."""

from sandbox.slack import ADMIN, DEV, MEMBER, PRIVATE
from tests.bot.effects import on_sqlite
from tests.journeys.test_github_subscriptions import said, titles
from tests.world import World

pytestmark = on_sqlite


def sources(world: World) -> list[str]:
    return sorted(row["source"] for row in world.rows("subscriptions"))


def test_a_repository_that_is_renamed_and_given_away_is_heard_of_still(world: World) -> None:
    said(world, "subscribe acme/web issues")
    world.github.rename_repository("acme/web", "site")
    world.settle()
    assert sources(world) == ["acme/site"]
    world.github.transfer("acme/site", "globex")
    world.github.open_issue("globex/site", "after it moved")
    world.settle()
    assert sources(world) == ["globex/site"]
    assert ["after it moved" in title for title in titles(world)] == [True]


def test_one_stays_where_the_channel_hears_of_the_new_name_already(world: World) -> None:
    said(world, "subscribe acme/web issues")
    said(world, "subscribe acme/site pulls")
    said(world, 'subscribe acme/web named "all" all')
    world.github.rename_repository("acme/web", "site")
    world.settle()
    assert sources(world) == ["acme/site", "acme/site", "acme/web"]


def test_a_repository_that_becomes_private_pauses_with_a_word_and_goes_on_with_who_may_read_it(world: World) -> None:
    said(world, "subscribe acme/web issues")
    said(world, 'subscribe acme/web named "two" issues')
    said(world, "subscribe acme/web issues", channel=PRIVATE)
    world.github.hide("acme/web")
    world.settle()
    world.github.open_issue("acme/web", "hidden")
    world.github.redeliver(2)
    world.settle()
    for channel in (DEV, PRIVATE):
        shown = [("is private now" in title, "hidden" in title) for title in titles(world, channel)]
        assert shown == [(True, False)]
    assert (
        sorted((row["channel"], row["paused_reason"]) for row in world.rows("subscriptions") if row["paused"])
        == [(DEV, "the repository is private now")] * 2 + [(PRIVATE, "the repository is private now")]
    )  # fmt: skip
    for channel in (DEV, PRIVATE):
        assert said(world, "resume", channel=channel).startswith("GitHub does not show acme/web to you and me")
    world.github.person("ada").email = world.slack.users[MEMBER]["profile"]["email"]
    world.github.allow("acme/web", "ada", "read")
    world.advance(3600)
    assert "private and this channel is not" in said(world, "resume")
    assert "is told here again" in said(world, "resume", channel=PRIVATE)
    assert "private and this channel is not" in said(world, "subscribe acme/web")
    world.github.open_issue("acme/web", "seen again")
    world.settle()
    assert ["seen again" in title for title in titles(world, PRIVATE)] == [False, True]
    assert len(titles(world)) == 1


def test_what_an_admin_made_by_rest_goes_on(world: World) -> None:
    body = {"source_service": "github", "source": "acme/web", "channel": DEV, "events": ["issues"]}
    assert world.call("POST", "/api/v1/subscriptions", body).status_code == 201
    world.github.hide("acme/web")
    world.github.open_issue("acme/web", "allowed")
    world.settle()
    assert ["allowed" in title for title in titles(world)] == [True]


def chosen(world: World, channel: str = DEV) -> list[str]:
    """What the channel's default and its reminders say."""
    return [world.slack.command(MEMBER, channel, "/github", words).body["text"] for words in ("default", "remind list")]


def test_the_repository_of_new_issues_and_reminders_follow_it_to_a_new_name_and_owner(world: World) -> None:
    for words in ("default acme/web", "remind here weekdays 09:00 acme/web"):
        world.slack.command(MEMBER, DEV, "/github", words)
    before = chosen(world)
    assert ("acme/web" in before[0], "acme/web" in before[1]) == (True, True)
    world.github.rename_repository("acme/web", "site")
    world.github.transfer("acme/site", "globex")
    world.settle()
    assert chosen(world) == [text.replace("acme/web", "globex/site") for text in before]


def test_they_follow_an_organization_to_its_new_name(world: World) -> None:
    for words in ("default acme/web", "remind here weekdays 09:00 acme/web"):
        world.slack.command(MEMBER, DEV, "/github", words)
    before, there = chosen(world), world.github.repos[0]
    there.owner.login = "globex"
    changes = {"login": {"from": "acme"}}
    world.github.announce(
        "organization", there, world.github.person("octocat"), {"action": "renamed", "changes": changes}
    )
    world.settle()
    assert chosen(world) == [text.replace("acme/web", "globex/web") for text in before]


def test_of_a_private_repository_only_a_channel_that_is_closed_learns_the_new_name(world: World) -> None:
    world.github.person("ada").email = world.slack.users[MEMBER]["profile"]["email"]
    world.github.allow("acme/secret", "ada", "read")
    world.github.allow("acme/web", "ada", "read")
    for channel, repository in ((PRIVATE, "acme/secret"), (DEV, "acme/web")):
        world.slack.command(MEMBER, channel, "/github", f"default {repository}")
    world.github.hide("acme/web")
    for name in ("secret", "web"):
        world.github.rename_repository(f"acme/{name}", f"{name}-2")
    world.settle()
    names = [
        [name for name in ("acme/secret-2", "acme/web-2") if name in chosen(world, it)[0]] for it in (PRIVATE, DEV)
    ]
    assert names == [["acme/secret-2"], []]
    assert "*acme/web*" in chosen(world)[0]


def filters(world: World) -> list[object]:
    return [row["filters"] for row in world.rows("subscriptions")]


def test_repositories_left_out_or_wanted_by_name_are_so_under_their_new_names(world: World) -> None:
    said(world, "subscribe acme issues -acme/web")
    said(world, 'subscribe acme named "one" only issues +repo:"Web","web-*"')
    world.github.rename_repository("acme/web", "site")
    world.settle()
    assert filters(world) == [{"repositories": {"none": ["acme/site"]}}, {"repositories": {"any": ["site", "web-*"]}}]
    world.github.open_issue("acme/site", "told once")
    world.settle()
    assert ["told once" in title for title in titles(world)] == [True]


def test_an_owners_new_name_stands_in_filters_too(world: World) -> None:
    said(world, 'subscribe acme issues -acme/web +author-team:"acme/core","globex/core"')
    there = world.github.repos[0]
    there.owner.login = "initech"
    changes = {"login": {"from": "acme"}}
    world.github.announce(
        "organization", there, world.github.person("octocat"), {"action": "renamed", "changes": changes}
    )
    world.settle()
    assert filters(world) == [
        {"repositories": {"none": ["initech/web"]}, "teams": {"any": ["initech/core", "globex/core"]}}
    ]


def test_an_open_channel_does_not_learn_the_new_name_of_what_it_leaves_out_where_that_is_private(world: World) -> None:
    said(world, "subscribe acme issues -acme/secret")
    world.github.rename_repository("acme/secret", "plans")
    world.settle()
    assert filters(world) == [{"repositories": {"none": ["acme/secret"]}}]


def test_what_somebody_is_reminded_of_alone_follows_its_repository_too(world: World) -> None:
    world.github.person("ada").email = world.slack.users[MEMBER]["profile"]["email"]
    world.github.allow("acme/web", "ada", "read")
    world.slack.command(MEMBER, DEV, "/github", "remind me daily 09:00 Europe/Berlin acme/web")
    world.settle()
    before = chosen(world)[1]
    world.github.rename_repository("acme/web", "site")
    world.settle()
    assert ("acme/web" in before, chosen(world)[1]) == (True, before.replace("acme/web", "acme/site"))


def test_a_former_name_is_answered_with_that_of_now_where_the_channel_hears_of_it(world: World) -> None:
    said(world, "subscribe acme/web issues")
    world.github.rename_repository("acme/web", "site")
    world.github.transfer("acme/site", "globex")
    world.settle()
    for words in ("unsubscribe acme/web", "pause acme/web", "settings acme/web", "test acme/web"):
        assert "*acme/web* is *globex/site* now: type that name instead." in said(world, words)
    other = said(world, "unsubscribe acme/web", channel=PRIVATE)
    assert ("globex" in other, "has no subscription to *acme/web*" in other) == (False, True)


def delete(world: World, name: str) -> None:
    there = next(one for one in world.github.repos if one.full_name == name)
    world.github.announce("repository", there, world.github.person("octocat"), {"action": "deleted"})
    world.settle()


def test_what_is_deleted_is_paused_with_a_word_and_another_of_its_name_is_asked_for_anew(world: World) -> None:
    world.github.person("ada").email = world.slack.users[MEMBER]["profile"]["email"]
    world.github.allow("acme/secret", "ada", "read")
    said(world, "subscribe acme/secret issues", channel=PRIVATE)
    said(world, 'subscribe acme/secret named "two" issues', channel=PRIVATE)
    said(world, "subscribe acme/secret issues")
    delete(world, "acme/secret")
    assert (titles(world, PRIVATE), titles(world)) == (
        [
            ":wastebasket: *octocat* deleted *acme/secret* on GitHub, so nothing more of it comes. "
            "`/github unsubscribe acme/secret` takes it off the list."
        ],
        [],
    )
    assert "paused: the repository was deleted" in said(world, "list", channel=PRIVATE)
    world.github.open_issue("acme/secret", "of a later one")
    world.settle()
    assert ["of a later one" in title for title in titles(world, PRIVATE)] == [False]
    answer = said(world, "resume acme/secret", ADMIN, PRIVATE)
    assert "GitHub does not show acme/secret to you and me" in answer
