"""Asking a service for nothing but an answer: whether it is there, and takes our credentials."""

from adapters.errors import AdapterError, Rejected, Unauthorized, Unavailable
from bot.operations.github import github_of
from bot.operations.sites import jira_of
from bot.operations.slack import slack_of
from bot.services import Services


def away(services: Services, service: str) -> AdapterError | None:
    """Why no call to a service can succeed now; None if it answers, be it that it wants to be left in peace a while."""
    try:
        _ask(services, service)
    except AdapterError as error:
        asks_to_wait = isinstance(error, Unavailable) and error.retry_after
        refuses = isinstance(error, Rejected) and not isinstance(error, Unauthorized)
        return None if asks_to_wait or refuses else error
    return None


def _ask(services: Services, service: str) -> None:
    if service == "slack":
        slack_of(services).identity()
    elif service.startswith("jira"):
        jira, _ = jira_of(services, f"{service.partition('@')[2]}/".lstrip("/"))
        jira.myself()
    else:
        github_of(services).myself()
