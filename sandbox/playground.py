"""The playground: stand-ins of Slack, Jira and GitHub with the same people in them, and connect as a process between.

The terminal's story (`demo`) and the page (`page`) both play on it.
"""

import base64
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from sandbox.github import GitHubStandIn, device
from sandbox.jira import JiraStandIn, oauth
from sandbox.process import Connect
from sandbox.slack import ADMIN, MEMBER, SlackStandIn
from sandbox.standin import StandIn

ADA, GRACE = ADMIN, MEMBER
MANIFEST = Path(__file__).parents[1] / "manifest.yml"
SECRETS = {"slack": "demo-slack-secret", "jira": "demo-jira-secret", "github": "demo-github-secret"}


class Playground:
    """Three stand-ins that listen, and connect, which is not started yet; `folder` holds its database and its log."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self.slack = SlackStandIn(SECRETS["slack"])
        self.jira = JiraStandIn(SECRETS["jira"])
        self.github = GitHubStandIn(SECRETS["github"])
        self.standins: tuple[StandIn, ...] = (self.slack, self.jira, self.github)
        for standin in self.standins:
            standin.start()
        # The same two people everywhere; Jira knows them by these addresses.
        self.slack.add_user(ADA, "Ada Lovelace", email="ada@example.com", admin=True)
        self.slack.add_user(GRACE, "Grace Hopper", email="grace@example.com")
        self.manifest: dict[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
        self.slack.declare(self.manifest["functions"])
        # Where Jira and GitHub are here; the manifest has their real hosts.
        self.slack.links.domains = {"127.0.0.1", "github.com"}
        self.connect = Connect(folder, self._settings() | self._signing_in() | dict(settings))
        self.jira.oauth.redirects = [f"{self.connect.url}/oauth/jira/callback"]
        self.github.interval = 1  # nobody likes to wait for five seconds

    def _settings(self) -> dict[str, str]:
        return {
            "SLACK_BOT_TOKEN": "xoxb-sandbox", "SLACK_SIGNING_SECRET": SECRETS["slack"],
            "SLACK_API_URL": self.slack.api_url, "JIRA_BASE_URL": self.jira.url, "JIRA_EMAIL": self.jira.email,
            "JIRA_API_TOKEN": self.jira.token, "JIRA_WEBHOOK_SECRET": SECRETS["jira"], "JIRA_DEFAULT_PROJECT": "OPS",
            "GITHUB_TOKEN": self.github.token, "GITHUB_API_URL": self.github.url,
            "GITHUB_WEBHOOK_SECRET": SECRETS["github"], "CONNECT_SETTLE_SECONDS": "1.5", "CONNECT_HTTP_TIMEOUT": "5",
            "CONNECT_LEASE_SECONDS": "20", "CONNECT_RETRY_BASE_SECONDS": "0.5", "SLACK_WORK_OBJECTS": "true",
        }  # fmt: skip

    def _signing_in(self) -> dict[str, str]:
        """What lets people link their own accounts of Jira and GitHub."""
        return {
            "CONNECT_ENCRYPTION_KEY": base64.urlsafe_b64encode(os.urandom(32)).decode(),
            "GITHUB_OAUTH_CLIENT_ID": device.CLIENT_ID, "JIRA_OAUTH_CLIENT_ID": oauth.CLIENT_ID,
            "JIRA_OAUTH_CLIENT_SECRET": oauth.CLIENT_SECRET, "JIRA_OAUTH_AUTH_URL": self.jira.url,
            "JIRA_OAUTH_API_URL": self.jira.url,
        }  # fmt: skip

    def close(self) -> None:
        """Stop listening."""
        for standin in self.standins:
            standin.stop()
