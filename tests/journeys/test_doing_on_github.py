"""`/github close`, `reopen`, `assign`, `unassign`, `label`, `comment`, and `/github acme/web#1`."""

import pytest

from sandbox.slack import ADMIN, BOT_USER, GENERAL, GUEST, MEMBER, PRIVATE
from tests.journeys import on_github
from tests.journeys.on_github import HOURGLASS, account, link, plain, settle, ticket, told, type_
from tests.world import World

world = on_github.world


@pytest.mark.parametrize(
    ("words", "reason", "said"),
    [
        ("acme/web#1", "completed", ", as completed"),
        ("acme/web#1 not planned", "not_planned", ", as not planned"),
        ("ACME/WEB#1 as duplicate", "duplicate", ", as a duplicate"),
    ],
)
def test_an_issue_is_closed_for_a_reason_and_reopened(world: World, words: str, reason: str, said: str) -> None:
    account(world)
    name = words.partition(" ")[0]
    assert type_(world, f"close {words}") == f"{HOURGLASS} Closing {name}…"
    assert (ticket(world).state, ticket(world).reason) == ("closed", reason)
    assert [text.casefold() for text in told(world)] == [
        f"<{world.github.url}/acme/web/issues/1|{name.casefold()}> is closed now{said}."
        if name.isupper()
        else f"{name} is closed now{said}."
    ]
    world.slack.responses.clear()
    type_(world, f"reopen {world.github.url}/acme/web/issues/1#issuecomment-7")
    assert (ticket(world).state, told(world)) == ("open", ["acme/web#1 is open again."])


def test_a_pull_request_is_closed_without_a_reason(world: World) -> None:
    account(world)
    type_(world, "close acme/web#2 duplicate")
    assert (ticket(world, 2).state, ticket(world, 2).reason) == ("closed", None)
    assert told(world) == ["acme/web#2 is closed now. Pull requests are closed without a reason."]


def test_a_reason_that_there_is_not_and_a_name_that_is_none_are_explained(world: World) -> None:
    assert type_(world, "close acme/web#1 boring") == (
        "I know the reasons `completed`, `not planned` and `duplicate`: `/github close owner/repo#1 not planned`."
    )
    assert type_(world, "close web") == ("Say which issue or pull request: `/github close owner/repo#1 not planned`.")
    elsewhere = type_(world, "reopen https://evil.test/acme/web/issues/1")
    assert (elsewhere.partition(" to ")[0], elsewhere.partition(", ")[2]) == (
        "That is no link",
        "the GitHub I work with. Name what you mean like this: `/github reopen owner/repo#1`.",
    )
    assert type_(world, "assign acme/web#1").startswith("Say to whom: `/github assign ")
    assert type_(world, "label acme/web#1").startswith("Say which labels; ")
    assert type_(world, "comment acme/web#1").startswith("Say what: ")
    assert world.rows("integrations") == []


def test_who_may_not_is_told_and_nothing_is_done(world: World) -> None:
    account(world, "read")
    for words in ("close acme/web#1", "assign acme/web#1 me", "unassign acme/web#1", "label acme/web#1 bug"):
        type_(world, words)
    why = "GitHub does not permit @ada to do this in acme/web: it takes the role “triage” there, and yours is “read”."
    assert told(world) == [
        f"acme/web#1 was not changed. {why}",
        f"acme/web#1 was not assigned. {why}",
        f"acme/web#1 was taken from nobody. {why}",
        f"The labels of acme/web#1 were not changed. {why}",
    ]
    assert (ticket(world).state, ticket(world).assignees, ticket(world).labels) == ("open", [], [])


def test_whoever_opened_an_issue_may_close_it_whatever_their_role(world: World) -> None:
    account(world, "none", login="octocat")
    type_(world, "close acme/web#1")
    assert told(world) == ["acme/web#1 is closed now, as completed."]
    type_(world, "reopen acme/web#1")
    # connect's account closed it, so GitHub would not let its author open it again.
    assert "takes the role “triage”" in told(world)[-1]


def test_guests_and_people_without_an_account_are_told(world: World) -> None:
    assert "Guests" in type_(world, "close acme/web#1", GUEST)
    type_(world, "comment acme/web#1 please <!channel> keep this")
    assert told(world)[0].startswith("Your comment did not reach acme/web#1. I do not know your account on GitHub.")
    assert "You wrote: please &lt;!channel&gt; keep this" in str(world.slack.responses[-1]["body"]["blocks"])


# --- people, labels --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["me", "@me", "ada", "@ada"])
def test_it_is_assigned_to_oneself(world: World, words: str) -> None:
    account(world)
    assert type_(world, f"assign acme/web#2 {words}") == f"{HOURGLASS} Assigning acme/web#2…"
    type_(world, f"assign acme/web#2 {words}")
    assert [person.login for person in ticket(world, 2).assignees] == ["ada"]
    assert told(world) == ["acme/web#2 is assigned to you now."] * 2


def test_it_is_assigned_to_others_and_taken_from_them(world: World) -> None:
    account(world)
    account(world, "write", ADMIN, "grace")
    world.github.allow("acme/web", "hubot", "write")
    type_(world, f"github assign acme/web#1 <@{ADMIN}|root>", command="/connect")
    type_(world, "assign acme/web#1 @hubot")
    type_(world, f"unassign acme/web#1 <@{ADMIN}|root>", command="/connect")
    type_(world, "unassign acme/web#1")
    assert told(world) == [
        "acme/web#1 is assigned to grace now.",
        "acme/web#1 is assigned to grace, hubot now.",
        "acme/web#1 is assigned to hubot now.",
        "acme/web#1 is assigned to nobody now.",
    ]


def test_whom_it_cannot_be_assigned_to_is_named(world: World) -> None:
    account(world)
    type_(world, "assign acme/web#1 @zebra")
    type_(world, f"assign acme/web#1 <@{ADMIN}>", command="/connect")
    assert told(world) == [
        "acme/web#1 was not assigned. Nothing in acme/web can be assigned to “zebra”. "
        "Name the account on GitHub of somebody who works there.",
        "acme/web#1 was not assigned. I do not know the account of Ada Admin on GitHub. They can link it: "
        "`/github login`.",
    ]


def test_labels_are_put_on_and_taken_off_and_none_is_made(world: World) -> None:
    account(world)
    type_(world, "label acme/web#1 BUG docs")
    type_(world, "label acme/web#1 -bug -docs +docs")
    type_(world, "label acme/web#1 -docs -docs")
    type_(world, 'label acme/web#1 "bugg"')
    assert told(world) == [
        "acme/web#1 has these labels now: bug, docs.",
        "acme/web#1 has no label now.",
        "acme/web#1 has no label now.",
        "The labels of acme/web#1 were not changed. acme/web has no label “bugg”. Did you mean “bug”?",
    ]
    assert sorted(world.github.repos[0].labels) == ["bug", "docs"]


# --- comments --------------------------------------------------------------------------------------------------------


def test_a_comment_names_its_author(world: World) -> None:
    account(world, "read")
    type_(world, "comment acme/web#2 It *burns* @octocat, see #1\n/merge")
    (comment,) = ticket(world, 2).comments
    words, marker = comment.body.rsplit("\n\n", 1)
    assert words == "**Mia Member (in Slack):**\n\nIt **burns** @\u200boctocat, see #\u200b1\\\n\u200b/merge"
    assert marker.startswith("<!-- connect:")
    assert told(world) == [
        f"Your comment is on <{world.github.url}/acme/web/pull/2#issuecomment-{comment.id}|acme/web#2>."
    ]


def test_who_has_linked_an_account_acts_by_it(world: World) -> None:
    account(world, "write")
    link(world)
    type_(world, "comment acme/web#1 It works")
    type_(world, "close acme/web#1")
    (comment,) = ticket(world).comments
    assert (comment.author.login, comment.body.split("\n")[0]) == ("ada", "It works")
    closed_by = ticket(world).closed_by
    assert closed_by is not None
    assert closed_by.login == "ada"


def test_what_github_refuses_to_their_own_account_is_told(world: World) -> None:
    account(world, "read")
    link(world)
    type_(world, "close acme/web#1")
    type_(world, "assign acme/web#1 hubot")
    assert told(world) == [
        "acme/web#1 was not changed. GitHub refused: Must have admin rights to Repository.",
        "acme/web#1 was not assigned. Nothing in acme/web can be assigned to “hubot”. "
        "Name the account on GitHub of somebody who works there.",
    ]


def test_a_comment_whose_answer_is_lost_is_there_once(world: World) -> None:
    account(world)
    world.github.fault("issues/create-comment", kind="reset", after=True)
    type_(world, "comment acme/web#1 once")
    for _ in range(6):
        world.advance(60)
    assert len(ticket(world).comments) == 1
    assert [text.partition(" is on ")[0] for text in told(world)] == ["Your comment"]


def test_a_close_whose_answer_is_lost_is_made_again(world: World) -> None:
    account(world)
    world.github.fault("issues/update", kind="reset", after=True)
    type_(world, "close acme/web#1 not planned")
    for _ in range(6):
        world.advance(60)
    assert told(world) == ["acme/web#1 is closed now, as not planned."]


# --- by mention, without the service's name --------------------------------------------------------------------------


def test_a_mention_does_it_too_and_what_both_services_have_is_told_apart(world: World) -> None:
    account(world)
    world.jira.create("OPS", "Bug", "Printer is on fire")
    world.give_account(MEMBER)
    world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> comment acme/web#1 from a message")
    world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> github close acme/web#2")
    world.slack.say(MEMBER, GENERAL, f"<@{BOT_USER}> comment OPS-1 see acme/web#1")
    settle(world)
    settle(world)
    assert [comment.body.split("\n")[2] for comment in ticket(world).comments] == ["from a message"]
    assert ticket(world, 2).state == "closed"
    assert [comment.text.split()[-1] for comment in world.jira.issues["OPS-1"].comments] == ["acme/web#1"]


def test_in_a_direct_message_the_words_alone_will_do(world: World) -> None:
    account(world)
    direct = world.slack.direct(MEMBER).id
    world.slack.say(MEMBER, direct, "close acme/web#1")
    world.settle()
    assert ticket(world).state == "closed"


# --- looking ---------------------------------------------------------------------------------------------------------


def shown(world: World) -> str:
    return str(world.slack.responses[-1]["body"])


@pytest.mark.parametrize("command", ["/github", "/connect"])
def test_it_is_shown_to_the_person_alone(world: World, command: str) -> None:
    before = world.slack.history(GENERAL)
    assert type_(world, "acme/web#1", command=command) == ""
    assert told(world) == ["acme/web#1: Door stuck (Open)"]
    type_(world, f"{world.github.url}/acme/web/pull/2/files", command=command)
    assert told(world)[-1] == "acme/web#2: Oil the door (Open)"
    assert "`oil` → `main`" in shown(world)
    assert world.slack.history(GENERAL) == before


def test_it_is_shared_as_the_channels_live_card(world: World) -> None:
    type_(world, "acme/web#2 share")
    (card,) = [message for message in world.slack.history(GENERAL) if message.get("bot_id")]
    assert card["text"] == "acme/web#2: Oil the door (Open)"
    type_(world, "acme/web#2 share")
    assert "has its card here already" in told(world)[-1]
    world.github.merge_pull_request("acme/web", 2)
    world.settle()
    (card,) = [message for message in world.slack.history(GENERAL) if message.get("bot_id")]
    assert card["text"] == "acme/web#2: Oil the door (Merged)"


def test_what_connect_remembers_of_reviews_and_checks_is_on_the_card(world: World) -> None:
    world.github.review("acme/web", 2, "hubot", "approved")
    world.github.commit_status("acme/web", "oil", "ci/build", "success")
    world.settle()
    type_(world, "acme/web#2")
    assert "Approved by hubot" in shown(world)
    assert "1 check passed" in shown(world)


def test_a_private_one_is_for_who_may_read_it_and_for_private_channels(world: World) -> None:
    world.github.open_issue("acme/secret", "Hidden")
    type_(world, "acme/secret#1")
    assert told(world) == ["GitHub has no acme/secret#1 that you and I can see."]
    account(world, "read", repo="acme/secret")
    world.advance(301)
    type_(world, "acme/secret#1")
    assert told(world)[-1] == "acme/secret#1: Hidden (Open)"
    type_(world, "acme/secret#1 share")
    assert told(world)[-1] == "acme/secret is private on GitHub, so I show it in private channels only."
    type_(world, "acme/secret#1 share", channel=PRIVATE)
    assert "acme/secret#1: Hidden (Open)" in [message["text"] for message in world.slack.history(PRIVATE)]


def test_what_is_not_there_and_words_that_are_not_known_are_told(world: World) -> None:
    type_(world, "acme/web#99")
    type_(world, "acme/none#1")
    assert told(world) == [
        "GitHub has no acme/web#99 that you and I can see.", "GitHub has no acme/none#1 that you and I can see.",
    ]  # fmt: skip
    assert plain(world, type_(world, "acme/web#1 now")) == (
        "I do not know `now` there: `/github acme/web#1 share` shows it to all."
    )


def test_what_github_does_not_have_is_said_in_words(world: World) -> None:
    account(world, "write")
    type_(world, "close acme/web#99")
    assert world.slack.responses[-1]["body"]["text"] == (
        "acme/web#99 was not changed. GitHub has no acme/web#99 that you and I can see."
    )
