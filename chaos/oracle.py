"""The oracle: what the far ends show of each nonce, and when they came to show it.

connect's markers, rows and mappings are not asked: they are what is on trial.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Literal

from sandbox.github import GitHubStandIn
from sandbox.jira import JiraStandIn
from sandbox.slack import SlackStandIn

NONCE = re.compile(r"nonce-[0-9a-f]{12}")

type Place = Literal["message", "reply", "jira issue", "jira comment", "github issue", "github comment"]
type Seen = dict[tuple[Place, str], list[float]]
"""When each nonce appeared at each place, as epoch seconds: one entry for each effect."""


def look(slack: SlackStandIn, jira: JiraStandIn, github: GitHubStandIn) -> Seen:
    """Everything that stands at the far ends now."""
    seen: Seen = defaultdict(list)
    for standin, effects in ((slack, _in_slack(slack)), (jira, _in_jira(jira)), (github, _on_github(github))):
        with standin.lock:
            for place, text, at in effects:
                for nonce in set(NONCE.findall(text)):
                    seen[place, nonce].append(at)
    return seen


def _in_slack(slack: SlackStandIn) -> Iterator[tuple[Place, str, float]]:
    for channel in slack.channels.values():
        for message in channel.messages:
            if message.get("bot_id"):
                place: Place = "message" if message.get("thread_ts", message["ts"]) == message["ts"] else "reply"
                yield place, words_of(message), float(message["ts"])


def words_of(message: dict[str, Any]) -> str:
    """All that a message says."""
    return json.dumps([message.get("text"), message.get("blocks")])


def _in_jira(jira: JiraStandIn) -> Iterator[tuple[Place, str, float]]:
    for issue in jira.issues.values():
        if issue.creator is jira.me:
            yield "jira issue", issue.summary, issue.created
        for comment in issue.comments:
            yield "jira comment", comment.text, comment.created


def _on_github(github: GitHubStandIn) -> Iterator[tuple[Place, str, float]]:
    for repo in github.repos:
        for ticket in repo.tickets.values():
            if ticket.author is github.connect:
                yield "github issue", ticket.title, ticket.created_at
            for comment in ticket.comments:
                yield "github comment", comment.body, comment.created_at
