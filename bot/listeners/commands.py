"""`/jira`, `/github` and `/connect`. Answers are seen by the person alone, unless they ask to share."""

# Bolt annotates its decorators with bare `Pattern` and `Callable`.
# pyright: reportUnknownMemberType=false

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App

from adapters.github.session import is_repository
from bot.flows import asker as who
from bot.flows.github_naming import in_full, ticket_named
from bot.flows.phrases import parse_creation
from bot.flows.subscribing import say
from bot.listeners import almost, connect_commands, github_commands, github_doing_commands, jira_commands, look_commands
from bot.listeners.help import INSTEAD, ON_GITHUB, help_message, help_of, instead, on_github
from bot.listeners.typed import Typed, split, unescaped
from bot.message import Message
from bot.operations.sites import issue_named
from bot.services import Services


def register(app: App, services: Services) -> None:
    """Listen to the commands of the manifest."""
    for service in ("jira", "github", "connect"):
        app.command(f"/{service}")(_listener(services, service))


def _listener(services: Services, service: str) -> Callable[..., None]:
    def command(ack: Ack, body: dict[str, Any], context: dict[str, Any]) -> None:
        first, rest = split(str(body.get("text") or ""))
        typed = Typed(services, body, who.of_command(body), context["plan"], rest.split(), rest)
        answer = answer_to(service, first, typed)
        if answer is None:
            ack()
        else:
            ack(text=answer.text, blocks=answer.blocks, response_type="ephemeral")

    return command


def answer_to(service: str, first: str, typed: Typed) -> Message | None:
    """What a service's command answers: by its first word, or for an issue's key; else its help."""
    if service == "connect":
        return _answer_connect(first, typed)
    commands = COMMANDS[service]
    if first in commands:
        return commands[first](typed)
    if service == "jira" and (issue := issue_named(typed.services.settings, first)):
        return look_commands.show(typed, issue)
    if service == "github" and (resource := in_full(typed.services, typed.asker.channel, first)):
        return github_doing_commands.show(typed, resource)
    if first == "help":
        return help_of(service, typed.words[0].lower() if typed.words else "", commands)
    if service == "jira" and first in INSTEAD:
        named = typed.words[0] if typed.words else ""
        return instead(first, named if issue_named(typed.services.settings, named) else "")
    if service == "github" and first in ON_GITHUB:
        return on_github(first, in_full(typed.services, typed.asker.channel, typed.words[0]) if typed.words else "")
    sentence = {"jira": almost.jira, "github": almost.github}[service](typed, first)
    return say(sentence) if sentence else help_message(service, first, (*commands, "help"))


def is_command(services: Services, text: str) -> bool:
    """Whether words that were not meant for connect for sure, in a direct message, begin like one of its commands."""
    first, rest = split(text)
    if ticket_named(services.settings, split(rest)[0] if first in github_doing_commands.COMMANDS else text):
        return "://" not in text or bool(rest)
    if first in ("help", "mine", "people"):
        return not rest  # "mine is broken too" asks for nothing
    known = (*COMMANDS, *connect_commands.COMMANDS, *jira_commands.COMMANDS)
    # A link is previewed.
    return first in known or ("://" not in text and bool(issue_named(services.settings, text)))


def _answer_connect(first: str, typed: Typed) -> Message | None:
    """`/connect jira search …` is `/jira search …`; where it is clear, the service's name may be left out."""
    if first in COMMANDS:
        second, rest = split(typed.text)
        return _said_to(first, second, replace(typed, words=rest.split(), text=rest))
    if first in connect_commands.COMMANDS:
        return connect_commands.COMMANDS[first](typed)
    if _is_githubs(first, typed):
        return _said_to("github", first, typed)
    if first in jira_commands.COMMANDS or first in INSTEAD or issue_named(typed.services.settings, first):
        return _said_to("jira", first, typed)
    known = (*connect_commands.COMMANDS, *COMMANDS, *jira_commands.COMMANDS, "help")
    if first == "help":
        return help_of("connect", typed.words[0].lower() if typed.words else "", known)
    sentence = almost.either(typed, first)
    return say(sentence) if sentence else help_message("connect", first, known)


def _is_githubs(first: str, typed: Typed) -> bool:
    """Whether words without a service's name are GitHub's: what both have is told apart by what it is done to."""
    if in_full(typed.services, typed.asker.channel, first):
        return True
    if first not in github_commands.COMMANDS or first == "search":
        return False
    if first == "todo":
        return not typed.text
    if first == "default":
        return is_repository(split(typed.text)[0])
    if first in github_doing_commands.COMMANDS:
        return first not in jira_commands.COMMANDS or bool(
            in_full(typed.services, typed.asker.channel, split(typed.text)[0])
        )
    return "/" in typed.text


def _said_to(service: str, first: str, typed: Typed) -> Message | None:
    """The command with its words as they were typed: what was said in a message, or to `/connect`, comes escaped."""
    if (service, first) == ("jira", "create") and typed.mentioned:
        wanted = parse_creation(f"create {typed.text}")
        if wanted is None or not wanted.text:  # "create a ticket" says nothing of it
            return connect_commands.form_button()
    return answer_to(service, first, replace(typed, text=unescaped(typed.text)))


COMMANDS = {"jira": jira_commands.COMMANDS, "github": github_commands.COMMANDS}
