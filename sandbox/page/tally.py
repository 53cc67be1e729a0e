"""Whether anything was lost or doubled, counted at the stand-ins, by the marker in what connect made."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from sandbox.playground import Playground
from sandbox.standin import Call

type Json = dict[str, Any]

MARKER = re.compile(r"\bct[0-9a-f]{20}\b")


def tally(playground: Playground) -> Json:
    """How many issues, messages and comments connect has made, and how many of them twice or more often."""
    return {name: _counted(found) for name, found in (
        ("issues", _issues(playground)), ("messages", _messages(playground)), ("comments", _comments(playground)),
    )}  # fmt: skip


def calls_with(playground: Playground, marker: str) -> list[Json]:
    """The calls that carried a marker, as the stand-ins received them, oldest first."""
    found = [
        (call.at, standin.service, call)
        for standin in playground.standins
        for call in list(standin.calls)
        if marker in json.dumps([call.path, dict(call.query), call.body], default=str)
    ]
    return [_call(service, call) for _, service, call in sorted(found, key=lambda each: each[0])]


def _call(service: str, call: Call) -> Json:
    return {
        "service": service, "operation": call.operation, "method": call.method, "path": call.path, "at": call.at,
        "query": dict(call.query), "body": call.body,
    }  # fmt: skip


def _counted(found: Iterable[object]) -> Json:
    markers = Counter(match[0] for each in found if (match := MARKER.search(json.dumps(each, default=str))))
    return {"made": len(markers), "twice": sum(count - 1 for count in markers.values())}


def _issues(playground: Playground) -> list[object]:
    jira, github = playground.jira, playground.github
    with jira.lock, github.lock:
        tickets = [ticket.body for repo in github.repos for ticket in repo.tickets.values() if ticket.pull is None]
        return [*([issue.labels, issue.properties] for issue in jira.issues.values()), *tickets]


def _messages(playground: Playground) -> list[object]:
    with playground.slack.lock:
        places = list(playground.slack.channels.values())
        return [message.get("metadata") for place in places for message in place.messages]


def _comments(playground: Playground) -> list[object]:
    jira, github = playground.jira, playground.github
    with jira.lock, github.lock:
        tickets = [ticket for repo in github.repos for ticket in repo.tickets.values()]
        in_jira = [comment.properties for issue in jira.issues.values() for comment in issue.comments]
        return [*in_jira, *(comment.body for ticket in tickets for comment in ticket.comments)]
