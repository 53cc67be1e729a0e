"""The form of a channel's subscription: what it opens with, and what is kept when it is saved."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from adapters.errors import Rejected
from bot.details import sentence
from bot.filters import ALL, DEFAULTS, FEATURES, FILTERS, contradictions, unknown_events
from bot.flows import names, queries
from bot.flows.asker import Asker
from bot.flows.subscribing import look, may_not_hear, say, seen_channel
from bot.flows.trying import tried
from bot.manner import QuietHours
from bot.message import Message, escape
from bot.modals.subscription import form_view
from bot.modals.subscription_parts import Draft
from bot.operations.sites import urgent_jira
from bot.services import Services
from bot.spelling import meant, nearest
from storage import subscriptions
from storage.subscriptions import Kept, Manner, Taken, Wanted

TAKEN = "This channel has a subscription of this name to the project. Choose another name, or edit that one."
PARTS = "To be quiet, choose from when, until when, and the time zone."


@dataclass(frozen=True)
class Saved:
    """What came of a form: what is wrong in which block, or else what to say."""

    said: str = ""
    errors: Mapping[str, str] = field(default_factory=dict[str, str])


def view_for(services: Services, asker: Asker, source: str, name: str) -> dict[str, Any]:
    """The form of the channel's subscription of this name, filled in if there is one."""
    with services.database.read() as connection:
        kept = subscriptions.find(connection, "jira", source, asker.channel, name)
    private, outside, _ = seen_channel(services, asker)
    warning = " ".join(filter(None, (_meant(source, name), outside)))
    draft = draft_of(kept) if kept else Draft(name, DEFAULTS["jira"])
    meta = {"source": source, "channel": asker.channel, "private": private, "id": kept.id if kept else 0}
    return form_view(draft, source, meta, warning)


def draft_of(kept: Kept) -> Draft:
    """What the form of a subscription holds."""
    manner = kept.manner
    return Draft(
        kept.name, kept.events, kept.filters, manner.style, manner.thread, manner.broadcast, manner.quiet_hours,
        manner.reactions, manner.replies,
    )  # fmt: skip


def saved(services: Services, asker: Asker, meta: Mapping[str, Any], draft: Draft) -> Saved:
    """Keep what the form holds, unless something in it is wrong."""
    source = str(meta["source"])
    begun = time.monotonic()
    errors = _wrong(draft) or _unheard(services, asker, source) or _refused(services, source, draft)
    found = names.Checked() if errors else names.check(services, source, draft.events, draft.filters, begun)
    errors |= {_block(where): sentence for where, sentence in found.wrong.items()}
    if errors:
        return Saved(errors=errors)
    try:
        private = bool(meta.get("private"))
        services.database.run(
            lambda connection: keep(services, connection, asker, "jira", meta, draft, private=private)
        )
    except Taken:
        return Saved(errors={"name": TAKEN})
    named = f" ({escape(draft.name)})" if draft.name else ""
    channel = str(meta["channel"]).rpartition("/")[2]
    said = f":white_check_mark: <#{channel}> now hears of *{escape(source)}*{named}: {events_of(draft.events)}."
    return Saved(f"{said} {found.warning}".strip())


def _block(where: str) -> str:
    """The block of the form for what is wrong with an event or a filter."""
    kind, colon, _ = where.partition(":")
    return f"event_{kind}" if colon else f"filter_{where}"


def _meant(source: str, name: str) -> str:
    """What somebody may have meant who typed a word that is nearly the name of an event."""
    event = "" if " " in name else nearest(name, (*FEATURES["jira"], ALL))
    if not event:
        return ""
    command = f"`/jira subscribe {escape(source)} {event}`"
    return f"Did you mean the event {event}? Then close this form and type {command}: here {escape(name)} is a name."


def events_of(events: Sequence[str]) -> str:
    """The events in words for a message, inert."""
    return escape(", ".join(events), 300)


def keep(
    services: Services, connection: Any, asker: Asker, service: str, meta: Mapping[str, Any], draft: Draft, *,
    private: bool,
) -> None:  # fmt: skip
    """Change the subscription that the form was opened with, or make one; raises `Taken`."""
    now, channel, source = services.now(), str(meta["channel"]), str(meta["source"])
    # What stopped a subscription to GitHub is looked into before it goes on: that is for `/github resume`.
    paused = "" if service == "jira" else None
    if meta.get("id") and subscriptions.change(connection, int(meta["id"]), now, paused=paused, **_content(draft)):
        return
    if subscriptions.find(connection, service, source, channel, draft.name) is not None:
        raise Taken
    manner = Manner(
        draft.style, draft.thread, tuple(draft.broadcast), draft.quiet_hours, draft.reactions, draft.replies
    )
    wanted = Wanted(service, source, channel, draft.events, draft.filters, private, asker.user, draft.name, manner)
    subscriptions.put(connection, wanted, now)


def _content(draft: Draft) -> dict[str, Any]:
    return {
        "name": draft.name, "events": list(draft.events), "filters": dict(draft.filters), "style": draft.style,
        "thread": draft.thread, "broadcast": list(draft.broadcast), "quiet_hours": draft.quiet_hours,
        "reactions": draft.reactions, "replies": draft.replies,
    }  # fmt: skip


def _wrong(draft: Draft) -> dict[str, str]:
    """What is wrong in which block, without asking anybody."""
    errors = hours_wrong(draft)
    if not draft.events:
        errors["events"] = "Choose at least one event."
    elif unknown := unknown_events("jira", draft.events):
        errors["events"] = f"There is no event {unknown[0]}.{meant(unknown[0], (*FEATURES['jira'], ALL))}"
    errors |= {f"filter_{name}": f"{said}." for name, said in contradictions(draft.filters).items()}
    try:
        FILTERS["jira"].model_validate(draft.filters)
    except ValidationError as problem:
        where = str(problem.errors()[0]["loc"][0])
        errors["jql" if where == "jql" else f"filter_{where}"] = problem.errors()[0]["msg"]
    return errors


def hours_wrong(draft: Draft) -> dict[str, str]:
    """What is wrong with the quiet hours, in which block."""
    if draft.quiet_hours is None:
        return {}
    if not all(draft.quiet_hours.values()):
        return {"quiet_from": PARTS}
    try:
        QuietHours.model_validate(draft.quiet_hours)
    except ValidationError as problem:
        return {"quiet_to": sentence(problem.errors()[0]).capitalize()}
    return {}


def tried_on(services: Services, asker: Asker, meta: Mapping[str, Any], draft: Draft) -> list[str]:
    """What a subscription like this would make of the latest events; nothing is kept."""
    wrong = _wrong(draft)
    return [f":warning: {escape(said)}" for said in wrong.values()] or tried(
        services, as_kept("jira", asker, meta, draft)
    )


def as_kept(service: str, asker: Asker, meta: Mapping[str, Any], draft: Draft) -> Kept:
    """The form as the subscription that it would make."""
    return Kept(
        int(meta.get("id") or 0), service, str(meta["source"]), str(meta["channel"]), tuple(draft.events),
        dict(draft.filters), bool(meta.get("private")), asker.user, "", draft.name,
    )  # fmt: skip


def _unheard(services: Services, asker: Asker, source: str) -> dict[str, str]:
    refusal = may_not_hear(services, asker, source)
    return {"name": refusal} if refusal else {}


def _refused(services: Services, source: str, draft: Draft) -> dict[str, str]:
    """What Jira has against it. One short call: who saves the form waits for it."""
    jql = str(draft.filters.get("jql") or "")
    problem = queries.checked(services, source, draft.events, jql)
    if problem is not None:
        return {"jql" if jql else "event_field": problem.words[:300]}
    if jql:
        return {}
    refusal, _ = look(services, source)
    return {"name": refusal} if refusal else {}


def refused(services: Services, source: str) -> Message | None:
    """Why there is no form (None: there may be one)."""
    if not source:
        return say("Name a project's key, such as OPS: `/jira subscribe OPS`")
    try:
        urgent_jira(services, source)
    except Rejected as error:
        return say(escape(error))
    return None
