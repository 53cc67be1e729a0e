"""Whatever order GitHub tells the life of a pull request in, some of it twice, its card and thread end the same."""

import random
import re
from datetime import timedelta

from sandbox.slack import DEV
from tests.journeys import github_threads
from tests.journeys.github_threads import all_done, flow, said, subscribe
from tests.journeys.test_loops import shuffled
from tests.world import World

world = github_threads.world

SEEDS = 5
WEB, TITLE = "acme/web", "Oil the door"
APART = timedelta(seconds=2)
"""GitHub's own time has no fractions."""


def life(world: World, name: str) -> int:
    """A pull request, of a branch of this name, from its beginning to its end; nothing of it is told yet."""
    hub = world.github
    number = hub.open_pull_request(WEB, f"{TITLE} {name}", "octocat", head=name)

    def check(conclusion: str) -> None:
        hub.finish_run(WEB, hub.start_run(WEB, name, conclusion), conclusion)

    for step in (
        lambda: hub.label(WEB, number, "bug"),
        lambda: hub.request_review(WEB, number, "mia"),
        lambda: hub.request_review(WEB, number, "ada"),
        lambda: hub.dismiss_review(WEB, number, hub.review(WEB, number, "hubot", "approved")),
        lambda: hub.review(WEB, number, "mia", "changes_requested", "Not yet"),
        lambda: check("failure"),
        lambda: check("success"),
        lambda: hub.review(WEB, number, "ada", "approved"),
        lambda: hub.review(WEB, number, "ada", "commented", "Though"),
        lambda: hub.review(WEB, number, "mia", "approved"),
        lambda: hub.comment(WEB, number, "ada", "Fine by me"),
        lambda: hub.merge_pull_request(WEB, number, "ada"),
    ):
        world.clock.offset += APART
        step()
    world.clock.offset += APART
    return number


def told(world: World, name: str, number: int) -> tuple[str, list[str]]:
    """The card, and what is told of it in its thread or beside it, without what tells one pull request from another.

    A dismissal is worth no card by itself: told before the card is there, it is seen on the card alone.
    """
    here = [one for one in world.slack.history(DEV) if f"{TITLE} {name}" in one["text"]]
    (card,) = [one for one in here if one.get("blocks")]
    beside = [one["text"].partition("\n")[2] for one in here if one is not card]
    lines = [line for line in (*said(world, card["ts"]), *beside) if " dismissed " not in line]
    return plain(str(card["blocks"]), name, number), sorted(plain(line, name, number) for line in lines)


def plain(text: str, name: str, number: int) -> str:
    text = re.sub(rf"(#|/|web#){number}\b", r"\1N", text.replace(name, "head"))
    return re.sub(r"(?<=runs/)\d+|(?<=issuecomment-)\d+|(?<=review-)\d+|[0-9a-f]{5,40}", "X", text)


def test_in_any_order_and_told_twice_it_ends_as_it_does_in_order(world: World) -> None:
    subscribe(world, "acme/web issues pulls comments reviews workflows")
    endings: list[tuple[str, list[str]]] = []
    for seed in range(SEEDS + 1):
        rng, name = random.Random(seed), f"side{'abcdef'[seed]}"
        number = life(world, name)
        if seed:
            world.github.rearrange(lambda waiting, rng=rng: shuffled(waiting, rng))
        flow(world)
        world.advance(120)
        endings.append(told(world, name, number))
    card, lines = endings[0]
    assert ("Merged" in card, "Approved by ada, mia" in card, "1 of 2 checks failed" in card) == (True, True, True)
    assert len(lines) == 7
    assert endings == [endings[0]] * (SEEDS + 1)
    all_done(world)
