"""`/github open owner/repo Title` and `/github default`: an issue at once, its card, a conversation from then on."""

import pytest

from sandbox.github.state import Ticket
from sandbox.slack import ADMIN, BOT_USER, GENERAL, GUEST, MEMBER, PRIVATE
from tests.journeys import forms, on_github
from tests.journeys.on_github import HOURGLASS, account, link, told, type_
from tests.world import World

world = on_github.world


def newest(world: World, repo: str = "acme/web") -> Ticket:
    there = world.github.repo(repo)
    assert there is not None
    return there.tickets[max(there.tickets)]


def body(ticket: Ticket) -> str:
    return str(ticket.body).partition("\n\n<!-- connect:")[0]


def cards(world: World, channel: str = GENERAL) -> list[str]:
    return [message["text"] for message in world.slack.history(channel) if message.get("bot_id")]


def created(world: World, number: int, title: str, repo: str = "acme/web") -> str:
    return f"Created <{world.github.url}/{repo}/issues/{number}|{repo}#{number} {title}>."


def test_an_issue_is_opened_at_once_and_talked_about(world: World) -> None:
    account(world, "none")
    assert type_(world, "open acme/web The *door* is <stuck>") == (
        f"{HOURGLASS} Creating *The door is &lt;stuck&gt;* in acme/web…"
    )
    ticket = newest(world)
    assert (ticket.title, ticket.author.login) == ("The *door* is <stuck>", "connect-app")
    assert body(ticket) == "Reported by Mia Member in Slack"
    assert told(world) == [created(world, 3, "The *door* is &lt;stuck&gt;")]
    assert cards(world) == ["acme/web#3: The *door* is &lt;stuck&gt; (Open)"]
    card = next(message for message in world.slack.history(GENERAL) if message.get("bot_id"))
    world.slack.say(ADMIN, GENERAL, "Oil it", thread_ts=card["ts"])
    world.settle()
    assert "Oil it" in ticket.comments[0].body
    world.github.close_issue("acme/web", 3)
    world.settle()
    assert cards(world) == ["acme/web#3: The *door* is &lt;stuck&gt; (Closed)"]


def test_more_lines_are_its_body_and_do_nothing_there(world: World) -> None:
    account(world)
    type_(world, "open ACME/web Door\nasks @octocat about #1\n\nand `oil`")
    ticket = newest(world)
    assert (ticket.title, body(ticket)) == (
        "Door", "asks @\u200boctocat about #\u200b1\n\nand \\`oil\\`\n\nReported by Mia Member in Slack",
    )  # fmt: skip
    assert cards(world) == ["acme/web#3: Door (Open)"]


def test_who_has_linked_an_account_opens_it_under_their_own_name(world: World) -> None:
    account(world, "none")
    link(world)
    type_(world, "open acme/web Door")
    ticket = newest(world)
    assert (ticket.author.login, body(ticket)) == ("ada", "Reported in Slack")
    assert cards(world) == ["acme/web#3: Door (Open)"]


def test_a_mention_opens_one_in_the_thread_that_it_stands_in(world: World) -> None:
    account(world)
    root = world.slack.say(ADMIN, GENERAL, "The door again")
    world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> open acme/web Door", thread_ts=root)
    world.settle()
    texts = [message["text"] for message in world.slack.thread(GENERAL, root)]
    assert texts[2:] == ["acme/web#3: Door (Open)"]
    assert "Reported by Mia Member [in Slack](https://" in body(newest(world))
    world.slack.say(ADMIN, GENERAL, "Thank you", thread_ts=root)
    world.settle()
    world.advance(2)
    assert "Thank you" in newest(world).comments[-1].body


def test_who_may_not_is_told_with_what_they_typed(world: World) -> None:
    assert "Guests" in type_(world, "open acme/web Door", GUEST)
    type_(world, "open acme/web Door\nplease <!channel> keep this")
    account(world, "none")
    world.advance(301)
    type_(world, "open acme/secret Door")
    type_(world, "open acme/none Door")
    assert told(world) == [
        "The issue was not created. I do not know your account on GitHub. Type `/github me` to see how to say which "
        "one it is.",
        "The issue was not created. GitHub has no repository acme/secret that you and I can see.",
        "The issue was not created. GitHub has no repository acme/none that you and I can see.",
    ]
    blocks = str([response["body"]["blocks"] for response in world.slack.responses])
    assert "You asked for: acme/web Door\\nplease &lt;!channel&gt; keep this" in blocks
    assert len(world.github.repos[0].tickets) == 2


def test_of_a_private_repository_others_see_nothing(world: World) -> None:
    account(world, "read", repo="acme/secret")
    type_(world, "open acme/secret Vault")
    private = " Its repository is private, and others see this place, so I show nothing of it here."
    assert told(world) == [created(world, 1, "Vault", "acme/secret") + private]
    assert cards(world) == []
    type_(world, "open acme/secret Door", channel=PRIVATE)
    assert cards(world, PRIVATE) == ["acme/secret#2: Door (Open)"]
    assert [row["target_id"] for row in world.rows("mappings", "&mapping_type=thread")] == ["acme/secret#2"]


@pytest.mark.parametrize("role", ["none", "own"])
def test_an_issue_whose_answer_is_lost_is_opened_once(world: World, role: str) -> None:
    account(world, "none")
    if role == "own":
        link(world)
    world.github.fault("issues/create", kind="reset", after=True)
    type_(world, "open acme/web Door")
    for _ in range(6):
        world.advance(60)
    assert [ticket.title for ticket in world.github.repos[0].tickets.values()].count("Door") == 1
    assert told(world) == [created(world, 3, "Door")]
    assert cards(world) == ["acme/web#3: Door (Open)"]


def test_without_its_echo_a_lost_answer_is_found_again(world: World) -> None:
    account(world, "read", repo="acme/secret")
    world.github.fault("issues/create", kind="reset", after=True)
    type_(world, "open acme/secret Door", channel=PRIVATE)
    for _ in range(6):
        world.advance(60)
    assert len(world.github.repos[1].tickets) == 1
    assert (told(world), cards(world, PRIVATE)) == (
        [created(world, 1, "Door", "acme/secret")], ["acme/secret#1: Door (Open)"],
    )  # fmt: skip


def test_a_subscribed_channel_has_one_card(world: World) -> None:
    account(world)
    assert "now hears of" in world.slack.command(MEMBER, GENERAL, "/github", "subscribe acme/web issues").body["text"]
    world.slack.responses.clear()
    type_(world, "open Door")
    assert (told(world), cards(world)) == ([created(world, 3, "Door")], ["acme/web#3: Door (Open)"])


# --- the channel's default -------------------------------------------------------------------------------------------


def test_a_channel_chooses_and_shows_and_clears_its_repository(world: World) -> None:
    account(world)
    usage = "`/github default owner/repo` sets it, `/github default clear` forgets it."
    none = "This channel has no repository of its own for new issues."
    assert type_(world, "open Door") == (
        "Say where: `/github open owner/repo Title`. `/github default owner/repo` chooses one for this channel."
    )
    assert type_(world, "default") == f"{none} {usage}"
    assert (
        type_(world, "default ACME/Web", command="/connect")
        == ":white_check_mark: New issues from this channel go to *acme/web*."
    )
    assert type_(world, "default", command="/connect").startswith("This channel has no defaults")
    assert type_(world, "default") == f"New issues from this channel go to *acme/web*. {usage}"
    type_(world, "open Door")
    assert newest(world).title == "Door"
    page = f"{world.github.url}/acme/web"
    assert type_(world, f"default {page}/") == ":white_check_mark: New issues from this channel go to *acme/web*."
    for words, title in (
        (f"{page} By its page", "By its page"),
        (f"{page}/issues/1 is back", f"{page}/issues/1 is back"),
    ):
        type_(world, f"open {words}")
        assert newest(world).title == title
    assert type_(world, "default clear") == "This channel has no repository of its own for new issues any more."
    assert type_(world, "default clear") == none


def test_what_a_person_cannot_see_or_others_may_not_is_no_default(world: World) -> None:
    unseen = "GitHub has no repository {} that you and I can see."
    assert type_(world, "default acme/none") == unseen.format("acme/none")
    assert type_(world, "default acme/secret") == unseen.format("acme/secret")
    account(world, "read", repo="acme/secret")
    world.advance(301)
    assert type_(world, "default acme/secret") == (
        "acme/secret is private, and this channel is not, so it cannot be its default."
    )
    assert type_(world, "default acme/secret", channel=PRIVATE).startswith(":white_check_mark:")
    assert type_(world, "default nonsense").startswith("Name a repository.")
    assert "Guests" in type_(world, "default acme/web", GUEST)
    world.github.repos[0].archived = True
    assert type_(world, "default acme/web") == "acme/web is archived: nothing new can be opened in it."


def test_what_github_leaves_out_is_told(world: World) -> None:
    account(world, "none")
    link(world)
    assert world.slack.command(MEMBER, GENERAL, "/github", "open acme/web").trouble == ""
    world.settle()
    forms.fill(world, {"Title": "Door", "Labels": ["bug"]})
    view = forms.submit(world)
    assert forms.said(view)[0].endswith(" GitHub left out its labels: that takes a higher role there.")
    assert newest(world).labels == []


def test_a_message_that_is_too_long_is_cut_with_a_way_to_the_rest(world: World) -> None:
    account(world, "none")
    ts = world.slack.say(ADMIN, GENERAL, "\n\n".join(f"{number} {'words ' * 60}" for number in range(200)))
    assert world.slack.message_shortcut(MEMBER, GENERAL, ts, "create_github_issue_from_message").trouble == ""
    forms.fill(world, {"Repository": "acme/web"})
    world.settle()
    forms.submit(world)
    text = body(newest(world))
    assert (text.startswith("0 words"), 60_000 < len(text) < 65_000) == (True, True)
    assert "… The whole text is" in text
    assert text.count(f"/archives/{GENERAL}/p{ts.replace('.', '')}") == 2
