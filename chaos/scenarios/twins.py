"""The same delivery many times at once, and again after a restart; and ids that differ in a way databases overlook."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from chaos.arena import Arena, arena
from chaos.load import Load, captured, payload_of
from chaos.report import Row, Shown
from chaos.run import Run
from chaos.sender import Event, attempt, plain_session
from sandbox.slack import MEMBER
from sandbox.slack.wire import BOT_USER
from sandbox.standin import Outgoing, compact

TIMES = 20


def twins(run: Run) -> Iterator[Row]:
    """One id: one effect. Three ids: three effects."""
    with arena(run, "twins") as world:
        load = Load(world, places=3)
        world.start(workers=run.of(2, 1))
        load.subscribe()
        groups = run.of(10, 2)
        sent = [event for _ in range(groups) for event in load.webhook()[:1]]
        sent += [_named(event, name) for event, name in zip(_github(load), ("abc", "ABC"), strict=True)]
        sent += [_mention(world, load, name) for name in ("abc", "ABC", "abc ")]
        shown = Shown()
        _all_at_once(world, sent, shown, "at once")
        world.settle(30)
        for process in (world.web, *world.workers):
            process.kill()
            process.start()
        world.web.wait_ready()
        _all_at_once(world, sent, shown, "after a restart")
        world.settle(30)
        yield world.row(f"twins: each id {TIMES}x in parallel, again after a restart", shown)


def _github(load: Load) -> list[Event]:
    return load.github_issue(0) + load.github_issue(1)


def _named(event: Event, name: str) -> Event:
    given = event.outgoing

    def sign(body: bytes) -> dict[str, str]:
        return given.sign(body) | {"X-GitHub-Delivery": name}

    return replace(event, outgoing=replace(given, sign=sign))


def _mention(world: Arena, load: Load, event_id: str) -> Event:
    """Somebody mentions connect and asks for an issue; HTTP strips a space at a header's end, JSON does not."""
    nonce, channel = load.nonce(), load.channels[0]
    text = f"<@{BOT_USER}> create task in OPS: {nonce}"
    world.slack.target = world.url
    made = captured(world.slack, lambda: world.slack.say(MEMBER, channel, text))
    world.slack.target = ""
    envelope: dict[str, Any] = next(
        each for each in map(payload_of, made) if each["event"]["type"] == "app_mention"
    ) | {"event_id": event_id}  # fmt: skip
    outgoing = Outgoing(made[0].path, compact(envelope), world.slack.signed, json.dumps(event_id))
    return Event(nonce, ("jira issue",), outgoing, channel)


def _all_at_once(world: Arena, events: list[Event], shown: Shown, when: str) -> None:
    statuses: list[int] = []
    with ThreadPoolExecutor(TIMES) as pool:
        for event in events:
            sessions = [plain_session() for _ in range(TIMES)]
            given = list(pool.map(attempt, sessions, [world.url] * TIMES, [event.outgoing] * TIMES))
            event.answers += given
            event.accepted = event.accepted or max(answer.at for answer in given)
            statuses += [answer.status for answer in given]
    world.events = events
    refused = sorted({status for status in statuses if not 200 <= status < 300})
    shown.must(not refused, f"{len(statuses)} answers {when}, all 2xx" + (f" but {refused}" if refused else ""))
