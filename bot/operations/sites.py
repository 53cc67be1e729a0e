"""Which Jira an issue or a project belongs to: everything that is done in Jira asks here for its client."""

from adapters.errors import Unauthorized
from adapters.jira.client import JiraClient
from bot.services import Services

_OFF = "Jira is off: JIRA_BASE_URL or JIRA_API_TOKEN is not set."


def jira_of(services: Services, resource: str) -> tuple[JiraClient, str]:
    """The client of the site that an issue or project belongs to, and the key by which that site knows it.

    Raises `Unauthorized` if Jira is off: a row then waits until it is on.
    """
    if services.jira is None:
        raise Unauthorized(_OFF)
    return services.jira, resource


def urgent_jira(services: Services, resource: str) -> tuple[JiraClient, str]:
    """The same with a timeout that is short enough for a person who waits."""
    if services.urgent.jira is None:
        raise Unauthorized(_OFF)
    return services.urgent.jira, resource
