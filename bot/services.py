"""`Services`: the frozen bundle that every door, flow and operation is given. There is one, made in `app.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from adapters.errors import Unauthorized
from adapters.github.client import GitHubClient
from adapters.github.device import DeviceFlow
from adapters.jira.client import JiraClient
from adapters.jira.oauth import JiraOAuth
from adapters.slack.client import Identity, SlackClient
from bot.bell import Bell
from bot.choices import Choices
from bot.create_screens import CreateScreens
from bot.lanes import Watch
from bot.memory import Memory
from bot.metrics import Metrics
from bot.people import People
from bot.settings import Settings
from bot.vault import Vault
from storage.deliveries import Claimed, Row, Stored
from storage.engine import Database
from storage.together import Together


def utc_now() -> datetime:
    """The wall clock, aware."""
    return datetime.now(UTC)


class Workspace:
    """Who connect is in Slack, asked once and then remembered for as long as the process lives."""

    def __init__(self, slack: SlackClient | None) -> None:
        self._slack = slack
        self._identity: Identity | None = None

    def known(self) -> Identity | None:
        """The identity if it was asked for already; never a call."""
        return self._identity

    def identity(self) -> Identity:
        """The identity, asked for if need be; raises an `AdapterError` if Slack does not say."""
        if self._identity is None:
            if self._slack is None:
                raise Unauthorized("Slack is off: SLACK_BOT_TOKEN is not set.")
            self._identity = self._slack.identity()
        return self._identity


@dataclass(frozen=True)
class Urgent:
    """The same services with a timeout short enough to answer a person who waits (Slack gives up after 3 s)."""

    slack: SlackClient | None
    jira: JiraClient | None
    github: GitHubClient | None
    sites: Mapping[str, JiraClient] = field(default_factory=dict[str, JiraClient])


@dataclass(frozen=True)
class Linking:
    """What it takes for people to act by their own Jira accounts; `urgent` is for when the person waits."""

    oauth: JiraOAuth
    urgent: JiraOAuth
    vault: Vault


@dataclass(frozen=True)
class SigningIn:
    """What it takes for people to act by their own GitHub accounts; `urgent` is for when the person waits."""

    device: DeviceFlow
    urgent: DeviceFlow
    vault: Vault


@dataclass(frozen=True)
class Services:
    """What there is to work with; a service that is off is None."""

    settings: Settings
    database: Database
    slack: SlackClient | None
    jira: JiraClient | None
    github: GitHubClient | None
    urgent: Urgent
    workspace: Workspace
    people: People
    metrics: Metrics
    inbox: Together[Row, Stored | None]
    """Where the doors store what arrived, many requests in one transaction."""
    sites: Mapping[str, JiraClient] = field(default_factory=dict[str, JiraClient])
    """The Jiras beside the main one, by name; `bot.operations.sites` says which one is meant."""
    linking: Linking | None = None
    """None: connect acts in Jira by its own account only."""
    signing_in: SigningIn | None = None
    """None: connect acts on GitHub by its own account only."""
    choices: Choices = field(default_factory=Choices)
    """What the steps of a workflow are offered to choose from."""
    clock: Callable[[], datetime] = utc_now
    screens: CreateScreens = field(default_factory=CreateScreens)
    rights: Memory[tuple[str, str, str, str], bool] = field(default_factory=lambda: Memory(timedelta(minutes=1)))
    """What Jira permits: site, account, permission, and the issue or project."""
    looked: Memory[str, bool] = field(default_factory=lambda: Memory(timedelta(minutes=5)))
    """The channels in Slack of which this process has just seen that nobody new can read them."""
    watch: Watch = field(default_factory=Watch)
    """What the workers of this process have just learned of the far sides."""
    work: Bell[Claimed] = field(default_factory=Bell[Claimed])
    """Rung when rows were committed that a worker of this process may take at once."""

    def now(self) -> datetime:
        """The time, aware UTC."""
        return self.clock()
