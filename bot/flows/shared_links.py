"""Links that people share, as far as they are the same for Jira and GitHub: what is asked for, and how it is shown.

Not three at once, not what a channel or a person has turned off. In the composer Slack does not say which channel the
message will go to, so a link there is previewed once it is posted.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.errors import AdapterError
from bot.flows.plan import NOTHING, Consequences, Plan, to_slack
from bot.flows.tickets import cause_of
from bot.message import Message
from bot.operations.identities import Service
from bot.operations.viewing import CHOICES, PANEL
from bot.services import Services
from storage import preferences
from storage.integrations import Integration, NewIntegration

TOO_MANY = 3
"""As many links or names in one message are a list, which nobody wants to see unfolded."""
LINK = re.compile(r"<(https?://[^>|]+)")
# What is code, a link or a mention is not read: a link is previewed as one.
_HIDDEN = re.compile(r"```.*?```|`[^`\n]*`|<[^>]*>", re.DOTALL)
type Thing = Mapping[str, Any]
type Read = Sequence[Thing]


@dataclass(frozen=True)
class Shared:
    """A message in which things are shared; ids are qualified, `external`: other organisations read along."""

    user: str
    channel: str
    ts: str
    thread_ts: str
    external: bool

    @property
    def place(self) -> str:
        """The message, qualified."""
        return f"{self.channel}/{self.ts}"

    @property
    def thread(self) -> str:
        """The thread that the message is in, qualified; empty if it is in none."""
        return f"{self.channel}/{self.thread_ts}" if self.thread_ts else ""


@dataclass(frozen=True)
class Opened:
    """The panel of a Work Object that somebody opened: its address, and the trigger that fills it."""

    url: str
    trigger_id: str
    start: int = 0
    """Which of the comments the page begins with."""


def plain(text: str) -> str:
    """What a message (mrkdwn) says outside of links, mentions and code."""
    return _HIDDEN.sub(" ", text)


def wanted(services: Services, shared: Shared, service: Service, choices: Collection[str]) -> bool:
    """Whether neither the person nor the channel has turned this off; where others read along, it has to be on."""
    name = CHOICES[service]
    with services.database.read() as connection:
        mine = preferences.get(connection, shared.user, name)
        ours = preferences.get(connection, shared.channel, name) or ""
    return mine != "off" and ours in choices and bool(ours or not shared.external)


@dataclass(frozen=True)
class Previewed[T]:
    """What is previewed of one service: how it is found in a link, and what the row keeps that reads it."""

    service: Service
    operation: str
    of_link: Callable[[Services, str], T | None]
    kept: Callable[[Mapping[T, str]], dict[str, Any]]
    """The payload of some things with their links, and the row's `target`."""
    has_panel: Callable[[T], bool] = bool

    def links(self, services: Services, shared: Shared, urls: Sequence[str], plan: Plan) -> None:
        """Plan the previews of the links in a message."""
        found: dict[T, str] = {}
        for url in urls:
            there = self.of_link(services, url)
            if there:
                found.setdefault(there, url)
        if found and len(set(urls)) < TOO_MANY and wanted(services, shared, self.service, ("", "on", "links")):
            self.ask(plan, "unfurl", shared, found, plan.key)

    def panel(self, services: Services, form: str, shared: Shared, opened: Opened, plan: Plan) -> None:
        """Plan what the panel of a Work Object shows to the one person who opened it."""
        there = self.of_link(services, opened.url)
        if there and self.has_panel(there) and opened.trigger_id:
            more = {"trigger_id": opened.trigger_id, "start": opened.start}
            self.ask(plan, form, shared, {there: opened.url}, plan.key, **more)

    def ask(
        self, plan: Plan, form: str, shared: Shared, found: Mapping[T, str], key: str, **more: Any
    ) -> None:  # fmt: skip
        """Plan the row that reads what was shared; `form` is how it will be shown."""
        place, key = shared.place if shared.ts else shared.channel, f"{key}:{self.operation}"
        of_channel = shared.channel if self.service == "jira" else f"{self.service}:{shared.channel}"
        kept = self.kept(found)
        plan.add(NewIntegration(
            operation=self.operation,
            key=key,
            # One after the other in a channel, so that two do not preview the same thing; a panel waits for nobody.
            ordering_key=f"preview:{key if form in PANEL else of_channel}",
            source_service="slack",
            target_service=self.service,
            event_type=plan.event,
            source_id=place,
            target_id=str(kept.pop("target")),
            payload={
                "form": form, "user": shared.user, "channel": shared.channel, "ts": shared.ts,
                "thread_ts": shared.thread_ts, "place": place, "external": shared.external, **kept, **more,
            },
        ))  # fmt: skip


def in_thread(row: Integration, message: Message) -> NewIntegration:
    """The previews as a reply in the message's thread."""
    payload = row.payload
    where = {"channel": payload["channel"], "thread_ts": payload["thread_ts"] or payload["ts"]}
    return to_slack(
        "post_message", f"{row.key}:shown", row.source_id, cause_of(row), payload["channel"], where, message
    )


def beneath(
    row: Integration, cards: Mapping[str, Mapping[str, Any]], entities: Sequence[Mapping[str, Any]]
) -> NewIntegration:
    """The previews beneath the message: a card for each address, and a Work Object for those that have one."""
    content = {"channel": row.payload["channel"], "ts": row.payload["ts"], "entities": [*entities], "cards": {**cards}}
    return to_slack("unfurl", f"{row.key}:shown", row.source_id, cause_of(row), row.source_id, content)


def answered(
    row: Integration, data: Mapping[str, Any], show: Callable[[Read], Consequences],
    whole: Callable[[Thing], Thing | None], comments: Callable[[Thing], Sequence[Thing]],
) -> Consequences:  # fmt: skip
    """What was read is shown: under the message or in its thread by `show`, or in the panel of whoever opened it.

    `whole` makes the Work Object of a thing that was read, `comments` its comments.
    """
    found = data["found"]
    if row.payload["form"] not in PANEL:
        return show(found) if found else NOTHING
    if not found:
        return in_panel(row, {"comments": [], "error": {"status": data["why"]}})
    [each] = found
    if row.payload["form"] == "details":
        entity = whole(each)
        return in_panel(row, {"entity": entity} if entity else {"error": {"status": "internal_error"}})
    following = each["next"]
    return in_panel(row, {"comments": comments(each), "cursor": "" if following is None else str(following)})


def in_panel(row: Integration, content: Mapping[str, Any]) -> Consequences:
    """What the panel shows to whoever opened it."""
    payload = {"trigger_id": row.payload["trigger_id"], **content}
    operation = PANEL[row.payload["form"]]
    filled = to_slack(operation, f"{row.key}:shown", row.key, cause_of(row), row.source_id, payload)
    return Consequences(integrations=(filled,))


def not_read(row: Integration, _: AdapterError) -> Consequences:
    """A panel says that something went wrong; of a preview that is missing nobody is told, for nobody asked for it."""
    if row.payload["form"] not in PANEL:
        return NOTHING
    return in_panel(row, {"comments": [], "error": {"status": "internal_error"}})
