"""`subscribe`, `unsubscribe`, `subscribe list`: which repository or project a channel hears of."""

import re
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import Connection

from adapters.errors import AdapterError, NotFound, Rejected
from adapters.github.addresses import host_of
from adapters.slack.client import Channel
from bot.create_screens import PATIENCE
from bot.filters import DEFAULTS, FEATURES, unknown_events
from bot.flows import names
from bot.flows.asker import Asker, may_not, may_not_look
from bot.flows.away import again
from bot.flows.shared_channels import HIDING
from bot.message import Message, context, escape, section, strong
from bot.operations.accounts import entitled
from bot.operations.hearers import is_closed
from bot.operations.sites import resource_of, urgent_jira
from bot.renderers.subscriptions import entries, waits
from bot.services import Services
from bot.settings import Settings
from bot.spelling import meant, plain
from storage import lanes, subscriptions
from storage.subscriptions import Kept, Wanted

REPOSITORY = re.compile(r"[A-Za-z0-9._-]+/[A-Za-z0-9._-]+")
OWNER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,98}[A-Za-z0-9])?")
PROJECT = re.compile(r"(?:[a-z][a-z0-9-]{0,19}/)?[A-Z][A-Z0-9_]+")
OUTSIDE = "*I am not in this channel yet:* type `/invite @connect`, or nothing can arrive."
UNSEEN = "*I am not in this channel:* type `/invite @connect`, then do this again."
NOT_MINE = "I cannot write in this conversation: do this in a channel, or in your messages with me."
FORMS = {"github": "owner/repo, or an owner for all of their repositories", "jira": "a project's key, such as OPS"}


class Seen(NamedTuple):
    """What Slack tells of a channel: whether it is private, a warning if connect is not in it, and a reason to refuse
    if it cannot even be seen, in which case it is not known whether it is private.
    """

    private: bool
    outside: str
    refusal: str = ""


def say(text: str) -> Message:
    """A plain answer."""
    return Message(text, [section(text)])


def events_in(words: Sequence[str]) -> list[str]:
    """The events that words name; what stands behind a colon (`status:Done`) keeps its case."""
    events = [event for word in words for event in word.split(",") if event]
    return [f"{name.lower()}{colon}{value}" for name, colon, value in (event.partition(":") for event in events)]


def subscribe(services: Services, asker: Asker, words: Sequence[str]) -> Message:
    """Subscribe the channel to the project that the words name; the answer says what will come."""
    source = source_of(services.settings, "jira", words[0]) if words else ""
    if not source:
        return say(f"Name {FORMS['jira']}: `/jira subscribe OPS`")
    named = events_in(words[1:])
    wrong = unknown_events("jira", named)
    if wrong:
        return say(_no_event(wrong[0]))
    reason = may_not(services, asker)
    if reason:
        return say(reason)
    private, outside, unseen = seen_channel(services, asker)
    refusal, warning = ("", "") if unseen else _looked_up(services, asker, source, named)
    if unseen or refusal:
        return say(unseen or refusal)
    events, filters = _content(services, asker, source, named)
    wanted = Wanted("jira", source, asker.channel, events, filters, private, asker.user)
    before = services.database.run(lambda connection: _replace(connection, wanted, services.now()))
    said = f":white_check_mark: This channel now hears of *{escape(source)}*: {escape(', '.join(events), 600)}."
    return say(" ".join(filter(None, (said, _instead(before, wanted), warning, outside))))


def _no_event(name: str) -> str:
    possible = (*FEATURES["jira"], "all")
    return f"I do not know `{escape(name)}`.{meant(name, possible, '`{}`')} Choose from: {', '.join(possible)}."


def _looked_up(services: Services, asker: Asker, source: str, named: Sequence[str]) -> tuple[str, str]:
    """A reason to refuse, and a warning to add, of what Jira and its rights say."""
    begun = time.monotonic()
    unheard = may_not_hear(services, asker, source)
    if unheard:
        return escape(unheard), ""
    refusal, warning = look(services, source)
    if refusal or warning:
        return refusal, warning
    found = names.check(services, source, named, {}, begun)
    return escape(" ".join(found.wrong.values())), found.warning


def _replace(connection: Connection, wanted: Wanted, now: datetime) -> Kept | None:
    """Store the subscription; returns the one that it takes the place of."""
    before = subscriptions.find(connection, wanted.source_service, wanted.source, wanted.channel, wanted.name)
    subscriptions.put(connection, wanted, now)
    return before


def _instead(before: Kept | None, wanted: Wanted) -> str:
    """What the channel's earlier subscription was, if it was another."""
    if before is None or (list(before.events) == list(wanted.events) and before.filters == dict(wanted.filters)):
        return ""
    words = [f'"{event}"' if " " in event else event for event in before.events]
    filtered = ", with filters" if before.filters else ""
    command = f"`/jira subscribe {escape(wanted.source)} {escape(' '.join(words), 300)}`"
    return f"Before, it was: {escape(', '.join(before.events), 600)}{filtered}. {command} sets those events again."


def may_not_hear(services: Services, asker: Asker, project: str) -> str:
    """Why a person may not let a channel hear of a project of Jira's (empty: they may)."""
    begun = time.monotonic()
    try:
        entitled(services, asker.user, project, "BROWSE_PROJECTS", urgent=True)
    except NotFound:
        return ""  # whoever looks for the project says so
    except Rejected as refused:
        return str(refused)
    except AdapterError as error:
        otherwise = f"Jira did not tell me whether you may see {project}. Try again in a moment."
        return again(services, "Jira", error, otherwise)
    # There is more to ask, and what is known by now is remembered.
    return "" if time.monotonic() - begun < PATIENCE else "Jira answers slowly just now. Try again in a moment."


def seen_channel(services: Services, asker: Asker) -> Seen:
    """What Slack tells of the channel; where it does not say, it counts as public. One shared with others is never
    private.
    """
    try:
        channel = _channel(services, asker)
    except NotFound:
        unseen = NOT_MINE if asker.channel_id.startswith("D") else UNSEEN
        return Seen(private=False, outside=unseen, refusal=unseen)
    private = channel is not None and is_closed(services, asker.channel, channel)
    outside = channel is not None and not (channel.member or channel.direct)
    return Seen(private, OUTSIDE if outside else "")


def _content(
    services: Services, asker: Asker, source: str, named: Sequence[str]
) -> tuple[Sequence[str], Mapping[str, Any]]:
    """The events and filters; where none are named a paused subscription goes on as it was, a new one has the usual."""
    if named:
        return named, {}
    with services.database.read() as connection:
        kept = subscriptions.of_source(connection, "jira", source)
    found = next((one for one in kept if one.channel == asker.channel and one.paused), None)
    return (found.events, found.filters) if found else (DEFAULTS["jira"], {})


def unsubscribe(services: Services, asker: Asker, words: Sequence[str]) -> Message:
    """End the channel's subscription of a name, or the one that has none."""
    source, name = source_of(services.settings, "jira", words[0]) if words else "", " ".join(words[1:])
    if not source:
        return say(f"Name {FORMS['jira']}: `/jira unsubscribe OPS`")
    reason = may_not(services, asker)
    if reason:
        return say(reason)
    removed = services.database.run(
        lambda connection: subscriptions.remove(connection, "jira", source, asker.channel, name)
    )
    with services.database.read() as connection:
        kept = [one for one in subscriptions.of_source(connection, "jira", source) if one.channel == asker.channel]
    others = ", ".join(escape(one.name) for one in kept if one.name)
    if removed and not kept:
        return say(f"This channel no longer hears of *{escape(source)}*.")
    if removed:
        return say(
            f"That subscription to *{escape(source)}* has ended. There are others: {others or 'one without name'}."
        )
    if others:
        command = f"/jira unsubscribe {escape(source)}"
        return say(
            f"Say which one: {others}. For example `{command} {escape(next(one.name for one in kept if one.name))}`"
        )
    return say(f"This channel has no subscription to *{escape(source)}*. `/jira subscribe list` shows what it has.")


def here(channel: str) -> str:
    """What a place (`team/channel`) is called at the beginning of a sentence."""
    return "This conversation" if channel.rpartition("/")[2].startswith("D") else "This channel"


def mute(services: Services, asker: Asker, kept: Sequence[Kept]) -> str:
    """Of which subscriptions a private channel hears only what is public (empty: of none).

    It is true whether there is more of them or not, and does not tell which.
    """
    names = [
        strong(one.source, 140) for one in kept if one.source_service == "github" and not (one.private or one.paused)
    ]
    if not names or not seen_channel(services, asker).private:
        return ""
    named = ", ".join(dict.fromkeys(names[:10]))
    return (
        f"Of {named} only what is public is told here. `/github subscribe` lets the rest come, typed again by somebody "
        "who may read the repository."
    )


def listed(services: Services, asker: Asker, service: str) -> Message:
    """What the channel hears of."""
    refusal = may_not_look(services, asker)
    if refusal:
        return say(refusal)
    with services.database.read() as connection:
        kept = subscriptions.of_channel(connection, asker.channel, service)
        paused = lanes.pauses(connection, services.now())
    if not kept:
        return say(f"{here(asker.channel)} has no subscriptions. `/{service} subscribe …` adds one.")
    said = say(f"{here(asker.channel)} hears of:\n" + "\n".join(_entry(one) for one in kept[:50]))
    quiet = mute(services, asker, kept)
    return Message(said.text, [*waits(service, paused), *([context(quiet)] if quiet else []), *entries(kept)])


def _entry(kept: Kept) -> str:
    named = f" ({escape(kept.name)})" if kept.name else ""
    entry = f"• *{escape(kept.source)}*{named}: {escape(', '.join(kept.events))}"
    if not kept.paused:
        return entry
    return f"{entry} (paused: {escape(kept.paused)}; {_again(kept)})"


def _again(kept: Kept) -> str:
    """What starts a paused subscription again; where others read the channel, whoever may read it cannot do so."""
    if kept.paused not in HIDING:
        return f"`/{kept.source_service} subscribe {escape(kept.source)}` starts it again"
    return (
        f"`/github resume {escape(kept.source)}` starts it again once the channel is private and not shared, from "
        "somebody who may read it; until then whoever runs connect can, over REST"
    )


def source_of(settings: Settings, service: str, word: str) -> str:
    """The repository or project that a word names (a link to a repository will do); empty if it names none."""
    word = plain(word).strip("\"'")
    if service == "jira":
        resource = resource_of(settings, word.strip("<>").partition("|")[0])
        return resource if PROJECT.fullmatch(resource) else ""
    word = re.sub(r"^https?://[^/]+/", "", address_of(settings, word)).strip("/").removesuffix(".git")
    return word if (REPOSITORY.fullmatch(word) or OWNER.fullmatch(word)) and ".." not in word else ""


def address_of(settings: Settings, word: str) -> str:
    """What somebody wrote, out of Slack's marks; empty for a link to another GitHub than connect's."""
    address = word.strip().strip("<>").partition("|")[0]
    host = urlsplit(address).netloc.lower() if "://" in address else ""
    return "" if host and host.removeprefix("www.") != host_of(settings.github_api_url) else address


def elsewhere(settings: Settings, word: str) -> str:
    """A sentence for whoever gave a link to another GitHub than connect's, or to none; empty if it is no such link."""
    far = "://" in word and not address_of(settings, word)
    return f"That is no link to {host_of(settings.github_api_url)}, the GitHub I work with." if far else ""


def _channel(services: Services, asker: Asker) -> Channel | None:
    if services.urgent.slack is None:
        return None
    try:
        return services.urgent.slack.channel(asker.channel_id)
    except NotFound:
        raise
    except AdapterError:
        return None


def look(services: Services, source: str) -> tuple[str, str]:
    """Look whether the project is there: a reason to refuse, and a warning to add. No answer is no reason."""
    try:
        return _look_jira(services, source)
    except NotFound:
        return "", "I cannot see it myself, so check the name and that Jira sends its webhooks here."
    except AdapterError:
        return "", "I could not reach Jira to check the name."


def _look_jira(services: Services, key: str) -> tuple[str, str]:
    jira, bare = urgent_jira(services, key)
    projects = jira.projects(query=bare)
    if projects and bare not in {project.key for project in projects}:
        return f"Jira has no project {escape(key)}. Did you mean {escape(projects[0].key)}?", ""
    return ("", "") if projects else (f"Jira has no project {escape(key)} that I can see.", "")
