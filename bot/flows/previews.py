"""Previews of Jira: what follows from a link or a key that somebody shares, and from a Work Object that they open.

Whether an issue may be seen where it is shown is judged in `bot.operations.previews`, where it is read.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from adapters.jira.issue import KEY
from bot.flows.plan import Consequences, Plan
from bot.flows.replies import issue_of_thread
from bot.flows.shared_links import (
    LINK,
    TOO_MANY,
    Previewed,
    Shared,
    answered,
    beneath,
    in_thread,
    plain,
    wanted,
)
from bot.flows.tickets import issue_from
from bot.operations.previews import heard_of, preview_projects, subscribed
from bot.operations.sites import issue_linked, resource_of
from bot.operations.viewing import CHOICES
from bot.renderers import previews as show
from bot.services import Services
from storage import preferences, subscriptions
from storage.integrations import Integration, NewIntegration

_BARE = re.compile(rf"(?<![\w/.@&-])({KEY.pattern})(?![\w/@-]|\.\w)")


def _linked(services: Services, url: str) -> str:
    return issue_linked(services.settings, url)


def _kept(found: Mapping[str, str]) -> dict[str, Any]:
    # Whose site's lane it counts against; two links of one message are shown in one call, whatever their sites.
    issues = [{"key": issue, "url": url} for issue, url in found.items()]
    return {"target": " ".join(found), "issue": next(iter(found)), "issues": issues}


JIRA = Previewed("jira", "preview_issue", _linked, _kept)


# --- keys ------------------------------------------------------------------------------------------------------------


def keys(services: Services, shared: Shared, text: str, plan: Plan) -> None:
    """Plan the preview of the bare keys in a message (mrkdwn), as a reply in its thread.

    Where the channel has chosen nothing, of the projects only that it is subscribed to; where it has turned previews
    on, of every project that connect knows: subscribed to anywhere, with threads here, the default one, those of
    JIRA_PREVIEW_PROJECTS.
    """
    there = {issue_linked(services.settings, url) for url in LINK.findall(text)} - {""}
    named = [resource_of(services.settings, key) for key in keys_in(text)]
    bare = [issue for issue in named if issue not in there]
    if not bare or len({*bare, *there}) >= TOO_MANY or not wanted(services, shared, "jira", ("", "on")):
        return
    known = [issue for issue in bare if _known(services, shared, issue)]
    if known:
        JIRA.ask(plan, "reply", shared, dict.fromkeys(known, ""), shared.place)


def keys_in(text: str) -> list[str]:
    """The different keys in a message as they are written, in capitals, outside links and code."""
    return list(dict.fromkeys(found[1] for found in _BARE.finditer(plain(text))))


def _known(services: Services, shared: Shared, issue: str) -> bool:
    project, settings = issue.rpartition("-")[0], services.settings
    with services.database.read() as connection:
        if shared.thread and issue_of_thread(connection, shared.thread) == issue:
            return False
        if subscribed(connection, shared.channel, project):
            return True
        if preferences.get(connection, shared.channel, CHOICES["jira"]) != "on":
            return False
        everywhere = subscriptions.sources(connection, "jira")
    named = {resource_of(settings, settings.jira_default_project), *preview_projects(services)}
    heard = subscriptions.source_key("jira", project) in everywhere
    return project in named or heard or heard_of(services, shared.channel, project)


# --- what follows ----------------------------------------------------------------------------------------------------


def read(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """What was read is shown: under the message, in its thread, or in the panel of whoever opened it."""
    return answered(row, data, lambda found: Consequences(integrations=(_shown(row, found),)), _whole, _said)


def _whole(each: Mapping[str, Any]) -> Mapping[str, Any]:
    return show.entity(issue_from(each["issue"]), each["comments"])


def _said(each: Mapping[str, Any]) -> list[dict[str, Any]]:
    issue = issue_from(each["issue"])
    return [show.comment(one, issue) for one in each["comments"]]


def _shown(row: Integration, found: Sequence[Mapping[str, Any]]) -> NewIntegration:
    issues = [issue_from(each["issue"]) for each in found]
    if row.payload["form"] == "reply":
        return in_thread(row, show.reply(issues))
    pairs = list(zip(issues, found, strict=True))
    # Comments were read if the workspace has Work Objects: their number is part of one.
    entities = [show.entity(issue, each["comments"], each["url"]) for issue, each in pairs if "comments" in each]
    return beneath(row, {each["url"]: show.card(issue) for issue, each in pairs}, entities)
