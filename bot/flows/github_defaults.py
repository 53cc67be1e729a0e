"""The repository in which issues of a channel are opened, where nobody names another."""

import time
from typing import Any

from adapters.errors import AdapterError, NotFound, Rejected
from adapters.github.session import is_repository
from bot.flows.asker import Asker, may_not
from bot.flows.away import again
from bot.flows.github_reach import SLOWLY, late
from bot.flows.subscribing import elsewhere, say, seen_channel
from bot.message import Message, escape, strong
from bot.operations.github import github_of
from bot.operations.github_accounts import readable
from bot.services import Services
from storage import preferences, subscriptions

PREFERENCE = "github_default"
"""Of the channel: `{"repository": "acme/web"}`."""
USAGE = "`/github default owner/repo` sets it, `/github default clear` forgets it."
NONE = "This channel has no repository of its own for new issues."


def chosen_by(services: Services, channel: str) -> str:
    """The repository that a channel (`team/channel`) itself has chosen; empty if none."""
    if not channel:
        return ""
    with services.database.read() as connection:
        kept: dict[str, Any] = preferences.get(connection, channel, PREFERENCE) or {}
    return str(kept.get("repository") or "")


def for_channel(services: Services, channel: str) -> str:
    """The repository that is meant in a channel: the one it has chosen, or the only one it is subscribed to."""
    chosen = chosen_by(services, channel)
    if chosen or not channel:
        return chosen
    known = heard_of(services, channel)
    return known[0] if len(known) == 1 else ""


def heard_of(services: Services, channel: str) -> list[str]:
    """The repositories to which a channel is subscribed."""
    with services.database.read() as connection:
        kept = subscriptions.of_channel(connection, channel, "github")
    return list(dict.fromkeys(one.source for one in kept if is_repository(one.source)))


def choose(services: Services, asker: Asker, text: str) -> Message:
    """`default`: show, set or clear the repository of a channel's new issues; the answer is a sentence."""
    refusal = may_not(services, asker)
    if refusal:
        return say(refusal)
    if not text:
        return say(_shown(services, asker.channel))
    if text.lower() == "clear":
        had = services.database.run(lambda connection: preferences.remove(connection, asker.channel, PREFERENCE))
        return say("This channel has no repository of its own for new issues any more." if had else NONE)
    try:
        repository, problem = _checked(services, asker, text)
    except Rejected as error:
        return say(escape(error))
    except AdapterError as error:
        silent = "GitHub did not answer, so I could not check this, and nothing has changed. Try again in a moment."
        return say(again(services, "GitHub", error, silent))
    if problem:
        return say(problem)
    value, now = {"repository": repository}, services.now()
    services.database.run(lambda connection: preferences.put(connection, asker.channel, PREFERENCE, value, now))
    return say(f":white_check_mark: New issues from this channel go to {strong(repository, 140)}.")


def _shown(services: Services, channel: str) -> str:
    chosen, meant = chosen_by(services, channel), for_channel(services, channel)
    if chosen:
        return f"New issues from this channel go to {strong(chosen, 140)}. {USAGE}"
    subscribed = f" They go to {strong(meant, 140)}, the one that it is subscribed to." if meant else ""
    return f"{NONE}{subscribed} {USAGE}"


def _checked(services: Services, asker: Asker, name: str) -> tuple[str, str]:
    """The repository in its own spelling, or why it cannot be one; raises an `AdapterError` if GitHub is silent."""
    if not is_repository(name):
        return "", escape(elsewhere(services.settings, name)) or f"Name a repository. {USAGE}"
    unseen, begun = f"GitHub has no repository {escape(name, 140)} that you and I can see.", time.monotonic()
    try:
        there = github_of(services, urgent=True).repository(name)
        if there.private and (late(begun) or not readable(services, asker.user, name, urgent=True)):
            return "", SLOWLY if late(begun) else unseen
    except NotFound:
        return "", SLOWLY if late(begun) else unseen
    seen = seen_channel(services, asker) if there.private else None
    if seen and not seen.private:
        return (
            "",
            seen.refusal
            or f"{escape(there.full_name, 140)} is private, and this channel is not, so it cannot be its default.",
        )
    if there.archived:
        return "", f"{escape(there.full_name, 140)} is archived: nothing new can be opened in it."
    return there.full_name, ""
