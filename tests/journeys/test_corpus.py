"""Every real payload there is goes through the real doors, with channels that want to hear of everything.

No door answers 5xx, no worker dies, no delivery fails, and Slack takes every message that comes of it.
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import requests

from bot.flows.labelling import PAUSE
from sandbox.jira import JiraStandIn
from sandbox.jira.model import ADA, STATUSES, Issue, Project
from sandbox.slack import DEV, PRIVATE
from tests.receiver.doors import FORM, event, form, interaction, to_github, to_jira, to_slack
from tests.world import World

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"

type Payload = dict[str, Any]

pytestmark = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="the corpus of real payloads (../shared/corpus) is not here"
)


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """A world that outlives a long queue."""
    return make_world(connect_lease_seconds=3600)


def files(*patterns: str) -> list[Path]:
    found = [path for pattern in patterns for path in sorted(CORPUS.glob(pattern))]
    assert found, patterns
    return found


def read(path: Path) -> Payload:
    return json.loads(path.read_bytes())


def inside(value: object, *keys: str) -> Iterator[str]:
    """Every string under one of these keys, at any depth."""
    if isinstance(value, dict):
        for key, member in cast("Payload", value).items():
            if key in keys and isinstance(member, str):
                yield member
            yield from inside(member, *keys)
    elif isinstance(value, list):
        for member in cast("list[object]", value):
            yield from inside(member, *keys)


def hear_everything(world: World, service: str, sources: set[str]) -> None:
    for source in sorted(sources):
        for channel in (DEV, PRIVATE):
            wanted = {"source_service": service, "source": source, "channel": channel, "events": ["all"]}
            answer = world.call("POST", "/api/v1/subscriptions", wanted)
            assert answer.status_code == 201, (source, answer.text)


def all_rows(world: World, kind: str) -> list[dict[str, Any]]:
    """All rows, over as many pages as there are."""
    found: list[dict[str, Any]] = []
    following: str | None = f"/api/v1/{kind}?limit=500"
    while following:
        page = world.call("GET", following).json()
        found += page[kind]
        following = page["next"]
    return found


def finish(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """All work is done, and nothing of it failed."""
    world.settle(20_000)
    world.clock.offset += PAUSE  # lines about labels wait for more of them
    world.settle(20_000)
    waiting_or_failed = [row for row in all_rows(world, "deliveries") if row["status"] not in ("completed", "ignored")]
    assert waiting_or_failed == []
    broken = [
        (row["operation"], row["event_type"], row["status"], row["error_message"])
        for row in all_rows(world, "integrations")
        if row["status"] != "completed"
    ]
    assert broken == []
    assert [record.getMessage() for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")] == []
    assert world.call("GET", "/health").json()["backlog"] == {"deliveries": 0, "integrations": 0, "oldest_seconds": 0.0}


def of_status(answers: dict[str, requests.Response], *expected: int) -> None:
    assert {name: answer.text for name, answer in answers.items() if answer.status_code not in expected} == {}


def test_every_github_webhook_passes_and_what_is_told_of_it_slack_takes(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    payloads = {path.name: read(path) for path in files("github/webhooks/*.json")}
    hear_everything(
        world,
        "github",
        {payload["repository"]["full_name"] for payload in payloads.values() if "repository" in payload},
    )
    of_status(
        {
            name: to_github(world, json.dumps(payload).encode(), f"as-json-{name}", name.partition(".")[0])
            for name, payload in payloads.items()
        },
        202,
    )
    finish(world, caplog)
    told = {row["event_type"] for row in all_rows(world, "integrations")}
    assert told >= {"pull_request.opened", "issues.opened", "push", "release.published", "deployment_status.created"}
    assert len(world.slack.history(PRIVATE)) >= 5

    # The same once more, as forms: each is news of its own, about what has its card already.
    of_status(
        {
            name: to_github(world, form(payload=json.dumps(payload)), f"as-form-{name}", name.partition(".")[0], FORM)
            for name, payload in payloads.items()
        },
        202,
    )
    finish(world, caplog)


def keep_issues(jira: JiraStandIn, payloads: list[Payload]) -> set[str]:
    """Let the issues that the samples speak of be there, to be read; returns the keys of their projects."""
    kinds = jira.projects["OPS"].types
    for number, payload in enumerate(payloads):
        for key in sorted({payload["issue"]["key"]} if "issue" in payload else set()):
            name = key.rpartition("-")[0]
            project = jira.projects.setdefault(name, Project(f"2{number:04}", name, name, kinds))
            jira.issues.setdefault(
                key, Issue(payload["issue"]["id"], key, project, kinds[0], "Sample", ADA, ADA, 1.0, 1.0, STATUSES[0])
            )
    return {issue.project.key for issue in jira.issues.values()}


@pytest.mark.parametrize("cloud", [True, False], ids=["cloud", "data center"])
def test_every_jira_webhook_passes_and_what_is_told_of_it_slack_takes(
    make_world: Callable[..., World], caplog: pytest.LogCaptureFixture, *, cloud: bool
) -> None:
    world = make_world(cloud=cloud, connect_lease_seconds=3600)
    paths = files("jira/webhooks/*.json", "jira/webhooks-hand-written/*.json")
    payloads = {path.name: read(path) for path in paths}
    hear_everything(world, "jira", keep_issues(world.jira, list(payloads.values())))
    of_status(
        {
            name: to_jira(world, json.dumps(payload).encode(), name if cloud else "")
            for name, payload in payloads.items()
        },
        202,
        *(() if cloud else (200,)),
    )
    finish(world, caplog)
    told = {row["event_type"] for row in all_rows(world, "integrations")}
    assert told >= {"jira:issue_created", "jira:issue_updated", "comment_created"}


def know(world: World, payloads: list[Any]) -> None:
    """Let the people and channels that Slack's samples speak of be there."""
    for name in {
        name for payload in payloads for name in inside(payload, "channel", "channel_id", "user", "user_id", "id")
    }:
        if re.fullmatch("[CGD][A-Z0-9]+", name) and name not in world.slack.channels:
            world.slack.add_channel(name, name.lower())
        if re.fullmatch("[UW][A-Z0-9_]+", name) and name not in world.slack.users:
            world.slack.add_user(name, f"Person {name}")
    for place in world.slack.channels.values():
        place.members = [*world.slack.users]


def test_every_slack_event_passes(world: World, caplog: pytest.LogCaptureFixture) -> None:
    whole = {path.name: read(path) for path in files("slack/events/*.json", "slack/events-hand-written/*.json")}
    inner = {f"inner {path.name}": read(path) for path in files("slack/events/inner/*.json")}
    know(world, [*whole.values(), *inner.values()])
    bodies = {name: json.dumps(payload).encode() for name, payload in whole.items()}
    bodies |= {name: event(payload, event_id=f"Ev{number}") for number, (name, payload) in enumerate(inner.items())}
    of_status({name: to_slack(world, body) for name, body in bodies.items()}, 200)
    finish(world, caplog)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_slack_command_and_interaction_passes(world: World, caplog: pytest.LogCaptureFixture) -> None:
    payloads = {path.name: read(path) for path in files("slack/interactivity/*.json")}
    know(world, list(payloads.values()))
    bodies = {name: interaction(payload) for name, payload in payloads.items()}
    bodies |= {path.name: path.read_bytes().strip() for path in files("slack/slash-commands*/*.form")}
    of_status({name: to_slack(world, body, FORM) for name, body in bodies.items()}, 200)
    finish(world, caplog)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_shape_of_slacks_with_blank_values_is_taken_or_refused(world: World) -> None:
    shapes = {path.name: read(path) for path in files("slack/events/shape/*.json", "slack/interactivity/shape/*.json")}
    answers = {f"JSON {name}": to_slack(world, json.dumps(payload).encode()) for name, payload in shapes.items()}
    answers |= {f"form {name}": to_slack(world, interaction(payload), FORM) for name, payload in shapes.items()}
    of_status(answers, 200, 400)
    inner = [
        event(payload.get("event", payload), event_id=f"Ev{number}") for number, payload in enumerate(shapes.values())
    ]
    of_status({str(number): to_slack(world, body) for number, body in enumerate(inner)}, 200, 400)
    for _ in range(4):
        world.advance(120)
    assert world.rows("deliveries", "&status=pending") == []
