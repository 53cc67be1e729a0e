"""A repository, a project, a number or a link where a command is awaited: one sentence with the next step."""

from typing import Any

import pytest

from sandbox.slack import BOT_USER, DEV, GENERAL, GUEST, MEMBER
from tests.journeys import on_github
from tests.journeys.on_github import HOURGLASS, account, ticket, told, type_
from tests.world import World

world = on_github.world
FAR = "https://git.elsewhere.test/acme/web"
SHOWS = "`/github acme/web#1` shows one."
REPOSITORY = (
    "`/github subscribe acme/web` lets this channel hear of acme/web, `/github open acme/web Title` opens an issue "
    f"there, and {SHOWS}"
)


def no_link(world: World) -> str:
    return f"That is no link to {world.github.url.removeprefix('http://')}, the GitHub I work with."


def said(world: World, text: str, command: str = "/github", channel: str = DEV, user: str = MEMBER) -> str:
    """The answer, which is one sentence or two and no help."""
    answer: Any = world.slack.command(user, channel, command, text)
    assert (answer.status, answer.trouble, len(answer.body["blocks"])) == (200, "", 1)
    return str(answer.body["text"])


@pytest.mark.parametrize("command", ["/github", "/connect", "/connect github"])
@pytest.mark.parametrize("word", ["acme/web", "acme/web#", "acme/web/1", "{}/acme/web", "{}/acme/web/actions"])
def test_a_repository_alone_is_told_with_what_can_be_done(world: World, command: str, word: str) -> None:
    name, _, service = command.partition(" ")
    assert said(world, f"{service} {word.format(world.github.url)}".strip(), name) == REPOSITORY


@pytest.mark.parametrize("word", ["#", "#abc", "web#x", "/", "acme/", "/web"])
def test_half_a_name_is_told_how_names_look(world: World, word: str) -> None:
    assert said(world, word) == (
        "A repository is named `owner/repo`, an issue or a pull request `owner/repo#1`: `/github owner/repo#1` shows "
        "it."
    )


def test_a_number_behind_a_repository_is_put_in_its_place(world: World) -> None:
    assert said(world, "acme/web 7").endswith("and `/github acme/web#7` shows one.")
    assert said(world, f"{world.github.url}/acme").startswith("`/github subscribe acme` lets this channel hear of all")


def test_a_number_is_that_of_the_channels_repository(world: World) -> None:
    account(world)
    nothing = (
        "This channel has no repository of its own, so I do not know which `#1` you mean: type `{} owner/repo#1`, or "
        "choose one with `/github default owner/repo`."
    )
    assert said(world, "#1") == nothing.format("/github")
    assert said(world, "close #1") == nothing.format("/github close")
    assert said(world, "why #1") == nothing.format("/github why")
    world.slack.command(MEMBER, GENERAL, "/github", "default acme/web")
    type_(world, "#1")
    type_(world, "#1", command="/connect")
    assert type_(world, "close #1 not planned") == f"{HOURGLASS} Closing acme/web#1…"
    assert told(world) == [*["acme/web#1: Door stuck (Open)"] * 2, "acme/web#1 is closed now, as not planned."]
    assert ticket(world).state == "closed"


def test_a_name_without_an_owner_is_one_that_the_channel_hears_of(world: World) -> None:
    account(world)
    assert said(world, "web#1") == "I do not know whose `web#1` that is: type `/github owner/web#1`."
    world.slack.command(MEMBER, DEV, "/github", "subscribe acme/web")
    type_(world, "WEB#1", channel=DEV)
    assert type_(world, "comment web#1 It works", channel=DEV) == f"{HOURGLASS} Commenting on acme/web#1…"
    assert len(ticket(world).comments) == 1
    world.slack.command(MEMBER, DEV, "/github", "subscribe other/web")
    assert said(world, "web#1") == "Which one: `/github acme/web#1` or `/github other/web#1`?"
    assert said(world, "reopen web#1") == "Which one: `/github reopen acme/web#1` or `/github reopen other/web#1`?"


def test_a_repository_that_only_others_hear_of_is_told_to_nobody(world: World) -> None:
    account(world, "read", repo="acme/secret")
    type_(world, "open acme/secret Vault")
    for name in ("secret#1", "close secret#1"):
        assert "acme" not in said(world, name, channel=GENERAL)
    assert "Guests" in said(world, "close web#1", user=GUEST)


@pytest.mark.parametrize(
    ("text", "next_step"),
    [
        (FAR, "Name what you mean like this: `/github owner/repo#1`."),
        (f"{FAR}/issues/1", "Name what you mean like this: `/github owner/repo#1`."),
        (f"close {FAR}/issues/1", "Name what you mean like this: `/github close owner/repo#1`."),
        (f"why {FAR}/pull/1", "Name what you mean like this: `/github why owner/repo#1`."),
        (f"remind me weekdays 9:00 {FAR}",
         "Name repositories like this: `/github remind me weekdays 09:00 owner/repo`."),
        (f"open {FAR} The door",
         f"A link that belongs to the issue stands behind its title: `/github open owner/repo Title {FAR}`."),
    ],
)  # fmt: skip
def test_a_link_to_another_place_is_no_name(world: World, text: str, next_step: str) -> None:
    assert said(world, text) == f"{no_link(world)} {next_step}"
    assert len(world.github.repos[0].tickets) == 2


@pytest.mark.parametrize(
    ("service", "link", "answer"),
    [
        ("github", FAR, "A link alone says little. Say in words what is to be done, and put the link behind them: "
         f"`/github open … {FAR}`"),
        ("github", "{github}/acme/web/blob/main/door.py", "A link alone says little. Say in words what is to be done, "
         "and put the link behind them: `/github open … {github}/acme/web/blob/main/door.py`"),
        ("github", "{github}/acme/web/issues/1",
         "That is acme/web#1, which there is already: `/github acme/web#1` shows it."),
        ("github", "{jira}/browse/OPS-1", "That is OPS-1, an issue that there is already: `/jira OPS-1` shows it."),
        ("github", "https://dev.slack.com/archives/C1/p1",
         "That is a link to a message: *Create GitHub issue* in the menu of that message makes an issue of it."),
        ("jira", FAR, "A link alone says little. Say in words what is to be done, and put the link behind them: "
         f"`/jira create … {FAR}`"),
        ("jira", "{jira}/browse/OPS-1", "That is OPS-1, an issue that there is already: `/jira OPS-1` shows it."),
        ("jira", "{github}/acme/web/pull/2",
         "That is acme/web#2, which there is already: `/github acme/web#2` shows it."),
        ("jira", "https://dev.slack.com/archives/C1/p1",
         "That is a link to a message: *Create Jira issue* in the menu of that message makes an issue of it."),
    ],
)  # fmt: skip
def test_no_issue_is_made_of_a_link_alone(world: World, service: str, link: str, answer: str) -> None:
    hosts = {"github": world.github.url, "jira": world.jira.url}
    verb = {"github": "open", "jira": "create"}[service]
    assert said(world, f"{verb} {link.format(**hosts)}", f"/{service}") == answer.format(**hosts)
    assert (len(world.github.repos[0].tickets), world.jira.issues) == (2, {})


def test_a_link_beside_words_is_part_of_the_title(world: World) -> None:
    account(world)
    type_(world, f"open acme/web Door {FAR}")
    type_(world, f"create Door {FAR}", command="/jira")
    assert ticket(world, 3).title == f"Door {FAR}"
    assert world.jira.issues["OPS-1"].summary == f"Door {FAR}"


def test_a_link_to_a_repository_says_what_a_reminder_is_about(world: World) -> None:
    account(world)
    text = f"remind me weekdays 9:00 {world.github.url}/acme/web"
    assert "what waits for a review in `acme/web`" in said(world, text)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("7", "An issue is named with its project: `/jira OPS-7`."),
        ("OPS-", "An issue is named with its number: `/jira OPS-1`."),
        ("ops-abc", "An issue is named with its number: `/jira OPS-1`."),
        ("acme/web#1", "That is on GitHub: `/github acme/web#1` shows it."),
        ("#7", "An issue is named with its project: `/jira OPS-7`."),
        ("ops", "`/jira subscribe OPS` lets this channel hear of the project OPS, `/jira search project = OPS` finds "
         "its issues, and `/jira OPS-1` shows one."),
        (FAR, "That is no link to an issue on {}. `/jira OPS-1` shows an issue."),
        (f"assign {FAR} me", "That is no link to an issue on {}. Say which issue: `/jira assign OPS-1 @somebody`."),
        (f"link {FAR}", "That is no link to an issue on {}. Name the issue: `/jira link OPS-1`"),
        (f"sync {FAR} both", "That is no link to an issue on {}. Name an issue and what goes through: "
         "`/jira sync OPS-1 both`, `to-jira`, `to-slack` or `off`."),
    ],
)  # fmt: skip
def test_what_is_no_command_of_jiras_gets_its_next_step(world: World, text: str, answer: str) -> None:
    assert said(world, text, "/jira") == answer.format(world.jira.url.removeprefix("http://"))


def test_a_link_that_nobody_knows_is_said_to_be_so(world: World) -> None:
    nothing = (
        "I do not know what this link leads to. `/connect OPS-1` shows an issue of Jira, `/connect owner/repo#1` one "
        "of GitHub."
    )
    assert said(world, FAR, "/connect") == nothing
    world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> <{FAR}>")
    world.settle()
    assert world.slack.ephemeral(MEMBER)[-1]["text"] == nothing
