"""Which of the keys that a text names are issues of Jira's: those of the projects that connect knows.

It knows the projects of the settings, those that a channel hears of, those with transitions, and every issue that has
a thread. Whether there is such an issue Jira alone can say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection

from adapters.jira.issue import RESOURCE, browse_url
from bot import jira_keys
from bot.operations.sites import resource_of, site_of
from bot.services import Services
from bot.settings import Settings
from storage import mappings, preferences, subscriptions

MOVES, EVERYWHERE = "jira moves", "jira"
"""The preference that says, by project, which status what becomes of a pull request leads to, and its subject."""


@dataclass(frozen=True)
class Named:
    """An issue that a text names."""

    issue: str
    """Its resource: `OPS-7`, `eu/OPS-7`."""
    key: str
    url: str


def named_issues(connection: Connection, settings: Settings, keys: Sequence[str]) -> list[Named]:
    """The issues of projects that connect knows among some keys; no query for those that the settings name."""
    issues = [
        issue for key in keys if RESOURCE.fullmatch(issue := resource_of(settings, key)) and _there(settings, issue)
    ]
    projects, threads = _in_settings(settings), set[str]()
    if any(_project(issue) not in projects for issue in issues):
        projects |= _in_use(connection)
        threads = mappings.having_threads(connection, "jira", issues)
    known = [issue for issue in issues if _project(issue) in projects or issue in threads]
    return [_named(settings, issue) for issue in dict.fromkeys(known)]


def in_payload(named: Sequence[Named]) -> list[dict[str, str]]:
    """The same as payloads and notes keep them."""
    return [asdict(one) for one in named]


def named_in(services: Services, told: Mapping[str, Any]) -> list[dict[str, str]]:
    """The issues of Jira's that the card of something on GitHub (in the shape of webhooks) is to show."""
    keys = jira_keys.of_pull(told["pull_request"]) if "pull_request" in told else jira_keys.of_event(told)
    if not keys:
        return []
    with services.database.read() as connection:
        return in_payload(named_issues(connection, services.settings, keys))


def project_of(issue: str) -> str:
    """The project of an issue, as rows name both."""
    return issue.rpartition("-")[0]


def _named(settings: Settings, issue: str) -> Named:
    site, _, key = issue.rpartition("/")
    return Named(issue, key, browse_url(site_of(settings, site), key))


def _there(settings: Settings, issue: str) -> bool:
    """Whether the issue's site is set up: the main one may be missing."""
    return "/" in issue or bool(settings.jira_base_url)


def _project(issue: str) -> str:
    return subscriptions.source_key("jira", project_of(issue))


def _in_settings(settings: Settings) -> set[str]:
    given = (settings.jira_default_project, settings.jira_preview_projects, settings.jira_workflow_projects)
    named = {resource_of(settings, key) for keys in given for key in keys.split(",") if key.strip()}
    named |= {f"{site}/{key}" for site, its in settings.jira_sites.items() for key in its.projects}
    return {subscriptions.source_key("jira", project) for project in named}


def _in_use(connection: Connection) -> set[str]:
    """The projects that a channel hears of, and those with transitions."""
    moved: dict[str, object] = preferences.get(connection, EVERYWHERE, MOVES) or {}
    return {subscriptions.source_key("jira", project) for project in moved} | subscriptions.sources(connection, "jira")
