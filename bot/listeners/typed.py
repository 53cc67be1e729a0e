"""What somebody typed after a command's name, and the functions that answer to its first word."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from string import whitespace
from typing import Any

from bot.flows.asker import Asker
from bot.flows.away import wait_for
from bot.flows.plan import Plan
from bot.message import Message, escape, section
from bot.payload import text
from bot.services import Services
from bot.spelling import INVISIBLE
from storage.integrations import NewIntegration

# With or without a name, as Slack writes a person where it escapes them; elsewhere it is `@name`, as it was typed.
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_REFERENCE = re.compile(r"<([^<>|\s]+)(?:\|([^<>]*))?>")


@dataclass(frozen=True)
class Typed:
    """A command as it was typed: `words` and `text` are what stands behind its first word."""

    services: Services
    body: Mapping[str, Any]
    asker: Asker
    plan: Plan
    words: list[str]
    text: str
    thread: str = ""
    """The thread (`team/channel/ts`) it was said in, by a mention; a command's own thread Slack does not tell."""
    place: str = ""
    """The message (`team/channel/ts`) it was said by, if it was a mention."""

    @property
    def trigger_id(self) -> str:
        """What opens a form, for three seconds."""
        return text(self.body, "trigger_id")

    @property
    def mentioned(self) -> bool:
        """Whether it was said to connect instead of typed as a command: then nothing can be opened on a screen."""
        return not self.trigger_id

    @property
    def command(self) -> str:
        """How the person may type a command of Jira's: with what they typed now."""
        if self.mentioned:
            return "@connect"
        return "/connect jira" if self.body.get("command") == "/connect" else "/jira"

    @property
    def asked(self) -> dict[str, Any]:
        """Who asks, and where the answer goes: what the payload of a row needs for that."""
        return {
            "requester": self.asker.user, "channel": self.asker.channel, "team": self.asker.team, "thread": self.thread,
            "response_url": self.body.get("response_url") or "",
        }  # fmt: skip


type Command = Callable[[Typed], Message | None]
"""Answers a command; None if nothing is to be said, since a form is open, say."""


def whom(typed: Typed, said: str, name: str) -> dict[str, str]:
    """Who is meant: somebody in Slack, whoever asks, or, as `name`, somebody who is called so elsewhere."""
    mention = _MENTION.fullmatch(" ".join(typed.words[1:]))
    if mention:
        return {"person": f"{typed.asker.team}/{mention[1]}"}
    return {"me": "yes"} if said.casefold() in ("me", "@me", "myself") else {name: said}


type Flow = Callable[[Services, Asker, str], Message]
"""A flow that answers to what stands behind a command's first word."""


def by_text(flow: Flow) -> Command:
    """A command that is a flow."""
    return lambda typed: flow(typed.services, typed.asker, typed.text)


def split(text: str) -> tuple[str, str]:
    """The first word, in lower case unless it is an address, and what stands behind it."""
    first, *rest = text.strip(f"{whitespace}{INVISIBLE}").split(maxsplit=1) or [""]
    return first if "://" in first else first.lower(), rest[0].strip() if rest else ""


def unescaped(text: str) -> str:
    """The words of a message or of an escaped command as they were typed: names for ids, and no entities.

    https://docs.slack.dev/interactivity/implementing-slash-commands#escaping
    """
    words = _REFERENCE.sub(lambda found: _shown(found[1], found[2] or ""), text)
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _shown(what: str, label: str) -> str:
    if what[0] in "@#!":
        sign = "#" if what[0] == "#" else "@"
        return sign + (label or what[1:].partition("^")[0]).lstrip("@#")
    return what.removeprefix("mailto:")


def nothing_more(typed: Typed, command: str) -> Message:
    """What is said of words behind a command of GitHub's that takes none."""
    said = f"I do not know `{escape(typed.text, 50)}` there: `/github {command}` takes nothing more. " + (
        "`/github help` shows what there is.")  # fmt: skip
    return Message(said, [section(said)])


def github_off(services: Services) -> str:
    """Why nothing can be done on GitHub (empty: it can)."""
    return "" if services.github else "GitHub is not connected yet: whoever runs connect has to give me access to it."


def jira_off(services: Services) -> str:
    """Why nothing can be done in Jira (empty: it can)."""
    return "" if services.jira else "Jira is not connected yet: JIRA_BASE_URL and JIRA_API_TOKEN have to be set."


def if_waiting(typed: Typed, wanted: NewIntegration) -> Message | None:
    """Ask for something whose answer comes by itself; what there is to say at once, if that takes a while."""
    typed.plan.add(wanted)
    wait = wait_for(typed.services, typed.plan, wanted)
    return Message(wait.kept(), [section(wait.kept())]) if wait else None
