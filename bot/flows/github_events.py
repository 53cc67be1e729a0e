"""GitHub → Slack: one card per pull request, issue or deployment and channel, what happens later in its thread.

What arrives also tells which webhooks point here, so that none has to be named for the catch-up after downtime.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Connection

from adapters.github.webhook import read_payload
from bot.flows import echoes, repositories, turning
from bot.flows.github_trying import withheld as withheld_from
from bot.flows.placing import place
from bot.flows.plan import Planned
from bot.flows.telling import Occasion
from bot.payload import Payload, flag, number, text
from bot.renderers.github_facts import completed
from bot.renderers.registry import render_github
from bot.services import Services
from storage import hooks
from storage.deliveries import Claimed
from storage.hooks import Pointing
from storage.subscriptions import Kept


def plan(services: Services, claimed: Claimed) -> Callable[[Connection], Planned]:
    """Read and render a GitHub webhook; what is returned plans the calls and notes the hook that it came through.

    If it is the echo of a call that is not judged yet, that is confirmed.
    """
    payload = read_payload(claimed.headers, claimed.body)
    place_news = _news(services, claimed, payload)
    echo = echoes.on_github(claimed.event, payload)

    def place_all(connection: Connection) -> Planned:
        note_hook(connection, claimed, payload, claimed.received_at)
        confirmed = echo is not None and echoes.confirm(services, connection, echo)
        if confirmed and claimed.event == "issue_comment.created":
            return Planned(ignored="connect wrote this comment itself")
        told = repositories.follow(connection, claimed.event, payload, claimed.id, services.now())
        planned = place_news(connection)
        return Planned((*told, *planned.integrations), "" if told else planned.ignored)

    return place_all


def note_hook(connection: Connection, claimed: Claimed, payload: Payload, now: datetime) -> None:
    """Remember the webhook that sent this, if it says which one it is."""
    pointing = _pointing(claimed.headers, payload)
    if pointing is not None:
        hooks.seen(connection, pointing, now)


def _news(services: Services, claimed: Claimed, payload: Payload) -> Callable[[Connection], Planned]:
    rendered = render_github(claimed.event, payload)
    if rendered is None:
        nothing = Planned(ignored=f"nothing to tell of {claimed.event}")
        return lambda _: nothing
    news = completed(rendered, payload)
    container = text(payload, "repository", "full_name") or text(payload, "organization", "login")
    hidden = flag(payload, "repository", "private")
    occasion = Occasion("github", claimed.event, claimed.id, container, hidden=hidden)

    def withheld(kept: Kept) -> str:
        return withheld_from(kept, news, hidden=hidden)

    def tell(connection: Connection) -> Planned:
        now = services.now()
        return place(connection, occasion, turning.noted(connection, news, now), withheld, now)

    return tell


def _pointing(headers: Mapping[str, str], payload: Payload) -> Pointing | None:
    """The webhook that a delivery came through, or None if it does not say so credibly.

    https://docs.github.com/en/webhooks/webhook-events-and-payloads#delivery-headers
    """
    given = {name.lower(): value for name, value in headers.items()}
    hook_id = _id(given.get("x-github-hook-id"))
    target_id = _id(given.get("x-github-hook-installation-target-id"))
    kind = given.get("x-github-hook-installation-target-type", "")
    if not hook_id or not target_id:
        return None
    if kind == "integration":
        return Pointing(kind, target_id, hook_id, "")
    # The signature covers the body and no header: a name is believed where the body gives it the same id.
    part, field = {"repository": ("repository", "full_name"), "organization": ("organization", "login")}.get(
        kind, ("", "")
    )
    name = text(payload, part, field)
    if not name or len(name) > 255 or number(payload, part, "id") != target_id:
        return None
    return Pointing(kind, target_id, hook_id, name)


def _id(value: str | None) -> int:
    return int(value) if value and re.fullmatch(r"[0-9]{1,15}", value) else 0
