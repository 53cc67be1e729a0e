"""The whole world of a journey: the three stand-ins and connect, over HTTP on loopback, stepped by the test.

Nothing runs by itself and nothing sleeps: `settle` delivers the stand-ins' webhooks and does connect's work until
neither has any left, and `advance` moves everybody's clock.
"""

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from werkzeug.serving import BaseWSGIServer, make_server

import app as connect
from bot import listeners
from bot.receiver import create_app
from bot.services import Services
from bot.settings import Settings
from bot.worker import Worker
from sandbox.github import GitHubStandIn
from sandbox.jira import JiraStandIn
from sandbox.jira.model import User
from sandbox.slack import SlackStandIn
from sandbox.standin import Handler, StandIn
from storage.engine import Database

SECRETS = {"slack": "slack-secret", "jira": "jira-secret", "github": "github-secret"}
API_KEY = "key-for-tests"


@dataclass
class Clock:
    """Real time plus what the test has moved it by."""

    offset: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def seconds(self) -> float:
        return self().timestamp()


class World:
    """Connect between the three stand-ins, on one database."""

    def __init__(self, database_url: str, *, cloud: bool = True, **overrides: Any) -> None:
        self.clock = Clock()
        self.slack = SlackStandIn(SECRETS["slack"])
        self.jira = JiraStandIn(SECRETS["jira"], cloud=cloud)
        self.github = GitHubStandIn(SECRETS["github"])
        self.standins: tuple[StandIn, ...] = (self.slack, self.jira, self.github)
        for standin in self.standins:
            standin.now = self.clock.seconds
            standin.start()
        self.settings = Settings.model_validate(self._settings(database_url, cloud=cloud) | overrides)
        self.services = self._services()
        self.bolt = listeners.build(self.services)
        self.worker = Worker(self.services, self.bolt)
        self.flask = create_app(self.services, self.bolt)
        self._server: BaseWSGIServer = make_server("127.0.0.1", 0, self.flask, threaded=True, request_handler=Handler)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        for standin in self.standins:
            standin.target = self.url

    def _settings(self, database_url: str, *, cloud: bool) -> dict[str, Any]:
        return {
            "database_url": database_url,
            "slack_bot_token": "xoxb-sandbox", "slack_signing_secret": SECRETS["slack"],
            "slack_api_url": self.slack.api_url, "jira_base_url": self.jira.url,
            "jira_email": "connect@example.com" if cloud else "", "jira_api_token": "jira-token",
            "jira_webhook_secret": SECRETS["jira"], "jira_default_project": "OPS", "github_token": "ghp-sandbox",
            "github_api_url": self.github.url, "github_webhook_secret": SECRETS["github"], "connect_api_key": API_KEY,
            "connect_http_timeout": 2,
            "jira_oauth_auth_url": self.jira.url, "jira_oauth_api_url": self.jira.url,
        }  # fmt: skip

    def _services(self) -> Services:
        return connect.build_services(self.settings, clock=self.clock)

    @property
    def database(self) -> Database:
        return self.services.database

    def close(self) -> None:
        """Stop everything; a fault that met no call has shown nothing."""
        # Together, since each server looks for the end of its work only now and then.
        ends = [threading.Thread(target=end) for end in (self._stop, *(standin.stop for standin in self.standins))]
        for end in ends:
            end.start()
        for end in ends:
            end.join()
        self.database.dispose()
        unmet = [fault for standin in self.standins for fault in standin.faults if not fault.met]
        assert not unmet, f"no call met {unmet}"

    def _stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def give_account(self, slack_user: str, name: str = "mia") -> User:
        """A Jira account with the e-mail address of somebody in Slack."""
        email = self.slack.users[slack_user]["profile"]["email"]
        user = User(f"712020:{name}", name, name.title(), email)
        self.jira.users.append(user)
        return user

    # --- time and work -----------------------------------------------------------------------------------------------

    def settle(self, rounds: int = 200) -> None:
        """Deliver every webhook and do all work that is due, until there is neither."""
        for _ in range(rounds):
            moved = sum(standin.flush() for standin in self.standins)
            if not self.worker.step() and not moved:
                return
        raise AssertionError("the world does not settle: something goes round in circles")

    def advance(self, seconds: float) -> None:
        """Move everybody's clock, and settle."""
        self.clock.offset += timedelta(seconds=seconds)
        self.settle()

    # --- REST --------------------------------------------------------------------------------------------------------

    def call(
        self, method: str, path: str, body: Any = None, *, key: str = API_KEY, **headers: str
    ) -> requests.Response:
        """A REST call with the API key."""
        given = {"Authorization": f"Bearer {key}", **headers} if key else headers
        return requests.request(method, self.url + path, json=body, headers=given, timeout=10)

    def send(self, method: str, path: str, body: bytes, kind: str) -> requests.Response:
        """A REST call with a body that is not JSON."""
        headers = {"Authorization": f"Bearer {API_KEY}", "Content-Type": kind}
        return requests.request(method, self.url + path, data=body, headers=headers, timeout=10)

    def rows(self, kind: str, query: str = "") -> list[dict[str, Any]]:
        """The rows of a list, oldest first."""
        answer = self.call("GET", f"/api/v1/{kind}?limit=500{query}")
        assert answer.status_code == 200, answer.text
        return list(reversed(answer.json()[kind]))

    def ask(self, source: str, target: str, event: str, payload: dict[str, Any]) -> int:
        """Ask for an integration over REST; returns its id."""
        body = {"source_service": source, "target_service": target, "event_type": event, "payload": payload}
        answer = self.call("POST", "/api/v1/integrations", body)
        assert answer.status_code == 201, answer.text
        return answer.json()["integration_id"]
