"""What follows from a message, a file or a form that Slack took or refused."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from adapters.errors import AdapterError, Rejected
from bot.comment_ids import service_of
from bot.flows import files, jira_steps, pausing, removed_files, steps, tickets, tying
from bot.flows.plan import NOTHING, Consequences
from bot.flows.tell import tell
from storage.integrations import Integration, NewIntegration
from storage.mappings import NewMapping


def posted(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """A card that was posted gives its resource a thread in that channel; a reply belongs to its comment."""
    card, comment = row.payload.get("card"), row.payload.get("comment")
    if "closed" in data:
        return Consequences(notes=((int(data["closed"]), {"closed": "yes"}),))
    if "place" not in data:
        return NOTHING
    place = str(data["place"])
    known = _card_posted(row, card, place) if card else NOTHING
    known = replace(known, integrations=(*known.integrations, *files.shown_with(row, place)))
    if not comment:
        return known
    if comment.get("awaited"):
        known = replace(known, later=_files_of(row))
    extra = {"issue": row.source_id, "version": comment["version"], "instead": comment["instead"]}
    reply = NewMapping("comment", service_of(comment["id"]), comment["id"], "slack", place, "", extra)
    return replace(known, mappings=(*known.mappings, reply))


def _files_of(row: Integration) -> Callable[[Connection, datetime], list[NewIntegration]]:
    return lambda connection, _: files.once_told(connection, row)


def _card_posted(row: Integration, card: Mapping[str, Any], place: str) -> Consequences:
    # A thread that begins with a line has no card to edit.
    shown = {"line_of": card["line_of"], "card_ts": ""} if "line_of" in card else {"card_ts": place.rpartition("/")[2]}
    again = {"closed": ""} if card.get("tied") else {}  # the same two may have been tied before
    direct = {name: card[name] for name in ("notice", "account", "above", "private", "secured") if name in card}
    extra = {**shown, **again, **direct, "version": card.get("version", ""), "url": card.get("url", "")}
    slack = ("slack", card.get("thread") or place)
    resource = (card["service"], card["resource"])
    source, target = (slack, resource) if card.get("origin") == "slack" else (resource, slack)
    mapping = NewMapping("thread", *source, *target, f"{card['service']}/{card['uid']}" if card["uid"] else "", extra)
    goes_on = (jira_steps.done(row, card["resource"]),) if row.payload.get("execution_id") else ()
    return Consequences((mapping,), (*tying.posted(row, place), *goes_on))


def edited(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """The card shows a newer state from now on; `mapping` is the row to note it in."""
    if "mapping" not in data:
        return NOTHING
    note = data.get("note") or {"version": row.payload["version"]}
    return Consequences(notes=((int(data["mapping"]), note),))


def _of_channel(error: AdapterError) -> bool:
    """Whether it is the channel that refuses."""
    return isinstance(error, Rejected) and error.code in pausing.TROUBLES


def file_not_shown(row: Integration, error: AdapterError) -> Consequences:
    """The thread is told why, unless it is the channel that refuses."""
    return NOTHING if _of_channel(error) else files.not_shown(row, error)


def file_left(row: Integration, error: AdapterError) -> Consequences:
    return NOTHING if _of_channel(error) else removed_files.not_deleted(row, error)


def refused(row: Integration, error: AdapterError) -> Consequences:
    if row.payload.get("execution_id"):
        return steps.refused(row, error, "The message could not be posted.")
    if row.payload.get("otherwise"):
        return unheard(row, error)
    card, fallback = row.payload.get("card"), row.payload.get("fallback")
    if not card or not fallback:
        return NOTHING
    if card.get("tied"):
        return tying.not_posted(row, error)
    answer = tell(fallback, f"{row.key}:refused", tickets.cause_of(row), tickets.link_message(card))
    return Consequences(integrations=(answer,) if answer else ())


def shown(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """A form that was closed before its answer came shows nothing: what it would have said is said otherwise."""
    otherwise = row.payload.get("otherwise")
    if not data.get("closed") or not otherwise:
        return NOTHING
    return Consequences(integrations=(NewIntegration(**otherwise),))


def unheard(row: Integration, error: AdapterError) -> Consequences:
    """What could not be shown where it was asked for is said otherwise, if it is sure that nobody saw it."""
    otherwise, sure = row.payload.get("otherwise"), isinstance(error, Rejected) and error.code
    return Consequences(integrations=(NewIntegration(**otherwise),)) if otherwise and sure else NOTHING
