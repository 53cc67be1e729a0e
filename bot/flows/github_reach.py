"""What a subscription to GitHub may tell: whether who asks may read what it reaches, and its channel may hear it.

A private repository is subscribed only by somebody who can read it, in a channel that is private and not shared; with
all of an owner's repositories come the private ones only if all of them are open to who asks. What GitHub does not say
counts as no: such a subscription tells what is public. Whoever may not read a repository, or is not known, is answered
as if it were not there.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from adapters.errors import AdapterError, NotFound, Rejected
from bot.create_screens import PATIENCE
from bot.flows.asker import Asker
from bot.flows.repositories import PRIVATE
from bot.message import escape
from bot.operations.github import github_of
from bot.operations.github_accounts import owns, readable
from bot.services import Services
from storage.subscriptions import Kept

PUBLIC_ONLY = "Until I know that you may read it, only what is public is told here."
OFF = "GitHub is off here, so nothing of it comes: whoever runs connect has to give me access to it first."
SLOWLY = "GitHub answers slowly just now. Try again in a moment."


@dataclass(frozen=True)
class Reach:
    """What was found out: a sentence if it is refused, whether private things may be told, what to say besides."""

    refusal: str = ""
    private: bool = False
    warning: str = ""
    unseen: str = ""
    """Why it is not known to be there, for a repository that is hidden from who asks as for one that is not there."""


def reach(services: Services, asker: Asker, source: str, *, private: bool) -> Reach:
    """What a subscription to `source` may tell in the channel of who asks; `private`: whether that is private."""
    if services.urgent.github is None:
        return Reach(warning=OFF)
    begun = time.monotonic()
    try:
        return (_repository if "/" in source else _owner)(services, asker, source, begun, private=private)
    except NotFound:
        # Of a private repository more is to be asked; the time that it takes must not tell it from one that is not.
        if late(begun):
            return Reach(SLOWLY)
        unseen = unseen_of(services, [source])
        return Reach(warning=f"{unseen} {PUBLIC_ONLY}", unseen=unseen)
    except Rejected as error:
        return Reach(refusal=escape(error))
    except AdapterError:
        return Reach(warning=f"I could not reach GitHub to check the name. {PUBLIC_ONLY}")


def allowed(kept: Kept) -> bool:
    """Whether an admin said that the channel may hear what is private."""
    return kept.created_by == "api" and kept.private


def for_readers(kept: Kept, found: Reach) -> bool:
    """Whether a subscription is none that who asks may change: it is to what is private, and they cannot read that."""
    return bool(found.unseen) and (kept.private or kept.paused == PRIVATE)


def unseen_of(services: Services, sources: Sequence[str]) -> str:
    """Why it is not known that these are there."""
    linked = "; `/github login` links it" if services.signing_in else ""
    try:
        page = github_of(services, urgent=True).install_page()
    except AdapterError:
        page = ""
    installed = f", that connect's GitHub App is installed there ({escape(page)})" if page else ""
    return (
        f"GitHub does not show {escape(', '.join(sources))} to you and me: check the name, that GitHub sends its "
        f"webhooks here{installed}, and with `/github me` which account I take for yours{linked}."
    )


def late(begun: float) -> bool:
    """Whoever waits has three seconds: https://docs.slack.dev/interactivity/implementing-slash-commands."""
    return time.monotonic() - begun > PATIENCE


def _repository(services: Services, asker: Asker, name: str, begun: float, *, private: bool) -> Reach:
    if not github_of(services, urgent=True).repository(name).private:
        return Reach(private=private)
    if late(begun):
        return Reach(SLOWLY)
    if not _may_read(services, asker, name):
        raise NotFound(name, "404")
    if private:
        return Reach(private=True)
    return Reach(
        f"{escape(name)} is private and this channel is not. Subscribe to it in a private channel that is not "
        "shared with other organizations; whoever runs connect can let this one hear of it."
    )


def _may_read(services: Services, asker: Asker, name: str) -> bool:
    """No, where GitHub does not say: any other answer would tell that there is such a private repository."""
    try:
        return readable(services, asker.user, name, urgent=True)
    except AdapterError:
        return False


def _owner(services: Services, asker: Asker, name: str, begun: float, *, private: bool) -> Reach:
    try:
        kind = github_of(services, urgent=True).owner_type(name)
    except NotFound:
        return Reach(f"GitHub has no user or organization {escape(name)} that I can see. Check the name.")
    if not private:
        return Reach()
    if not late(begun) and owns(services, asker.user, name, organization=kind == "Organization", urgent=True):
        return Reach(private=True)
    return Reach(
        warning=f"Private repositories are left out: only an owner of {escape(name)} may let a channel hear of all of "
        "them. Subscribe to one that you may read by its name."
    )
