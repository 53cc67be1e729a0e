"""What a subscription to GitHub may tell: whether who asks may read what it reaches, and its channel may hear it.

A private repository is subscribed only by somebody who can read it, in a channel that is private and not shared; with
all of an owner's repositories come the private ones only if all of them are open to who asks. What GitHub does not say
counts as no: such a subscription tells what is public.
"""

import time
from dataclasses import dataclass

from adapters.errors import AdapterError, NotFound, Rejected
from bot.create_screens import PATIENCE
from bot.flows.asker import Asker
from bot.message import escape
from bot.operations.github import github_of
from bot.operations.github_accounts import owns, readable
from bot.services import Services

PUBLIC_ONLY = "Until I know that you may read it, only what is public is told here."


@dataclass(frozen=True)
class Reach:
    """What was found out: a sentence if it is refused, whether private things may be told, what to say besides."""

    refusal: str = ""
    private: bool = False
    warning: str = ""


def reach(services: Services, asker: Asker, source: str, *, private: bool) -> Reach:
    """What a subscription to `source` may tell in the channel of who asks; `private`: whether that is private."""
    if services.urgent.github is None:
        return Reach(warning=f"GitHub is off: set GITHUB_TOKEN, or a GitHub App. {PUBLIC_ONLY}")
    try:
        return (_repository if "/" in source else _owner)(services, asker, source, private=private)
    except NotFound as error:
        if error.code == "not_installed":
            return Reach(warning=f"{escape(error)} {PUBLIC_ONLY}")
        unseen = "I cannot see it myself, so check the name and that GitHub sends its webhooks here."
        return Reach(warning=f"{unseen} {PUBLIC_ONLY}")
    except Rejected as error:
        return Reach(refusal=escape(error))
    except AdapterError:
        return Reach(warning=f"I could not reach GitHub to check the name. {PUBLIC_ONLY}")


def _repository(services: Services, asker: Asker, name: str, *, private: bool) -> Reach:
    begun = time.monotonic()
    if not github_of(services, urgent=True).repository(name).private:
        return Reach(private=private)
    if not private:
        return Reach(
            f"{escape(name)} is private and this channel is not. Subscribe to it in a private channel that is not "
            "shared with other organizations; whoever runs connect can let this one hear of it over REST."
        )
    # Whoever waits for the answer has three seconds: https://docs.slack.dev/interactivity/implementing-slash-commands
    if time.monotonic() - begun > PATIENCE:
        return Reach("GitHub answers slowly just now. Try again in a moment.")
    if readable(services, asker.user, name, urgent=True):
        return Reach(private=True)
    linked = " or `/github login` to link it" if services.signing_in else ""
    return Reach(
        f"{escape(name)} is private, and GitHub does not say that you may read it. Type `/github me` to see which "
        f"account I take for yours{linked}."
    )


def _owner(services: Services, asker: Asker, name: str, *, private: bool) -> Reach:
    begun = time.monotonic()
    try:
        kind = github_of(services, urgent=True).owner_type(name)
    except NotFound:
        return Reach(f"GitHub has no user or organization {escape(name)} that I can see. Check the name.")
    if not private:
        return Reach()
    late = time.monotonic() - begun > PATIENCE
    if not late and owns(services, asker.user, name, organization=kind == "Organization", urgent=True):
        return Reach(private=True)
    return Reach(
        warning=f"Private repositories are left out: only an owner of {escape(name)} may let a channel hear of all of "
        "them. Subscribe to one that you may read by its name."
    )
