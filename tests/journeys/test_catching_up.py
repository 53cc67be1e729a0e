"""After downtime: what GitHub could not deliver is asked for again, and arrives once."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot import catching_up
from bot.catching_up import CatchUp
from sandbox.github.hooks import Sent
from sandbox.slack import DEV, MEMBER
from sandbox.standin import Call
from storage import hooks
from storage.engine import Database
from storage.hooks import Known
from tests.mariadb import free_port
from tests.world import World

REPEAT = "repos/redeliver-webhook-delivery"
LIST = "repos/list-webhook-deliveries"
MINUTES = 60.0
APP = 4711


@pytest.fixture
def listening(world: World) -> World:
    """A channel that hears of `acme/web`, whose webhook connect has heard from."""
    world.slack.command(MEMBER, DEV, "/github", "subscribe acme/web")
    world.github.ping()
    world.settle()
    return world


def told(world: World) -> list[str]:
    return [message["text"] for message in world.slack.history(DEV) if message.get("bot_id")]


def titles(world: World, *wanted: str) -> list[int]:
    """How often each title was told."""
    return [sum(title in text for text in told(world)) for title in wanted]


def down(world: World, *happening: Callable[[], Any]) -> None:
    """Let things happen while nobody listens where connect was."""
    world.github.target = f"http://127.0.0.1:{free_port()}"
    for happen in happening:
        happen()
    world.settle()
    world.github.target = world.url


def opened(world: World, *named: str) -> list[Callable[[], Any]]:
    return [lambda title=title: world.github.open_issue("acme/web", title) for title in named]


def wishes(world: World) -> int:
    return sum(call.operation.endswith("redeliver-webhook-delivery") for call in world.github.calls)


def known(world: World) -> list[Known]:
    with world.database.read() as connection:
        return hooks.known(connection)


# --- what failed comes again -----------------------------------------------------------------------------------------


def test_what_failed_while_connect_was_down_is_told_once_in_its_order(listening: World) -> None:
    catching = CatchUp(listening.services)
    down(listening, *opened(listening, "First", "Second", "Third"))
    assert titles(listening, "First") == [0]
    assert catching.run() is False
    listening.settle()
    assert titles(listening, "First", "Second", "Third") == [1, 1, 1]
    texts = told(listening)
    order = [next(place for place, text in enumerate(texts) if title in text) for title in ("First", "Second", "Third")]
    assert order == sorted(order)
    assert wishes(listening) == 3
    for _ in range(3):
        listening.advance(5 * MINUTES)
        catching.run()
    assert (wishes(listening), titles(listening, "First", "Second", "Third")) == (3, [1, 1, 1])


def test_what_connect_answered_with_503_comes_again(make_world: Callable[..., World]) -> None:
    closed = make_world(github_webhook_secret="")
    closed.github.open_issue("acme/web", "Refused")
    closed.settle()
    assert [status for _, status in closed.github.sent] == [503]
    world = make_world()
    world.slack.command(MEMBER, DEV, "/github", "subscribe acme/web")
    closed.github.target = world.url
    closed.github.ping()
    closed.github.flush()
    world.settle()
    settings = world.settings.model_copy(update={"github_api_url": closed.github.url})
    CatchUp(replace(world.services, settings=settings)).run()
    closed.github.flush()
    world.settle()
    assert titles(world, "Refused") == [1]


def test_a_hook_that_connect_hears_of_only_after_the_failure_is_looked_through_too(world: World) -> None:
    world.slack.command(MEMBER, DEV, "/github", "subscribe acme/web")
    down(world, *opened(world, "Before the first word"))
    catching = CatchUp(world.services)
    catching.run()
    assert (known(world), wishes(world)) == ([], 0)
    world.github.open_issue("acme/web", "The first word")
    world.settle()
    catching.run()
    world.settle()
    assert titles(world, "Before the first word", "The first word") == [1, 1]


def test_a_hook_of_an_organization_and_of_a_repository_that_both_failed_need_one_wish(listening: World) -> None:
    listening.github.add_hook(listening.github.people["acme"])
    listening.github.open_issue("acme/web", "Twice told by GitHub")
    listening.settle()
    assert [each.pointing.target_type for each in known(listening)] == ["repository"]
    # The repository's hook was first with that event; one of its own makes the organization's known.
    listening.github.hooks = [hook for hook in listening.github.hooks if hook.kind == "organization"]
    listening.github.open_issue("acme/web", "By the organization alone")
    listening.settle()
    listening.github.add_hook(listening.github.repos[0]).id = known(listening)[0].pointing.hook_id
    assert [each.pointing.target_type for each in known(listening)] == ["repository", "organization"]
    down(listening, *opened(listening, "Missed by both"))
    catching = CatchUp(listening.services)
    catching.run()
    listening.advance(5 * MINUTES)
    catching.run()
    listening.settle()
    assert wishes(listening) == 1
    assert titles(listening, "Twice told", "By the organization", "Missed by both") == [1, 1, 1]


def test_a_hook_of_a_github_app_is_asked_with_the_key_of_the_app(make_world: Callable[..., World]) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    kinds = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    pem = key.private_bytes(serialization.Encoding.PEM, *kinds).decode()
    world = make_world(github_app_id=str(APP), github_app_private_key=pem.replace("\n", "\\n"))
    forms = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    world.github.app_keys[str(APP)] = key.public_key().public_bytes(*forms).decode()
    world.github.hooks.clear()
    world.github.add_hook(APP)
    world.slack.command(MEMBER, DEV, "/github", "subscribe acme/web")
    world.github.open_issue("acme/web", "Seen")
    world.settle()
    down(world, *opened(world, "Missed by the App"))
    CatchUp(world.services).run()
    world.settle()
    assert titles(world, "Seen", "Missed by the App") == [1, 1]
    assert len(world.github.calls_to("apps/redeliver-webhook-delivery")) == 1


def test_a_renamed_repository_is_looked_through_under_either_name(listening: World) -> None:
    down(listening, lambda: listening.github.rename_repository("acme/web", "site"))
    catching = CatchUp(listening.services)
    catching.run()
    listening.settle()
    assert (wishes(listening), known(listening)[0].pointing.name) == (2, "acme/site")  # one was answered with a 307
    listening.advance(5 * MINUTES)
    catching.run()
    assert wishes(listening) == 2


# --- what need not be asked for --------------------------------------------------------------------------------------


def test_what_arrived_although_its_answer_was_lost_is_not_asked_for(listening: World) -> None:
    listening.github.open_issue("acme/web", "Answer lost")
    listening.settle()
    listening.github.record()
    sent = listening.github.hooks[0].sent
    sent[-1] = type(sent[-1])(sent[-1].id, sent[-1].sending, 0, sent[-1].at)
    CatchUp(listening.services).run()
    listening.settle()
    assert (wishes(listening), titles(listening, "Answer lost")) == (0, [1])
    assert len(listening.github.calls_to(LIST)) == 1


def test_what_is_older_than_three_days_is_left(listening: World) -> None:
    down(listening, *opened(listening, "Old news"))
    listening.advance(3 * 86400 + 1)
    CatchUp(listening.services).run()
    assert wishes(listening) == 0


def test_what_goes_on_failing_is_asked_for_at_growing_distances_for_three_days(listening: World) -> None:
    down(listening, *opened(listening, "Never taken"))
    listening.github.target = f"http://127.0.0.1:{free_port()}"
    catching, asked = CatchUp(listening.services), list[int]()
    for minutes in range(0, 90 * 60, 20):
        if minutes % 500 == 0:
            catching = CatchUp(listening.services)  # a process that was just started knows what GitHub lists
        before = wishes(listening)
        catching.run()
        asked += [minutes] * (wishes(listening) - before)
        listening.clock.offset += timedelta(minutes=20)
        listening.github.flush()
    distances = [after - before for before, after in pairwise(asked)]
    assert (asked[0], distances) == (0, [40, 40, 40, 60, 100, 160, 280, 540, 1060])
    assert asked[-1] <= 3 * 24 * 60


def test_between_two_wishes_only_what_is_new_is_listed(listening: World) -> None:
    down(listening, *opened(listening, "Never taken"))
    listening.github.target = f"http://127.0.0.1:{free_port()}"
    (hook, *_), now = listening.github.hooks, listening.clock.seconds()
    hook.sent += [
        Sent(listening.github.next_id(), replace(hook.sent[-1].sending, guid=f"other-{number}"), 202, now)
        for number in range(150)
    ]
    listening.clock.offset += timedelta(hours=2)
    catching, pages, asked = CatchUp(listening.services), list[int](), list[int]()
    for _ in range(9):
        before = len(listening.github.calls_to(LIST)), wishes(listening)
        catching.run()
        pages.append(len(listening.github.calls_to(LIST)) - before[0])
        asked.append(wishes(listening) - before[1])
        listening.github.flush()
        listening.clock.offset += timedelta(minutes=5)
    assert asked == [1, 1, 0, 1, 0, 0, 0, 1, 0]
    assert pages == [2, 2, 2, 2, 2, 1, 1, 2, 2]


def test_a_steady_hook_costs_one_call_a_run_and_no_wish(listening: World) -> None:
    catching = CatchUp(listening.services)
    for title in ("One", "Two", "Three"):
        listening.github.open_issue("acme/web", title)
        listening.settle()
        catching.run()
        listening.advance(5 * MINUTES)
    assert (len(listening.github.calls_to(LIST)), wishes(listening)) == (3, 0)


# --- what stands in the way ------------------------------------------------------------------------------------------


def test_a_run_asks_for_no_more_than_github_takes_and_says_that_there_is_more(
    listening: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catching_up, "MOST", 2)
    catching = CatchUp(listening.services)
    down(listening, *opened(listening, "A1", "B2", "C3"))
    assert catching.run() is True
    listening.settle()
    assert titles(listening, "A1", "B2", "C3") == [1, 1, 0]
    assert catching.run() is False
    listening.settle()
    assert titles(listening, "A1", "B2", "C3") == [1, 1, 1]


def test_a_run_that_takes_long_leaves_the_rest_to_the_next(listening: World) -> None:
    down(listening, *opened(listening, "A1", "B2", "C3"))

    def slow(_: Call) -> None:
        listening.clock.offset += timedelta(seconds=35)

    listening.github.fault(REPEAT, kind="hang", times=3, notice=slow)
    assert CatchUp(listening.services).run() is True
    assert wishes(listening) == 2


def test_what_github_does_not_send_again_holds_up_nothing_else(listening: World) -> None:
    catching = CatchUp(listening.services)
    down(listening, *opened(listening, "A1", "B2"))
    listening.github.fault(REPEAT, status=404, body={"message": "Not Found"})
    catching.run()
    listening.settle()
    assert (wishes(listening), titles(listening, "A1", "B2")) == (2, [0, 1])
    catching.run()
    assert wishes(listening) == 2
    listening.advance(5 * MINUTES)
    catching.run()
    listening.settle()
    assert (wishes(listening), titles(listening, "A1", "B2")) == (3, [1, 1])


def test_the_hook_of_an_app_without_its_key_is_named_once(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.github.hooks.clear()
    world.github.add_hook(APP)
    world.github.open_issue("acme/web", "Through the App")
    world.settle()
    catching = CatchUp(world.services)
    for _ in range(20):
        catching.run()
        world.advance(10 * MINUTES)
    said = [record.getMessage() for record in caplog.records if record.name == "bot.catching_up"]
    assert said == [
        "hook 292430182 of integration 4711: what failed of it cannot be asked for. It belongs to a GitHub App. "
        "Perhaps GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY must be those of this App."
    ]


def test_a_rate_limit_is_waited_for(listening: World) -> None:
    catching = CatchUp(listening.services)
    down(listening, *opened(listening, "A1", "B2"))
    listening.github.fault(REPEAT, status=403, headers={"Retry-After": "600"}, body={"message": "Slow down"})
    catching.run()
    assert wishes(listening) == 1
    listening.advance(5 * MINUTES)
    before = len(listening.github.calls)
    catching.run()
    assert len(listening.github.calls) == before
    listening.advance(5 * MINUTES)
    catching.run()
    listening.settle()
    assert (wishes(listening), titles(listening, "A1", "B2")) == (3, [1, 1])


def test_a_wish_whose_answer_is_lost_is_not_made_twice(listening: World) -> None:
    catching = CatchUp(listening.services)
    down(listening, *opened(listening, "A1"))
    listening.github.fault(REPEAT, kind="reset", after=True)
    catching.run()
    catching.run()
    assert wishes(listening) == 1
    listening.advance(5 * MINUTES)
    catching.run()
    assert (wishes(listening), titles(listening, "A1")) == (1, [1])


@pytest.mark.parametrize(("operation", "status"), [(LIST, 404), (LIST, 403), (LIST, 401), (REPEAT, 403)])
def test_a_missing_right_is_said_once_and_the_hook_left_alone_for_an_hour(
    listening: World, caplog: pytest.LogCaptureFixture, operation: str, status: int
) -> None:
    catching = CatchUp(listening.services)
    down(listening, *opened(listening, "A1"))
    fault = listening.github.fault(operation, status=status, times=3, body={"message": "Not for you"})
    with caplog.at_level(logging.INFO, "bot.catching_up"):
        for _ in range(24):
            catching.run()
            listening.advance(5 * MINUTES)
    said = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert len(said) == 1
    assert "hook 292430182 of repository acme/web" in said[0]
    assert "'Webhooks: read and write'" in said[0]
    assert len(listening.github.calls_to(operation)) == 2
    fault.times = 0
    listening.github.faults.clear()
    listening.advance(60 * MINUTES)
    catching.run()
    listening.settle()
    assert titles(listening, "A1") == [1]


def test_a_hook_that_github_cannot_list_does_not_hold_up_another(listening: World) -> None:
    listening.github.hooks = [listening.github.add_hook(listening.github.people["acme"]), *listening.github.hooks]
    listening.github.open_issue("acme/secret", "Through the organization first")
    listening.settle()
    assert [each.pointing.target_type for each in known(listening)] == ["repository", "organization"]
    catching = CatchUp(listening.services)
    down(listening, *opened(listening, "A1"))
    listening.github.fault(LIST, status=502, times=99)
    catching.run()
    listening.settle()
    assert titles(listening, "A1") == [0]
    listening.advance(5 * MINUTES)
    catching.run()
    listening.settle()
    assert titles(listening, "A1") == [1]


def test_without_github_or_without_a_database_nothing_is_raised(
    make_world: Callable[..., World], caplog: pytest.LogCaptureFixture
) -> None:
    off = make_world(github_token="")
    assert CatchUp(off.services).run() is False
    away = Database(f"mysql+pymysql://root:test@127.0.0.1:{free_port()}/connect")
    assert CatchUp(replace(off.services, settings=make_world().settings, database=away)).run() is False
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == ["the catch-up goes on later"]
