"""The buttons of GitHub's cards: what is done as the person who pressed, and what they are told."""

from sandbox.slack import GUEST, MEMBER
from tests.journeys import on_github
from tests.journeys.doing import send, shown, view
from tests.journeys.github_cards import card, change, press, values
from tests.journeys.on_github import account, link, settle, ticket, told
from tests.world import World

world = on_github.world


def test_an_issue_is_taken_closed_and_opened_again_and_the_card_follows(world: World) -> None:
    account(world)
    press(world, 1, "github_assign_me")
    press(world, 1, "not_planned")
    assert [person.login for person in ticket(world).assignees] == ["ada"]
    assert card(world, 1)["text"] == "acme/web#1: Door stuck (Closed as not planned)"
    assert list(values(card(world, 1))) == ["github_comment", "github_reopen", "github_edit"]
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
    (review,) = change(world).reviews
    assert (review.state, (review.body or "").split("\n")[0]) == ("approved", "**Mia Member (in Slack):**")
    assert [text.partition(" <")[0] for text in told(world)] == ["You approved"]
    assert "Approved by Mia Member" in str(card(world, 2)["blocks"])


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
    assert change(world).reviews == []
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
    (review,) = change(world).reviews
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
    assert len(change(world).reviews) == 1
    assert len(told(world)) == 1


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


def test_what_is_under_way_is_not_done_twice_however_long_github_is_away(world: World) -> None:
    account(world, "write")
    message = card(world, 2)
    world.github.fault("*", status=503, times=1000)
    for _ in range(2):
        press(world, 2, "github_approve", message=message)
        world.advance(11)
    world.github.faults.clear()
    for _ in range(6):
        world.advance(60)
    assert len(change(world).reviews) == 1
    assert told(world)[0] == ":hourglass: GitHub does not answer. This is kept, and done as soon as GitHub is back."
    assert told(world)[1] == (
        ":hourglass_flowing_sand: You have asked for this already: it is done as soon as GitHub answers."
    )
    assert [text.partition(" <")[0] for text in told(world)[2:]] == ["You approved"]


def test_a_draft_is_made_ready_and_a_draft_again(world: World) -> None:
    account(world, "write")
    world.github.fault("graphql", kind="reset", after=True)
    press(world, 2, "draft")
    for _ in range(3):
        world.advance(60)
    assert card(world, 2)["text"] == "acme/web#2: Oil the door (Draft)"
    assert "github_merge" not in values(card(world, 2))
    press(world, 2, "github_ready")
    assert card(world, 2)["text"] == "acme/web#2: Oil the door (Open)"
    assert told(world) == ["acme/web#2 is a draft again.", "acme/web#2 is ready for review now."]
    assert len(world.github.calls_to("graphql")) == 2


def test_only_its_author_and_who_may_push_make_it_a_draft(world: World) -> None:
    account(world, "triage")
    press(world, 2, "draft")
    assert told(world) == [
        "acme/web#2 was not changed. GitHub does not permit @ada to do this in acme/web: it takes the role “write” "
        "there, and yours is “triage”.",
    ]
    world.slack.responses.clear()
    account(world, "read", login="octocat")
    world.github.person("ada").email = ""
    link(world, "octocat")
    press(world, 2, "draft")
    assert (told(world), change(world).draft) == (["acme/web#2 is a draft again."], True)
