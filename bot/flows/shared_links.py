"""Links that people share, as far as they are the same for Jira and GitHub: what is asked for, and how it is shown.

Not three at once, not what a channel or a person has turned off. In the composer Slack does not say which channel the
message will go to, so a link there is previewed once it is posted.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.errors import AdapterError
from bot.flows.plan import NOTHING, Consequences, to_slack
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


def asked(form: str, shared: Shared, key: str, event: str, call: tuple[Service, str], **more: Any) -> NewIntegration:
    """A row that reads what was shared; `call` is the service and the operation, `form` how it will be shown."""
    service, operation = call
    place = shared.place if shared.ts else shared.channel
    where = key if form in PANEL else shared.channel if service == "jira" else f"{service}:{shared.channel}"
    return NewIntegration(
        operation=operation,
        key=key,
        # One after the other in a channel, so that two do not preview the same thing; a panel waits for nobody.
        ordering_key=f"preview:{where}",
        source_service="slack",
        target_service=service,
        event_type=event,
        source_id=place,
        target_id=str(more.pop("target")),
        payload={
            "form": form, "user": shared.user, "channel": shared.channel, "ts": shared.ts,
            "thread_ts": shared.thread_ts, "place": place, "external": shared.external, **more,
        },
    )  # fmt: skip


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
