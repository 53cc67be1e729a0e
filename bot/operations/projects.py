"""Finding out which projects of Jira's something belongs to."""

from adapters.errors import NotFound
from bot.operations.base import Effect, Operation
from bot.operations.sites import jira_of
from bot.services import Services
from storage.integrations import Integration


def _find_projects(services: Services, row: Integration) -> Effect:
    """The projects, qualified, that a board shows, or the one with an id; none if it is gone or hidden from connect."""
    site, asked = row.payload["site"], row.payload["asked"]
    jira, _ = jira_of(services, f"{site}/" if site else "")
    try:
        found = jira.board_projects(asked["board"]) if "board" in asked else [jira.project_key(asked["project"])]
    except NotFound:
        found = []
    return Effect("", data={"projects": [jira.qualified(key) for key in found]})


OPERATIONS = {"find_projects": Operation(_find_projects, idempotent=True)}
