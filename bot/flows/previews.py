"""Previews of Jira: what follows from a link or a key that somebody shares, and from a Work Object that they open.

Whether an issue may be seen where it is shown is judged in `bot.operations.previews`, where it is read.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from adapters.jira.issue import KEY
from bot.flows.plan import NOTHING, Consequences, Plan
from bot.flows.replies import issue_of_thread
from bot.flows.shared_links import (
    LINK,
    TOO_MANY,
    Opened,
    Shared,
    asked,
    beneath,
    in_panel,
    in_thread,
    plain,
    wanted,
)
from bot.flows.tickets import issue_from
from bot.operations.previews import heard_of, preview_projects, subscribed
from bot.operations.sites import issue_linked, resource_of
from bot.operations.viewing import CHOICES, PANEL
from bot.renderers import previews as show
from bot.services import Services
from storage import preferences, subscriptions
from storage.integrations import Integration, NewIntegration

_BARE = re.compile(rf"(?<![\w/.@&-])({KEY.pattern})(?![\w/@-]|\.\w)")


def links(services: Services, shared: Shared, urls: Sequence[str], plan: Plan) -> None:
    """Plan the previews of the issue links in a message."""
    found: dict[str, str] = {}
    for url in urls:
        issue = issue_linked(services.settings, url)
        if issue:
            found.setdefault(issue, url)
    if found and len(set(urls)) < TOO_MANY and wanted(services, shared, "jira", ("", "on", "links")):
        plan.add(_read("unfurl", shared, found, f"{plan.key}:preview_issue", plan.event))


def _read(form: str, shared: Shared, found: Mapping[str, str], key: str, event: str, **more: Any) -> NewIntegration:
    return asked(
        form, shared, key, event, ("jira", "preview_issue"), target=" ".join(found),
        # Whose site's lane it counts against; two links of one message are shown in one call, whatever their sites.
        issue=next(iter(found)), issues=[{"key": issue, "url": url} for issue, url in found.items()], **more,
    )  # fmt: skip


# --- keys ------------------------------------------------------------------------------------------------------------


def keys(services: Services, shared: Shared, text: str, plan: Plan) -> None:
    """Plan the preview of the bare keys in a message (mrkdwn), as a reply in its thread.

    Where the channel has chosen nothing, of the projects only that it is subscribed to; where it has turned previews
    on, of every project that connect knows: subscribed to anywhere, with threads here, the default one, those of
    JIRA_PREVIEW_PROJECTS.
    """
    linked = {issue_linked(services.settings, url) for url in LINK.findall(text)} - {""}
    named = [resource_of(services.settings, key) for key in keys_in(text)]
    bare = [issue for issue in named if issue not in linked]
    if not bare or len({*bare, *linked}) >= TOO_MANY or not wanted(services, shared, "jira", ("", "on")):
        return
    known = [issue for issue in bare if _known(services, shared, issue)]
    if known:
        found = dict.fromkeys(known, "")
        plan.add(_read("reply", shared, found, f"{shared.place}:preview_issue", plan.event))


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


# --- Work Objects ----------------------------------------------------------------------------------------------------


def panel(services: Services, form: str, shared: Shared, opened: Opened, plan: Plan) -> None:
    """Plan what the panel of a Work Object shows to the one person who opened it."""
    issue = issue_linked(services.settings, opened.url)
    if not issue or not opened.trigger_id:
        return
    rest = {"trigger_id": opened.trigger_id, "start": opened.start}
    plan.add(_read(form, shared, {issue: opened.url}, f"{plan.key}:preview_issue", plan.event, **rest))


# --- what follows ----------------------------------------------------------------------------------------------------


def read(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """What was read is shown: under the message, in its thread, or in the panel of whoever opened it."""
    if row.payload["form"] in PANEL:
        return _presented(row, data)
    if not data["found"]:
        return NOTHING
    return Consequences(integrations=(_shown(row, data["found"]),))


def _shown(row: Integration, found: Sequence[Mapping[str, Any]]) -> NewIntegration:
    issues = [issue_from(each["issue"]) for each in found]
    if row.payload["form"] == "reply":
        return in_thread(row, show.reply(issues))
    pairs = list(zip(issues, found, strict=True))
    # Comments were read if the workspace has Work Objects: their number is part of one.
    entities = [show.entity(issue, each["comments"], each["url"]) for issue, each in pairs if "comments" in each]
    return beneath(row, {each["url"]: show.card(issue) for issue, each in pairs}, entities)


def _presented(row: Integration, data: Mapping[str, Any]) -> Consequences:
    if not data["found"]:
        return in_panel(row, {"comments": [], "error": {"status": data["why"]}})
    [each] = data["found"]
    issue = issue_from(each["issue"])
    if row.payload["form"] == "details":
        return in_panel(row, {"entity": show.entity(issue, each["comments"])})
    following = each["next"]
    comments = [show.comment(one, issue) for one in each["comments"]]
    return in_panel(row, {"comments": comments, "cursor": "" if following is None else str(following)})
