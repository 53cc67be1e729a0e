"""The buttons of GitHub's cards: what is done as the person who pressed, and what they are told."""

from typing import Any

from sandbox.github.state import Review
from sandbox.slack import GENERAL, GUEST, MEMBER
from tests.journeys import on_github
from tests.journeys.doing import send, shown, view
from tests.journeys.on_github import account, link, settle, ticket, told
from tests.world import World

world = on_github.world


def card(world: World, number: int) -> dict[str, Any]:
    """The channel's live card, shared if it is not there."""
    name = f"acme/web#{number}:"
    found = [message for message in world.slack.history(GENERAL) if message["text"].startswith(name)]
    if not found:
        world.slack.command(MEMBER, GENERAL, "/github", f"acme/web#{number} share")
        settle(world)
        world.slack.responses.clear()
        return card(world, number)
    return found[0]


def values(message: dict[str, Any]) -> dict[str, str]:
    """What a card's buttons hold, by action id; the choices of the menu by their first word."""
    (row,) = [block for block in message["blocks"] if block["type"] == "actions"]
    found: dict[str, str] = {}
    for element in row["elements"]:
        found |= {one["value"].split()[0]: one["value"] for one in element.get("options", [])}
        found |= {element["action_id"]: element["value"]} if "value" in element else {}
    return found


def reviews(world: World) -> list[Review]:
    pull = ticket(world, 2).pull
    assert pull is not None
    return pull.reviews


def press(world: World, number: int, name: str, user: str = MEMBER, message: dict[str, Any] | None = None) -> None:
    """Press a button, or choose from the menu, and let it be done."""
    message = message or card(world, number)
    action = name if name.startswith("github_") else "github_more"
    answer = world.slack.click(user, action, value=values(message)[name], message=message)
    assert (answer.status, answer.trouble) == (200, "")
    settle(world)


def test_an_issue_is_taken_closed_and_opened_again_and_the_card_follows(world: World) -> None:
    account(world)
    press(world, 1, "github_assign_me")
    press(world, 1, "not_planned")
    assert [person.login for person in ticket(world).assignees] == ["ada"]
    assert card(world, 1)["text"] == "acme/web#1: Door stuck (Closed as not planned)"
    assert list(values(card(world, 1))) == ["github_comment", "github_reopen"]
    press(world, 1, "github_reopen")
    assert told(world) == [
        "acme/web#1 is assigned to you now.",
        "acme/web#1 is closed now, as not planned.",
        "acme/web#1 is open again.",
    ]
    assert "github_close" in values(card(world, 1))


def test_a_comment_is_written_in_a_form(world: World) -> None:
    account(world, "read")
    press(world, 2, "github_comment")
    assert view(world)["title"]["text"] == "Comment on #2"
    send(world, comment="It works")
    settle(world)
    (comment,) = ticket(world, 2).comments
    assert comment.body.startswith("**Mia Member (in Slack):**\n\nIt works\n\n<!-- connect:")
    assert "Your comment is on" in shown(world)


def test_a_comment_that_is_refused_stays_in_the_form(world: World) -> None:
    press(world, 1, "github_comment")
    send(world, comment="Keep this")
    settle(world)
    assert "I do not know your account on GitHub" in shown(world)
    assert "Keep this" in str(view(world)["blocks"])
    assert ticket(world).comments == []


def test_a_pull_request_is_approved_once_however_often_it_is_pressed(world: World) -> None:
    account(world, "write")
    message = card(world, 2)
    for _ in range(2):
        world.slack.click(MEMBER, "github_approve", value=values(message)["github_approve"], message=message)
    settle(world)
    (review,) = reviews(world)
    assert (review.state, (review.body or "").split("\n")[0]) == ("approved", "**Mia Member (in Slack):**")
    assert [text.partition(" <")[0] for text in told(world)] == ["You approved"]
    assert "Approved by connect-app" in str(card(world, 2)["blocks"])


def test_who_has_linked_an_account_approves_by_it(world: World) -> None:
    account(world, "write")
    link(world)
    press(world, 2, "github_approve")
    assert "Approved by ada" in str(card(world, 2)["blocks"])


def test_nobody_approves_their_own_pull_request_nor_without_the_right_to_push(world: World) -> None:
    account(world, "write", login="octocat")
    press(world, 2, "github_approve")
    world.github.allow("acme/web", "octocat", "triage")
    press(world, 2, "github_approve")
    assert reviews(world) == []
    assert told(world) == [
        "Your review did not reach acme/web#2. Nobody can review a pull request of their own.",
        "Your review did not reach acme/web#2. GitHub does not permit @octocat to do this in acme/web: it takes the "
        "role “write” there, and yours is “triage”.",
    ]


def test_changes_are_requested_in_words(world: World) -> None:
    account(world, "write")
    press(world, 2, "request_changes")
    send(world, comment="More oil")
    settle(world)
    (review,) = reviews(world)
    assert review.state == "changes_requested"
    assert (review.body or "").startswith("**Mia Member (in Slack):**\n\nMore oil\n\n<!-- connect:")
    assert "You requested changes to" in shown(world)


def test_a_review_whose_answer_is_lost_is_given_once(world: World) -> None:
    account(world, "write")
    message = card(world, 2)
    world.github.fault("pulls/create-review", kind="reset", after=True)
    press(world, 2, "github_approve", message=message)
    for _ in range(6):
        world.advance(60)
    assert len(reviews(world)) == 1
    assert len(told(world)) == 1


# --- merging ---------------------------------------------------------------------------------------------------------


def test_a_merge_shows_reviews_and_checks_first(world: World) -> None:
    account(world, "write")
    world.github.review("acme/web", 2, "hubot", "approved")
    world.github.commit_status("acme/web", "oil", "ci/build", "failure")
    world.settle()
    press(world, 2, "github_merge")
    assert "Approved by hubot" in shown(world)
    assert "1 of 1 check failed: <https://ci.example.com/" in shown(world)
    assert ticket(world, 2).state == "open"
    send(world, method="squash")
    settle(world)
    assert "is merged" in shown(world)
    assert card(world, 2)["text"] == "acme/web#2: Oil the door (Merged)"
    assert world.github.calls_to("pulls/merge")[-1].body["merge_method"] == "squash"
    assert list(values(card(world, 2))) == ["github_comment"]


def test_what_was_pushed_meanwhile_is_not_merged_unseen(world: World) -> None:
    account(world, "write")
    press(world, 2, "github_merge")
    world.github.push("acme/web", "oil", [("Something else", "eve")])
    send(world, method="merge")
    settle(world)
    assert ticket(world, 2).state == "open"
    assert "Somebody has pushed to its branch since you looked." in shown(world)
    press(world, 2, "github_merge")
    send(world, method="merge")
    settle(world)
    assert ticket(world, 2).state == "closed"


def test_a_way_of_merging_that_is_not_allowed_is_told_in_the_form(world: World) -> None:
    account(world, "write")
    world.github.forbidden_methods.add("rebase")
    press(world, 2, "github_merge")
    send(world, method="rebase")
    settle(world)
    assert "Rebase merges are not allowed on this repository." in shown(world)
    send(world, method="merge")
    settle(world)
    assert ticket(world, 2).state == "closed"


def test_a_merge_whose_answer_is_lost_is_found(world: World) -> None:
    account(world, "write")
    press(world, 2, "github_merge")
    world.github.fault("pulls/merge", kind="reset", after=True)
    send(world, method="merge")
    for _ in range(6):
        world.advance(60)
    assert len(world.github.calls_to("pulls/merge")) == 1
    assert "is merged" in shown(world)


def test_a_branch_gets_what_is_new_in_its_base(world: World) -> None:
    account(world, "write")
    press(world, 2, "update_branch")
    world.github.push("acme/web", "main", [("New", "eve")])
    world.settle()
    press(world, 2, "update_branch")
    assert told(world) == [
        "acme/web#2 has all of `main` already.", "The branch of acme/web#2 gets what is new in `main`.",
    ]  # fmt: skip


def test_guests_open_no_form_and_do_nothing(world: World) -> None:
    card(world, 2)
    press(world, 2, "github_merge", GUEST)
    press(world, 2, "close", GUEST)
    assert world.slack.current_view(GUEST) is None
    assert all("Guests" in text for text in told(world, GUEST))
    assert (len(told(world, GUEST)), ticket(world, 2).state) == (2, "open")


def test_while_github_is_away_the_form_says_that_it_is_kept(world: World) -> None:
    account(world)
    press(world, 1, "github_comment")
    world.github.fault("*", status=503, times=1)
    send(world, comment="Later")
    world.settle()
    assert "GitHub does not answer. This is kept" in shown(world)
    for _ in range(6):
        world.advance(60)
    assert [comment.body.split("\n")[2] for comment in ticket(world).comments] == ["Later"]
