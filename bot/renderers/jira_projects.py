"""What happens to a whole project: its versions and its sprints. The webhooks name no person and no project's key.

https://developer.atlassian.com/server/jira/platform/webhooks/
"""

from adapters.jira.issue import Site
from bot.message import Message, link, one_line, strong
from bot.payload import Payload, mapping, number, text
from bot.renderers.news import Facts, News
from bot.renderers.parts import day, dotted, phrase

NAME_LIMIT = 100
_VERSION = {
    "jira:version_created": "📦 Version {} was created",
    "jira:version_released": "🚀 Version {} was released",
    "jira:version_unreleased": "↩️ Version {} is no longer released",
    "jira:version_deleted": "🗑️ Version {} was deleted",
}
_SPRINT = {"sprint_started": "🏃 Sprint {} has started", "sprint_closed": "🏁 Sprint {} is over"}


def version_event(payload: Payload, site: Site) -> News | None:
    """A version was created, released, taken back or deleted."""
    version, event = mapping(payload, "version"), text(payload, "webhookEvent")
    ident, name = number(version, "projectId"), text(version, "name")
    if event not in _VERSION or ident is None or not name:
        return None
    shown = strong(name, NAME_LIMIT)
    if event != "jira:version_deleted" and text(version, "id").isdecimal():
        shown = _leading(f"{site.url}/issues/?jql=fixVersion%3D{text(version, 'id')}", name)
    due = phrase("due", day(text(version, "releaseDate"))) if event == "jira:version_created" else ""
    return _news("versions", dotted(_VERSION[event].format(shown), one_line(text(version, "description"), 200), due))


def sprint_event(payload: Payload, site: Site) -> News | None:
    """A sprint began or ended."""
    sprint, event = mapping(payload, "sprint"), text(payload, "webhookEvent")
    name = text(sprint, "name")
    if event not in _SPRINT or number(sprint, "originBoardId") is None or not name:
        return None
    ident = number(sprint, "id")
    shown = strong(name, NAME_LIMIT) if ident is None else _leading(f"{site.url}/issues/?jql=sprint%3D{ident}", name)
    ends = phrase("until", day(text(sprint, "endDate")[:10])) if event == "sprint_started" else ""
    goal = phrase("Goal:", one_line(text(sprint, "goal"), 200))
    return _news("sprints", dotted(_SPRINT[event].format(shown), ends, goal))


def place_of(payload: Payload) -> dict[str, int] | None:
    """What Jira has to be asked for the project of: the `project` by its id, or a `board`; None for other events."""
    event = text(payload, "webhookEvent")
    if event in _VERSION:
        ident = number(mapping(payload, "version"), "projectId")
        return None if ident is None else {"project": ident}
    board = number(mapping(payload, "sprint"), "originBoardId") if event in _SPRINT else None
    return None if board is None else {"board": board}


def _leading(issues: str, name: str) -> str:
    return f"*{link(issues, name.replace('*', '∗'), NAME_LIMIT)}*"


def _news(feature: str, line: str) -> News:
    return News(
        feature=feature, resource="", card=None, line=Message(line), topics=frozenset({feature}),
        facts=Facts(complete=False),
    )  # fmt: skip
