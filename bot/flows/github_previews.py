"""Previews of GitHub: what follows from a link, or a name like `acme/web#7`, that somebody shares.

Whether a thing may be seen where it is shown is judged in `bot.operations.github_previews`, where it is read.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from adapters.github.addresses import Linked, host_of, linked
from bot.flows import pulls
from bot.flows.plan import Consequences, Plan
from bot.flows.replies import link_of
from bot.flows.shared_links import (
    LINK,
    TOO_MANY,
    Previewed,
    Read,
    Shared,
    answered,
    beneath,
    in_thread,
    plain,
    wanted,
)
from bot.message import Message
from bot.operations.github_previews import named
from bot.operations.viewing import CHOICES
from bot.renderers import github_objects as objects
from bot.renderers import github_previews as show
from bot.renderers.github_known import KEY
from bot.services import Services
from storage import mappings, preferences, subscriptions
from storage.integrations import Integration, NewIntegration

_BARE = re.compile(r"(?<![\w/.@&#-])([A-Za-z0-9][\w-]*/[\w.-]+)#([1-9][0-9]{0,14})(?![\w/@#-]|\.\w)", re.ASCII)


def _linked(services: Services, url: str) -> Linked | None:
    """What a link leads to; nothing as long as GitHub is off."""
    return linked(url, host_of(services.settings.github_api_url)) if services.github else None


def _kept(found: Mapping[Linked, str]) -> dict[str, Any]:
    links = [{"linked": asdict(each), "url": url} for each, url in found.items()]
    return {"target": " ".join(each.resource for each in found), "links": links}


GITHUB = Previewed("github", "read_preview", _linked, _kept, lambda there: there.kind == "ticket")


# --- names -----------------------------------------------------------------------------------------------------------


def names(services: Services, shared: Shared, text: str, plan: Plan) -> None:
    """Plan the preview of what a message (mrkdwn) names like `acme/web#7`, as a reply in its thread.

    Where the channel has chosen nothing, of the repositories only that it is subscribed to; where it has turned
    previews on, of every repository that connect knows: subscribed to anywhere, with threads here, those of
    GITHUB_PREVIEW_REPOSITORIES.
    """
    if "#" not in text or services.github is None:
        return
    known = {there for url in LINK.findall(text) if (there := _linked(services, url.replace("&amp;", "&")))}
    found = dict.fromkeys(there for there in named_in(text) if there not in known)
    if not found or len({*found, *known}) >= TOO_MANY or not wanted(services, shared, "github", ("", "on")):
        return
    meant = {there: "" for there in found if _known(services, shared, there)}
    if meant:
        GITHUB.ask(plan, "reply", shared, meant, shared.place)


def named_in(text: str) -> list[Linked]:
    """The issues and pull requests that a message names outside links and code."""
    return [Linked("ticket", found[1], int(found[2])) for found in _BARE.finditer(plain(text))]


def _known(services: Services, shared: Shared, there: Linked) -> bool:
    repository = there.repository.lower()
    sources = {repository, repository.partition("/")[0]}
    with services.database.read() as connection:
        thread = link_of(connection, shared.thread, "github") if shared.thread else None
        if thread is not None and thread.id.lower() == there.resource.lower():
            return False
        if sources & {one.source.lower() for one in subscriptions.of_channel(connection, shared.channel, "github")}:
            return True
        if preferences.get(connection, shared.channel, CHOICES["github"]) != "on":
            return False
        if sources & subscriptions.sources(connection, "github"):
            return True
        threads = mappings.has_threads(connection, shared.channel, "github", f"{there.repository}#")
    return threads or named(services, there.repository)


# --- what follows ----------------------------------------------------------------------------------------------------


def read(row: Integration, data: Mapping[str, Any]) -> Consequences:
    """What was read is shown: under the message, in its thread, or in the panel of whoever opened it."""

    def shown(found: Read) -> Consequences:
        return Consequences(later=lambda connection, _: _shown(connection, row, found))

    return answered(row, data, shown, lambda each: objects.entity(each["told"]), _said)


def _said(each: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [shown for given in each["comments"] if (shown := objects.comment(given))]


def _shown(connection: Connection, row: Integration, found: Sequence[Mapping[str, Any]]) -> tuple[NewIntegration, ...]:
    cards = {each["url"] or each["resource"]: _card(connection, each) for each in found}
    known = {url: card for url, card in cards.items() if card}
    if not known:
        return ()
    if row.payload["form"] == "reply":
        return (in_thread(row, show.reply([*known.values()])),)
    entities = [objects.entity(each["told"], each["url"]) for each in found if each["object"]]
    blocks = {url: {"blocks": card.blocks} for url, card in known.items()}
    return (beneath(row, blocks, [entity for entity in entities if entity]),)


def _card(connection: Connection, each: Mapping[str, Any]) -> Message | None:
    """The card of one, with the issues of Jira's that it names, and what connect remembers of a pull request."""
    told, named = each["told"], each.get("named")
    told = {**told, KEY: {"jira": {"issues": named}}} if named else told
    return show.preview(each["kind"], pulls.recalled(connection, told) if "pull_request" in told else told, each["url"])
