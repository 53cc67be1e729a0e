"""What was nearly typed is asked for, and the marks that phones and macOS put in mean the plain ones."""

from typing import Any

import pytest

from sandbox.github.state import Label
from sandbox.slack import DEV, MEMBER
from tests.journeys import on_github
from tests.journeys.on_github import ISSUE, account, ticket, type_
from tests.journeys.test_github_subscription_form import opened
from tests.journeys.test_subscription_form import save
from tests.world import World

world = on_github.world


def answer(world: World, text: str, command: str = "/github") -> str:
    body: Any = world.slack.command(MEMBER, DEV, command, text).body
    assert body["text"]
    return str(body["text"])


@pytest.mark.parametrize(
    ("command", "text", "said"),
    [
        ("/github", "subscibe acme/web", "I do not know `subscibe`. Did you mean `/github subscribe`?"),
        ("/github", "clsoe acme/web#1", "I do not know `clsoe`. Did you mean `/github close`?"),
        ("/github", "subscribe acme/web isues", "I do not know isues. Did you mean issues?\nFor example:"),
        ("/github", "subscribe acme/web pul", "I do not know pul. Did you mean pulls?\nFor example:"),
        ("/github", "subscribe acme/web action:mergd", "There is no mergd (did you mean merged?); possible are added,"),
        ("/github", "subscribe acme/web state:“succes”", "There is no succes (did you mean success?); possible are"),
        ("/github", "unsubscribe acme/web isues", "I do not know isues. Did you mean issues?\nFor example:"),
        ("/github", "close acme/web#1 not planed",
         "Did you mean `not planned`? I know the reasons `completed`, `not planned` and `duplicate`: `/github close"),
        ("/github", "notify mentiond", "I do not know `mentiond`. Did you mean `mentioned`? Choose from:"),
        ("/github", "previews linsk", "I do not know `linsk` there. Did you mean `links`?"),
        ("/github", "mentions her on", "I do not know `her` there. Did you mean `here`?"),
        ("/github", "remind weekdyas 09:00", "I do not know “weekdyas” there. Did you mean `weekdays`?"),
        ("/jira", "asign OPS-1 me", "I do not know `asign`. Did you mean `/jira assign`?"),
        ("/jira", "subscribe OPS created resolvd", "I do not know `resolvd`. Did you mean `resolved`? Choose from:"),
        ("/jira", "sync OPS-1 to-jria", "Did you mean `to-jira`? Name an issue and what goes through:"),
        ("/jira", "notify asigned", "I do not know `asigned`. Did you mean `assigned`? Choose from:"),
        ("/connect", "transitions OPS mergd:Done", "I did not understand that. Did you mean `merged`?"),
    ],
)  # fmt: skip
def test_what_was_nearly_typed_is_asked_for(world: World, command: str, text: str, said: str) -> None:
    assert answer(world, text, command).startswith(said)
    assert world.rows("subscriptions") == []


def test_what_people_write_themselves_is_never_guessed_at(world: World) -> None:
    assert "Did you mean" not in answer(world, 'subscribe acme/web +label:"mergd" -author:"closd" base:"mian"')


def test_the_form_asks_as_well(world: World) -> None:
    sent = save(world, opened(world), source={"value": "acme/web"}, patterns={"value": "comits:main"})
    assert sent["errors"] == {"patterns": "I do not know comits. Did you mean commits:…?"}


def test_a_channel_subscribed_from_a_phone_hears_the_same(world: World) -> None:
    typed = "subscribe “acme/web” ‘issues’ +label:“won’t fix”,‘bug’ –author:“eve” —bots"
    assert "now hears of *acme/web*: issues." in answer(world, typed)
    (kept,) = world.rows("subscriptions")
    assert (kept["source"], kept["filters"]) == ("acme/web", {
        "labels": {"any": ["won’t fix", "bug"]}, "authors": {"none": ["eve"]}, "bots": False})  # fmt: skip


def test_labels_are_put_on_and_taken_off_from_a_phone(world: World) -> None:
    account(world)
    for name in ("wip", "help wanted", "won't fix"):
        world.github.repos[0].labels[name] = Label(world.github.next_id(), name)
    type_(world, f"label {ISSUE} wip")
    type_(world, f"label {ISSUE} “help wanted” ‘won’t fix’ –wip")
    assert ticket(world).labels == ["help wanted", "won't fix"]
