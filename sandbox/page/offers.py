"""What can be tried from a terminal, beside the page."""

import json
from typing import Any

from sandbox.playground import Playground
from sandbox.slack import GENERAL

type Json = dict[str, Any]


def offers(playground: Playground) -> list[Json]:
    """Lines for a shell, each with what it is good for."""
    jira, slack = playground.jira, playground.slack
    api, history = f"{playground.connect.url}/api/v1", f"{slack.api_url}conversations.history?channel={GENERAL}&limit=2"
    asked = {
        "source_service": "slack", "target_service": "jira", "event_type": "create_ticket",
        "payload": {"channel": GENERAL, "message": "The lamp in the hall flickers"},
    }  # fmt: skip
    issue = {"fields": {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "Paint the hall"}}
    tried = {
        "Ask connect for an issue": f"curl {api}/integrations {_sent(asked)}",
        "Make an issue in Jira, with its own API": (
            f"curl -u {jira.email}:{jira.token} {jira.url}/rest/api/3/issue {_sent(issue)}"
        ),
        "See what was done": f"curl '{api}/integrations?limit=2'",
        "Read #general as Slack's API shows it": (
            f"curl -H 'Authorization: Bearer xoxb-sandbox' '{history}'"
        ),
    }  # fmt: skip
    return [{"title": title, "command": command} for title, command in tried.items()]


def _sent(body: Json) -> str:
    return f"-H 'Content-Type: application/json' -d '{json.dumps(body)}'"
