"""Requests as the services send them, as bytes, made and signed before the clock starts.

GitHub's bodies are as long as real ones (20–30 kB) and made of the same stuff: mostly addresses of the API.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

GITHUB_SECRET = "github-secret"
SLACK_SECRET = "slack-secret"
REPOSITORIES = 10
FIRST = 10_000_000
"""The first number to send: each has eight digits, so that the bodies are equally long."""
_OF_A_REPOSITORY = [
    *("archive", "assignees", "blobs", "branches", "collaborators", "comments", "commits", "compare", "contents"),
    *("contributors", "deployments", "downloads", "events", "forks", "git_commits", "git_refs", "git_tags", "hooks"),
    *("issue_comment", "issue_events", "issues", "keys", "labels", "languages", "merges", "milestones", "pulls"),
    *("notifications", "releases", "stargazers", "statuses", "subscribers", "subscription", "tags", "teams", "trees"),
]
_OF_A_PERSON = [
    *("avatar", "html", "followers", "following", "gists", "starred", "subscriptions", "organizations", "repos"),
    *("events", "received_events"),
]
_MODEL = 99_999_990
"""The number that the models are made with: ten of them, one for each repository."""


def repository_name(number: int) -> str:
    """One of the repositories, in turn."""
    return f"octo/service-{number % REPOSITORIES}"


def channel_of(number: int) -> str:
    """The channel that follows `repository_name(number)`."""
    return f"C0BENCH{number % REPOSITORIES:04}"


def title(number: int) -> str:
    """What is looked for in Slack; `number` has eight digits."""
    return f"bench-{number} keep the cart when the session ends"


def github(first: int, count: int, host: str) -> Iterator[bytes]:
    """Webhooks of pushes and new pull requests, in turn; the numbers make ids and titles that come once only."""
    models = [_model(_MODEL + index) for index in range(REPOSITORIES)]
    for number in range(first, first + count):
        event, model = models[number % REPOSITORIES]
        body = model.replace(str(_MODEL + number % REPOSITORIES).encode(), str(number).encode())
        signature = hmac.new(GITHUB_SECRET.encode(), body, hashlib.sha256).hexdigest()
        yield _request("/webhooks/github", host, body, {
            "User-Agent": "GitHub-Hookshot/abc1234", "Content-Type": "application/json", "X-GitHub-Event": event,
            "X-GitHub-Delivery": f"00000000-0000-4000-8000-{number:012}", "X-Hub-Signature-256": f"sha256={signature}",
        })  # fmt: skip


def _model(number: int) -> tuple[str, bytes]:
    event, payload = ("push", _push(number)) if number % 2 else ("pull_request", _pull_request(number))
    return event, json.dumps(payload).encode()


def command(first: int, count: int, host: str, text: str) -> Iterator[bytes]:
    """`/jira TEXT`, typed again and again."""
    for number in range(first, first + count):
        body = urlencode({
            "token": "gone", "team_id": "T0BENCH0001", "team_domain": "bench", "channel_id": "C0BENCH0000",
            "channel_name": "dev", "user_id": "U0BENCH0001", "user_name": "mia", "command": "/jira", "text": text,
            "api_app_id": "A0BENCH0001", "response_url": "https://hooks.slack.com/commands/T0BENCH0001/1/abc",
            "trigger_id": f"{number}.1.abc",
        }).encode()  # fmt: skip
        now = str(int(time.time()))
        signature = hmac.new(SLACK_SECRET.encode(), f"v0:{now}:".encode() + body, hashlib.sha256).hexdigest()
        yield _request("/slack/events", host, body, {
            "Content-Type": "application/x-www-form-urlencoded", "X-Slack-Request-Timestamp": now,
            "X-Slack-Signature": f"v0={signature}",
        })  # fmt: skip


def _request(path: str, host: str, body: bytes, headers: dict[str, str]) -> bytes:
    lines = [f"POST {path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _person(login: str, number: int) -> dict[str, Any]:
    api = {f"{name}_url": f"https://api.github.com/users/{login}/{name}" for name in _OF_A_PERSON}
    return {"login": login, "id": number, "node_id": f"U_{number:08}", **api, "type": "User", "site_admin": False}


def _repository(number: int) -> dict[str, Any]:
    full = repository_name(number)
    api = {f"{name}_url": f"https://api.github.com/repos/{full}/{name}{{/sha}}" for name in _OF_A_REPOSITORY}
    return {
        "id": 7000 + number % REPOSITORIES, "name": full.partition("/")[2], "full_name": full, "private": False,
        "owner": _person("octo", 77), "html_url": f"https://github.com/{full}", "description": "A service", **api,
        "default_branch": "main", "topics": ["shop", "cart"], "visibility": "public", "open_issues_count": 7,
    }  # fmt: skip


def _pull_request(number: int) -> dict[str, Any]:
    repository, person = _repository(number), _person("ada", 2048)
    page = f"https://github.com/{repository_name(number)}/pull/{number}"
    ends = {
        name: {"label": f"octo:{ref}", "ref": ref, "sha": f"{number:040}", "user": person, "repo": repository}
        for name, ref in (("head", "keep-cart"), ("base", "main"))
    }
    pull = {
        "id": number, "number": number, "html_url": page, "state": "open", "title": title(number),
        "user": person, "body": "The cart was tied to the session. " * 100, "labels": [], "assignees": [person],
        "requested_reviewers": [person], "requested_teams": [], "milestone": None, "draft": False, **ends,
        "created_at": "2026-03-02T09:15:00Z", "updated_at": "2026-03-02T09:15:00Z", "closed_at": None,
        "merged_at": None, "merged": False, "merged_by": None, "commits": 2, "additions": 120, "deletions": 8,
        "changed_files": 3,
    }  # fmt: skip
    return {
        "action": "opened", "number": number, "pull_request": pull, "repository": repository, "sender": person,
    }  # fmt: skip


def _push(number: int) -> dict[str, Any]:
    repository, person = _repository(number), _person("ada", 2048)
    author = {"name": "Ada Lovelace", "email": "ada@example.com", "username": "ada"}
    commits = [
        {
            "id": f"{number:030}{index:010}", "tree_id": f"{index:040x}", "distinct": True,
            "message": f"{title(number)}\n\n" + "It was lost with the session. " * 8,
            "timestamp": "2026-03-04T10:28:00+01:00", "author": author, "committer": author,
            "url": f"https://github.com/{repository_name(number)}/commit/{number:030}{index:010}", "added": [],
            "removed": [], "modified": [f"src/cart/part_{index}/file_{file}.py" for file in range(4)],
        }
        for index in range(20)
    ]  # fmt: skip
    return {
        "ref": "refs/heads/main", "before": "1" * 40, "after": commits[-1]["id"], "created": False, "deleted": False,
        "forced": False, "base_ref": None, "compare": f"https://github.com/{repository_name(number)}/compare/1...2",
        "commits": commits, "head_commit": commits[-1], "repository": repository,
        "pusher": {"name": "ada", "email": "ada@example.com"}, "sender": person,
    }  # fmt: skip
