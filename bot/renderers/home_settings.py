"""What a person's home shows of what connect keeps of them: who they are elsewhere, and what it tells them of. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.message import BlockDict, actions, button, context, escape, section, strong, truncate
from bot.renderers import github_notices, notices

NOTICES, PREVIEWS, GITHUB_NOTICES, MENTIONS = (
    "home_notices", "home_previews", "home_github_notices", "home_github_mentions",
)  # fmt: skip
LOGIN, LOGOUT, CLAIM, GITHUB_LOGIN, GITHUB_LOGOUT = (
    "home_login", "home_logout", "home_claim", "home_github_login", "home_github_logout",
)  # fmt: skip
OF_GITHUB = "github"
"""The value of the box for previews of GitHub; that of Jira's is `on`."""
_MENTION = "Really mention me in channels when somebody mentions me on GitHub"

_QUIET = ":zzz: Not from {from} to {to} ({timezone}): `/{command} notify quiet off` ends that."


@dataclass(frozen=True)
class Kept:
    """What connect keeps of a person: see `bot.operations.home.kept_of`."""

    accounts: Sequence[Sequence[str]] = ()
    notices: Sequence[str] = ()
    previews: bool = True
    linking: bool = False
    linked: str = ""
    github: Sequence[str] = ()
    """Their login on GitHub (or nothing) and how it was found; empty if GitHub is off."""
    github_notices: Sequence[str] = ()
    github_linking: bool = False
    github_linked: bool = False
    mentions: bool = False
    """Whether a mention of them on GitHub becomes one in Slack."""
    github_previews: bool = True
    quiet: Mapping[str, str] = field(default_factory=dict[str, str])
    """When they want no notices: `from`, `to` and `timezone`; empty if there is no such time."""


def accounts(kept: Kept) -> list[BlockDict]:
    """Who they are in each Jira and on GitHub, with buttons to say so."""
    lines = [_account(site, name, how) for site, name, how in kept.accounts]
    if kept.linked:
        lines.append(f"What you do from Slack appears in Jira under your own name: {strong(kept.linked)} is linked.")
    elif kept.linking:
        lines.append("I act for you by my own account and name you in the text, until you link yours.")
    known = any(name for _, name, _ in kept.accounts)
    signing = button("Unlink my Jira account", LOGOUT) if kept.linked else button("Link my Jira account", LOGIN)
    claim = button("It is another account" if known else "Say which one is mine", CLAIM)
    return [
        section("\n".join(["*My accounts*", *lines])),
        *_on_github(kept),
        actions(*([signing] if kept.linking else []), claim, *_signing_in(kept)),
    ]


def _account(site: str, name: str, how: str) -> str:
    where = f"Jira ({escape(site)})" if site else "Jira"
    return f"In {where} you are {strong(name, 100)} ({how})." if name else f"In {where} I do not know your account."


def _on_github(kept: Kept) -> list[BlockDict]:
    if not kept.github:
        return []
    name, how = kept.github
    said = f"On GitHub you are {strong(name, 100)} ({how})." if name else "On GitHub I do not know your account."
    return [section(said)]


def _signing_in(kept: Kept) -> list[BlockDict]:
    if not kept.github or not kept.github_linking:
        return []
    if kept.github_linked:
        return [button("Unlink my GitHub account", GITHUB_LOGOUT)]
    return [button("Link my GitHub account", GITHUB_LOGIN)]


def notices_of(kept: Kept, version: str) -> list[BlockDict]:
    """What they are told of, to be ticked; another `version` is another state of the boxes."""
    shown = [
        section("*My notices*\nI write to you in a direct message when"),
        *([context(_QUIET.format(**kept.quiet, command="github" if kept.github else "jira"))] if kept.quiet else []),
        _checked(NOTICES, _kinds(notices.KINDS), kept.notices, version),
        _previews(kept, version),
    ]
    if not kept.github:
        return shown
    return [
        *shown,
        section("On GitHub, when"),
        _checked(GITHUB_NOTICES, _kinds(github_notices.KINDS), kept.github_notices, version),
        _checked(MENTIONS, [option(_MENTION, "on")], ["on"] if kept.mentions else [], version),
    ]


def _previews(kept: Kept, version: str) -> BlockDict:
    offered = [
        (option("Preview the Jira issues that I share", "on"), kept.previews),
        *([(option("Preview what I share of GitHub", OF_GITHUB), kept.github_previews)] if kept.github else []),
    ]
    return _checked(PREVIEWS, [each for each, _ in offered], [each["value"] for each, on in offered if on], version)


def _kinds(kinds: dict[str, str]) -> list[BlockDict]:
    return [option(f"{what[0].upper()}{what[1:]}", kind) for kind, what in kinds.items()]


def _checked(action: str, options: list[BlockDict], chosen: Sequence[str], version: str) -> BlockDict:
    ticked = [option for option in options if option["value"] in chosen]
    element = {"type": "checkboxes", "action_id": action, "options": options}
    element |= {"initial_options": ticked} if ticked else {}
    # Slack keeps what was ticked in a block of the same name, whatever a new view says.
    return actions(element) | {"block_id": named(action, f"{','.join(chosen)}:{version}")}


def named(name: str, content: str) -> str:
    """A block's name that is another for another content."""
    return f"{name}:{content}"[:255]


def option(shown: str, value: str) -> BlockDict:
    """One of several things to choose from."""
    return {"text": plain(truncate(shown, 75)), "value": value}


def plain(words: str) -> BlockDict:
    """Words as a view shows them where it takes no markup."""
    return {"type": "plain_text", "text": words}
