"""Previews: what follows from a link or a key that somebody shares, and from a Work Object that somebody opens.

Not three at once, not what a channel or a person has turned off. In the composer Slack does not say which channel the
message will go to, so a link there is previewed once it is posted. Whether an issue may be seen where it is shown is
judged in `bot.operations.previews`, where it is read.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.errors import AdapterError
from adapters.jira.issue import KEY
from bot.flows.plan import Consequences, Plan, to_slack
from bot.flows.replies import issue_of_thread
from bot.flows.tickets import cause_of, issue_from
from bot.operations.previews import CHOICE, heard_of, preview_projects, subscribed
from bot.operations.sites import issue_linked, resource_of
from bot.renderers import previews as show
from bot.services import Services
from storage import preferences, subscriptions
from storage.integrations import Integration, NewIntegration

TOO_MANY = 3
"""As many links or keys in one message are a list, which nobody wants to see unfolded."""
# What is code, a link or a mention is not read: a link is previewed as one.
_HIDDEN = re.compile(r"```.*?```|`[^`\n]*`|<[^>]*>", re.DOTALL)
_LINK = re.compile(r"<(https?://[^>|]+)")
_BARE = re.compile(rf"(?<![\w/.@&-])({KEY.pattern})(?![\w/@-]|\.\w)")


@dataclass(frozen=True)
class Shared:
    """A message in which issues are shared; ids are qualified, `external`: other organisations read along."""

    user: str
    channel: str
    ts: str
    thread_ts: str
    external: bool

    @property
    def place(self) -> str:
        """The message, qualified."""
        return f"{self.channel}/{self.ts}"


# --- links -----------------------------------------------------------------------------------------------------------


def links(services: Services, shared: Shared, urls: Sequence[str], plan: Plan) -> None:
    """Plan the previews of the issue links in a message."""
    found: dict[str, str] = {}
    for url in urls:
        issue = issue_linked(services.settings, url)
        if issue:
            found.setdefault(issue, url)
    if not found or len(set(urls)) >= TOO_MANY or not _wanted(services, shared, ("", "on", "links")):
        return
    plan.add(_read("unfurl", shared, found, f"{plan.key}:preview_issue", plan.event))


def _wanted(services: Services, shared: Shared, choices: Sequence[str]) -> bool:
    """Whether neither the person nor the channel has turned this off; where others read along, it has to be on."""
    with services.database.read() as connection:
        mine = preferences.get(connection, shared.user, CHOICE)
        ours = preferences.get(connection, shared.channel, CHOICE) or ""
    return mine != "off" and ours in choices and bool(ours or not shared.external)


def _read(form: str, shared: Shared, found: Mapping[str, str], key: str, event: str, **more: Any) -> NewIntegration:
    place = shared.place if shared.ts else shared.channel
    return NewIntegration(
        operation="preview_issue",
        key=key,
        # One after the other in a channel, so that two do not preview the same issue; a panel waits for nobody.
        ordering_key=f"preview:{key if form in PANEL else shared.channel}",
        source_service="slack",
        target_service="jira",
        event_type=event,
        source_id=place,
        target_id=" ".join(found),
        payload={
            # Whose site's lane it counts against; two links of one message are shown in one call, whatever their sites.
            "issue": next(iter(found)),
            "form": form, "issues": [{"key": issue, "url": url} for issue, url in found.items()], "user": shared.user,
            "channel": shared.channel, "ts": shared.ts, "thread_ts": shared.thread_ts, "place": place,
            "external": shared.external, **more,
        },
    )  # fmt: skip


# --- keys ------------------------------------------------------------------------------------------------------------


def keys(services: Services, shared: Shared, text: str, plan: Plan) -> None:
    """Plan the preview of the bare keys in a message (mrkdwn), as a reply in its thread.

    Where the channel has chosen nothing, of the projects only that it is subscribed to; where it has turned previews
    on, of every project that connect knows: subscribed to anywhere, with threads here, the default one, those of
    JIRA_PREVIEW_PROJECTS.
    """
    linked = {issue_linked(services.settings, url) for url in _LINK.findall(text)} - {""}
    named = [resource_of(services.settings, key) for key in keys_in(text)]
    bare = [issue for issue in named if issue not in linked]
    if not bare or len({*bare, *linked}) >= TOO_MANY or not _wanted(services, shared, ("", "on")):
        return
    known = [issue for issue in bare if _known(services, shared, issue)]
    if known:
        found = dict.fromkeys(known, "")
        plan.add(_read("reply", shared, found, f"{shared.place}:preview_issue", plan.event))


def keys_in(text: str) -> list[str]:
    """The different keys in a message as they are written, in capitals, outside links and code."""
    return list(dict.fromkeys(found[1] for found in _BARE.finditer(_HIDDEN.sub(" ", text))))


def _known(services: Services, shared: Shared, issue: str) -> bool:
    project, settings = issue.rpartition("-")[0], services.settings
    with services.database.read() as connection:
        if shared.thread_ts and issue_of_thread(connection, f"{shared.channel}/{shared.thread_ts}") == issue:
            return False
        if subscribed(connection, shared.channel, project):
            return True
        if preferences.get(connection, shared.channel, CHOICE) != "on":
            return False
        everywhere = subscriptions.sources(connection, "jira")
    named = {resource_of(settings, settings.jira_default_project), *preview_projects(services)}
    heard = subscriptions.source_key("jira", project) in everywhere
    return project in named or heard or heard_of(services, shared.channel, project)


# --- Work Objects ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Opened:
    """The panel of a Work Object that somebody opened: its address, and the trigger that fills it."""

    url: str
    trigger_id: str
    start: int = 0
    """Which of the comments the page begins with."""


PANEL = {"details": "present_details", "comments": "present_comments"}
"""The parts of a Work Object's panel, with the operation that fills each."""


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
        return Consequences()
    return Consequences(integrations=(_shown(row, data["found"]),))


def _shown(row: Integration, found: Sequence[Mapping[str, Any]]) -> NewIntegration:
    payload = row.payload
    channel, issues = payload["channel"], [issue_from(each["issue"]) for each in found]
    key, cause = f"{row.key}:shown", cause_of(row)
    if payload["form"] == "reply":
        where = {"channel": channel, "thread_ts": payload["thread_ts"] or payload["ts"]}
        return to_slack("post_message", key, row.source_id, cause, channel, where, show.reply(issues))
    pairs = list(zip(issues, found, strict=True))
    # Comments were read if the workspace has Work Objects: their number is part of one.
    entities = [show.entity(issue, each["comments"], each["url"]) for issue, each in pairs if "comments" in each]
    content = {
        "channel": channel, "ts": payload["ts"], "entities": entities,
        "cards": {each["url"]: show.card(issue) for issue, each in pairs},
    }  # fmt: skip
    return to_slack("unfurl", key, row.source_id, cause, row.source_id, content)


def _presented(row: Integration, data: Mapping[str, Any]) -> Consequences:
    if not data["found"]:
        return Consequences(integrations=(_panel_row(row, {"comments": [], "error": {"status": data["why"]}}),))
    [each] = data["found"]
    issue = issue_from(each["issue"])
    if row.payload["form"] == "details":
        content: dict[str, Any] = {"entity": show.entity(issue, each["comments"])}
    else:
        following = each["next"]
        content = {"comments": [show.comment(one, issue) for one in each["comments"]],
                   "cursor": "" if following is None else str(following)}  # fmt: skip
    return Consequences(integrations=(_panel_row(row, content),))


def not_read(row: Integration, _: AdapterError) -> Consequences:
    """A panel says that something went wrong; of a preview that is missing nobody is told, for nobody asked for it."""
    if row.payload["form"] not in PANEL:
        return Consequences()
    content: dict[str, Any] = {"comments": [], "error": {"status": "internal_error"}}
    return Consequences(integrations=(_panel_row(row, content),))


def _panel_row(row: Integration, content: Mapping[str, Any]) -> NewIntegration:
    payload = {"trigger_id": row.payload["trigger_id"], **content}
    return to_slack(
        PANEL[row.payload["form"]], f"{row.key}:shown", row.key, cause_of(row), row.source_id, payload
    )  # fmt: skip
