"""Text of one's own from Jira Automation: by REST into every thread of an issue, as docs/workflows.md shows it."""

import json
import re
from pathlib import Path
from typing import Any

from sandbox.slack import DEV, GENERAL, MEMBER
from tests.journeys.threads import all_done, comments, said, ticket, world
from tests.world import World

__all__ = ["world"]
KIND = ("jira", "slack", "post_message")


def examples() -> list[dict[str, Any]]:
    """The requests of the documentation, with what Jira's Automation puts in for its smart values."""
    words = Path("docs/workflows.md").read_text()
    values = {"issue.key": "OPS-1", "initiator.displayName.jsonEncode": "Grace Hopper",
              "issue.summary.jsonEncode": r"It \"burns\"", "issue.url": "https://jira.example.com/browse/OPS-1",
              }  # fmt: skip
    blocks = re.findall(r"```json\n(.*?)```", words, re.DOTALL)
    return [json.loads(re.sub(r"\{\{(.*?)\}\}", lambda found: values[found[1]], block)) for block in blocks]


def test_the_documented_requests_post_into_the_issues_thread_and_into_a_channel(world: World) -> None:
    _, ts = ticket(world)
    in_thread, in_channel = examples()
    for asked in (in_thread, in_channel):
        assert world.call("POST", "/api/v1/integrations", asked).status_code == 201
    world.settle()
    assert said(world, ts) == [':rotating_light: *Escalated* by Grace Hopper: It "burns"']
    assert [message["text"] for message in world.slack.history(GENERAL)][1:] == [
        "OPS-1 waits for an answer: https://jira.example.com/browse/OPS-1"
    ]
    all_done(world)


def test_text_for_an_issue_comes_into_every_thread_of_it_inert_and_is_no_comment(world: World) -> None:
    key, ts = ticket(world)
    world.give_account(MEMBER)
    world.slack.command(MEMBER, DEV, "/jira", f"link {key}")
    world.settle()
    other = next(message["ts"] for message in world.slack.history(DEV) if key in message["text"])
    row = world.ask(*KIND, {"issue": "ops-1", "text": "<!channel> *Approved* <https://evil.example|by all>"})
    world.settle()
    text = "&lt;!channel&gt; *Approved* &lt;https://evil.example|by all&gt;"
    assert (said(world, ts)[-1], said(world, other, DEV)[-1]) == (text, text)
    assert comments(world, key) == []
    assert world.call("GET", f"/api/v1/integrations/{row}").json()["integration"]["target_id"] == key


def test_threads_that_were_told_to_be_quiet_and_that_ended_are_left_out(world: World) -> None:
    key, ts = ticket(world)
    world.slack.command(MEMBER, GENERAL, "/jira", f"sync {key} to-jira")
    row = world.ask(*KIND, {"issue": key, "text": "Approved"})
    world.settle()
    assert said(world, ts) == []
    failed = world.call("GET", f"/api/v1/integrations/{row}").json()["integration"]
    assert (failed["status"], failed["error_message"]) == ("failed", "OPS-1 has no thread in Slack that could be told.")


def test_a_restricted_issues_thread_is_told_nothing(world: World) -> None:
    key, ts = ticket(world)
    world.jira.edit(key, "Grace Hopper", security="Staff")
    world.settle()
    before = said(world, ts)
    world.ask(*KIND, {"issue": key, "text": "the secret"})
    world.settle()
    assert said(world, ts) == before
