"""What connect's own account does on GitHub for people in Slack: cards and threads name them, and nobody else."""

from sandbox.slack import DEV, GENERAL
from tests.journeys import on_github
from tests.journeys.doing import send
from tests.journeys.github_cards import card, press
from tests.journeys.github_threads import card_of, said, subscribe
from tests.journeys.on_github import account, link, settle, type_
from tests.world import World

world = on_github.world


def lines(world: World, title: str) -> list[str]:
    """What the thread of a card tells, without addresses."""
    return [text.partition("\n")[0] for text in said(world, card_of(world, title, GENERAL), GENERAL)]


def carded(world: World) -> None:
    """Issue and pull request have their cards in the channel."""
    subscribe(world, "acme/web issues pulls reviews", GENERAL)
    for number in (1, 2):
        card(world, number)


def test_who_pressed_or_typed_is_named_in_threads_and_verdicts(world: World) -> None:
    account(world, "write")
    carded(world)
    press(world, 1, "github_close")
    type_(world, "reopen acme/web#1")
    press(world, 2, "github_approve")
    assert "Approved by Mia Member" in str(card(world, 2)["blocks"])
    press(world, 2, "github_merge")
    send(world, method="merge")
    settle(world)
    assert lines(world, "Door stuck") == ["*Mia Member* closed this as completed", "*Mia Member* reopened this"]
    approved, merged = lines(world, "Oil the door")
    assert approved.startswith("✅ *Mia Member* <")
    assert approved.endswith("|approved this>")
    assert merged == "*Mia Member* merged this into `main`"


def test_what_others_do_between_and_what_connect_does_otherwise_stays_theirs(world: World) -> None:
    account(world, "write")
    carded(world)
    type_(world, "close acme/web#1")
    world.github.reopen_issue("acme/web", 1, "octocat")
    settle(world)
    world.github.close_issue("acme/web", 1, by="octocat")
    settle(world)
    world.github.reopen_issue("acme/web", 1, "connect-app")
    settle(world)
    world.advance(120)
    world.github.close_issue("acme/web", 1, by="connect-app")
    settle(world)
    assert lines(world, "Door stuck") == [
        "*Mia Member* closed this as completed", "*octocat* reopened this", "*octocat* closed this as completed",
        "*connect-app* reopened this", "*connect-app* closed this as completed",
    ]  # fmt: skip


def test_a_webhook_that_comes_before_the_answer_waits_for_it(world: World) -> None:
    account(world, "write")
    carded(world)
    press(world, 2, "github_merge")
    world.github.fault("pulls/merge", kind="reset", after=True)
    send(world, method="merge")
    settle(world)
    assert lines(world, "Oil the door") == []
    for _ in range(4):
        world.advance(16)
    assert lines(world, "Oil the door") == ["*Mia Member* merged this into `main`"]


def test_who_acts_by_an_account_of_their_own_is_named_as_it_is(world: World) -> None:
    account(world, "write")
    link(world)
    carded(world)
    type_(world, "close acme/web#1")
    assert lines(world, "Door stuck") == ["*ada* closed this as completed"]


def test_names_typed_in_other_letters_are_the_same_ones(world: World) -> None:
    account(world, "write")
    carded(world)
    type_(world, "close Acme/Web#1")
    assert lines(world, "Door stuck") == ["*Mia Member* closed this as completed"]


def test_who_had_an_issue_opened_is_named_where_it_is_told_in_a_line(world: World) -> None:
    account(world, "write")
    given = {"source_service": "github", "source": "acme/web", "channel": DEV, "events": ["issues"], "style": "line"}
    assert world.call("POST", "/api/v1/subscriptions", given).status_code == 201
    type_(world, "open acme/web The lift hums")
    (told,) = [each["text"] for each in world.slack.history(DEV)]
    assert "*Mia Member* opened this issue" in told


def test_who_assigns_a_thing_to_themselves_takes_it_on_and_gives_it_back(world: World) -> None:
    account(world, "write")
    carded(world)
    world.advance(120)
    type_(world, "assign acme/web#1 me")
    type_(world, "unassign acme/web#1 me")
    settle(world)
    assert lines(world, "Door stuck") == ["*Mia Member* took this on", "*Mia Member* gave this back"]
